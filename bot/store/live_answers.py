"""Who plays in a live round, what they press, and what it comes to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.events import Place
from bot.quiz import grading
from bot.quiz.cards import Card
from bot.quiz.live import points
from bot.store import live, live_scores
from bot.store.answers import Tally
from bot.store.ballots import Account
from bot.store.cards import by_ids
from bot.store.live import LiveRound, State
from bot.store.live_scores import Gain
from bot.store.people import among, person_of
from bot.store.tables import live_answers, live_players, people
from bot.store.upsert import insert


class Taken(Enum):
    """What became of a press."""

    LOCKED = auto()
    ALREADY = auto()
    LATE = auto()
    GONE = auto()
    """There is no such round in that place, or no such option."""


@dataclass(frozen=True, slots=True)
class Buzz:
    """Somebody's press on an option, received `at`."""

    round_id: int
    position: int
    place: Place
    account: Account
    given: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """`given` is the answer that stands."""

    taken: Taken
    given: str


async def join(tx: AsyncConnection, row: LiveRound, person_id: int, account_id: int, now: datetime) -> bool:
    """Let somebody play; False when they do already."""
    playing = (live_players.c.round_id == row.id) & (live_players.c.person_id == person_id)
    if (await tx.execute(select(live_players.c.account_id).where(playing))).first() is not None:
        return False
    await tx.execute(insert(tx, live_players).values(_player(row, person_id, account_id, now)).on_conflict_do_nothing())
    return True


def _player(row: LiveRound, person_id: int, account_id: int, now: datetime) -> dict[str, Any]:
    who = {"account_id": account_id, "person_id": person_id}
    return {"round_id": row.id, "community_id": row.community_id, "joined_at": now, **who}


async def take(tx: AsyncConnection, every: Sequence[Buzz]) -> list[Receipt]:
    """Keep presses, in order, as if each had come alone: the first of each person to a question stands.

    Whoever closes the question comes before this or after.
    """
    await among(tx)
    rounds = await live.locked(tx, {buzz.round_id for buzz in every})
    standing: dict[tuple[int, int], tuple[Card, dict[int, str]]] = {}
    told: list[Receipt] = []
    joining: list[dict[str, Any]] = []
    answering: list[dict[str, Any]] = []
    for buzz in every:
        row = rounds.get(buzz.round_id)
        if row is None or not _there(row.place, buzz.place):
            told.append(Receipt(Taken.GONE, buzz.given))
            continue
        if row.state is not State.ASKING or row.position != buzz.position or buzz.at >= row.ends_at:
            told.append(Receipt(Taken.LATE, buzz.given))
            continue
        if (row.id, row.position) not in standing:
            standing[row.id, row.position] = await card_of(tx, row), await _given(tx, row)
        card, given = standing[row.id, row.position]
        if not _possible(card, buzz.given):
            told.append(Receipt(Taken.GONE, buzz.given))
            continue
        person = await person_of(tx, row.community_id, buzz.account, buzz.at)
        if person.id in given:
            told.append(Receipt(Taken.ALREADY, given[person.id]))
            continue
        given[person.id] = buzz.given
        player = _player(row, person.id, person.account_id, buzz.at)
        joining.append(player)
        answer = {name: player[name] for name in ("round_id", "community_id", "account_id", "person_id")}
        answering.append({**answer, "position": row.position, "given": buzz.given, "answered_at": buzz.at})
        told.append(Receipt(Taken.LOCKED, buzz.given))
    if answering:
        await tx.execute(insert(tx, live_players).on_conflict_do_nothing(), joining)
        await tx.execute(insert(tx, live_answers), answering)
    for number in {each["round_id"] for each in answering}:
        last = max(buzz.at for buzz in every if buzz.round_id == number)
        await live.heard(tx, rounds[number], last)
    return told


def _there(one: Place, other: Place) -> bool:
    return (one.platform, one.workspace, one.channel) == (other.platform, other.workspace, other.channel)


def _possible(card: Card, given: str) -> bool:
    """Whether a button of the card says that; a forged one may say anything."""
    try:
        grading.grade(card, given)
    except ValueError:
        return False
    return True


async def card_of(tx: AsyncConnection, row: LiveRound) -> Card:
    """The card that is asked or revealed, as it holds now."""
    card_id = row.cards[row.position]
    return (await by_ids(tx, [card_id]))[card_id].card


async def _given(tx: AsyncConnection, row: LiveRound) -> dict[int, str]:
    """What people have answered to the question that is asked, by person."""
    query = select(live_answers.c.person_id, live_answers.c.given).where(_question(row))
    return {each.person_id: each.given for each in await tx.execute(query)}


def _question(row: LiveRound) -> ColumnElement[bool]:
    return (live_answers.c.round_id == row.id) & (live_answers.c.position == row.position)


# ---------------------------------------------------------------- what counts


