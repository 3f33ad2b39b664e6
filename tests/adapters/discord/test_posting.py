"""Posts, edits, look-ups and private messages, through Discord's troubles."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.events import Place
from bot.platform import Forbidden, Missing, Rejected, SignedOut, Unavailable
from tests.adapters.contract import ADA, GRACE, QUESTION
from tests.adapters.discord.bench import DiscordBench
from tests.emulators.discord.client import Discord

MESSAGES = "/channels/{channel_id}/messages"


def ago(**time: float) -> datetime:
    return datetime.now(UTC) - timedelta(**time)


async def test_nothing_is_posted_into_another_server_s_channel(discord: Discord, bench: DiscordBench) -> None:
    elsewhere = await (await discord.guild("Elsewhere")).channel("theirs")
    with pytest.raises(Missing, match="The channel is gone"):
        await bench.platform.post(Place("discord", bench.guild.id, elsewhere.id), QUESTION, "daily:1")
    assert await elsewhere.messages() == []


# ---------------------------------------------------------------- once


@pytest.mark.parametrize("trouble", ["dropped before", "dropped after", "503", "500", "limited", "limited by the host"])
async def test_a_post_arrives_once_whatever_happens_on_the_way(
    discord: Discord, bench: DiscordBench, trouble: str
) -> None:
    match trouble:
        case "dropped before" | "dropped after":
            await discord.dropped("POST", MESSAGES, after_effect=trouble == "dropped after")
        case "500" | "503":
            await discord.failing("POST", MESSAGES, int(trouble))
        case _:
            await discord.limited("POST", MESSAGES, seconds=0.1, via=trouble == "limited")
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    (message,) = await bench.channel.messages()
    assert message.id == ref.message
    bodies = [one["body"] for one in await discord.requests("POST", MESSAGES)]
    assert {(body["nonce"], body["enforce_nonce"]) for body in bodies} == {(bodies[0]["nonce"], True)}
    await discord.violations(clear=True)  # what was made to happen


async def test_a_pause_of_minutes_is_left_to_the_caller(discord: Discord, bench: DiscordBench) -> None:
    await discord.limited("POST", MESSAGES, seconds=300, via=False)
    with pytest.raises(Unavailable) as found:
        await bench.platform.post(bench.place, QUESTION, "daily:1")
    assert found.value.retry_after == pytest.approx(300, abs=5)
    await discord.violations(clear=True)


async def test_a_post_is_found_long_after_its_nonce_is_forgotten(discord: Discord, bench: DiscordBench) -> None:
    before = ago(minutes=1)
    await bench.people[ADA].say(bench.channel, "Good morning")
    other = await bench.platform.post(bench.place, QUESTION, "daily:0")
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    for n in range(3):
        await bench.people[GRACE].say(bench.channel, f"Chatter {n}")
    await discord.advance(3600)
    await bench.restart()
    assert await bench.platform.find(bench.place, "daily:1", before) == [ref]
    assert await bench.platform.find(bench.place, "daily:0", before) == [other]
    assert await bench.platform.find(bench.place, "daily:2", before) == []


async def test_a_post_is_found_beyond_the_history_s_first_page(bench: DiscordBench) -> None:
    before = ago(minutes=1)
    for n in range(105):
        await bench.people[GRACE].say(bench.channel, f"Chatter {n}")
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    assert await bench.platform.find(bench.place, "daily:1", before) == [ref]


async def test_an_unread_history_is_not_taken_for_an_empty_one(bench: DiscordBench) -> None:
    await bench.platform.post(bench.place, QUESTION, "daily:1")
    await bench.channel.permit(deny=["READ_MESSAGE_HISTORY"])
    with pytest.raises(Forbidden, match="Read Message History"):
        await bench.platform.find(bench.place, "daily:1", ago(minutes=1))


async def test_a_post_in_a_thread_is_found_there(bench: DiscordBench) -> None:
    thread = await bench.channel.thread("side", bench.people[ADA])
    place = Place("discord", bench.guild.id, bench.channel.id, thread.id)
    ref = await bench.platform.post(place, QUESTION, "daily:1")
    assert [message.id for message in await thread.messages()] == [ref.message]
    assert await bench.platform.find(place, "daily:1", ago(minutes=1)) == [ref]


# ---------------------------------------------------------------- refusals


async def test_a_channel_that_the_bot_may_not_write_to_is_forbidden(discord: Discord, bench: DiscordBench) -> None:
    await bench.channel.permit(deny=["SEND_MESSAGES"])
    with pytest.raises(Forbidden):
        await bench.platform.post(bench.place, QUESTION, "daily:1")
    await discord.violations(clear=True)


async def test_a_deleted_channel_is_missing(discord: Discord, bench: DiscordBench) -> None:
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    await bench.channel.delete()
    with pytest.raises(Missing):
        await bench.platform.post(bench.place, QUESTION, "daily:2")
    with pytest.raises(Missing):
        await bench.platform.edit(ref, QUESTION)
    with pytest.raises((Missing, Forbidden)):
        await bench.platform.find(bench.place, "daily:1", ago(minutes=1))
    await discord.violations(clear=True)


async def test_a_server_that_the_bot_was_removed_from_is_forbidden_or_missing(
    discord: Discord, bench: DiscordBench
) -> None:
    await bench.guild.remove_bot()
    with pytest.raises((Missing, Forbidden)):
        await bench.platform.post(bench.place, QUESTION, "daily:1")
    with pytest.raises((Missing, Forbidden)):
        await bench.platform.find(bench.place, "daily:1", ago(minutes=1))
    await bench.guild.add_bot()
    await bench.platform.post(bench.place, QUESTION, "daily:1")
    assert len(await bench.channel.messages()) == 1
    await discord.violations(clear=True)


async def test_a_message_that_discord_never_takes_is_rejected(discord: Discord, bench: DiscordBench) -> None:
    await discord.failing("POST", MESSAGES, 400, code=50035, message="Invalid Form Body")
    with pytest.raises(Rejected):
        await bench.platform.post(bench.place, QUESTION, "daily:1")
    await discord.violations(clear=True)


@pytest.mark.parametrize("channel", ["general", "", "1" * 30, "-1"])
async def test_an_id_that_is_none_is_missing(bench: DiscordBench, channel: str) -> None:
    with pytest.raises(Missing):
        await bench.platform.post(Place("discord", bench.guild.id, channel), QUESTION, "daily:1")


async def test_before_it_has_signed_in_the_bot_is_unavailable(
    bench: DiscordBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bench.stop()
    monkeypatch.setattr("adapters.discord.client.SIGN_IN", 0.05)
    with pytest.raises(Unavailable, match="signed in"):
        await bench.platform.post(bench.place, QUESTION, "daily:1")


async def test_a_post_at_the_start_waits_until_the_bot_has_signed_in(bench: DiscordBench) -> None:
    await bench.stop()
    posting = asyncio.create_task(bench.platform.post(bench.place, QUESTION, "daily:1"))
    await asyncio.sleep(0.05)
    bench.running = asyncio.create_task(bench.platform.run(bench.handle))
    assert (await posting).place == bench.place


# ---------------------------------------------------------------- a refused token


async def test_a_refused_token_ends_the_run_and_no_more_is_asked(discord: Discord, bench: DiscordBench) -> None:
    await discord.failing("POST", MESSAGES, 401)
    with pytest.raises(SignedOut):
        await bench.platform.post(bench.place, QUESTION, "daily:1")
    with pytest.raises(SignedOut, match="developer portal"):
        await bench.running
    asked = len(await discord.requests())
    with pytest.raises(SignedOut):
        await bench.platform.post(bench.place, QUESTION, "daily:1")
    assert len(await discord.requests()) == asked
    await discord.violations(clear=True)


async def test_a_wrong_token_is_told_at_once(discord: Discord, bench: DiscordBench) -> None:
    from adapters.discord.client import DiscordPlatform

    platform = DiscordPlatform("wrong.token.here", discord.api)
    with pytest.raises(SignedOut, match="token"):
        await platform.run(bench.handle)
    await discord.violations(clear=True)
