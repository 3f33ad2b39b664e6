"""Posts: one card put in one channel at one time, from claim to close; and the question days that they make."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.events import MessageRef, Place
from bot.quiz.cards import Card, from_json
from bot.store.schedules import Feedback, Mode, Schedule
from bot.store.tables import answers, cards, post_events, posts, question_days
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
    cards.c.body,
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
    )


async def _posts(tx: AsyncConnection, query: Select[Any]) -> list[PostRow]:
    return [_post(row) for row in await tx.execute(query)]


async def by_id(tx: AsyncConnection, post_id: int) -> PostRow | None:
    return next(iter(await _posts(tx, _POST.where(posts.c.id == post_id))), None)


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


async def to_close(
    tx: AsyncConnection, now: datetime, platforms: Collection[str], limit: int = AT_ONCE
) -> list[PostRow]:
    """Posts on these platforms whose time is over, those included whose closing was begun and not finished."""
    over = posts.c.state.in_((State.COLLECTING, State.CLOSING)) | (
        (posts.c.state == State.OPEN) & (posts.c.closes_at <= now)
    )
    over &= posts.c.platform.in_(platforms)
    return await _posts(tx, _POST.where(over).order_by(posts.c.closes_at).limit(limit))


async def unsettled(tx: AsyncConnection, claimed_before: datetime, platforms: Collection[str]) -> list[PostRow]:
    """Claims on these platforms that nobody finished: the message may have been sent or not."""
    asked = (posts.c.state == State.CLAIMED) & (posts.c.claimed_at < claimed_before) & posts.c.platform.in_(platforms)
    return await _posts(tx, _POST.where(asked).order_by(posts.c.claimed_at))


async def by_message(tx: AsyncConnection, ref: MessageRef) -> PostRow | None:
    """The post that stands as this message."""
    here = (posts.c.platform == ref.place.platform) & (posts.c.channel == ref.place.channel)
    return next(iter(await _posts(tx, _POST.where(here & (posts.c.message_id == ref.message)))), None)


async def of_schedule(tx: AsyncConnection, schedule_id: int, limit: int) -> list[PostRow]:
    """The latest posts of a schedule, the newest first."""
    query = _POST.where(posts.c.schedule_id == schedule_id).order_by(posts.c.opens_at.desc(), posts.c.id.desc())
    return await _posts(tx, query.limit(limit))


async def unseeded(tx: AsyncConnection, platforms: Collection[str]) -> list[PostRow]:
    """Open posts on these platforms that still lack the emojis to answer with."""
    asked = (posts.c.state == State.OPEN) & ~posts.c.seeded & posts.c.platform.in_(platforms)
    return await _posts(tx, _POST.where(asked).order_by(posts.c.opens_at))


async def next_close(tx: AsyncConnection, platforms: Collection[str]) -> datetime | None:
    """When a post on these platforms is next over."""
    open_now = (posts.c.state == State.OPEN) & posts.c.platform.in_(platforms)
    at: datetime | None = (await tx.execute(select(func.min(posts.c.closes_at)).where(open_now))).scalar_one()
    return at


async def history(tx: AsyncConnection, place: Place) -> list[str]:
    """`deck/card` of everything posted in a channel, oldest first."""
    here = (posts.c.platform == place.platform) & (posts.c.workspace == place.workspace)
    query = select(cards.c.deck, cards.c.card).join(posts, posts.c.card_id == cards.c.id)
    query = query.where(here & (posts.c.channel == place.channel)).order_by(posts.c.opens_at, posts.c.id)
    return [f"{row.deck}/{row.card}" for row in await tx.execute(query)]


async def of_days(tx: AsyncConnection, place: Place, first: date, last: date) -> list[PostRow]:
    """What was put in a channel on the days from `first` to `last` inclusive, oldest first."""
    here = (posts.c.platform == place.platform) & (posts.c.workspace == place.workspace)
    here &= (posts.c.channel == place.channel) & posts.c.day.between(first, last)
    put = here & posts.c.state.not_in((State.CLAIMED, State.FAILED))
    return await _posts(tx, _POST.where(put).order_by(posts.c.opens_at, posts.c.id))


async def claim(
    tx: AsyncConnection,
    schedule: Schedule,
    slot: date | str,
    card_id: int,
    day: date,
    now: datetime,
    closes_at: datetime,
) -> PostRow | None:
    """A claimed post for the schedule's date, or None when somebody has claimed that date already.

    A post of that date that failed is claimed anew: its message never stood. The date is in the schedule's zone, `day` in
    the community's. In place of a date, a text names a post by hand that is none of its dates', once.
    """
    local_date = slot if isinstance(slot, date) else None
    number = await _day_number(tx, schedule.community_id, day)
    row = {
        "community_id": schedule.community_id,
        "schedule_id": schedule.id,
        "local_date": local_date,
        "platform": schedule.place.platform,
        "workspace": schedule.place.workspace,
        "channel": schedule.place.channel,
        "card_id": card_id,
        "key": f"{'daily' if local_date else 'extra'}:{schedule.id}:{slot}",
        "mode": schedule.mode,
        "feedback": schedule.feedback,
        "seeded": schedule.mode is Mode.BUTTONS,
        "state": State.CLAIMED,
        "day": day,
        "day_number": number,
        "opens_at": now,
        "closes_at": closes_at,
        "claimed_at": now,
    }
    if local_date is not None:
        failed = _of_date(schedule.id, local_date) & (posts.c.state == State.FAILED)
        again = update(posts).where(failed).values({**row, "problem": None}).returning(posts.c.id)
        if (revived := (await tx.execute(again)).scalar_one_or_none()) is not None:
            return await _claimed(tx, int(revived), now)
    claimed = insert(tx, posts).values(row).on_conflict_do_nothing().returning(posts.c.id)
    post_id: int | None = (await tx.execute(claimed)).scalar_one_or_none()
    return None if post_id is None else await _claimed(tx, post_id, now)


async def _claimed(tx: AsyncConnection, post_id: int, now: datetime) -> PostRow:
    post = await by_id(tx, post_id)
    assert post is not None
    await note(tx, post, now, What.CLAIMED, f"{post.deck}/{post.card.id}")
    return post


async def stands(tx: AsyncConnection, schedule_id: int, local_date: date) -> bool:
    """Whether a schedule's question of a date has been posted, or is about to be."""
    mine = _of_date(schedule_id, local_date) & (posts.c.state != State.FAILED)
    return (await tx.execute(select(posts.c.id).where(mine))).first() is not None


