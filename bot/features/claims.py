"""Which question a schedule posts next, and when: each is claimed as a row before it is sent."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.events import Place
from bot.features import selection
from bot.features.kin import Kin
from bot.library.shelf import Shelf
from bot.quiz import due, picking
from bot.quiz.cards import Card, Deck, Level, SingleChoice, version
from bot.quiz.picking import Candidate
from bot.quiz.selection import Selection
from bot.store import cards, post_claims, posts, questions, schedules
from bot.store.post_claims import Wanted
from bot.store.posts import PostRow
from bot.store.questions import Question
from bot.store.schedules import Mode, Plan, Schedule
from bot.words import _


@dataclass(frozen=True, slots=True)
class NoCard:
    """A question of a schedule is due, and there is no card to ask. `spent`: there are some, but none of them may be asked."""

    schedule: Schedule
    spent: bool = False

    def why(self, shelf: Shelf) -> str:
        """What an admin is told, with the mend."""
        if self.spent:
            nothing = _("Every card that it asks from is retired or set aside.")
        else:
            nothing = selection.nothing(shelf, self.schedule.selection, self.schedule.mode)
        mend = _("Choose other cards with /quiz schedule set id:{number}.", number=self.schedule.number)
        return f"{nothing} {mend}"


@dataclass(frozen=True, slots=True)
class _Slot:
    """What a schedule is to post, until when at most, and when it is due after that."""

    schedule: Schedule
    slot: date | str
    closes_at: datetime | None
    following: tuple[date, datetime]


def next_due(plan: Plan, after: datetime) -> tuple[date, datetime]:
    """The plan's first date and instant later than `after`."""
    return due.next_due(time.fromisoformat(plan.time), ZoneInfo(plan.zone), plan.days, after)


def latest_due(plan: Plan, at: datetime) -> tuple[date, datetime] | None:
    """The plan's last date and instant not later than `at`."""
    return due.latest_due(time.fromisoformat(plan.time), ZoneInfo(plan.zone), plan.days, at)


def due_on(plan: Plan, on: date) -> datetime | None:
    """When a date's question comes; None where the plan has none on that date."""
    if on.weekday() not in plan.days:
        return None
    return due.instant(on, time.fromisoformat(plan.time), ZoneInfo(plan.zone))


async def upcoming(
    tx: AsyncConnection, line_id: int | None, question_id: int | None, plan: Plan, now: datetime
) -> tuple[date, datetime]:
    """When a schedule's next question comes, or that of one that is to be made for a question: dates that have theirs already
    are passed over.
    """
    found = next_due(plan, now)
    while await questions.stands(tx, line_id, question_id, plan.place, found[0]):
        found = next_due(plan, found[1])
    return found


async def missed(tx: AsyncConnection, schedule: Schedule, now: datetime) -> tuple[date, datetime] | None:
    """Today's question, if its time has come without it and it can still be answered."""
    latest = latest_due(schedule, now)
    if latest is None or latest[0] != now.astimezone(ZoneInfo(schedule.zone)).date():
        return None
    closes_at = due.closing(latest[1], next_due(schedule, now)[1], schedule.open_for)
    return None if closes_at <= now or await stands(tx, schedule, latest[0]) else latest


async def stands(tx: AsyncConnection, line: Schedule, on: date) -> bool:
    """Whether a date has had its question, as far as a line is concerned."""
    return await questions.stands(tx, line.id, line.question_id, line.place, on)


async def claim(
    tx: AsyncConnection,
    due_now: Sequence[Schedule],
    zones: Mapping[int, ZoneInfo],
    shelf: Shelf,
    now: datetime,
    chance: random.Random,
) -> dict[int, PostRow | NoCard]:
    """Claim the schedules' due questions for us, by id, and set each schedule to its next instant. Each is of another channel;
    `zones` are those of their communities.

    After downtime only the latest date is posted, and only while it can still be answered. Without those of which nothing is
    to be posted: the window is over, or another worker has it. Schedules that are one question ask the same card on a date.
    """
    held = await questions.held(tx, [each.question_id for each in due_now])
    slots: list[_Slot] = []
    rhythms: dict[tuple[str, str, frozenset[int]], tuple[tuple[date, datetime], tuple[date, datetime] | None]] = {}
    for schedule in sorted(due_now, key=lambda each: each.id):  # as every worker does, so that none waits in a circle
        rhythm = (schedule.time, schedule.zone, schedule.days)  # many that come due together have the same
        if rhythm not in rhythms:
            rhythms[rhythm] = next_due(schedule, now), latest_due(schedule, now)
        following, latest = rhythms[rhythm]
        closes_at = None if latest is None else due.closing(latest[1], following[1], schedule.open_for)
        slots.append(_Slot(schedule, (latest or following)[0], closes_at, following))
    await schedules.advance(tx, {each.schedule.id: each.following for each in slots})
    wanted = [each for each in slots if each.closes_at is not None and each.closes_at > now]
    return await _claimed(tx, held, wanted, zones, shelf, now, chance)


