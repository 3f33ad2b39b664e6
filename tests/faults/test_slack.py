"""Slack asks for a pause in one channel: the others do not wait for it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.crash.chats import Deed
from tests.faults.town import Errand, running
from tests.faults.trouble import TroubledSlack


async def test_a_long_pause_in_one_channel_holds_up_no_other(on_slack: TroubledSlack, tmp_path: Path) -> None:
    """Slack is not asked again before the pause is over, and the bot looks after everything else meanwhile."""
    async with running(tmp_path, on_slack, Errand.QUESTION) as town:
        await on_slack.limited(Deed.POST, times=100)
        await town.ticks()
        assert await town.seen() == ("claimed", 0)
        asked = await on_slack.asked(Deed.POST)
        for _ in range(2):
            async with asyncio.timeout(20):  # seconds; the pause is of five minutes
                await town.ticks(seconds=61)
        assert await town.seen() == ("claimed", 0)
        assert await on_slack.asked(Deed.POST) == asked
        town.chat.pause_is_over(town.platform)
        await town.ticks(seconds=61)
        assert await on_slack.asked(Deed.POST) == asked + 1, "it is limited still"
