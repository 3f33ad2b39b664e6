"""The leaderboard as a picture: the rows that its tables have, and the words around it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from bot.events import MessageRef, Place
from bot.messages import Message, Picture, Table
from bot.pictures import Board, Person, Unit
from bot.pictures.board import HEADS
from bot.platform import Forbidden, PlatformError, Rejected, Unavailable
from bot.quiz.standings import Scoring
from bot.store import teams
from tests.features.test_leaderboard import ask_again, sides
from tests.stage import HERE, Stage, said

Posted = Callable[..., Awaitable[Stage]]


def drawn(scene: Stage, told: object) -> Board:
    assert isinstance(told, Message)
    kinds = [type(block) for block in told.blocks]
    assert Picture in kinds
    assert Table not in kinds
    sheet = scene.sheets[-1]
    assert isinstance(sheet, Board)
    return sheet


async def test_the_picture_has_the_top_ten_and_two_neighbours_on_either_side(posted: Posted) -> None:
    scene = await posted("ring")
    for number in range(10):
        await scene.presses(f"Ace {number}", "B")
    for name in ("Kim", "Max", "Noa", "Ole", "Pia", "Quin"):
        await scene.presses(name, "A")
    told = await scene.types("Noa", "leaderboard")
    sheet = drawn(scene, told)
    assert (sheet.period, sheet.of, len(sheet.rows)) == ("this week", 16, 10)
    assert [each.name for each in sheet.around] == ["Kim", "Max", "Noa", "Ole", "Pia"]
    assert [each.name for each in sheet.every if each.mine] == ["Noa"]
    assert "You are 11 of 16 with 0 points." in said(told)
    assert said(told).startswith("Leaderboard, this week, 16 people; points. 1 Ace 0 20 points;")


async def test_who_moved_is_drawn_and_past_seasons_are(posted: Posted) -> None:
    scene = await posted("ring")
    for name, label in (("Ada", "B"), ("Bo", "A"), ("Cy", "A")):
        await scene.presses(name, label)
    await ask_again(scene, scene.now.replace(day=30))
    for name, label in (("Ada", "A"), ("Bo", "B"), ("Dan", "A")):
        await scene.presses(name, label)
    sheet = drawn(scene, await scene.types("Bo", "leaderboard week"))
    assert sheet.rows == (Person(1, "Bo", 20, 1, mine=True), Person(2, "Ada", 0, -1), Person(2, "Dan", 0, None))
    assert sheet.since == "last week"
    await ask_again(scene, scene.now.replace(year=2027, month=1, day=4))
    season = await scene.types("Bo", "leaderboard season")
    sheet = drawn(scene, await scene.presses("Bo", "← Oct–Dec 2026", season))
    assert (sheet.period, sheet.since) == ("Oct–Dec 2026", "")


async def test_an_empty_board_is_words_alone(posted: Posted) -> None:
    scene = await posted("ring")
    told = await scene.types("Ada", "leaderboard today")
    assert said(told).startswith("Leaderboard, today\nNobody has points yet.")
    assert "There are no teams yet." in said(await scene.types("Ada", "leaderboard teams"))
    assert scene.sheets == []


@pytest.mark.parametrize("scoring", Scoring)
async def test_teams_are_drawn_by_what_they_are_ranked_by(posted: Posted, scoring: Scoring) -> None:
    scene = await posted("ring", scheduled=False)
    await sides(scene)
    await scene.types("Flo", "team join blue")
    community = await scene.desk.community(HERE, scene.now)
    async with scene.database.write() as tx:
        await teams.set_scoring(tx, community.id, scoring)
    for day in range(4):
        await scene.types("Olga", "schedule now" if day else "schedule set time:9:01 days:daily", admin=True)
        await scene.passes(minutes=2)
        for name, label in (("Ada", "B"), ("Bo", "A"), ("Dan", "B"), ("Eve", "B"), ("Flo", "B")):
            await scene.presses(name, label)
        await scene.passes(days=1)
    told = await scene.types("Ada", "leaderboard teams season")
    drawn_as = {
        Scoring.FAIR: (Unit.ACCURACY, " %"),
        Scoring.MEAN: (Unit.MEAN, "."),
        Scoring.TOP3: (Unit.BEST, ""),
        Scoring.SUM: (Unit.POINTS, ""),
    }
    unit, mark = drawn_as[scoring]
    sheet = drawn(scene, told)
    assert sheet.heads == (HEADS[unit], "took part")
    assert sheet.title == "Leaderboard of teams"
    few = scoring in (Scoring.FAIR, Scoring.MEAN)  # Red has eight answers, and a rank needs ten
    assert [(each.name, each.mine) for each in sheet.every] == [("Blue", False), *([] if few else [("Red", True)])]
    scene.draws = False
    words = await scene.types("Ada", "leaderboard teams season")
    assert isinstance(words, Message)
    (table,) = (block for block in words.blocks if isinstance(block, Table))
    assert [each.value.replace("\u202f", " ") for each in sheet.rows] == [row[2] for row in table.rows]
    assert all(mark in row[2] for row in table.rows)


@pytest.mark.parametrize("refusal", [Forbidden("No files here."), Rejected("Not that.")])
async def test_where_no_picture_may_be_posted_the_table_is(posted: Posted, refusal: PlatformError) -> None:
    scene = await posted("ring")
    await scene.presses("Ada", "B")
    await scene.types("Ada", "leaderboard public")
    assert any(isinstance(block, Picture) for block in scene.paper.last[1].blocks)
    refuse_pictures(scene, refusal)
    assert said(await scene.types("Ada", "leaderboard public")) == "Posted for everyone here."
    assert [block.rows for block in scene.paper.last[1].blocks if isinstance(block, Table)] == [
        (("🥇 1", "Ada", "20", "1 of 1"),)
    ]


async def test_what_may_have_been_posted_is_not_posted_again_in_words(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.presses("Ada", "B")
    before = len(scene.paper.shown)
    refuse_pictures(scene, Unavailable("No answer."))
    assert "I could not post that" in said(await scene.types("Ada", "leaderboard public"))
    assert len(scene.paper.shown) == before


def refuse_pictures(scene: Stage, refusal: PlatformError) -> None:
    post = scene.paper.post

    async def choosy(place: Place, message: Message, key: str) -> MessageRef:
        if any(isinstance(block, Picture) for block in message.blocks):
            raise refusal
        return await post(place, message, key)

    scene.paper.post = choosy  # type: ignore[method-assign]
