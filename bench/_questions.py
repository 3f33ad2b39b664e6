"""Open questions in a database of their own: what people press in a burst, on whichever platform."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from sqlalchemy import insert, update

from bot.events import Place
from bot.features import posting
from bot.library.shelf import open_shelf, shipped
from bot.messages import Message
from bot.quiz.cards import Card, Deck, SingleChoice
from bot.store import cards, people, posts
from bot.store.database import Database
from bot.store.posts import PostRow, State
from bot.store.schedules import Mode
from bot.store.tables import posts as posts_table
from bot.store.tables import question_days

LETTERS = "ABCD"


def choice_cards(count: int) -> Sequence[tuple[Deck, Card]]:
    """Cards with four options and no picture, from the decks that come with the bot."""
    plain = (
        (deck, card)
        for deck, card in open_shelf([shipped()]).cards()
        if isinstance(card, SingleChoice) and len(card.options) == len(LETTERS) and card.image is None
    )
    return list(islice(plain, count))


async def open_questions(
    file: Path, place: Place, count: int, show: Callable[[PostRow, Message], Awaitable[str]]
) -> None:
    """Put open questions of a place into a new database. `show` sends each as our bot words it, and gives its message's id."""
    shelf = open_shelf([shipped()])
    now = datetime.now(UTC)
    database = await Database.open(f"sqlite:///{file}")
    async with database.write() as tx:
        community = await people.found_community(tx, place.platform, place.workspace, "UTC", now)
        await tx.execute(insert(question_days).values(community_id=community.id, day=now.date(), number=1))
        for number, kept in enumerate(await cards.keep(tx, community.id, choice_cards(count)), 1):
            row = {
                "id": number,
                "community_id": community.id,
                "local_date": now.date(),
                "platform": place.platform,
                "workspace": place.workspace,
                "channel": place.channel,
                "card_id": kept.id,
                "key": f"bench:{number}",
                "mode": Mode.BUTTONS,
                "feedback": "now",
                "seeded": True,
                "state": State.OPEN,
                "day": now.date(),
                "day_number": 1,
                "opens_at": now,
                "closes_at": now + timedelta(days=1),
                "claimed_at": now,
            }
            await tx.execute(insert(posts_table).values(row))
            post = await posts.by_id(tx, number)
            assert post is not None
            sent = await show(post, posting.question(post, shelf))
            await tx.execute(update(posts_table).where(posts_table.c.id == number).values(message_id=sent))
    await database.close()
