"""Whether the bot can do its work in a channel; when not, what an admin does about it, in words."""

from __future__ import annotations

import time
from collections import OrderedDict

from adapters.slack import errors, permissions
from adapters.slack import payload as read
from adapters.slack.access import Access
from adapters.slack.installs import signed_in
from adapters.slack.payload import Payload
from bot.events import Place
from bot.platform import Forbidden, Missing

FRESH = 60.0
"""Seconds for which what Slack said of a channel is believed."""

REMEMBERED = 10_000
"""Channels; the longest unused are forgotten first."""


class Channels:
    def __init__(self, access: Access) -> None:
        self._access = access
        self._known: OrderedDict[str, tuple[float, Payload]] = OrderedDict()

    def forget(self, channel: str) -> None:
        """Something has changed there."""
        self._known.pop(channel, None)

    def forget_all(self) -> None:
        self._known.clear()

    async def check(self, place: Place) -> None:
        """As `Platform.check`. Direct messages can only be closed by the person, which nobody sees."""
        installation = await self._access.installation(place.workspace)
        if installation.scopes and permissions.lacking(installation.scopes):
            now = await signed_in(self._access.api, installation.token)  # it may have been installed anew since
            if lacking := permissions.lacking(now.scopes):
                raise Forbidden(errors.lacking(lacking))
        if is_direct(place.channel):
            return
        channel = await self._look(place)
        if channel.get("is_archived") is True:
            raise Forbidden(errors.ARCHIVED)
        if channel.get("is_member") is not True:
            raise Forbidden(errors.INVITE)

    async def name(self, place: Place) -> str:
        """As Slack has it, without `#`. PlatformError where it does not show the channel."""
        return read.text(await self._look(place), "name") or place.channel

    async def _look(self, place: Place) -> Payload:
        now = time.monotonic()
        known = self._known.get(place.channel)
        if known is not None and now - known[0] < FRESH:
            return known[1]
        said = await self._access.ask(place.workspace, lambda client: client.conversations_info(channel=place.channel))
        found: Payload = said.get("channel") or {}
        if not found:
            raise Missing(errors.GONE)
        self._known[place.channel] = (now, found)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return found


def is_direct(channel: str) -> bool:
    """Whether a channel is somebody's private messages with the bot; a user's id is their address, too."""
    return channel[:1] in ("D", "U", "W")
