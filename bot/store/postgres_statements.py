"""What a batch of ballots says to PostgreSQL. Rows come as arrays.

LATERAL with LIMIT keeps every look-up an index scan: nothing tells the planner how long an array is, and with one plan for
all lengths it would rather read whole tables.
"""

from __future__ import annotations

from bot.store import people

OPEN_POSTS = """
    SELECT id, community_id, card_id, day_number, CASE WHEN EXISTS (
        SELECT 1 FROM teams WHERE teams.community_id = posts.community_id AND removed_at IS NULL
    ) THEN opens_at END, correction, (SELECT seasons FROM communities WHERE id = posts.community_id)
    FROM posts WHERE id = ANY($1::bigint[]) AND state IN ('claimed', 'open', 'collecting') ORDER BY id FOR SHARE OF posts
"""

LOCK = """
    SELECT who.place, person.id
    FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY
        AS who (community, platform, workspace, user_id, place)
    CROSS JOIN LATERAL (
        SELECT person_id FROM accounts WHERE (community_id, platform, workspace, user_id)
            = (who.community, who.platform, who.workspace, who.user_id) LIMIT 1
    ) AS account
    JOIN people AS person ON person.id = account.person_id
    ORDER BY person.id FOR NO KEY UPDATE OF person
"""

READ = """
    SELECT ballot.place, person.id, account.id, person.name, account.name, person.hidden, current, best, freezes, last_number,
        nextval(pg_get_serial_sequence('answers', 'id')),
        answer.id, post_id, given, fraction, correct, points, on_offer, guessed, answered_at
    FROM unnest($1::int[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::date[])
        AS ballot (place, community, platform, workspace, user_id, card, day)
    CROSS JOIN LATERAL (
        SELECT person_id, id, name FROM accounts WHERE (community_id, platform, workspace, user_id)
            = (ballot.community, ballot.platform, ballot.workspace, ballot.user_id) LIMIT 1
    ) AS account
    CROSS JOIN LATERAL (SELECT id, name, hidden FROM people WHERE id = account.person_id LIMIT 1) AS person
    LEFT JOIN LATERAL (SELECT * FROM streaks WHERE person_id = person.id LIMIT 1) AS streak ON true
    LEFT JOIN LATERAL (
        SELECT * FROM answers WHERE (person_id, card_id, day) = (person.id, ballot.card, ballot.day) LIMIT 1
    ) AS answer ON true
"""

TEAMS = """
    SELECT ask.person, ask.post, membership.team_id
    FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::timestamptz[]) AS ask (person, post, season, opened)
    CROSS JOIN LATERAL (
        SELECT team_id FROM memberships
        WHERE person_id = ask.person AND season = ask.season AND since <= opened AND (until IS NULL OR until > opened)
            AND NOT apart ORDER BY since, id LIMIT 1
    ) AS membership
"""

NUMBERS = "SELECT person_id, number FROM days WHERE person_id = ANY($1::bigint[]) AND number IS NOT NULL"

CREATE = """
    WITH new AS MATERIALIZED (
        SELECT nextval(pg_get_serial_sequence('people', 'id')) AS id, who.*
        FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
            AS who (community, platform, workspace, user_id, name, at)
    ), person AS (
        INSERT INTO people (id, community_id, name, created_at) SELECT id, community, name, at FROM new
    )
    INSERT INTO accounts (id, person_id, community_id, platform, workspace, user_id, name, created_at)
    SELECT nextval('accounts_id_seq'), id, community, platform, workspace, user_id, name, at FROM new
    ON CONFLICT DO NOTHING RETURNING person_id
"""

RECORD = """
    WITH answer AS (
        INSERT INTO answers (
            id, community_id, post_id, person_id, card_id, team_id, day, given, fraction, correct, points, on_offer, hinted,
            answered_at, account_id, correction
        )
        SELECT * FROM unnest(
            $1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::date[], $8::text[],
            $9::float8[], $10::bool[], $11::smallint[], $12::smallint[], $13::bool[], $14::timestamptz[], $15::bigint[],
            $16::int[]
        )
    ), streak AS (
        INSERT INTO streaks (person_id, community_id, current, best, freezes, last_number)
        SELECT * FROM unnest($17::bigint[], $18::bigint[], $19::int[], $20::int[], $21::smallint[], $22::int[])
        ON CONFLICT (person_id) DO UPDATE SET
            current = excluded.current, best = excluded.best, freezes = excluded.freezes, last_number = excluded.last_number
    )
    INSERT INTO days (day, community_id, person_id, number, questions, practised)
    SELECT *, 0 FROM unnest($23::date[], $24::bigint[], $25::bigint[], $26::int[], $27::int[])
    ON CONFLICT (person_id, day) DO UPDATE SET questions = days.questions + excluded.questions, number = excluded.number
"""

