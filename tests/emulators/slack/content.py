"""What a message carries: text, blocks, attachments, metadata; the rules between them.

Source: chat.postMessage, chat.update, Using message metadata.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson

from tests.emulators.slack import blocks, limits
from tests.emulators.slack.errors import Json, Refusal
from tests.emulators.slack.form import MESSAGE, Form, mapping, string


@dataclass(slots=True)
class Content:
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    warnings: list[str] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)
    """What Slack lets pass and recommends against."""


def composed(
    args: Json,
    number: Callable[[], str],
    file_ready: Callable[[str], bool],
    *,
    validate: bool = True,
    total: bool = False,
) -> Content:
    """The content that the arguments make. `total` also holds all texts of the blocks together to their limit."""
    made = Content(
        args.get("text") or "", args.get("blocks") or [], args.get("attachments") or [], args.get("metadata")
    )
    if validate:
        _check(args, made, file_ready, total=total)
    markdown = args.get("markdown_text")
    if markdown:
        made.blocks = [{"type": "markdown", "text": markdown}]
    made.blocks = blocks.named(made.blocks, number)
    return made


def _check(args: Json, made: Content, file_ready: Callable[[str], bool], *, total: bool) -> None:
    markdown = args.get("markdown_text")
    if markdown is not None:
        if made.text or made.blocks:
            raise Refusal("markdown_text_conflict")
        if not isinstance(markdown, str) or len(markdown) > limits.MARKDOWN:
            raise Refusal("msg_too_long")
    if not isinstance(made.text, str):
        raise Refusal("invalid_arguments", ["must provide a string [json-pointer:/text]"])
    if not (made.text.strip() or made.blocks or made.attachments or markdown):
        raise Refusal("no_text")
    if not isinstance(made.blocks, list):
        raise Refusal("invalid_blocks_format")
    form = Form(MESSAGE, file_ready)
    blocks.check(form, ("blocks",), made.blocks)
    if form.faults:
        raise Refusal("invalid_blocks", form.faults)
    if total and form.text > limits.BLOCKS_TEXT:
        raise Refusal("msg_blocks_too_long")
    if form.tables + _check_attachments(made.attachments, file_ready) > 1:
        raise Refusal("invalid_attachments", ["only_one_table_allowed"])
    if made.metadata is not None:
        check_metadata(made.metadata)
    if len(made.text) > limits.TEXT:
        made.text = made.text[: limits.TEXT]
        made.warnings.append("message_truncated")
    elif len(made.text) > limits.ADVISED_TEXT:
        made.advice.append(f"a text of {len(made.text)} characters, where {limits.ADVISED_TEXT} are recommended")
    if made.blocks and not made.text.strip():
        made.advice.append("blocks without a text, which is all that screen readers read")


def _check_attachments(found: Any, file_ready: Callable[[str], bool]) -> int:
    """How many tables are in them."""
    tables = 0
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Refusal("invalid_attachments")
    if len(found) > limits.ATTACHMENTS:
        raise Refusal("too_many_attachments")
    for index, one in enumerate(found):
        form = Form(MESSAGE, file_ready)
        if "blocks" in one:
            blocks.check(form, ("attachments", index, "blocks"), one["blocks"])
        if form.faults:
            raise Refusal("invalid_attachments", form.faults)
        tables += form.tables
    return tables


_METADATA = mapping({"event_type": string(1, 255), "event_payload": lambda *_: None}, ["event_type", "event_payload"])


def check_metadata(metadata: Any) -> None:
    """`event_type` and a payload of plain values, objects of plain values, or lists of either."""
    form = Form(MESSAGE)
    _METADATA(form, ("metadata",), metadata)
    if form.faults:
        raise Refusal("invalid_metadata_format", form.faults)
    payload = metadata["event_payload"]
    if not isinstance(payload, dict):
        raise Refusal("invalid_metadata_format", ["must provide an object [json-pointer:/metadata/event_payload]"])
    for name, value in payload.items():
        inside = value if isinstance(value, list) else [value]
        flat = [list(one.values()) if isinstance(one, dict) else [one] for one in inside]
        if not all(isinstance(leaf, str | int | float | bool) for leaves in flat for leaf in leaves):
            where = f"[json-pointer:/metadata/event_payload/{name}]"
            raise Refusal("invalid_metadata_schema", [f"must provide a string, number, boolean or flat object {where}"])
    if len(orjson.dumps(metadata)) > limits.METADATA_BYTES:
        raise Refusal("metadata_too_large")
