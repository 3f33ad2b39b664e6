"""Posts: one card put in one channel at one time, from claim to close; and the question days that they make."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Select, bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.events import MessageRef, Place
from bot.quiz.cards import Card, from_json
from bot.store import settings
from bot.store.cards import BODY, KeptCard
from bot.store.schedules import Feedback, Mode, Schedule
from bot.store.stood import Stood
from bot.store.tables import Moment, answers, cards, post_events, posts, question_days
from bot.store.upsert import insert

AT_ONCE = 100
"""Posts read in one look; whoever works through them looks again."""


class State(StrEnum):
    """See `tables.posts`."""

    CLAIMED = "claimed"
    OPEN = "open"
    COLLECTING = "collecting"
    CLOSING = "closing"
    CLOSED = "closed"
    FAILED = "failed"


class What(StrEnum):
    """What can happen to a post."""

    CLAIMED = "claimed"
    TAKEN_OVER = "taken over"
    NOT_SENT = "not sent"
    POSTED = "posted"
    FOUND = "found"
    TWIN = "twin deleted"
    SET_ASIDE = "card set aside"
    FAILED = "failed"
    OVER = "over"
    CLOSED = "closed"
    CORRECTED = "results corrected"


@dataclass(frozen=True, slots=True)
class PostEvent:
    """Something that happened to a post; `at` is aware."""

    at: datetime
    what: What
    detail: str | None


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post and its card. `local_date` is the schedule's whose question it is; None for one posted by hand beside it."""

    id: int
    community_id: int
    schedule_id: int | None
    place: Place
    key: str
    local_date: date | None
    mode: Mode
    feedback: Feedback
    message: str | None
    state: State
    day: date
    day_number: int
    opens_at: datetime
    closes_at: datetime
    claimed_at: datetime
    card_id: int
    deck: str
    deck_title: str
    card: Card
    correction: int = 0
    """The latest of its card, by which answers are graded; `corrected`: since the question was asked."""
    corrected: bool = False

    @property
    def collects(self) -> bool:
        """Whether answers are only kept until the close, and become answers then."""
        return self.mode is Mode.REACTIONS or self.feedback is Feedback.AT_CLOSE

    @property
    def last_moment(self) -> datetime:
        """The last instant at which an answer still counts."""
        return self.closes_at - timedelta(microseconds=1)

    @property
    def ref(self) -> MessageRef | None:
        return None if self.message is None else MessageRef(self.place, self.message)

    @property
    def claimed(self) -> bool:
        return self.state is State.CLAIMED

    @property
    def since(self) -> datetime:
        return self.opens_at

    @property
    def until(self) -> datetime:
        return self.closes_at


_POST = select(
    posts.c.id,
    posts.c.community_id,
    posts.c.schedule_id,
    posts.c.local_date,
    posts.c.mode,
    posts.c.feedback,
    posts.c.platform,
    posts.c.workspace,
    posts.c.channel,
    posts.c.key,
    posts.c.message_id,
    posts.c.state,
    posts.c.day,
    posts.c.day_number,
    posts.c.opens_at,
    posts.c.closes_at,
    posts.c.claimed_at,
    posts.c.card_id,
    cards.c.deck,
    cards.c.deck_title,
    BODY,
    posts.c.correction,
    posts.c.corrected,
).join(cards, cards.c.id == posts.c.card_id)


def _post(row: Row[Any]) -> PostRow:
    return PostRow(
        id=row.id,
        community_id=row.community_id,
        schedule_id=row.schedule_id,
        local_date=row.local_date,
        mode=Mode(row.mode),
        feedback=Feedback(row.feedback),
        place=Place(row.platform, row.workspace, row.channel),
        key=row.key,
        message=row.message_id,
        state=State(row.state),
        day=row.day,
        day_number=row.day_number,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        claimed_at=row.claimed_at,
        card_id=row.card_id,
        deck=row.deck,
        deck_title=row.deck_title,
        card=from_json(row.body),
        correction=row.correction,
        corrected=row.corrected,
    )


async def _posts(tx: AsyncConnection, query: Select[Any], values: Mapping[str, object] | None = None) -> list[PostRow]:
    return [_post(row) for row in await tx.execute(query, values)]


# What every tick asks and every post says is written once: to build a statement takes as long as to run it.
_BY_ID = _POST.where(posts.c.id == bindparam("post"))


