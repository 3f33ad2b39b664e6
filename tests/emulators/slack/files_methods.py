"""The methods files.*, and the address that a file's bytes go to. Source: Working with files."""

from __future__ import annotations

import secrets
from typing import Any

from tests.emulators.slack import posting
from tests.emulators.slack.calls import Call
from tests.emulators.slack.content import Content, composed
from tests.emulators.slack.errors import Json, Refusal
from tests.emulators.slack.uploads import File
from tests.emulators.slack.world import World

PREFIX = "/upload/v1/"


def get_upload_url(call: Call) -> Json:
    world = call.world
    if call.args["length"] <= 0 or not call.args["filename"]:
        raise Refusal("missing_argument")
    if len(call.args.get("alt_txt", "")) > 1000:
        raise Refusal("alt_txt_too_large")
    path = PREFIX + secrets.token_urlsafe(32)
    file = File(world.clock.id("F"), call.args["filename"], call.args["length"], call.installation, path)
    file.alt = call.args.get("alt_txt", "")
    world.files[file.id] = file
    return {"upload_url": world.base_url + path, "file_id": file.id}


def receive(world: World, path: str, content: bytes) -> tuple[int, bytes]:
    """The bytes of a file; status and text of the answer."""
    file = next((one for one in world.files.values() if one.path == path and one.content is None), None)
    if file is None:
        return 404, b"no such upload"
    if len(content) != file.length:
        world.violate("an upload of another length than announced", file.name, {"length": len(content)})
        return 400, b"wrong length"
    file.content = content
    return 200, f"OK - {len(content)}".encode()


def complete(call: Call) -> Json:
    world, asked = call.world, call.args["files"]
    if not isinstance(asked, list) or not asked or not all(isinstance(one, dict) for one in asked):
        raise Refusal("invalid_arguments", ["must provide an array [json-pointer:/files]"])
    found: list[File] = []
    for one in asked:
        file = world.files.get(one.get("id", ""))
        if file is None or file.content is None or file.installation is not call.installation or file.ready:
            raise Refusal("file_not_found")
        file.title = one.get("title", "") or file.name
        found.append(file)
    numbers = [one for one in str(call.args.get("channels", call.args.get("channel_id", ""))).split(",") if one]
    channels = [call.member_of(call.channel(one)) for one in numbers]
    for file in found:
        file.ready = world.clock.now() + world.settings.file_delay
    if channels:
        world.spawn(_share(call, found, channels))
    return {"files": [{"id": one.id, "title": one.title} for one in found]}


async def _share(call: Call, found: list[File], channels: list[Any]) -> None:
    world = call.world
    await world.clock.until(max(one.ready or 0.0 for one in found))
    for channel in channels:
        content: Content = composed(
            {"text": call.args.get("initial_comment", "")}, str, world.file_ready, validate=False
        )
        made = posting.post(world, channel, call.me, content, call.installation, thread_ts=call.args.get("thread_ts"))
        made.subtype = "file_share"
        made.files = [one.json(world.clock.now(), world.base_url) for one in found]


def info(call: Call) -> Json:
    return {"file": _found(call).json(call.world.clock.now(), call.world.base_url), "comments": []}


def delete(call: Call) -> Json:
    _found(call).deleted = True
    return {}


def _found(call: Call) -> File:
    file = call.world.files.get(call.args["file"])
    if file is None or file.deleted or file.ready is None or file.installation is not call.installation:
        raise Refusal("file_not_found")
    return file
