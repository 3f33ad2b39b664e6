"""A whole bot on a platform of paper: real features, real store, a clock and a chance that the test sets."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import commands
from bot.app import App
from bot.events import Actor, Command, MessageRef, Place, Press, Reaction, Submit
from bot.features.desk import Desk
from bot.library.shelf import Shelf
from bot.messages import Action, Answer, Buttons, Form, Message, Picture
from bot.pictures import Sheet
from bot.platform import Groups, Handle, Missing, Platform, PlatformError, Rejected, Unavailable
from bot.steward import Steward
from bot.store import schedules
from bot.store.ballots import Ballots
from bot.store.database import Database
from bot.store.schedules import Feedback, Mode, Plan
from bot.timetable import Timetable
from bot.world import World
from tests import sqlite

HERE = Place("paper", "w1", "general")
DIRECT = Place("paper", "", "d1")
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday


class Paper(Platform):
    """Keeps what it is told to show. `failing` is raised by the next calls instead, `closed` by those in a channel, `deaf`
    when somebody is told something. `groups_there`: what it tells of a workspace's groups.

    `seeds` are the emojis that the bot put under a message, `reactions` those of people. While `lost`, what is posted stands and
    nobody hears of it; a text with `refused` in it is not taken. `dying`: whoever edits something dies of it;
    in `silent` channels they wait for ever, and the next who is `late` until they are `released`.
    """

    name = "paper"

    def __init__(self) -> None:
        self.shown: dict[str, Message] = {}
        self.keys: dict[str, str] = {}
        self.twins: dict[str, list[str]] = {}
        self.told: list[tuple[Actor, Message]] = []
        self.reactions: dict[str, list[tuple[Actor, str]]] = {}
        self.seeds: dict[str, list[str]] = {}
        self.closed: dict[str, PlatformError] = {}
        self.failing: PlatformError | None = None
        self.deaf: PlatformError | None = None
        self.groups_there: dict[str, Groups] = {}
        self.lost = False
        self.refused = ""
        self.dying = False
        self.silent: set[str] = set()
        self.late = False
        self.released = asyncio.Event()
        self.edits = 0
        self._ids = itertools.count(1)

    async def run(self, handle: Handle) -> None:
        raise NotImplementedError("tests call the app themselves")

    async def post(self, place: Place, message: Message, key: str) -> MessageRef:
        if (problem := self.failing or self.closed.get(place.channel)) is not None:
            raise problem
        if key not in self.keys:
            self.keys[key] = str(next(self._ids))
            self.shown[self.keys[key]] = message
        if self.lost:
            raise Unavailable("no answer")
        return MessageRef(place, self.keys[key])

    async def edit(self, ref: MessageRef, message: Message) -> None:
        if self.failing is not None:
            raise self.failing
        if self.dying:
            raise asyncio.CancelledError
        if self.late:
            self.late = False
            await self.released.wait()
        if ref.place.channel in self.silent:
            await asyncio.get_running_loop().create_future()
        if ref.message not in self.shown:
            raise Missing("no such message")
        if self.refused and self.refused in message.text:
            raise Rejected("not that")
        self.edits += 1
        self.shown[ref.message] = message

    async def find(self, place: Place, key: str, since: datetime) -> Sequence[MessageRef]:
        if (problem := self.failing or self.closed.get(place.channel)) is not None:
            raise problem
        found = [*([self.keys[key]] if key in self.keys else []), *self.twins.get(key, [])]
        return [MessageRef(place, number) for number in sorted(found, key=int) if number in self.shown]

    async def delete(self, ref: MessageRef) -> None:
        if self.failing is not None:
            raise self.failing
        self.shown.pop(ref.message, None)

    async def reactors(self, ref: MessageRef, emoji: str) -> Sequence[Actor]:
        if self.failing is not None:
            raise self.failing
        return [actor for actor, each in self.reactions.get(ref.message, ()) if each == emoji]

    async def react(self, ref: MessageRef, emoji: str) -> None:
        if self.failing is not None:
            raise self.failing
        if emoji not in self.seeds.setdefault(ref.message, []):
            self.seeds[ref.message].append(emoji)

    async def check(self, place: Place) -> None:
        if (problem := self.failing or self.closed.get(place.channel)) is not None:
            raise problem

    async def groups(self, workspace: str) -> Groups | None:
        return self.groups_there.get(workspace)

    async def tell(self, actor: Actor, message: Message) -> None:
        if self.deaf is not None:
            raise self.deaf
        self.told.append((actor, message))

    @property
    def last(self) -> tuple[MessageRef, Message]:
        """The newest public message."""
        number, message = list(self.shown.items())[-1]
        return MessageRef(HERE, number), message


@dataclass
class Stage:
    """What a test does on the paper platform, in the words of the people who do it.

    `draws`: whether pictures can be drawn; they are clear, and the words on them are kept in `sheets`. Otherwise words stand in
    for them, as where the renderer is broken. `groups`: those that people are in, where the platform tells.
    """

    app: App
    paper: Paper
    timetable: Timetable
    database: Database
    desk: Desk
    world: World
    now: datetime = START
    draws: bool = True
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sheets: list[Sheet] = field(default_factory=list)
    ids: itertools.count[int] = field(default_factory=itertools.count)

    def actor(self, name: str, *, admin: bool = False) -> Actor:
        return Actor("paper", "", f"id-{name}", name, is_admin=admin, groups=self.groups.get(name))

    async def types(self, name: str, text: str, place: Place = HERE, *, admin: bool = False) -> Answer:
        """Someone types `/quiz …`."""
        try:
            path, options = commands.read(text)
        except commands.Misread as misread:
            return Message.of(str(misread))
        who = self.actor(name, admin=admin)
        return await self.app.handle(Command(f"e{next(self.ids)}", path, options, who, place))

    async def acts(
        self, name: str, action: Action | str, ref: MessageRef | None = None, *, admin: bool = False
    ) -> Answer:
        """A press of any action, whether a button offers it or not."""
        action = Action.parse(action) if isinstance(action, str) else action
        ref = ref or MessageRef(HERE, "private")
        who = self.actor(name, admin=admin)
        return await self.app.handle(Press(f"e{next(self.ids)}", action, (), who, ref))

    async def presses(
        self, name: str, label: str, on: Answer = None, place: Place = HERE, *, admin: bool = False
    ) -> Answer:
        """A press of a button by its label: on the newest public message, or on the private one given in a place."""
        ref = MessageRef(place, "private")
        if on is None:
            ref, on = self.paper.last
        assert isinstance(on, Message), on
        return await self.acts(name, button(on, label), ref, admin=admin)

    async def sends(self, name: str, form: Answer, **fields: str) -> Answer:
        """Fill in and send a form."""
        return await self.submits(self.actor(name), form, fields)

    async def submits(self, who: Actor, form: Answer, fields: Mapping[str, str], place: Place = HERE) -> Answer:
        assert isinstance(form, Form), form
        return await self.app.handle(Submit(f"e{next(self.ids)}", form.action, fields, who, place))

    async def reacts(self, name: str, emoji: str, *, added: bool = True, heard: bool = True) -> None:
        """Someone puts an emoji under the newest public message, or takes it away; the bot may be away meanwhile."""
        ref, _ = self.paper.last
        actor = self.actor(name)
        under = self.paper.reactions.setdefault(ref.message, [])
        under[:] = [each for each in under if each != (actor, emoji)] + [(actor, emoji)] * added
        if heard:
            unnamed = replace(actor, name="")  # as Discord tells of a removal
            event = Reaction(f"e{next(self.ids)}", emoji, added, actor if added else unnamed, ref)
            assert await self.app.handle(event) is None

    async def passes(self, **time: float) -> None:
        """Time goes by; whatever is due then happens."""
        self.now += timedelta(**time)
        await self.timetable.tick()
        await self.app.examiner.look()
        await self.app.quizmaster.tick()


def button(message: Message, label: str) -> Action:
    """The action of the button with this label."""
    found = [
        b.action for block in message.blocks if isinstance(block, Buttons) for b in block.buttons if b.label == label
    ]
    assert found, f"no button {label!r} among {labels(message)} on:\n{message.text}"
    return found[0]


def labels(message: Message) -> list[str]:
    return [b.label for block in message.blocks if isinstance(block, Buttons) for b in block.buttons]


def said(answer: Answer) -> str:
    """The text of a message."""
    assert isinstance(answer, Message), answer
    return answer.text


CLEAR = b"\x89PNG\r\n\x1a\n"


@asynccontextmanager
async def stage(
    folder: Path,
    shelf: Shelf,
    *,
    scheduled: bool = True,
    url: str = "",
    mode: Mode = Mode.BUTTONS,
    feedback: Feedback = Feedback.NOW,
) -> AsyncIterator[Stage]:
    """An open bot whose channel's question is posted at 09:00 UTC and closes 23 hours later; `tick` has not run yet."""
    database = await Database.open(url or sqlite.fresh(folder / "studybot.db"))
    ballots = Ballots(database)
    desk = Desk(database, ballots, "UTC")
    paper = Paper()
    clock: list[Stage] = []
    chance = random.Random(7)
    platforms: dict[str, Platform] = {"paper": paper}

    async def draw(sheet: Sheet, dark: bool) -> Picture:
        if not clock[0].draws:
            raise RuntimeError("no picture on this stage")
        clock[0].sheets.append(sheet)
        return Picture(CLEAR, sheet.alt)

    world = World(database, desk, shelf, platforms, lambda: clock[0].now, chance, draw=draw)
    steward = Steward(world)
    app, timetable = App(world, steward), Timetable(world, steward)
    clock.append(Stage(app, paper, timetable, database, desk, world))
    try:
        if scheduled:
            community = await desk.community(HERE, START)
            async with database.write() as tx:
                plan = Plan(HERE, "09:00", "UTC", mode=mode, feedback=feedback, open_minutes=23 * 60)
                if not await schedules.of_workspace(tx, HERE.platform, HERE.workspace):
                    await schedules.make(tx, community.id, plan, (START.date(), START), START)
        yield clock[0]
    finally:
        await ballots.stop()
        await database.close()
