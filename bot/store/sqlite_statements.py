"""What a batch of ballots says to SQLite. Rows come as one JSON text and go as one; see `sqlite_ballots` for why."""

# ruff: noqa: S608 - statements are put together from this file's own words; values are always bound

from __future__ import annotations

from functools import lru_cache

from bot.store import people

# ---------------------------------------------------------------- reading

STATE = """
    SELECT
        (SELECT json_group_array(json_array(id, community_id, card_id, day_number, CASE WHEN EXISTS (
            SELECT 1 FROM teams WHERE teams.community_id = posts.community_id AND removed_at IS NULL
        ) THEN opens_at END, correction, (SELECT seasons FROM communities WHERE id = posts.community_id))) FROM posts WHERE id IN (SELECT value FROM json_each(?)) AND state IN ('claimed', 'open', 'collecting')),
        (SELECT coalesce(max(id), 0) FROM people),
        (SELECT coalesce(max(id), 0) FROM accounts),
        max((SELECT coalesce(max(id), 0) FROM answers), (SELECT coalesce(max(id), 0) FROM later_answers))
"""

KNOWN = """
    SELECT json_group_array(json_array(
        ballot.key, person.id, account.id, person.name, account.name, person.hidden,
        streak.current, streak.best, streak.freezes, streak.last_number, answer.id
    ))
    FROM json_each(?) AS ballot
    CROSS JOIN accounts AS account ON account.community_id = json_extract(ballot.value, '$[0]')
        AND account.platform = json_extract(ballot.value, '$[1]')
        AND account.workspace = json_extract(ballot.value, '$[2]')
        AND account.user_id = json_extract(ballot.value, '$[3]')
    CROSS JOIN people AS person ON person.id = account.person_id
    LEFT JOIN streaks AS streak ON streak.person_id = person.id
    LEFT JOIN answers AS answer ON answer.person_id = person.id
        AND answer.card_id = json_extract(ballot.value, '$[4]')
        AND answer.day = json_extract(ballot.value, '$[5]')
"""

TEAMS = """
    SELECT json_group_array(json_array(json_extract(value, '$[0]'), json_extract(value, '$[1]'), (
        SELECT team_id FROM memberships
        WHERE person_id = json_extract(value, '$[0]') AND season = json_extract(value, '$[2]')
            AND since <= json_extract(value, '$[3]') AND (until IS NULL OR until > json_extract(value, '$[3]'))
            AND NOT apart ORDER BY since, id LIMIT 1
    ))) FROM json_each(?)
"""

STANDING = """
    SELECT card_id, day, person_id, id, post_id, given, fraction, correct, points, on_offer, guessed, answered_at
    FROM answers WHERE id IN (SELECT value FROM json_each(?))
"""

NUMBERS = """
    SELECT json_group_array(json_array(person_id, number)) FROM days
    WHERE person_id IN (SELECT value FROM json_each(?)) AND number IS NOT NULL
"""


@lru_cache(maxsize=1)
def points(periods: int) -> str:
    """The points that people have in so many periods; the people come first, the periods' keys after them."""
    held = "(SELECT points FROM scores WHERE community_id = gain.community AND period = ? AND person_id = gain.person)"
    return f"""
        WITH gain AS MATERIALIZED (
            SELECT key, json_extract(value, '$[0]') AS community, json_extract(value, '$[1]') AS person FROM json_each(?)
        )
        SELECT json_group_array(json_array(key, {", ".join([held] * periods)})) FROM gain
    """


# ---------------------------------------------------------------- writing


def _columns(names: str) -> str:
    """The members of each JSON array, named, as one table."""
    each = ", ".join(f"json_extract(value, '$[{place}]') AS {name}" for place, name in enumerate(names.split()))
    return f"(SELECT {each} FROM json_each(?))"


PEOPLE = f"""
    INSERT INTO people (id, community_id, name, created_at)
    SELECT id, community_id, name, at FROM {_columns("id account_id community_id platform workspace user_id name at")}
"""

ACCOUNTS = f"""
    INSERT INTO accounts (community_id, platform, workspace, user_id, id, person_id, name, created_at)
    SELECT community_id, platform, workspace, user_id, account_id, id, name, at
    FROM {_columns("id account_id community_id platform workspace user_id name at")}
"""

