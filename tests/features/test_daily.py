"""The daily question as people meet it: asked, answered in private, closed with the answer and the bars."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import func, select

from bot.events import MessageRef, Place
from bot.library.shelf import Shelf
from bot.messages import Buttons, Form, Heading, Message, Text, Tone
from bot.quiz.cards import Card, Cloze, Concept, Deck, Explain, Flashcard, MultiChoice, Option, Ordering, TrueFalse
from bot.store.tables import answers, people
from tests.stage import Stage, labels, said

Posted = Callable[..., Awaitable[Stage]]


async def counted(stage: Stage) -> int:
    async with stage.database.read() as tx:
        return int((await tx.execute(select(func.count()).select_from(answers))).scalar_one())


async def test_the_question_is_posted_in_full_with_a_button_for_each_option(posted: Posted) -> None:
    scene = await posted("ring")
    _, message = scene.paper.last
    assert message.text.startswith("Question of the day\nA small deck · advanced · closes Tue 24 Nov, 08:00 UTC")
    assert "A\u2002S / N\nB\u20022(N−1)/N · S\nC\u2002N · S" in message.text
    assert labels(message) == ["A", "B", "C", "Hint"]
    assert "correct" not in message.text.lower()


async def test_a_right_answer_is_told_to_its_giver_with_points_streak_and_explanation(posted: Posted) -> None:
    scene = await posted("ring")
    verdict = await scene.presses("Ada", "B")
    assert said(verdict).startswith("✅ Correct · +20 points · 🔥 1 day in a row")
    assert "You said B: 2(N−1)/N · S." in said(verdict)
    assert "Reduce-scatter, then all-gather." in said(verdict)
    assert "Source: Patarasuk and Yuan 2009" in said(verdict)
    assert isinstance(verdict, Message)
    assert verdict.tone is Tone.GOOD
    assert len(scene.paper.shown) == 1, "nothing was said in public"


async def test_a_wrong_answer_is_told_why_and_what_is_right(posted: Posted) -> None:
    scene = await posted("ring")
    verdict = said(await scene.presses("Ada", "C"))
    assert verdict.startswith("❌ Not right · no points · 🔥 1 day in a row")
    assert "That is everything to everyone." in verdict
    assert "Right answer  B\u20022(N−1)/N · S" in verdict


async def test_the_first_answer_stands(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.presses("Ada", "C")
    again = said(await scene.presses("Ada", "B"))
    assert again.startswith("You have answered this one already, Mon 23 Nov, 09:00 UTC. That answer stands.")
    assert "❌ Not right" in again
    assert await counted(scene) == 1


async def test_a_guess_is_noted_costs_nothing_and_is_asked_once(posted: Posted) -> None:
    scene = await posted("ring")
    verdict = await scene.presses("Ada", "B")
    noted = await scene.presses("Ada", "I guessed", verdict)
    assert "+20 points" in said(noted)
    assert "a guess, as you said" in said(noted)
    assert "I guessed" not in labels(noted)  # type: ignore[arg-type]
    assert "I guessed" not in labels(await scene.presses("Bo", "A"))  # type: ignore[arg-type]


async def test_a_guess_can_be_noted_only_for_an_own_answer(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.presses("Ada", "B")
    assert "nothing was recorded" in said(await scene.acts("Bo", "guessed:1"))
    async with scene.database.read() as tx:
        assert not (await tx.execute(select(answers.c.guessed))).scalar_one()


async def test_a_hint_leaves_the_question_answerable_and_is_remembered(posted: Posted) -> None:
    scene = await posted("ring")
    hint = await scene.presses("Ada", "Hint")
    assert said(hint).startswith("Hint  There are two phases.")
    assert labels(hint) == ["A", "B", "C"]  # type: ignore[arg-type]
    assert said(await scene.presses("Ada", "B", hint)).startswith("✅ Correct")
    async with scene.database.read() as tx:
        assert (await tx.execute(select(answers.c.hinted))).scalar_one()


async def test_several_options_are_ticked_before_they_are_sent(posted: Posted) -> None:
    scene = await posted("zero")
    panel = await scene.presses("Ada", "A")
    assert "Your picks: A." in said(panel)
    panel = await scene.presses("Ada", "B", panel)
    assert "Your picks: A and B." in said(panel)
    panel = await scene.presses("Ada", "B", panel)
    panel = await scene.presses("Ada", "C", panel)
    assert await counted(scene) == 0
    verdict = said(await scene.presses("Ada", "Send", panel))
    assert verdict.startswith("✅ Correct · +15 points")


async def test_part_of_the_right_options_earns_part_of_the_points(posted: Posted) -> None:
    scene = await posted("zero")
    panel = await scene.presses("Ada", "A")
    verdict = said(await scene.presses("Ada", "Send", panel))
    assert verdict.startswith("🟡 Partly right: 50 % · +8 points")


async def test_true_or_false(posted: Posted) -> None:
    scene = await posted("sync")
    assert labels(scene.paper.last[1]) == ["True", "False"]
    assert said(await scene.presses("Ada", "True")).startswith("✅ Correct · +10 points")
    assert "Right answer  True" in said(await scene.presses("Bo", "False"))


async def test_a_flashcard_is_revealed_and_graded_by_its_reader(posted: Posted) -> None:
    scene = await posted("what")
    assert labels(scene.paper.last[1]) == ["Reveal"]
    back = await scene.presses("Ada", "Reveal")
    assert "Answer  Work shared by devices." in said(back)
    assert labels(back) == ["Again", "Hard", "Good", "Easy"]  # type: ignore[arg-type]
    assert "+2 points" in said(await scene.presses("Ada", "Again", back))


async def test_written_answers_come_through_a_form(posted: Posted) -> None:
    scene = await posted("mfu")
    assert labels(scene.paper.last[1]) == ["Answer", "Hint"]
    form = await scene.presses("Ada", "Answer")
    assert isinstance(form, Form)
    assert form.intro == "What does MFU stand for?"
    assert said(await scene.sends("Ada", form, text="Model flops utilisation")).startswith("✅ Correct")


async def test_gaps_are_filled_one_by_one(posted: Posted) -> None:
    scene = await posted("gap")
    assert "ZeRO shards [1] states, then [2: with respect to loss]." in scene.paper.last[1].text
    form = await scene.presses("Ada", "Answer")
    assert isinstance(form, Form)
    assert [each.label for each in form.inputs] == ["Gap 1", "Gap 2: with respect to loss"]
    verdict = said(await scene.sends("Ada", form, c1="optimizer", c2="weights"))
    assert verdict.startswith("🟡 Partly right: 1 of 2 gaps · no points")
    assert "❌ Gap 2: weights → gradients" in verdict


async def test_steps_are_put_in_order_by_the_letters_shown(posted: Posted) -> None:
    scene = await posted("order")
    shown = [line.split("\u2002")[1] for line in scene.paper.last[1].text.splitlines() if "\u2002" in line]
    assert sorted(shown) == ["All-reduce", "Backward", "Forward", "Update"]
    assert shown != ["Forward", "Backward", "All-reduce", "Update"]
    right = "".join("ABCD"[shown.index(step)] for step in ("Forward", "Backward", "All-reduce", "Update"))
    form = await scene.presses("Ada", "Answer")
    unclear = await scene.sends("Ada", form, order="AAB")
    assert said(unclear).startswith("Write each letter from A to D once")
    assert await counted(scene) == 0
    verdict = await scene.sends("Ada", form, order=", ".join(right.lower()))
    assert said(verdict).startswith("✅ Correct · +10 points")


async def test_an_explanation_is_graded_concept_by_concept(posted: Posted) -> None:
    scene = await posted("why")
    form = await scene.presses("Ada", "Answer")
    verdict = said(await scene.sends("Ada", form, text="It splits the data over all the devices that take part."))
    assert verdict.startswith("🟡 Partly right: 1 of 2 concepts · +5 points")
    assert "You got 1 of 2: missing Each device has the whole model." in verdict
    assert "✅ The data is split — from your words" in verdict
    assert "◻️ Each device has the whole model (not found)" in verdict


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u200b", "…!?", "\0\0"])
async def test_an_answer_with_nothing_to_read_is_not_recorded(posted: Posted, text: str) -> None:
    scene = await posted("why")
    form = await scene.presses("Ada", "Answer")
    answer = await scene.sends("Ada", form, text=text)
    assert "nothing was recorded" in said(answer).lower()
    assert labels(answer) == ["Answer"]  # type: ignore[arg-type]
    assert await counted(scene) == 0


@pytest.mark.parametrize(
    "text",
    [
        "data " * 1200,
        "split the data \0 with NUL",
        "a lone \ud800 surrogate",
        "\u202eright to left",
        "<script>alert(1)</script> & <b>data</b>",
        "@everyone <!channel> *data* `split`",
        "Z" + "\u0351" * 3000,
    ],
)
async def test_hostile_answers_are_kept_and_shown(posted: Posted, text: str) -> None:
    scene = await posted("why")
    form = await scene.presses("Ada", "Answer")
    verdict = await scene.sends("Ada", form, text=text)
    assert "concepts" in said(verdict) or "Not right" in said(verdict)
    said(verdict).encode("utf-8")
    assert await counted(scene) == 1
    again = await scene.types("Ada", "today")
    assert "You have answered today’s question" in said(again)


async def test_an_overlong_answer_is_sent_back(posted: Posted) -> None:
    scene = await posted("why")
    form = await scene.presses("Ada", "Answer")
    assert "longer than 10,000 characters" in said(await scene.sends("Ada", form, text="x" * 10_001))
    assert await counted(scene) == 0


async def test_a_hostile_name_is_shown_as_plain_text(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.presses("<b>@everyone</b>\u202e", "B")
    await scene.passes(hours=24)
    results = next(m for m in scene.paper.shown.values() if "closed" in m.text)
    assert "First right: <b>@everyone</b>." in results.text


@pytest.mark.parametrize(
    "forged",
    [
        "answer:1:D",
        "answer:1:AB",
        "answer:1:",
        "answer:1",
        "answer:1:true",
        "answer:1:b",
        "answer:2:A",
        "answer:99999999999999999999:A",
        "answer:-1:A",
        "answer::A",
        "answer",
        "answer:h",
        "answer:1:A:B",
        "sent:1",
        "pick:1::A",
        "reveal:1",
        "write:1",
        "unknown:1",
        "guessed:1",
        "guessed",
        "practise:77",
        "retry:1",
        "next:1",
        "play-answer:1:0:A",
        "play-sent:1:0",
    ],
)
async def test_a_forged_button_is_refused_in_private_and_writes_nothing(posted: Posted, forged: str) -> None:
    scene = await posted("ring")
    answer = said(await scene.acts("Eve", forged))
    assert "nothing was recorded" in answer or "isn’t yours" in answer
    assert await counted(scene) == 0


async def test_a_button_cannot_write_an_answer_that_has_a_form(posted: Posted) -> None:
    scene = await posted("mfu")
    assert "nothing was recorded" in said(await scene.acts("Eve", "answer:1:model"))
    assert await counted(scene) == 0


async def test_another_communitys_post_is_out_of_reach(posted: Posted) -> None:
    scene = await posted("ring")
    elsewhere = MessageRef(Place("paper", "w2", "general"), "1")
    for action in ("answer:1:B", "hint:1", "practise:1", "guessed:1"):
        assert "nothing was recorded" in said(await scene.acts("Eve", action, elsewhere))
    assert await counted(scene) == 0


async def test_after_closing_nothing_scores_but_it_can_be_practised(posted: Posted) -> None:
    scene = await posted("ring")
    scene.now = scene.now.replace(day=24, hour=8, minute=0)
    late = await scene.presses("Ada", "B")
    assert "This question closed Tue 24 Nov, 08:00 UTC, so it scores nothing any more." in said(late)
    assert await counted(scene) == 0
    practice = await scene.presses("Ada", "Practise it", late)
    assert "Practice · card 1 of 1" in said(practice)
    assert said(await scene.presses("Ada", "B", practice)).count("✅ Correct") == 1
    assert await counted(scene) == 0


async def test_closing_shows_the_answer_the_bars_and_who_was_first(posted: Posted) -> None:
    scene = await posted("ring")
    ref, question = scene.paper.last
    for name, label in (("Ada", "B"), ("Bo", "A"), ("Cy", "B"), ("Di", "B"), ("Ed", "B")):
        await scene.presses(name, label)
    assert scene.paper.last[1] == question, "an open post shows nothing of what was answered"
    await scene.passes(hours=23)
    results = scene.paper.shown[ref.message]
    assert results.blocks[0] == Heading("Question of the day · closed")
    assert "Right answer  B\u20022(N−1)/N · S" in results.text
    assert "▫️ A  ███░░░░░░░░░  20 % (1)\n✅ B  ████████████  80 % (4)\n▫️ C  ░░░░░░░░░░░░  0 % (0)" in results.text
    assert "5 people answered, 4 got it right. First right: Ada, Cy, Di." in results.text
    assert "Reduce-scatter, then all-gather." in results.text
    assert labels(results) == ["Practise it"]


async def test_a_question_that_nobody_answered_says_so(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.passes(hours=23)
    assert "Nobody answered this one." in scene.paper.shown["1"].text


async def test_what_was_answered_in_another_channel_first_is_not_said_to_be_unanswered(posted: Posted) -> None:
    scene = await posted("ring")
    first, _ = scene.paper.last
    await scene.types("Olga", "schedule set time:9:30 days:daily channel:#hall open:2", admin=True)
    await scene.passes(minutes=30)
    second, _ = scene.paper.last
    for name in ("Ada", "Bo"):
        await scene.acts(name, "answer:1:B", first)
    assert "That answer stands" in said(await scene.acts("Ada", "answer:2:A", second))
    await scene.passes(hours=2)
    assert (
        "Nobody answered here first: 2 people answered it in another channel, and an answer counts once a day."
        in scene.paper.shown[second.message].text
    )
    await scene.passes(hours=21)
    assert "2 people answered, 2 got it right" in scene.paper.shown[first.message].text


async def test_streaks_count_question_days_and_show_at_closing(posted: Posted) -> None:
    scene = await posted("ring", "sync")
    first = labels(scene.paper.last[1])[0]
    await scene.presses("Ada", first)
    await scene.passes(days=1)
    assert len(scene.paper.shown) == 2
    verdict = await scene.presses("Ada", labels(scene.paper.last[1])[0])
    assert "🔥 2 days in a row" in said(verdict)
    await scene.passes(hours=23)
    assert "1 person kept a streak going." in scene.paper.shown["2"].text


async def test_the_same_person_is_one_row_whatever_they_do(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.types("Ada", "")
    await scene.presses("Ada", "B")
    await scene.types("Ada", "stats")
    async with scene.database.read() as tx:
        assert list((await tx.execute(select(people.c.name))).scalars()) == ["Ada"]


async def test_no_message_names_the_right_answer_before_it_is_given(posted: Posted) -> None:
    scene = await posted("ring")
    _, message = scene.paper.last
    assert [str(b.action) for block in message.blocks if isinstance(block, Buttons) for b in block.buttons] == [
        "answer:1:A",
        "answer:1:B",
        "answer:1:C",
        "hint:1",
    ]
    assert not any(isinstance(block, Text) and "Right answer" in block.text for block in message.blocks)


async def test_a_whole_channel_that_presses_at_once_is_answered_and_counted(posted: Posted) -> None:
    scene = await posted("ring")
    scene.desk.forget(1)
    verdicts = await asyncio.gather(*(scene.presses(f"Person {number}", "ABC"[number % 3]) for number in range(300)))
    assert sum(said(verdict).startswith("✅ Correct") for verdict in verdicts) == 100
    assert await counted(scene) == 300


async def test_a_hundred_presses_of_one_person_are_one_answer(posted: Posted) -> None:
    scene = await posted("ring")
    verdicts = await asyncio.gather(*(scene.presses("Ada", "ABC"[number % 3]) for number in range(100)))
    assert sum("That answer stands." in said(verdict) for verdict in verdicts) == 99
    assert await counted(scene) == 1


async def test_who_has_answered_gets_their_verdict_and_no_second_form(posted: Posted) -> None:
    scene = await posted("why")
    form = await scene.presses("Ada", "Answer")
    await scene.sends("Ada", form, text="It splits the data over all the devices that take part.")
    for label in ("Answer", "Hint"):
        again = said(await scene.presses("Ada", label))
        assert again.startswith("You have answered this one already")
        assert "1 of 2 concepts" in again


async def test_an_open_question_cannot_be_practised_for_its_answer(posted: Posted) -> None:
    scene = await posted("ring")
    assert "a question of the day right now" in said(await scene.acts("Eve", "practise:1"))


HUGE: tuple[Card, ...] = (
    Ordering(
        id="order",
        kind="ordering",
        prompt="p" * 900,
        items=tuple(f"{n}" * 290 for n in range(8)),
        explanation="e" * 990,
        source="s" * 990,
    ),
    Flashcard(id="flash", kind="flashcard", front="f" * 2880, back="b" * 2480, explanation="e" * 990, source="s" * 990),
    MultiChoice(
        id="multi",
        kind="multi_choice",
        prompt="p" * 1300,
        options=(Option(text="t" * 300, correct=True), *(Option(text=f"{n}" * 300, why="w" * 1000) for n in range(4))),
        hint="h" * 1000,
        explanation="e" * 1000,
    ),
    Explain(
        id="explain",
        kind="explain",
        prompt="p" * 2800,
        reference="The data is split. " * 100,
        concepts=tuple(Concept(id=f"c{n}", text="t" * 200, match=(("data", "split"),)) for n in range(6)),
        explanation="e" * 1000,
        source="s" * 900,
    ),
    Cloze(id="emoji", kind="cloze", text="🔥 优化器{{c1::状态}}，re{{c2::compute}}d ﬁrst **and** " + "x" * 2500),
    TrueFalse(id="empty", kind="true_false", prompt="***", answer=True),
)


@pytest.mark.parametrize("card", HUGE, ids=lambda card: card.id)
async def test_the_longest_cards_are_asked_answered_practised_and_closed(posted: Posted, card: Card) -> None:
    shelf = Shelf({"d": Deck(id="d", title="D", description="d" * 4000, license="l" * 400, cards=(card,))})
    scene = await posted(shelf=shelf)
    for name in ("Ada", "Bo"):
        if name == "Bo":
            assert "You have answered today’s question" in said(await scene.types("Ada", "today"))
            await scene.passes(hours=23)
            assert "closed" in scene.paper.shown["1"].text
        message = await scene.types("Bo", "play") if name == "Bo" else None
        first = labels(message or scene.paper.last[1])[0]  # type: ignore[arg-type]
        answer = await scene.presses(name, first, message)
        if isinstance(answer, Form):
            typed = {
                each.name: "HGFEDCBA" if each.name == "order" else "The data is split. " * 300 for each in answer.inputs
            }
            answer = await scene.sends(name, answer, **typed)
        elif isinstance(card, MultiChoice):
            answer = await scene.presses(name, "Send", await scene.presses(name, "B", answer))
        elif isinstance(card, Flashcard):
            answer = await scene.presses(name, "Good", answer)
        assert "went wrong" not in said(answer)
    assert await counted(scene) == 1
    assert "went wrong" not in said(await scene.types("Ada", "deck show d"))
