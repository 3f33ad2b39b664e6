"""Daily questions as people know them: one that stands in several channels is a row of `schedules` for each of them, its lines.

Each line comes due, is claimed, fails and is paused by itself. What they have in common: the number, which is that of the first
line, the plan but for the channel, and the card that is asked on a date.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.events import Place
from bot.marked import Marked
from bot.store import schedules as kept
from bot.store.posts import State
from bot.store.schedules import Pause, Schedule
from bot.store.tables import cards, posts, schedules


@dataclass(frozen=True, slots=True)
class Question:
    """A daily question in all its channels: its lines by id, at least one."""

    lines: tuple[Schedule, ...]

    @property
    def number(self) -> int:
        return self.lines[0].number

    @property
    def places(self) -> tuple[Place, ...]:
        return tuple(line.place for line in self.lines)

    @property
    def next(self) -> Schedule:
        """The line that comes next. It is paused where all are, by an admin where one has paused it."""
        going = [line for line in self.lines if line.paused is None]
        if going:
            return min(going, key=lambda line: line.due_at)
        return next((line for line in self.lines if line.paused is Pause.ADMIN), self.lines[0])

    @property
    def paused(self) -> Pause | None:
        return self.next.paused

    def line_at(self, place: Place) -> Schedule | None:
        return next((line for line in self.lines if line.place == place), None)


def gathered(lines: Iterable[Schedule]) -> list[Question]:
    """Lines as the questions that they are of, by number."""
    found: dict[int, list[Schedule]] = {}
    for line in sorted(lines, key=lambda each: each.id):
        found.setdefault(line.number, []).append(line)
    return [Question(tuple(found[number])) for number in sorted(found)]


async def of_community(tx: AsyncConnection, community_id: int) -> list[Question]:
    """Every daily question of a community, by number."""
    return gathered(await kept.of_community(tx, community_id))


async def by_number(tx: AsyncConnection, number: int) -> Question | None:
    """The daily question of a number."""
    lines = await kept.of_question(tx, number)
    return next((each for each in gathered(lines) if each.number == number), None)


async def be_one(tx: AsyncConnection, number: int) -> None:
    """The schedule of that number is the first line of a question in several channels."""
    await tx.execute(update(schedules).where(schedules.c.id == number).values(question_id=number))


async def stands(tx: AsyncConnection, line_id: int | None, number: int | None, place: Place, on: date) -> bool:
    """Whether a line's question of a date has been posted, or is about to be: by the line, wherever that was, or in its channel
    by another line of its question, which may have gone or moved since.
    """
    there = (posts.c.platform == place.platform) & (posts.c.workspace == place.workspace)
    theirs = select(schedules.c.id).where(schedules.c.question_id == number)
    by_any = posts.c.schedule_id.in_(theirs) & there & (posts.c.channel == place.channel)
    had = (posts.c.local_date == on) & (posts.c.state != State.FAILED)
    of_the_line = [] if line_id is None else [posts.c.schedule_id == line_id]
    for those in (*of_the_line, *([] if number is None else [by_any])):
        if (await tx.execute(select(posts.c.id).where(those & had).limit(1))).first() is not None:
            return True
    return False


# ---------------------------------------------------------------- one card for all channels

_HELD = (
    select(
        schedules.c.question_id,
        schedules.c.platform,
        schedules.c.workspace,
        schedules.c.channel,
        schedules.c.removed_at,
    )
    .where(schedules.c.question_id.in_(bindparam("questions", expanding=True)))
    .order_by(schedules.c.id)
    .with_for_update(key_share=True)
)


async def held(tx: AsyncConnection, numbers: Collection[int | None]) -> dict[int, tuple[Place, ...]]:
    """Hold those of these questions that have several lines until the transaction is over: another worker that claims a line
    of theirs waits, and finds our posts. Their channels.

    In the order of rows in which all that claim and change lines take them, so that none waits in a circle.
    """
    several = sorted({each for each in numbers if each is not None})
    found: dict[int, tuple[Place, ...]] = dict.fromkeys(several, ())
    for row in await tx.execute(_HELD, {"questions": several}) if several else ():
        if row.removed_at is None:
            found[row.question_id] += (Place(row.platform, row.workspace, row.channel),)
    return found


_ASKED = (
    select(schedules.c.question_id, posts.c.local_date, cards.c.deck, cards.c.card)
    .join_from(schedules, posts, posts.c.schedule_id == schedules.c.id)
    .join(cards, cards.c.id == posts.c.card_id)
    .where(
        schedules.c.question_id.in_(bindparam("questions", expanding=True)),
        posts.c.local_date.in_(bindparam("dates", expanding=True)),
    )
    .order_by(posts.c.state == State.FAILED, posts.c.claimed_at, posts.c.id)
)


async def asked(tx: AsyncConnection, dates: Collection[tuple[int, date]]) -> dict[tuple[int, date], list[str]]:
    """`deck/card` of what the lines of questions were given on dates, by both: what stands before what failed, oldest first."""
    wanted = {"questions": sorted({of for of, _ in dates}), "dates": sorted({on for _, on in dates})}
    found: dict[tuple[int, date], list[str]] = {}
    for row in await tx.execute(_ASKED, wanted) if dates else ():
        found.setdefault((row.question_id, row.local_date), []).append(f"{row.deck}/{row.card}")
    return found


# ---------------------------------------------------------------- when something is wrong with all of it


async def trouble(tx: AsyncConnection, line: Schedule, why: Marked) -> bool:
    """As `schedules.trouble`, of all lines of a question: what is wrong with its cards is told once."""
    every = [line] if line.question_id is None else await kept.of_question(tx, line.number)
    return any([await kept.trouble(tx, each.id, why) for each in every])


# ---------------------------------------------------------------- when communities part


async def part(tx: AsyncConnection, communities: Collection[int]) -> None:
    """Where lines of a question belong to two communities, it is two questions from now on: those that are not with the
    first line have the number of their own first.
    """
    first = schedules.alias()
    query = (
        select(schedules.c.question_id, schedules.c.community_id, func.min(schedules.c.id).label("number"))
        .join_from(schedules, first, first.c.id == schedules.c.question_id)
        .where(
            schedules.c.community_id.in_(communities),
            schedules.c.community_id != first.c.community_id,
        )
        .group_by(schedules.c.question_id, schedules.c.community_id)
    )
    for row in (await tx.execute(query)).all():
        theirs = (schedules.c.question_id == row.question_id) & (schedules.c.community_id == row.community_id)
        await tx.execute(update(schedules).where(theirs).values(question_id=row.number))
