"""Practice: one card after the other in one private message."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sqlalchemy import func, select

from bot.messages import Form, Message
from bot.store.tables import answers, practice_answers, scores, sessions
from tests.decks import SHELF
from tests.stage import Stage, labels, said

Posted = Callable[..., Awaitable[Stage]]


async def answered(scene: Stage, name: str, message: object) -> Message:
    """Answer whatever card is shown, somehow."""
    assert isinstance(message, Message)
    first = labels(message)[0]
    answer = await scene.presses(name, first, message)
    if isinstance(answer, Form):
        fields = {each.name: "CABD" if each.name == "order" else "the data is split" for each in answer.inputs}
        answer = await scene.sends(name, answer, **fields)
    elif first == "Reveal":
        answer = await scene.presses(name, "Again", answer)
    elif isinstance(answer, Message) and "Send" in labels(answer):
        answer = await scene.presses(name, "Send", answer)
    assert isinstance(answer, Message)
    return answer


async def test_a_session_walks_through_every_kind_and_sums_up(posted: Posted) -> None:
    scene = await posted(shelf=SHELF, scheduled=False)
    message = await scene.types("Ada", "play count:8")
    seen = []
    for number in range(1, 9):
        assert f"Practice · card {number} of 8" in said(message)
        message = await answered(scene, "Ada", message)
        seen.append(said(message))
        message = await scene.presses("Ada", "Summary" if number == 8 else "Next", message)
    assert said(message).startswith("Practice done")
    assert "To look at again:" in said(message)
    again = await scene.presses("Ada", "Retry the missed ones", message)
    missed = sum("✅ Correct" not in text and "✅ Reviewed" not in text for text in seen)
    assert f"card 1 of {missed}" in said(again)


async def test_practice_moves_no_board_but_counts_as_a_day_practised(posted: Posted) -> None:
    scene = await posted("sync", scheduled=False)
    message = await scene.types("Ada", "play")
    await scene.presses("Ada", "True", message)
    async with scene.database.read() as tx:
        for table, rows in ((answers, 0), (scores, 0), (practice_answers, 1), (sessions, 1)):
            assert (await tx.execute(select(func.count()).select_from(table))).scalar_one() == rows
    assert "Days practised this month: 1" in said(await scene.types("Ada", ""))
    assert "1 answer in all, 100 % right." in said(await scene.types("Ada", "stats"))


async def test_a_card_is_answered_once_however_often_it_is_pressed(posted: Posted) -> None:
    scene = await posted("sync", scheduled=False)
    message = await scene.types("Ada", "play")
    first = await scene.presses("Ada", "False", message)
    second = await scene.presses("Ada", "True", message)
    assert said(first) == said(second)
    assert "❌ Not right" in said(second)


async def test_a_session_belongs_to_one_person(posted: Posted) -> None:
    scene = await posted("sync", scheduled=False)
    message = await scene.types("Ada", "play")
    assert "isn’t yours" in said(await scene.presses("Eve", "True", message))
    assert "isn’t yours" in said(await scene.acts("Eve", "retry:1"))
    assert "isn’t yours" in said(await scene.acts("Eve", "next:1"))


async def test_filters_narrow_and_an_empty_choice_says_what_there_is(posted: Posted) -> None:
    scene = await posted(shelf=SHELF, scheduled=False)
    assert "card 1 of 1" in said(await scene.types("Ada", "play level:advanced"))
    assert "card 1 of 2" in said(await scene.types("Ada", "play topic:memory"))
    assert "card 1 of 3" in said(await scene.types("Ada", "play count:3"))
    assert "card 1 of 3" in said(await scene.types("Ada", "play topic:memory,collectives"))
    assert "card 1 of 2" in said(await scene.types("Ada", "play advanced,intermediate"))
    assert "card 1 of 8" in said(await scene.types("Ada", "play all"))
    assert "card 1 of 1" in said(await scene.types("Ada", "play small level:intermediate,advanced topic:memory"))
    assert said(await scene.types("Ada", "play topic:memry")) == "No card is about “memry”. Did you mean memory?"
    assert "“cooking”. Topics are: basics, collectives" in said(await scene.types("Ada", "play topic:cooking"))
    assert said(await scene.types("Ada", "play advanced topic:basics")) == (
        "There is no card for this: advanced · about basics. At any level there would be 4. On any topic there would be 1."
    )
    assert "There is no deck “nope”" in said(await scene.types("Ada", "play deck:nope"))


async def test_an_unclear_answer_shows_the_card_again(posted: Posted) -> None:
    scene = await posted("order", scheduled=False)
    message = await scene.types("Ada", "play")
    form = await scene.presses("Ada", "Answer", message)
    again = await scene.sends("Ada", form, order="ABC")
    assert "Write each letter from A to D once" in said(again)
    assert labels(again) == ["Answer"]  # type: ignore[arg-type]


async def test_hints_are_there_in_practice_too(posted: Posted) -> None:
    scene = await posted("ring", scheduled=False)
    message = await scene.types("Ada", "play")
    hint = await scene.presses("Ada", "Hint", message)
    assert "Hint  There are two phases." in said(hint)
    await scene.presses("Ada", "B", hint)
    async with scene.database.read() as tx:
        assert (await tx.execute(select(practice_answers.c.hinted))).scalar_one()
