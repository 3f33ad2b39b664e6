"""`/quiz stats`: a picture of what somebody did, or the same in words; and who may see whose."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta

from bot.messages import Answer, Message, Picture, Table
from bot.pictures import Share, Stats
from tests.stage import Stage, labels, said

Posted = Callable[..., Awaitable[Stage]]

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


async def drawn(scene: Stage, name: str, text: str = "stats") -> tuple[Message, Stats]:
    """What somebody is told, and what is drawn for them."""
    told = await scene.types(name, text)
    assert isinstance(told, Message), told
    assert any(isinstance(block, Picture) for block in told.blocks), told.text
    sheet = scene.sheets[-1]
    assert isinstance(sheet, Stats)
    return told, sheet


async def practises(scene: Stage, name: str, *labelled: str) -> None:
    """Sessions of the shelf's one card, answered so, one after the other."""
    for label in labelled:
        scene.now += timedelta(seconds=5)
        await scene.presses(name, label, await scene.types(name, "play"))


async def test_the_picture_has_the_days_of_questions_and_of_practice(posted: Posted) -> None:
    scene = await posted("ring", "sync")
    first = labels(scene.paper.last[1])[0]
    await scene.presses("Ada", first)
    await scene.passes(days=1)
    one, two = (await scene.types("Ada", "play count:2"), None)
    while isinstance(one, Message) and not said(one).startswith("Practice done"):
        two = one
        one = await scene.presses("Ada", labels(one)[0], one)
    assert two is not None
    told, sheet = await drawn(scene, "Ada")
    assert sheet.today == TUESDAY
    assert dict(sheet.days) == {MONDAY: 1, TUESDAY: 1}, "the open question's card is not practised"
    assert sheet.this_month == 2
    assert "2 days practised this month" in said(told)
    assert "Days practised this month: 2" in said(await scene.types("Ada", ""))


async def test_a_card_is_known_by_its_last_answer_and_accuracy_counts_all(posted: Posted) -> None:
    scene = await posted("sync", scheduled=False)
    await practises(scene, "Ada", "False", "True", "True")
    told, sheet = await drawn(scene, "Ada")
    assert sheet.topics == (Share("basics", 1, 1),)
    assert [(each.part, each.whole) for each in sheet.levels] == [(2, 3)]
    assert "3 answers in all, 67 % right." in said(told)
    await practises(scene, "Ada", "False")
    _, sheet = await drawn(scene, "Ada")
    assert sheet.topics == (Share("basics", 0, 1),)
    assert [(each.part, each.whole) for each in sheet.levels] == [(2, 4)]


async def test_what_was_guessed_is_not_known(posted: Posted) -> None:
    scene = await posted("ring")
    verdict = await scene.presses("Ada", "B")
    _, sheet = await drawn(scene, "Ada")
    assert sheet.topics == (Share("collectives", 1, 1),)
    await scene.presses("Ada", "I guessed", verdict)
    told, sheet = await drawn(scene, "Ada")
    assert sheet.topics == (Share("collectives", 0, 1),)
    assert "1 answer in all, 100 % right, 1 of them by a guess." in said(told)


async def test_flashcards_can_be_known_but_count_for_no_accuracy(posted: Posted) -> None:
    scene = await posted("what", scheduled=False)
    card = await scene.types("Ada", "play")
    await scene.presses("Ada", "Good", await scene.presses("Ada", "Reveal", card))
    told, sheet = await drawn(scene, "Ada")
    assert (sheet.topics, sheet.levels, sheet.right) == ((Share("basics", 1, 1),), (), None)
    assert "1 answer in all." in said(told)


async def test_words_say_the_same_where_nothing_can_be_drawn(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.presses("Ada", "B")
    scene.draws = False
    told = await scene.types("Ada", "stats")
    assert "Days practised this month: 1\nStreak: 🔥 1 day in a row" in said(told)
    assert tables(told) == [(("collectives", "1", "1"),), (("advanced", "100 %", "1"),)]
    assert labels(told) == ["Share my stats"]  # type: ignore[arg-type]


def tables(told: Answer) -> list[tuple[tuple[str, ...], ...]]:
    assert isinstance(told, Message)
    return [block.rows for block in told.blocks if isinstance(block, Table)]


# ---------------------------------------------------------------- others


async def test_nobody_sees_what_is_not_shared_nor_that_it_is_there(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.presses("Ada", "B")
    for asked in ("stats Ada", "stats person:Ada", "stats @Ada"):
        assert "Ada” shares their stats here. Whoever wants to can" in said(await scene.types("Bo", asked))
    nobody = said(await scene.types("Bo", "stats Zed"))
    assert nobody == said(await scene.types("Bo", "stats Ada")).replace("Ada", "Zed")
    assert said(await scene.types("Bo", "stats <@id9Zed>")) == said(await scene.types("Bo", "stats <@idAda>"))
    assert not scene.sheets


async def test_shared_stats_are_seen_without_the_streak_until_sharing_stops(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.presses("Ada", "B")
    mine = await scene.types("Ada", "stats")
    assert "Only you can see these." in said(mine)
    shared = await scene.presses("Ada", "Share my stats", mine)
    assert "Others here can see your days, topics and accuracy" in said(shared)
    told, sheet = await drawn(scene, "Bo", "stats ada")
    assert said(told).startswith("Stats of Ada, 23 November 2026: 1 day practised this month. 1 answered, 100")
    assert (sheet.name, sheet.streak, sheet.frozen) == ("Ada", None, ())
    assert "in a row" not in said(told)
    assert labels(told) == []
    scene.draws = False
    assert "Streak" not in said(await scene.types("Bo", "stats Ada"))
    scene.draws = True
    await scene.presses("Ada", "Stop sharing", shared)
    assert "Nobody called “Ada” shares" in said(await scene.types("Bo", "stats Ada"))


async def test_one_s_own_name_shows_one_s_own(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.presses("Ada", "B")
    told, sheet = await drawn(scene, "Ada", "stats ADA")
    assert (sheet.name, labels(told)) == ("", ["Share my stats"])


async def test_who_shares_and_has_answered_nothing_is_said_so(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.acts("Ada", "share")
    assert said(await scene.types("Bo", "stats Ada")) == "Ada hasn’t answered anything yet."


async def test_of_two_of_a_name_the_one_who_shares_is_meant(posted: Posted) -> None:
    scene = await posted("ring")
    for who in ("Ada", "ADA"):
        await scene.presses(who, "B")
    await scene.acts("ADA", "share")
    _, sheet = await drawn(scene, "Bo", "stats ada")
    assert sheet.name == "ADA"
    await scene.acts("Ada", "share")
    assert "Several people called “ada”" in said(await scene.types("Bo", "stats ada"))
