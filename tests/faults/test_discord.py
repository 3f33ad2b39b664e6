"""What goes wrong on Discord alone: it forgets its nonces, and it limits changes of old messages."""

from __future__ import annotations

from pathlib import Path

from tests.crash.chats import Deed
from tests.faults.town import STANDS, Errand, running
from tests.faults.trouble import ANN, TroubledDiscord


async def test_every_attempt_arrives_and_discord_forgets_its_nonces(
    on_discord: TroubledDiscord, errand: Errand, tmp_path: Path
) -> None:
    """The worst that can be: each dropped attempt left a message. A look a minute later leaves one."""
    async with running(tmp_path, on_discord, errand) as town:
        await on_discord.forget_keys()
        await on_discord.dropped(Deed.POST, times=on_discord.attempts, after_effect=True)
        await town.ticks()
        assert await town.seen() == ("claimed", on_discord.attempts)
        await town.ticks(seconds=61)
        assert await town.seen() == (STANDS, 1)


async def test_results_wait_for_the_limit_on_changes_of_old_messages(
    on_discord: TroubledDiscord, tmp_path: Path
) -> None:
    async with running(tmp_path, on_discord, Errand.QUESTION) as town:
        await town.ticks()
        (post,) = await on_discord.shown()
        assert "Correct" in await on_discord.press(ANN, post.id, "True")
        await on_discord.limits_changes_of_old_messages(times=2)
        for later in (120, 15):
            await town.ticks(minutes=later)
            assert (await town.seen(), (await on_discord.shown())[0].version) == (("closing", 1), 1)
        await town.ticks(minutes=1)
        (post,) = await on_discord.shown()
        assert (await town.seen(), post.version) == (("closed", 1), 2)
        assert "1 person answered" in post.text.replace("*", "")
