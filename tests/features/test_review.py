"""Reviews: what was answered comes back when it is due, for the one who answered it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tests.decks import SHELF
from tests.features.test_play import answered
from tests.stage import Stage, labels, said

Posted = Callable[..., Awaitable[Stage]]


async def test_what_was_missed_is_due_on_the_next_day_and_home_says_so(posted: Posted) -> None:
    scene = await posted("ring")
    home = await scene.types("Ada", "")
    assert "Due for review: Nothing today" in said(home)
    assert "Review" not in labels(home)  # type: ignore[arg-type]
    assert "Nothing to review yet" in said(await scene.types("Ada", "review"))
    await scene.presses("Ada", "A")
    assert "Nothing is due for review today. The next card comes on Tuesday 24 November." in said(
        await scene.types("Ada", "review")
    )
    scene.now = scene.now.replace(day=24, hour=8, minute=30)
    home = await scene.types("Ada", "")
    assert "Due for review: 1 card\n" in said(home)
    assert "Due for review: Nothing today" in said(await scene.types("Bo", ""))
    asked = await scene.presses("Ada", "Review", home)
    assert said(asked).startswith("Practice · card 1 of 1")
    assert said(await scene.presses("Ada", "B", asked)).startswith("Practice · card 1 of 1")
    assert "Due for review: Nothing today" in said(await scene.types("Ada", ""))
    later = said(await scene.types("Ada", "review"))
    assert later.startswith("Nothing is due for review today. The next card comes on ")
    assert "24 November" not in later


async def test_what_was_practised_is_due_too_and_no_more_than_is_asked_for(posted: Posted) -> None:
    scene = await posted(shelf=SHELF, scheduled=False)
    message = await scene.types("Ada", "play count:8")
    for number in range(8):
        message = await answered(scene, "Ada", message)
        message = await scene.presses("Ada", "Summary" if number == 7 else "Next", message)
    scene.now = scene.now.replace(day=27)
    asked = await scene.types("Ada", "review count:2")
    assert said(asked).startswith("Practice · card 1 of 2")
    every = said(await scene.types("Ada", "review"))
    assert every.startswith("Practice · card 1 of 7"), "all but true / false, half of which anybody guesses"


async def test_a_card_that_is_being_asked_is_not_given_away_by_a_review(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.presses("Ada", "A")
    await scene.passes(days=1)
    assert "Due for review: Nothing today" in said(await scene.types("Ada", ""))
    assert "is a question of the day right now" in said(await scene.types("Ada", "review"))
