"""The application: what happens to an event, from the adapter's call to the private answer.

`handle` finds the feature, gives it a transaction, commits, delivers what is public, and hands back what is private.
It never raises: a failure becomes a sentence with an error id that the log has too.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import commands
from bot.events import Command, Completion, Event, Press, Reaction, Roster, Submit, WorkspaceChanged, WorkspaceLeft
from bot.features import daily, decks, home, leaderboard, play, reactions, stats, today
from bot.features.desk import account
from bot.features.turn import Feature, Member, Outcome, Turn
from bot.messages import Answer, Message
from bot.platform import Delivery, Edit, PlatformError, Post, Tell
from bot.steward import Steward
from bot.store import people
from bot.world import World

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Verb:
    """What a button or form asks for. `writes`: it needs a transaction that may write."""

    run: Feature
    writes: bool = False


PRESSES: Mapping[str, Verb] = {
    "home": Verb(home.show),
    "today": Verb(today.show),
    "board": Verb(leaderboard.turn_page),
    "stats": Verb(stats.show),
    "decks": Verb(decks.catalogue),
    "deck": Verb(decks.open_deck),
    "guessed": Verb(daily.guessed, writes=True),
    "practise": Verb(play.practise, writes=True),
    "play": Verb(play.start_pressed, writes=True),
    "retry": Verb(play.retry, writes=True),
    "next": Verb(play.proceed),
    "play-answer": Verb(play.answer, writes=True),
    "play-pick": Verb(play.pick),
    "play-reveal": Verb(play.reveal),
    "play-write": Verb(play.write),
    "play-hint": Verb(play.hint),
}
FORMS: Mapping[str, Verb] = {
    "play-sent": Verb(play.sent, writes=True),
}
"""Every verb of a button and of a form, but those of the daily question's hot path: `daily.PRESSES`, `daily.FORMS`."""


class App:
    """One community or many, on every platform that `platforms` names."""

    def __init__(self, world: World, steward: Steward) -> None:
        self._world = world
        self._steward = steward

    async def handle(self, event: Event) -> Answer:
        """The private answer to an event. Public messages have been delivered when it returns."""
        try:
            return await self._deliver(await self._outcome(event))
        except commands.Misread as misread:
            return Message.of(str(misread))
        except Exception:
            problem = secrets.token_hex(3)
            log.exception("error %s while handling %s of %s", problem, type(event).__name__, event.place)
            return Message.of(
                f"Something went wrong on my side (error {problem}). Please try once more; "
                "if it happens again, tell whoever runs this bot that number."
            )

    async def _outcome(self, event: Event) -> Outcome:
        match event:
            case Press():
                if (pressed := daily.PRESSES.get(event.action.verb)) is not None:
                    return await pressed(self._world.desk, event, self._world.now())
                return await self._run_verb(PRESSES.get(event.action.verb), event)
            case Submit():
                if (sent := daily.FORMS.get(event.action.verb)) is not None:
                    return await sent(self._world.desk, event, self._world.now())
                return await self._run_verb(FORMS.get(event.action.verb), event)
            case Command():
                entry, options = commands.check(event.path, event.options)
                if entry.admin and not event.actor.is_admin:
                    return Outcome(Message.of(f"{entry.spelled} is for admins of this place."))
                return await self._run(entry.run, replace(event, options=options), writes=entry.writes)
            case Completion():
                return Outcome(decks.complete(self._world.shelf, event))
            case Reaction():
                return await reactions.reacted(self._world.desk, event, self._world.now())
            case WorkspaceChanged():
                await self._steward.changed(event.workspace)
                return Outcome()
            case WorkspaceLeft():
                await self._steward.left(event.platform, event.workspace)
                return Outcome()
            case Roster():
                await self._steward.compare(event)
                return Outcome()

    async def _run_verb(self, verb: Verb | None, event: Press | Submit) -> Outcome:
        """Run what a button or form asks for; an unknown verb is an older version's, or forged."""
        return (
            Outcome(Message.of(daily.STALE)) if verb is None else await self._run(verb.run, event, writes=verb.writes)
        )

    async def _run(self, feature: Feature, event: Command | Press | Submit, *, writes: bool) -> Outcome:
        """Run a feature in a transaction of its own; it is committed when this returns."""
        now = self._world.now()
        community = await self._world.desk.community_for(event.place, event.actor, now)
        who = account(event.actor)
        if not writes:
            async with self._world.database.read() as tx:
                person = await people.find_person(tx, community.id, who)
                if person is not None and person.name == who.name:
                    member = Member(person.id, person.name, community.id, ZoneInfo(community.zone))
                    return await feature(self._turn(tx, member, now), event)
        transaction: AbstractAsyncContextManager[AsyncConnection] = self._world.database.write()
        async with transaction as tx:  # a newcomer, or a new name: reading commands write too, once
            person = await people.person_of(tx, community.id, who, now)
            member = Member(person.id, person.name, community.id, ZoneInfo(community.zone))
            return await feature(self._turn(tx, member, now), event)

    def _turn(self, tx: AsyncConnection, member: Member, now: datetime) -> Turn:
        return Turn(tx, member, now, self._world.shelf, self._world.chance)

    async def _deliver(self, outcome: Outcome) -> Answer:
        """Say what is public. Where a platform refuses, the actor is told instead of the feature's answer."""
        for delivery in outcome.deliveries:
            try:
                await self._say(delivery)
            except PlatformError as error:
                log.warning("not delivered: %s", error)
                return Message.of(f"I could not post that: {error}")
        return outcome.answer

    async def _say(self, delivery: Delivery) -> None:
        match delivery:
            case Post(place, message, key):
                await self._world.platforms[place.platform].post(place, message, key)
            case Edit(ref, message):
                await self._world.platforms[ref.place.platform].edit(ref, message)
            case Tell(actor, message):
                await self._world.platforms[actor.platform].tell(actor, message)
