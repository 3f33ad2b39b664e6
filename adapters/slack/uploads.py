"""What is sent beside messages: pictures, before the message that shows them, which waits until Slack has looked at them; and
files, which somebody gets in their private conversation with the bot, as no message that they alone see can hold one.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import OrderedDict
from collections.abc import Mapping

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import errors
from adapters.slack.access import Access
from adapters.slack.render import Drawing, Upload
from bot.messages import File
from bot.platform import PlatformError
from bot.words import N_

log = logging.getLogger(__name__)

LOOKS = (0.1, 0.2, 0.4, 0.8, 1.5, 3.0)
"""Seconds before each look whether a picture is ready."""

REMEMBERED = 500
"""Pictures that need not be sent again; a card's picture is shown over and over."""


class Uploads:
    def __init__(self, access: Access) -> None:
        self._access = access
        self._sent: OrderedDict[tuple[str, bytes], str] = OrderedDict()

    async def send(self, workspace: str, drawing: Drawing) -> Mapping[int, str]:
        """The files that show a message's pictures, by place. Of one that can't be sent the words are shown."""
        files: dict[int, str] = {}
        for upload in drawing.uploads:
            try:
                files[upload.at] = await self._file(workspace, upload)
            except PlatformError as error:
                log.warning("a picture is shown by its words: %s", error)
        return files

    async def _file(self, workspace: str, upload: Upload) -> str:
        key = (workspace, hashlib.sha256(upload.content + b"\0" + upload.alt.encode()).digest())
        if (known := self._sent.get(key)) is not None:
            return known
        number = await self._send(workspace, upload)
        await self._ready(workspace, number)
        self._sent[key] = number
        if len(self._sent) > REMEMBERED:
            self._sent.popitem(last=False)
        return number

    async def _send(self, workspace: str, upload: Upload) -> str:
        """A file that is seen by nobody until a message shows it. One that was sent twice is seen once all the same."""

        async def attempt(client: AsyncWebClient) -> str:
            place = await client.files_getUploadURLExternal(
                filename=upload.name, length=len(upload.content), alt_txt=upload.alt
            )
            await self._bytes(str(place["upload_url"]), upload.content)
            number: str = place["file_id"]
            await client.files_completeUploadExternal(files=[{"id": number, "title": upload.name}])
            return number

        return await self._access.ask(workspace, attempt)

    async def hand(self, workspace: str, user: str, file: File) -> None:
        """Give somebody a file in their conversation with the bot. Once it may be there it is not sent again."""
        opened = await self._access.ask(workspace, lambda client: client.conversations_open(users=[user]))
        channel = str(opened["channel"]["id"])

        async def sent(client: AsyncWebClient) -> str:
            place = await client.files_getUploadURLExternal(filename=file.name, length=len(file.content))
            await self._bytes(str(place["upload_url"]), file.content)
            return str(place["file_id"])

        number = await self._access.ask(workspace, sent)

        async def shared(client: AsyncWebClient) -> None:
            await client.files_completeUploadExternal(files=[{"id": number, "title": file.name}], channel_id=channel)

        await self._access.once(workspace, shared)

    async def _bytes(self, address: str, content: bytes) -> None:
        async with self._access.api.session.post(address, data=content) as answer:
            if answer.status >= 300:
                raise errors.of_status(answer.status, answer.headers) or errors.of_error("invalid_upload")

    async def _ready(self, workspace: str, number: str) -> None:
        for wait in LOOKS:
            await asyncio.sleep(wait)
            said = await self._access.ask(workspace, lambda client: client.files_info(file=number))
            if (said.get("file") or {}).get("mimetype"):
                return
        raise errors.Unheard(N_("Slack has not made the picture ready in time."))
