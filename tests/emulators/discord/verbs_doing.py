"""Control verbs for what people do; each waits for what comes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import suppress

from tests.emulators.discord import deeds, named, posting, slash, views
from tests.emulators.discord.burst import burst
from tests.emulators.discord.errors import Impossible, Json
from tests.emulators.discord.interactions import Interaction, deliver
from tests.emulators.discord.world import World


async def _done(world: World, ask: Json, one: Interaction) -> Json:
    """Tell the bot, and wait until the person sees something, or `wait` real seconds are over."""
    one.may_stay_unanswered = ask.get("may_stay_unanswered", False)
    if not deliver(world, one) and not one.may_stay_unanswered:
        raise Impossible("no session of the bot heard of it")
    return await _wait(world, ask | {"interaction": one.id}, one)


async def _wait(world: World, ask: Json, one: Interaction | None = None) -> Json:
    one = one or named.interaction(world, ask)
    loop = asyncio.get_running_loop()
    deadline = loop.time() + ask.get("wait", 10.0)
    until_settled = ask.get("until", "settled") == "settled"
    while not (one.settled if until_settled else one.answered) and (left := deadline - loop.time()) > 0:
        silence = 0.5
        if not one.answered:
            silence = one.made + world.settings.first_response + 0.05 - world.clock.now()
            if silence < 0:
                break
        watcher: asyncio.Future[None] = loop.create_future()
        one.watchers.append(watcher)
        with suppress(TimeoutError):
            await asyncio.wait_for(watcher, min(left, silence))
    return views.interaction(one)


def wait(world: World, ask: Json) -> Awaitable[Json]:
    return _wait(world, ask)


def command(world: World, ask: Json) -> Awaitable[Json]:
    one = slash.command(
        world, named.user(world, ask), named.channel(world, ask), ask["command"], ask.get("options", {})
    )
    return _done(world, ask, one)


def complete(world: World, ask: Json) -> Awaitable[Json]:
    options, focused = ask["options"], ask["focused"]
    one = slash.completion(world, named.user(world, ask), named.channel(world, ask), ask["command"], options, focused)
    return _done(world, ask, one)


def press(world: World, ask: Json) -> Awaitable[Json]:
    one = deeds.press(world, named.user(world, ask), named.channel(world, ask), ask["message"], ask["button"])
    return _done(world, ask, one)


def choose(world: World, ask: Json) -> Awaitable[Json]:
    where = named.channel(world, ask)
    one = deeds.choose(world, named.user(world, ask), where, ask["message"], ask["select"], ask["values"])
    return _done(world, ask, one)


def submit(world: World, ask: Json) -> Awaitable[Json]:
    return _done(world, ask, deeds.submit(world, named.interaction(world, ask), ask["values"]))


def forge(world: World, ask: Json) -> Awaitable[Json]:
    user, channel = named.user(world, ask), named.channel(world, ask)
    return _done(world, ask, deeds.forge(world, user, channel, ask["kind"], ask["data"], ask.get("message")))


def redeliver(world: World, ask: Json) -> int:
    """The same INTERACTION_CREATE once more, id and token included."""
    one = named.interaction(world, ask)
    return world.gateway.dispatch("INTERACTION_CREATE", one.payload, one.channel.guild_id)


def redeliver_event(world: World, ask: Json) -> int:
    """The last event of a name once more, such as MESSAGE_REACTION_ADD."""
    if ask["event"] not in world.gateway.last:
        raise Impossible(f"there was no {ask['event']}")
    return world.gateway.dispatch(ask["event"], *world.gateway.last[ask["event"]])


def react(world: World, ask: Json) -> None:
    where = named.channel(world, ask)
    deeds.react(world, named.user(world, ask), where, ask["message"], ask["emoji"], added=ask.get("added", True))


def say(world: World, ask: Json) -> Json:
    return views.message(deeds.say(world, named.user(world, ask), named.channel(world, ask), ask["content"]))


def delete_message(world: World, ask: Json) -> None:
    posting.delete(world, named.channel(world, ask).messages[ask["message"]])


def press_in_a_burst(world: World, ask: Json) -> Awaitable[Json]:
    message = named.channel(world, ask).messages[ask["message"]]
    people = [world.users[number] for number in ask["people"]]
    return burst(world, message, ask["custom_ids"], people, ask["seconds"], ask.get("wait", 10.0))