TEAM_SCORES = """
    WITH share AS MATERIALIZED (
        SELECT community_id, period, team_id, person_id, sum(points)::int AS points, sum(on_offer)::int AS on_offer,
            sum(answered)::int AS answered, sum(correct)::int AS correct
        FROM unnest($1::int[], $2::text[]) AS counts (dated, period) JOIN unnest(
            $3::int[], $4::bigint[], $5::bigint[], $6::bigint[], $7::int[], $8::int[], $9::int[], $10::int[]
        ) AS share (dated, community_id, team_id, person_id, points, on_offer, answered, correct) USING (dated)
        GROUP BY community_id, period, team_id, person_id
    ), score AS (
        INSERT INTO team_scores (community_id, period, team_id, person_id, points, on_offer, answered, correct)
        SELECT community_id, period, team_id, person_id, points, on_offer, answered, correct FROM share
        ON CONFLICT (community_id, period, team_id, person_id) DO UPDATE SET
            points = team_scores.points + excluded.points,
            on_offer = team_scores.on_offer + excluded.on_offer,
            answered = team_scores.answered + excluded.answered,
            correct = team_scores.correct + excluded.correct
        RETURNING community_id, period, team_id, person_id, answered
    )
    INSERT INTO team_totals (community_id, period, team_id, points, on_offer, answered, correct, people)
    SELECT community_id, period, team_id, sum(share.points), sum(share.on_offer), sum(share.answered), sum(share.correct),
        count(*) FILTER (WHERE score.answered = share.answered)
    FROM share JOIN score USING (community_id, period, team_id, person_id)
    GROUP BY community_id, period, team_id ORDER BY community_id, period, team_id
    ON CONFLICT (community_id, period, team_id) DO UPDATE SET
        points = team_totals.points + excluded.points,
        on_offer = team_totals.on_offer + excluded.on_offer,
        answered = team_totals.answered + excluded.answered,
        correct = team_totals.correct + excluded.correct,
        people = team_totals.people + excluded.people
"""
"""The totals are taken in order, and before the counts of scores: as those, every worker of a community meets in them."""

SCORES = """
    WITH gain AS MATERIALIZED (
        SELECT community_id, period, person_id, max(sort_name) AS sort_name, bool_or(hidden) AS hidden, sum(points)::int AS points,
            sum(on_offer)::int AS on_offer, sum(answered)::int AS answered, sum(correct)::int AS correct
        FROM unnest($1::int[], $2::text[]) AS counts (dated, period) JOIN unnest(
            $3::int[], $4::bigint[], $5::bigint[], $6::text[], $7::int[], $8::int[], $9::int[], $10::int[], $11::bool[]
        ) AS gain (dated, community_id, person_id, sort_name, points, on_offer, answered, correct, hidden) USING (dated)
        GROUP BY community_id, period, person_id
    ), score AS (
        INSERT INTO scores (community_id, period, person_id, sort_name, points, on_offer, answered, correct, hidden)
        SELECT community_id, period, person_id, sort_name, points, on_offer, answered, correct, hidden FROM gain
        ON CONFLICT (community_id, period, person_id) DO UPDATE SET
            sort_name = excluded.sort_name,
            points = scores.points + excluded.points,
            on_offer = scores.on_offer + excluded.on_offer,
            answered = scores.answered + excluded.answered,
            correct = scores.correct + excluded.correct
        RETURNING community_id, period, person_id, points, answered
    ), move AS MATERIALIZED (
        SELECT community_id, period, score.points AS now, score.points - gain.points AS before,
            score.answered = gain.answered AS first
        FROM score JOIN gain USING (community_id, period, person_id)
        WHERE (gain.points <> 0 OR score.answered = gain.answered) AND NOT gain.hidden
    ), step AS (
        SELECT community_id, period, now AS points, 1 AS people FROM move
        UNION ALL SELECT community_id, period, before, -1 FROM move WHERE NOT first
    )
    INSERT INTO score_counts (community_id, period, points, people)
    SELECT community_id, period, points, sum(people) FROM step
    GROUP BY community_id, period, points HAVING sum(people) <> 0 ORDER BY community_id, period, points
    ON CONFLICT (community_id, period, points) DO UPDATE SET people = score_counts.people + excluded.people
"""
"""The counts come last: every worker of a community meets in these few rows, so they are held for as short as can be, and
taken in order."""

ACCOUNT_NAME = """
    UPDATE accounts SET name = $1 WHERE (community_id, platform, workspace, user_id) = ($2, $3, $4, $5)
"""

NAME = "UPDATE people SET name = $1 WHERE id = $2"

RENAME = people.RENAME.replace(":community_id", "$1").replace(":person_id", "$2").replace(":sort_name", "$3")
