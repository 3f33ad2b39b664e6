"""A platform closes a channel to the bot, or the bot out: somebody hears why, and what is mended in time goes out, once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.platform import SignedOut
from bot.store.schedules import Pause
from tests.crash.chats import Deed
from tests.faults.town import STANDS, Errand, Town, running
from tests.faults.trouble import ANN, TroubledSlack

pytestmark = pytest.mark.slow


async def test_what_a_permission_was_lacking_for_goes_out_when_it_is_given_in_time(town: Town) -> None:
    await town.chat.forbid()
    await town.until_paused(Pause.FORBIDDEN)
    said = await town.until_told()
    assert "I can’t post the question of the day any more" in said
    await town.ticks()
    assert await town.chat.shown() == []
    await town.chat.allow()
    await town.until_paused(None)
    await town.ticks(minutes=1)
    assert await town.seen() == (STANDS, 1)
    await town.ticks(minutes=11)
    assert await town.seen() == (STANDS, 1)
    assert await town.until_told() == said, "and nothing else"


async def test_a_channel_that_is_deleted_is_told_of_once_and_asked_nothing(town: Town) -> None:
    await town.ticks(minutes=-1)
    await town.chat.delete()
    await town.until_paused(Pause.MISSING)
    said = await town.until_told()
    for later in (1, 11):
        await town.ticks(minutes=later)
    assert await town.until_told() == said
    assert await town.chat.asked(Deed.POST) == 0


async def test_what_a_bot_that_was_signed_out_owes_goes_out_when_it_is_back_in_time(town: Town) -> None:
    await town.chat.revoke()
    await town.ticks()
    assert await town.seen() == ("claimed", 0)
    async with asyncio.timeout(20):
        with pytest.raises(SignedOut):
            await town.running
    await town.stop()
    await town.chat.mend()
    await town.start()
    await town.ticks(minutes=30)
    assert await town.seen() == (STANDS, 1)
    await town.ticks(minutes=2)
    assert await town.seen() == (STANDS, 1)


async def test_an_archived_channel_is_told_of_and_goes_on_when_it_is_one_again(
    on_slack: TroubledSlack, errand: Errand, tmp_path: Path
) -> None:
    async with running(tmp_path, on_slack, errand) as town:
        await on_slack.archive()
        await town.until_paused(Pause.FORBIDDEN)
        assert "The channel is archived. Unarchive it" in await town.until_told()
        await town.ticks()
        assert await on_slack.shown() == []
        await on_slack.unarchive()
        await on_slack.allow()
        await town.until_paused(None)
        await town.ticks(minutes=1)
        assert await town.seen() == (STANDS, 1)


async def test_a_question_whose_channel_is_archived_closes_without_results_and_its_answers_count(
    on_slack: TroubledSlack, tmp_path: Path
) -> None:
    async with running(tmp_path, on_slack, Errand.QUESTION) as town:
        await town.ticks()
        (post,) = await on_slack.shown()
        assert "Correct" in await on_slack.press(ANN, post.id, "True")
        await on_slack.archive()
        await town.until_paused(Pause.FORBIDDEN)
        await town.ticks(hours=2)
        assert await town.seen() == ("closed", 1)
        assert (await on_slack.shown())[0].version == 1
        assert await town.answered() == 1
