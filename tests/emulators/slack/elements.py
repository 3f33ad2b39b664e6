"""Block Kit's elements: buttons, menus, inputs, pictures. Source: Reference, Block elements."""

from __future__ import annotations

import re
from typing import Any

from tests.emulators.slack.form import (
    Check,
    Form,
    Path,
    all_of,
    array,
    boolean,
    exactly_one,
    integer,
    mapping,
    one_of,
    string,
    tag,
)
from tests.emulators.slack.objects import (
    confirm,
    conversation_filter,
    option,
    option_groups,
    options,
    picture,
    plain,
    shown_file,
    text,
)


def _action_id(form: Form, path: Path, value: Any) -> None:
    string(1, 255)(form, path, value)
    if isinstance(value, str):
        if value in form.action_ids:
            form.fault(path, f"`action_id` already exists for another element: {value}")
        form.action_ids.add(value)


def _focus(form: Form, path: Path, value: Any) -> None:
    boolean(form, path, value)
    form.focused += value is True
    if form.focused > 1:
        form.fault(path, "only one element can have focus_on_load")


def _like(pattern: str, said: str) -> Check:
    def check(form: Form, path: Path, value: Any) -> None:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            form.fault(path, f"must be {said}")

    return check


def _http(form: Form, path: Path, value: Any) -> None:
    string(1, 3000)(form, path, value)
    if isinstance(value, str) and not value.startswith(("http://", "https://", "slack://", "mailto:")):
        form.fault(path, "must be a valid URL")


_acting: dict[str, Check] = {"type": tag, "action_id": _action_id}
_placed: dict[str, Check] = {**_acting, "placeholder": plain(150), "focus_on_load": _focus}
_menu: dict[str, Check] = {**_placed, "confirm": confirm}
_most = {"max_selected_items": integer(1, 1_000_000)}
_ids = array(string(1, 255), 1, 100)
_conversations: dict[str, Check] = {"default_to_current_conversation": boolean, "filter": conversation_filter}
_asked: dict[str, Check] = {"response_url_enabled": boolean}
_date = _like(r"\d{4}-\d{2}-\d{2}", "a date YYYY-MM-DD")
_one_kind_of_options = exactly_one("options", "option_groups")
_dispatch = mapping(
    {"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), 1, 2)}, ["trigger_actions_on"]
)


def _lengths(form: Form, path: Path, value: Any) -> None:
    least, most = value.get("min_length"), value.get("max_length")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        form.fault(path, "min_length must not exceed max_length")


def _static(many: bool) -> Check:
    first: dict[str, Check] = {"initial_options": options()} if many else {"initial_option": option(plain(75))}
    fields = {**_menu, **(_most if many else {}), **first, "options": options(), "option_groups": option_groups}
    return all_of(mapping(fields), _one_kind_of_options, _offered)


def _offered(form: Form, path: Path, value: Any) -> None:
    """What is chosen beforehand is one of the options, word for word."""
    offered = _list(value.get("options"))
    for group in _list(value.get("option_groups")):
        offered = offered + (_list(group.get("options")) if isinstance(group, dict) else [])
    chosen = [value["initial_option"]] if "initial_option" in value else _list(value.get("initial_options"))
    known = {one.get("value") for one in offered if isinstance(one, dict)}
    if any(isinstance(one, dict) and one.get("value") not in known for one in chosen):
        form.fault(path, "initial option must match one of the options")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _ticks(*, many: bool) -> Check:
    first: dict[str, Check] = (
        {"initial_options": options(10, text(75))} if many else {"initial_option": option(text(75))}
    )
    fields = {**_acting, "confirm": confirm, "focus_on_load": _focus, **first, "options": options(10, text(75))}
    return all_of(mapping(fields, ["options"]), _offered)


def _typed(**more: Check) -> Check:
    return mapping({**_placed, "dispatch_action_config": _dispatch, "initial_value": string(0, 3000), **more})


BUTTON = mapping(
    {
        **_acting,
        "text": plain(75),
        "url": _http,
        "value": string(0, 2000),
        "style": one_of("primary", "danger"),
        "confirm": confirm,
        "accessibility_label": string(1, 75),
    },
    ["text"],
)
IMAGE = all_of(
    mapping(
        {"type": tag, "image_url": _http, "slack_file": shown_file, "alt_text": string(1, 2000)},
        ["alt_text"],
    ),
    picture,
)
_number = _like(r"-?\d+(\.\d+)?", "a number")

MENUS: dict[str, Check] = {
    "static_select": _static(many=False),
    "multi_static_select": _static(many=True),
    "external_select": mapping({**_menu, "min_query_length": integer(0, 500), "initial_option": option(plain(75))}),
    "multi_external_select": mapping(
        {**_menu, **_most, "min_query_length": integer(0, 500), "initial_options": options()}
    ),
    "users_select": mapping({**_menu, "initial_user": string(1, 255)}),
    "multi_users_select": mapping({**_menu, **_most, "initial_users": _ids}),
    "conversations_select": mapping({**_menu, **_asked, **_conversations, "initial_conversation": string(1, 255)}),
    "multi_conversations_select": mapping({**_menu, **_most, **_conversations, "initial_conversations": _ids}),
    "channels_select": mapping({**_menu, **_asked, "initial_channel": string(1, 255)}),
    "multi_channels_select": mapping({**_menu, **_most, "initial_channels": _ids}),
}
PICKERS: dict[str, Check] = {
    "datepicker": mapping({**_menu, "initial_date": _date}),
    "timepicker": mapping({**_menu, "initial_time": _like(r"\d{2}:\d{2}", "a time HH:mm"), "timezone": string(1, 100)}),
    "datetimepicker": mapping(
        {**_acting, "confirm": confirm, "focus_on_load": _focus, "initial_date_time": integer(10**9, 10**10 - 1)}
    ),
    "checkboxes": _ticks(many=True),
    "radio_buttons": _ticks(many=False),
}
ACTIONS: dict[str, Check] = {
    "button": BUTTON,
    "overflow": mapping(
        {**_acting, "confirm": confirm, "options": array(option(plain(75), url=True), 1, 5)}, ["options"]
    ),
    **MENUS,
    **PICKERS,
}
ACCESSORIES: dict[str, Check] = {**ACTIONS, "image": IMAGE}
INPUTS: dict[str, Check] = {
    "plain_text_input": all_of(
        _typed(multiline=boolean, min_length=integer(0, 3000), max_length=integer(1, 3000)), _lengths
    ),
    "email_text_input": _typed(),
    "url_text_input": _typed(),
    "number_input": mapping(
        {
            **_placed,
            "dispatch_action_config": _dispatch,
            "is_decimal_allowed": boolean,
            "initial_value": _number,
            "min_value": _number,
            "max_value": _number,
        },
        ["is_decimal_allowed"],
    ),
    "file_input": mapping({**_acting, "filetypes": array(string(1, 30), 1, 100), "max_files": integer(1, 10)}),
    **MENUS,
    **PICKERS,
}
