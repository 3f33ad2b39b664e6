"""Which question a schedule posts next, and when: each is claimed as a row before it is sent."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.features import selection
from bot.library.shelf import Shelf
from bot.quiz import due, picking
from bot.quiz.cards import Card, Deck, Level, SingleChoice
from bot.quiz.picking import Candidate
from bot.store import cards, posts, schedules
from bot.store.posts import PostRow
from bot.store.schedules import Plan, Schedule


@dataclass(frozen=True, slots=True)
class NoCard:
    """A question is due, and there is no card to ask; `why` tells an admin, with the mend."""

    why: str


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


async def upcoming(tx: AsyncConnection, schedule_id: int, plan: Plan, now: datetime) -> tuple[date, datetime]:
    """When a schedule's next question comes: dates that have theirs already are passed over."""
    found = next_due(plan, now)
    while await posts.stands(tx, schedule_id, found[0]):
        found = next_due(plan, found[1])
    return found


async def missed(tx: AsyncConnection, schedule: Schedule, now: datetime) -> tuple[date, datetime] | None:
    """Today's question, if its time has come without it and it can still be answered."""
    latest = latest_due(schedule, now)
    if latest is None or latest[0] != now.astimezone(ZoneInfo(schedule.zone)).date():
        return None
    closes_at = due.closing(latest[1], next_due(schedule, now)[1], schedule.open_for)
    return None if closes_at <= now or await posts.stands(tx, schedule.id, latest[0]) else latest


async def claim(
    tx: AsyncConnection, schedule: Schedule, zone: ZoneInfo, shelf: Shelf, now: datetime, chance: random.Random
) -> PostRow | NoCard | None:
    """Claim the schedule's due question for us and set the schedule to its next instant. `zone` is the community's.

    After downtime only the latest date is posted, and only while it can still be answered. None when nothing is to be
    posted: its window is over, or another worker has it.
    """
    next_date, next_at = next_due(schedule, now)
    await schedules.advance(tx, schedule.id, next_at, next_date)
    latest = latest_due(schedule, now)
    if latest is None or (closes_at := due.closing(latest[1], next_at, schedule.open_for)) <= now:
        return None
    return await _claimed(tx, schedule, latest[0], zone, shelf, now, closes_at, chance)


async def claim_by_hand(
    tx: AsyncConnection,
    schedule: Schedule,
    zone: ZoneInfo,
    shelf: Shelf,
    now: datetime,
    chance: random.Random,
    key: str,
) -> PostRow | NoCard | None:
    """Claim a question at once, whatever the rhythm. It is today's if that has not been posted, and beside it if it has.

    `key` names the wish: once more it is None.
    """
    today = now.astimezone(ZoneInfo(schedule.zone)).date()
    slot = key if await posts.stands(tx, schedule.id, today) else today
    next_date, next_at = await upcoming(tx, schedule.id, schedule, now)
    if next_date == slot:
        next_date, next_at = next_due(schedule, next_at)
    closes_at = due.closing(now, next_at, schedule.open_for)
    claimed = await _claimed(tx, schedule, slot, zone, shelf, now, closes_at, chance)
    if isinstance(claimed, PostRow):
        await schedules.advance(tx, schedule.id, next_at, next_date)
    return claimed


async def _claimed(
    tx: AsyncConnection,
    schedule: Schedule,
    slot: date | str,
    zone: ZoneInfo,
    shelf: Shelf,
    now: datetime,
    closes_at: datetime,
    chance: random.Random,
) -> PostRow | NoCard | None:
    every = selection.matching(shelf, schedule.selection, schedule.mode)
    aside = await cards.set_aside(tx, schedule.community_id, every.values())
    found = {key: card for key, card in every.items() if key not in aside}
    chosen = choose(found, await posts.history(tx, schedule.place), chance)
    if chosen is None:
        why = selection.nothing(shelf, schedule.selection, schedule.mode)
        return NoCard(f"{why} Choose other cards with /quiz schedule set id:{schedule.id}.")
    kept = (await cards.keep(tx, schedule.community_id, [chosen]))[0]
    day = now.astimezone(zone).date()
    post = await posts.claim(tx, schedule, slot, kept.id, day, now, closes_at)
    if post is not None and schedule.trouble is not None:
        await schedules.mended(tx, schedule.id)
    return post


def choose(
    found: Mapping[str, tuple[Deck, Card]], history: Sequence[str], chance: random.Random
) -> tuple[Deck, Card] | None:
    """The next of the cards `found` for a channel that had `history` (`deck/card`, oldest first); None when there is none."""
    if not history:  # a channel's very first question is answered with one press, by everybody
        found = {key: (deck, card) for key, (deck, card) in found.items() if _easy(card)} or found
    candidates = [Candidate(key, card.level, card.topics) for key, (_, card) in found.items()]
    return found[picking.pick(candidates, history, chance).key] if candidates else None


def _easy(card: Card) -> bool:
    return isinstance(card, SingleChoice) and card.level is Level.BEGINNER