async def claim_by_hand(
    tx: AsyncConnection,
    question: Question,
    zone: ZoneInfo,
    shelf: Shelf,
    now: datetime,
    chance: random.Random,
    key: str,
) -> tuple[PostRow, ...] | NoCard:
    """Claim a question at once, whatever the rhythm: today's in each of its channels that has not had it, and if all have,
    one beside it in all.

    `key` names the wish: once more it is claimed nowhere.
    """
    held = await questions.held(tx, [question.lines[0].question_id])
    today = now.astimezone(ZoneInfo(question.lines[0].zone)).date()
    lacking = [line for line in question.lines if not await stands(tx, line, today)]
    wishes = []
    for line in lacking or question.lines:
        slot = today if lacking else key
        next_date, next_at = await upcoming(tx, line.id, line.question_id, line, now)
        if next_date == slot:
            next_date, next_at = next_due(line, next_at)
        wishes.append(_Slot(line, slot, due.closing(now, next_at, line.open_for), (next_date, next_at)))
    zones = {line.community_id: zone for line in question.lines}
    found = await _claimed(tx, held, wishes, zones, shelf, now, chance)
    none = next((each for each in found.values() if isinstance(each, NoCard)), None)
    if none is not None:
        return none
    await schedules.advance(tx, {each.schedule.id: each.following for each in wishes if each.schedule.id in found})
    return tuple(each for each in found.values() if isinstance(each, PostRow))


async def _claimed(
    tx: AsyncConnection,
    held: Mapping[int, Collection[Place]],
    slots: Sequence[_Slot],
    zones: Mapping[int, ZoneInfo],
    shelf: Shelf,
    now: datetime,
    chance: random.Random,
) -> dict[int, PostRow | NoCard]:
    if not slots:
        return {}
    communities = {each.schedule.community_id for each in slots}
    aside = await cards.set_aside(tx, communities)
    retired = await cards.retired(tx, communities)
    dates = {(each.schedule.number, each.slot) for each in slots if each.schedule.number in held}
    kin = Kin(held, await questions.asked(tx, {(of, on) for of, on in dates if isinstance(on, date)}))
    kin.had(await posts.had(tx, {*(each.schedule.place for each in slots), *kin.places}))
    matching: dict[tuple[Selection, Mode], _Askable] = {}
    found: dict[int, PostRow | NoCard] = {}
    chosen: list[tuple[_Slot, tuple[Deck, Card]]] = []
    for each in slots:
        schedule = each.schedule
        wished = (schedule.selection, schedule.mode)
        if wished not in matching:
            matching[wished] = _Askable.of(selection.matching(shelf, *wished))
        here = schedule.community_id
        every = matching[wished].without(aside.get(here, ()), retired.get(here, ()))
        key = kin.agreed(schedule, each.slot, every.cards) or every.choose(kin.history(schedule), chance)
        if key is None:
            found[schedule.id] = NoCard(schedule, spent=bool(matching[wished].cards))
        else:
            kin.agree(schedule, each.slot, key)
            chosen.append((each, every.cards[key]))
    kept = await cards.keep_each(tx, [(each.schedule.community_id, *card) for each, card in chosen])
    wanted = [
        Wanted(each.schedule, each.slot, card, now.astimezone(zones[each.schedule.community_id]).date(), each.closes_at)
        for (each, _), card in zip(chosen, kept, strict=True)
        if each.closes_at is not None
    ]
    claimed = await post_claims.claim(tx, wanted, now)
    for each, _card in chosen:
        if each.schedule.id in claimed and each.schedule.trouble is not None:
            await schedules.mended(tx, each.schedule.id)
    return {**found, **claimed}


@dataclass(frozen=True, slots=True)
class _Askable:
    """Cards that can be asked, by `deck/card`, and as what they are picked from; `easy` ones are a channel's first."""

    cards: Mapping[str, tuple[Deck, Card]]
    every: Sequence[Candidate]
    easy: Sequence[Candidate]

    @classmethod
    def of(cls, found: Mapping[str, tuple[Deck, Card]]) -> _Askable:
        every = [Candidate(key, card.level, card.topics) for key, (_, card) in found.items()]
        return cls(found, every, [each for each in every if _easy(found[each.key][1])])

    def without(self, aside: Collection[tuple[str, str, str]], retired: Collection[tuple[str, str]]) -> _Askable:
        """Less the cards that are set aside as they are now: deck, card and version of each; and those `retired`."""
        if not aside and not retired:
            return self
        kept = {
            key: (deck, card)
            for key, (deck, card) in self.cards.items()
            if (deck.id, card.id) not in retired and (deck.id, card.id, version(card)) not in aside
        }
        return self if len(kept) == len(self.cards) else _Askable.of(kept)

    def choose(self, history: Sequence[str], chance: random.Random) -> str | None:
        """The next card for a channel that had `history` (`deck/card`, oldest first); None when there is none."""
        among = self.every if history else self.easy or self.every  # a very first question is one press, for everybody
        return picking.pick(among, history, chance).key if among else None


def _easy(card: Card) -> bool:
    return isinstance(card, SingleChoice) and card.level is Level.BEGINNER