def counting(where: ColumnElement[bool]) -> Select[Any]:
    """Of answers to questions that are over, those that count: each person's first, whichever account it came by."""
    one = (live_answers.c.round_id, live_answers.c.position, live_answers.c.person_id)
    order = (live_answers.c.answered_at, live_answers.c.account_id)
    place = func.row_number().over(partition_by=one, order_by=order).label("place")
    ranked = select(live_answers, place).where(where, live_answers.c.points.is_not(None)).subquery()
    return select(ranked).where(ranked.c.place == 1)


async def close(tx: AsyncConnection, row: LiveRound) -> None:
    """Grade what was answered to the question that is asked, and let it count on the boards of live rounds."""
    card = await card_of(tx, row)
    open_ = select(live_answers.c.account_id, live_answers.c.given, live_answers.c.answered_at)
    marks = []
    for each in await tx.execute(open_.where(_question(row), live_answers.c.points.is_(None))):
        correct = grading.grade(card, each.given).correct
        taken = each.answered_at - row.begins_at
        won = points(taken, row.seconds) if correct else 0
        marks.append({"by": each.account_id, "is_correct": correct, "won": won})
    if not marks:
        return
    mine = _question(row) & (live_answers.c.account_id == bindparam("by"))
    values: dict[str, Any] = {"correct": bindparam("is_correct"), "points": bindparam("won")}
    await tx.execute(update(live_answers).where(mine).values(values), marks)
    counted = (await tx.execute(counting(_question(row)))).all()
    gains = {each.person_id: Gain(each.points, 1, int(each.correct)) for each in counted}
    await live_scores.add(tx, row.community_id, row.day, gains)


@dataclass(frozen=True, slots=True)
class Line:
    """Where somebody stands in a round. `rank` is theirs among those who are shown, and that which they would have for one
    who hides; `gained` is what the last question won.
    """

    rank: int
    person_id: int
    name: str
    hidden: bool
    points: int
    correct: int
    gained: int
    right: bool | None
    """Whether their answer to the last question was right; None without one."""


async def standings(tx: AsyncConnection, row: LiveRound) -> list[Line]:
    """Everybody who plays, the first first; ties share a rank and are in the order of their names."""
    playing = select(people.c.id, people.c.name, people.c.hidden).distinct()
    playing = playing.join(live_players, live_players.c.person_id == people.c.id)
    playing = playing.where(live_players.c.round_id == row.id)
    everyone = (await tx.execute(playing)).all()
    won: dict[int, int] = defaultdict(int)
    right: Counter[int] = Counter()
    last: dict[int, tuple[int, bool]] = {}
    for each in await tx.execute(counting(live_answers.c.round_id == row.id)):
        won[each.person_id] += each.points
        right[each.person_id] += each.correct
        if each.position == row.position:
            last[each.person_id] = (each.points, each.correct)
    everyone = sorted(everyone, key=lambda who: (-won[who.id], who.name.casefold(), who.id))
    shown = [won[who.id] for who in everyone if not who.hidden]
    lines = []
    for who in everyone:
        rank = 1 + sum(more > won[who.id] for more in shown)
        gained, was_right = last.get(who.id, (0, None))
        lines.append(Line(rank, who.id, who.name, who.hidden, won[who.id], right[who.id], gained, was_right))
    return lines


async def tally(tx: AsyncConnection, row: LiveRound) -> Tally:
    """What the answers to the question that was revealed come to."""
    given: Counter[str] = Counter()
    correct = 0
    for each in await tx.execute(counting(_question(row))):
        given[each.given] += 1
        correct += each.correct
    return Tally(given.total(), correct, tuple(given.most_common()), (), 0)


async def players(tx: AsyncConnection, row: LiveRound) -> tuple[int, list[str]]:
    """How many have joined, and the names of those who don't hide, in the order in which they did."""
    joined = func.min(live_players.c.joined_at)
    query = select(people.c.name, people.c.hidden).join(live_players, live_players.c.person_id == people.c.id)
    query = query.where(live_players.c.round_id == row.id).group_by(people.c.id, people.c.name, people.c.hidden)
    return _named((await tx.execute(query.order_by(joined, people.c.id))).all())


async def answered(tx: AsyncConnection, row: LiveRound) -> tuple[int, list[str]]:
    """How many have answered the question that is asked, and the names of those who don't hide, in the order in which they did."""
    first = func.min(live_answers.c.answered_at)
    query = select(people.c.name, people.c.hidden).join(live_answers, live_answers.c.person_id == people.c.id)
    query = query.where(_question(row)).group_by(people.c.id, people.c.name, people.c.hidden)
    return _named((await tx.execute(query.order_by(first, people.c.id))).all())


def _named(found: Sequence[Row[str, bool]]) -> tuple[int, list[str]]:
    return len(found), [each.name for each in found if not each.hidden]