ANSWERS = f"""
    INSERT INTO answers (
        id, community_id, post_id, person_id, card_id, team_id, day, given, fraction, correct, points, on_offer, hinted,
        answered_at, account_id, correction
    )
    SELECT * FROM {_columns("id community post person card team day given fraction correct points on_offer hinted at account correction")}
"""

SCORES = f"""
    WITH gain AS MATERIALIZED (
        SELECT * FROM {_columns("community_id person_id sort_name points on_offer answered correct number hidden")}
    )
    INSERT INTO scores (community_id, period, person_id, sort_name, points, on_offer, answered, correct, hidden)
    SELECT community_id, period.value, person_id, sort_name, points, on_offer, answered, correct, hidden
    FROM json_each(?) AS period CROSS JOIN gain WHERE true
    ON CONFLICT (community_id, period, person_id) DO UPDATE SET
        sort_name = excluded.sort_name,
        points = points + excluded.points,
        on_offer = on_offer + excluded.on_offer,
        answered = answered + excluded.answered,
        correct = correct + excluded.correct
"""

COUNTS = f"""
    INSERT INTO score_counts (community_id, period, points, people)
    SELECT * FROM {_columns("community_id period points people")} WHERE true
    ON CONFLICT (community_id, period, points) DO UPDATE SET people = people + excluded.people
"""

_SHARES = f"""
    WITH share AS MATERIALIZED (
        SELECT * FROM {_columns("community_id team_id person_id points on_offer answered correct")}
    )
"""

TEAM_SCORES = f"""
    {_SHARES}
    INSERT INTO team_scores (community_id, period, team_id, person_id, points, on_offer, answered, correct)
    SELECT community_id, period.value, team_id, person_id, points, on_offer, answered, correct
    FROM json_each(?) AS period CROSS JOIN share WHERE true
    ON CONFLICT (community_id, period, team_id, person_id) DO UPDATE SET
        points = points + excluded.points,
        on_offer = on_offer + excluded.on_offer,
        answered = answered + excluded.answered,
        correct = correct + excluded.correct
"""

TEAM_TOTALS = f"""
    {_SHARES}
    INSERT INTO team_totals (community_id, period, team_id, points, on_offer, answered, correct, people)
    SELECT community_id, period.value, team_id, sum(share.points), sum(share.on_offer), sum(share.answered),
        sum(share.correct), sum(score.answered = share.answered)
    FROM json_each(?) AS period CROSS JOIN share CROSS JOIN team_scores AS score USING (community_id, team_id, person_id)
    WHERE score.period = period.value GROUP BY community_id, period.value, team_id
    ON CONFLICT (community_id, period, team_id) DO UPDATE SET
        points = points + excluded.points,
        on_offer = on_offer + excluded.on_offer,
        answered = answered + excluded.answered,
        correct = correct + excluded.correct,
        people = people + excluded.people
"""
"""After the members' scores: whoever has no more answers than were just added has them for the first time."""

DAYS = f"""
    WITH gain AS (
        SELECT * FROM {_columns("community_id person_id sort_name points on_offer answered correct number hidden")}
    )
    INSERT INTO days (person_id, day, community_id, number, questions, practised)
    SELECT person_id, json_extract(?, '$[0]'), community_id, number, answered, 0 FROM gain WHERE true
    ON CONFLICT (person_id, day) DO UPDATE SET questions = questions + excluded.questions, number = excluded.number
"""

STREAKS = f"""
    INSERT INTO streaks (person_id, community_id, current, best, freezes, last_number)
    SELECT * FROM {_columns("person_id community_id current best freezes last_number")} WHERE true
    ON CONFLICT (person_id) DO UPDATE SET
        current = excluded.current, best = excluded.best, freezes = excluded.freezes, last_number = excluded.last_number
"""

ACCOUNT_NAME = "UPDATE accounts SET name = ? WHERE (community_id, platform, workspace, user_id) = (?, ?, ?, ?)"

NAME = "UPDATE people SET name = ? WHERE id = ?"

RENAME = people.RENAME