async def by_id(tx: AsyncConnection, post_id: int) -> PostRow | None:
    return next(iter(await _posts(tx, _BY_ID, {"post": post_id})), None)


async def community_of(tx: AsyncConnection, post_id: int) -> int | None:
    """The community that a post belongs to now."""
    community: int | None = (await tx.execute(select(posts.c.community_id).where(posts.c.id == post_id))).scalar()
    return community


async def open_posts(tx: AsyncConnection, community_id: int, now: datetime) -> list[PostRow]:
    """What can be answered now in the community, latest first."""
    asked = (posts.c.community_id == community_id) & (posts.c.state == State.OPEN) & (posts.c.closes_at > now)
    return await _posts(tx, _POST.where(asked).order_by(posts.c.opens_at.desc(), posts.c.id.desc()))


async def awaiting(tx: AsyncConnection, community_id: int, person_id: int, now: datetime) -> set[str]:
    """The cards, as `deck/card`, that the community is being asked and that a person has not answered for good."""
    asked = posts.c.state.in_((State.CLAIMED, State.OPEN)) & (posts.c.closes_at > now)
    asked &= posts.c.community_id == community_id
    theirs = (
        (answers.c.person_id == person_id) & (answers.c.card_id == posts.c.card_id) & (answers.c.day == posts.c.day)
    )
    query = select(cards.c.deck, cards.c.card).join(posts, posts.c.card_id == cards.c.id)
    query = query.outerjoin(answers, theirs).where(asked & answers.c.id.is_(None))
    return {f"{row.deck}/{row.card}" for row in await tx.execute(query)}


# Spelled so that no index of platforms is taken: nearly all rows are of one, and SQLite would go through them all.
_OURS = posts.c.platform.concat("").in_(bindparam("platforms", expanding=True))
_NOW = bindparam("now", type_=Moment())
_LIMIT = bindparam("few", type_=Integer())

_OVER = _POST.where((posts.c.state == State.OPEN) & (posts.c.closes_at <= _NOW) & _OURS)
_BEGUN = _POST.where(posts.c.state.in_((State.COLLECTING, State.CLOSING)) & _OURS)
_TO_CLOSE = tuple(query.order_by(posts.c.closes_at).limit(_LIMIT) for query in (_OVER, _BEGUN))
"""Two questions: asked with an 'or', SQLite would go through all that are open."""


async def to_close(
    tx: AsyncConnection, now: datetime, platforms: Collection[str], limit: int = AT_ONCE
) -> list[PostRow]:
    """Posts on these platforms whose time is over, those included whose closing was begun and not finished."""
    every = {"platforms": list(platforms), "few": limit}
    over, begun = _TO_CLOSE
    found = [*await _posts(tx, over, {**every, "now": now}), *await _posts(tx, begun, every)]
    return sorted(found, key=lambda post: post.closes_at)[:limit]


_UNSETTLED = (
    _POST.where((posts.c.state == State.CLAIMED) & (posts.c.claimed_at < _NOW) & _OURS)
    .order_by(posts.c.claimed_at)
    .limit(_LIMIT)
)


async def unsettled(
    tx: AsyncConnection, claimed_before: datetime, platforms: Collection[str], limit: int = AT_ONCE
) -> list[PostRow]:
    """Claims on these platforms that nobody finished: the message may have been sent or not."""
    return await _posts(tx, _UNSETTLED, {"now": claimed_before, "platforms": list(platforms), "few": limit})


async def by_message(tx: AsyncConnection, ref: MessageRef) -> PostRow | None:
    """The post that stands as this message."""
    here = (posts.c.platform == ref.place.platform) & (posts.c.channel == ref.place.channel)
    return next(iter(await _posts(tx, _POST.where(here & (posts.c.message_id == ref.message)))), None)


async def of_message(tx: AsyncConnection, community_id: int, message: str) -> PostRow | None:
    """The community's post that stands as a message of this id, in whichever channel."""
    here = (posts.c.community_id == community_id) & (posts.c.message_id == message)
    return next(iter(await _posts(tx, _POST.where(here).limit(1))), None)


async def latest(tx: AsyncConnection, community_id: int, most: int, place: Place | None = None) -> list[PostRow]:
    """What was posted last in a community, or in one of its channels, the newest first."""
    put = (posts.c.community_id == community_id) & posts.c.state.not_in((State.CLAIMED, State.FAILED))
    if place is not None:
        put &= (posts.c.platform == place.platform) & (posts.c.workspace == place.workspace)
        put &= posts.c.channel == place.channel
    return await _posts(tx, _POST.where(put).order_by(posts.c.opens_at.desc(), posts.c.id.desc()).limit(most))


