"""What Discord lets a message or a modal be built of: the fields of each component.

Source: Component Reference. What may stand where, and what a whole message may hold, is `layout`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from tests.emulators.discord import limits
from tests.emulators.discord.form import (
    Check,
    Form,
    Path,
    anything,
    array,
    boolean,
    integer,
    mapping,
    one_of,
    snowflake,
    text,
)

ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = 5, 6, 7, 8
SECTION, TEXT_DISPLAY, THUMBNAIL, GALLERY, FILE, SEPARATOR = 9, 10, 11, 12, 13, 14
CONTAINER, LABEL, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 17, 18, 19, 21, 22, 23

SELECTS = frozenset({STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT})
INTERACTIVE = SELECTS | {BUTTON}
ASKING = SELECTS | {TEXT_INPUT, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX}

LINK, PREMIUM = 5, 6
"""The button styles that send no interaction."""

Fields: TypeAlias = Mapping[str, Check]

_emoji = mapping({"id": snowflake, "name": text(0, 32), "animated": boolean})
_media = mapping({"url": text(1, limits.MEDIA_URL, nullable=False)}, ["url"], nullable=False)
_custom_id = text(1, limits.CUSTOM_ID, nullable=False)
_alt = text(1, limits.ALT)
_gallery_item = mapping({"media": _media, "description": _alt, "spoiler": boolean}, ["media"], nullable=False)
_default = mapping({"id": snowflake, "type": one_of("user", "role", "channel")}, ["id", "type"], nullable=False)

_OPTION: Fields = {
    "label": text(1, limits.OPTION_TEXT),
    "value": text(1, limits.OPTION_TEXT),
    "description": text(0, limits.OPTION_TEXT),
    "default": boolean,
}
_select_option = mapping({**_OPTION, "emoji": _emoji}, ["label", "value"], nullable=False)
_group_option = mapping(_OPTION, ["label", "value"], nullable=False)

_SELECT: Fields = {
    "custom_id": _custom_id,
    "placeholder": text(0, limits.PLACEHOLDER),
    "min_values": integer(0, limits.OPTIONS),
    "max_values": integer(1, limits.OPTIONS),
    "disabled": boolean,
    "required": boolean,
}
_OF_ENTITIES: Fields = {**_SELECT, "default_values": array(_default, 0, limits.OPTIONS)}

_SHAPES: Mapping[int, tuple[Fields, tuple[str, ...]]] = {
    ROW: ({"components": anything}, ("components",)),
    BUTTON: (
        {
            "style": one_of(1, 2, 3, 4, LINK, PREMIUM),
            "label": text(0, limits.BUTTON_LABEL),
            "custom_id": text(1, limits.CUSTOM_ID),
            "url": text(1, limits.URL),
            "sku_id": snowflake,
            "disabled": boolean,
            "emoji": _emoji,
        },
        ("style",),
    ),
    STRING_SELECT: (
        {**_SELECT, "options": array(_select_option, 1, limits.OPTIONS, nullable=False)},
        ("custom_id", "options"),
    ),
    USER_SELECT: (_OF_ENTITIES, ("custom_id",)),
    ROLE_SELECT: (_OF_ENTITIES, ("custom_id",)),
    MENTIONABLE_SELECT: (_OF_ENTITIES, ("custom_id",)),
    CHANNEL_SELECT: ({**_OF_ENTITIES, "channel_types": array(integer(0, 16))}, ("custom_id",)),
    TEXT_INPUT: (
        {
            "custom_id": _custom_id,
            "style": one_of(1, 2),
            "label": text(1, limits.LABEL),
            "value": text(0, limits.TEXT_INPUT),
            "placeholder": text(0, limits.TEXT_INPUT_PLACEHOLDER),
            "required": boolean,
            "min_length": integer(0, limits.TEXT_INPUT),
            "max_length": integer(1, limits.TEXT_INPUT),
        },
        ("custom_id", "style"),
    ),
    SECTION: ({"components": anything, "accessory": anything}, ("components", "accessory")),
    TEXT_DISPLAY: ({"content": text(1, limits.DISPLAYED_TEXT, nullable=False)}, ("content",)),
    THUMBNAIL: ({"media": _media, "description": _alt, "spoiler": boolean}, ("media",)),
    GALLERY: ({"items": array(_gallery_item, 1, limits.GALLERY, nullable=False)}, ("items",)),
    FILE: ({"file": _media, "spoiler": boolean}, ("file",)),
    SEPARATOR: ({"divider": boolean, "spacing": one_of(1, 2)}, ()),
    CONTAINER: (
        {"components": anything, "accent_color": integer(0, 0xFFFFFF), "spoiler": boolean},
        ("components",),
    ),
    LABEL: (
        {
            "label": text(1, limits.LABEL, nullable=False),
            "description": text(1, limits.LABEL_DESCRIPTION),
            "component": anything,
        },
        ("label", "component"),
    ),
    FILE_UPLOAD: (
        {
            "custom_id": _custom_id,
            "min_values": integer(0, limits.UPLOADS),
            "max_values": integer(1, limits.UPLOADS),
            "required": boolean,
        },
        ("custom_id",),
    ),
    RADIO_GROUP: (
        {
            "custom_id": _custom_id,
            "options": array(_group_option, 2, limits.GROUP_OPTIONS, nullable=False),
            "required": boolean,
        },
        ("custom_id", "options"),
    ),
    CHECKBOX_GROUP: (
        {
            "custom_id": _custom_id,
            "options": array(_group_option, 1, limits.GROUP_OPTIONS, nullable=False),
            "min_values": integer(0, limits.GROUP_OPTIONS),
            "max_values": integer(1, limits.GROUP_OPTIONS),
            "required": boolean,
        },
        ("custom_id", "options"),
    ),
    CHECKBOX: ({"custom_id": _custom_id, "default": boolean}, ("custom_id",)),
}

_BASE: Fields = {"type": anything, "id": integer(0, 2**31 - 1)}
_CHECKS: Mapping[int, Check] = {
    kind: mapping({**_BASE, **fields}, required, nullable=False) for kind, (fields, required) in _SHAPES.items()
}


def check_fields(form: Form, path: Path, component: dict[str, Any]) -> None:
    """The component's own fields, without its children. Its type is known to be one of Discord's."""
    kind: int = component["type"]
    before = len(form.faults)
    _CHECKS[kind](form, path, component)
    if len(form.faults) > before:
        return
    if kind == BUTTON:
        _check_button(form, path, component)
    elif kind in ASKING:
        _check_choosing(form, path, component)


def _check_button(form: Form, path: Path, button: dict[str, Any]) -> None:
    style = button["style"]
    wanted = {LINK: "url", PREMIUM: "sku_id"}.get(style, "custom_id")
    for name in ("custom_id", "url", "sku_id"):
        if name == wanted and button.get(name) is None:
            form.fault((*path, name), "BASE_TYPE_REQUIRED", "This field is required")
        elif name != wanted and button.get(name) is not None:
            form.fault(path, "BUTTON_COMPONENT_FIELDS", f"A button of style {style} can't have {name}")
    if style == PREMIUM:
        if button.get("label") or button.get("emoji"):
            form.fault(path, "BUTTON_COMPONENT_FIELDS", "A premium button has no label and no emoji")
    elif not button.get("label") and not button.get("emoji"):
        form.fault(path, "BUTTON_COMPONENT_INVALID_LABEL", "A button needs a label or an emoji")
    if style == LINK and not str(button["url"] or "").startswith(("https://", "http://", "discord://")):
        form.fault((*path, "url"), "URL_TYPE_INVALID_SCHEME", "Scheme must be one of ('http', 'https', 'discord').")


def _check_choosing(form: Form, path: Path, component: dict[str, Any]) -> None:
    least, most = component.get("min_values"), component.get("max_values")
    options = component.get("options")
    if least is not None and most is not None and least > most:
        form.fault((*path, "min_values"), "NUMBER_TYPE_MAX", f"int value should be less than or equal to {most}.")
    if (component.get("min_length") or 0) > (component.get("max_length") or limits.TEXT_INPUT):
        form.fault((*path, "min_length"), "NUMBER_TYPE_MAX", "min_length is over max_length")
    if options is None:
        return
    values = [option["value"] for option in options]
    for index, value in enumerate(values):
        if value in values[:index]:
            form.fault(
                (*path, "options", index, "value"),
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                "The specified option value is already used",
            )
    if max(least or 0, most or 0) > len(options):
        form.fault((*path, "max_values"), "NUMBER_TYPE_MAX", f"There are only {len(options)} options")
    chosen = sum(bool(option.get("default")) for option in options)
    at_most = 1 if component["type"] == RADIO_GROUP else (most if most is not None else 1)
    if component["type"] != CHECKBOX_GROUP and chosen > at_most:
        form.fault((*path, "options"), "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", "More defaults than max_values")
