"""What is left of people who were forgotten: counts, without a name. What others see of a question or of a team stays as it is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from sqlalchemy import Integer, and_, cast, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.quiz import grading
from bot.quiz.cards import Card, Flashcard, MultiChoice, SingleChoice, TrueFalse, from_json
from bot.quiz.periods import team_keys
from bot.store import upsert
from bot.store.cards import BODY
from bot.store.rebuild import kept_from
from bot.store.tables import answers, cards, forgotten_answers, forgotten_shares, posts, team_scores, teams
from bot.store.whereabouts import chunks

_LISTED = (SingleChoice, MultiChoice, TrueFalse, Flashcard)
"""Kinds whose answers are none of somebody's own words."""


async def of_answers(tx: AsyncConnection, community: int, some: Sequence[int]) -> int:
    """Keep how many of these people gave which answer to each post; how many answers that are."""
    query = select(answers.c.post_id, answers.c.card_id, answers.c.given, answers.c.correct, answers.c.correction)
    rows = (await tx.execute(query.where(answers.c.person_id.in_(some)))).all()
    keys: dict[int, tuple[Card, int]] = {}
    for few in chunks(sorted({row.card_id for row in rows})):
        asked = select(cards.c.id, BODY, cards.c.correction).where(cards.c.id.in_(few))
        keys |= {row.id: (from_json(row.body), row.correction) for row in await tx.execute(asked)}
    counts: Counter[tuple[int, str, bool]] = Counter()
    for each in rows:
        card, correction = keys[each.card_id]
        correct = each.correct if each.correction == correction else grading.grade(card, each.given).correct
        counts[each.post_id, each.given if isinstance(card, _LISTED) else "", correct] += 1
    for (post, given, correct), number in counts.items():
        row = {"post_id": post, "given": given, "correct": correct, "community_id": community, "people": number}
        kept = upsert.insert(tx, forgotten_answers).values(row)
        more = {"people": forgotten_answers.c.people + number}
        await tx.execute(kept.on_conflict_do_update(index_elements=["post_id", "given", "correct"], set_=more))
    return len(rows)


async def regrade(tx: AsyncConnection, card_id: int, card: Card) -> None:
    """Count who of the forgotten was right by the key that holds now. What they said in their own words isn't known any more."""
    asked = select(posts.c.id).where(posts.c.card_id == card_id)
    known = and_(forgotten_answers.c.post_id.in_(asked), forgotten_answers.c.given != "")
    numbers: Counter[tuple[int, int, str]] = Counter()
    for row in await tx.execute(select(forgotten_answers).where(known)):
        numbers[row.community_id, row.post_id, row.given] += row.people
    if not numbers:
        return
    await tx.execute(delete(forgotten_answers).where(known))
    rows = [
        {
            "community_id": community,
            "post_id": post,
            "given": given,
            "correct": grading.grade(card, given).correct,
            "people": number,
        }
        for (community, post, given), number in numbers.items()
    ]
    await tx.execute(insert(forgotten_answers), rows)


_Place: TypeAlias = tuple[str, int, str, str]
"""Period, team, and the workspace where questions were asked, by platform and id."""


@dataclass(slots=True)
class _Sums:
    points: int = 0
    on_offer: int = 0
    answered: int = 0
    correct: int = 0
    people: set[int] = field(default_factory=set)


async def of_teams(tx: AsyncConnection, community: int, some: Sequence[int], today: date) -> None:
    """Take what these people brought to teams from their names, and leave it with the teams. The totals stay as they are."""
    query = (
        select(
            answers.c.person_id,
            answers.c.team_id,
            teams.c.season,
            answers.c.day,
            posts.c.platform,
            posts.c.workspace,
            func.sum(answers.c.points).label("points"),
            func.sum(answers.c.on_offer).label("on_offer"),
            func.count().label("answered"),
            func.sum(cast(answers.c.correct, Integer)).label("correct"),
        )
        .join(posts, posts.c.id == answers.c.post_id)
        .join(teams, teams.c.id == answers.c.team_id)
        .where(answers.c.person_id.in_(some))
        .group_by(
            answers.c.person_id,
            answers.c.team_id,
            teams.c.season,
            answers.c.day,
            posts.c.platform,
            posts.c.workspace,
        )
    )
    oldest = kept_from(today)
    left: dict[_Place, _Sums] = defaultdict(_Sums)
    for row in await tx.execute(query):
        for period in team_keys(row.day, row.season):
            if period >= oldest.get(period[0], ""):
                sums = left[period, row.team_id, row.platform, row.workspace]
                sums.points += row.points
                sums.on_offer += row.on_offer
                sums.answered += row.answered
                sums.correct += row.correct
                sums.people.add(row.person_id)
    names = ("points", "on_offer", "answered", "correct", "people")
    for (period, team, platform, workspace), sums in sorted(left.items()):
        more = (sums.points, sums.on_offer, sums.answered, sums.correct, len(sums.people))
        where = {
            "community_id": community,
            "period": period,
            "team_id": team,
            "platform": platform,
            "workspace": workspace,
        }
        kept = upsert.insert(tx, forgotten_shares).values(**where, **dict(zip(names, more, strict=True)))
        added = {name: forgotten_shares.c[name] + each for name, each in zip(names, more, strict=True)}
        await tx.execute(kept.on_conflict_do_update(index_elements=[*where], set_=added))
    whose = {team for _, team, _, _ in left}
    theirs = team_scores.c.team_id.in_(whose) & team_scores.c.person_id.in_(some)
    await tx.execute(delete(team_scores).where(team_scores.c.community_id == community, theirs))
