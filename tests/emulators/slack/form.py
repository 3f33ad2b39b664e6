"""Checks of blocks and views, field by field, with every fault kept at its JSON pointer as Slack reports it.

A `Check` looks at one value. `Form` collects; nothing is raised until the whole body has been read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Path: TypeAlias = tuple[str | int, ...]

MESSAGE, MODAL, HOME = "message", "modal", "home"
"""The surfaces that blocks appear on."""


@dataclass(slots=True)
class Form:
    """The faults of one body, and what must be unique in it. `file_ready` knows whether a file's id or URL may be shown."""

    surface: str
    file_ready: Callable[[str], bool] = lambda _: True
    faults: list[str] = field(default_factory=list)
    block_ids: set[str] = field(default_factory=set)
    action_ids: set[str] = field(default_factory=set)
    focused: int = 0
    markdown: int = 0
    tables: int = 0
    text: int = 0

    def fault(self, path: Path, message: str) -> None:
        pointer = "".join(f"/{part}" for part in path)
        self.faults.append(f"{message} [json-pointer:{pointer}]")


Check: TypeAlias = Callable[[Form, Path, Any], None]


def string(least: int = 0, most: int = 3000) -> Check:
    def check(form: Form, path: Path, value: Any) -> None:
        if not isinstance(value, str):
            form.fault(path, "must provide a string")
        elif len(value) < least:
            form.fault(path, f"must be more than {least - 1} characters")
        elif len(value) > most:
            form.fault(path, f"must be less than {most + 1} characters")

    return check


def integer(least: int, most: int) -> Check:
    def check(form: Form, path: Path, value: Any) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            form.fault(path, "must provide an integer")
        elif not least <= value <= most:
            form.fault(path, f"must be between {least} and {most}")

    return check


def boolean(form: Form, path: Path, value: Any) -> None:
    if not isinstance(value, bool):
        form.fault(path, "must provide a boolean")


def one_of(*values: Any) -> Check:
    def check(form: Form, path: Path, value: Any) -> None:
        if isinstance(value, bool) or value not in values:
            form.fault(path, "must be a valid enum value")

    return check


def array(item: Check, least: int = 1, most: int = 1_000) -> Check:
    def check(form: Form, path: Path, value: Any) -> None:
        if not isinstance(value, list):
            form.fault(path, "must provide an array")
            return
        if len(value) < least:
            form.fault(path, f"no fewer than {least} items allowed")
        if len(value) > most:
            form.fault(path, f"no more than {most} items allowed")
        for index, element in enumerate(value):
            item(form, (*path, index), element)

    return check


def mapping(fields: Mapping[str, Check], required: Collection[str] = ()) -> Check:
    """An object of these fields and no others; `null` is no value."""

    def check(form: Form, path: Path, value: Any) -> None:
        if not isinstance(value, dict):
            form.fault(path, "must provide an object")
            return
        for name in required:
            if name not in value:
                form.fault(path, f"missing required field: {name}")
        for name, element in value.items():
            known = fields.get(name)
            if known is None:
                form.fault(path, f"invalid additional property: {name}")
            else:
                known(form, (*path, name), element)

    return check


def tagged(kinds: Mapping[str, Check]) -> Check:
    """An object whose `type` names its check."""

    def check(form: Form, path: Path, value: Any) -> None:
        if not isinstance(value, dict):
            form.fault(path, "must provide an object")
        elif "type" not in value:
            form.fault(path, "missing required field: type")
        elif not isinstance(value["type"], str) or value["type"] not in kinds:
            form.fault((*path, "type"), f"unsupported type: {value['type']}")
        else:
            kinds[value["type"]](form, path, value)

    return check


def tag(form: Form, path: Path, value: Any) -> None:
    """The `type` itself, which `tagged` has looked at."""


def all_of(*checks: Check) -> Check:
    def check(form: Form, path: Path, value: Any) -> None:
        for one in checks:
            one(form, path, value)

    return check


def exactly_one(*names: str) -> Check:
    """A rule between fields: one of them, not two."""

    def check(form: Form, path: Path, value: Any) -> None:
        if isinstance(value, dict) and sum(name in value for name in names) != 1:
            form.fault(path, f"must provide exactly one of {', '.join(names)}")

    return check
