"""Corrections: what admins say is right, from the proposal to the last answer that is regraded by it; and the log of them.

A correction is the community's own, laid over the deck's card: over each version of it that asks the same. As soon as the deck
has another version, that is asked as the deck has it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, insert, select, text, update
from sqlalchemy import Row as Record
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.events import Place
from bot.quiz import corrections as rules
from bot.quiz.cards import Card, from_json, to_json
from bot.quiz.corrections import Extent, Unfit
from bot.store import residue
from bot.store.cards import BODY, KeptCard
from bot.store.tables import answers, cards, corrections, people, posts, regraded

PATIENCE = timedelta(days=1)
"""How long a proposal waits for its yes."""


class State(StrEnum):
    """proposed → confirmed → regrading → telling (answers are regraded; posts and people are seen to) → done.

    `superseded`: another correction of the card has taken its place.
    """

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REGRADING = "regrading"
    TELLING = "telling"
    DONE = "done"
    SUPERSEDED = "superseded"


GOING_ON = (State.CONFIRMED, State.REGRADING, State.TELLING)


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction. `who` is the admin's name, None when they are no longer known; `before` and `after` are keys in words;
    of `total` answers `done` are regraded, and `changed` got another grade.
    """

    id: int
    community_id: int
    deck: str
    card: str
    card_id: int
    base: int
    who: str | None
    extent: Extent
    said: str
    before: str
    after: str
    state: State
    total: int
    done: int
    changed: int
    at: datetime


_CORRECTION = select(corrections, people.c.name.label("who")).outerjoin(people, people.c.id == corrections.c.person_id)


def _correction(row: Record[*tuple[Any, ...]]) -> Correction:
    return Correction(
        row.id,
        row.community_id,
        row.deck,
        row.card,
        row.card_id,
        row.base,
        row.who,
        Extent(row.extent),
        row.said,
        row.before,
        row.after,
        State(row.state),
        row.total,
        row.done,
        row.changed,
        row.at,
    )


async def _all(tx: AsyncConnection, query: Select[Any]) -> list[Correction]:
    return [_correction(row) for row in await tx.execute(query)]


async def propose(
    tx: AsyncConnection,
    community_id: int,
    card: KeptCard,
    person_id: int,
    said: str,
    extent: Extent,
    now: datetime,
    place: Place,
) -> int:
    """Keep what an admin says is right until they say yes; it belongs to the workspace of `place`. Proposals that nobody said yes to for a day are let go of."""
    await tx.execute(
        delete(corrections).where(corrections.c.state == State.PROPOSED, corrections.c.at < now - PATIENCE)
    )
    row = {
        "community_id": community_id,
        "deck": card.deck,
        "card": card.card.id,
        "card_id": card.id,
        "base": card.correction,
        "person_id": person_id,
        "platform": place.platform,
        "workspace": place.workspace,
        "extent": extent,
        "said": said,
        "before": rules.key(card.card),
        "after": "",
        "bodies": {},
        "state": State.PROPOSED,
        "at": now,
    }
    number: int = (await tx.execute(insert(corrections).values(row).returning(corrections.c.id))).scalar_one()
    return number


async def confirm(tx: AsyncConnection, correction_id: int, person_id: int, extent: Extent, now: datetime) -> bool:
    """Somebody says yes; False when somebody has already. What follows, `begin` begins."""
    asked = (corrections.c.id == correction_id) & (corrections.c.state == State.PROPOSED)
    values = {"state": State.CONFIRMED, "person_id": person_id, "extent": extent, "at": now}
    return (await tx.execute(update(corrections).where(asked).values(values))).rowcount == 1


async def by_id(tx: AsyncConnection, correction_id: int) -> Correction | None:
    return next(iter(await _all(tx, _CORRECTION.where(corrections.c.id == correction_id))), None)


async def going_on(tx: AsyncConnection) -> list[Correction]:
    """Those that were confirmed and are not done, in order."""
    return await _all(tx, _CORRECTION.where(corrections.c.state.in_(GOING_ON)).order_by(corrections.c.id))


async def of_card(tx: AsyncConnection, community_id: int, deck: str, card: str, most: int) -> list[Correction]:
    """The latest corrections of a card, the newest first."""
    query = _CORRECTION.where(_of_card(community_id, deck, card), _MADE)
    return await _all(tx, query.order_by(corrections.c.id.desc()).limit(most))


async def latest(tx: AsyncConnection, community_id: int, most: int) -> list[Correction]:
    """The community's log, the newest first."""
    here = corrections.c.community_id == community_id
    return await _all(tx, _CORRECTION.where(here, _MADE).order_by(corrections.c.id.desc()).limit(most))


