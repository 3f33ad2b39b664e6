"""Block Kit's blocks, and which surface takes which. Source: Reference, Blocks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.emulators.slack import limits, richtext
from tests.emulators.slack.elements import ACCESSORIES, ACTIONS, IMAGE, INPUTS
from tests.emulators.slack.errors import Json
from tests.emulators.slack.form import (
    HOME,
    MESSAGE,
    MODAL,
    Check,
    Form,
    Path,
    all_of,
    array,
    boolean,
    mapping,
    one_of,
    string,
    tag,
    tagged,
)
from tests.emulators.slack.objects import MRKDWN, PLAIN, picture, plain, shown_file, text


def _block_id(form: Form, path: Path, value: Any) -> None:
    string(1, 255)(form, path, value)
    if isinstance(value, str):
        if value in form.block_ids:
            form.fault(path, f"`block_id` already exists for another block: {value}")
        form.block_ids.add(value)


_base: dict[str, Check] = {"type": tag, "block_id": _block_id}


def _section(form: Form, path: Path, value: Any) -> None:
    if not value.get("text") and not value.get("fields"):
        form.fault(path, "must provide text or fields")


def _markdown(form: Form, path: Path, value: Any) -> None:
    string(1, limits.MARKDOWN)(form, path, value)
    form.markdown += len(value) if isinstance(value, str) else 0


def _cell_text(form: Form, path: Path, value: Any) -> None:
    string(1, limits.TABLE_TEXT)(form, path, value)
    form.text += len(value) if isinstance(value, str) else 0


_raw_text = mapping({"type": tag, "text": _cell_text}, ["text"])
_cell = tagged({"raw_text": _raw_text, "rich_text": richtext.CELL})
_column = mapping({"align": one_of("left", "center", "right"), "is_wrapped": boolean})


def _table(form: Form, path: Path, value: Any) -> None:
    before = form.text
    array(array(_cell, 1, 20), 1, 100)(form, path, value)
    if form.text - before > limits.TABLE_TEXT:
        form.fault(path, f"must be less than {limits.TABLE_TEXT + 1} characters")
    form.tables += 1


_shown = tagged({"image": IMAGE, **{kind: text(limits.CONTEXT_TEXT, kind) for kind in (PLAIN, MRKDWN)}})
_column_settings = array(lambda form, path, value: None if value is None else _column(form, path, value), 0, 20)
"""`null` leaves a column as it is."""

COMMON: dict[str, Check] = {
    "actions": mapping({**_base, "elements": array(tagged(ACTIONS), 1, 25)}, ["elements"]),
    "context": mapping({**_base, "elements": array(_shown, 1, 10)}, ["elements"]),
    "divider": mapping(_base),
    "header": mapping({**_base, "text": plain(150)}, ["text"]),
    "image": all_of(
        mapping(
            {
                **_base,
                "image_url": string(1, 3000),
                "slack_file": shown_file,
                "alt_text": string(1, 2000),
                "title": plain(2000),
            },
            ["alt_text"],
        ),
        picture,
    ),
    "input": mapping(
        {
            **_base,
            "label": plain(2000),
            "element": tagged(INPUTS),
            "dispatch_action": boolean,
            "hint": plain(2000),
            "optional": boolean,
        },
        ["label", "element"],
    ),
    "rich_text": mapping({**_base, "elements": richtext.ELEMENTS}, ["elements"]),
    "section": all_of(
        mapping(
            {
                **_base,
                "text": text(3000),
                "fields": array(text(2000), 1, 10),
                "accessory": tagged(ACCESSORIES),
                "expand": boolean,
            }
        ),
        _section,
    ),
}
BLOCKS: dict[str, dict[str, Check]] = {
    MESSAGE: {
        **COMMON,
        "markdown": mapping({**_base, "text": _markdown}, ["text"]),
        "table": mapping({**_base, "rows": _table, "column_settings": _column_settings}, ["rows"]),
    },
    MODAL: COMMON,
    HOME: COMMON,
}
_CHECKS = {
    MESSAGE: array(tagged(BLOCKS[MESSAGE]), 0, limits.MESSAGE_BLOCKS),
    MODAL: array(tagged(BLOCKS[MODAL]), 1, limits.VIEW_BLOCKS),
    HOME: array(tagged(BLOCKS[HOME]), 1, limits.VIEW_BLOCKS),
}


def check(form: Form, path: Path, value: Any) -> None:
    """Every rule for the blocks of the form's surface."""
    _CHECKS[form.surface](form, path, value)
    if form.markdown > limits.MARKDOWN:
        form.fault(path, f"markdown blocks must be less than {limits.MARKDOWN + 1} characters together")


def named(blocks: list[Json], number: Callable[[], str]) -> list[Json]:
    """The blocks as Slack keeps and sends them: with every id, and the defaults of texts."""
    return [_named(one, number) for one in blocks]


def _named(block: Json, number: Callable[[], str]) -> Json:
    kept: Json = _kept(block)
    kept.setdefault("block_id", number())
    for element in acting(kept):
        element.setdefault("action_id", number())
    return kept


def _kept(value: Any) -> Any:
    if isinstance(value, list):
        return [_kept(one) for one in value]
    if not isinstance(value, dict):
        return value
    kept = {name: _kept(one) for name, one in value.items()}
    if kept.get("type") == "plain_text":
        kept.setdefault("emoji", True)
    elif kept.get("type") == "mrkdwn":
        kept.setdefault("verbatim", False)
    return kept


def acting(block: Json) -> list[Json]:
    """The elements of a block that a person can use."""
    inside = [*block.get("elements", []), block.get("accessory"), block.get("element")]
    return [one for one in inside if isinstance(one, dict) and one.get("type") in (ACTIONS.keys() | INPUTS.keys())]
