"""What views.open, push, update and publish take. Source: Reference, Views; Surfaces, Modals and App Home."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from tests.emulators.slack import blocks, limits
from tests.emulators.slack.errors import Json, Refusal
from tests.emulators.slack.form import HOME, MODAL, Form, boolean, mapping, string, tag
from tests.emulators.slack.objects import plain

_shared = {
    "type": tag,
    "blocks": blocks.check,
    "private_metadata": string(0, 3000),
    "callback_id": string(0, 255),
    "external_id": string(0, 255),
}
_MODAL = mapping(
    {
        **_shared,
        "title": plain(24),
        "submit": plain(24),
        "close": plain(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
    ["title", "blocks"],
)
_HOME = mapping(_shared, ["blocks"])


def checked(view: Any, kind: str, file_ready: Callable[[str], bool], root: tuple[str, ...] = ("view",)) -> Json:
    """The view, if it is a good one of this kind. Refusal otherwise."""
    if not isinstance(view, dict):
        raise Refusal("invalid_arguments", ["must provide an object [json-pointer:/view]"])
    if len(orjson.dumps(view)) > limits.VIEW_BYTES:
        raise Refusal("view_too_large")
    form = Form(kind, file_ready)
    if view.get("type") != kind:
        form.fault((*root, "type"), f"must be {kind}" if view.get("type") in (MODAL, HOME) else "unsupported type")
    (_MODAL if kind == MODAL else _HOME)(form, root, view)
    found = view.get("blocks")
    inputs = isinstance(found, list) and any(isinstance(one, dict) and one.get("type") == "input" for one in found)
    if kind == MODAL and inputs and not view.get("submit"):
        form.fault(root, "missing required field: submit")
    if form.faults:
        raise Refusal("invalid_arguments", form.faults)
    return view