async def of_schedule(tx: AsyncConnection, schedule_id: int, limit: int) -> list[PostRow]:
    """The latest posts of a schedule, the newest first."""
    query = _POST.where(posts.c.schedule_id == schedule_id).order_by(posts.c.opens_at.desc(), posts.c.id.desc())
    return await _posts(tx, query.limit(limit))


_UNSEEDED = (
    _POST.where((posts.c.state.concat("") == State.OPEN) & ~posts.c.seeded & _OURS)  # past the states' index
    .order_by(posts.c.opens_at)
    .limit(_LIMIT)
)


async def unseeded(tx: AsyncConnection, platforms: Collection[str], limit: int = AT_ONCE) -> list[PostRow]:
    """Open posts on these platforms that still lack the emojis to answer with."""
    return await _posts(tx, _UNSEEDED, {"platforms": list(platforms), "few": limit})


_NEXT_CLOSE = select(func.min(posts.c.closes_at)).where(
    (posts.c.state == State.OPEN) & (posts.c.closes_at > _NOW) & _OURS
)


async def next_close(tx: AsyncConnection, platforms: Collection[str], after: datetime) -> datetime | None:
    """When a post on these platforms is next over, later than `after`."""
    at: datetime | None = (await tx.execute(_NEXT_CLOSE, {"platforms": list(platforms), "now": after})).scalar_one()
    return at


# Column by column, and not a tuple in a list: for that SQLite would go through every post.
_HISTORIES = (
    select(posts.c.platform, posts.c.workspace, posts.c.channel, cards.c.deck, cards.c.card)
    .join(cards, posts.c.card_id == cards.c.id)
    .where(
        posts.c.platform.in_(bindparam("platforms", expanding=True)),
        posts.c.workspace.in_(bindparam("workspaces", expanding=True)),
        posts.c.channel.in_(bindparam("channels", expanding=True)),
    )
    .order_by(posts.c.opens_at, posts.c.id)
)


async def had(tx: AsyncConnection, places: Collection[Place]) -> list[tuple[Place, str]]:
    """Channel and `deck/card` of everything posted in these channels, oldest first."""
    asked = {
        "platforms": sorted({each.platform for each in places}),
        "workspaces": sorted({each.workspace for each in places}),
        "channels": sorted({each.channel for each in places}),
    }
    return [
        (Place(row.platform, row.workspace, row.channel), f"{row.deck}/{row.card}")
        for row in await tx.execute(_HISTORIES, asked)
    ]


async def histories(tx: AsyncConnection, places: Collection[Place]) -> dict[Place, list[str]]:
    """`deck/card` of everything posted in each channel, oldest first; without channels that have had nothing."""
    found: dict[Place, list[str]] = {}
    for place, card in await had(tx, places):
        found.setdefault(place, []).append(card)
    return found


