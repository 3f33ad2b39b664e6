"""The contract of the hot path, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import func, select, text, update

from bot.quiz.periods import keys
from bot.quiz.streaks import Streak
from bot.store import answers as told
from bot.store.ballots import BATCH, Ballot, Ballots, Receipt, Standing
from bot.store.database import Database
from bot.store.people import find_person
from bot.store.tables import accounts, answers, people, scores, streaks
from tests.store.town import NOW, Town, account, answered, close, day, kept, settle


@pytest.fixture
async def town(database: Database) -> Town:
    return await settle(database, numbers=12, questions=2, channels=("general", "random"))


@pytest.fixture
async def ballots(database: Database) -> AsyncIterator[Ballots]:
    ballots = Ballots(database)
    yield ballots
    await ballots.stop()


async def cast(ballots: Ballots, *each: Ballot) -> list[Receipt]:
    """All at once: one batch."""
    return await asyncio.gather(*(ballots.cast(ballot) for ballot in each))


async def test_an_answer_is_kept_as_it_was_given(database: Database, ballots: Ballots, town: Town) -> None:
    at = datetime(2026, 1, 30, 23, 59, 59, 999_999, timezone(timedelta(hours=5, minutes=30)))
    ballot = town.ballot("ada", given="é “🙂” \\ \n '", fraction=1 / 3, correct=False, points=3, hinted=True, at=at)
    receipt = await ballots.cast(ballot)
    assert (receipt.standing, receipt.post_id, receipt.given) == (Standing.RECORDED, ballot.post_id, ballot.given)
    async with database.read() as tx:
        row = (await tx.execute(select(answers))).one()
        person = await find_person(tx, town.community, ballot.account)
        assert person is not None
        own = await told.own(tx, person.id, ballot.card_id, ballot.day)
    assert own is not None
    assert (row.id, row.community_id, row.post_id, row.person_id) == (
        receipt.answer_id,
        town.community,
        ballot.post_id,
        person.id,
    )
    assert (row.day, row.given, row.fraction, row.correct, row.points, row.on_offer) == (
        day(1),
        ballot.given,
        1 / 3,
        False,
        3,
        10,
    )
    assert (row.hinted, row.guessed, row.answered_at) == (True, False, at)
    assert row.answered_at.tzinfo is UTC
    assert receipt.person_id == person.id
    assert person.name == "Ada"


async def test_times_and_days_are_written_as_sqlalchemy_writes_them(
    database: Database, ballots: Ballots, town: Town
) -> None:
    await ballots.cast(town.ballot("ada", at=NOW.replace(microsecond=0)))
    raw = select(answers.c.answered_at, answers.c.day)
    async with database.write() as tx:
        before = (await tx.execute(text("SELECT CAST(answered_at AS TEXT), CAST(day AS TEXT) FROM answers"))).one()
        row = (await tx.execute(raw)).one()
        await tx.execute(update(answers).values(answered_at=row.answered_at, day=row.day))
        after = (await tx.execute(text("SELECT CAST(answered_at AS TEXT), CAST(day AS TEXT) FROM answers"))).one()
    assert tuple(before) == tuple(after)


async def test_a_second_answer_changes_nothing_and_tells_the_first(
    database: Database, ballots: Ballots, town: Town
) -> None:
    first = await ballots.cast(town.ballot("ada", given="b", fraction=0.7, points=7))
    async with database.write() as tx:
        await tx.execute(update(answers).values(guessed=True))
    before = await kept(database)
    again = await ballots.cast(town.ballot("ada", given="c", correct=False, points=0, at=NOW + timedelta(hours=1)))
    assert again == first._replace(standing=Standing.ALREADY, guessed=True, streak_before=first.streak)
    assert await kept(database) == before
    assert await answered(database) == 1


async def test_the_same_card_in_two_channels_counts_once(database: Database, ballots: Ballots, town: Town) -> None:
    first = await ballots.cast(town.ballot("ada", channel="general"))
    again = await ballots.cast(town.ballot("ada", channel="random"))
    assert (again.standing, again.post_id) == (Standing.ALREADY, first.post_id)


async def test_the_same_card_on_another_day_counts_again(ballots: Ballots, town: Town) -> None:
    receipts = await cast(ballots, town.ballot("ada", 1), town.ballot("ada", 2))
    assert [receipt.standing for receipt in receipts] == [Standing.RECORDED, Standing.RECORDED]


async def test_a_double_press_in_one_batch_counts_once(database: Database, ballots: Ballots, town: Town) -> None:
    one, two, three = await cast(ballots, *(town.ballot("ada", given=given) for given in "bca"))
    assert one.standing is Standing.RECORDED
    assert two == three == one._replace(standing=Standing.ALREADY, streak_before=one.streak)
    assert await answered(database) == 1


async def test_a_closed_post_takes_nothing_and_meets_nobody(database: Database, ballots: Ballots, town: Town) -> None:
    await close(database, town.posts[1, 1, "general"])
    receipt = await ballots.cast(town.ballot("ada"))
    assert (receipt.standing, receipt.person_id, receipt.answer_id) == (Standing.CLOSED, None, None)
    async with database.read() as tx:
        assert (await tx.execute(select(func.count()).select_from(people))).scalar_one() == 0
        assert (await tx.execute(select(func.count()).select_from(accounts))).scalar_one() == 0
        assert (await tx.execute(select(func.count()).select_from(streaks))).scalar_one() == 0


async def test_a_closed_post_tells_somebody_known_their_streak(
    database: Database, ballots: Ballots, town: Town
) -> None:
    first = await ballots.cast(town.ballot("ada", 1))
    await close(database, town.posts[2, 1, "general"])
    receipt = await ballots.cast(town.ballot("ada", 2))
    assert (receipt.standing, receipt.person_id) == (Standing.CLOSED, first.person_id)
    assert receipt.streak == receipt.streak_before == Streak(1, 1, 0, 1)


async def test_an_answer_still_stands_when_its_post_has_closed(
    database: Database, ballots: Ballots, town: Town
) -> None:
    first = await ballots.cast(town.ballot("ada"))
    await close(database, town.posts[1, 1, "general"])
    again = await ballots.cast(town.ballot("ada", given="c"))
    assert (again.standing, again.answer_id, again.given) == (Standing.ALREADY, first.answer_id, "b")


async def test_a_post_that_was_never_made_is_closed(ballots: Ballots, town: Town) -> None:
    receipt = await ballots.cast(town.ballot("ada", post_id=987_654_321))
    assert receipt.standing is Standing.CLOSED


async def test_a_stranger_who_answers_twice_in_one_batch_is_one_person(
    database: Database, ballots: Ballots, town: Town
) -> None:
    one, two = await cast(ballots, town.ballot("ada", card=1), town.ballot("ada", card=2))
    assert one.person_id == two.person_id
    async with database.read() as tx:
        assert (await tx.execute(select(people.c.name, people.c.community_id))).all() == [("Ada", town.community)]


async def test_an_account_is_known_by_all_of_its_parts(database: Database, ballots: Ballots, town: Town) -> None:
    other = await settle(database, "elsewhere")
    receipts = await cast(
        ballots,
        town.ballot("1"),
        town.ballot("1", account=account("1", platform="slack")),
        town.ballot("1", account=replace(account("1", platform="slack"), workspace="T2")),
        town.ballot("2"),
        other.ballot("1"),
    )
    assert {receipt.standing for receipt in receipts} == {Standing.RECORDED}
    assert len({receipt.person_id for receipt in receipts}) == 5


async def test_scores_gain_in_every_period_of_the_questions_day(
    database: Database, ballots: Ballots, town: Town
) -> None:
    await cast(
        ballots,
        town.ballot("ada", 1, 1, points=10, on_offer=10),
        town.ballot("ada", 1, 2, points=3, on_offer=20, correct=False),
    )
    await ballots.cast(town.ballot("ada", 3, 1, points=15, on_offer=15))  # the Sunday, in February
    async with database.read() as tx:
        rows = (await tx.execute(select(scores))).all()
    got = {row.period: (row.sort_name, row.points, row.on_offer, row.answered, row.correct) for row in rows}
    assert got == {
        "d2026-01-30": ("ada", 13, 30, 2, 1),
        "d2026-02-01": ("ada", 15, 15, 1, 1),
        "w2026-05": ("ada", 28, 45, 3, 2),
        "m2026-01": ("ada", 13, 30, 2, 1),
        "m2026-02": ("ada", 15, 15, 1, 1),
        "s2026-01-01": ("ada", 28, 45, 3, 2),
        "all": ("ada", 28, 45, 3, 2),
    }
    assert set(got) == set(keys(day(1), "s2026-01-01")) | set(keys(day(3), "s2026-01-01"))


async def test_a_streak_grows_by_a_question_day_and_not_by_a_question(ballots: Ballots, town: Town) -> None:
    one, two = await cast(ballots, town.ballot("ada", 1, 1), town.ballot("ada", 1, 2))
    three = await ballots.cast(town.ballot("ada", 2, 1))
    assert (one.streak_before, one.streak) == (Streak(), Streak(1, 1, 0, 1))
    assert (two.streak_before, two.streak) == (Streak(1, 1, 0, 1), Streak(1, 1, 0, 1))
    assert (three.streak_before, three.streak) == (Streak(1, 1, 0, 1), Streak(2, 2, 0, 2))


async def test_a_late_answer_to_an_earlier_day_mends_the_streak(ballots: Ballots, town: Town) -> None:
    for number in (1, 2, 4):
        receipt = await ballots.cast(town.ballot("ada", number))
    assert receipt.streak == Streak(1, 2, 0, 4)
    late = await ballots.cast(town.ballot("ada", 3))
    assert (late.streak_before, late.streak) == (Streak(1, 2, 0, 4), Streak(4, 4, 0, 4))


async def test_days_out_of_order_in_one_batch_make_one_streak(ballots: Ballots, town: Town) -> None:
    receipts = await cast(ballots, *(town.ballot("ada", number) for number in (3, 1, 2)))
    assert receipts[-1].streak == Streak(3, 3, 0, 3)


async def test_a_new_name_is_followed_onto_every_board(database: Database, ballots: Ballots, town: Town) -> None:
    await ballots.cast(town.ballot("ada", 1))
    await ballots.cast(town.ballot("ada", 12, account=account("ada", "Éva")))
    async with database.read() as tx:
        assert (await tx.execute(select(people.c.name))).scalars().all() == ["Éva"]
        names = (await tx.execute(select(scores.c.sort_name))).scalars().all()
    assert set(names) == {"éva"}
    assert len(names) == 8  # two days, weeks and months; a season and all time


async def test_two_spellings_on_two_platforms_do_not_take_turns(
    database: Database, ballots: Ballots, town: Town
) -> None:
    first = await ballots.cast(town.ballot("ada", 1))
    slack = account("U1", "Ada L.", "slack")
    async with database.write() as tx:
        await tx.execute(
            accounts.insert().values(
                community_id=town.community,
                platform="slack",
                workspace="",
                user_id="U1",
                name="Ada L.",
                person_id=first.person_id,
                created_at=NOW,
                id=2,
            )
        )
    second = await ballots.cast(town.ballot("U1", 2, account=slack))
    assert second.person_id == first.person_id
    async with database.read() as tx:
        assert (await tx.execute(select(people.c.name))).scalars().all() == ["Ada"]


async def test_a_bad_ballot_fails_alone(database: Database, ballots: Ballots, town: Town) -> None:
    good, bad, stranger = await asyncio.gather(
        ballots.cast(town.ballot("ada")),
        ballots.cast(town.ballot("bob", card_id=987_654_321)),
        ballots.cast(town.ballot("dan")),
        return_exceptions=True,
    )
    assert isinstance(bad, Exception)
    assert isinstance(good, Receipt)
    assert isinstance(stranger, Receipt)
    assert good.standing is stranger.standing is Standing.RECORDED
    assert await answered(database) == 2
    async with database.read() as tx:
        assert set((await tx.execute(select(people.c.name))).scalars()) == {"Ada", "Dan"}
    again = await ballots.cast(town.ballot("bob"))
    assert again.standing is Standing.RECORDED


@pytest.mark.parametrize("given", ["a\0b", "\ud800"])
async def test_text_that_no_database_can_keep_is_refused(
    database: Database, ballots: Ballots, town: Town, given: str
) -> None:
    bad, good = await asyncio.gather(
        ballots.cast(town.ballot("ada", given=given)), ballots.cast(town.ballot("bob")), return_exceptions=True
    )
    assert isinstance(bad, ValueError)
    assert isinstance(good, Receipt)
    assert await answered(database) == 1


@pytest.mark.parametrize("grade", [{"points": 2**15}, {"points": -1}, {"on_offer": 2**70}, {"fraction": float("nan")}])
async def test_a_grade_out_of_range_is_refused(ballots: Ballots, town: Town, grade: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no grade"):
        await ballots.cast(town.ballot("ada", **grade))


async def test_a_time_without_a_zone_is_refused(ballots: Ballots, town: Town) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        await ballots.cast(town.ballot("ada", at=datetime(2026, 1, 30)))  # noqa: DTZ001 - the point


async def test_more_than_a_batch_is_written_in_several(database: Database, ballots: Ballots, town: Town) -> None:
    receipts = await cast(ballots, *(town.ballot(f"u{each}") for each in range(BATCH + 7)))
    assert {receipt.standing for receipt in receipts} == {Standing.RECORDED}
    assert len({receipt.answer_id for receipt in receipts}) == len(receipts) == await answered(database)


async def test_a_caller_who_leaves_harms_nobody(database: Database, ballots: Ballots, town: Town) -> None:
    leaving = asyncio.create_task(ballots.cast(town.ballot("ada")))
    staying = asyncio.create_task(ballots.cast(town.ballot("bob")))
    await asyncio.sleep(0)
    leaving.cancel()
    assert (await staying).standing is Standing.RECORDED
    assert leaving.cancelled()
    assert (await ballots.cast(town.ballot("ada"))).standing is Standing.ALREADY


async def test_stopping_writes_what_is_waiting_and_takes_no_more(
    database: Database, ballots: Ballots, town: Town
) -> None:
    waiting = [asyncio.create_task(ballots.cast(town.ballot(f"u{each}"))) for each in range(20)]
    await asyncio.sleep(0)
    await ballots.stop()
    assert {task.result().standing for task in waiting if task.done()} == {Standing.RECORDED}
    assert await answered(database) == 20
    with pytest.raises(RuntimeError):
        await ballots.cast(town.ballot("late"))


async def test_an_answer_is_not_acknowledged_before_its_commit(
    database: Database, ballots: Ballots, town: Town
) -> None:
    """Whoever has a receipt finds the answer from another connection."""

    async def press(user: str) -> None:
        receipt = await ballots.cast(town.ballot(user))
        async with database.read() as tx:
            found = (await tx.execute(select(answers.c.given).where(answers.c.id == receipt.answer_id))).scalar()
        assert found == "b"

    await asyncio.gather(*(press(f"u{each}") for each in range(30)))


async def test_ordinary_transactions_and_ballots_take_turns(database: Database, ballots: Ballots, town: Town) -> None:
    async def write(name: str) -> None:
        async with database.write() as tx:
            await tx.execute(people.insert().values(community_id=town.community, name=name, created_at=NOW))
            await asyncio.sleep(0)

    presses = (ballots.cast(town.ballot(f"u{each}")) for each in range(20))
    await asyncio.gather(*(write(f"w{each}") for each in range(20)), *presses)
    async with database.read() as tx:
        assert (await tx.execute(select(func.count()).select_from(people))).scalar_one() == 40
