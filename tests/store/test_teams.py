"""Who is in which team, and what their answers come to for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.quiz.standings import Scoring
from bot.store import memberships, tables, teams
from bot.store.ballots import Ballots
from bot.store.database import Database
from bot.store.memberships import Moved
from bot.store.people import person_of
from bot.store.rebuild import prune_scores, rebuild_scores
from bot.store.tables import answers, team_scores, team_totals
from bot.store.team_boards import TeamBoard, team_board
from bot.store.teams import Refusal, Team
from tests.store.town import Town, account, close, day, kept, miscounted, opening, settle

SEASON = "s2026-01-01"
BEFORE = opening(1) - timedelta(hours=1)


@pytest.fixture
async def town(database: Database) -> Town:
    return await settle(database, numbers=12, questions=2, channels=("general", "random"))


@pytest.fixture
async def ballots(database: Database) -> AsyncIterator[Ballots]:
    ballots = Ballots(database)
    yield ballots
    await ballots.stop()


async def made(database: Database, town: Town, name: str, season: str = SEASON, *, lasting: bool = True) -> Team:
    async with database.write() as tx:
        team = await teams.create(tx, town.community, season, name, BEFORE, lasting=lasting)
    assert isinstance(team, Team)
    return team


async def known(database: Database, town: Town, user: str) -> int:
    async with database.write() as tx:
        return (await person_of(tx, town.community, account(user), BEFORE)).id


async def joined(database: Database, town: Town, user: str, team: Team, now: datetime = BEFORE) -> Moved | Refusal:
    person = await known(database, town, user)
    async with database.write() as tx:
        return await memberships.join(tx, town.community, team.season, person, team.id, now)


async def left(database: Database, town: Town, user: str, now: datetime) -> Moved | Refusal:
    person = await known(database, town, user)
    async with database.write() as tx:
        return await memberships.leave(tx, town.community, SEASON, person, now)


async def counted(database: Database, period: str = SEASON) -> dict[int, tuple[int, int, int, int, int]]:
    """By team: points, on offer, answers, right ones, people."""
    async with database.read() as tx:
        rows = await tx.execute(select(team_totals).where(team_totals.c.period == period))
        return {row.team_id: (row.points, row.on_offer, row.answered, row.correct, row.people) for row in rows}


async def board(
    database: Database, town: Town, period: str = "all", scoring: Scoring = Scoring.SUM, earlier: str | None = None
) -> TeamBoard:
    async with database.read() as tx:
        return await team_board(tx, town.community, period, SEASON, scoring, earlier)


# ---------------------------------------------------------------- for whom answers count


async def test_an_answer_counts_for_the_team_in_every_period(database: Database, ballots: Ballots, town: Town) -> None:
    red = await made(database, town, "Red")
    await joined(database, town, "ada", red)
    await joined(database, town, "bob", red)
    await asyncio.gather(
        ballots.cast(town.ballot("ada", 1, 1, points=10, on_offer=10)),
        ballots.cast(town.ballot("ada", 1, 2, points=5, on_offer=20, correct=False)),
        ballots.cast(town.ballot("bob", 1, 1, points=0, on_offer=10, correct=False)),
        ballots.cast(town.ballot("cy", 1, 1)),
    )
    await ballots.cast(town.ballot("ada", 3, 1))  # the Sunday, in February
    assert await counted(database, "d2026-01-30") == {red.id: (15, 40, 3, 1, 2)}
    assert await counted(database, "m2026-01") == {red.id: (15, 40, 3, 1, 2)}
    assert await counted(database, "m2026-02") == {red.id: (10, 10, 1, 1, 1)}
    for period in ("w2026-05", SEASON):
        assert await counted(database, period) == {red.id: (25, 50, 4, 2, 2)}
    assert [each.tally.points for each in (await board(database, town, "all")).standings] == [25]
    async with database.read() as tx:
        of = select(answers.c.team_id, func.count()).group_by(answers.c.team_id)
        assert {row[0]: row[1] for row in await tx.execute(of)} == {red.id: 4, None: 1}


async def test_answers_count_for_the_team_of_the_moment_when_the_post_opened(
    database: Database, ballots: Ballots, town: Town
) -> None:
    red, blue = await made(database, town, "Red"), await made(database, town, "Blue")
    await joined(database, town, "ada", red, opening(2))  # in the very moment
    await joined(database, town, "ada", blue, opening(4))
    await left(database, town, "ada", opening(6) - timedelta(microseconds=1))
    for number in (6, 5, 4, 3, 2, 1):
        await ballots.cast(town.ballot("ada", number))
    async with database.read() as tx:
        of = (await tx.execute(select(answers.c.day, answers.c.team_id).order_by(answers.c.day))).all()
    assert [team for _, team in of] == [None, red.id, red.id, blue.id, blue.id, None]


async def test_who_joins_late_brings_nothing_along(database: Database, ballots: Ballots, town: Town) -> None:
    red = await made(database, town, "Red")
    await joined(database, town, "ada", red, opening(1) + timedelta(microseconds=1))
    await ballots.cast(town.ballot("ada", 1))
    assert await counted(database) == {}


async def test_a_team_of_another_season_gains_nothing(database: Database, ballots: Ballots, town: Town) -> None:
    old = await made(database, town, "Red", "s2025-10-01")
    await joined(database, town, "ada", old)
    await ballots.cast(town.ballot("ada", 1))
    assert await counted(database) == {}


async def test_a_card_answered_in_two_channels_counts_once_for_a_team(
    database: Database, ballots: Ballots, town: Town
) -> None:
    red = await made(database, town, "Red")
    await joined(database, town, "ada", red)
    await asyncio.gather(*(ballots.cast(town.ballot("ada", channel=channel)) for channel in ("general", "random")))
    assert await counted(database) == {red.id: (10, 10, 1, 1, 1)}


async def test_rebuilding_mends_what_teams_lost_and_what_was_spoilt(
    database: Database, ballots: Ballots, town: Town
) -> None:
    red, blue = await made(database, town, "Red"), await made(database, town, "Blue")
    for user, team in (("ada", red), ("bob", red), ("cy", blue)):
        await joined(database, town, user, team)
    for number in (1, 2, 3):
        await asyncio.gather(*(ballots.cast(town.ballot(user, number)) for user in ("ada", "bob", "cy", "dan")))
    before = await kept(database)
    assert before["team_scores"]
    async with database.write() as tx:
        await tx.execute(update(team_scores).values(points=99))
        await tx.execute(team_totals.delete().where(team_totals.c.team_id == red.id))
        await rebuild_scores(tx, town.community, day(1))
    assert await kept(database) == before
    ada = await known(database, town, "ada")
    async with database.write() as tx:
        await tx.execute(update(answers).where(answers.c.person_id == ada).values(points=1, team_id=blue.id))
        await rebuild_scores(tx, town.community, day(1), only=[ada])
    assert await counted(database) == {red.id: (30, 30, 3, 3, 1), blue.id: (33, 60, 6, 6, 2)}
    few = await kept(database)
    async with database.write() as tx:
        await rebuild_scores(tx, town.community, day(1))
    assert await kept(database) == few


async def test_pruning_takes_the_boards_of_teams_too(database: Database, ballots: Ballots, town: Town) -> None:
    red = await made(database, town, "Red")
    await joined(database, town, "ada", red)
    for number in range(1, 13):
        await ballots.cast(town.ballot("ada", number))
    async with database.write() as tx:
        await prune_scores(tx, [town.community], day(12))
        for table in (team_scores, team_totals):
            left_ = set((await tx.execute(select(table.c.period))).scalars())
            months = {"m2026-01", "m2026-02"}
            assert left_ == {"d2026-02-09", "d2026-02-10", "w2026-06", "w2026-07", *months, SEASON}
    before = await kept(database)
    async with database.write() as tx:
        await rebuild_scores(tx, town.community, day(12))
    assert await kept(database) == before


# ---------------------------------------------------------------- who is in which


async def test_a_person_is_in_one_team_at_a_time(database: Database, town: Town) -> None:
    red, blue = await made(database, town, "Red"), await made(database, town, "Blue")
    await joined(database, town, "ada", red)
    moved = await joined(database, town, "ada", blue, BEFORE + timedelta(minutes=1))
    assert isinstance(moved, Moved)
    assert (moved.joined, moved.left) == (
        Team(blue.id, SEASON, "Blue", 1, lasting=True),
        Team(red.id, SEASON, "Red", 0, lasting=True),
    )
    assert await joined(database, town, "ada", blue) is Refusal.ALREADY
    assert await miscounted(database) == []
    async with database.read() as tx:
        found = await teams.of_person(tx, await known(database, town, "ada"), SEASON)
    assert found == moved.joined


async def test_joining_two_teams_at_once_ends_in_one(database: Database, town: Town) -> None:
    every = [await made(database, town, name) for name in ("Red", "Blue", "Green", "Black")]
    for each in range(8):
        told = await asyncio.gather(*(joined(database, town, f"u{each}", team) for team in (*every, *reversed(every))))
        assert all(isinstance(one, Moved) or one is Refusal.ALREADY for one in told)
    assert await miscounted(database) == []
    async with database.read() as tx:
        standing = select(tables.memberships.c.person_id).where(tables.memberships.c.until.is_(None))
        people = (await tx.execute(standing)).scalars().all()
    assert len(people) == len(set(people)) == 8


async def test_a_team_takes_no_more_than_it_may_however_many_come_at_once(database: Database, town: Town) -> None:
    red = await made(database, town, "Red")
    async with database.write() as tx:
        await teams.set_most(tx, town.community, 3)
    told = await asyncio.gather(*(joined(database, town, f"u{each}", red) for each in range(8)))
    assert sorted(str(each) for each in told if isinstance(each, Refusal)) == ["full"] * 5
    assert await miscounted(database) == []
    async with database.write() as tx:
        assert isinstance(await left_one(tx, town, red), Moved)
    assert isinstance(await joined(database, town, "late", red), Moved)


async def left_one(tx: AsyncConnection, town: Town, team: Team) -> Moved | Refusal:
    query = select(tables.memberships.c.person_id).where(
        tables.memberships.c.team_id == team.id, tables.memberships.c.until.is_(None)
    )
    person = (await tx.execute(query.limit(1))).scalar_one()
    return await memberships.leave(tx, town.community, SEASON, person, opening(2))


async def test_a_team_that_is_removed_or_of_others_can_not_be_joined(database: Database, town: Town) -> None:
    elsewhere = await settle(database, "elsewhere")
    red, old = await made(database, town, "Red"), await made(database, town, "Old", "s2025-10-01")
    theirs = await made(database, elsewhere, "Theirs")
    await joined(database, town, "ada", red)
    person = await known(database, town, "ada")
    async with database.write() as tx:
        assert await memberships.remove_team(tx, town.community, theirs.id, opening(1)) is Refusal.GONE
        assert await memberships.remove_team(tx, town.community, red.id, opening(1)) is None
        assert await memberships.remove_team(tx, town.community, red.id, opening(1)) is Refusal.GONE
        for each in (red, theirs, old):
            told = await memberships.join(tx, town.community, SEASON, person, each.id, opening(1))
            assert told is Refusal.GONE
        assert await memberships.leave(tx, town.community, SEASON, person, opening(1)) is Refusal.ALREADY
    assert await miscounted(database) == []
    assert isinstance(await made(database, town, "RED"), Team)  # its name is free again


async def test_a_team_that_people_made_goes_with_its_last_member_unless_it_was_answered_for(
    database: Database, ballots: Ballots, town: Town
) -> None:
    short, long = await made(database, town, "Short", lasting=False), await made(database, town, "Long", lasting=False)
    lasting = await made(database, town, "Lasting")
    for user, team in (("ada", short), ("bob", long), ("cy", lasting)):
        await joined(database, town, user, team)
    await ballots.cast(town.ballot("bob", 1))
    for post in town.posts.values():
        await close(database, post)
    told = [await left(database, town, user, opening(2)) for user in ("ada", "bob", "cy")]
    assert [isinstance(each, Moved) and each.dissolved for each in told] == [True, False, False]
    async with database.read() as tx:
        assert [team.name for team in await teams.of_season(tx, town.community, SEASON)] == ["Lasting", "Long"]


async def test_names_are_told_apart_by_more_than_case_and_width(database: Database, town: Town) -> None:
    red = await made(database, town, "Red Pandas")
    async with database.write() as tx:
        for name in ("red pandas", "RED PANDAS", "Ｒｅｄ Pandas"):
            told = await teams.create(tx, town.community, SEASON, name, BEFORE, lasting=True)
            assert told is Refusal.TAKEN
        assert await teams.rename(tx, town.community, red, "RED pandas") is None
        found = await teams.named(tx, town.community, SEASON, "red PANDAS")
        assert found is not None
        assert found.name == "RED pandas"
        await teams.create(tx, town.community, SEASON, "Blue", BEFORE, lasting=True)
        assert await teams.rename(tx, town.community, red, "blue") is Refusal.TAKEN


async def test_teams_of_one_name_made_at_once_are_one(database: Database, town: Town) -> None:
    async def make() -> Team | Refusal:
        async with database.write() as tx:
            return await teams.create(tx, town.community, SEASON, "Red", BEFORE, lasting=True)

    told = await asyncio.gather(*(make() for _ in range(5)))
    assert sorted(str(each) for each in told if isinstance(each, Refusal)) == ["taken"] * 4


async def test_there_are_so_many_teams_and_no_more(
    database: Database, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(teams, "MOST", 2)
    await made(database, town, "Red")
    blue = await made(database, town, "Blue")
    async with database.write() as tx:
        assert await teams.create(tx, town.community, SEASON, "Green", BEFORE, lasting=True) is Refusal.MANY
        await memberships.remove_team(tx, town.community, blue.id, opening(1))
        assert isinstance(await teams.create(tx, town.community, SEASON, "Green", BEFORE, lasting=True), Team)


async def test_everyone_who_takes_part_is_dealt_out(database: Database, ballots: Ballots, town: Town) -> None:
    red, blue = await made(database, town, "Red"), await made(database, town, "Blue")
    await joined(database, town, "idle", red)
    await asyncio.gather(*(ballots.cast(town.ballot(user, 1, points=7)) for user in ("ada", "bob")))  # January
    await ballots.cast(town.ballot("cy", 3, points=9))  # February
    ids = {user: await known(database, town, user) for user in ("ada", "bob", "cy", "idle")}
    async with database.write() as tx:
        standing = await teams.hold_all(tx, town.community, SEASON)
        points = await memberships.to_deal(tx, town.community, SEASON, ("m2026-01", "m2026-02"))
        assert points == {ids["ada"]: 7, ids["bob"]: 7, ids["cy"]: 0, ids["idle"]: 0}
        sides = [red.id, blue.id, blue.id, blue.id]
        await memberships.deal(tx, town.community, SEASON, dict(zip(sorted(points), sides, strict=True)), opening(4))
    assert [team.name for team in standing] == ["Blue", "Red"]
    assert await miscounted(database) == []
    async with database.read() as tx:
        assert [(t.name, t.members) for t in await teams.of_season(tx, town.community, SEASON)] == [
            ("Blue", 3),
            ("Red", 1),
        ]


async def test_people_join_and_are_dealt_out_at_once(database: Database, town: Town) -> None:
    every = [await made(database, town, name) for name in ("Red", "Blue", "Green")]
    users = [f"u{each}" for each in range(9)]
    for user in users:
        await joined(database, town, user, every[0])

    async def deal() -> None:
        async with database.write() as tx:
            standing = await teams.hold_all(tx, town.community, SEASON)
            points = await memberships.to_deal(tx, town.community, SEASON, ("m2026-01",))
            places = {person: standing[at % 3].id for at, person in enumerate(sorted(points))}
            await memberships.deal(tx, town.community, SEASON, places, opening(2))

    moves = (joined(database, town, user, every[at % 3], opening(2)) for at, user in enumerate(users))
    newcomers = (joined(database, town, f"new{each}", every[each]) for each in range(3))
    await asyncio.gather(deal(), *moves, deal(), *newcomers, deal())
    assert await miscounted(database) == []


# ---------------------------------------------------------------- boards


async def test_a_team_board_is_ranked_as_it_is_set(database: Database, ballots: Ballots, town: Town) -> None:
    red, blue = await made(database, town, "Red"), await made(database, town, "Blue")
    empty = await made(database, town, "Empty")
    for user in ("r1", "r2", "r3", "r4"):
        await joined(database, town, user, red)
    for user in ("b1", "b2", "b3"):
        await joined(database, town, user, blue)
    points = {"r1": 10, "r2": 6, "r3": 4, "r4": 2, "b1": 9, "b2": 9, "b3": 3}
    await asyncio.gather(*(ballots.cast(town.ballot(user, 1, points=won)) for user, won in points.items()))
    seen = {scoring: await board(database, town, SEASON, scoring) for scoring in Scoring}
    for scoring, expected in (
        (Scoring.SUM, [("Red", 22), ("Blue", 21)]),
        (Scoring.TOP3, [("Blue", 21), ("Red", 20)]),
    ):
        assert [(each.tally.name, int(each.score)) for each in seen[scoring].ranked] == expected
    lacking = {each.tally.name: each.answers_lacking for each in seen[Scoring.FAIR].unranked}
    assert lacking == {"Red": 6, "Blue": 7, "Empty": 10}
    assert [each.tally.team_id for each in seen[Scoring.SUM].unranked] == [empty.id]
    assert (await board(database, town, "w2026-40")).ranked == ()


async def test_a_team_board_tells_the_ranks_of_the_period_before(
    database: Database, ballots: Ballots, town: Town
) -> None:
    red, blue = await made(database, town, "Red"), await made(database, town, "Blue")
    await joined(database, town, "ada", red)
    await joined(database, town, "bob", blue)
    for user, number, won in (("ada", 1, 9), ("bob", 1, 5), ("ada", 2, 5), ("bob", 2, 9)):
        await ballots.cast(town.ballot(user, number, points=won))
    seen = await board(database, town, "d2026-01-31", earlier="d2026-01-30")
    assert [(each.rank, each.tally.team_id) for each in seen.ranked] == [(1, blue.id), (2, red.id)]
    assert seen.was == {red.id: 1, blue.id: 2}
    assert (await board(database, town, "d2026-01-30", earlier="d2026-01-29")).was == {}


async def test_a_board_of_all_time_has_the_teams_of_every_season(database: Database, ballots: Ballots) -> None:
    town = await settle(database, numbers=70)
    old, new = await made(database, town, "Red"), await made(database, town, "Red", "s2026-04-01")
    await made(database, town, "Never answered for")
    await joined(database, town, "ada", old)
    await joined(database, town, "ada", new, opening(65))
    await ballots.cast(town.ballot("ada", 1, points=3))
    await ballots.cast(town.ballot("ada", 70))
    seen = await board(database, town)
    assert [(each.tally.name, seen.seasons[each.tally.team_id], int(each.score)) for each in seen.standings] == [
        ("Red", "s2026-04-01", 10),
        ("Red", SEASON, 3),
    ]


async def test_communities_teams_do_not_mix(database: Database, ballots: Ballots, town: Town) -> None:
    other = await settle(database, "other")
    for each in (town, other):
        team = await made(database, each, "Red")
        await joined(database, each, "ada", team)
        await ballots.cast(each.ballot("ada"))
    assert [each.tally.points for each in (await board(database, town)).standings] == [10]


async def test_how_teams_compare_is_fair_until_an_admin_says_otherwise(database: Database, town: Town) -> None:
    async with database.write() as tx:
        assert await teams.rules(tx, town.community) == teams.Rules(Scoring.FAIR, None)
        await teams.set_scoring(tx, town.community, Scoring.TOP3)
        await teams.set_most(tx, town.community, 5)
        assert await teams.rules(tx, town.community) == teams.Rules(Scoring.TOP3, 5)
