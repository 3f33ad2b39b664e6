"""The structure of a rich_text block. Source: Reference, Rich text block."""

from __future__ import annotations

from typing import Any

from tests.emulators.slack.form import (
    Check,
    Form,
    Path,
    array,
    boolean,
    integer,
    mapping,
    one_of,
    string,
    tag,
    tagged,
)


def _written(form: Form, path: Path, value: Any) -> None:
    string(1, 40_000)(form, path, value)
    form.text += len(value) if isinstance(value, str) else 0


_STYLES = ("bold", "italic", "strike", "code", "underline")
_style = mapping(dict.fromkeys(_STYLES, boolean))
_mention_style = mapping(dict.fromkeys((*_STYLES, "highlight", "client_highlight", "unlink"), boolean))
_border = integer(0, 1)

TEXT = mapping({"type": tag, "text": _written, "style": _style}, ["text"])
LINK = mapping({"type": tag, "url": string(1, 3000), "text": _written, "unsafe": boolean, "style": _style}, ["url"])
INLINE: dict[str, Check] = {
    "text": TEXT,
    "link": LINK,
    "emoji": mapping(
        {"type": tag, "name": string(1, 100), "unicode": string(1, 100), "skin_tone": integer(1, 6), "style": _style},
        ["name"],
    ),
    "user": mapping({"type": tag, "user_id": string(1, 255), "style": _mention_style}, ["user_id"]),
    "usergroup": mapping({"type": tag, "usergroup_id": string(1, 255), "style": _mention_style}, ["usergroup_id"]),
    "channel": mapping({"type": tag, "channel_id": string(1, 255), "style": _mention_style}, ["channel_id"]),
    "broadcast": mapping({"type": tag, "range": one_of("here", "channel", "everyone"), "style": _style}, ["range"]),
    "color": mapping({"type": tag, "value": string(1, 20)}, ["value"]),
    "date": mapping(
        {
            "type": tag,
            "timestamp": integer(0, 10**11),
            "format": string(1, 500),
            "url": string(1, 3000),
            "fallback": string(1, 500),
            "style": _style,
        },
        ["timestamp", "format"],
    ),
}
SECTION = mapping({"type": tag, "elements": array(tagged(INLINE), 0)}, ["elements"])
_items = array(tagged({"rich_text_section": SECTION}), 1)
_PARTS: dict[str, Check] = {
    "rich_text_section": SECTION,
    "rich_text_list": mapping(
        {
            "type": tag,
            "style": one_of("bullet", "ordered"),
            "elements": _items,
            "indent": integer(0, 8),
            "offset": integer(0, 10**6),
            "border": _border,
        },
        ["style", "elements"],
    ),
    "rich_text_preformatted": mapping(
        {
            "type": tag,
            "elements": array(tagged({"text": TEXT, "link": LINK}), 1),
            "border": _border,
            "language": string(1, 50),
        },
        ["elements"],
    ),
    "rich_text_quote": mapping({"type": tag, "elements": array(tagged(INLINE), 1), "border": _border}, ["elements"]),
}
ELEMENTS = array(tagged(_PARTS), 1)
CELL = mapping({"type": tag, "block_id": string(1, 255), "elements": ELEMENTS}, ["elements"])
"""A rich_text block inside a table."""
