"""Reaction mode: the first reaction of a person counts, taking it away withdraws it, results come at closing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import func, select

from bot.events import MessageRef, Reaction
from bot.platform import Forbidden, Missing, Unavailable
from bot.store.schedules import Mode
from bot.store.tables import answers, people, reactions
from tests.decks import SHELF, shelf
from tests.stage import HERE, Stage, labels, said

Posted = Callable[..., Awaitable[Stage]]

ONE, TWO, THREE, FOUR = (f"{number}\ufe0f\u20e3" for number in (1, 2, 3, 4))


async def rows(scene: Stage, table: object = answers) -> int:
    async with scene.database.read() as tx:
        return int((await tx.execute(select(func.count()).select_from(table))).scalar_one())  # type: ignore[arg-type]


async def given(scene: Stage) -> list[tuple[str, str, bool]]:
    """Name, answer, whether right, in the order answered."""
    async with scene.database.read() as tx:
        query = select(people.c.name, answers.c.given, answers.c.correct).join(answers)
        return [(*row,) for row in await tx.execute(query.order_by(answers.c.answered_at, answers.c.id))]


async def test_the_post_says_how_to_answer_and_has_an_emoji_for_each_option(posted: Posted) -> None:
    scene = await posted("ring", mode=Mode.REACTIONS)
    ref, message = scene.paper.last
    assert f"{ONE}\u2002S / N\n{TWO}\u20022(N−1)/N · S\n{THREE}\u2002N · S" in message.text
    assert "Answer with a reaction: the number of your option." in message.text
    assert labels(message) == []
    assert scene.paper.seeds[ref.message] == [ONE, TWO, THREE]


async def test_true_or_false_is_asked_with_two_emojis(posted: Posted) -> None:
    scene = await posted("sync", mode=Mode.REACTIONS)
    ref, message = scene.paper.last
    assert f"{ONE}\u2002True\n{TWO}\u2002False" in message.text
    assert scene.paper.seeds[ref.message] == [ONE, TWO]
    await scene.reacts("Ada", ONE)
    await scene.passes(hours=23)
    assert await given(scene) == [("Ada", "true", True)]


async def test_only_cards_that_an_emoji_can_answer_are_asked(posted: Posted) -> None:
    scene = await posted(shelf=SHELF, mode=Mode.REACTIONS)
    for _ in range(5):
        await scene.passes(days=1)
    assert len(scene.paper.seeds) == len(scene.paper.shown) == 6
    assert all(len(seeds) in (2, 3) for seeds in scene.paper.seeds.values())


async def test_the_first_reaction_counts_when_the_question_closes_and_not_before(posted: Posted) -> None:
    scene = await posted("ring", mode=Mode.REACTIONS)
    await scene.reacts("Ada", TWO)
    await scene.passes(minutes=1)
    await scene.reacts("Ada", THREE)
    await scene.reacts("Grace", ONE)
    await scene.passes(hours=22)
    assert await rows(scene) == 0
    await scene.passes(hours=1)
    assert await given(scene) == [("Ada", "B", True), ("Grace", "A", False)]
    _, results = scene.paper.last
    assert f"Right answer  {TWO}\u20022(N−1)/N · S" in results.text
    assert f"▫️ {ONE}  ██████" in results.text
    assert "2 people answered, 1 got it right. First right: Ada." in results.text


async def test_taking_a_reaction_away_withdraws_it_and_the_next_one_counts(posted: Posted) -> None:
    scene = await posted("ring", mode=Mode.REACTIONS)
    await scene.reacts("Ada", ONE)
    await scene.passes(minutes=1)
    await scene.reacts("Ada", TWO)
    await scene.reacts("Ada", ONE, added=False)
    await scene.reacts("Grace", ONE)
    await scene.reacts("Grace", ONE, added=False)
    await scene.passes(hours=23)
    assert await given(scene) == [("Ada", "B", True)]


async def test_a_reaction_put_back_counts_from_then_on(posted: Posted) -> None:
    scene = await posted("ring", mode=Mode.REACTIONS)
    await scene.reacts("Ada", ONE)
    await scene.reacts("Ada", TWO)
    await scene.passes(minutes=1)
    await scene.reacts("Ada", ONE, added=False)
    await scene.passes(minutes=1)
    await scene.reacts("Ada", ONE)
    await scene.passes(hours=23)
    assert await given(scene) == [("Ada", "B", True)]


async def test_what_came_and_went_while_the_bot_was_away_is_settled_before_closing(posted: Posted) -> None:
    scene = await posted("ring", mode=Mode.REACTIONS)
    await scene.reacts("Ada", ONE)
    await scene.reacts("Ada", ONE, added=False, heard=False)
    await scene.reacts("Grace", TWO, heard=False)
    await scene.reacts("Emmy", THREE)
    await scene.reacts("Emmy", TWO, heard=False)
    await scene.passes(hours=23)
    assert sorted(await given(scene)) == [("Emmy", "C", False), ("Grace", "B", True)]


async def test_reactions_after_the_closing_count_for_nothing(posted: Posted) -> None:
    scene = await posted("ring", mode=Mode.REACTIONS)
    await scene.reacts("Ada", TWO)
    scene.paper.failing = Unavailable("down")
    await scene.passes(hours=23, minutes=5)
    await scene.reacts("Grace", TWO)
    await scene.reacts("Ada", TWO, added=False)
    assert await rows(scene) == 0, "closing waits until the reactions can be read"
    under = scene.paper.reactions[scene.paper.last[0].message]
    under.append((scene.actor("Ada"), TWO))
    scene.paper.failing = None
    await scene.passes(minutes=1)
    assert await given(scene) == [("Ada", "B", True)]
    assert "1 person answered" in scene.paper.last[1].text


async def test_those_seen_count_when_the_message_can_no_longer_be_read(posted: Posted) -> None:
    scene = await posted("ring", mode=Mode.REACTIONS)
    await scene.reacts("Ada", TWO)
    scene.paper.failing = Missing("gone")
    await scene.passes(hours=23)
    assert await given(scene) == [("Ada", "B", True)]


async def test_other_emojis_messages_and_modes_are_passed_over(posted: Posted) -> None:
    scene = await posted("ring", mode=Mode.REACTIONS)
    await scene.reacts("Ada", "🎉")
    await scene.reacts("Ada", FOUR)
    elsewhere = Reaction("x", ONE, True, scene.actor("Ada"), MessageRef(HERE, "999"))
    assert await scene.app.handle(elsewhere) is None
    assert await rows(scene, reactions) == 0
    await scene.reacts("Ada", "2\u20e3")  # as some platforms spell it
    assert await rows(scene, reactions) == 1


async def test_a_post_with_buttons_takes_no_reactions(posted: Posted) -> None:
    scene = await posted("ring")
    assert scene.paper.seeds == {}
    await scene.reacts("Ada", TWO)
    assert await rows(scene, reactions) == 0
    await scene.passes(hours=23)
    assert await rows(scene) == 0


async def test_a_forged_press_answers_no_post_in_reaction_mode(posted: Posted) -> None:
    scene = await posted("ring", mode=Mode.REACTIONS)
    assert "nothing was recorded" in said(await scene.acts("Ada", "answer:1:B"))
    assert await rows(scene) == 0


async def test_a_burst_of_reactions_is_kept_whole(posted: Posted) -> None:
    scene = await posted("ring", mode=Mode.REACTIONS)
    await asyncio.gather(*(scene.reacts(f"Person {number}", (ONE, TWO)[number % 2]) for number in range(300)))
    assert await rows(scene, reactions) == 300
    await scene.passes(hours=23)
    assert await rows(scene) == 300
    assert "300 people answered, 150 got it right." in scene.paper.last[1].text


async def test_known_people_keep_the_name_they_have_here(posted: Posted) -> None:
    scene = await posted("ring", mode=Mode.REACTIONS)
    await scene.types("Ada", "/quiz help")
    ref, _ = scene.paper.last
    nameless = Reaction("x", TWO, True, type(scene.actor("Ada"))("paper", "", "id-Ada", ""), ref)
    await scene.app.handle(nameless)
    scene.paper.reactions[ref.message] = [(nameless.actor, TWO)]
    await scene.passes(hours=23)
    assert await given(scene) == [("Ada", "B", True)]


async def test_today_and_home_say_what_my_reaction_comes_to(posted: Posted) -> None:
    scene = await posted("ring", mode=Mode.REACTIONS)
    asked = said(await scene.types("Ada", "/quiz today"))
    assert "Answer with a reaction" in asked
    assert asked.endswith("The question to react to stands in #general."), "under a private message nobody can react"
    assert "Waiting for your answer" in said(await scene.types("Ada", "/quiz"))
    await scene.reacts("Ada", TWO)
    assert said(await scene.types("Ada", "/quiz today")).startswith(f"You answered {TWO}. It counts")
    assert "Answered: results come when it closes" in said(await scene.types("Ada", "/quiz"))
    await scene.passes(hours=23)
    await scene.types("Ada", "/quiz leaderboard today")
    assert "Practise it" in labels(scene.paper.last[1])


async def test_emojis_that_could_not_be_put_there_are_put_there_later(posted: Posted) -> None:
    scene = await posted("ring", mode=Mode.REACTIONS)
    scene.paper.seeds.clear()
    react, scene.paper.react = scene.paper.react, refuse  # type: ignore[method-assign]
    await scene.passes(days=1)
    assert scene.paper.seeds == {}
    scene.paper.react = react  # type: ignore[method-assign]
    await scene.passes(minutes=1)
    assert list(scene.paper.seeds.values()) == [[ONE, TWO, THREE]]
    scene.paper.seeds.clear()
    await scene.passes(minutes=1)
    assert scene.paper.seeds == {}, "once is enough"


async def refuse(ref: MessageRef, emoji: str) -> None:
    raise Unavailable("busy")


@pytest.mark.parametrize("problem", [Forbidden("I lack Add Reactions in #general."), Missing("The message is gone.")])
async def test_a_post_whose_emojis_are_refused_stands_all_the_same(
    posted: Posted, problem: Forbidden | Missing
) -> None:
    scene = await posted(shelf=shelf("ring"), mode=Mode.REACTIONS)

    async def refused(ref: MessageRef, emoji: str) -> None:
        raise problem

    scene.paper.react = refused  # type: ignore[method-assign]
    await scene.passes(days=1)
    assert len(scene.paper.shown) == 2
    await scene.reacts("Ada", TWO)
    assert await rows(scene, reactions) == 1
