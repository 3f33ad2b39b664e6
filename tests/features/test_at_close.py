"""Feedback at the close: a press is only recorded, may be changed, and everybody asks for their result afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from sqlalchemy import func, select

from bot.store.schedules import Feedback
from bot.store.tables import answers, pending_answers, people
from tests.decks import SHELF
from tests.stage import Stage, labels, said

Posted = Callable[..., Awaitable[Stage]]


async def rows(scene: Stage, table: object = answers) -> int:
    async with scene.database.read() as tx:
        return int((await tx.execute(select(func.count()).select_from(table))).scalar_one())  # type: ignore[arg-type]


async def given(scene: Stage) -> list[tuple[str, str, bool, int]]:
    async with scene.database.read() as tx:
        query = select(people.c.name, answers.c.given, answers.c.hinted, answers.c.points).join(answers)
        return [(*row,) for row in await tx.execute(query.order_by(answers.c.answered_at, answers.c.id))]


async def test_a_press_is_only_recorded_and_may_be_changed(posted: Posted) -> None:
    scene = await posted("ring", feedback=Feedback.AT_CLOSE)
    assert "Results come when the question closes; until then you can change your answer." in scene.paper.last[1].text
    first = said(await scene.presses("Ada", "C"))
    assert first == (
        "Recorded: C: N · S\nYou can change it until the question closes, Tue 24 Nov, 08:00 UTC. Your result comes then."
    )
    await scene.presses("Grace", "A")
    await scene.passes(minutes=1)
    assert said(await scene.presses("Ada", "B")).startswith("Recorded: B: 2(N−1)/N · S")
    assert (await rows(scene), await rows(scene, pending_answers)) == (0, 2)
    await scene.passes(hours=23)
    assert await given(scene) == [("Grace", "A", False, 0), ("Ada", "B", False, 20)]
    assert "2 people answered, 1 got it right. First right: Ada." in scene.paper.last[1].text


async def test_everybody_asks_for_their_result_after_the_close(posted: Posted) -> None:
    scene = await posted("ring", feedback=Feedback.AT_CLOSE)
    await scene.presses("Ada", "C")
    assert "still open" in said(await scene.acts("Ada", "result:1"))
    await scene.passes(hours=23)
    assert labels(scene.paper.last[1]) == ["My result", "Practise it"]
    mine = said(await scene.presses("Ada", "My result"))
    assert mine.startswith("❌ Not right · no points")
    assert "That is everything to everyone." in mine
    assert "You didn’t answer this one." in said(await scene.presses("Grace", "My result"))


async def test_a_question_with_feedback_at_once_offers_no_result_afterwards(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.passes(hours=23)
    assert labels(scene.paper.last[1]) == ["Practise it"]


async def test_a_written_answer_and_its_hint_are_kept_too(posted: Posted) -> None:
    scene = await posted("ring", feedback=Feedback.AT_CLOSE)
    hinted = await scene.presses("Ada", "Hint")
    await scene.presses("Ada", "B", hinted)
    await scene.passes(hours=23)
    assert await given(scene) == [("Ada", "B", True, 20)]


async def test_a_long_answer_in_own_words_is_kept(posted: Posted) -> None:
    scene = await posted("why", feedback=Feedback.AT_CLOSE)
    form = await scene.presses("Ada", "Answer")
    words = "gradients are averaged across replicas " * 200
    name = form.inputs[0].name  # type: ignore[union-attr]
    assert said(await scene.sends("Ada", form, **{name: words})).startswith("Recorded: gradients are averaged")
    await scene.passes(hours=23)
    assert [row[1][:9] for row in await given(scene)] == ["gradients"]


async def test_nothing_is_recorded_after_the_close(posted: Posted) -> None:
    scene = await posted("ring", feedback=Feedback.AT_CLOSE)
    scene.now = scene.now.replace(hour=8, day=24)
    assert "This question closed" in said(await scene.presses("Ada", "B"))
    await scene.timetable.tick()
    assert (await rows(scene), await rows(scene, pending_answers)) == (0, 0)


async def test_a_thousand_at_once_are_recorded_once_each(posted: Posted) -> None:
    scene = await posted("ring", feedback=Feedback.AT_CLOSE)
    await asyncio.gather(*(scene.presses(f"Person {number % 200}", "ABC"[number % 3]) for number in range(600)))
    assert await rows(scene, pending_answers) == 200
    await scene.passes(hours=23)
    assert await rows(scene) == 200


async def test_today_and_home_show_what_is_recorded(posted: Posted) -> None:
    scene = await posted("ring", feedback=Feedback.AT_CLOSE)
    await scene.types("Ada", "/quiz help")
    await scene.presses("Ada", "B")
    today = await scene.types("Ada", "/quiz today")
    assert said(today).startswith("Recorded: B: 2(N−1)/N · S")
    assert labels(today)[:3] == ["A", "B", "C"]  # type: ignore[arg-type]
    assert "Answered: results come when it closes" in said(await scene.types("Ada", "/quiz"))


async def test_an_admin_chooses_it_in_words(posted: Posted) -> None:
    scene = await posted(shelf=SHELF, scheduled=False)
    made = said(await scene.types("Olga", "/quiz schedule set time:10:00 feedback:at_close days:daily", admin=True))
    assert "results when it closes" in made


async def test_practice_gives_no_open_question_away(posted: Posted) -> None:
    scene = await posted("ring", feedback=Feedback.AT_CLOSE)
    await scene.presses("Ada", "A")
    for answer in (
        await scene.types("Ada", "/quiz play"),
        await scene.acts("Ada", "practise:1"),
        await scene.types("Grace", "/quiz play"),
    ):
        assert "a question of the day right now" in said(answer)
    await scene.passes(hours=23)
    assert "card 1 of 1" in said(await scene.types("Ada", "/quiz play"))


async def test_a_session_that_meets_an_open_question_waits_for_it(posted: Posted) -> None:
    scene = await posted("ring", scheduled=False)
    asked = await scene.types("Ada", "/quiz play")
    await scene.types("Olga", "/quiz schedule set time:10:00 days:daily", admin=True)
    await scene.types("Olga", "/quiz schedule now", admin=True)
    held = await scene.presses("Ada", "B", asked)
    assert "a question of the day right now" in said(held)
    assert labels(held) == ["Go on"]  # type: ignore[arg-type]
    await scene.presses("Ada", "B")
    assert "✅ Correct" in said(await scene.presses("Ada", "B", asked)), "answered for good, it can be practised"
