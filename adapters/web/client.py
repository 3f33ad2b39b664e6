"""The local browser channel: a platform whose servers are our own, and the page that shows it.

Every form works without scripts (post, redirect, get); the page's script asks for JSON instead and gets what changed.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from adapters.web import gate, parse
from adapters.web.channel import Channel, OpenForm, Person
from adapters.web.desk import Desk
from adapters.web.live import Streams
from adapters.web.pages import Elsewhere, Pages
from bot.commands import Ask
from bot.events import Actor, Event, MessageRef, Place
from bot.messages import Answer, Choices, Form, Message, clip
from bot.platform import Groups, Handle, Missing, PlatformError
from bot.words import N_, _

PLACE = parse.PLACE
"""The one channel."""

_SAID_MOST = 200
"""Characters shown of a command above the answer to it."""


class WebChannel:
    """A `Platform`. `path` is the channel's own SQLite file.

    `hosts` are the names under which the page may be asked for; those without a port of their own get `port`, and any
    port where that is None. `run` must have begun before the page can do anything, and ends the open streams.
    """

    name = "web"

    def __init__(
        self,
        path: Path | str,
        port: int | None = None,
        *,
        hosts: Collection[str] = gate.LOCAL_HOSTS,
        community: str = N_("On this computer"),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._desk = Desk(path, now)
        self._streams = Streams()
        self._pages = Pages(self._desk, self._streams, community)
        self._handle: Handle | None = None
        inside = Starlette(
            routes=[
                Route("/", self._pages.page),
                Route("/stream", self._pages.stream),
                Route("/pictures/{entry}/{name}", self._pages.picture),
                Route("/files/{entry}/{name}", self._pages.file),
                Route("/static/{version}/{name:path}", self._pages.static),
                Route("/suggest", self._suggest),
                Route("/press", self._press, methods=["POST"]),
                Route("/react", self._react, methods=["POST"]),
                Route("/submit", self._submit, methods=["POST"]),
                Route("/command", self._command, methods=["POST"]),
                Route("/dismiss", self._dismiss, methods=["POST"]),
                Route("/who", self._pages.become, methods=["POST"]),
                Route("/people", self._pages.add_person, methods=["POST"]),
            ],
            exception_handlers={
                HTTPException: self._pages.refused,
                Elsewhere: self._pages.elsewhere,
                PlatformError: self._pages.unavailable,
                Exception: self._pages.broken,
            },
        )
        self.app = gate.Gate(inside, gate.allowed_hosts(hosts, port), self._pages.error)

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """What the bot's server mounts, after its own routes: the page is at `/`."""
        return [Mount("/", app=self.app)]

    def end_streams(self) -> None:
        """Let the open pages go, so that a server that waits for its requests can stop; they come back by themselves."""
        self._streams.end()

    # ------------------------------------------------ the platform

    async def run(self, handle: Handle) -> None:
        self._handle = handle
        self._streams.start()
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            self._handle = None
            self.end_streams()
            await self._desk.ask(Channel.close)

    async def post(self, place: Place, message: Message, key: str) -> MessageRef:
        _here(place)
        entry = await self._desk.ask(Channel.post, message, key)
        self._streams.ring()
        return parse.to_ref(entry)

    async def edit(self, ref: MessageRef, message: Message) -> None:
        _here(ref.place)
        if not await self._desk.ask(Channel.edit, parse.number(ref.message), message):
            raise _gone(ref)
        self._streams.ring()

    async def find(self, place: Place, key: str, since: datetime) -> Sequence[MessageRef]:
        """As `Platform.find`. A key names one message here, for ever."""
        _here(place)
        entry = await self._desk.ask(Channel.find, key, since)
        return [] if entry is None else [parse.to_ref(entry)]

    async def delete(self, ref: MessageRef) -> None:
        _here(ref.place)
        await self._desk.ask(Channel.delete, parse.number(ref.message))
        self._streams.ring()

    async def reactors(self, ref: MessageRef, emoji: str) -> Sequence[Actor]:
        _here(ref.place)
        people = await self._desk.ask(Channel.reactors, parse.number(ref.message), emoji)
        if people is None:
            raise _gone(ref)
        return [parse.to_actor(person.id, person.name, None) for person in people]

    async def react(self, ref: MessageRef, emoji: str) -> None:
        _here(ref.place)
        if not await self._desk.ask(Channel.seed, parse.number(ref.message), emoji):
            raise _gone(ref)
        self._streams.ring()

    async def check(self, place: Place) -> None:
        _here(place)

    async def groups(self, workspace: str) -> Groups | None:
        """As `Platform.groups`: there are none."""
        return Groups({}, {})

    async def tell(self, actor: Actor, message: Message) -> None:
        everyone = await self._desk.ask(Channel.people)
        if (person := next((each for each in everyone if str(each.id) == actor.id), None)) is None:
            raise Missing(N_("The browser channel knows nobody with the id {number}."), number=actor.id)
        await self._desk.ask(Channel.answer, person.id, message)
        self._streams.ring()

    # ------------------------------------------------ what people do

    async def _press(self, request: Request) -> Response:
        sent, me = await self._pages.sent(request)
        entry = await self._desk.ask(Channel.entry, sent.number("entry"), me.id)
        private = entry.id if entry is not None and entry.person is not None else None
        try:
            press = parse.to_press(_fresh(), sent, entry.message if entry else None, _actor(request, me))
        except parse.Unclear as unclear:
            return await self._answer(request, sent, me, Message.of(str(unclear)))
        return await self._answer(request, sent, me, await self._handled(press), replaces=private)

    async def _react(self, request: Request) -> Response:
        sent, me = await self._pages.sent(request)
        entry = await self._desk.ask(Channel.entry, sent.number("entry"), me.id)
        under = [each.emoji for each in entry.standing] if entry is not None else []
        try:
            reaction = parse.to_reaction(_fresh(), sent, under, _actor(request, me))
        except parse.Unclear as unclear:
            return await self._answer(request, sent, me, Message.of(str(unclear)))
        handle = self._awake()
        number = sent.number("entry")
        answer: Answer = None
        if await self._desk.ask(Channel.react, number, reaction.emoji, me.id, reaction.added):
            self._streams.ring()
            answer = await handle(reaction)
        return await self._answer(request, sent, me, answer, at=number)

    async def _submit(self, request: Request) -> Response:
        sent, me = await self._pages.sent(request)
        opened = await self._desk.ask(Channel.form, sent.number("form"), me.id)
        try:
            submit = parse.to_submit(_fresh(), sent, opened.form if opened else None, _actor(request, me))
        except parse.Unclear as unclear:
            return await self._answer(request, sent, me, Message.of(str(unclear)))
        except parse.Faulty as faulty:
            return await self._pages.done(request, sent, me, opened=opened, faulty=faulty)
        answer = await self._handled(submit)
        return await self._answer(request, sent, me, answer, replaces=opened.entry if opened else None)

    async def _command(self, request: Request) -> Response:
        sent, me = await self._pages.sent(request)
        if not (text := sent.one("text").strip()):
            return await self._pages.done(request, sent, me)
        said = clip(text, _SAID_MOST)
        try:
            command = parse.to_command(_fresh(), text, _actor(request, me))
        except parse.Unclear as unclear:
            return await self._answer(request, sent, me, Message.of(str(unclear)), said=said)
        return await self._answer(request, sent, me, await self._handled(command), said=said)

    async def _suggest(self, request: Request) -> Response:
        found = parse.to_suggestions(request.query_params.get("text", ""))
        if isinstance(found, Ask):
            me, _all = await self._pages.people(request)
            choices = await self._handled(parse.to_completion(_fresh(), found, _actor(request, me)))
            found = parse.completed(found, choices) if isinstance(choices, Choices) else ()
        return JSONResponse([{"label": each.label, "text": each.text, "note": each.note} for each in found])

    async def _dismiss(self, request: Request) -> Response:
        sent, me = await self._pages.sent(request)
        await self._desk.ask(Channel.dismiss, sent.number("entry"), me.id)
        self._streams.ring()
        return await self._pages.done(request, sent, me)

    # ------------------------------------------------ inside

    def _awake(self) -> Handle:
        if self._handle is None:
            raise HTTPException(503, _("Studybot is starting or stopping; nothing was recorded. Please try again."))
        return self._handle

    async def _handled(self, event: Event) -> Answer:
        return await self._awake()(event)

    async def _answer(
        self,
        request: Request,
        sent: parse.Sent,
        me: Person,
        answer: Answer,
        *,
        replaces: int | None = None,
        said: str | None = None,
        at: int | None = None,
    ) -> Response:
        """Show the bot's answer to one person alone: a message, in the place of a private one that was acted on, or a
        form, whose answer will stand there. `at`: the public message that was acted on, where the person stays.
        """
        if isinstance(answer, Message):
            shown = await self._desk.ask(Channel.answer, me.id, answer, replaces, said)
            self._streams.ring()
            return await self._pages.done(request, sent, me, shown=shown)
        if isinstance(answer, Form):
            opened = OpenForm(await self._desk.ask(Channel.open_form, me.id, answer, replaces), answer, replaces)
            return await self._pages.done(request, sent, me, opened=opened)
        return await self._pages.done(request, sent, me, at=at)


def _here(place: Place) -> None:
    if place != PLACE:
        raise Missing(N_("The browser channel is {channel} and no other."), channel=f"#{PLACE.channel}")


def _gone(ref: MessageRef) -> Missing:
    return Missing(N_("The browser channel has no message {number}."), number=ref.message)


def _fresh() -> str:
    """An event's id: a browser's form is never delivered twice by itself, so every request is an event of its own."""
    return f"web-{uuid.uuid4()}"


def _actor(request: Request, me: Person) -> Actor:
    return parse.to_actor(me.id, me.name, gate.locale(request.headers.get("accept-language", "")))