_MADE = corrections.c.after != ""
"""Not so those that wait for their yes, and those that came too late."""


def _of_card(community_id: int, deck: str, card: str) -> ColumnElement[bool]:
    here = (corrections.c.community_id == community_id) & (corrections.c.deck == deck)
    return here & (corrections.c.card == card)


async def deck_card(tx: AsyncConnection, card_id: int) -> Card:
    """A version of a card as its deck has it."""
    body: str = (await tx.execute(select(cards.c.body).where(cards.c.id == card_id))).scalar_one()
    return from_json(body)


# ---------------------------------------------------------------- made


async def begin(tx: AsyncConnection, correction: Correction) -> tuple[int, ...] | None:
    """From this commit on the card is as corrected: what is answered is graded by it, and what was answered is to be regraded.

    The posts of the card; None when that was done already. With a card that was corrected meanwhile nothing is done, and the
    correction is superseded.
    """
    await alone(tx)
    asked = (corrections.c.id == correction.id) & (corrections.c.state == State.CONFIRMED)
    if not (await tx.execute(update(corrections).where(asked).values(state=State.REGRADING))).rowcount:
        return None
    changed = await _changed(tx, correction)
    if not changed:
        await _to(tx, correction.id, State.SUPERSEDED)
        return ()
    for card_id, card in changed.items():
        values = {"corrected": None if card is None else to_json(card), "correction": correction.id}
        await tx.execute(update(cards).where(cards.c.id == card_id).values(values))
        await residue.regrade(tx, card_id, card or await deck_card(tx, card_id))
    bodies = {
        version: None if (card := changed[number]) is None else to_json(card)
        for number, version in await _versions(tx, changed)
    }
    concerned = posts.c.card_id.in_(changed)
    await tx.execute(update(posts).where(concerned).values(correction=correction.id, corrected=True))
    found = tuple((await tx.execute(select(posts.c.id).where(concerned))).scalars())
    await _supersede(tx, correction)
    looked_at = changed[correction.card_id] or await deck_card(tx, correction.card_id)
    total = select(func.count()).where(answers.c.post_id.in_(select(posts.c.id).where(concerned)))
    made: dict[str, Any] = {
        "after": rules.key(looked_at),
        "bodies": bodies,
        "total": (await tx.execute(total)).scalar_one(),
    }
    await tx.execute(update(corrections).where(corrections.c.id == correction.id).values(made))
    return found


async def alone(tx: AsyncConnection) -> None:
    """Let nobody's answer be recorded, nor a post be claimed, from here to the commit. It comes before any other lock."""
    if tx.dialect.name == "postgresql":
        await tx.execute(text("LOCK TABLE posts IN EXCLUSIVE MODE"))  # the first lock that a batch of ballots takes


async def _changed(tx: AsyncConnection, correction: Correction) -> dict[int, Card | None]:
    """The versions of the card that change, as they are after that; None: as in the deck. None at all when the one that was
    looked at has been corrected since.
    """
    versions = (cards.c.community_id == correction.community_id) & (cards.c.deck == correction.deck)
    versions &= cards.c.card == correction.card
    query = select(cards.c.id, cards.c.body.label("deck_body"), BODY, cards.c.corrected, cards.c.correction)
    rows = (await tx.execute(query.where(versions).order_by(cards.c.id).with_for_update())).all()
    mine = next(row for row in rows if row.id == correction.card_id)
    if mine.correction != correction.base:
        return {}
    found: dict[int, Card | None] = {}
    for row in rows:
        card = from_json(row.body)
        if not rules.asks_the_same(card, from_json(mine.body)):
            continue
        if correction.extent is Extent.DECK:
            if row.corrected is not None:
                found[row.id] = None
            continue
        try:
            new = rules.corrected(card, correction.said, correction.extent)
        except Unfit:  # that version has as many answers as it can
            continue
        if new != card:
            found[row.id] = new
    return found if correction.card_id in found else {}


async def _versions(tx: AsyncConnection, card_ids: Collection[int]) -> list[tuple[int, str]]:
    found = await tx.execute(select(cards.c.id, cards.c.version).where(cards.c.id.in_(card_ids)))
    return [(row.id, row.version) for row in found]


async def _supersede(tx: AsyncConnection, correction: Correction) -> None:
    """Earlier ones by which no version of the card goes any more end here; whom they had not told yet is told of all at once."""
    earlier = _of_card(correction.community_id, correction.deck, correction.card) & (corrections.c.id != correction.id)
    in_force = select(cards.c.correction).where(cards.c.community_id == correction.community_id)
    in_force = in_force.where(cards.c.deck == correction.deck, cards.c.card == correction.card)
    earlier &= corrections.c.state.in_(GOING_ON) & corrections.c.id.not_in(in_force)
    ids = list((await tx.execute(select(corrections.c.id).where(earlier))).scalars())
    if not ids:
        return
    await tx.execute(update(corrections).where(corrections.c.id.in_(ids)).values(state=State.SUPERSEDED))
    theirs = regraded.c.correction_id.in_(ids)
    await tx.execute(delete(regraded).where(theirs, regraded.c.told_at.is_not(None)))
    await tx.execute(update(regraded).where(theirs).values(correction_id=correction.id))


