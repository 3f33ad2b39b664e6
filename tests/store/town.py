"""A community with a question or more a day, and ballots for them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from bot.events import Place
from bot.store.ballots import Account, Ballot
from bot.store.database import Database
from bot.store.people import found_community
from bot.store.tables import (
    answers,
    cards,
    days,
    memberships,
    posts,
    score_counts,
    scores,
    streaks,
    team_scores,
    team_totals,
    teams,
)

FIRST = date(2026, 1, 30)  # a Friday: the first few days cross a week and a month
NOW = datetime(2026, 1, 30, 9, 0, 0, 125, UTC)
HERE = Place("discord", "g", "general")


BODY = (
    '{"id": "c%d", "kind": "single_choice", "prompt": "?", "options": [{"text": "a"}, {"text": "b", "correct": true}]}'
)


def account(user: str, name: str | None = None, platform: str = "discord") -> Account:
    return Account(platform, "", user, user.title() if name is None else name)


@dataclass
class Town:
    """`posts` by question day (1, 2, …), card (1, 2, …) and channel."""

    community: int
    cards: list[int]
    posts: dict[tuple[int, int, str], int] = field(default_factory=dict)

    @classmethod
    def numbered(cls, numbers: int, questions: int) -> Town:
        """The first town of a database, as `settle` makes it there: its ids count from one."""
        every = [(number, card, "general") for number in range(1, numbers + 1) for card in range(1, questions + 1)]
        return cls(1, [*range(1, questions + 1)], {post: place for place, post in enumerate(every, 1)})

    def ballot(self, user: str, number: int = 1, card: int = 1, channel: str = "general", **changes: Any) -> Ballot:
        """What a person says to a post: right, for ten points, unless changed."""
        right = Ballot(
            community_id=self.community,
            post_id=self.posts[number, card, channel],
            card_id=self.cards[card - 1],
            day=day(number),
            day_number=number,
            account=account(user),
            given="b",
            fraction=1.0,
            correct=True,
            points=10,
            on_offer=10,
            hinted=False,
            at=NOW + timedelta(days=number - 1),
        )
        return replace(right, **changes)


def day(number: int) -> date:
    return FIRST + timedelta(days=number - 1)


def opening(number: int) -> datetime:
    """When the questions of a day open."""
    return NOW + timedelta(days=number - 1)


async def settle(
    database: Database,
    workspace: str = "guild",
    *,
    numbers: int = 3,
    questions: int = 1,
    channels: tuple[str, ...] = ("general",),
    platform: str = "discord",
    later: int = 0,
) -> Town:
    """Found a community of `numbers` question days with `questions` cards each, posted in every channel and open.

    Its first question day is `later` than others'; ballots for it must say so.
    """
    async with database.write() as tx:
        community = (await found_community(tx, platform, workspace, "UTC", NOW)).id
        same = {"community_id": community, "deck": "d", "deck_title": "D", "version": "1"}
        asked = [{**same, "card": f"c{card}", "body": BODY % card} for card in range(1, questions + 1)]
        made = insert(cards).values(asked).returning(cards.c.id, cards.c.card)
        ids = {row.card: row.id for row in await tx.execute(made)}
        town = Town(community, [ids[f"c{card}"] for card in range(1, questions + 1)])
        every = [
            {
                "community_id": community,
                "local_date": day(number + later),
                "platform": platform,
                "workspace": workspace,
                "channel": channel,
                "card_id": town.cards[card - 1],
                "key": f"{workspace}:{number}:{card}:{channel}",
                "message_id": "1",
                "mode": "buttons",
                "feedback": "now",
                "seeded": True,
                "state": "open",
                "day": day(number + later),
                "day_number": number,
                "opens_at": opening(number),
                "closes_at": NOW,
                "claimed_at": NOW,
            }
            for number in range(1, numbers + 1)
            for card in range(1, questions + 1)
            for channel in channels
        ]
        for row in await tx.execute(insert(posts).values(every).returning(posts.c.id, posts.c.key)):
            _, number, card, channel = row.key.split(":")
            town.posts[int(number), int(card), channel] = row.id
    return town


async def close(database: Database, post: int) -> None:
    async with database.write() as tx:
        await tx.execute(update(posts).where(posts.c.id == post).values(state="closing"))


async def kept(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Everything derived from answers, in an order that compares."""
    async with database.read() as tx:
        found = {
            table.name: sorted(tuple(row) for row in await tx.execute(select(table)))
            for table in (scores, streaks, team_scores, team_totals)
        }
        counts = select(score_counts).where(score_counts.c.people != 0)
        found["score_counts"] = sorted(tuple(row) for row in await tx.execute(counts))
        # A day without a question has no number; tuples with None don't sort.
        found["days"] = sorted((tuple(row) for row in await tx.execute(select(days))), key=str)
    return found


async def answered(database: Database) -> int:
    async with database.read() as tx:
        return len((await tx.execute(select(answers.c.id))).all())


async def miscounted(database: Database) -> list[tuple[int, int, int]]:
    """The teams whose number of members is not that of those who are in them: id, kept, counted."""
    inside = select(memberships.c.team_id).where(memberships.c.until.is_(None), ~memberships.c.apart)
    async with database.read() as tx:
        counted = Counter((await tx.execute(inside)).scalars())
        kept = await tx.execute(select(teams.c.id, teams.c.members))
        return [(row.id, row.members, counted[row.id]) for row in kept if row.members != counted[row.id]]
