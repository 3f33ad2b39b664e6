"""Whether the bot can do its work in a channel, and the sentence by which an admin mends it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

import pytest

from adapters.discord.client import DiscordPlatform
from bot.events import Place
from bot.platform import Forbidden, Missing, PlatformError, Unavailable
from tests.adapters.contract import ADA, QUESTION
from tests.adapters.discord.bench import DiscordBench
from tests.emulators.discord.client import Discord

EVERYTHING = ("VIEW_CHANNEL", "SEND_MESSAGES", "SEND_MESSAGES_IN_THREADS", "ATTACH_FILES", "READ_MESSAGE_HISTORY", "ADD_REACTIONS")  # fmt: skip


async def refused(bench: DiscordBench, place: Place | None = None) -> PlatformError:
    """Why the bot can't work in a place, as soon as the connection has told of it."""
    async with asyncio.timeout(20):
        while True:
            try:
                await bench.platform.check(place or bench.place)
            except (Forbidden, Missing) as problem:
                return problem
            await asyncio.sleep(0.01)


async def allowed(bench: DiscordBench, place: Place | None = None) -> None:
    """Wait until the bot can work in a place."""
    async with asyncio.timeout(20):
        while True:
            try:
                return await bench.platform.check(place or bench.place)
            except (Forbidden, Missing):
                await asyncio.sleep(0.01)


async def test_a_look_costs_no_request(discord: Discord, bench: DiscordBench) -> None:
    before = len(await discord.requests())
    for _ in range(20):
        await bench.platform.check(bench.place)
    assert len(await discord.requests()) == before


@pytest.mark.parametrize(
    ("deny", "lacking"),
    [
        (["ADD_REACTIONS"], "I lack Add Reactions in #daily."),
        (["SEND_MESSAGES", "ADD_REACTIONS"], "I lack Send Messages and Add Reactions in #daily."),
        (["VIEW_CHANNEL"], "I lack View Channel in #daily."),
        (
            ["READ_MESSAGE_HISTORY", "ATTACH_FILES", "SEND_MESSAGES"],
            "I lack Send Messages, Attach Files and Read Message History in #daily.",
        ),
    ],
)
async def test_what_is_lacking_is_named_with_its_mend(bench: DiscordBench, deny: list[str], lacking: str) -> None:
    await bench.channel.permit(deny=deny)
    problem = await refused(bench)
    assert isinstance(problem, Forbidden)
    assert str(problem) == f"{lacking} In the channel’s settings, under Permissions, allow that to my role."
    await bench.channel.permit()
    await allowed(bench)


async def test_what_the_whole_server_withholds_is_named_too(bench: DiscordBench) -> None:
    await bench.guild.permit_everyone(*(each for each in EVERYTHING if each != "ATTACH_FILES"))
    assert "I lack Attach Files in #daily." in str(await refused(bench))
    await bench.channel.permit(allow=["ATTACH_FILES"])
    await allowed(bench)


async def test_an_administrator_lacks_nothing(bench: DiscordBench) -> None:
    await bench.channel.permit_everyone(deny=["SEND_MESSAGES"])
    await refused(bench)
    await bench.guild.grant(None, "ADMINISTRATOR")
    await allowed(bench)


async def test_only_what_is_needed_there_is_asked_for(bench: DiscordBench) -> None:
    thread = replace(bench.place, thread=(await bench.channel.thread("side", bench.people[ADA])).id)
    await bench.channel.permit(deny=["SEND_MESSAGES"])
    await refused(bench)
    await bench.platform.check(thread)
    await bench.channel.permit(deny=["SEND_MESSAGES_IN_THREADS"])
    assert "I lack Send Messages in Threads in #daily." in str(await refused(bench, thread))
    await bench.platform.check(bench.place)


async def test_a_deleted_channel_is_missing(bench: DiscordBench) -> None:
    await bench.channel.delete()
    problem = await refused(bench)
    assert isinstance(problem, Missing)
    assert "The channel is gone. Choose another" in str(problem)


async def test_nobody_writes_into_a_category(bench: DiscordBench) -> None:
    category = await bench.guild.channel("Courses", kind="category")
    async with asyncio.timeout(20):
        while "Nobody can write into #Courses itself" not in str(
            await refused(bench, replace(bench.place, channel=category.id))
        ):
            await asyncio.sleep(0.01)


async def test_a_name_is_plain_and_on_one_line(bench: DiscordBench) -> None:
    await bench.channel.rename("\u202e@everyone\n**x**" + "y" * 200)
    await bench.channel.permit(deny=["SEND_MESSAGES"])
    said = str(await refused(bench))
    assert "in #@everyone **x**yyy" in said
    assert "\n" not in said
    assert len(said) < 250


@pytest.mark.parametrize("channel", ["general", "", "1" * 30, "-1"])
async def test_an_id_that_is_none_is_missing(bench: DiscordBench, channel: str) -> None:
    with pytest.raises(Missing):
        await bench.platform.check(replace(bench.place, channel=channel))


async def test_private_messages_need_no_permissions(bench: DiscordBench) -> None:
    await bench.platform.check(Place("discord", "", "123456789012345678"))


# ---------------------------------------------------------------- threads


async def test_a_thread_that_is_archived_is_still_one_to_write_in(bench: DiscordBench) -> None:
    thread = await bench.channel.thread("side", bench.people[ADA])
    place = replace(bench.place, thread=thread.id)
    await bench.platform.check(place)
    await thread.archive()
    await bench.platform.check(place)
    await bench.platform.post(place, QUESTION, "daily:1")
    assert len(await thread.messages()) == 1


