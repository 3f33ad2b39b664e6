"""The state of inputs and menus: as they stand at first, and as a person fills them in."""

from __future__ import annotations

import re
from typing import Any

from tests.emulators.slack.errors import Impossible, Json

_ONE = {
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}
_MANY = {
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
    "file_input": "files",
}
_TYPED = ("plain_text_input", "email_text_input", "url_text_input", "number_input")
_FORMS = {
    "email_text_input": r"[^@\s]+@[^@\s]+\.[^@\s]+",
    "url_text_input": r"https?://\S+",
    "number_input": r"-?\d+(\.\d+)?",
    "datepicker": r"\d{4}-\d{2}-\d{2}",
    "timepicker": r"\d{2}:\d{2}",
}


def initially(element: Json) -> Json:
    """The state of an element that nobody has touched."""
    kind = element["type"]
    if kind in _TYPED:
        return {"type": kind, "value": element.get("initial_value")}
    if kind in _MANY:
        name = _MANY[kind]
        return {"type": kind, name: list(element.get(name.replace("selected", "initial"), []))}
    name = _ONE[kind]
    return {"type": kind, name: element.get(name.replace("selected", "initial"))}


def value_of(state: Json) -> Any:
    """What stands in it; None or nothing when it is empty."""
    return next(value for name, value in state.items() if name != "type")


def filled(element: Json, given: Any, offered: list[Json] | None = None) -> Json:
    """The state after a person has typed or chosen `given`. `offered` are the options that an external menu showed."""
    kind = element["type"]
    if kind in _TYPED:
        return {"type": kind, "value": _typed(element, str(given)) or None}
    if kind in _MANY:
        chosen = [_picked(element, one, offered) for one in ([given] if isinstance(given, str) else given)]
        most = element.get("max_selected_items")
        if most is not None and len(chosen) > most:
            raise Impossible(f"{element['action_id']} takes at most {most}")
        return {"type": kind, _MANY[kind]: chosen}
    if given is None:
        return {"type": kind, _ONE[kind]: None}
    if kind in _FORMS and not re.fullmatch(_FORMS[kind], str(given)):
        raise Impossible(f"{given!r} is no {kind} value")
    return {"type": kind, _ONE[kind]: _picked(element, given, offered)}


def _typed(element: Json, text: str) -> str:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if text and not least <= len(text) <= most:
        raise Impossible(f"{element['action_id']} takes {least} to {most} characters")
    form = _FORMS.get(element["type"])
    if text and form is not None and not re.fullmatch(form, text):
        raise Impossible(f"{text!r} is not what {element['type']} takes")
    if element["type"] == "number_input" and text:
        if not element["is_decimal_allowed"] and "." in text:
            raise Impossible(f"{element['action_id']} takes whole numbers")
        if float(element.get("min_value", text)) > float(text) or float(text) > float(element.get("max_value", text)):
            raise Impossible(f"{text} is out of bounds")
    return text


def options_of(element: Json) -> list[Json]:
    found = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        found += group["options"]
    return found


def _picked(element: Json, given: Any, offered: list[Json] | None) -> Any:
    if "option" not in {**_ONE, **_MANY}[element["type"]]:
        return given
    known = options_of(element) if offered is None else offered
    found = [one for one in known if given in (one["value"], one["text"]["text"])]
    if not found:
        raise Impossible(f"{element['action_id']} offers no {given!r}")
    return found[0]
