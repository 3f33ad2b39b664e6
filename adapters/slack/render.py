"""Out: message → blocks, form → modal, suggestions → options. The SDK's models check each; all is within Slack's limits.

Pure. Messages and their blocks are drawn once and remembered, as a thousand people who press in a second are told nearly the
same, and checking a block costs more than all else that a press does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from slack_sdk.models.blocks import (
    ActionsBlock,
    ButtonElement,
    ContextBlock,
    HeaderBlock,
    ImageBlock,
    RichTextBlock,
    StaticSelectElement,
)
from slack_sdk.models.blocks import Block as SlackBlock
from slack_sdk.models.blocks.basic_components import SlackFile
from slack_sdk.models.views import View

from adapters.slack import context, ids, limits, menus, rich_text, speech, table
from adapters.slack.context import plain
from adapters.slack.forms import to_modal
from adapters.slack.menus import to_options
from adapters.slack.rich_text import Json
from bot.events import legible
from bot.messages import (
    Button,
    Buttons,
    Fields,
    File,
    Heading,
    Message,
    Picture,
    Run,
    Select,
    Style,
    Table,
    Text,
    bold,
    clip,
)
from bot.messages import plain as words

__all__ = ["Drawing", "Part", "Upload", "to_blocks", "to_home", "to_modal", "to_options"]


@dataclass(frozen=True, slots=True)
class Part:
    """A block, and the same as it goes over the wire. Both are shared by messages: nobody may change them."""

    block: SlackBlock
    json: Json


@dataclass(frozen=True, slots=True)
class Upload:
    """A picture to send before the message. `at`: which of the blocks shows it; till then its words stand there."""

    at: int
    name: str
    content: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A message for Slack. `text` is for notifications and screen readers, which read nothing else."""

    parts: tuple[Part, ...]
    text: str
    uploads: tuple[Upload, ...] = ()

    @property
    def blocks(self) -> tuple[SlackBlock, ...]:
        return tuple(part.block for part in self.parts)

    def payload(self, files: Mapping[int, str] | None = None) -> list[Json]:
        """The blocks as JSON. `files`: the ids of uploaded pictures by their `at`; of the others the words are shown."""
        shown = [part.json for part in self.parts]
        for upload in self.uploads:
            if files and (file := files.get(upload.at)) is not None:
                shown[upload.at] = ImageBlock(alt_text=upload.alt, slack_file=SlackFile(id=file)).to_dict()
        return shown


def to_blocks(message: Message) -> Drawing:
    """The message. Its first table is a table; a tone is said by its words alone."""
    if any(isinstance(block, Picture) for block in message.blocks):  # too large to be kept
        return _draw(message, limits.TABLES)
    return _kept(message)


def to_home(message: Message, private_metadata: str = "") -> View:
    """The message as somebody's home tab, which takes no tables; of pictures it shows the words."""
    return View(type="home", private_metadata=private_metadata, blocks=_draw(message, tables=0).blocks)


# ---------------------------------------------------------------- inside


@lru_cache(maxsize=512)
def _kept(message: Message) -> Drawing:
    return _draw(message, limits.TABLES)


def _draw(message: Message, tables: int) -> Drawing:
    parts: list[Part] = []
    uploads: list[Upload] = []
    taken: set[str] = set()
    noted = _fits(message)
    for block in message.blocks:
        part: Part | None
        match block:
            case Buttons():
                part = _row(block, tuple(ids.unique(button.action, taken) for button in block.buttons))
            case Select():
                part = _menu(block, ids.unique(block.action, taken), noted)
            case Picture():
                part = _quiet(block.alt)
                ending = "png" if block.media_type == "image/png" else "jpg"
                name = f"picture-{len(uploads) + 1}.{ending}"
                uploads.append(Upload(len(parts), name, block.content, clip(legible(block.alt), limits.ALT)))
            case File():
                part = _quiet(block.name)
            case Table() if tables and block.text.strip():
                part, tables = _table(block), tables - 1
            case _:
                part = _words(block)
        if part is not None:
            parts.append(part)
    return Drawing(tuple(parts) or (_quiet("…"),), speech.to_text(message), tuple(uploads))


def _fits(message: Message) -> bool:
    """Whether a message has room for the notes of its menus. ValueError when it has none even without them."""
    lists = [block for block in message.blocks if isinstance(block, Select)]
    labels = [button.label for block in message.blocks if isinstance(block, Buttons) for button in block.buttons]
    labels += [label for menu in lists for label in (menu.placeholder, *(each.label for each in menu.options))]
    size = sum(len(block.text) for block in message.blocks) + sum(map(len, labels))
    if size > limits.TOTAL:
        raise ValueError(f"{size} characters in a message and its menus are more than Slack’s {limits.TOTAL}")
    return size + sum(len(each.note) for menu in lists for each in menu.options) <= limits.TOTAL


def _checked(block: SlackBlock) -> Part:
    return Part(block, block.to_dict())


@lru_cache(maxsize=2048)
def _words(block: Heading | Text | Fields | Table) -> Part | None:
    """A block of text; None when nothing of it can be seen."""
    if not block.text.strip():
        return None
    if isinstance(block, Heading):
        return _checked(HeaderBlock(text=plain(clip(" ".join(legible(block.text).split()), limits.HEADER))))
    runs = _runs(block)
    if isinstance(block, Text) and block.quiet and (elements := context.to_elements(runs)) is not None:
        return _checked(ContextBlock(elements=elements))
    return _checked(RichTextBlock(elements=rich_text.to_elements(runs)))


def _runs(block: Text | Fields | Table) -> Sequence[Run]:
    match block:
        case Text():
            return block.runs
        case Table():
            return table.runs(block)
        case Fields():
            lines = [
                (bold(name), words(f"  {value}" + "\n" * (at < len(block.pairs))))
                for at, (name, value) in enumerate(block.pairs, 1)
            ]
            return [run for line in lines for run in line]


@lru_cache(maxsize=256)
def _table(block: Table) -> Part:
    return _checked(table.to_block(block))


@lru_cache(maxsize=256)
def _quiet(text: str) -> Part:
    return _checked(ContextBlock(elements=[plain(legible(text).strip() or "…")]))


@lru_cache(maxsize=2048)
def _row(block: Buttons, action_ids: tuple[str, ...]) -> Part:
    buttons = [_button(button, action_id) for button, action_id in zip(block.buttons, action_ids, strict=True)]
    return _checked(ActionsBlock(elements=buttons))


def _button(button: Button, action_id: str) -> ButtonElement:
    return ButtonElement(
        text=plain(menus.line(button.label, limits.BUTTON)),
        action_id=action_id,
        value=str(button.action),
        style=None if button.style is Style.PLAIN else button.style.value,
        accessibility_label=_spoken(button),
    )


def _spoken(button: Button) -> str | None:
    """What a screen reader says: the label first, as people who speak to their computer say that."""
    if not button.hint.strip():
        return None
    said = button.hint if button.hint.startswith(button.label) else f"{button.label}: {button.hint}"
    return menus.line(said, limits.BUTTON)


@lru_cache(maxsize=1024)
def _menu(block: Select, action_id: str, noted: bool) -> Part | None:
    """The menu; None when Slack can carry none of its values."""
    options = menus.options(block.options if noted else [replace(each, note="") for each in block.options])
    if not options:
        return None
    placeholder = plain(menus.line(block.placeholder, limits.PLACEHOLDER))
    menu = StaticSelectElement(placeholder=placeholder, action_id=action_id, options=options)
    return _checked(ActionsBlock(elements=[menu]))
