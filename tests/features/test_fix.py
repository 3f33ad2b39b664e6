"""A corrected key, from what an admin types to what everybody finds: grades, boards, posts, and who is told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.events import Command, Completion, MessageRef, Place, Press
from bot.features import keys
from bot.library.shelf import Shelf
from bot.messages import Choices, Form, Message
from bot.platform import Forbidden, Unavailable
from bot.quiz.cards import Option, SingleChoice
from bot.quiz.corrections import Fault, Unfit, corrected, extents
from bot.store import tables
from bot.store.rebuild import rebuild_scores
from bot.store.schedules import Feedback
from tests.decks import CARDS, DECK, shelf
from tests.stage import DIRECT, HERE, Stage, button, labels, said
from tests.store.town import kept

Posted = Callable[..., Awaitable[Stage]]


async def board(scene: Stage) -> dict[str, tuple[int, int, int]]:
    """Who has which points, out of how many, with how many right."""
    async with scene.database.read() as tx:
        scores, people = tables.scores.c, tables.people.c
        query = select(people.name, scores.points, scores.on_offer, scores.correct).join(tables.people)
        return {row.name: (*row[1:],) for row in await tx.execute(query.where(scores.period == "all"))}


async def is_as_derived(scene: Stage) -> bool:
    """Whether what is kept is what the answers say."""
    before = await kept(scene.database)
    async with scene.database.write() as tx:
        await rebuild_scores(tx, 1, scene.now.date())
    return await kept(scene.database) == before


async def corrects(scene: Stage, typed: str, yes: str = "Correct it", by: str = "Olga") -> str:
    """An admin types what is right, and says yes."""
    asked = await scene.types(by, f"fix {typed}", admin=True)
    return said(await scene.presses(by, yes, asked, admin=True))


# ---------------------------------------------------------------- the whole way


async def test_a_corrected_key_moves_grades_boards_teams_and_the_closed_post(posted: Posted) -> None:
    scene = await posted("ring", scheduled=False)
    await scene.types("Ada", "team create Red")
    await scene.types("Olga", "schedule set time:9:01 days:daily", admin=True)
    await scene.passes(minutes=2)
    for name, letter in (("Ada", "C"), ("Bo", "B"), ("Cy", "A")):
        await scene.presses(name, letter)
    await scene.passes(days=1)
    results = next(iter(scene.paper.shown.values()))
    assert "First right: Bo." in results.text
    shown = await scene.types("Olga", "fix post:1", admin=True)
    assert "Right answer  B" in said(shown)
    assert labels(shown)[0] == "Correct it"  # type: ignore[arg-type]
    asked = await scene.types("Olga", "fix right:C post:1", admin=True)
    assert "B → C; 2 answers of 3 change." in said(asked)
    assert await board(scene) == {"Ada": (0, 20, 0), "Bo": (20, 20, 1), "Cy": (0, 20, 0)}, "nothing without a yes"
    done = await scene.presses("Olga", "Correct it", asked, admin=True)
    assert said(done).startswith("Corrected. 2 answers of 3 got another grade; whoever gave them is told.")
    assert await board(scene) == {"Ada": (20, 20, 1), "Bo": (0, 20, 0), "Cy": (0, 20, 0)}
    async with scene.database.read() as tx:
        total = tables.team_totals.c
        assert (await tx.execute(select(total.points, total.correct).where(total.period == "s2026-10-01"))).all() == [
            (20, 1)
        ]
    assert await is_as_derived(scene)
    await scene.passes()
    results = next(iter(scene.paper.shown.values()))
    assert "Corrected: an admin has changed the right answer" in results.text
    assert "Right answer  C" in results.text
    assert "First right: Ada." in results.text
    told = {actor.name: message.text for actor, message in scene.paper.told}
    assert told.keys() == {"Ada", "Bo"}
    assert "Your answer was C: N · S. It is right after all: +20 points." in told["Ada"]
    assert "It is not right any more: 20 points fewer. Your streak stays." in told["Bo"]
    await scene.passes(minutes=1)
    assert len(scene.paper.told) == 2, "once"


async def test_while_it_is_open_everyone_is_graded_by_the_new_key(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.presses("Ada", "C")
    await scene.presses("Bo", "B")
    await corrects(scene, "C")
    assert said(await scene.presses("Cy", "C")).startswith("✅ Correct · +20 points")
    again = said(await scene.presses("Ada", "A"))
    assert "That answer stands." in again
    assert "✅ Correct · +20 points" in again
    assert "Corrected: an admin has changed the right answer" in again
    assert said(await scene.types("Bo", "today")).splitlines()[1].startswith("❌ Not right")
    await scene.passes(hours=23)
    assert "Right answer  C" in scene.paper.last[1].text
    assert "3 people answered, 2 got it right. First right: Ada, Cy." in scene.paper.last[1].text
    assert await is_as_derived(scene)


async def test_answers_that_arrive_meanwhile_are_graded_once_and_by_the_new_key(posted: Posted) -> None:
    scene = await posted("ring")
    await asyncio.gather(*(scene.presses(f"A{at}", "ABC"[at % 3]) for at in range(60)))
    asked = await scene.types("Olga", "fix C", admin=True)
    yes = scene.presses("Olga", "Correct it", asked, admin=True)
    pressing = (scene.presses(f"B{at}", "ABC"[at % 3], scene.paper.last[1]) for at in range(60))
    await asyncio.gather(*pressing, yes)
    await scene.passes()
    async with scene.database.read() as tx:
        query = select(tables.answers.c.given, tables.answers.c.correct, tables.answers.c.points)
        rows = [(*row,) for row in await tx.execute(query)]
    assert len(rows) == 120
    assert {*rows} == {("A", False, 0), ("B", False, 0), ("C", True, 20)}
    assert await is_as_derived(scene)
    changed = {actor.name for actor, _ in scene.paper.told}
    assert {f"A{at}" for at in range(60) if at % 3} <= changed


async def test_another_worker_who_remembers_the_old_key_is_sent_back(posted: Posted) -> None:
    scene = await posted("ring")
    post = await scene.desk.post(1)
    await corrects(scene, "C")
    scene.desk._posts[1] = post  # type: ignore[assignment]  # as it is in a process that corrected nothing
    assert said(await scene.presses("Ada", "C")).startswith("✅ Correct")
    assert await is_as_derived(scene)


async def test_it_holds_for_later_posts_after_a_restart_and_until_the_deck_changes_the_card(posted: Posted) -> None:
    ring = CARDS[0]
    assert isinstance(ring, SingleChoice)
    scene = await posted("ring")
    await corrects(scene, "C")
    await scene.passes(hours=23)
    practised = await scene.presses("Bo", "C", await scene.types("Bo", "play"))
    assert "✅ Correct" in said(practised)
    await scene.passes(hours=1)
    assert said(await scene.presses("Ada", "C")).startswith("✅ Correct")
    assert "Corrected" not in scene.paper.last[1].text
    changed = ring.model_copy(update={"explanation": "Said anew."})
    object.__setattr__(scene.world, "shelf", Shelf({DECK.id: DECK.model_copy(update={"cards": (changed,)})}))
    await scene.passes(days=1)
    assert said(await scene.presses("Ada", "C")).startswith("❌ Not right")


async def test_a_correction_can_be_taken_back(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.presses("Ada", "C")
    await corrects(scene, "C")
    page = await scene.types("Olga", "fix", admin=True)
    asked = await scene.presses("Olga", "As in the deck", page, admin=True)
    assert "C → B; 1 answer of 1 changes." in said(asked)
    await scene.presses("Olga", "As in the deck", asked, admin=True)
    assert await board(scene) == {"Ada": (0, 20, 0)}
    await scene.passes()
    assert scene.paper.told == [], "who was not told yet, and has what they had, is not told"
    log = said(await scene.types("Olga", "fix", admin=True))
    assert "· Olga · back to the deck’s key · 1 answer of 1 changed" in log
    assert "· Olga · B → C · 1 answer of 1 changed" in log


async def test_feedback_at_the_close_and_practice_go_by_the_new_key(posted: Posted) -> None:
    scene = await posted("ring", feedback=Feedback.AT_CLOSE)
    await scene.presses("Ada", "C")
    await corrects(scene, "C")
    await scene.passes(hours=23)
    assert await board(scene) == {"Ada": (20, 20, 1)}
    wrong = await scene.presses("Bo", "A", await scene.presses("Bo", "Practise it"))
    assert "❌" in said(wrong)
    await corrects(scene, "A")
    async with scene.database.read() as tx:
        assert (await tx.execute(select(tables.practice_answers.c.correct))).scalars().all() == [True]


# ---------------------------------------------------------------- kinds


@pytest.mark.parametrize(
    ("card", "given", "typed", "yes"),
    [
        ("mfu", {"text": "how busy it is"}, "right:how busy it is", "Accept it, too"),
        ("gap", {"c1": "Adam", "c2": "gradients"}, "1: adam", "Make it the only one"),
        ("order", {"order": "CABD"}, "", "Accept it, too"),
    ],
)
async def test_written_answers_can_be_accepted(
    posted: Posted, card: str, given: dict[str, str], typed: str, yes: str
) -> None:
    scene = await posted(card)
    await scene.sends("Ada", await scene.presses("Ada", "Answer"), **given)
    async with scene.database.read() as tx:
        stored = (await tx.execute(select(tables.answers.c.given, tables.answers.c.correct))).one()
    assert not stored.correct
    await corrects(scene, typed or stored.given, yes)
    async with scene.database.read() as tx:
        assert (await tx.execute(select(tables.answers.c.correct))).scalar_one()
    assert await is_as_derived(scene)


async def test_a_flashcard_has_no_key(posted: Posted) -> None:
    scene = await posted("what")
    assert "People grade a flashcard themselves" in said(await scene.types("Olga", "fix B", admin=True))
    assert "Correct it" not in labels(await scene.types("Olga", "fix", admin=True))  # type: ignore[arg-type]


async def test_two_options_can_both_be_right(posted: Posted) -> None:
    scene = await posted("ring")
    await corrects(scene, "B and C")
    for name, letter in (("Ada", "B"), ("Bo", "C")):
        assert said(await scene.presses(name, letter)).startswith("✅ Correct")
    wrong = said(await scene.presses("Cy", "A"))
    assert "Right answers" in wrong
    assert "N · S" in wrong


async def test_a_form_asks_where_nothing_is_typed(posted: Posted) -> None:
    scene = await posted("ring")
    form = await scene.presses("Olga", "Correct it", await scene.types("Olga", "fix", admin=True), admin=True)
    assert isinstance(form, Form)
    asked = await scene.submits(scene.actor("Olga", admin=True), form, {"right": "C"})
    assert said(asked).startswith("Correct this card?")
    assert said(await scene.submits(scene.actor("Ada"), form, {"right": "C"})) == "This is for admins of this place."
    assert "Say which options" in said(await scene.submits(scene.actor("Olga", admin=True), form, {"right": "x" * 200}))
    long = await scene.submits(scene.actor("Olga", admin=True), form, {"right": "x" * 10_000})
    assert "300 characters at most" in said(long)


# ---------------------------------------------------------------- what can't be


async def test_what_can_not_be_is_a_clear_sentence_and_changes_nothing(posted: Posted) -> None:
    scene = await posted("ring")
    for typed, says in (
        ("F", "Say which options are right by their letters, A to C"),
        ("right:x post:999", "There is no question “999” here."),
        ("right:B", "That is right already: B. Nothing changes."),
        ('right:" "', "There is nothing to read in that answer."),
        ("C post:https://chat.example/channels/1/2/77777", "There is no question “https://chat.example"),
        ("C post:" + "9" * 2000, "There is no question “999"),
        ("right:\0\ud800", "Say which options are right"),
        ("C post:\0", "There is no question"),
        ("right:" + "x" * 3000, "A right answer has 300 characters at most"),
    ):
        assert says in said(await scene.types("Olga", f"fix {typed}", admin=True))
    async with scene.database.read() as tx:
        assert (await tx.execute(select(tables.corrections))).all() == []


async def test_nothing_has_been_posted_here(posted: Posted) -> None:
    scene = await posted("ring")
    elsewhere = Place("paper", "w1", "random")
    assert "Nothing has been posted in this channel yet." in said(
        await scene.types("Olga", "fix", elsewhere, admin=True)
    )


async def test_it_is_for_admins_alone_and_never_in_private(posted: Posted) -> None:
    scene = await posted("ring")
    asked = await scene.types("Olga", "fix C", admin=True)
    for action in ("fixes", "fix:1", "fix-form:1", "fix-deck:1", "fix-state:1", "card-retire:1", "report-dismiss:1"):
        assert said(await scene.acts("Ada", action)) == "This is for admins of this place."
    assert said(await scene.presses("Ada", "Correct it", asked)) == "This is for admins of this place."
    assert "In private messages nobody is an admin" in said(await scene.types("Olga", "fix C", DIRECT, admin=True))
    typing = Completion("e", ("fix",), "post", "", scene.actor("Ada"), HERE)
    assert await scene.app.handle(typing) == Choices()


async def test_forged_actions_lead_nowhere(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.types("Olga", "fix C", admin=True)
    for action in (
        "fix:99",
        "fix:x",
        "fix-do:1:deck",
        "fix-do:1:all",
        "fix-do:1",
        "fix-do:9:only",
        "fix-state:x",
        "fix",
    ):
        assert "no longer here" in said(await scene.acts("Olga", action, admin=True))
    assert await board(scene) == {}


async def test_a_neighbours_question_is_none_of_ours(posted: Posted) -> None:
    scene = await posted("ring")
    there = Place("paper", "w2", "general")
    for typed in ("fix post:1", "fix C post:1"):
        assert "There is no question “1” here." in said(await scene.types("Olga", typed, there, admin=True))
    ref = MessageRef(there, "private")
    for action in ("fix:1", "card-retire:1", "fix-deck:1"):
        assert "no longer here" in said(await scene.acts("Olga", action, ref, admin=True))


async def test_a_question_is_named_by_its_message_too(posted: Posted) -> None:
    scene = await posted("ring")
    async with scene.database.write() as tx:
        await tx.execute(tables.posts.update().values(message_id="1700000000.000100"))
    for link in ("https://x.slack.com/archives/C1/p1700000000000100", "<https://x.example/a/1700000000.000100>"):
        assert "Right answer  B" in said(await scene.types("Olga", f"fix {link}", admin=True))
    typing = Completion("e", ("fix",), "post", "ring", scene.actor("Olga", admin=True), HERE)
    found = await scene.app.handle(typing)
    assert isinstance(found, Choices)
    assert [choice.value for choice in found.choices] == ["1"]


async def test_members_of_the_admin_role_correct_too(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.presses("Ada", "C")
    mod = replace(scene.actor("Mo"), groups=("8",))
    typing = Completion("e", ("fix",), "post", "ring", mod, HERE)
    assert await scene.app.handle(typing) == Choices()
    await scene.types("Olga", "settings admins:<@&8|Moderators>", admin=True)
    found = await scene.app.handle(typing)
    assert isinstance(found, Choices)
    assert [choice.value for choice in found.choices] == ["1"]
    asked = await scene.app.handle(Command("e-f", ("fix",), {"right": "C"}, mod, HERE))
    assert isinstance(asked, Message)
    yes = Press("e-y", button(asked, "Correct it"), (), mod, MessageRef(HERE, "private"))
    assert said(await scene.app.handle(yes)).startswith("Corrected. 1 answer of 1 got another grade; whoever gave it")
    assert await board(scene) == {"Ada": (20, 20, 1)}


async def test_results_and_whom_it_concerns_are_told_as_the_community_wants_it(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.types("Olga", "settings language:de streaks:off boards:off", admin=True)
    for name, letter in (("Ada", "C"), ("Bo", "B")):
        await scene.presses(name, letter)
    await scene.passes(days=1)
    await corrects(scene, "C post:1", "Korrigieren")
    await scene.passes()
    results = scene.paper.shown["1"].text
    assert "Korrigiert: " in results
    assert "2 Leute haben geantwortet, 1 davon richtig." in results
    assert "Ada" not in results
    told = {actor.name: message.text for actor, message in scene.paper.told}
    assert "Deine Antwort war C: N · S. Sie ist doch richtig: +20 Punkte." in told["Ada"]
    assert "Sie ist nicht mehr richtig: 20 Punkte weniger.\n" in told["Bo"]


def test_there_is_a_sentence_for_whatever_can_not_be_right() -> None:
    assert keys.FAULTS.keys() == set(Fault)
    by_id = {card.id: card for card in CARDS}
    for card, typed in (
        ("ring", "F"),
        ("mfu", "x" * 301),
        ("gap", "weights"),
        ("gap", "7: a"),
        ("order", "A"),
        ("why", "a"),
    ):
        with pytest.raises(Unfit) as refused:
            corrected(by_id[card], typed, extents(by_id[card])[0])
        assert "{" not in keys.why(refused.value)


# ---------------------------------------------------------------- several at once, and in between


async def test_of_two_admins_the_second_is_told(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.presses("Ada", "C")
    first, second = [await scene.types(name, f"fix {key}", admin=True) for name, key in (("Olga", "C"), ("Uma", "A"))]
    one, other = await asyncio.gather(
        scene.presses("Olga", "Correct it", first, admin=True), scene.presses("Uma", "Correct it", second, admin=True)
    )
    told = sorted([said(one), said(other)])
    assert [text.startswith("Corrected.") for text in told].count(True) == 1
    assert any("Somebody else has corrected this card meanwhile" in text for text in told)
    assert await is_as_derived(scene)
    again = await scene.presses("Olga", "Correct it", first, admin=True)
    assert said(again).startswith(("Corrected.", "Somebody else")), "a second yes changes nothing"


async def test_a_correction_that_was_cut_short_goes_on_at_the_next_start(posted: Posted) -> None:
    scene = await posted("ring")
    await asyncio.gather(*(scene.presses(f"A{at}", "ABC"[at % 3]) for at in range(30)))
    asked = await scene.types("Olga", "fix C", admin=True)
    number = 1
    async with scene.database.write() as tx:  # the yes was kept, and then the bot was killed
        await tx.execute(tables.corrections.update().values(state="confirmed", extent="only"))
    await scene.app.examiner.regrade(number, timedelta())
    assert "Correct it" in labels(asked)  # type: ignore[arg-type]
    await scene.passes()
    assert (await board(scene))["A2"] == (20, 20, 1)
    assert await is_as_derived(scene)
    assert len(scene.paper.told) == 20
    async with scene.database.read() as tx:
        assert (await tx.execute(select(tables.corrections.c.state))).scalar_one() == "done"


async def test_who_can_not_be_told_for_now_is_told_later_and_who_takes_no_messages_is_left(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.presses("Ada", "C")
    scene.paper.deaf = Unavailable("for now")
    await corrects(scene, "C")
    await scene.passes()
    assert scene.paper.told == []
    scene.paper.deaf = None
    await scene.passes(minutes=1)
    assert [actor.name for actor, _ in scene.paper.told] == ["Ada"]
    scene.paper.deaf = Forbidden("takes no messages")
    await corrects(scene, "A")
    await scene.passes(minutes=1)
    scene.paper.deaf = None
    await scene.passes(minutes=1)
    assert len(scene.paper.told) == 1


async def test_the_closed_post_is_shown_when_its_platform_is_back(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.presses("Ada", "C")
    scene.now = scene.now.replace(day=24, hour=8)
    await scene.timetable.tick()
    scene.paper.failing = Unavailable("for now")
    await corrects(scene, "C post:1")
    await scene.app.examiner.look()
    assert "Corrected" not in scene.paper.shown["1"].text
    scene.paper.failing = None
    await scene.app.examiner.look()
    assert "Corrected" in scene.paper.shown["1"].text


async def test_options_of_hostile_text_stay_text(posted: Posted) -> None:
    nasty = "@everyone <!channel> **x** `" + "y" * 200
    ring = SingleChoice(
        id="ring", kind="single_choice", prompt=nasty, options=(Option(text=nasty, correct=True), Option(text="no"))
    )
    cards = Shelf({DECK.id: DECK.model_copy(update={"cards": (ring,)})})
    scene = await posted(shelf=cards)
    await scene.presses("Ada", "B")
    form = await scene.presses("Olga", "Correct it", await scene.types("Olga", "fix", admin=True), admin=True)
    assert isinstance(form, Form)
    await corrects(scene, "B")
    await scene.passes()
    assert len(scene.paper.told) == 1
    assert isinstance(scene.paper.told[0][1], Message)


async def test_a_retired_card_is_not_posted_again(posted: Posted) -> None:
    scene = await posted(shelf=shelf("ring", "sync"))
    first = scene.paper.last[1].text
    await scene.presses("Olga", "Retire it", await scene.types("Olga", "fix", admin=True), admin=True)
    for _ in range(3):
        await scene.passes(days=1)
        assert scene.paper.last[1].text[:60] != first[:60]
    back = await scene.presses("Olga", "Post it again", await scene.types("Olga", "fix post:1", admin=True), admin=True)
    assert "can be a daily question again" in said(back)


async def test_who_was_forgotten_is_counted_by_the_new_key(posted: Posted) -> None:
    scene = await posted("ring")
    for name, letter in (("Ada", "C"), ("Bo", "C"), ("Cy", "B")):
        await scene.presses(name, letter)
    await scene.sends("Ada", await scene.types("Ada", "privacy forget"), word="forget")
    await corrects(scene, "C")
    await scene.passes(hours=23)
    assert "3 people answered, 2 got it right. First right: Bo." in scene.paper.last[1].text


async def test_the_log_says_somebody_for_an_admin_who_was_forgotten(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.presses("Ada", "C")
    await corrects(scene, "C")
    assert "· Olga ·" in said(await scene.types("Per", "fix", admin=True))
    await scene.sends("Olga", await scene.types("Olga", "privacy forget"), word="forget")
    log = said(await scene.types("Per", "fix", admin=True))
    assert "· somebody ·" in log
    assert "Olga" not in log
    async with scene.database.read() as tx:
        assert (await tx.execute(select(tables.corrections.c.person_id))).scalars().all() == [0]
