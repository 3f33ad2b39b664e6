"""Seasons: when they begin and end, and an admin who closes one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot import commands
from bot.events import Command, Completion, Place
from bot.messages import Answer, Choices, Table
from tests.stage import DIRECT, HERE, Stage, labels, said
from tests.store.town import kept

Posted = Callable[..., Awaitable[Stage]]

AWAY = Place("paper", "w2", "general")


@pytest.fixture
async def scene(posted: Posted) -> Stage:
    """A Monday, 23 November. Nothing can be drawn, so boards are tables."""
    scene = await posted("ring")
    scene.draws = False
    return scene


async def admin(scene: Stage, text: str, place: Place = HERE) -> Any:
    return await scene.types("Olga", text, place, admin=True)


async def press(scene: Stage, label: str, on: Answer, place: Place = HERE) -> Any:
    return await scene.presses("Olga", label, on, place, admin=True)


async def closed(scene: Stage) -> Any:
    return await press(scene, "Close it", await admin(scene, "season close"))


def names(board: Answer) -> list[str]:
    said(board)
    return [row[1] for block in board.blocks if isinstance(block, Table) for row in block.rows]  # type: ignore[union-attr]


async def in_german(scene: Stage, text: str) -> Any:
    path, options = commands.read(text)
    karl = replace(scene.actor("Karl", admin=True), locale="de")
    return await scene.app.handle(Command(f"k{next(scene.ids)}", path, options, karl, HERE))


# ---------------------------------------------------------------- shown


async def test_everyone_sees_when_the_season_began_and_when_it_ends(scene: Stage) -> None:
    told = await scene.types("Ada", "season show")
    assert said(told) == (
        "This season\nIt began on 1 October. Its last day is 31 December, and the next one begins Fri 01 Jan, 00:00 UTC."
    )
    assert labels(told) == ["Leaderboard"]  # type: ignore[arg-type]
    assert labels(await admin(scene, "season")) == ["Leaderboard", "Close this season"]


async def test_past_seasons_are_shown_with_a_button_to_each_board(scene: Stage) -> None:
    await scene.presses("Ada", "B")
    await closed(scene)
    await scene.passes(days=1)
    await scene.presses("Bo", "B")
    scene.now = datetime(2027, 2, 1, 9, tzinfo=UTC)
    told = await scene.types("Ada", "season")
    assert "The boards of past seasons:" in said(told)
    assert labels(told) == ["Leaderboard", "24 Nov – 31 Dec 2026", "1 Oct – 23 Nov 2026"]  # type: ignore[arg-type]
    assert names(await scene.presses("Ada", "24 Nov – 31 Dec 2026", told)) == ["Bo"]
    past = await scene.presses("Ada", "1 Oct – 23 Nov 2026", told)
    assert said(past).startswith("Leaderboard, 1 Oct – 23 Nov 2026\n")
    assert names(past) == ["Ada"]
    assert names(await scene.presses("Ada", "24 Nov – 31 Dec 2026 →", past)) == ["Bo"]


async def test_many_past_seasons_come_in_pages(scene: Stage) -> None:
    for _ in range(13):
        await scene.presses("Ada", "B")
        await closed(scene)
        await scene.passes(days=1)
    told = await scene.types("Ada", "season show")
    assert labels(told)[1:] == [*(f"{at} Dec 2026" for at in (5, 4, 3, 2, 1)), *(  # type: ignore[arg-type]
        f"{at} Nov 2026" for at in (30, 29, 28, 27, 26)
    ), "More →"]  # fmt: skip
    more = await scene.presses("Ada", "More →", told)
    assert labels(more)[1:] == ["25 Nov 2026", "24 Nov 2026", "1 Oct – 23 Nov 2026", "← Back"]  # type: ignore[arg-type]
    assert said(await scene.presses("Ada", "← Back", more)) == said(told)


async def test_where_boards_are_switched_off_there_are_none_of_past_seasons(scene: Stage) -> None:
    await scene.presses("Ada", "B")
    await closed(scene)
    await scene.passes(days=1)
    await admin(scene, "settings boards:off")
    assert "past seasons" not in said(await scene.types("Ada", "season"))
    assert "board" not in said(await admin(scene, "season close")).replace("leaderboard", "")


@pytest.mark.parametrize(
    "action", ["season:", "season:x:y", "season:s9999-01-01", "season:d2026-11-23", "season:s2026-4"]
)
async def test_a_forged_page_shows_the_season(scene: Stage, action: str) -> None:
    await scene.presses("Ada", "B")
    assert said(await scene.acts("Ada", action)) == said(await scene.types("Ada", "season show"))


# ---------------------------------------------------------------- closed


async def test_an_admin_is_told_what_closing_means_before_it_is_done(scene: Stage) -> None:
    asked = await admin(scene, "season close")
    told = said(asked)
    assert "Close this season? It began on 1 October, and its last day would be 31 December." in told
    assert "Its last day is 23 November then: what is asked on it still counts for it." in told
    assert "The next one begins Tue 24 Nov, 00:00 UTC and lasts until 31 December." in told
    assert "Teams end with it." in told
    assert "Nothing is lost" in told
    assert labels(asked) == ["Close it", "Not now"]
    assert "Its last day is 31 December" in said(await press(scene, "Not now", asked))


async def test_the_day_on_which_it_is_closed_counts_for_the_season_and_the_next_one_for_another(scene: Stage) -> None:
    await scene.presses("Ada", "B")
    done = await closed(scene)
    assert (
        said(done)
        == "This season is closed.\nIts last day is 23 November, and the next one begins Tue 24 Nov, 00:00 UTC."
    )
    assert "An admin has closed it: its last day is 23 November" in said(await scene.types("Ada", "season show"))
    await scene.presses("Bo", "B")
    assert names(await scene.types("Ada", "leaderboard season")) == ["Ada", "Bo"]
    await scene.passes(days=1)
    assert "It began on 24 November. Its last day is 31 December" in said(await scene.types("Ada", "season show"))
    await scene.presses("Cy", "B")
    board = await scene.types("Ada", "leaderboard season")
    assert names(board) == ["Cy"]
    assert names(await scene.presses("Ada", "← 1 Oct – 23 Nov 2026", board)) == ["Ada", "Bo"]
    assert names(await scene.types("Ada", "leaderboard all")) == ["Ada", "Bo", "Cy"]
    assert names(await scene.types("Ada", "leaderboard month")) == ["Ada", "Bo", "Cy"]


async def test_an_answer_to_yesterdays_question_counts_for_the_season_that_was_closed(scene: Stage) -> None:
    await admin(scene, "settings scoring:sum")
    await scene.types("Ada", "team create Red")
    await closed(scene)
    scene.now += timedelta(hours=20)  # 05:00 the day after; the question closes at 08:00
    await scene.types("Bo", "team create Blue")
    await scene.presses("Ada", "B")
    board = await scene.types("Ada", "leaderboard season")
    assert names(board) == []
    past = await scene.presses("Ada", "← 1 Oct – 23 Nov 2026", board)
    assert names(past) == ["Ada"]
    assert "Red" in names(await scene.presses("Ada", "By teams", past))


async def test_teams_end_with_the_season_and_can_go_on(scene: Stage) -> None:
    await admin(scene, "settings scoring:sum")
    await scene.types("Ada", "team create Red")
    await scene.types("Bo", "team join Red")
    await scene.presses("Ada", "B")
    await closed(scene)
    assert "In it: Ada and Bo." in said(await scene.types("Ada", "team show")).replace(", ", " and ")
    typing = Completion("c1", ("team", "join"), "team", "r", scene.actor("Cy"), HERE)
    offered = await scene.app.handle(typing)
    assert isinstance(offered, Choices)
    assert [each.label for each in offered.choices] == ["Red"]
    await scene.passes(days=1)
    assert await scene.app.handle(typing) == Choices()
    assert "You are in no team yet." in said(await scene.types("Ada", "team show"))
    await scene.presses("Bo", "B")
    done = said(await admin(scene, "team continue"))
    assert done == "1 team made again, 2 people put into their team."
    await scene.passes(days=1)
    await scene.presses("Ada", "B")
    assert names(await scene.types("Ada", "leaderboard season by:teams")) == ["Red"]
    every = await scene.types("Ada", "leaderboard all by:teams")
    assert sorted(names(every)) == ["Red · 1 Oct – 23 Nov 2026", "Red · 24 Nov – 31 Dec 2026"]


async def test_closing_twice_changes_nothing(scene: Stage) -> None:
    asked = await admin(scene, "season close")
    await press(scene, "Close it", asked)
    told = "This season ends with today in any case.\nIts last day is 23 November"
    assert said(await press(scene, "Close it", asked)).startswith(told)
    again = await admin(scene, "season close")
    assert said(again).startswith(told)
    assert labels(again) == ["Undo", "This season"]
    await scene.passes(days=1)
    assert "It began on 24 November." in said(await scene.types("Ada", "season"))


async def test_a_yes_of_yesterday_is_asked_again(scene: Stage) -> None:
    asked = await admin(scene, "season close")
    scene.now += timedelta(days=1)
    again = await press(scene, "Close it", asked)
    assert "Its last day is 24 November then" in said(again)
    assert "This season is closed.\nIts last day is 24 November" in said(await press(scene, "Close it", again))


async def test_on_a_quarters_last_day_there_is_nothing_to_close(scene: Stage) -> None:
    scene.now = datetime(2026, 12, 31, 12, tzinfo=UTC)
    told = await admin(scene, "season close")
    assert said(told).startswith("This season ends with today in any case.")
    assert labels(told) == ["This season"]
    assert "nothing to undo" in said(await admin(scene, "season undo"))


async def test_a_season_can_be_closed_on_its_first_day(scene: Stage) -> None:
    await closed(scene)
    await scene.passes(days=1)
    await scene.presses("Ada", "B")
    assert "Its last day is 24 November" in said(await closed(scene))
    await scene.passes(days=1)
    board = await scene.types("Ada", "leaderboard season")
    assert names(await scene.presses("Ada", "← 24 Nov 2026", board)) == ["Ada"]


# ---------------------------------------------------------------- undone


@pytest.mark.parametrize("typed", [True, False])
async def test_until_the_next_season_begins_closing_can_be_undone(scene: Stage, typed: bool) -> None:
    await scene.types("Ada", "team create Red")
    done = await closed(scene)
    told = await (admin(scene, "season undo") if typed else press(scene, "Undo", done))
    assert said(told).startswith("The season goes on\nIt began on 1 October. Its last day is 31 December")
    await scene.passes(days=1)
    assert "Red" in said(await scene.types("Ada", "team show"))
    await scene.presses("Ada", "B")
    assert names(await scene.types("Ada", "leaderboard season")) == ["Ada"]


async def test_what_has_begun_can_not_be_undone(scene: Stage) -> None:
    done = await closed(scene)
    scene.now += timedelta(days=1)
    for told in (await admin(scene, "season undo"), await press(scene, "Undo", done)):
        assert said(told).startswith("There is nothing to undo")
    await closed(scene)
    assert said(await press(scene, "Undo", done)).startswith("There is nothing to undo")  # that button is another day's
    assert "its last day is 24 November" in said(await scene.types("Ada", "season"))


async def test_a_day_that_comes_back_with_another_zone_stays_in_its_season(scene: Stage) -> None:
    await admin(scene, "settings zone:Pacific/Kiritimati")  # fourteen hours ahead
    scene.now = datetime(2026, 11, 23, 12, tzinfo=UTC)  # the 24th there
    await admin(scene, "schedule now")
    await scene.presses("Ada", "B")
    await admin(scene, "settings zone:UTC")
    assert "Its last day is 24 November then" in said(await admin(scene, "season close"))
    done = await closed(scene)
    assert "Its last day is 24 November" in said(done)
    scene.now += timedelta(days=1)
    assert "goes on" in said(await press(scene, "Undo", done))
    assert names(await scene.types("Ada", "leaderboard season")) == ["Ada"]


async def test_what_was_answered_in_the_next_season_keeps_it_from_being_undone_whatever_the_zone(scene: Stage) -> None:
    done = await closed(scene)
    await admin(scene, "settings zone:Pacific/Kiritimati")
    scene.now = datetime(2026, 11, 23, 12, tzinfo=UTC)  # the 24th there
    await admin(scene, "schedule now")
    await scene.presses("Ada", "B")
    await admin(scene, "settings zone:UTC")
    assert "nothing to undo" in said(await press(scene, "Undo", done))
    before = await kept(scene.database)
    scene.now += timedelta(days=1)
    assert names(await scene.types("Ada", "leaderboard season")) == ["Ada"]
    assert await kept(scene.database) == before


async def test_settings_that_are_kept_meanwhile_open_nothing_again(scene: Stage) -> None:
    await closed(scene)
    await admin(scene, "settings streaks:off")
    assert "its last day is 23 November" in said(await scene.types("Ada", "season"))


# ---------------------------------------------------------------- who, where, in which words


@pytest.mark.parametrize("action", ["season-close", "season-closed:2026-11-23", "season-undo:2026-11-23"])
async def test_only_admins_close_a_season_whichever_way_they_come(scene: Stage, action: str) -> None:
    await closed(scene)
    told = said(await scene.types("Ada", "season show"))
    assert "for admins of this place" in said(await scene.acts("Ada", action))
    for text in ("season close", "season undo"):
        assert "for admins of this place" in said(await scene.types("Ada", text))
        assert "nobody is an admin" in said(await admin(scene, text, DIRECT))
    assert said(await scene.types("Ada", "season show")) == told


async def test_it_speaks_german(scene: Stage) -> None:
    assert said(await in_german(scene, "season show")) == (
        "Diese Saison\nSie hat am 1. Oktober begonnen. Ihr letzter Tag ist der 31. Dezember, und die nächste beginnt "
        "Fri 01 Jan, 00:00 UTC."
    )
    assert "Ihr letzter Tag ist dann der 23. November" in said(await in_german(scene, "season close"))
    await scene.presses("Ada", "B")
    await closed(scene)
    await scene.passes(days=1)
    await scene.presses("Bo", "B")
    shown = await in_german(scene, "season")
    assert "1. Okt. – 23. Nov. 2026" in labels(shown)
    assert "Es gibt nichts rückgängig zu machen" in said(await in_german(scene, "season undo"))


async def test_joining_says_which_season_is_on_then_and_what_was_closed_stays_closed(scene: Stage) -> None:
    await scene.types("Ada", "team create Red")
    await scene.types("Bea", "team create Blue", AWAY)
    await press(scene, "Close it", await admin(scene, "season close", AWAY), AWAY)
    await scene.passes(days=1)
    await scene.types("Bea", "team create Green", AWAY)
    code = said(await admin(scene, "community link")).split("code:")[1].split(".")[0].split(" ")[0]
    asked = await admin(scene, f"community link code:{code}", AWAY)
    assert "closed for both: the one that is on lasts from 24 November to 31 December then." in said(asked)
    await press(scene, "Join them", asked, AWAY)
    assert "It began on 24 November." in said(await scene.types("Ada", "season"))
    assert "Red" in said(await scene.types("Ada", "team show"))
    listed = said(await scene.types("Ada", "team list"))
    assert "Red" in listed
    assert "Green" in listed
    assert "Blue" not in listed
    left = await admin(scene, "community leave", AWAY)
    await press(scene, "Leave", left, AWAY)
    assert "It began on 24 November." in said(await scene.types("Ada", "season"))
    assert "Red" in said(await scene.types("Ada", "team show"))
    assert "Green" in said(await scene.types("Bea", "team show", AWAY))


async def test_joining_says_that_a_season_ends_today_where_it_was_closed(scene: Stage) -> None:
    await closed(scene)
    code = said(await admin(scene, "community link")).split("code:")[1].split(".")[0].split(" ")[0]
    asked = await admin(scene, f"community link code:{code}", AWAY)
    assert "the one that is on lasts from 1 October to 23 November then." in said(asked)
    await press(scene, "Join them", asked, AWAY)
    assert said(await press(scene, "Undo", await admin(scene, "season", AWAY), AWAY)).startswith("The season goes on")
    assert "Its last day is 31 December" in said(await scene.types("Ada", "season"))


async def test_joining_says_nothing_of_seasons_that_are_alike(scene: Stage) -> None:
    code = said(await admin(scene, "community link")).split("code:")[1].split(".")[0].split(" ")[0]
    assert "closed for both" not in said(await admin(scene, f"community link code:{code}", AWAY))
