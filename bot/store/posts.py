"""Posts: one card put in one channel at one time, as it stands from claim to close."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.events import MessageRef, Place
from bot.quiz.cards import Card, from_json
from bot.store.cards import BODY
from bot.store.post_log import What, note, note_each
from bot.store.schedules import Feedback, Mode
from bot.store.stood import Stood
from bot.store.tables import answers, cards, posts


class State(StrEnum):
    """See `tables.posts`."""

    CLAIMED = "claimed"
    OPEN = "open"
    COLLECTING = "collecting"
    CLOSING = "closing"
    CLOSED = "closed"
    FAILED = "failed"


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


POST = select(
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


async def read(tx: AsyncConnection, query: Select[Any], values: Mapping[str, object] | None = None) -> list[PostRow]:
    return [_post(row) for row in await tx.execute(query, values)]


# What every tick asks and every post says is written once: to build a statement takes as long as to run it.
_BY_ID = POST.where(posts.c.id == bindparam("post"))


async def by_id(tx: AsyncConnection, post_id: int) -> PostRow | None:
    return next(iter(await read(tx, _BY_ID, {"post": post_id})), None)


async def community_of(tx: AsyncConnection, post_id: int) -> int | None:
    """The community that a post belongs to now."""
    community: int | None = (await tx.execute(select(posts.c.community_id).where(posts.c.id == post_id))).scalar()
    return community


async def open_posts(tx: AsyncConnection, community_id: int, now: datetime) -> list[PostRow]:
    """What can be answered now in the community, latest first."""
    asked = (posts.c.community_id == community_id) & (posts.c.state == State.OPEN) & (posts.c.closes_at > now)
    return await read(tx, POST.where(asked).order_by(posts.c.opens_at.desc(), posts.c.id.desc()))


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


async def by_message(tx: AsyncConnection, ref: MessageRef) -> PostRow | None:
    """The post that stands as this message."""
    here = (posts.c.platform == ref.place.platform) & (posts.c.channel == ref.place.channel)
    return next(iter(await read(tx, POST.where(here & (posts.c.message_id == ref.message)))), None)


async def of_message(tx: AsyncConnection, community_id: int, message: str) -> PostRow | None:
    """The community's post that stands as a message of this id, in whichever channel."""
    here = (posts.c.community_id == community_id) & (posts.c.message_id == message)
    return next(iter(await read(tx, POST.where(here).limit(1))), None)


async def latest(tx: AsyncConnection, community_id: int, most: int, place: Place | None = None) -> list[PostRow]:
    """What was posted last in a community, or in one of its channels, the newest first."""
    put = (posts.c.community_id == community_id) & posts.c.state.not_in((State.CLAIMED, State.FAILED))
    if place is not None:
        put &= (posts.c.platform == place.platform) & (posts.c.workspace == place.workspace)
        put &= posts.c.channel == place.channel
    return await read(tx, POST.where(put).order_by(posts.c.opens_at.desc(), posts.c.id.desc()).limit(most))


async def of_schedule(tx: AsyncConnection, schedule_id: int, limit: int) -> list[PostRow]:
    """The latest posts of a schedule, the newest first."""
    query = POST.where(posts.c.schedule_id == schedule_id).order_by(posts.c.opens_at.desc(), posts.c.id.desc())
    return await read(tx, query.limit(limit))


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


async def of_days(tx: AsyncConnection, place: Place, first: date, last: date) -> list[PostRow]:
    """What was put in a channel on the days from `first` to `last` inclusive, oldest first."""
    here = (posts.c.platform == place.platform) & (posts.c.workspace == place.workspace)
    here &= (posts.c.channel == place.channel) & posts.c.day.between(first, last)
    put = here & posts.c.state.not_in((State.CLAIMED, State.FAILED))
    return await read(tx, POST.where(put).order_by(posts.c.opens_at, posts.c.id))


async def reclaim(tx: AsyncConnection, post: PostRow, now: datetime) -> PostRow | None:
    """Take over a claim that nobody finished; None when another worker was quicker. The post as it is ours now."""
    taken = (await tx.execute(update(posts).where(held(post)).values(claimed_at=now))).rowcount == 1
    if not taken:
        return None
    await note(tx, post, now, What.TAKEN_OVER)
    return replace(post, claimed_at=now)


_STAND = update(posts).where(
    posts.c.id == bindparam("post"),
    posts.c.state == State.CLAIMED,
    posts.c.claimed_at == bindparam("held_since"),
)
"""For whoever holds the claim, as in `held`."""


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
        await note_each(tx, noted, now, what)
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


def held(post: PostRow) -> ColumnElement[bool]:
    """The post, as long as it is claimed by whoever read it so."""
    return (posts.c.id == post.id) & (posts.c.state == State.CLAIMED) & (posts.c.claimed_at == post.claimed_at)


async def look_again(tx: AsyncConnection, post_id: int, at: datetime | None) -> None:
    """When to look for a twin next, if at all."""
    await tx.execute(update(posts).where(posts.c.id == post_id).values(look_at=at))


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
