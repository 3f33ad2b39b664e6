"""The application: what happens to an event, from the adapter's call to the private answer.

`handle` finds the feature, gives it a transaction, commits, delivers what is public, and hands back what is private.
It never raises: a failure becomes a sentence with an error id that the log has too.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import commands
from bot.events import (
    Command,
    Completion,
    Event,
    Happening,
    Place,
    Press,
    Reaction,
    Roster,
    Submit,
    WorkspaceChanged,
    WorkspaceLeft,
)
from bot.examiner import Examiner
from bot.features import (
    cases,
    community,
    daily,
    decks,
    fix,
    home,
    leaderboard,
    link,
    live,
    membership,
    plans,
    play,
    privacy,
    reactions,
    reports,
    review,
    schedules,
    scheduling,
    seasons,
    selection,
    stats,
    switches,
    team_admin,
    teams,
    today,
    zones,
)
from bot.features import settings as settings_page
from bot.features.daily import Pressed
from bot.features.desk import account
from bot.features.turn import Claimed, Feature, Member, Outcome, Pictured, Planned, Turn
from bot.library.shelf import Shelf
from bot.messages import Action, Answer, Button, Channel, Choices, Message, Text, button_rows
from bot.platform import Delivery, Edit, Forbidden, PlatformError, Post, Rejected, Tell
from bot.postman import Postman
from bot.quizmaster import Quizmaster
from bot.registrar import Registrar
from bot.steward import Steward
from bot.store import people, questions, settings
from bot.store.people import Community, Person
from bot.words import ENGLISH, _, conversing, known, said, speaking, spoken
from bot.world import World

log = logging.getLogger(__name__)

MOMENT = timedelta(seconds=1)
"""For so long somebody waits to hear how a correction went; a thousand answers or more are regraded meanwhile."""

Asked: TypeAlias = Command | Completion | Press | Submit
"""What somebody waits for an answer to."""

Acted = TypeVar("Acted", Command, Completion, Press, Submit)
DRAWING = 10.0
"""Seconds for which somebody waits for a picture; the first one also waits for the process that draws."""


@dataclass(frozen=True, slots=True)
class Verb:
    """What a button or form asks for. `writes`: it needs a transaction that may write. `admin`: it is for admins alone."""

    run: Feature
    writes: bool = False
    admin: bool = False


PRESSES: Mapping[str, Verb] = {
    "home": Verb(home.show),
    "today": Verb(today.show),
    "board": Verb(leaderboard.turn_page),
    "hide": Verb(leaderboard.hide, writes=True),
    "unhide": Verb(leaderboard.unhide, writes=True),
    "teams": Verb(teams.catalogue),
    "team": Verb(teams.show),
    "team-form": Verb(membership.form),
    "team-join": Verb(membership.join, writes=True),
    "team-leave": Verb(membership.leave, writes=True),
    "team-balanced": Verb(team_admin.balanced, writes=True, admin=True),
    "team-removed": Verb(team_admin.removed, writes=True, admin=True),
    "season": Verb(seasons.show),
    "season-close": Verb(seasons.close, admin=True),
    "season-closed": Verb(seasons.closed, writes=True, admin=True),
    "season-undo": Verb(seasons.undo, writes=True, admin=True),
    "stats": Verb(stats.show),
    "share": Verb(stats.share, writes=True),
    "unshare": Verb(stats.unshare, writes=True),
    "decks": Verb(decks.catalogue),
    "deck": Verb(decks.open_deck),
    "guessed": Verb(daily.guessed, writes=True),
    "result": Verb(daily.result),
    "practise": Verb(play.practise, writes=True),
    "play": Verb(play.start_pressed, writes=True),
    "retry": Verb(play.retry, writes=True),
    "review": Verb(review.start, writes=True),
    "next": Verb(play.proceed),
    "play-answer": Verb(play.answer, writes=True),
    "play-pick": Verb(play.pick),
    "play-reveal": Verb(play.reveal),
    "play-write": Verb(play.write),
    "play-hint": Verb(play.hint),
    "report": Verb(reports.form),
    "fixes": Verb(reports.catalogue, admin=True),
    "fix": Verb(cases.open_card, admin=True),
    "fix-form": Verb(fix.form, admin=True),
    "fix-deck": Verb(fix.as_in_deck, writes=True, admin=True),
    "fix-do": Verb(fix.do, writes=True, admin=True),
    "fix-state": Verb(fix.progress, admin=True),
    "card-retire": Verb(cases.retire, writes=True, admin=True),
    "card-return": Verb(cases.bring_back, writes=True, admin=True),
    "report-dismiss": Verb(cases.dismiss, writes=True, admin=True),
    "live-join": Verb(live.join, writes=True),
    "live-start": Verb(live.start, writes=True),
    "live-stop": Verb(live.stop, writes=True),
    "live-mine": Verb(live.mine),
    "link": Verb(link.show, writes=True),
    "unlink": Verb(link.separate, writes=True),
    "privacy-export": Verb(privacy.give),
    "privacy-forget": Verb(privacy.ask),
    "community-join": Verb(community.join, writes=True, admin=True),
    "community-left": Verb(community.left, writes=True, admin=True),
    "schedules": Verb(schedules.catalogue, admin=True),
    "schedule": Verb(schedules.show, admin=True),
    "schedule-form": Verb(scheduling.form, admin=True),
    "schedule-now": Verb(schedules.post_now, writes=True, admin=True),
    "schedule-pause": Verb(schedules.pause, writes=True, admin=True),
    "schedule-resume": Verb(schedules.resume, writes=True, admin=True),
    "schedule-remove": Verb(schedules.remove, admin=True),
    "schedule-removed": Verb(schedules.removed, writes=True, admin=True),
    "settings": Verb(settings_page.show, admin=True),
    "settings-form": Verb(settings_page.form, admin=True),
    "settings-nobody": Verb(settings_page.nobody, writes=True, admin=True),
}
FORMS: Mapping[str, Verb] = {
    "fix-sent": Verb(fix.sent, writes=True, admin=True),
    "report-sent": Verb(reports.sent, writes=True),
    "play-sent": Verb(play.sent, writes=True),
    "privacy-forgotten": Verb(privacy.forget, writes=True),
    "schedule-set": Verb(scheduling.sent, writes=True, admin=True),
    "team-made": Verb(membership.create, writes=True),
    "settings-set": Verb(settings_page.sent, writes=True, admin=True),
}
"""Every verb of a button and of a form, but those of the hot path: `HOT`, `daily.FORMS`."""

HOT: Mapping[str, Pressed] = {**daily.PRESSES, **live.PRESSES}
"""Presses that a whole channel makes in the same second."""

COMPLETIONS: Mapping[str, Callable[[Shelf, Completion], Choices]] = {
    "decks": decks.complete,
    "several decks": selection.complete_decks,
    "levels": selection.complete_levels,
    "topics": selection.complete_topics,
    "days": scheduling.complete_days,
    "zones": zones.complete,
    "languages": settings_page.complete_languages,
}
LOOKUPS: Mapping[str, Callable[[AsyncConnection, Community, Completion, datetime], Awaitable[Choices]]] = {
    "posts": fix.complete,
    "teams": teams.complete,
    "people": stats.complete,
}
"""What completes an option, by its `source`: from the shelf, or from what the community has."""


class App:
    """One community or many, on every platform that `platforms` names."""

    def __init__(self, world: World, steward: Steward) -> None:
        self._world = world
        self._steward = steward
        self._postman = Postman(world, steward)
        self._registrar = Registrar(world)
        self.examiner = Examiner(world)
        self.quizmaster = Quizmaster(world)

    async def handle(self, event: Event) -> Answer:
        """The private answer to an event. Public messages have been delivered when it returns."""
        if isinstance(event, Reaction | Happening):
            return await self._answered(event)
        language = known(event.actor.locale)
        with speaking(language or ENGLISH):
            if language is None:
                language = await self._communitys(event)
        with speaking(language):
            return await self._answered(event)

    async def _answered(self, event: Event) -> Answer:
        try:
            outcome = await self._outcome(event)
            return await (self._deliver(outcome) if outcome.pictured is None else self._show(outcome.pictured, event))
        except commands.Misread as misread:
            return Message.of(str(misread))
        except Exception:
            problem = secrets.token_hex(3)
            log.exception("error %s while handling %s of %s", problem, type(event).__name__, event.place)
            return Message.of(
                _(
                    "Something went wrong on my side (error {problem}). Please try once more; if it happens again, tell "
                    "whoever runs this bot that number.",
                    problem=problem,
                )
            )

    async def _communitys(self, event: Asked) -> str:
        """The language for somebody in whose own we have nothing."""
        now = self._world.now()
        try:
            if (here := await self._home(event, now)) is None:
                return ENGLISH
            return (await self._world.desk.settings(here.id, now)).language
        except Exception:
            log.exception("in which language to answer in %s", event.place)  # what follows says more of it
            return ENGLISH

    async def _home(self, event: Asked, now: datetime) -> Community | None:
        """The community that somebody's doings belong to; a channel's without asking the database each time."""
        if not event.place.direct:
            return await self._world.desk.community(event.place, now)
        async with self._world.database.read() as tx:
            return await self._world.desk.community_in(tx, event.place, event.actor)

    async def _outcome(self, event: Event) -> Outcome:
        event = _without_rights(event)
        match event:
            case Press():
                if (pressed := HOT.get(event.action.verb)) is not None:
                    if event.action.verb in daily.COUNTING:
                        await self._registrar.seen(event)
                    return await pressed(self._world.desk, event, self._world.now())
                return await self._run_verb(PRESSES.get(event.action.verb), await self._entitled(event))
            case Submit():
                if (sent := daily.FORMS.get(event.action.verb)) is not None:
                    await self._registrar.seen(event)
                    return await sent(self._world.desk, event, self._world.now())
                return await self._run_verb(FORMS.get(event.action.verb), await self._entitled(event))
            case Command():
                event = await self._entitled(event)
                entry, options = commands.check(event.path, event.options)
                if entry.admin and (refusal := _refusal(event, entry.spelled)) is not None:
                    return Outcome(refusal)
                return await self._run(entry.run, replace(event, options=options), writes=entry.writes)
            case Completion():
                return Outcome(await self._complete(event))
            case Reaction():
                await self._registrar.seen(event)
                return await reactions.reacted(self._world.desk, event, self._world.now())
            case WorkspaceChanged():
                await self._steward.changed(event.workspace)
                await self._registrar.look(event.workspace.platform, event.workspace.id)
                return Outcome()
            case WorkspaceLeft():
                await self._steward.left(event.platform, event.workspace)
                return Outcome()
            case Roster():
                await self._steward.compare(event)
                return Outcome()

    async def _entitled(self, event: Acted) -> Acted:
        """The event with its actor's rights: who is in the role or user group that is named for it is an admin, too."""
        if event.actor.is_admin or event.place.direct or not event.actor.groups:
            return event
        async with self._world.database.read() as tx:
            group = await settings.admin_group(tx, event.place.platform, event.place.workspace)
        if group is None or group.id not in event.actor.groups:
            return event
        return replace(event, actor=replace(event.actor, is_admin=True))

    async def _complete(self, event: Completion) -> Choices:
        source = commands.source(event.path, event.option)
        if (complete := COMPLETIONS.get(source)) is not None:
            return complete(self._world.shelf, event)
        if (look_up := LOOKUPS.get(source)) is None:
            return Choices()
        event = await self._entitled(event)
        async with self._world.database.read() as tx:
            here = await self._world.desk.community_in(tx, event.place, event.actor)
            return Choices() if here is None else await look_up(tx, here, event, self._world.now())

    async def _run_verb(self, verb: Verb | None, event: Press | Submit) -> Outcome:
        """Run what a button or form asks for; an unknown verb is an older version's, or forged."""
        if verb is None:
            return Outcome(Message.of(_(daily.STALE)))
        if verb.admin and (refusal := _refusal(event)) is not None:
            return Outcome(refusal)
        return await self._run(verb.run, event, writes=verb.writes)

    async def _run(self, feature: Feature, event: Command | Press | Submit, *, writes: bool) -> Outcome:
        """Run a feature in a transaction of its own; it is committed when this returns."""
        now, desk = self._world.now(), self._world.desk
        who = account(event.actor)
        await self._registrar.seen(event)
        if not writes:
            async with self._world.database.read() as tx:
                here = await desk.community_in(tx, event.place, event.actor)
                person = None if here is None else await people.find_person(tx, here.id, who)
                if here is not None and person is not None and person.name == who.name:
                    return await self._turned(tx, feature, event, here, person, now)
        transaction: AbstractAsyncContextManager[AsyncConnection] = self._world.database.write()
        async with transaction as tx:  # a newcomer, or a new name: reading commands write too, once
            here = await desk.community_for(tx, event.place, event.actor, now)
            person = await people.person_of(tx, here.id, who, now)
            outcome = await self._turned(tx, feature, event, here, person, now)
        if outcome.resettled:
            desk.resettled(here.id)
        if outcome.mustered:
            await self._registrar.look(event.place.platform, event.place.workspace)
        return outcome

    async def _turned(
        self,
        tx: AsyncConnection,
        feature: Feature,
        event: Command | Press | Submit,
        here: Community,
        person: Person,
        now: datetime,
    ) -> Outcome:
        """What a feature makes of it, if the community has not switched it off."""
        wanted = await settings.of(tx, here.id)
        if (refusal := switches.refusal(wanted, event)) is not None:
            return Outcome(refusal)
        member = Member(person.id, person.account_id, person.name, here.id, ZoneInfo(wanted.zone), wanted)
        with conversing(spoken(), wanted.language):
            outcome = await feature(Turn(tx, member, now, self._world.shelf, self._world.chance), event)
        if outcome.pictured is None:
            return outcome
        return replace(outcome, pictured=replace(outcome.pictured, language=wanted.language))

    async def _show(self, pictured: Pictured, event: Event) -> Answer:
        """What comes of a picture; in words when it can't be drawn while somebody waits, or must not be put where it was to go."""
        picture = await self._world.picture(pictured.sheet, event.place.platform, DRAWING)
        with conversing(spoken(), pictured.language):
            words = pictured.shown(None)
            outcome = words if picture is None else pictured.shown(picture)
        return await self._deliver(outcome, words)

    async def _deliver(self, outcome: Outcome, otherwise: Outcome | None = None) -> Answer:
        """Say what is public and post what is claimed. Where a platform refuses, there is `otherwise`; or else the actor is
        told instead of the feature's answer, or before it where what was planned stands all the same.
        """
        for delivery in outcome.deliveries:
            try:
                await self._say(delivery)
            except PlatformError as error:
                log.warning("not delivered: %s", error)
                if otherwise is not None and isinstance(error, Forbidden | Rejected):
                    return await self._deliver(otherwise)
                return Message.of(_("I could not post that: {problem}", problem=error.reason))
        if outcome.claimed is not None:
            return await self._posted(outcome.claimed)
        if outcome.corrected is not None:
            return await self._corrected(outcome.corrected)
        if outcome.begun is not None and (problem := await self.quizmaster.open(outcome.begun)) is not None:
            return Message.of(_("I could not post that: {problem}", problem=said(problem)))
        if outcome.ring:
            self._world.bell.set()
        if outcome.gong:
            self._world.gong.set()
        if outcome.check is None:
            return outcome.answer
        problems = await self._steward.checked(outcome.check.places)
        self._world.bell.set()
        return await self._stopped(outcome.check, problems) if problems else outcome.answer

    async def _posted(self, claimed: Claimed) -> Message:
        """Post a question in its channels, side by side. Where it is now, and why it is not in others.

        In channels of a platform that another process is connected to that one finds the claims, and posts them.
        """
        ours = [post for post in claimed.posts if post.place.platform in self._world.platforms]
        found = await asyncio.gather(*map(self._postman.send, ours))
        problems = {post.place: problem for post, problem in zip(ours, found, strict=True) if problem is not None}
        standing = [post.place for post in claimed.posts if post.place not in problems]
        if not standing:
            again = Button(_("Try again"), Action.of("schedule-now", claimed.number))
            problem = next(iter(problems.values()))
            return Message.of(_("I could not post that: {problem}", problem=problem), *button_rows([again]))
        where = _("⚠️ Not in {channel}: {problem}")
        told = (
            Text.woven(where, channel=Channel(at.channel), problem=said(problem)) for at, problem in problems.items()
        )
        return Message.of(*told, *claimed.told(standing).blocks)

    async def _corrected(self, correction_id: int) -> Message:
        """Regrade what can be in a moment. The rest goes on by itself; the admin is told how far it is."""
        await self.examiner.regrade(correction_id, MOMENT)
        self._world.corrected.set()
        async with self._world.database.read() as tx:
            return await fix.state(tx, correction_id)

    async def _stopped(self, planned: Planned, problems: Mapping[Place, str]) -> Message:
        """How a daily question stands after a look at its channels has found what keeps it from being posted in some."""
        async with self._world.database.read() as tx:
            now = await questions.by_number(tx, planned.number)
            if now is None:  # removed by another admin in this very moment
                return Message.of(*(f"⚠️ {problem}" for problem in problems.values()))
            head = planned.head if now.paused is None else planned.stopped
            return await plans.shown(tx, self._world.shelf, now, self._world.now(), planned.by, head, problems)

    async def _say(self, delivery: Delivery) -> None:
        match delivery:
            case Post(place, message, key):
                await self._world.platforms[place.platform].post(place, message, key)
            case Edit(ref, message):
                await self._world.platforms[ref.place.platform].edit(ref, message)
            case Tell(actor, message):
                await self._world.platforms[actor.platform].tell(actor, message)


def _without_rights(event: Event) -> Event:
    """In a conversation with one person nobody is an admin: what an admin may do concerns a channel."""
    match event:
        case Command() | Completion() | Press() | Submit() if event.place.direct and event.actor.is_admin:
            return replace(event, actor=replace(event.actor, is_admin=False))
        case _:
            return event


def _refusal(event: Command | Press | Submit, what: str = "") -> Message | None:
    """Why somebody may not do what is for admins: a command, or what a button or form is for."""
    if event.place.direct:
        return Message.of(_("In private messages nobody is an admin. Use this in the channel that it is for."))
    if event.actor.is_admin:
        return None
    return Message.of(
        _("{command} is for admins of this place.", command=what) if what else _("This is for admins of this place.")
    )
