"""Out: message → components, form → modal, suggestions → choices. Plain data, within Discord's limits. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from adapters.discord import limits, markdown, table
from bot.messages import (
    Block,
    Button,
    Buttons,
    Choice,
    Choices,
    Fields,
    File,
    Form,
    Heading,
    Input,
    Message,
    Picture,
    Run,
    Select,
    SelectInput,
    Style,
    Table,
    Text,
    TextInput,
    Tone,
    bold,
    clip,
    plain,
)

Component: TypeAlias = dict[str, Any]

ACTION_ROW, BUTTON, STRING_SELECT, TEXT_INPUT, TEXT_DISPLAY, MEDIA_GALLERY, FILE, CONTAINER, LABEL = (
    1,
    2,
    3,
    4,
    10,
    12,
    13,
    17,
    18,
)
"""Types of components."""

COLOURS: Mapping[Tone, int] = {Tone.GOOD: 0x2E9E6B, Tone.PARTLY: 0xD9A21B, Tone.BAD: 0xC8443C}
STYLES: Mapping[Style, int] = {Style.PRIMARY: 1, Style.PLAIN: 2, Style.DANGER: 4}

_LEAST = 60
"""Characters that are left of a text however little room there is: 35 blocks of them fit in a message."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Components, and what goes along: pictures, which they name as `attachment://picture-1.png` and so on, and files."""

    components: tuple[Component, ...]
    attached: tuple[tuple[str, Picture | File], ...] = ()


def to_components(message: Message, marks: Sequence[int] = ()) -> Drawing:
    """The message in a container. `marks` are ids for the container and for its first part, by which it is known again."""
    words = _words(message.blocks)
    attached: list[tuple[str, Picture | File]] = []
    parts: list[Component] = []
    taken: set[str] = set()
    for at, block in enumerate(message.blocks):
        if (text := words.get(at)) is not None:
            parts.append({"type": TEXT_DISPLAY, "content": text})
        elif isinstance(block, Picture):
            name = f"picture-{len(attached) + 1}.{'png' if block.media_type == 'image/png' else 'jpg'}"
            attached.append((name, block))
            parts.append({"type": MEDIA_GALLERY, "items": [_media(name, block)]})
        elif isinstance(block, File):
            attached.append((block.name, block))
            parts.append({"type": FILE, "file": {"url": f"attachment://{block.name}"}})
        elif isinstance(block, Buttons):
            parts.append(_row(_button(each, taken) for each in block.buttons))
        elif isinstance(block, Select):
            parts.append(_row([_menu(block, taken)]))
    container: Component = {"type": CONTAINER, "components": parts or [{"type": TEXT_DISPLAY, "content": "…"}]}
    if (colour := COLOURS.get(message.tone)) is not None:
        container["accent_color"] = colour
    for mark, component in zip(marks, (container, container["components"][0]), strict=False):
        component["id"] = mark
    return Drawing((container,), tuple(attached))


def to_modal(form: Form) -> dict[str, Any]:
    """The form as a modal; its button is Discord's own."""
    parts: list[Component] = []
    if form.intro.strip():
        parts.append({"type": TEXT_DISPLAY, "content": markdown.paragraphs((plain(form.intro),), limits.TEXT)})
    parts += [
        {"type": LABEL, "label": clip(each.label, limits.MODAL_TITLE), "component": _input(each)}
        for each in form.inputs
    ]
    return {"custom_id": str(form.action), "title": clip(form.title, limits.MODAL_TITLE), "components": parts}


def to_choices(choices: Choices) -> list[dict[str, Any]]:
    """Suggestions for an option. A value that Discord can't carry can't be suggested."""
    return [
        {"name": clip(_noted(choice), limits.CHOICE), "value": choice.value}
        for choice in choices.choices
        if not isinstance(choice.value, str) or 0 < len(choice.value) <= limits.CHOICE
    ][: limits.CHOICES]


# ---------------------------------------------------------------- words


def _words(blocks: Sequence[Block]) -> dict[int, str]:
    """The markdown of each block that is text, together no longer than a message can be: the longest are cut first."""
    runs = {at: _runs(block) for at, block in enumerate(blocks)}
    drawn: dict[int, str] = {}
    for at, each in runs.items():
        if each is not None and (text := _draw(blocks[at], each, limits.TEXT)).strip():
            drawn[at] = text
    while (over := sum(map(len, drawn.values())) - limits.TEXT) > 0:
        at = max(drawn, key=lambda each: len(drawn[each]))
        drawn[at] = _draw(blocks[at], runs[at] or (), max(_LEAST, len(drawn[at]) - over))
    return drawn


def _runs(block: Block) -> tuple[Run, ...] | None:
    match block:
        case Heading():
            return (plain(block.text),)
        case Text():
            return block.runs
        case Fields():
            pairs = [(bold(name), plain(f"  {value}\n")) for name, value in block.pairs]
            return tuple(run for pair in pairs for run in pair)
        case Table():
            return table.runs(block)
        case _:
            return None


def _draw(block: Block, runs: tuple[Run, ...], most: int) -> str:
    if isinstance(block, Heading):
        return markdown.heading(block.text, most)
    return markdown.paragraphs(runs, most, quiet=isinstance(block, Text) and block.quiet)


# ---------------------------------------------------------------- parts


def _row(parts: Iterable[Component]) -> Component:
    return {"type": ACTION_ROW, "components": list(parts)}


def _media(name: str, picture: Picture) -> Component:
    return {"media": {"url": f"attachment://{name}"}, "description": picture.alt}


def _button(button: Button, taken: set[str]) -> Component:
    return {
        "type": BUTTON,
        "style": STYLES[button.style],
        "label": clip(button.label, limits.LABEL),
        "custom_id": _custom_id(str(button.action), taken),
    }


def _menu(select: Select, taken: set[str]) -> Component:
    return {
        "type": STRING_SELECT,
        "custom_id": _custom_id(str(select.action), taken),
        "placeholder": clip(select.placeholder, limits.PLACEHOLDER),
        "options": _options(select.options),
    }


def _custom_id(action: str, taken: set[str]) -> str:
    """The action, and where a message offers it twice a number after `#`, as Discord wants each id once."""
    custom_id = next(
        each for n in range(limits.COMPONENTS + 1) if (each := f"{action}#{n}" if n else action) not in taken
    )
    taken.add(custom_id)
    return custom_id


def _options(choices: Sequence[Choice], chosen: str | None = None) -> list[Component]:
    options: list[Component] = []
    for choice in choices:
        option: Component = {"label": choice.label, "value": str(choice.value)}
        if choice.note:
            option["description"] = clip(choice.note, limits.OPTION)
        if chosen is not None and chosen == option["value"]:
            option["default"] = True
        options.append(option)
    return options


def _input(field: Input) -> Component:
    match field:
        case TextInput():
            return {
                "type": TEXT_INPUT,
                "custom_id": field.name,
                "style": 2 if field.long else 1,
                "max_length": min(field.most, limits.WRITTEN),
                "required": field.required,
                **({"placeholder": field.placeholder} if field.placeholder else {}),
                **({"value": clip(field.value, limits.WRITTEN)} if field.value else {}),
            }
        case SelectInput():
            return {
                "type": STRING_SELECT,
                "custom_id": field.name,
                "options": _options(field.options, field.chosen),
                "required": True,
            }


def _noted(choice: Choice) -> str:
    return f"{choice.label} · {choice.note}" if choice.note else choice.label
