"""What may stand where in a message or a modal, and what the whole may hold.

Source: Component Reference, Using Message Components, Using Modal Components.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from tests.emulators.discord import components as c
from tests.emulators.discord import limits
from tests.emulators.discord.errors import Json
from tests.emulators.discord.form import Form, Path

_TOP = frozenset({c.ROW, c.SECTION, c.TEXT_DISPLAY, c.GALLERY, c.FILE, c.SEPARATOR, c.CONTAINER})
_IN_CONTAINER = _TOP - {c.CONTAINER}
_IN_MODAL = frozenset({c.ROW, c.LABEL, c.TEXT_DISPLAY})


def children(component: Json) -> list[Json]:
    """The components directly inside one, in the order they are shown."""
    inner = component.get("components")
    found = [child for child in inner if isinstance(child, dict)] if isinstance(inner, list) else []
    alone = (component.get("accessory"), component.get("component"))
    return found + [child for child in alone if isinstance(child, dict)]


def walk(components: Iterable[Any]) -> Iterator[Json]:
    """Every component, parents before children."""
    waiting = list(components)[::-1]
    while waiting:
        component = waiting.pop()
        if isinstance(component, dict):
            yield component
            waiting += children(component)[::-1]


def check_message(form: Form, path: Path, tree: Any, *, v2: bool, files: Collection[str]) -> None:
    """`components` of a message. `files` are the names that `attachment://` may refer to."""
    if tree is None:
        return
    if not isinstance(tree, list):
        form.fault(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        return
    if not v2 and len(tree) > limits.ROWS:
        form.fault(path, "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {limits.ROWS} in length.")
    for index, component in enumerate(tree):
        _check(form, (*path, index), component, _TOP if v2 else {c.ROW}, modal=False)
    whole = list(walk(tree))
    if len(whole) > limits.COMPONENTS:
        form.fault(
            path,
            "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
            f"The maximum number of components in a message is {limits.COMPONENTS}: there are {len(whole)}",
        )
    shown = sum(len(one["content"]) for one in whole if isinstance(one.get("content"), str))
    if shown > limits.DISPLAYED_TEXT:
        form.fault(
            path,
            "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
            f"Total size of displayable text exceeds max size of {limits.DISPLAYED_TEXT}: it is {shown}",
        )
    _check_unique(form, path, whole)
    for one in whole:
        _check_media(form, path, one, files)


def check_modal(form: Form, path: Path, tree: Any) -> None:
    """`components` of a modal."""
    if not isinstance(tree, list):
        form.fault(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        return
    if not 1 <= len(tree) <= limits.MODAL_COMPONENTS:
        form.fault(path, "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {limits.MODAL_COMPONENTS} in length.")
    for index, component in enumerate(tree):
        _check(form, (*path, index), component, _IN_MODAL, modal=True)
    _check_unique(form, path, list(walk(tree)))


def _check(form: Form, path: Path, component: Any, allowed: Collection[int], *, modal: bool) -> None:
    if not isinstance(component, dict):
        form.fault(path, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
        return
    kind = component.get("type")
    if not isinstance(kind, int) or isinstance(kind, bool) or kind not in allowed:
        names = ", ".join(map(str, sorted(allowed)))
        form.fault((*path, "type"), "UNION_TYPE_CHOICES", f'Value of field "type" must be one of ({names}).')
        return
    c.check_fields(form, path, component)
    if kind == c.ROW:
        _check_row(form, path, component, modal=modal)
    elif kind == c.SECTION:
        _check_list(form, path, component, {c.TEXT_DISPLAY}, limits.SECTION_TEXTS)
        _check(form, (*path, "accessory"), component.get("accessory"), {c.BUTTON, c.THUMBNAIL}, modal=False)
    elif kind == c.CONTAINER:
        _check_list(form, path, component, _IN_CONTAINER, limits.COMPONENTS)
    elif kind == c.LABEL:
        inner = component.get("component")
        _check(form, (*path, "component"), inner, c.ASKING, modal=True)
        if isinstance(inner, dict) and inner.get("type") == c.TEXT_INPUT and inner.get("label") is not None:
            form.fault((*path, "component", "label"), "TEXT_INPUT_LABEL", "A text input in a Label has no label")
    if modal and kind in c.SELECTS and component.get("disabled"):
        form.fault((*path, "disabled"), "SELECT_DISABLED_IN_MODAL", "A select in a modal can't be disabled")


def _check_list(form: Form, path: Path, parent: Json, allowed: Collection[int], most: int) -> None:
    inner = parent.get("components")
    if not isinstance(inner, list):
        form.fault((*path, "components"), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        return
    if not 1 <= len(inner) <= most:
        form.fault((*path, "components"), "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {most} in length.")
    for index, child in enumerate(inner):
        _check(form, (*path, "components", index), child, allowed, modal=False)


def _check_row(form: Form, path: Path, row: Json, *, modal: bool) -> None:
    inner = row.get("components")
    if not isinstance(inner, list) or not 1 <= len(inner) <= limits.ROW_BUTTONS:
        form.fault((*path, "components"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
        return
    for index, child in enumerate(inner):
        allowed = {c.TEXT_INPUT} if modal else c.INTERACTIVE
        _check(form, (*path, "components", index), child, allowed, modal=modal)
        if modal and isinstance(child, dict) and not child.get("label"):
            form.fault((*path, "components", index, "label"), "BASE_TYPE_REQUIRED", "This field is required")
    kinds = [child.get("type") for child in inner if isinstance(child, dict)]
    if len(kinds) > 1 and any(kind != c.BUTTON for kind in kinds):
        form.fault(
            (*path, "components"),
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
            "The specified component exceeds the maximum width",
        )


def _check_unique(form: Form, path: Path, whole: list[Json]) -> None:
    for name, code in (("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"), ("id", "COMPONENT_ID_DUPLICATED")):
        seen: set[Any] = set()
        for one in whole:
            value = one.get(name)
            if not isinstance(value, str | int) or value == 0:
                continue
            if value in seen:
                form.fault(path, code, f"Component {name} cannot be duplicated: {value}")
            seen.add(value)


def media(component: Json) -> list[Json]:
    """The media objects that a component shows."""
    found = [component.get("media"), component.get("file")]
    if component.get("type") == c.GALLERY and isinstance(component.get("items"), list):
        found += [item.get("media") for item in component["items"] if isinstance(item, dict)]
    return [one for one in found if isinstance(one, dict)]


def _check_media(form: Form, path: Path, component: Json, files: Collection[str]) -> None:
    for item in media(component):
        url = item.get("url")
        if not isinstance(url, str):
            continue
        if url.startswith("attachment://"):
            if url.removeprefix("attachment://") not in files:
                form.fault(path, "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", f"No such attachment: {url}")
        elif component.get("type") == c.FILE:
            form.fault(path, "FILE_COMPONENT_URL", "A File shows attachment:// references alone")
        elif not url.startswith(("https://", "http://")):
            form.fault(path, "URL_TYPE_INVALID_SCHEME", "Scheme must be one of ('http', 'https').")
