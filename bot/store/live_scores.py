"""Boards of live rounds: kept scores under keys of their own (`periods.live`), so that no other board ever sees them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.quiz import periods
from bot.quiz.live import MOST
from bot.store.tables import communities, people, score_counts, scores
from bot.store.upsert import insert
from bot.store.whereabouts import chunks


@dataclass(frozen=True, slots=True)
class Gain:
    """What somebody's answers in live rounds add on a day."""

    points: int
    answered: int
    correct: int

    @property
    def on_offer(self) -> int:
        return MOST * self.answered


async def add(tx: AsyncConnection, community_id: int, day: date, gains: Mapping[int, Gain]) -> None:
    """Move the boards, by person. Whoever calls this has begun as a batch of ballots does, and holds nobody's row yet."""
    known = select(communities.c.seasons).where(communities.c.id == community_id)
    season = (await tx.execute(known)).scalar_one().key(day)
    keys = [periods.live(key) for key in periods.keys(day, season)]
    for few in chunks(sorted(gains)):
        held = select(people.c.id, people.c.name, people.c.hidden).where(people.c.id.in_(few)).order_by(people.c.id)
        everyone = (await tx.execute(held.with_for_update(key_share=True))).all()
        here = (scores.c.community_id == community_id) & scores.c.period.in_(keys) & scores.c.person_id.in_(few)
        query = select(scores.c.period, scores.c.person_id, scores.c.points).where(here)
        before = {(row.period, row.person_id): row.points for row in await tx.execute(query)}
        rows = []
        counts: Counter[tuple[str, int]] = Counter()
        for key in keys:
            for who in everyone:
                gain = gains[who.id]
                rows.append(
                    {
                        "community_id": community_id,
                        "period": key,
                        "person_id": who.id,
                        "sort_name": who.name.casefold(),
                        "points": gain.points,
                        "on_offer": gain.on_offer,
                        "answered": gain.answered,
                        "correct": gain.correct,
                        "hidden": who.hidden,
                    }
                )
                if not who.hidden:
                    had = before.get((key, who.id))
                    counts[key, (had or 0) + gain.points] += 1
                    if had is not None:
                        counts[key, had] -= 1
        if not rows:
            continue
        made = insert(tx, scores)
        sums = {name: scores.c[name] + made.excluded[name] for name in ("points", "on_offer", "answered", "correct")}
        await tx.execute(
            made.on_conflict_do_update(index_elements=["community_id", "period", "person_id"], set_=sums), rows
        )
        moved = [
            {"community_id": community_id, "period": key, "points": points, "people": step}
            for (key, points), step in sorted(counts.items())
            if step
        ]
        if moved:
            counted = insert(tx, score_counts)
            more = {"people": score_counts.c.people + counted.excluded.people}
            keyed = ["community_id", "period", "points"]
            await tx.execute(counted.on_conflict_do_update(index_elements=keyed, set_=more), moved)
