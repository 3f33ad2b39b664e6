"""What each command shows, in the order a newcomer would try them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from bot.commands import TREE
from bot.events import Completion
from bot.messages import Choices, Fields, Message
from tests.decks import SHELF
from tests.stage import HERE, Stage, labels, said

Posted = Callable[..., Awaitable[Stage]]


async def test_home_says_where_i_stand(posted: Posted) -> None:
    scene = await posted("ring")
    home = await scene.types("Ada", "")
    assert "Where you stand" in said(home)
    assert "Today’s question: Waiting for your answer" in said(home)
    assert "Streak: No streak yet" in said(home)
    await scene.presses("Ada", "B")
    home = await scene.types("Ada", "help")
    assert "Today’s question: Answered: correct ✅" in said(home)
    assert "This week: 20 points, rank 1 of 1" in said(home)
    assert "Days practised this month: 1" in said(home)


async def test_every_button_of_home_leads_somewhere(posted: Posted) -> None:
    scene = await posted(shelf=SHELF)
    home = await scene.types("Ada", "")
    assert isinstance(home, Message)
    for label in labels(home):
        answer = await scene.presses("Ada", label, home)
        assert isinstance(answer, Message)
        assert "nothing was recorded" not in answer.text
        assert "went wrong" not in answer.text


async def test_today_can_be_answered_where_it_was_asked_for(posted: Posted) -> None:
    scene = await posted("ring")
    today = await scene.types("Ada", "today")
    assert labels(today) == ["A", "B", "C", "Hint"]  # type: ignore[arg-type]
    await scene.presses("Ada", "B", today)
    assert said(await scene.types("Ada", "today")).startswith("You have answered today’s question.")
    assert "Results for all come Tue 24 Nov, 08:00 UTC" in said(await scene.types("Ada", "today"))


async def test_without_an_open_question_today_offers_practice(posted: Posted) -> None:
    scene = await posted("ring")
    scene.now = scene.now.replace(day=24, hour=8)
    assert "no open question right now" in said(await scene.types("Ada", "today"))


async def test_stats_start_empty_and_grow_by_topic_and_level(posted: Posted) -> None:
    scene = await posted("ring", "sync")
    assert "Your first answer starts your stats" in said(await scene.types("Ada", "stats"))
    await scene.presses("Ada", labels(scene.paper.last[1])[0])
    await scene.types("Ada", "play")
    scene.draws = False
    stats = await scene.types("Ada", "stats")
    assert isinstance(stats, Message)
    fields = dict(next(block for block in stats.blocks if isinstance(block, Fields)).pairs)
    assert fields["Answered"] == "1"
    assert fields["Streak"] == "🔥 1 day in a row"
    assert "Only you can see these." in stats.text


async def test_decks_are_listed_and_opened(posted: Posted) -> None:
    scene = await posted(shelf=SHELF, scheduled=False)
    decks = await scene.types("Ada", "deck list")
    assert "A small deck · 8 cards" in said(decks)
    deck = await scene.presses("Ada", "A small deck", decks)
    assert "Cards: 8" in said(deck)
    assert "Licence: CC-BY-4.0" in said(deck)
    assert said(await scene.types("Ada", "deck show deck:small")) == said(deck)
    assert "Practice · card 1 of 8" in said(await scene.presses("Ada", "Practise this deck", deck))
    assert "There is no deck “smal”. There is: small." in said(await scene.types("Ada", "deck show smal"))


async def test_a_group_alone_lists_what_there_is_and_what_can_be_typed(posted: Posted) -> None:
    scene = await posted(shelf=SHELF)
    decks = await scene.types("Ada", "deck")
    assert said(decks).startswith(said(await scene.types("Ada", "deck list")))
    assert "/quiz deck show  What is in a deck\n" in said(decks)
    questions = await scene.types("Olga", "schedule", admin=True)
    assert said(questions).startswith(said(await scene.types("Olga", "schedule list", admin=True)))
    assert "/quiz schedule pause  Post nothing for now\n" in said(questions)
    assert "Show 1" in labels(questions)  # type: ignore[arg-type]
    assert said(await scene.types("Ada", "schedule")) == "/quiz schedule is for admins of this place."


@pytest.mark.parametrize("word", [entry.path[0] for entry in TREE if entry.group])
async def test_every_group_alone_shows_what_its_own_command_does(posted: Posted, word: str) -> None:
    scene = await posted(shelf=SHELF)
    told = said(await scene.types("Olga", word, admin=True))
    every = [entry for entry in TREE if entry.path[:1] == (word,) and not entry.group]
    assert all(f"{entry.spelled}  {entry.help}" in told for entry in every)
    assert "wrong on my side" not in told


async def test_help_about_a_word_explains_its_commands_and_options(posted: Posted) -> None:
    scene = await posted(shelf=SHELF)
    about = said(await scene.types("Ada", "help schedule"))
    assert about.startswith(
        "Help: schedule\nFor admins of a place, in its channels.\n/quiz schedule set  Set up a daily"
    )
    assert "\n• time: When: 09:00, 9am or 9\n" in about
    for entry in TREE:
        if entry.path and entry.path[0] == "schedule" and not entry.group:
            assert f"{entry.spelled}  {entry.help}." in about
    assert "\n• mode: How people answer [buttons] (buttons, reactions)\n" in about
    play = said(await scene.types("Ada", "help about:play"))
    assert play.startswith(
        "Help: play\n/quiz play  Practise: one card after the other, just for you.\n• deck: Which deck"
    )
    for word in next(entry for entry in TREE if entry.path == ("help",)).options[0].choices:
        assert said(await scene.types("Ada", f"help {word}")).startswith(f"Help: {word}\n")


async def test_deck_names_are_completed(posted: Posted) -> None:
    scene = await posted(shelf=SHELF)
    asked = Completion("c1", ("play",), "deck", "SMA", scene.actor("Ada"), HERE)
    answer = await scene.app.handle(asked)
    assert isinstance(answer, Choices)
    assert [(choice.label, choice.value) for choice in answer.choices] == [("A small deck", "small")]
    topics = await scene.app.handle(Completion("c2", ("play",), "topic", "mem", scene.actor("Ada"), HERE))
    assert isinstance(topics, Choices)
    assert [choice.value for choice in topics.choices] == ["memory"]


async def test_a_feature_that_breaks_apologises_with_a_number_that_the_log_has(
    posted: Posted, caplog: pytest.LogCaptureFixture
) -> None:
    scene = await posted("ring")
    async with scene.database.write() as tx:
        await tx.exec_driver_sql("ALTER TABLE scores RENAME TO scores_gone")
    answer = said(await scene.types("Ada", "leaderboard"))
    assert answer.startswith("Something went wrong on my side (error ")
    number = answer.split("error ")[1].split(")")[0]
    assert number in caplog.text
