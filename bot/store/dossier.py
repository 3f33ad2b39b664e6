"""Everything that is kept about somebody, by what it is: for them to see and to take away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.ballots import Account
from bot.store.forgetting import Key, all_of_one
from bot.store.tables import (
    accounts,
    answers,
    cards,
    code_guesses,
    communities,
    corrections,
    days,
    later_answers,
    link_codes,
    live_answers,
    live_players,
    live_rounds,
    memberships,
    pending_answers,
    people,
    posts,
    practice_answers,
    reactions,
    regraded,
    reports,
    schedules,
    scores,
    sessions,
    streaks,
    team_scores,
    teams,
    workspaces,
)

Line: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Dossier:
    """Lines under headings, in a fixed order; a heading without lines is there too."""

    sections: dict[str, list[Line]]

    def lines(self, *headings: str) -> int:
        return sum(len(self.sections[heading]) for heading in headings)


async def collect(tx: AsyncConnection, account: Account) -> Dossier:
    """What is kept about whoever uses an account, by all their linked accounts, in every community."""
    keys, by_community = await all_of_one(tx, (account.platform, account.workspace, account.user_id))
    every = [person for some in by_community.values() for person in some]
    queries = {**_of_people(every), **_of_accounts(sorted(keys))}
    return Dossier({heading: await _lines(tx, query) for heading, query in queries.items()})


async def _lines(tx: AsyncConnection, query: Select[Any]) -> list[Line]:
    return [dict(row) for row in (await tx.execute(query)).mappings()]


def _of_people(every: Sequence[int]) -> dict[str, Select[Any]]:
    named = communities.c.name.label("community")
    theirs = people.c.id.in_(every)

    def answered(table: Any) -> Select[Any]:  # noqa: ANN401 - two tables of one shape
        said = (table.c.given, table.c.fraction, table.c.correct, table.c.points, table.c.on_offer)
        marks = (table.c.hinted, table.c.guessed, table.c.answered_at)
        where = (posts.c.platform, posts.c.workspace, posts.c.channel)
        query = select(cards.c.deck, cards.c.card, table.c.day, *said, *marks, *where)
        query = query.join(cards, cards.c.id == table.c.card_id).join(posts, posts.c.id == table.c.post_id)
        return query.where(table.c.person_id.in_(every)).order_by(table.c.answered_at)

    practised = select(
        cards.c.deck,
        cards.c.card,
        practice_answers.c.day,
        practice_answers.c.given,
        practice_answers.c.fraction,
        practice_answers.c.correct,
        practice_answers.c.hinted,
        practice_answers.c.answered_at,
    ).join(cards, cards.c.id == practice_answers.c.card_id)
    return {
        "people": select(people.c.name, named, people.c.hidden, people.c.shares, people.c.created_at)
        .join(communities)
        .where(theirs)
        .order_by(people.c.id),
        "accounts": select(
            accounts.c.platform, accounts.c.workspace, accounts.c.user_id, accounts.c.name, named, accounts.c.created_at
        )
        .join(communities)
        .where(accounts.c.person_id.in_(every))
        .order_by(accounts.c.id),
        "answers": answered(answers),
        "answers set aside": answered(later_answers),
        "practice sessions": select(
            sessions.c.platform, sessions.c.workspace, sessions.c.started_at, sessions.c.finished_at
        ).where(sessions.c.person_id.in_(every)),
        "practice answers": practised.where(practice_answers.c.person_id.in_(every)),
        "live rounds": select(
            live_rounds.c.deck,
            live_rounds.c.day,
            live_players.c.joined_at,
            live_rounds.c.platform,
            live_rounds.c.workspace,
            live_rounds.c.channel,
        )
        .join(live_rounds, live_rounds.c.id == live_players.c.round_id)
        .where(live_players.c.person_id.in_(every))
        .order_by(live_players.c.joined_at),
        "live rounds hosted": select(live_rounds.c.deck, live_rounds.c.asked_for_at, live_rounds.c.channel)
        .join(accounts, accounts.c.id == live_rounds.c.account_id)
        .where(accounts.c.person_id.in_(every))
        .order_by(live_rounds.c.asked_for_at),
        "live answers": select(
            live_rounds.c.deck,
            live_rounds.c.day,
            (live_answers.c.position + 1).label("question"),
            live_answers.c.given,
            live_answers.c.correct,
            live_answers.c.points,
            live_answers.c.answered_at,
        )
        .join(live_rounds, live_rounds.c.id == live_answers.c.round_id)
        .where(live_answers.c.person_id.in_(every))
        .order_by(live_answers.c.answered_at),
        "days": select(days.c.day, days.c.questions, days.c.practised).where(days.c.person_id.in_(every)),
        "streaks": select(streaks.c.current, streaks.c.best, streaks.c.freezes).where(streaks.c.person_id.in_(every)),
        "scores": select(
            scores.c.period, scores.c.points, scores.c.on_offer, scores.c.answered, scores.c.correct
        ).where(scores.c.person_id.in_(every)),
        "teams": select(
            teams.c.name.label("team"),
            memberships.c.season,
            memberships.c.since,
            memberships.c.until,
            memberships.c.platform,
            memberships.c.workspace,
        )
        .join(teams, teams.c.id == memberships.c.team_id)
        .where(memberships.c.person_id.in_(every)),
        "scores for teams": select(
            teams.c.name.label("team"),
            team_scores.c.period,
            team_scores.c.points,
            team_scores.c.on_offer,
            team_scores.c.answered,
            team_scores.c.correct,
        )
        .join(teams, teams.c.id == team_scores.c.team_id)
        .where(team_scores.c.person_id.in_(every)),
        "reported problems": select(
            reports.c.deck,
            reports.c.card,
            reports.c.reason,
            reports.c.words,
            reports.c.reported_at,
            reports.c.platform,
            reports.c.workspace,
        ).where(reports.c.person_id.in_(every)),
        "corrections made": select(
            corrections.c.deck,
            corrections.c.card,
            corrections.c.said,
            corrections.c.at,
            corrections.c.platform,
            corrections.c.workspace,
        ).where(corrections.c.person_id.in_(every)),
        "grades corrected": select(
            corrections.c.deck, corrections.c.card, regraded.c.points, regraded.c.fraction, regraded.c.told_at
        )
        .join(corrections, corrections.c.id == regraded.c.correction_id)
        .where(regraded.c.person_id.in_(every)),
    }


def _of_accounts(keys: Sequence[Key]) -> dict[str, Select[Any]]:
    def of(table: Any, realm: str = "workspace", user: str = "user_id") -> Any:  # noqa: ANN401 - tables of many shapes
        return or_(
            *(and_(table.c.platform == key[0], table.c[realm] == key[1], table.c[user] == key[2]) for key in keys)
        )

    return {
        "reactions": select(reactions.c.given, reactions.c.name, reactions.c.reacted_at).where(of(reactions)),
        "answers until the close": select(
            pending_answers.c.given, pending_answers.c.name, pending_answers.c.answered_at
        ).where(of(pending_answers)),
        "codes": select(link_codes.c.kind, link_codes.c.expires_at, link_codes.c.used_at).where(of(link_codes)),
        "wrong codes": select(code_guesses.c.guessed_at).where(of(code_guesses)),
        "told of trouble": select(schedules.c.channel).where(of(schedules, "tell_realm", "tell_id")),
        "owner of": select(workspaces.c.name).where(of(workspaces, "owner_realm", "owner_id")),
    }
