"""Pictures: sent before the message that shows them, which waits until Slack has looked at them."""

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
from bot.platform import PlatformError

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
            async with self._access.api.session.post(place["upload_url"], data=upload.content) as answer:
                if answer.status >= 300:
                    raise errors.of_status(answer.status, answer.headers) or errors.of_error("invalid_upload")
            number: str = place["file_id"]
            await client.files_completeUploadExternal(files=[{"id": number, "title": upload.name}])
            return number

        return await self._access.ask(workspace, attempt)

    async def _ready(self, workspace: str, number: str) -> None:
        for wait in LOOKS:
            await asyncio.sleep(wait)
            said = await self._access.ask(workspace, lambda client: client.files_info(file=number))
            if (said.get("file") or {}).get("mimetype"):
                return
        raise errors.Unheard("Slack has not made the picture ready in time.")
