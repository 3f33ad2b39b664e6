"""Reactions, through Discord's troubles and its silences."""

from __future__ import annotations

import pytest

from bot.events import NAMELESS, Event, MessageRef, Place, Reaction
from bot.platform import Forbidden, Missing, Rejected
from tests.adapters.contract import ADA, GRACE, QUESTION, reacted
from tests.adapters.discord.bench import DiscordBench
from tests.emulators.discord.client import Discord

REACT = "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me"


@pytest.mark.parametrize("trouble", ["dropped before", "dropped after", "503", "limited"])
async def test_an_emoji_stands_once_whatever_happens_on_the_way(
    discord: Discord, bench: DiscordBench, trouble: str
) -> None:
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    match trouble:
        case "503":
            await discord.failing("PUT", REACT, 503)
        case "limited":
            await discord.limited("PUT", REACT, seconds=0.1)
        case _:
            await discord.dropped("PUT", REACT, after_effect=trouble == "dropped after")
    await bench.platform.react(ref, "1️⃣")
    (message,) = await bench.channel.messages()
    assert await bench.channel.reactions(message) == {"1️⃣": [discord.application_id]}
    await discord.violations(clear=True)


async def test_emojis_may_be_forbidden_and_those_that_stand_are_not(discord: Discord, bench: DiscordBench) -> None:
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    await bench.platform.react(ref, "1️⃣")
    await bench.channel.permit(deny=["ADD_REACTIONS"])
    await bench.platform.react(ref, "1️⃣")
    with pytest.raises(Forbidden):
        await bench.platform.react(ref, "2️⃣")
    assert await bench.emojis(ADA, ref.message) == ("1️⃣",)
    await discord.violations(clear=True)


async def test_reactions_where_no_channel_is_are_missing(discord: Discord, bench: DiscordBench) -> None:
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    await bench.channel.delete()
    for asking in (bench.platform.react(ref, "1️⃣"), bench.platform.reactors(ref, "1️⃣")):
        with pytest.raises(Missing):
            await asking
    await discord.violations(clear=True)


async def test_what_is_no_emoji_is_rejected(discord: Discord, bench: DiscordBench) -> None:
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    with pytest.raises(Rejected):
        await bench.platform.react(ref, "hello")
    await discord.violations(clear=True)


async def test_a_reaction_s_name_is_the_one_that_people_have_here(bench: DiscordBench) -> None:
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    await bench.react(GRACE, ref.message, "1️⃣")
    (event,) = await reacted(bench.events)
    assert (event.actor.name, event.actor.id) == (GRACE, bench.people[GRACE].id)
    assert (event.actor.platform, event.actor.workspace, event.actor.is_admin) == ("discord", "", False)


async def test_who_takes_an_emoji_away_after_a_restart_has_no_name_and_the_same_id(bench: DiscordBench) -> None:
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    await bench.react(ADA, ref.message, "1️⃣")
    await reacted(bench.events)
    await bench.restart()
    await bench.unreact(ADA, ref.message, "1️⃣")
    came, went = await reacted(bench.events, 2)
    assert (came.actor.id, went.actor.id) == (bench.people[ADA].id,) * 2
    assert (came.actor.name, went.actor.name) == (ADA, NAMELESS)


async def test_comings_and_goings_reach_the_bot_in_their_order(bench: DiscordBench) -> None:
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    (message,) = await bench.channel.messages()
    for _ in range(20):
        await bench.people[ADA].react(message, "1️⃣")
        await bench.people[ADA].unreact(message, "1️⃣")
    events = await reacted(bench.events, 40)
    assert [event.added for event in events] == [True, False] * 20
    assert {event.ref for event in events} == {ref}
    assert len({event.id for event in events}) == 40


async def test_a_reaction_in_a_thread_comes_and_goes_there(bench: DiscordBench) -> None:
    thread = await bench.channel.thread("side", bench.people[ADA])
    place = Place("discord", bench.guild.id, bench.channel.id, thread.id)
    ref = await bench.platform.post(place, QUESTION, "daily:1")
    await bench.platform.react(ref, "1️⃣")
    (message,) = await thread.messages()
    await bench.people[ADA].react(message, "1️⃣")
    await bench.people[ADA].unreact(message, "1️⃣")
    came, went = await reacted(bench.events, 2)
    assert came.ref == went.ref == MessageRef(place, message.id)
    assert list(await bench.platform.reactors(ref, "1️⃣")) == []


async def test_a_reaction_in_private_messages_is_none(bench: DiscordBench) -> None:
    ada = bench.people[ADA]
    bench.answer = lambda _: QUESTION
    await bench.command(ADA, "/quiz today")
    await bench.platform.tell(bench.events[0].actor, QUESTION)
    (direct,) = await ada.direct_messages()
    await ada.react(direct, "1️⃣")
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    await bench.react(GRACE, ref.message, "2️⃣")
    assert [event.actor.name for event in await reacted(bench.events)] == [GRACE]


async def test_a_reaction_that_is_being_kept_when_the_bot_stops_is_kept(bench: DiscordBench) -> None:
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    (message,) = await bench.channel.messages()
    bench.slow = 0.2
    through: list[Event] = []
    bench.answer = through.append
    await bench.people[ADA].react(message, "1️⃣")
    (event,) = await reacted(bench.events)
    assert through == []
    await bench.stop()
    assert through == [event]
    assert event.ref == ref


async def test_reactions_that_came_while_the_bot_was_away_are_found(bench: DiscordBench) -> None:
    ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
    (message,) = await bench.channel.messages()
    await bench.platform.react(ref, "1️⃣")
    await bench.stop()
    await bench.people[ADA].react(message, "1️⃣")
    await bench.connect()
    assert [each.name for each in await bench.platform.reactors(ref, "1️⃣")] == [ADA]
    assert [event for event in bench.events if isinstance(event, Reaction)] == []