async def of_days(tx: AsyncConnection, place: Place, first: date, last: date) -> list[PostRow]:
    """What was put in a channel on the days from `first` to `last` inclusive, oldest first."""
    here = (posts.c.platform == place.platform) & (posts.c.workspace == place.workspace)
    here &= (posts.c.channel == place.channel) & posts.c.day.between(first, last)
    put = here & posts.c.state.not_in((State.CLAIMED, State.FAILED))
    return await _posts(tx, _POST.where(put).order_by(posts.c.opens_at, posts.c.id))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question to be claimed: `card` for a schedule, until `closes_at` at most.

    `slot` is its date in the schedule's zone; in place of one, a text names a post by hand that is none of its dates', once.
    `day` is the community's.
    """

    schedule: Schedule
    slot: date | str
    card: KeptCard
    day: date
    closes_at: datetime

    @property
    def local_date(self) -> date | None:
        return self.slot if isinstance(self.slot, date) else None

    @property
    def key(self) -> str:
        return f"{'extra' if self.local_date is None else 'daily'}:{self.schedule.id}:{self.slot}"


_FAILED = select(posts.c.id, posts.c.schedule_id, posts.c.local_date).where(
    posts.c.schedule_id.in_(bindparam("schedules", expanding=True)),
    posts.c.local_date.in_(bindparam("dates", expanding=True)),
    posts.c.state == State.FAILED,
)
_REVIVE = update(posts).where((posts.c.id == bindparam("post")) & (posts.c.state == State.FAILED))
_CLAIM = {
    "sqlite": sqlite.insert(posts).on_conflict_do_nothing().returning(posts.c.id, posts.c.key),
    "postgresql": postgresql.insert(posts).on_conflict_do_nothing().returning(posts.c.id, posts.c.key),
}


async def claim(tx: AsyncConnection, wanted: Sequence[Wanted], now: datetime) -> dict[int, PostRow]:
    """Claimed posts by their schedules, at most one of each; without those that somebody has claimed already.

    A post of the same date that failed is claimed anew: its message never stood.
    """
    if not wanted:
        return {}
    numbers, still = await _day_numbers(tx, {each.schedule.community_id: each.day for each in wanted})
    rows = {
        each.key: {
            **_row(each, numbers[each.schedule.community_id], now),
            "numbered": each.schedule.community_id not in still,
        }
        for each in wanted
    }
    ids = {row.key: row.id for row in await tx.execute(_CLAIM[tx.dialect.name], [*rows.values()])}
    ids |= await _revived(tx, [each for each in wanted if each.key not in ids], rows)
    claimed = {
        each.schedule.id: _made(ids[each.key], each, numbers[each.schedule.community_id], now)
        for each in wanted
        if each.key in ids
    }
    await _noted(tx, [(post, f"{post.deck}/{post.card.id}") for post in claimed.values()], now, What.CLAIMED)
    return claimed


async def _revived(
    tx: AsyncConnection, wanted: Sequence[Wanted], rows: Mapping[str, Mapping[str, Any]]
) -> dict[str, int]:
    """The posts of these dates that had failed, claimed anew: their ids by key."""
    dated = {(each.schedule.id, each.local_date): each.key for each in wanted if each.local_date is not None}
    asked = {"schedules": sorted({of for of, _ in dated}), "dates": sorted({on for _, on in dated})}
    revived: dict[str, int] = {}
    for failed in (await tx.execute(_FAILED, asked)).all() if dated else ():
        key = dated.get((failed.schedule_id, failed.local_date))
        if key is None:
            continue
        again = {**rows[key], "problem": None, "post": failed.id}
        if (await tx.execute(_REVIVE, again)).rowcount == 1:
            revived[key] = failed.id
    return revived


def _row(each: Wanted, number: int, now: datetime) -> Mapping[str, Any]:
    schedule = each.schedule
    return {
        "community_id": schedule.community_id,
        "schedule_id": schedule.id,
        "local_date": each.local_date,
        "platform": schedule.place.platform,
        "workspace": schedule.place.workspace,
        "channel": schedule.place.channel,
        "card_id": each.card.id,
        "key": each.key,
        "mode": schedule.mode,
        "feedback": schedule.feedback,
        "seeded": schedule.mode is Mode.BUTTONS,
        "state": State.CLAIMED,
        "day": each.day,
        "day_number": number,
        "opens_at": now,
        "closes_at": each.closes_at,
        "claimed_at": now,
        "correction": each.card.correction,
        "shown": each.card.correction,
        "corrected": False,
    }


def _made(post_id: int, each: Wanted, number: int, now: datetime) -> PostRow:
    """As `_post` reads it."""
    return PostRow(
        id=post_id,
        community_id=each.schedule.community_id,
        schedule_id=each.schedule.id,
        local_date=each.local_date,
        mode=each.schedule.mode,
        feedback=each.schedule.feedback,
        place=each.schedule.place,
        key=each.key,
        message=None,
        state=State.CLAIMED,
        day=each.day,
        day_number=number,
        opens_at=now,
        closes_at=each.closes_at,
        claimed_at=now,
        card_id=each.card.id,
        deck=each.card.deck,
        deck_title=each.card.deck_title,
        card=each.card.card,
        correction=each.card.correction,
    )


async def reclaim(tx: AsyncConnection, post: PostRow, now: datetime) -> PostRow | None:
    """Take over a claim that nobody finished; None when another worker was quicker. The post as it is ours now."""
    taken = (await tx.execute(update(posts).where(_claim(post)).values(claimed_at=now))).rowcount == 1
    if not taken:
        return None
    await note(tx, post, now, What.TAKEN_OVER)
    return replace(post, claimed_at=now)


_STAND = update(posts).where(
    posts.c.id == bindparam("post"),
    posts.c.state == State.CLAIMED,
    posts.c.claimed_at == bindparam("held_since"),
)
"""For whoever holds the claim, as in `_claim`."""


async def stand(tx: AsyncConnection, stood: Sequence[Stood[PostRow]], now: datetime) -> dict[int, PostRow]:
    """Claimed posts stand in their channels as messages: as they are now, by id, without those whose claim is ours no longer."""
    await tx.execute(
        _STAND,
        [
            {
                "post": each.errand.id,
                "held_since": each.errand.claimed_at,
                "state": State.OPEN,
                "message_id": each.message,
                "look_at": each.look_at,
            }
            for each in stood
        ],
    )
    found = {row.id: row for row in await tx.execute(_STANDING, {"posts": [each.errand.id for each in stood]})}
    ours = [each for each in stood if _is_ours(each, found.get(each.errand.id))]
    now_open = {each.errand.id: replace(each.errand, state=State.OPEN, message=each.message) for each in ours}
    for what, looking in ((What.POSTED, False), (What.FOUND, True)):
        noted = [(each.errand, each.message) for each in ours if (each.look_at is not None) is looking]
        await _noted(tx, noted, now, what)
    return now_open


_STANDING = select(posts.c.id, posts.c.state, posts.c.message_id, posts.c.claimed_at).where(
    posts.c.id.in_(bindparam("posts", expanding=True))
)


def _is_ours(each: Stood[PostRow], row: Row[int, str, str | None, datetime] | None) -> bool:
    """Whether the claim was held: who takes one over changes its time."""
    return row is not None and (row.state, row.message_id, row.claimed_at) == (
        State.OPEN,
        each.message,
        each.errand.claimed_at,
    )


def _claim(post: PostRow) -> ColumnElement[bool]:
    """The post, as long as it is claimed by whoever read it so."""
    return (posts.c.id == post.id) & (posts.c.state == State.CLAIMED) & (posts.c.claimed_at == post.claimed_at)


_TO_LOOK_AT = (
    _POST.where((posts.c.look_at <= _NOW) & (posts.c.state.concat("") == State.OPEN) & _OURS)  # past the states' index
    .order_by(posts.c.look_at)
    .limit(_LIMIT)
)


async def to_look_at(tx: AsyncConnection, now: datetime, platforms: Collection[str]) -> list[PostRow]:
    """Open posts on these platforms of which there may be a twin."""
    return await _posts(tx, _TO_LOOK_AT, {"now": now, "platforms": list(platforms), "few": AT_ONCE})


async def look_again(tx: AsyncConnection, post_id: int, at: datetime | None) -> None:
    """When to look for a twin next, if at all."""
    await tx.execute(update(posts).where(posts.c.id == post_id).values(look_at=at))


_NOTE = post_events.insert()


async def note(tx: AsyncConnection, post: PostRow, at: datetime, what: What, detail: str | None = None) -> None:
    """Keep what happened to a post."""
    await _noted(tx, [(post, detail)], at, what)


async def _noted(tx: AsyncConnection, every: Sequence[tuple[PostRow, str | None]], at: datetime, what: What) -> None:
    rows = [
        {"community_id": post.community_id, "post_id": post.id, "at": at, "what": what, "detail": detail}
        for post, detail in every
    ]
    if rows:
        await tx.execute(_NOTE, rows)


async def events(tx: AsyncConnection, post_id: int) -> list[PostEvent]:
    """What happened to a post, in order."""
    query = select(post_events).where(post_events.c.post_id == post_id).order_by(post_events.c.id)
    return [PostEvent(row.at, What(row.what), row.detail) for row in await tx.execute(query)]


async def count_events(tx: AsyncConnection, post_id: int, what: What) -> int:
    query = select(func.count()).where((post_events.c.post_id == post_id) & (post_events.c.what == what))
    return int((await tx.execute(query)).scalar_one())


_DAY_NUMBERS = select(question_days.c.community_id, question_days.c.day, question_days.c.number).where(
    question_days.c.community_id.in_(bindparam("communities", expanding=True)),
    question_days.c.day.in_(bindparam("days", expanding=True)),
)
_LAST_NUMBERS = (
    select(question_days.c.community_id, func.max(question_days.c.number).label("number"))
    .where(question_days.c.community_id.in_(bindparam("communities", expanding=True)))
    .group_by(question_days.c.community_id)
)


async def _day_numbers(tx: AsyncConnection, days: Mapping[int, date]) -> tuple[dict[int, int], Collection[int]]:
    """The numbers of the communities' question days, by community; given out now where a day has its first question.

    Where no streaks are kept the numbers stand still: such days neither lengthen a streak nor break one. The second is where.
    """
    numbers = await _known_numbers(tx, days)
    new = sorted(days.keys() - numbers.keys())
    if not new:
        return numbers, ()
    last = {row.community_id: row.number for row in await tx.execute(_LAST_NUMBERS, {"communities": new})}
    still = {each: last[each] for each in await settings.without_streaks(tx, new) if each in last}
    if still:
        others, _none = await _day_numbers(tx, {each: day for each, day in days.items() if each not in still})
        return {**still, **others}, still
    rows = [{"community_id": each, "day": days[each], "number": last.get(each, 0) + 1} for each in new]
    await tx.execute(insert(tx, question_days).on_conflict_do_nothing(), rows)
    return await _known_numbers(tx, days), ()  # another worker may have been quicker with a day


async def _known_numbers(tx: AsyncConnection, days: Mapping[int, date]) -> dict[int, int]:
    asked = {"communities": sorted(days), "days": sorted(set(days.values()))}
    rows = (await tx.execute(_DAY_NUMBERS, asked)).all()
    return {row.community_id: row.number for row in rows if days[row.community_id] == row.day}


async def seeded(tx: AsyncConnection, post_id: int) -> None:
    """The emojis to answer with are under the post."""
    await tx.execute(update(posts).where(posts.c.id == post_id).values(seeded=True))


async def collect(tx: AsyncConnection, post: PostRow, now: datetime) -> None:
    """Nothing more is kept; what was kept becomes answers next."""
    open_now = (posts.c.id == post.id) & (posts.c.state == State.OPEN)
    if (await tx.execute(update(posts).where(open_now).values(state=State.COLLECTING))).rowcount:
        await note(tx, post, now, What.OVER)


async def end(tx: AsyncConnection, post: PostRow, now: datetime) -> None:
    """No more answers are taken; results come next."""
    before = (posts.c.id == post.id) & posts.c.state.in_((State.OPEN, State.COLLECTING))
    if (await tx.execute(update(posts).where(before).values(state=State.CLOSING))).rowcount and not post.collects:
        await note(tx, post, now, What.OVER)


async def close(tx: AsyncConnection, post: PostRow, now: datetime, detail: str) -> None:
    """The results stand, or never will."""
    await tx.execute(
        update(posts).where(posts.c.id == post.id).values(state=State.CLOSED, look_at=None, shown=post.correction)
    )
    await note(tx, post, now, What.CLOSED, detail)


async def fail(tx: AsyncConnection, post: PostRow, problem: str, now: datetime) -> bool:
    """A post that will not be shown; False when the claim is ours no longer.

    If it was to be its day's only question the day is none: it breaks no streak.
    """
    failed = update(posts).where(_claim(post)).values(state=State.FAILED, problem=problem)
    if (await tx.execute(failed)).rowcount != 1:
        return False
    await note(tx, post, now, What.FAILED, problem)
    mine = question_days.c.community_id == post.community_id
    others = select(posts.c.id).where(
        (posts.c.community_id == post.community_id)
        & (posts.c.day_number >= post.day_number)
        & (posts.c.state != State.FAILED)
    )
    answered = select(answers.c.id).where(answers.c.post_id == post.id)
    if (await tx.execute(others.limit(1))).first() is None and (await tx.execute(answered.limit(1))).first() is None:
        await tx.execute(delete(question_days).where(mine & (question_days.c.number == post.day_number)))
    return True


async def next_day_number(tx: AsyncConnection, community_id: int, after: int) -> int:
    """The first question day past number `after` that isn't over: one of which a question can be answered still, or its
    answers be counted. If every day there is is over it is the one that comes next.
    """
    here = (posts.c.community_id == community_id) & posts.c.state.in_((State.CLAIMED, State.OPEN, State.COLLECTING))
    standing = select(func.min(posts.c.day_number)).where(here & (posts.c.day_number > after))
    latest = select(func.max(question_days.c.number)).where(question_days.c.community_id == community_id)
    open_now, last = (await tx.execute(select(standing.scalar_subquery(), latest.scalar_subquery()))).one()
    return int(open_now or max(after, last or 0) + 1)
