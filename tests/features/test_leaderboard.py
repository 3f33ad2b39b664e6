"""Who stands where: people and teams, over each period, in private and in public."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import pytest

from bot.messages import Answer, Message, Table
from bot.quiz.standings import Scoring
from bot.store import teams
from tests.stage import HERE, Stage, labels, said

Posted = Callable[..., Awaitable[Stage]]


@pytest.fixture
def posted(posted: Posted) -> Posted:
    """As everywhere, but nothing can be drawn: what is told is told in tables."""

    async def in_words(*args: str, **options: Any) -> Stage:
        scene = await posted(*args, **options)
        scene.draws = False
        return scene

    return in_words


def tables(answer: Answer) -> list[Table]:
    assert isinstance(answer, Message), answer
    return [block for block in answer.blocks if isinstance(block, Table)]


async def test_the_leaderboard_ranks_ties_alike_and_marks_the_reader(posted: Posted) -> None:
    scene = await posted("ring")
    for name, label in (("Cy", "B"), ("Ada", "B"), ("Bo", "A")):
        await scene.presses(name, label)
    board = await scene.types("Bo", "leaderboard")
    assert isinstance(board, Message)
    table = next(block for block in board.blocks if isinstance(block, Table))
    assert table.rows == (
        ("🥇 1", "Ada", "20", "1 of 1"),
        ("🥇 1", "Cy", "20", "1 of 1"),
        ("3", "Bo", "0", "0 of 1"),
    )
    assert table.mark == 2
    assert "You are 3 of 3 with 0 points." in board.text


async def test_outside_the_top_ten_i_see_my_neighbours_and_nobody_else(posted: Posted) -> None:
    scene = await posted("ring")
    for number in range(10):
        await scene.presses(f"Ace {number}", "B")
    for name in ("Kim", "Max", "Noa", "Ole", "Pia"):
        await scene.presses(name, "A")
    board = await scene.types("Ole", "leaderboard")
    assert isinstance(board, Message)
    top, around = (block for block in board.blocks if isinstance(block, Table))
    assert len(top.rows) == 10
    assert [row[:2] for row in around.rows] == [("11", "Max"), ("11", "Noa"), ("11", "Ole"), ("11", "Pia")]
    assert around.mark == 2
    assert "Kim" not in board.text


async def test_periods_are_pages_of_the_leaderboard(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.presses("Ada", "B")
    board = await scene.types("Ada", "leaderboard today")
    assert isinstance(board, Message)
    assert labels(board) == [
        *("Today", "Week", "Month", "Season", "All time"),
        *("By teams", "Live rounds", "Hide me from boards"),
    ]
    assert said(await scene.presses("Ada", "All time", board)).startswith("Leaderboard, all time")
    scene.now = scene.now.replace(day=24)
    assert "Nobody has points yet" in said(await scene.types("Ada", "leaderboard today"))
    assert "You are 1 of 1" in said(await scene.types("Ada", "leaderboard month"))


async def test_a_public_leaderboard_is_posted_once_and_marks_nobody(posted: Posted) -> None:
    scene = await posted("ring")
    assert "nothing to post" in said(await scene.types("Ada", "leaderboard public:yes"))
    await scene.presses("Ada", "B")
    assert said(await scene.types("Ada", "leaderboard public")) == "Posted for everyone here."
    _, message = scene.paper.last
    assert message.text.startswith("Leaderboard, this week")
    assert all(block.mark is None for block in message.blocks if isinstance(block, Table))


async def ask_again(scene: Stage, at: datetime) -> None:
    """The next question, at a time."""
    scene.now = at
    await scene.timetable.tick()


# ---------------------------------------------------------------- movement and seasons


async def test_a_board_tells_who_moved_since_the_period_before(posted: Posted) -> None:
    scene = await posted("ring")
    for name, label in (("Ada", "B"), ("Bo", "A"), ("Cy", "A")):
        await scene.presses(name, label)
    before = await scene.types("Ada", "leaderboard")
    assert tables(before)[0].head == ("Rank", "Name", "Points", "Right")
    await ask_again(scene, scene.now.replace(day=30))  # the Monday after
    for name, label in (("Ada", "A"), ("Bo", "B"), ("Dan", "A")):
        await scene.presses(name, label)
    board = await scene.types("Bo", "leaderboard week")
    (table,) = tables(board)
    assert table.head[-1] == "Since last week"
    assert [(row[1], row[0].split()[-1], row[-1]) for row in table.rows] == [
        ("Bo", "1", "↑1"),
        ("Ada", "2", "↓1"),
        ("Dan", "2", "new"),
    ]
    assert "You are 1 of 3 with 20 points, up 1 since last week." in said(board)
    assert "with 0 points, down 1 since last week." in said(await scene.types("Ada", "leaderboard"))
    season = await scene.presses("Bo", "Season", board)
    assert "Since" not in said(season)


async def test_past_seasons_are_pages_of_the_season(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.presses("Ada", "B")
    await ask_again(scene, scene.now.replace(year=2027, month=1, day=4))
    await scene.presses("Bo", "A")
    board = await scene.types("Ada", "leaderboard season")
    assert [row[1] for row in tables(board)[0].rows] == ["Bo"]
    past = await scene.presses("Ada", "← Oct–Dec 2026", board)
    assert said(past).startswith("Leaderboard, October to December 2026")
    assert [row[1] for row in tables(past)[0].rows] == ["Ada"]
    assert "You were 1 of 1 with 20 points." in said(past)
    assert isinstance(past, Message)
    assert not any(label.startswith("←") for label in labels(past))
    assert said(await scene.presses("Ada", "Jan–Mar 2027 →", past)) == said(board)
    of_teams = await scene.presses("Ada", "By teams", past)
    assert said(of_teams).startswith("Leaderboard of teams, October to December 2026\nThere were no teams.")
    assert said(await scene.presses("Ada", "By people", of_teams)) == said(past)


@pytest.mark.parametrize(
    "action",
    ["board", "board:", "board:yesterday", "board:week:nobody", "board:season:people:s9999-9", "board:season:x:sx:y:z",
     "board:season:people:s2026-10-01", "board:week:people:s2020-01-01", "hide:season:people:s0000-1", "unhide"],
)  # fmt: skip
async def test_a_forged_page_is_a_page_all_the_same(posted: Posted, action: str) -> None:
    scene = await posted("ring")
    await scene.presses("Ada", "B")
    answer = said(await scene.acts("Ada", action))
    assert answer.startswith("Leaderboard, ")
    assert "went wrong" not in answer


# ---------------------------------------------------------------- hiding


async def test_who_hides_is_seen_by_nobody_and_may_come_back(posted: Posted) -> None:
    scene = await posted("ring")
    for name, label in (("Ada", "B"), ("Bo", "A")):
        await scene.presses(name, label)
    board = await scene.types("Ada", "leaderboard")
    hidden = await scene.presses("Ada", "Hide me from boards", board)
    assert [row[:2] for row in tables(hidden)[0].rows] == [("1", "Bo")]
    assert "You are hidden from boards." in said(hidden)
    assert "Here you have 20 points." in said(hidden)
    assert "You are 1 of 1 with 0 points." in said(await scene.types("Bo", "leaderboard"))
    assert "This week: 20 points, hidden from boards" in said(await scene.types("Ada", ""))
    assert "Answered: 1" in said(await scene.types("Ada", "stats"))
    await scene.types("Bo", "leaderboard public")
    assert "Ada" not in scene.paper.last[1].text
    shown = await scene.presses("Ada", "Show me again", hidden)
    assert said(shown) == said(board)
    assert labels(shown) == labels(board)  # type: ignore[arg-type]


async def test_the_results_of_a_question_name_nobody_who_hides(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.acts("Ada", "hide")
    for name in ("Ada", "Bo"):
        await scene.presses(name, "B")
    await scene.passes(hours=23)
    results = scene.paper.last[1].text
    assert "Bo" in results
    assert "Ada" not in results


async def test_one_can_hide_before_the_first_answer(posted: Posted) -> None:
    scene = await posted("ring")
    board = await scene.types("Ada", "leaderboard")
    await scene.presses("Ada", "Hide me from boards", board)
    await scene.presses("Ada", "B")
    assert "Nobody has points yet" in said(await scene.types("Bo", "leaderboard"))


async def test_hiding_twice_counts_once(posted: Posted) -> None:
    scene = await posted("ring")
    for name in ("Ada", "Bo"):
        await scene.presses(name, "B")
    for _ in range(2):
        await scene.acts("Ada", "hide")
    assert "You are 1 of 1" in said(await scene.types("Bo", "leaderboard"))
    for _ in range(2):
        await scene.acts("Ada", "unhide")
    assert "You are 1 of 2" in said(await scene.types("Bo", "leaderboard"))


# ---------------------------------------------------------------- teams


async def sides(scene: Stage) -> None:
    """Two teams, made before the question: Red of three, Blue of two; and one person in none."""
    for name in ("Ada", "Bo", "Cy"):
        await scene.types(name, "team create Red" if name == "Ada" else "team join Red")
    await scene.types("Dan", "team create Blue")
    await scene.types("Eve", "team join blue")
    await scene.timetable.tick()


async def test_teams_are_ranked_by_fair_accuracy_and_the_rest_told_what_they_need(posted: Posted) -> None:
    scene = await posted("ring", scheduled=False)
    await sides(scene)
    board = said(await scene.types("Ada", "leaderboard by:teams"))
    assert board.startswith("Leaderboard of teams, this week")
    assert (
        "without a rank yet: Red (yours, needs 10 more answers), Blue (needs 1 more member and 10 more answers)."
        in board
    )


@pytest.mark.parametrize(
    ("scoring", "head", "rows"),
    [
        (Scoring.SUM, "Points", [("🥇 1", "Blue", "40", "2 of 2"), ("🥈 2", "Red", "20", "2 of 3")]),
        (Scoring.TOP3, "Points of the best 3", [("🥇 1", "Blue", "40", "2 of 2"), ("🥈 2", "Red", "20", "2 of 3")]),
    ],
)
async def test_teams_are_ranked_as_it_is_set(
    posted: Posted, scoring: Scoring, head: str, rows: list[tuple[str, ...]]
) -> None:
    scene = await posted("ring", scheduled=False)
    await sides(scene)
    await scene.types("Olga", "schedule set time:9:01 days:daily", admin=True)
    await scene.passes(minutes=2)
    for name, label in (("Ada", "B"), ("Bo", "A"), ("Dan", "B"), ("Eve", "B"), ("Flo", "B")):
        await scene.presses(name, label)
    community = await scene.desk.community(HERE, scene.now)
    async with scene.database.write() as tx:
        await teams.set_scoring(tx, community.id, scoring)
    board = await scene.types("Ada", "leaderboard teams")
    (table,) = tables(board)
    assert table.head == ("Rank", "Team", head, "Took part")
    assert list(table.rows) == rows
    assert table.mark == 1
    assert "Your team is 2 of 2." in said(board)
    assert "You are in no team yet." in said(await scene.types("Flo", "leaderboard teams"))
    every = await scene.presses("Ada", "All time", board)
    assert [row[1] for row in tables(every)[0].rows] == ["Blue · Oct–Dec 2026", "Red · Oct–Dec 2026"]
    assert said(await scene.types("Ada", "leaderboard teams public")) == "Posted for everyone here."
    (public,) = tables(scene.paper.last[1])
    assert (list(public.rows), public.mark) == (rows, None)


async def test_without_a_ranked_team_nothing_is_posted(posted: Posted) -> None:
    scene = await posted("ring", scheduled=False)
    assert "No team has a rank this week yet" in said(await scene.types("Ada", "leaderboard teams public"))
    board = await scene.types("Ada", "leaderboard teams")
    assert "There are no teams yet." in said(board)
    assert "There are no teams this season." in said(await scene.presses("Ada", "Teams", board))