async def test_a_locked_thread_is_forbidden_until_it_is_unlocked(bench: DiscordBench) -> None:
    thread = await bench.channel.thread("side", bench.people[ADA])
    place = replace(bench.place, thread=thread.id)
    await thread.archive(locked=True)
    problem = await refused(bench, place)
    assert isinstance(problem, Forbidden)
    assert "The thread side is locked. Unlock it" in str(problem)
    await thread.unlock()
    await allowed(bench, place)


async def test_a_deleted_thread_is_missing(bench: DiscordBench) -> None:
    thread = await bench.channel.thread("side", bench.people[ADA])
    await thread.delete()
    problem = await refused(bench, replace(bench.place, thread=thread.id))
    assert isinstance(problem, Missing)
    assert "The thread is gone" in str(problem)
    await bench.platform.check(bench.place)


async def test_a_channel_is_no_thread(bench: DiscordBench) -> None:
    problem = await refused(bench, replace(bench.place, thread=bench.channel.id))
    assert isinstance(problem, Missing)


# ---------------------------------------------------------------- servers


async def test_a_timed_out_bot_says_so(bench: DiscordBench) -> None:
    await bench.guild.time_out(None, 600)
    assert "I am timed out in Study Hall" in str(await refused(bench))
    await bench.guild.time_out(None, None)
    await allowed(bench)


async def test_a_server_that_removed_the_bot_is_forbidden(bench: DiscordBench) -> None:
    await bench.guild.remove_bot()
    problem = await refused(bench)
    assert isinstance(problem, Forbidden)
    assert "I am not in that server any more. Invite me again" in str(problem)
    await bench.guild.add_bot()
    await allowed(bench)


async def test_a_server_that_is_down_is_unavailable_and_not_forbidden(bench: DiscordBench) -> None:
    await bench.guild.outage()
    async with asyncio.timeout(20):
        while True:
            try:
                await bench.platform.check(bench.place)
            except Unavailable:
                break
            await asyncio.sleep(0.01)
    await bench.guild.outage(over=True)
    await bench.until_told()
    await bench.platform.check(bench.place)


async def test_before_a_server_has_been_told_of_nothing_is_concluded(discord: Discord, bench: DiscordBench) -> None:
    await bench.stop()
    await bench.guild.outage()
    bench.platform = DiscordPlatform(discord.token, discord.api)
    bench.running = asyncio.create_task(bench.platform.run(bench.handle))
    with pytest.raises(Unavailable):
        await bench.platform.check(bench.place)


# ---------------------------------------------------------------- another process's servers


@pytest.fixture
async def half(discord: Discord, bench: DiscordBench) -> AsyncIterator[DiscordBench]:
    """A process that hears of every other server, and not of the one that its place is in."""
    await bench.stop()
    await discord.settings(shards=2)
    bench.guild = await discord.guild("Far Away", number=str(2 << 22))
    bench.channel = await bench.guild.channel("daily")
    bench.place = Place("discord", bench.guild.id, bench.channel.id)
    bench.platform = DiscordPlatform(discord.token, discord.api, "1/2")
    bench.running = asyncio.create_task(bench.platform.run(bench.handle))
    await discord.until_connected()
    yield bench
    await discord.violations(clear=True)


async def test_of_another_process_s_server_discord_is_asked(half: DiscordBench) -> None:
    await half.platform.check(half.place)
    await half.channel.permit(deny=["ADD_REACTIONS"])
    assert str(await refused(half)).startswith("I lack Add Reactions in the channel.")


Deed = Callable[[DiscordBench], Awaitable[object]]


@pytest.mark.parametrize(
    ("deed", "kind", "said"),
    [
        (lambda bench: bench.channel.permit(deny=["VIEW_CHANNEL"]), Forbidden, "I can’t see the channel"),
        (lambda bench: bench.channel.delete(), Missing, "The channel is gone"),
        (lambda bench: bench.guild.remove_bot(), Forbidden, "I am not in that server any more"),
    ],
)
async def test_what_is_wrong_there_is_said_in_words(
    half: DiscordBench, deed: Deed, kind: type[PlatformError], said: str
) -> None:
    await deed(half)
    with pytest.raises(kind, match=said):
        await half.platform.check(half.place)


async def test_a_thread_of_another_process_s_server_is_looked_at_too(half: DiscordBench) -> None:
    ann = await half.guild.person("Ann")
    thread = await half.channel.thread("side", ann)
    place = replace(half.place, thread=thread.id)
    await half.platform.check(place)
    await thread.archive(locked=True)
    with pytest.raises(Forbidden, match="The thread side is locked"):
        await half.platform.check(place)


# ---------------------------------------------------------------- when Discord refuses


async def test_a_refusal_is_explained_rather_than_quoted(discord: Discord, bench: DiscordBench) -> None:
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    await bench.channel.permit(deny=["SEND_MESSAGES", "ADD_REACTIONS"])
    await refused(bench)
    for refusal in (bench.platform.post(bench.place, QUESTION, "daily:2"), bench.platform.react(ref, "1️⃣")):
        with pytest.raises(Forbidden, match="I lack Send Messages and Add Reactions in #daily"):
            await refusal
    await bench.channel.delete()
    await refused(bench)
    for refusal in (bench.platform.post(bench.place, QUESTION, "daily:2"), bench.platform.edit(ref, QUESTION)):
        with pytest.raises((Missing, Forbidden), match="The channel is gone"):
            await refusal
    await discord.violations(clear=True)


async def test_what_is_missing_where_all_is_well_is_told_as_discord_tells_it(
    discord: Discord, bench: DiscordBench
) -> None:
    with pytest.raises(Missing, match="Unknown Message"):
        await bench.platform.edit(bench.gone, QUESTION)
    await discord.violations(clear=True)
