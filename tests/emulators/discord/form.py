"""Checks of a request body, field by field, with every fault kept at its path as Discord reports it.

A `Check` looks at one value. `Form` collects; nothing is raised until the whole body has been read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeAlias

from tests.emulators.discord.errors import ApiError, Json

Path: TypeAlias = tuple[str | int, ...]
_SNOWFLAKE = re.compile(r"(0|[1-9][0-9]{0,19})\Z")


class Form:
    """The faults of one request body."""

    def __init__(self) -> None:
        self.faults: list[tuple[Path, str, str]] = []

    def fault(self, path: Path, code: str, message: str) -> None:
        self.faults.append((path, code, message))

    def refuse(self) -> None:
        """ApiError 50035 with Discord's error tree when there are faults."""
        if not self.faults:
            return
        tree: Json = {}
        for path, code, message in self.faults:
            node = tree
            for key in path:
                node = node.setdefault(str(key), {})
            node.setdefault("_errors", []).append({"code": code, "message": message})
        raise ApiError(50035, tree)


Check: TypeAlias = Callable[[Form, Path, Any], None]


def text(least: int = 0, most: int = 152_133, *, nullable: bool = True) -> Check:
    def check(form: Form, path: Path, value: Any) -> None:
        if value is None and nullable:
            return
        if not isinstance(value, str):
            form.fault(path, "STRING_TYPE_CONVERT", f'Could not interpret "{value}" as string.')
        elif not least <= len(value) <= most:
            if least:
                form.fault(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
            else:
                form.fault(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")

    return check


def integer(least: int = -(2**53) + 1, most: int = 2**53 - 1, *, nullable: bool = True) -> Check:
    def check(form: Form, path: Path, value: Any) -> None:
        if value is None and nullable:
            return
        if not isinstance(value, int) or isinstance(value, bool):
            form.fault(path, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
        elif value < least:
            form.fault(path, "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {least}.")
        elif value > most:
            form.fault(path, "NUMBER_TYPE_MAX", f"int value should be less than or equal to {most}.")

    return check


def number(form: Form, path: Path, value: Any) -> None:
    if value is not None and (not isinstance(value, int | float) or isinstance(value, bool)):
        form.fault(path, "NUMBER_TYPE_COERCE", f'Value "{value}" is not float.')


def boolean(form: Form, path: Path, value: Any) -> None:
    if value is not None and not isinstance(value, bool):
        form.fault(path, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")


def snowflake(form: Form, path: Path, value: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, str | int) or not _SNOWFLAKE.match(str(value)):
        form.fault(path, "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')


def one_of(*values: int | str) -> Check:
    def check(form: Form, path: Path, value: Any) -> None:
        if isinstance(value, bool) or value not in values:
            form.fault(path, "BASE_TYPE_CHOICES", f"Value must be one of {set(values)}.")

    return check


def anything(_form: Form, _path: Path, _value: Any) -> None:
    """A field that is known and that nothing here reads."""


def array(item: Check, least: int = 0, most: int = 1521, *, nullable: bool = True) -> Check:
    def check(form: Form, path: Path, value: Any) -> None:
        if value is None and nullable:
            return
        if not isinstance(value, list):
            form.fault(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return
        if not least <= len(value) <= most:
            form.fault(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        for index, element in enumerate(value):
            item(form, (*path, index), element)

    return check


def mapping(fields: Mapping[str, Check], required: Collection[str] = (), *, nullable: bool = True) -> Check:
    """An object of these fields and no others.

    Discord itself ignores a field that it doesn't know; here it is a fault, because it is a misspelling.
    """

    def check(form: Form, path: Path, value: Any) -> None:
        if value is None and nullable:
            return
        if not isinstance(value, dict):
            form.fault(path, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
            return
        for name in required:
            if value.get(name) is None:
                form.fault((*path, name), "BASE_TYPE_REQUIRED", "This field is required")
        for name, element in value.items():
            known = fields.get(name)
            if known is None:
                form.fault((*path, name), "UNKNOWN_FIELD", f'"{name}" is no documented field here')
            elif not (element is None and name in required):
                known(form, (*path, name), element)

    return check
