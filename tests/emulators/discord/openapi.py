"""Discord's published OpenAPI document, where `STUDYBOT_DISCORD_OPENAPI` names a copy: bodies are held to its schemas."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from tests.emulators.discord.errors import Json

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

VARIABLE = "STUDYBOT_DISCORD_OPENAPI"


class Published:
    """Validators by method and path template, made when first asked for."""

    def __init__(self) -> None:
        self._path = os.environ.get(VARIABLE)
        self._validators: dict[tuple[str, str], Validator | None] = {}
        self._count = 0

    @cached_property
    def _document(self) -> Json:
        assert self._path is not None
        document: Json = orjson.loads(Path(self._path).read_bytes())
        # Discord takes a snowflake as a number too (Reference, ID Serialization), and discord.py numbers its files so.
        document["components"]["schemas"]["SnowflakeType"] = {
            "anyOf": [document["components"]["schemas"]["SnowflakeType"], {"type": "integer", "minimum": 0}]
        }
        return document

    def fault(self, method: str, template: str, body: Any, every: int) -> str | None:
        """What the published schema has against a body, in one sentence; None when nothing, or when it isn't asked."""
        if self._path is None or not every:
            return None
        self._count += 1
        if self._count % every:
            return None
        key = (method.lower(), template)
        if key not in self._validators:
            self._validators[key] = self._validator(*key)
        validator = self._validators[key]
        if validator is None:
            return None
        from jsonschema.exceptions import best_match

        error = best_match(validator.iter_errors(body))
        return None if error is None else f"{error.json_path}: {error.message[:500]}"

    def _validator(self, method: str, template: str) -> Validator | None:
        from jsonschema import Draft202012Validator

        operation = self._document["paths"].get(template, {}).get(method, {})
        schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        if schema is None:
            return None
        return Draft202012Validator({**schema, "components": self._document["components"]})
