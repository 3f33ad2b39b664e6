"""What all see: said once under its key, changed, found again. Nothing is said a second time unlooked.

Slack has no means against doubles of its own. So the key rides in each message's metadata, and a message is posted only
after the channel's history has shown that it isn't there; also after an attempt of which nothing was heard.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.access import Access
from adapters.slack.channels import is_direct
from adapters.slack.errors import Unheard
from adapters.slack.pace import PATIENCE, Pace
from adapters.slack.payload import Payload
from adapters.slack.render import Drawing
from adapters.slack.turns import Turns
from adapters.slack.uploads import Uploads
from bot.events import MessageRef, Place
from bot.platform import Missing, Unavailable

log = logging.getLogger(__name__)

KIND = "studybot_post"
"""`event_type` of our messages' metadata. Members can read it: a key says what was posted where, and no more."""

LOOK_BACK = timedelta(hours=1)
"""How far back a message with the same key is looked for before one is posted: as long as Slack repeats what it delivers."""

SETTLING = (1.0, 2.0)
"""Seconds before each look for a message of which nothing was heard."""

ATTEMPTS = 3

REMEMBERED = 1000
"""Posts whose keys are known without a look."""

PAGE = 200


class Posts:
    def __init__(self, access: Access, uploads: Uploads) -> None:
        self._access = access
        self._uploads = uploads
        self._pace = Pace()
        self._posted: OrderedDict[tuple[Place, str], MessageRef] = OrderedDict()
        self._turns = Turns()

    async def post(self, place: Place, drawing: Drawing, key: str) -> MessageRef:
        """As `Platform.post`. Of many at the same moment under one key, one posts."""
        async with self._turns.of((place, key)):
            ref = self._posted.get((place, key))
            if ref is None and not is_direct(place.channel):  # what was said in private messages we may not read
                ref = next(iter(await self.find(place, key, datetime.now(UTC) - LOOK_BACK)), None)
            if ref is None:
                files = await self._uploads.send(place.workspace, drawing)
                ref = await self._post(place, drawing, key, files)
            self._posted[place, key] = ref
            if len(self._posted) > REMEMBERED:
                self._posted.popitem(last=False)
            return ref

    async def say(self, workspace: str, channel: str, drawing: Drawing, key: str = "") -> str:
        """One attempt to say something, in its turn; the message's id. Unheard when nobody knows."""
        files = await self._uploads.send(workspace, drawing)
        said = await self._say(Place("", workspace, channel), drawing, key, files)
        return str(said["ts"])

    async def edit(self, ref: MessageRef, drawing: Drawing) -> None:
        files = await self._uploads.send(ref.place.workspace, drawing)
        await self._access.ask(
            ref.place.workspace,
            lambda client: client.chat_update(
                channel=ref.place.channel, ts=ref.message, text=drawing.text, blocks=drawing.payload(files)
            ),
        )

    async def delete(self, ref: MessageRef) -> None:
        """As `Platform.delete`."""
        self._posted = OrderedDict((key, kept) for key, kept in self._posted.items() if kept != ref)
        with contextlib.suppress(Missing):
            await self._access.ask(
                ref.place.workspace, lambda client: client.chat_delete(channel=ref.place.channel, ts=ref.message)
            )

    async def find(self, place: Place, key: str, since: datetime) -> Sequence[MessageRef]:
        """As `Platform.find`. Slack shows no history to who is not in the channel, and says so."""
        installation = await self._access.installation(place.workspace)
        wanted = {"event_type": KIND, "event_payload": {"key": key}}
        stamps = [
            str(message["ts"])
            async for message in self._history(place, f"{max(0.0, since.timestamp()):.6f}")
            if message.get("metadata") == wanted and message.get("bot_id") == installation.bot
        ]
        return [MessageRef(place, stamp) for stamp in sorted(stamps)]

    # ------------------------------------------------ inside

    async def _post(self, place: Place, drawing: Drawing, key: str, files: Mapping[int, str]) -> MessageRef:
        since = datetime.now(UTC) - timedelta(minutes=1)  # Slack's clock need not be ours
        for left in reversed(range(ATTEMPTS)):
            try:
                said = await self._say(place, drawing, key, files)
                return MessageRef(place, str(said["ts"]))
            except Unheard as problem:
                log.warning("post %s: %s Looking whether it is there.", key, problem)
                if (ref := await self._settled(place, key, since)) is not None:
                    return ref
                if not left or isinstance(problem.__cause__, TimeoutError):  # it may still be under way
                    raise
            except Unavailable as problem:
                if problem.retry_after is not None:
                    self._pace.slow(place.channel, problem.retry_after)
                if not left or (problem.retry_after or 0) > PATIENCE:
                    raise
        raise AssertionError("the last attempt returned or raised")

    async def _settled(self, place: Place, key: str, since: datetime) -> MessageRef | None:
        """Our message, if what was not heard of turns out to be there. Where nobody may look, that is an answer, too."""
        if is_direct(place.channel):
            return None
        for wait in SETTLING:
            await asyncio.sleep(wait)
            if found := await self.find(place, key, since):
                return found[0]
        return None

    async def _say(self, place: Place, drawing: Drawing, key: str, files: Mapping[int, str]) -> AsyncSlackResponse:
        more: dict[str, Any] = {}
        if key:
            more["metadata"] = {"event_type": KIND, "event_payload": {"key": key}}
        if place.thread is not None:
            more["thread_ts"] = place.thread
        await self._pace.turn(place.channel)

        async def attempt(client: AsyncWebClient) -> AsyncSlackResponse:
            return await client.chat_postMessage(
                channel=place.channel,
                text=drawing.text,
                blocks=drawing.payload(files),
                unfurl_links=False,
                unfurl_media=False,
                **more,
            )

        return await self._access.once(place.workspace, attempt)

    async def _history(self, place: Place, oldest: str) -> AsyncIterator[Payload]:
        """What was said in a channel or thread since then, with its metadata."""
        cursor: str | None = None
        while True:
            asked: dict[str, Any] = {
                "channel": place.channel,
                "oldest": oldest,
                "include_all_metadata": True,
                "limit": PAGE,
                "cursor": cursor,
            }

            async def attempt(client: AsyncWebClient, asked: dict[str, Any] = asked) -> AsyncSlackResponse:
                if place.thread is not None:
                    return await client.conversations_replies(ts=place.thread, **asked)
                return await client.conversations_history(**asked)

            said = await self._access.ask(place.workspace, attempt)
            for message in said.get("messages") or []:
                yield message
            cursor = (said.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return
