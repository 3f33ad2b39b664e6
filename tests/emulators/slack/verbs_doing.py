"""Control verbs for what people do; each waits for what comes of it."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable
from contextlib import suppress
from typing import Any

from tests.emulators.slack import deeds, deliveries, forms, looks, named, outgoing, posting
from tests.emulators.slack.burst import burst
from tests.emulators.slack.channels import Channel
from tests.emulators.slack.envelopes import Delivery, Reply, Signed, Undelivered
from tests.emulators.slack.errors import Impossible, Json
from tests.emulators.slack.interactions import Interaction
from tests.emulators.slack.world import World


async def _done(world: World, ask: Json, one: Interaction) -> Json:
    one.may_stay_unanswered = ask.get("may_stay_unanswered", False)
    return await _wait(world, ask, one)


async def _wait(world: World, ask: Json, one: Interaction) -> Json:
    """Until the person sees something, or `until`, or `wait` real seconds are over."""
    loop, until = asyncio.get_running_loop(), ask.get("until", "settled")
    deadline = loop.time() + ask.get("wait", 10.0)
    while not one.reached(until) and (left := deadline - loop.time()) > 0:
        watcher: asyncio.Future[None] = loop.create_future()
        one.watchers.append(watcher)
        with suppress(TimeoutError):
            await asyncio.wait_for(watcher, left)
    return looks.interaction(world, one)


def wait(world: World, ask: Json) -> Awaitable[Json]:
    return _wait(world, ask, named.interaction(world, ask))


def command(world: World, ask: Json) -> Awaitable[Json]:
    return _done(world, ask, deeds.command(world, named.user(world, ask), named.channel(world, ask), ask["typed"]))


def press(world: World, ask: Json) -> Awaitable[Json]:
    user, where = named.user(world, ask), named.channel(world, ask)
    return _done(world, ask, deeds.press(world, user, where, ask["message"], ask["button"]))


def choose(world: World, ask: Json) -> Awaitable[Json]:
    user, where = named.user(world, ask), named.channel(world, ask)
    return _done(world, ask, deeds.choose(world, user, where, ask["message"], ask["menu"], ask["given"]))


def use_in_view(world: World, ask: Json) -> Awaitable[Json]:
    user = named.user(world, ask)
    view = forms.view_of(world, user, ask["view"])
    return _done(world, ask, deeds.press_in_view(world, user, view, ask["element"], ask.get("given")))


def submit(world: World, ask: Json) -> Awaitable[Json]:
    return _done(world, ask, forms.submit(world, named.user(world, ask), ask.get("view"), ask["values"]))


def close(world: World, ask: Json) -> Awaitable[Json]:
    user = named.user(world, ask)
    return _done(world, ask, forms.close(world, user, ask.get("view"), everything=ask.get("everything", False)))


def suggest(world: World, ask: Json) -> Awaitable[Json]:
    user = named.user(world, ask)
    view = forms.view_of(world, user, ask["view"]) if ask.get("view") else None
    return _done(world, ask, forms.suggest(world, user, view, _source(world, ask), ask["menu"], ask["typed"]))


def shortcut(world: World, ask: Json) -> Awaitable[Json]:
    return _done(world, ask, forms.shortcut(world, named.user(world, ask), ask["callback_id"], _source(world, ask)))


def _source(world: World, ask: Json) -> tuple[Channel, str] | None:
    return (named.channel(world, ask), ask["message"]) if ask.get("message") else None


def open_home(world: World, ask: Json) -> Awaitable[Json]:
    return _done(world, ask, deeds.open_home(world, named.user(world, ask), ask.get("tab", "home")))


def forge_press(world: World, ask: Json) -> Awaitable[Json]:
    user = named.user(world, ask)
    message = named.message(world, ask) if ask.get("message") else None
    return _done(world, ask, deeds.forge_press(world, user, ask, named.channel(world, ask), message))


def forge_submit(world: World, ask: Json) -> Awaitable[Json]:
    return _done(world, ask, deeds.forge_submit(world, named.user(world, ask), ask))


async def _again(world: World, one: Delivery) -> Json:
    try:
        reply = await deliveries.deliver(world, one)
    except Undelivered as why:
        return {"status": None, "body": None, "reason": why.reason}
    return _said(reply)


def _said(reply: Reply) -> Json:
    return {"status": reply.status, "body": reply.body, "reason": ""}


def redeliver(world: World, ask: Json) -> Awaitable[Json]:
    """The same deed once more, in a new envelope, as Slack does when it has lost an acknowledgment."""
    first = named.interaction(world, ask).delivery
    if first is None:
        raise Impossible("nothing was sent to the app")
    again = Delivery(str(uuid.uuid4()), first.kind, first.target, first.payload, first.said, 1, "http_timeout")
    return _again(world, again)


def redeliver_event(world: World, ask: Json) -> Awaitable[Json]:
    """The last event of a type once more, with the same event_id."""
    found = [one for one in world.events if one.payload["event"]["type"] == ask["event"]]
    if not found:
        raise Impossible(f"there was no {ask['event']}")
    one = found[-1]
    again = Delivery(
        str(uuid.uuid4()), one.kind, one.target, one.payload, one.said, 1, ask.get("reason", "http_timeout")
    )
    return _again(world, again)


def replay(world: World, ask: Json) -> Awaitable[Json]:
    """The same bytes over HTTP: as signed, or signed `age` seconds ago, with other headers or another body."""
    one = named.interaction(world, ask).delivery
    if one is None or one.signed is None:
        raise Impossible("nothing went over HTTP")
    made = one.signed
    body = ask["body"].encode() if "body" in ask else made.body
    if "age" in ask:
        then = str(int(time.time() - ask["age"]))
        made = outgoing.sign(
            world.app.signing_secret, made.url, made.headers["Content-Type"], made.body, timestamp=then
        )
    headers = {name: value for name, value in {**made.headers, **ask.get("headers", {})}.items() if value is not None}

    async def sent() -> Json:
        return _said(await outgoing.request(world, Signed(made.url, headers, body)))

    return sent()


def post_raw(world: World, ask: Json) -> Awaitable[Json]:
    """Any body to one of the app's URLs, signed well unless `headers` say otherwise."""
    kind = ask.get("content_type", outgoing.FORM)
    made = outgoing.sign(world.app.signing_secret, world.app.urls[ask["target"]], kind, ask["body"].encode())
    headers = {name: value for name, value in {**made.headers, **ask.get("headers", {})}.items() if value is not None}

    async def sent() -> Json:
        return _said(await outgoing.request(world, Signed(made.url, headers, made.body)))

    return sent()


def react(world: World, ask: Json) -> None:
    where, added = named.channel(world, ask), ask.get("added", True)
    deeds.react(world, named.user(world, ask), where, ask["message"], ask["emoji"], added=added)


def say(world: World, ask: Json) -> Json:
    user, where = named.user(world, ask), named.channel(world, ask)
    return looks.message(world, deeds.say(world, user, where, ask["text"], ask.get("thread_ts")))


def delete_message(world: World, ask: Json) -> None:
    """A workspace's admin takes a message away."""
    posting.delete(world, named.message(world, ask))


def reload(world: World, ask: Json) -> None:
    """The person's client starts anew: what was ephemeral is gone."""
    for channel in world.channels.values():
        for one in channel.messages.values():
            if one.seen_by is not None and one.seen_by.id == ask["user"]:
                one.deleted = True


def press_in_a_burst(world: World, ask: Json) -> Awaitable[Json]:
    message = named.message(world, ask)
    people = [world.users[number] for number in ask["people"]]
    rest: dict[str, Any] = {
        name: ask[name] for name in ("seconds", "wait", "connections", "responds", "waiting", "apart")
    }
    return burst(world, message, ask["buttons"], people, **rest)