def _of_date(schedule_id: int, local_date: date) -> ColumnElement[bool]:
    return (posts.c.schedule_id == schedule_id) & (posts.c.local_date == local_date)


async def reclaim(tx: AsyncConnection, post: PostRow, now: datetime) -> PostRow | None:
    """Take over a claim that nobody finished; None when another worker was quicker. The post as it is ours now."""
    taken = (await tx.execute(update(posts).where(_claim(post)).values(claimed_at=now))).rowcount == 1
    if not taken:
        return None
    await note(tx, post, now, What.TAKEN_OVER)
    return replace(post, claimed_at=now)


async def stand(tx: AsyncConnection, post: PostRow, message: str, now: datetime, look_at: datetime | None) -> bool:
    """A claimed post stands in its channel as a message; False when the claim is ours no longer.

    `look_at`: when to look whether another worker has posted it too.
    """
    standing = {"state": State.OPEN, "message_id": message, "look_at": look_at}
    if (await tx.execute(update(posts).where(_claim(post)).values(standing))).rowcount != 1:
        return False
    await note(tx, post, now, What.POSTED if look_at is None else What.FOUND, message)
    return True


def _claim(post: PostRow) -> ColumnElement[bool]:
    """The post, as long as it is claimed by whoever read it so."""
    return (posts.c.id == post.id) & (posts.c.state == State.CLAIMED) & (posts.c.claimed_at == post.claimed_at)


async def to_look_at(tx: AsyncConnection, now: datetime, platforms: Collection[str]) -> list[PostRow]:
    """Open posts on these platforms of which there may be a twin."""
    asked = (posts.c.look_at <= now) & (posts.c.state == State.OPEN) & posts.c.platform.in_(platforms)
    return await _posts(tx, _POST.where(asked).order_by(posts.c.look_at).limit(AT_ONCE))


async def look_again(tx: AsyncConnection, post_id: int, at: datetime | None) -> None:
    """When to look for a twin next, if at all."""
    await tx.execute(update(posts).where(posts.c.id == post_id).values(look_at=at))


async def note(tx: AsyncConnection, post: PostRow, at: datetime, what: What, detail: str | None = None) -> None:
    """Keep what happened to a post."""
    row = {"community_id": post.community_id, "post_id": post.id, "at": at, "what": what, "detail": detail}
    await tx.execute(post_events.insert().values(row))


async def events(tx: AsyncConnection, post_id: int) -> list[PostEvent]:
    """What happened to a post, in order."""
    query = select(post_events).where(post_events.c.post_id == post_id).order_by(post_events.c.id)
    return [PostEvent(row.at, What(row.what), row.detail) for row in await tx.execute(query)]


async def count_events(tx: AsyncConnection, post_id: int, what: What) -> int:
    query = select(func.count()).where((post_events.c.post_id == post_id) & (post_events.c.what == what))
    return int((await tx.execute(query)).scalar_one())


async def _day_number(tx: AsyncConnection, community_id: int, day: date) -> int:
    """The number of the community's question day, given out now if this is its first question."""
    mine = question_days.c.community_id == community_id
    known = select(question_days.c.number).where(mine & (question_days.c.day == day))
    if (number := (await tx.execute(known)).scalar_one_or_none()) is not None:
        return int(number)
    last = select(func.coalesce(func.max(question_days.c.number), 0)).where(mine)
    row = {"community_id": community_id, "day": day, "number": (await tx.execute(last)).scalar_one() + 1}
    await tx.execute(insert(tx, question_days).values(row).on_conflict_do_nothing())
    return int((await tx.execute(known)).scalar_one())  # another worker may have been quicker with this day


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
    await tx.execute(update(posts).where(posts.c.id == post.id).values(state=State.CLOSED, look_at=None))
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


async def latest_day_number(tx: AsyncConnection, community_id: int) -> int:
    """The number of the community's latest question day, 0 before the first."""
    latest = select(func.coalesce(func.max(question_days.c.number), 0)).where(
        question_days.c.community_id == community_id
    )
    return int((await tx.execute(latest)).scalar_one())
