"""The teams that lead, as the weekly recap tells of them: in words, in the picture and in its alt text."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from bot.features import recap
from bot.messages import Message, Picture
from bot.pictures import Recap, svg
from bot.quiz.seasons import QUARTERS
from bot.quiz.standings import Scoring
from bot.store import recaps, team_boards, teams
from bot.store.settings import Settings, TeamMode
from bot.store.tables import team_totals
from tests.pictures.reading import numbers, words
from tests.stage import HERE, START, Stage, said

Posted = Callable[..., Awaitable[Stage]]

TEAMS = {"Red": ("Ada", "Bo", "Cy", "Gus"), "Blue *Whales*": ("Di", "Ed", "Fy"), "Green": ("Hal",)}
"""Of the reds, Gus answers nothing; the greens are too few for a rank where scoring is fair."""


@pytest.fixture
async def scene(posted: Posted) -> Stage:
    scene = await posted("ring")
    said(await scene.types("Olga", "schedule set id:1 recap:on", admin=True))
    for team, members in TEAMS.items():
        said(await scene.types("Olga", f"team create {team}", admin=True))
        for name in members:
            said(await scene.types(name, f"team join {team}"))
    return scene


async def week_goes_by(scene: Stage) -> None:
    """The reds are right on four days, the blues on two of four."""
    for day in range(7):
        for name in ("Ada", "Bo", "Cy", "Di", "Ed", "Fy", "Hal") if day < 4 else ():
            await scene.presses(name, "C" if day < 2 and name in TEAMS["Blue *Whales*"] else "B")
        await scene.passes(days=1)


async def settles(scene: Stage, what: str) -> None:
    said(await scene.types("Olga", f"settings {what}", admin=True))


def told(scene: Stage) -> Message:
    return next(message for message in scene.paper.shown.values() if message.text.startswith("Weekly recap"))


def alt(message: Message) -> str:
    return next(block.alt for block in message.blocks if isinstance(block, Picture)).replace("\u202f", " ")


async def test_words_picture_and_alt_text_have_the_boards_numbers(scene: Stage) -> None:
    await week_goes_by(scene)
    message = told(scene)
    assert (
        "Teams by fair accuracy, over all channels:\n"
        "🥇 1 Red · 98.0 %, 75 % took part\n"
        "🥈 2 Blue *Whales* · 52.7 %, 100 % took part\n"
        "Hardest question: "
    ) in message.text.replace("\u202f", " ")
    assert (
        "Teams by fair accuracy, over all channels: 1 Red 98.0 %, 75 % took part; 2 Blue *Whales* 52.7 %, 100 % took part."
        in alt(message)
    )
    sheet = next(each for each in scene.sheets if isinstance(each, Recap))
    drawn = [each.said for each in words(svg(sheet))]
    assert {"Red", "Blue *Whales*", "accuracy", "took part"} <= set(drawn)
    plain = {each.replace("\u2009", " ").replace("\u202f", " ") for each in drawn}
    assert {"98.0 %", "75 %", "52.7 %", "100 %"} <= plain
    assert {number for each in drawn for number in numbers(each)} <= numbers(sheet.alt)
    async with scene.database.read() as tx:
        board = await team_boards.team_board(tx, 1, "w2026-48", "s2026-10-01", Scoring.FAIR)
    assert [each.tally.name for each in board.ranked] == ["Red", "Blue *Whales*"]
    assert [f"{100 * float(each.score):.1f}" for each in board.ranked] == ["98.0", "52.7"]


@pytest.mark.parametrize(
    ("scoring", "says"),
    [
        ("mean", "Teams by points a member, over all channels:\n🥇 1 Red · 60.0, 75 % took part\n🥈 2 Blue"),
        (
            "top3",
            "Teams by the points of their best three, over all channels:\n🥇 1 Red · 240, 75 % took part\n🥈 2 Blue",
        ),
        ("sum", "Teams by points, over all channels:\n🥇 1 Red · 240, 75 % took part\n🥈 2 Blue"),
    ],
)
async def test_teams_compare_as_the_community_wants(scene: Stage, scoring: str, says: str) -> None:
    await settles(scene, f"scoring:{scoring}")
    await week_goes_by(scene)
    message = told(scene)
    assert says in message.text.replace("\u202f", " ")
    assert "fair" not in alt(message)
    score = "60.0" if scoring == "mean" else "240"
    assert f"1 Red {score}, 75 % took part; 2 Blue *Whales*" in alt(message)
    if scoring != "mean":
        assert "\n🥉 3 Green · 80, 100 % took part" in message.text.replace("\u202f", " ")


async def test_in_another_language_too(scene: Stage) -> None:
    await settles(scene, "language:de")
    await week_goes_by(scene)
    every = [message.text.replace("\u202f", " ") for message in scene.paper.shown.values()]
    (text,) = (each for each in every if "dabei" in each)
    assert "Teams nach fairer Trefferquote, über alle Kanäle:\n🥇 1 Red · " in text
    assert "75 % dabei\n🥈 2 " in text


@pytest.mark.parametrize("wanted", ["teams:off", "boards:off"])
async def test_where_teams_or_boards_are_off_there_are_none(scene: Stage, wanted: str) -> None:
    await settles(scene, wanted)
    await week_goes_by(scene)
    message = told(scene)
    assert "7 people took part" in message.text
    assert "Red" not in message.text
    assert "Teams" not in message.text


async def test_without_a_ranked_team_nothing_is_said_of_teams(posted: Posted) -> None:
    scene = await posted("ring")
    said(await scene.types("Olga", "schedule set id:1 recap:on", admin=True))
    said(await scene.types("Ada", "team create Green"))
    for _ in range(7):
        await scene.presses("Ada", "B")
        await scene.passes(days=1)
    assert "1 person took part" in told(scene).text
    assert "Green" not in told(scene).text
    assert "Teams" not in alt(told(scene))


async def test_no_more_than_three_are_named_and_only_of_the_season_in_which_the_week_ended(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.presses("Ada", "B")
    new_year = date(2026, 12, 28)  # a Monday; the season changes on Friday
    async with scene.database.write() as tx:
        for at, season in enumerate(["s2026-10-01", *["s2027-01-01"] * 5]):
            made = await teams.create(tx, 1, season, f"T{at}", START, lasting=True, place=HERE)
            assert not isinstance(made, teams.Refusal)
            total = {"points": 900 - at, "on_offer": 1000, "answered": 50, "correct": 9, "people": 3}
            await tx.execute(insert(team_totals).values(community_id=1, period="w2026-53", team_id=made.id, **total))
    async with scene.database.read() as tx:
        week = await recaps.week(tx, 1, HERE, START.date())
        late = recaps.Week(new_year, week.asked, week.took_part, None, week.days)
        found = await recap.told(tx, 1, late, Settings("UTC"))
        off = await recap.told(tx, 1, late, Settings("UTC", team_mode=TeamMode.OFF))
        closed = await recap.told(tx, 1, late, Settings("UTC", seasons=QUARTERS.and_on(date(2027, 1, 3))))
    assert late.last == new_year + timedelta(days=6)
    assert found is not None
    assert [each.tally.name for each in found.teams] == ["T1", "T2", "T3"]
    assert off is not None
    assert closed is not None
    assert off.teams == closed.teams == ()