async def _to(tx: AsyncConnection, correction_id: int, state: State) -> None:
    await tx.execute(update(corrections).where(corrections.c.id == correction_id).values(state=state))


async def is_regraded(tx: AsyncConnection, correction_id: int) -> None:
    """No answer is left; now posts and people are seen to."""
    mine = (corrections.c.id == correction_id) & (corrections.c.state == State.REGRADING)
    await tx.execute(update(corrections).where(mine).values(state=State.TELLING))


async def close(tx: AsyncConnection, correction_id: int) -> bool:
    """Nobody is left to be told, and no post to be shown; False when somebody or something is, on whatever platform."""
    waiting = select(regraded.c.person_id).where(
        regraded.c.correction_id == correction_id, regraded.c.told_at.is_(None)
    )
    if (await tx.execute(waiting.limit(1))).first() is not None:
        return False
    outdated = (posts.c.correction == correction_id) & (posts.c.shown != correction_id) & (posts.c.state == "closed")
    if (await tx.execute(_shown_posts(correction_id).where(outdated).limit(1))).first() is not None:
        return False
    mine = (corrections.c.id == correction_id) & (corrections.c.state == State.TELLING)
    await tx.execute(update(corrections).where(mine).values(state=State.DONE))
    await tx.execute(delete(regraded).where(regraded.c.correction_id == correction_id))
    return True


# ---------------------------------------------------------------- shown and told


def _shown_posts(correction_id: int) -> Select[int]:
    """The posts of the cards that a correction changed, by the cards' index."""
    changed = select(cards.c.id).join(corrections, (corrections.c.community_id == cards.c.community_id))
    changed = changed.where(
        corrections.c.id == correction_id, cards.c.deck == corrections.c.deck, cards.c.card == corrections.c.card
    )
    return select(posts.c.id).where(posts.c.card_id.in_(changed))


async def to_show(tx: AsyncConnection, correction_id: int, platforms: Collection[str], most: int) -> list[int]:
    """Closed posts on these platforms whose results are those of another key."""
    outdated = (posts.c.correction == correction_id) & (posts.c.shown != correction_id) & (posts.c.state == "closed")
    query = _shown_posts(correction_id).where(outdated, posts.c.platform.in_(platforms))
    return list((await tx.execute(query.order_by(posts.c.id).limit(most))).scalars())


async def shown(tx: AsyncConnection, post_id: int, correction_id: int) -> None:
    """A post's results are those of a correction."""
    await tx.execute(update(posts).where(posts.c.id == post_id).values(shown=correction_id))


async def answered(tx: AsyncConnection, card_ids: Sequence[int], most: int) -> list[Record[*tuple[Any, ...]]]:
    """What was answered to versions of a card, alike answers together, most first: card_id, given, fraction, points, number."""
    query = select(
        answers.c.card_id, answers.c.given, answers.c.fraction, answers.c.points, func.count().label("number")
    ).join(posts, posts.c.id == answers.c.post_id)
    alike = (answers.c.card_id, answers.c.given, answers.c.fraction, answers.c.points)
    query = query.where(posts.c.card_id.in_(card_ids)).group_by(*alike)
    return list(await tx.execute(query.order_by(func.count().desc(), answers.c.given).limit(most)))


async def versions(tx: AsyncConnection, community_id: int, card: KeptCard) -> dict[int, Card]:
    """The versions of a card that ask the same, as they hold now."""
    query = select(cards.c.id, BODY).where(cards.c.community_id == community_id, cards.c.deck == card.deck)
    found = {row.id: from_json(row.body) for row in await tx.execute(query.where(cards.c.card == card.card.id))}
    return {number: each for number, each in found.items() if rules.asks_the_same(each, card.card)}


async def count_answers(tx: AsyncConnection, card_ids: Collection[int]) -> tuple[int, int]:
    """How many answers there are to versions of a card, and in how many posts that stand or stood."""
    mine = posts.c.card_id.in_(card_ids)
    given = select(func.count()).select_from(answers.join(posts, posts.c.id == answers.c.post_id)).where(mine)
    put = select(func.count()).where(mine & posts.c.message_id.is_not(None))
    return (await tx.execute(given)).scalar_one(), (await tx.execute(put)).scalar_one()
