"""The request bodies that carry a message: which fields each endpoint takes, and the rules between them.

Source: Message resource (Create, Edit), Receiving and Responding (callback data), Webhook resource.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import Enum
from typing import Any

from tests.emulators.discord import layout, limits
from tests.emulators.discord.errors import ApiError, Json
from tests.emulators.discord.form import (
    Check,
    Form,
    Path,
    anything,
    array,
    boolean,
    integer,
    mapping,
    number,
    one_of,
    snowflake,
    text,
)
from tests.emulators.discord.messages import Message

_embed = mapping(
    {
        "title": text(0, 256),
        "type": text(),
        "description": text(0, 4096),
        "url": text(0, 2048),
        "timestamp": text(),
        "color": integer(0, 0xFFFFFF),
        "footer": mapping({"text": text(0, 2048), "icon_url": text(0, 2048)}, ["text"]),
        "image": mapping({"url": text(0, 2048)}, ["url"]),
        "thumbnail": mapping({"url": text(0, 2048)}, ["url"]),
        "author": mapping({"name": text(0, 256), "url": text(0, 2048), "icon_url": text(0, 2048)}, ["name"]),
        "fields": array(
            mapping({"name": text(1, 256), "value": text(1, 1024), "inline": boolean}, ["name", "value"]), 0, 25
        ),
    }
)
_allowed_mentions = mapping(
    {
        "parse": array(one_of("users", "roles", "everyone"), 0, 3),
        "users": array(snowflake, 0, 100),
        "roles": array(snowflake, 0, 100),
        "replied_user": boolean,
    }
)
_attachment = mapping(
    {
        "id": snowflake,
        "filename": text(1, 1024),
        "description": text(0, limits.ALT),
        "title": text(0, 1024),
        "duration_secs": number,
        "waveform": text(0, 400),
        "is_spoiler": boolean,
        "is_remix": boolean,
    },
    ["id"],
)
_reference = mapping(
    {
        "type": one_of(0, 1),
        "message_id": snowflake,
        "channel_id": snowflake,
        "guild_id": snowflake,
        "fail_if_not_exists": boolean,
    },
    ["message_id"],
)


def _nonce(form: Form, path: Path, value: Any) -> None:
    if isinstance(value, str):
        text(0, limits.NONCE)(form, path, value)
    else:
        integer(-(2**63), 2**63 - 1)(form, path, value)


_EVERY: Mapping[str, Check] = {
    "content": text(0, limits.CONTENT),
    "embeds": array(_embed, 0, limits.EMBEDS),
    "allowed_mentions": _allowed_mentions,
    "components": anything,
    "attachments": array(_attachment, 0, limits.FILES),
    "flags": integer(0),
    # Edits have no such field; discord.py sends `false` with each all the same, and Discord takes no notice.
    "tts": boolean,
}


_NONE: Mapping[str, Check] = {}


class Kind(Enum):
    """Which endpoint a message body is for: its own fields, and the flags that may be set there."""

    CREATE = (
        {
            "nonce": _nonce,
            "enforce_nonce": boolean,
            "message_reference": _reference,
            "sticker_ids": array(snowflake, 0, 3),
            "poll": anything,
        },
        limits.SUPPRESS_EMBEDS | limits.SUPPRESS_NOTIFICATIONS | limits.COMPONENTS_V2,
    )
    EDIT = (_NONE, limits.SUPPRESS_EMBEDS | limits.COMPONENTS_V2)
    RESPONSE = (
        {"poll": anything},
        limits.SUPPRESS_EMBEDS | limits.SUPPRESS_NOTIFICATIONS | limits.COMPONENTS_V2 | limits.EPHEMERAL,
    )

    def __init__(self, own: Mapping[str, Check], flags: int) -> None:
        self.check = mapping({**_EVERY, **own}, nullable=False)
        self.flags = flags


def check_message_body(
    form: Form, path: Path, body: Any, kind: Kind, uploads: Mapping[int, str], before: Message | None = None
) -> None:
    """A message body and its uploaded files (index to name); `before` is the message that it edits."""
    kind.check(form, path, body)
    if not isinstance(body, dict):
        return
    flags = body.get("flags")
    asked = flags if isinstance(flags, int) else 0
    kept = before.flags if before is not None else 0
    if asked & ~kind.flags & ~(kept & ~limits.LOADING):
        form.fault((*path, "flags"), "MESSAGE_FLAGS_INVALID", f"Flags {asked & ~kind.flags} can't be set here")
    if before is not None and before.v2 and flags is not None and not asked & limits.COMPONENTS_V2:
        form.fault(
            (*path, "flags"),
            "MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG",
            "The IS_COMPONENTS_V2 flag can't be taken off a message",
        )
    v2 = bool((asked | kept) & limits.COMPONENTS_V2)
    if v2:
        _check_no_legacy(form, path, body, before)
    layout.check_message(
        form, (*path, "components"), body.get("components"), v2=v2, files=_names(form, path, body, uploads, before)
    )
    _check_mentions(form, (*path, "allowed_mentions"), body.get("allowed_mentions"))
    embeds = body.get("embeds")
    if isinstance(embeds, list) and sum(map(_embed_text, embeds)) > limits.EMBED_TEXT:
        form.fault((*path, "embeds"), "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum of {limits.EMBED_TEXT}")


def _check_no_legacy(form: Form, path: Path, body: Json, before: Message | None) -> None:
    for name in ("content", "embeds", "sticker_ids", "poll"):
        left = before is not None and name in ("content", "embeds") and name not in body and getattr(before, name)
        if body.get(name) or left:
            form.fault(
                (*path, name),
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
            )


def _names(form: Form, path: Path, body: Json, uploads: Mapping[int, str], before: Message | None) -> Collection[str]:
    """The file names that the message will have, and faults for attachments that name no file."""
    listed = body.get("attachments")
    kept = {one.id: one.name for one in before.attachments} if before is not None else {}
    if not isinstance(listed, list):
        return {*uploads.values(), *kept.values()}
    names = set(uploads.values())
    for index, entry in enumerate(listed):
        number = str(entry.get("id")) if isinstance(entry, dict) else ""
        if number in kept:
            names.add(kept[number])
        elif number.isdecimal() and int(number) in uploads:
            names.add(entry.get("filename") or uploads[int(number)])
        else:
            form.fault((*path, "attachments", index), "ATTACHMENT_NOT_FOUND", f"There is no file {number!r}")
    return names


def _check_mentions(form: Form, path: Path, allowed: Any) -> None:
    if not isinstance(allowed, dict):
        return
    for name in ("users", "roles"):
        if allowed.get(name) and name in (allowed.get("parse") or ()):
            form.fault(
                path,
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                f'parse:["{name}"] and {name}: [ids...] are mutually exclusive.',
            )


def _embed_text(embed: Any) -> int:
    if not isinstance(embed, dict):
        return 0
    texts = [embed.get("title"), embed.get("description"), (embed.get("footer") or {}).get("text")]
    texts.append((embed.get("author") or {}).get("name"))
    for one in embed.get("fields") or ():
        texts += [one.get("name"), one.get("value")]
    return sum(len(one) for one in texts if isinstance(one, str))


def refuse_empty(body: Json, uploads: Collection[int], before: Message | None = None) -> None:
    """ApiError 50006 when nothing would be left to see."""

    def after(name: str) -> Any:
        return body[name] if name in body else getattr(before, name, None)

    v2 = ((body.get("flags") or 0) | (before.flags if before is not None else 0)) & limits.COMPONENTS_V2
    legacy = uploads or after("attachments") or after("content") or after("embeds")
    if not (after("components") or (not v2 and (legacy or body.get("sticker_ids") or body.get("poll")))):
        raise ApiError(50006)
