"""One daily question in several channels: set up, changed, stopped and posted as one, with the same card; each channel's trouble
is its own.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import func, select

from bot import history
from bot.events import Place, Workspace, WorkspaceChanged
from bot.messages import Answer, Message
from bot.platform import Forbidden, Rejected, Unavailable
from bot.store import questions
from bot.store.questions import Question
from bot.store.tables import answers, cards, posts
from tests.decks import DECK, SHELF, shelf
from tests.stage import HERE, Stage, labels, said

Posted = Callable[..., Awaitable[Stage]]

AWAY = Place("paper", "w2", "lobby")


@pytest.fixture
async def scene(posted: Posted) -> Stage:
    """A community without any daily question, on a Monday at 09:00 UTC."""
    return await posted(shelf=SHELF, scheduled=False)


async def types(scene: Stage, text: str, place: Place = HERE) -> Answer:
    return await scene.types("Olga", text, place, admin=True)


async def set_up(scene: Stage, text: str = "time:10 days:daily channel:#general,#hall") -> str:
    return said(await types(scene, f"schedule set {text}"))


async def kept(scene: Stage, number: int = 1) -> Question:
    async with scene.database.read() as tx:
        found = await questions.by_number(tx, number)
    assert found is not None
    return found


async def channels(scene: Stage, number: int = 1) -> list[str]:
    return [place.channel for place in (await kept(scene, number)).places]


async def asked(scene: Stage) -> dict[tuple[str, str | None], str]:
    """Card by channel and date, of what was not refused."""
    query = select(posts.c.channel, posts.c.local_date, cards.c.card).join(cards, cards.c.id == posts.c.card_id)
    async with scene.database.read() as tx:
        found = [
            ((row[0], row[1] and row[1].isoformat()), row[2])
            for row in await tx.execute(query.where(posts.c.state != "failed").order_by(posts.c.id))
        ]
    assert len(found) == len(dict(found)), "one for each channel and date"
    return dict(found)


def code_in(answer: Answer) -> str:
    found = re.search(r"code:([0-9A-Z-]+)", said(answer))
    assert found is not None, said(answer)
    return found[1]


async def states(scene: Stage) -> list[tuple[str, str]]:
    async with scene.database.read() as tx:
        return [
            (row[0], row[1]) for row in await tx.execute(select(posts.c.channel, posts.c.state).order_by(posts.c.id))
        ]


# ---------------------------------------------------------------- setting up


async def test_a_question_in_two_channels_is_one(scene: Stage) -> None:
    assert (await set_up(scene)).startswith(
        "Daily question 1 is set up\n"
        "Every day at 10:00 UTC; next: Monday 23 November, 10:00 UTC.\n"
        "In #general and #hall, from all 8 cards; answered with buttons. Each is open until an hour before the next one, "
        "at most 23 hours. The next one is open until Tuesday 24 November, 09:00 UTC. "
        "On Mondays each channel gets a recap of its week."
    )
    listed = said(await types(scene, "schedule list"))
    assert listed == (
        "Daily questions\n1 · #general and #hall · Every day at 10:00 UTC\nnext: Monday 23 November, 10:00 UTC"
    )
    assert "#general and #hall · Every day at 10:00 UTC · next Mon 23 Nov, 10:00 UTC" in said(await types(scene, ""))


WRITTEN = (
    "time:10 channel:#general,#hall",
    "11 #general, #hall",
    "12 #general #hall",
    "time:13 channel:<#general|general>,<#hall>",
    "time:14 channel:#general also:#hall",
    "time:15 also:#hall",
    "time:16 channel:#general,#hall,#general",
)


async def test_channels_are_named_as_people_write_them(scene: Stage) -> None:
    for typed in WRITTEN:
        assert "In #general and #hall, from" in await set_up(scene, typed), typed
    async with scene.database.read() as tx:
        every = await questions.of_community(tx, 1)
    assert [[place.channel for place in each.places] for each in every] == [["general", "hall"]] * len(WRITTEN)


REFUSED = {
    "id:1 also:#hall": "Daily question 1 stands in #hall already.",
    "id:1 without:#talk": "Daily question 1 doesn’t stand in #talk.",
    "id:1 without:#hall,#general": (
        "That would leave daily question 1 no channel. To end it: /quiz schedule remove id:1."
    ),
    "time:9 without:#hall": ("To take a channel away from a daily question, name that, too: id:1 without:#general"),
    f"time:9 channel:{','.join(f'#c{number}' for number in range(21))}": (
        "A daily question stands in 20 channels at most, and these would be 21. Set up another one for the rest."
    ),
    "time:10 channel:#talk,#hall": (
        "Daily question 1 comes into #hall at that time already: every day at 10:00 UTC. "
        "To change it: /quiz schedule set id:1, and what shall be different."
    ),
    "id:2 time:10": "There is no daily question 2 here.",
}


async def test_what_can_not_be_is_refused_and_changes_nothing(scene: Stage) -> None:
    await set_up(scene)
    before = await kept(scene)
    for typed, says in REFUSED.items():
        assert says in await set_up(scene, typed), typed
        assert await kept(scene) == before
    async with scene.database.read() as tx:
        assert len(await questions.of_community(tx, 1)) == 1


async def test_twenty_channels_have_one_question_and_are_counted_in_lists(scene: Stage) -> None:
    await set_up(scene, f"time:10 channel:{','.join(f'#c{number}' for number in range(20))}")
    assert "1 · #c0, #c1, #c2 and 17 more · Weekdays at 10:00 UTC" in said(await types(scene, "schedule list"))
    await scene.passes(hours=1)
    found = await asked(scene)
    assert len(found) == 20
    assert len(set(found.values())) == 1


# ---------------------------------------------------------------- the same card


async def test_the_channels_have_the_same_card_each_day_and_none_twice_before_all(scene: Stage) -> None:
    await set_up(scene, "time:10 days:daily channel:#hall topic:basics")
    await scene.passes(hours=1)  # so that the second channel has had one less
    await set_up(scene, "id:1 also:#general,#talk")
    had: list[str] = list((await asked(scene)).values())
    for day in range(24, 28):
        await scene.passes(days=1)
        today = {channel: card for (channel, on), card in (await asked(scene)).items() if on == f"2026-11-{day}"}
        assert today.keys() == {"general", "hall", "talk"}
        assert len(set(today.values())) == 1
        had.append(today["hall"])
    assert len(set(had[:4])) == 4, "no card twice before all were there, in any of them"
    assert had[4] == had[0]


async def test_a_channel_that_joins_has_what_it_had_counted_too(posted: Posted) -> None:
    scene = await posted(shelf=shelf("ring", "sync", "what"), scheduled=False)
    await set_up(scene, "time:10 days:daily channel:#hall")
    await set_up(scene, "time:11 days:daily channel:#general")
    await scene.passes(hours=2)
    first = set((await asked(scene)).values())
    await types(scene, "schedule remove 2")
    await scene.acts("Olga", "schedule-removed:2", admin=True)
    await set_up(scene, "id:1 also:#general")
    await scene.passes(days=1)
    assert {card for (_, on), card in (await asked(scene)).items() if on == "2026-11-24"}.isdisjoint(first)


async def test_an_answer_counts_once_whichever_channel_it_was_given_in(posted: Posted) -> None:
    scene = await posted("ring", scheduled=False)
    await set_up(scene)
    await scene.passes(hours=1)
    assert len(scene.paper.shown) == 2
    assert "✅ Correct" in said(await scene.presses("Ada", "B", scene.paper.shown["1"]))
    again = said(await scene.presses("Ada", "A", scene.paper.shown["2"]))
    assert "✅ Correct" in again, "what was answered before"
    async with scene.database.read() as tx:
        assert (await tx.execute(select(func.count()).select_from(answers))).scalar() == 1


async def test_a_card_that_a_platform_refuses_is_another_everywhere_that_it_can_be(scene: Stage) -> None:
    await set_up(scene)
    post, refused = scene.paper.post, list[str]()

    async def picky(place: Place, message: Message, key: str) -> object:
        if not refused or message.text == refused[0]:
            refused[:] = [message.text]
            raise Rejected("I don’t like that card.")
        return await post(place, message, key)

    scene.paper.post = picky  # type: ignore[assignment, method-assign]
    await scene.passes(hours=1)
    await scene.passes(minutes=1)
    assert sorted(await asked(scene)) == [("general", "2026-11-23"), ("hall", "2026-11-23")]
    assert len(set((await asked(scene)).values())) == 1


# ---------------------------------------------------------------- trouble is each channel's own


async def test_a_closed_channel_keeps_no_other_from_its_question(scene: Stage) -> None:
    lacking = "I lack Send Messages in #hall."
    scene.paper.closed["hall"] = Forbidden(lacking)
    answer = await set_up(scene)
    assert answer.startswith(
        f"⚠️ #hall: {lacking} Until that is mended nothing is posted; then I go on by myself.\nDaily question 1 is set up\n"
        "Every day at 10:00 UTC; next: Monday 23 November, 10:00 UTC.\nIn #general and #hall"
    )
    await scene.passes(hours=1)
    assert await states(scene) == [("general", "open")]
    assert f"⚠️ #hall: {lacking}" in said(await types(scene, "schedule list"))
    assert said(await types(scene, "")).startswith(f"⚠️ #hall: {lacking}")
    shown = await types(scene, "schedule show")
    assert said(shown).startswith(f"⚠️ #hall: {lacking}\nDaily question 1\n")
    assert isinstance(shown, Message)
    assert labels(shown)[0] == "Pause"
    scene.paper.closed.clear()
    await scene.app.handle(WorkspaceChanged("c", Workspace("paper", "w1", "Study Hall")))
    await scene.passes(minutes=1)
    assert await states(scene) == [("general", "open"), ("hall", "open")], "the same day still"
    assert len(set((await asked(scene)).values())) == 1
    assert "⚠️" not in said(await types(scene, "schedule show"))


async def test_where_no_channel_can_be_used_it_can_not_go_on(scene: Stage) -> None:
    await set_up(scene)
    await types(scene, "schedule pause")
    scene.paper.closed |= {name: Forbidden(f"I lack Send Messages in #{name}.") for name in ("general", "hall")}
    answer = said(await types(scene, "schedule resume"))
    assert answer.startswith("⚠️ #general: I lack Send Messages in #general. Until")
    assert "\n⚠️ #hall: I lack Send Messages in #hall. Until" in answer
    assert "\nDaily question 1 can’t go on yet\n" in answer
    del scene.paper.closed["general"]
    answer = said(await types(scene, "schedule resume"))
    assert answer.startswith("⚠️ #hall: I lack Send Messages in #hall. Until")
    assert "\nDaily question 1 goes on\nEvery day at 10:00 UTC; next: Monday" in answer


async def test_a_question_without_cards_is_told_of_once_for_all_its_channels(
    scene: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await set_up(scene, "time:10 days:daily channel:#general,#hall,#talk topic:basics")
    with monkeypatch.context() as fewer:
        rest = tuple(card for card in DECK.cards if "basics" not in card.topics)
        fewer.setitem(SHELF.decks, "small", DECK.model_copy(update={"cards": rest}))
        await scene.passes(hours=1)
        await scene.passes(days=1)
    ((_, told),) = scene.paper.told
    assert "#general, #hall and #talk: There is no card for this: about basics." in told.text
    assert "with /quiz schedule set id:1." in told.text
    await scene.passes(days=1)
    assert len(await asked(scene)) == 3
    assert "⚠️" not in said(await types(scene, "schedule show"))


# ---------------------------------------------------------------- changing and stopping


async def test_a_channel_comes_and_goes_and_the_number_stays(scene: Stage) -> None:
    await set_up(scene, "time:10 days:daily channel:#hall mode:reactions")
    assert "Daily question 1 is changed\n" in await set_up(scene, "id:1 also:#talk")
    assert await channels(scene) == ["hall", "talk"]
    assert {line.mode for line in (await kept(scene)).lines} == {"reactions"}
    await set_up(scene, "id:1 without:#hall")
    assert await channels(scene) == ["talk"]
    assert said(await types(scene, "schedule show")).startswith("Daily question 1\n")
    await set_up(scene, "id:1 also:#general time:11")
    assert [(line.place.channel, line.time) for line in (await kept(scene)).lines] == [
        ("talk", "11:00"),
        ("general", "11:00"),
    ]
    assert "In #talk and #general, from" in said(await types(scene, "schedule show"))
    await set_up(scene, "12 #hall")
    assert "There is no daily question 2" in said(await types(scene, "schedule show 2")), "that is a line of the first"
    await scene.passes(hours=2)
    assert set(await states(scene)) == {("talk", "open"), ("general", "open")}


async def test_naming_channels_anew_moves_those_that_there_are(scene: Stage) -> None:
    await set_up(scene)
    await scene.passes(hours=1)
    await set_up(scene, "id:1 channel:#talk,#hall time:11")
    assert await channels(scene) == ["talk", "hall"]
    await scene.passes(hours=2)
    assert sorted(channel for channel, _ in await states(scene)) == ["general", "hall"], "the date has had its question"
    await set_up(scene, "id:1 channel:#hall")
    await scene.passes(days=1)
    assert [channel for channel, _ in await states(scene)][2:] == ["hall"]


async def test_a_channel_that_is_taken_away_keeps_its_open_question_to_the_close(posted: Posted) -> None:
    scene = await posted("ring", scheduled=False)
    await set_up(scene)
    await scene.passes(hours=1)
    await set_up(scene, "id:1 without:#hall")
    await scene.passes(hours=23)
    assert sorted(await states(scene)) == [("general", "closed"), ("hall", "closed")]
    await scene.passes(hours=1)
    assert (await states(scene))[2:] == [("general", "open")]


async def test_a_channel_that_goes_and_comes_back_has_one_question_a_date(scene: Stage) -> None:
    await set_up(scene)
    await scene.passes(hours=1)
    for change in ("without:#hall", "also:#hall", "channel:#talk,#hall", "also:#general", "time:12"):
        await set_up(scene, f"id:1 {change}")
    await scene.passes(hours=3)
    assert sorted(await asked(scene)) == [("general", "2026-11-23"), ("hall", "2026-11-23")]
    now = said(await types(scene, "schedule now"))
    assert "It is one more, beside today’s" in now, "one line had today's before it moved"
    await scene.passes(days=1)
    tomorrow = {channel for channel, on in await asked(scene) if on == "2026-11-24"}
    assert tomorrow == {"general", "hall", "talk"}


async def test_a_line_that_is_late_and_moves_to_where_the_date_was_had_waits_for_the_next(scene: Stage) -> None:
    scene.paper.closed["hall"] = Forbidden("I lack Send Messages.")
    await set_up(scene)
    await scene.passes(hours=1)
    await set_up(scene, "id:1 without:#general")
    assert "next: Tuesday 24 November" in await set_up(scene, "id:1 channel:#general")
    await scene.passes(hours=1)
    assert sorted(await asked(scene)) == [("general", "2026-11-23")]


async def test_a_pause_and_an_end_are_of_all_channels(scene: Stage) -> None:
    await set_up(scene)
    assert "paused by an admin" in said(await types(scene, "schedule pause"))
    assert "paused by an admin" in await set_up(scene, "id:1 also:#talk"), "a channel that joins is paused as well"
    await scene.passes(hours=2)
    assert await states(scene) == []
    assert "the next one comes at once" in said(await types(scene, "schedule resume"))
    await scene.timetable.tick()
    assert [state for _, state in await states(scene)] == ["open"] * 3, "what was missed today, in all of them"
    assert said(await types(scene, "schedule remove")).startswith(
        "Remove daily question 1? It comes every day at 10:00 UTC, in #general, #hall and #talk."
    )
    gone = said(await scene.acts("Olga", "schedule-removed:1", admin=True))
    assert gone == "Daily question 1 is removed: it came every day at 10:00 UTC, in #general, #hall and #talk."
    await scene.passes(days=1)
    assert [state for _, state in await states(scene)] == ["closed"] * 3


async def test_a_question_by_hand_comes_in_all_channels_and_first_where_it_lacks(scene: Stage) -> None:
    await set_up(scene, "time:10 days:daily channel:#general")
    await scene.passes(hours=1)
    await set_up(scene, "id:1 also:#hall,#talk")
    answer = said(await types(scene, "schedule now"))
    assert answer.startswith("Posted in #hall and #talk. It is today’s question, so no other comes today.")
    assert len(await asked(scene)) == 3
    assert len(set((await asked(scene)).values())) == 1
    answer = said(await types(scene, "schedule now"))
    assert answer.startswith("Posted in #general, #hall and #talk. It is one more, beside today’s.")
    extra = {card for (_, on), card in (await asked(scene)).items() if on is None}
    assert len(extra) == 1
    assert extra.isdisjoint(card for (_, on), card in (await asked(scene)).items() if on)


async def test_a_question_by_hand_says_where_it_could_not_be_posted(scene: Stage) -> None:
    await set_up(scene)
    scene.paper.closed["hall"] = Forbidden("I lack Send Messages.")
    answer = said(await types(scene, "schedule now"))
    assert answer.startswith("⚠️ Not in #hall: I lack Send Messages.\nPosted in #general. It is today’s question")
    assert await states(scene) == [("general", "open"), ("hall", "failed")]
    scene.paper.failing = Unavailable("The platform is down.")
    assert said(await types(scene, "schedule now")).startswith("I could not post that: The platform is down.")


async def test_recaps_are_told_of_and_turned_off_for_all_channels(scene: Stage) -> None:
    await set_up(scene, "time:9 channel:#talk recap:off")
    assert "There is no weekly recap." in await set_up(scene, "time:10 channel:#general,#hall recap:off")
    assert "On Mondays each channel gets" in await set_up(scene, "id:2 recap:on")
    assert "On Mondays some of the channels get" in await set_up(scene, "id:2 also:#talk")
    assert "On Mondays each channel gets" in await set_up(scene, "id:2 recap:on")


# ---------------------------------------------------------------- explained, and parted


async def test_an_operator_is_told_of_every_channel(scene: Stage) -> None:
    await set_up(scene)
    scene.paper.closed["hall"] = Forbidden("I lack Send Messages.")
    await scene.passes(hours=1)
    async with scene.database.read() as tx:
        told = await history.explain(tx, 1, scene.now)
        assert await history.explain(tx, 2, scene.now) is None
    assert told is not None
    assert told.startswith(
        "Daily question 1: Every day at 10:00 UTC, in 2 channels, with the same card.\n\n"
        "In channel general of paper w1:\nNext: Tuesday 24 November, 10:00 UTC.\n\ndaily:1:2026-11-23 (2026-11-23): open;"
    )
    hall = told[told.index("In channel hall of paper w1:") :]
    assert "Trouble: I lack Send Messages." in hall
    assert "daily:2:2026-11-23 (2026-11-23): failed;" in hall


@pytest.mark.parametrize("leaves", [HERE, AWAY], ids=["the first", "the other"])
async def test_a_question_of_two_workspaces_is_two_when_they_part(scene: Stage, leaves: Place) -> None:
    code = code_in(await types(scene, "community link"))
    asked_first = await types(scene, f"community link code:{code}", AWAY)
    await scene.presses("Olga", "Join them", asked_first, AWAY, admin=True)
    await set_up(scene)
    changed = said(await types(scene, "schedule set id:1 also:#away", AWAY))
    assert "In #general, #hall and #away, from" in changed
    await scene.passes(hours=1)
    assert len(set((await asked(scene)).values())) == 1 < len(await asked(scene)) == 3
    left = await types(scene, "community leave", leaves)
    await scene.presses("Olga", "Leave", left, leaves, admin=True)
    assert "1 · #general and #hall · Every day" in said(await types(scene, "schedule list"))
    assert "3 · #away · Every day" in said(await types(scene, "schedule list", AWAY))
    assert "Daily question 3 is paused" in said(await types(scene, "schedule pause", AWAY))
    await scene.passes(days=1)
    assert {channel for channel, on in await asked(scene) if on == "2026-11-24"} == {"general", "hall"}
