"""A live round: lobby, questions, reveals, podium; who may lead it, what counts, and what a restart leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.app import App
from bot.events import Press, WorkspaceLeft
from bot.features.desk import account
from bot.messages import Action, Message, Table
from bot.platform import Forbidden, Missing, Rejected, Unavailable
from bot.store import dossier
from bot.store.tables import answers, days, live_answers, live_rounds, metadata, scores, streaks
from tests.decks import SHELF
from tests.stage import DIRECT, HERE, Stage, labels, said

Posted = Callable[..., Awaitable[Stage]]

LOBBY, QUESTION, REVEAL = 61, 22, 13
"""Seconds after which each of them is over."""


@pytest.fixture
def posted(posted: Posted) -> Posted:
    """A channel in which nothing is asked by itself, with a deck of two cards that one press answers."""

    async def quiet(*cards: str) -> Stage:
        scene = await posted(*(cards or ("ring", "sync")), scheduled=False)
        scene.draws = False
        return scene

    return quiet


async def begins(scene: Stage, name: str = "Olga", more: str = "", *, admin: bool = False) -> str:
    return said(await scene.types(name, f"live small {more}", admin=admin))


async def playing(scene: Stage, *names: str, more: str = "") -> None:
    """The first question of a round, with these players."""
    await begins(scene, more=more)
    for name in names:
        await scene.presses(name, "Join")
    await scene.passes(seconds=LOBBY)


def stands(scene: Stage) -> str:
    return said(scene.paper.last[1])


def right(scene: Stage) -> str:
    """The label of the right option of what is asked."""
    return "B" if "all-reduce" in stands(scene) else "True"


def wrong(scene: Stage) -> str:
    return "A" if "all-reduce" in stands(scene) else "False"


def table(message: Message) -> list[tuple[str, ...]]:
    return [row for block in message.blocks if isinstance(block, Table) for row in block.rows]


async def board(scene: Stage, by: str, name: str = "Zed") -> list[tuple[str, ...]]:
    found = await scene.types(name, f"leaderboard by:{by}")
    assert isinstance(found, Message)
    return table(found)


async def test_a_round_goes_from_the_lobby_to_the_podium_in_one_message(posted: Posted) -> None:
    scene = await posted()
    assert "The lobby is open" in await begins(scene)
    assert labels(scene.paper.last[1]) == ["Join", "Start", "Stop"]
    assert "Live round: A small deck" in stands(scene)
    assert "2 questions · 20 seconds each" in stands(scene)
    assert "You are in. The first question comes" in said(await scene.presses("Ada", "Join"))
    assert "You are in already" in said(await scene.presses("Ada", "Join"))
    await scene.presses("Bo", "Join")
    await scene.passes(seconds=1)
    assert "Nobody has joined yet" in stands(scene), "who joins is gathered"
    await scene.passes(seconds=1)
    assert "2 players: Ada, Bo" in stands(scene)
    await scene.passes(seconds=LOBBY)
    assert stands(scene).startswith("Question 1 of 2\n⏳ 20 seconds · ends")
    first = right(scene)
    scene.now += timedelta(seconds=1)  # until it can be seen
    assert "🔒 Nobody has answered yet." in stands(scene)
    assert await scene.presses("Ada", first) is None, "nothing pushes the question away"
    await scene.passes(seconds=2)
    assert "🔒 1 answer: Ada" in stands(scene)
    await scene.passes(seconds=8)
    assert await scene.presses("Bo", first) is None
    await scene.passes(seconds=2)
    assert "🔒 2 answers: Ada, Bo" in stands(scene)
    await scene.passes(seconds=QUESTION - 13)
    assert "2 people answered, 2 got it right." in stands(scene)
    assert "✅" in stands(scene)
    assert table(scene.paper.last[1]) == [("🥇 1", "Ada", "1,000", "+1,000"), ("🥈 2", "Bo", "750", "+750")]
    await scene.passes(seconds=REVEAL)
    assert stands(scene).startswith("Question 2 of 2")
    scene.now += timedelta(seconds=1)
    await scene.presses("Bo", right(scene))
    await scene.presses("Ada", wrong(scene))
    await scene.passes(seconds=QUESTION)
    assert table(scene.paper.last[1]) == [("🥇 1", "Bo", "1,750", "+1,000"), ("🥈 2", "Ada", "1,000", "")]
    assert "The podium comes" in stands(scene)
    await scene.passes(seconds=REVEAL)
    assert "🏆 Bo won with 1,750 points." in stands(scene)
    assert table(scene.paper.last[1]) == [("🥇 1", "Bo", "1,750", "2 of 2"), ("🥈 2", "Ada", "1,000", "1 of 2")]
    assert labels(scene.paper.last[1]) == ["How I did", "Board of live rounds"]
    assert len(scene.paper.shown) == 1


async def test_live_points_are_on_their_own_board_alone(posted: Posted) -> None:
    scene = await posted("sync")
    await playing(scene, "Ada", "Bo")
    await scene.presses("Ada", "True")
    await scene.presses("Bo", "False")
    assert await board(scene, "live") == [], "nothing counts before the answer is shown"
    await scene.passes(seconds=QUESTION)
    assert await board(scene, "live") == [("🥇 1", "Ada", "1,000", "1 of 1"), ("2", "Bo", "0", "0 of 1")]
    assert await board(scene, "people") == []
    assert "Leaderboard of live rounds, this month" in said(await scene.types("Ada", "leaderboard month by:live"))
    public = said(await scene.types("Ada", "leaderboard all by:live public:yes"))
    assert public == "Posted for everyone here."
    async with scene.database.read() as tx:
        for untouched in (answers, days, streaks):
            assert (await tx.execute(select(func.count()).select_from(untouched))).scalar_one() == 0
        periods = set((await tx.execute(select(scores.c.period))).scalars())
    assert periods == {"ld2026-11-23", "lw2026-48", "lm2026-11", "ls2026-10-01", "lall"}


async def test_who_presses_first_is_heard_once_and_late_presses_get_a_word(posted: Posted) -> None:
    scene = await posted("sync")
    await playing(scene, "Ada")
    await scene.presses("Ada", "False")
    assert said(await scene.presses("Ada", "True")) == "You locked in False before, and that stands."
    asked = scene.paper.last[1]
    ref = scene.paper.last[0]
    scene.now += timedelta(seconds=20.999)
    assert await scene.presses("Bo", "True") is None
    scene.now += timedelta(seconds=0.002)
    assert "Time is up for that question" in said(await scene.presses("Cy", "True"))
    await scene.passes(seconds=1)
    assert "2 people answered, 1 got it right." in stands(scene)
    assert table(scene.paper.last[1]) == [("🥇 1", "Bo", "500", "+500"), ("2", "Ada", "0", "")]
    for action in asked.actions:
        assert "Time is up" in said(await scene.acts("Dan", action, ref))


async def test_whoever_answers_plays_and_ties_share_a_place(posted: Posted) -> None:
    scene = await posted("sync")
    await playing(scene, "Zoe")
    scene.now += timedelta(seconds=3)
    for name in ("Cy", "Bo", "Zoe"):
        await scene.presses(name, "True")
    await scene.presses("Ada", "False")
    await scene.passes(seconds=QUESTION)
    assert [row[:2] for row in table(scene.paper.last[1])] == [
        ("🥇 1", "Bo"),
        ("🥇 1", "Cy"),
        ("🥇 1", "Zoe"),
        ("4", "Ada"),
    ]
    await scene.passes(seconds=REVEAL)
    assert "🏆 Bo, Cy, Zoe share the first place with 950 points." in stands(scene)
    assert "4 people played." in stands(scene)


async def test_how_one_did_is_told_in_private_and_who_hides_is_not_shown(posted: Posted) -> None:
    scene = await posted("sync")
    page = await scene.types("Shy", "leaderboard")
    await scene.presses("Shy", "Hide me from boards", page)
    await playing(scene, "Ada", "Shy")
    await scene.presses("Shy", "True")
    await scene.presses("Ada", "False")
    assert "True" not in said(await scene.types("Ada", "privacy export")), "and nothing is told before"
    await scene.passes(seconds=QUESTION)
    assert "Shy" not in stands(scene)
    assert "2 people answered" in stands(scene)
    mine = said(await scene.presses("Shy", "How I did"))
    assert mine.startswith("✅ Correct · +1,000\nYou are 1 of 2 with 1,000 points, 1 right.")
    assert "nobody else sees this" in mine
    assert said(await scene.presses("Ada", "How I did")).startswith("❌ Not right · +0\nYou are 1 of 2 with 0 points")
    assert "You have not played" in said(await scene.presses("Zed", "How I did"))
    await scene.passes(seconds=REVEAL)
    assert "Shy" not in stands(scene)
    assert [row[1] for row in await board(scene, "live")] == ["Ada"]


# ---------------------------------------------------------------- who leads it


async def test_its_host_and_admins_start_and_stop_it_and_nobody_else(posted: Posted) -> None:
    scene = await posted()
    await begins(scene)
    assert "Nobody has joined yet" in said(await scene.presses("Olga", "Start"))
    await scene.presses("Ada", "Join")
    for label in ("Start", "Stop"):
        assert "Only who began this round" in said(await scene.presses("Ada", label))
    assert await scene.presses("Olga", "Start") is None
    await scene.passes(seconds=0)
    assert stands(scene).startswith("Question 1 of 2")
    await scene.presses("Ada", right(scene))
    await scene.passes(seconds=QUESTION)
    assert "stopped" in said(await scene.presses("Root", "Stop", admin=True))
    await scene.passes(seconds=0)
    assert "It was stopped early. What was won until then counts." in stands(scene)
    assert "🏆 Ada won with 1,000 points." in stands(scene)
    assert "over" in said(await scene.acts("Olga", "live-stop:1"))


async def test_a_question_that_is_cut_short_counts_for_nobody(posted: Posted) -> None:
    scene = await posted("sync")
    await playing(scene, "Ada")
    await scene.presses("Ada", "True")
    await scene.acts("Olga", "live-stop:1")
    await scene.passes(seconds=0)
    assert "nobody won any points" in stands(scene)
    assert await board(scene, "live") == []
    await scene.passes(hours=1)
    assert await board(scene, "live") == []


async def test_where_admins_alone_host_nobody_else_begins_or_leads_a_round(posted: Posted) -> None:
    scene = await posted()
    await begins(scene)
    await scene.presses("Ada", "Join")
    await scene.types("Root", "settings hosts:admins", admin=True)
    for label in ("Start", "Stop"):
        assert "Only admins begin and lead live rounds here" in said(await scene.presses("Olga", label))
    assert said(await scene.presses("Root", "Stop", admin=True)).startswith("It is stopped")
    await scene.passes(seconds=0)
    assert "Only admins begin and lead" in await begins(scene)
    assert "The lobby is open" in await begins(scene, "Root", admin=True)


async def test_there_is_one_round_in_a_channel_at_a_time(posted: Posted) -> None:
    scene = await posted()
    await begins(scene)
    assert "going on here already" in await begins(scene, "Bo")
    elsewhere = replace(HERE, channel="hall")
    assert "The lobby is open" in said(await scene.types("Bo", "live small", elsewhere))
    in_thread = replace(HERE, thread="t1")
    assert "The lobby is open" in said(await scene.types("Bo", "live small", in_thread))
    await scene.passes(seconds=LOBBY)
    assert "Nobody joined, so it was called off." in said(scene.paper.shown["1"])
    assert "The lobby is open" in await begins(scene, "Bo")


async def test_what_can_be_no_round_is_told_in_a_sentence(posted: Posted) -> None:
    scene = await posted()
    assert "no deck" in said(await scene.types("Ada", "live nothing"))
    assert "is for a channel" in said(await scene.types("Ada", "live small", DIRECT))
    assert "is for a channel" in said(await scene.types("Ada", "live small", replace(HERE, private=True)))
    assert "No card is about" in await begins(scene, more="topic:cooking")
    assert "has no card of that level and topic" in await begins(scene, more="level:intermediate")
    assert "seconds" in await begins(scene, more="seconds:4")
    await scene.types("Root", "schedule set time:9:00", admin=True)
    assert scene.paper.shown == {}


async def test_a_deck_that_no_press_answers_has_no_round(posted: Posted) -> None:
    scene = await posted("what", "mfu", "zero")
    assert "each card is answered with one press" in await begins(scene)


async def test_a_round_is_no_longer_than_a_message_can_be_edited(posted: Posted) -> None:
    scene = await posted()
    deck = SHELF.decks["small"]
    many = tuple(card.model_copy(update={"id": f"{card.id}-{at}"}) for at in range(25) for card in deck.cards)
    scene.world.shelf.decks["small"] = deck.model_copy(update={"cards": many})  # type: ignore[index]
    assert "a round may take 45" in await begins(scene, more="count:50 seconds:120")


async def test_a_question_of_the_day_is_not_asked_live(posted: Posted) -> None:
    scene = await posted("sync")
    await scene.types("Root", "schedule set time:10:00 days:daily channel:other", admin=True)
    await scene.passes(hours=1)
    assert "question of the day right now" in await begins(scene)


async def test_buttons_that_were_forged_do_nothing(posted: Posted) -> None:
    scene = await posted("ring")
    await playing(scene, "Ada")
    ref = scene.paper.last[0]
    for forged in ("live-answer:1:0:Z", "live-answer:1:0:", "live-answer:9:0:A", "live-answer:x:0:A", "live-answer:1"):
        assert await scene.acts("Eve", Action.parse(forged), ref) is not None, "what counts gets no answer"
    away = replace(ref, place=replace(HERE, channel="hall"))
    assert "over" in said(await scene.acts("Eve", "live-answer:1:0:B", away))
    for forged in ("live-join:99", "live-start:x", "live-mine:99"):
        assert "over" in said(await scene.acts("Eve", forged, ref))
    await scene.passes(seconds=QUESTION)
    assert "Nobody answered this one." in stands(scene)


# ---------------------------------------------------------------- trouble


@pytest.mark.parametrize("problem", [Forbidden("not here"), Missing("gone"), Rejected("no")])
async def test_a_round_that_cannot_be_posted_is_not_begun(posted: Posted, problem: Exception) -> None:
    scene = await posted()
    scene.paper.failing = problem  # type: ignore[assignment]
    assert "I could not post that" in await begins(scene)
    scene.paper.failing = None
    assert "The lobby is open" in await begins(scene)
    assert len(scene.paper.shown) == 1


async def test_a_lobby_of_which_nobody_knows_whether_it_stands_is_looked_for(posted: Posted) -> None:
    scene = await posted("sync")
    scene.paper.lost = True
    assert "Should the lobby show up here all the same" in await begins(scene)
    assert "going on here already" in await begins(scene)
    scene.paper.lost = False
    await scene.presses("Ada", "Join")
    await scene.passes(seconds=30)
    assert "1 player: Ada" in stands(scene)
    await scene.passes(seconds=LOBBY)
    assert stands(scene).startswith("Question 1 of 1")
    assert len(scene.paper.shown) == 1


async def test_a_lobby_that_was_never_posted_is_given_up(posted: Posted) -> None:
    scene = await posted()
    scene.paper.failing = Unavailable("down")
    assert "Should the lobby show up" in await begins(scene)
    scene.paper.failing = None
    await scene.passes(seconds=30)
    assert "The lobby is open" in await begins(scene)
    assert len(scene.paper.shown) == 1


async def test_a_platform_that_is_away_for_a_while_delays_a_question_and_takes_no_time_from_it(posted: Posted) -> None:
    scene = await posted("sync")
    await begins(scene)
    await scene.presses("Ada", "Join")
    scene.paper.failing = Unavailable("down")
    await scene.passes(seconds=LOBBY)
    for _ in range(20):
        await scene.passes(seconds=2)
    assert stands(scene).startswith("Live round")
    scene.paper.failing = None
    await scene.passes(seconds=2)
    assert stands(scene).startswith("Question 1 of 1")
    assert await scene.presses("Ada", "True") is None
    await scene.passes(seconds=QUESTION)
    assert table(scene.paper.last[1]) == [("🥇 1", "Ada", "1,000", "+1,000")]


async def test_a_platform_that_is_away_for_too_long_ends_it(posted: Posted) -> None:
    scene = await posted()
    await playing(scene, "Ada")
    await scene.presses("Ada", right(scene))
    await scene.passes(seconds=QUESTION)
    scene.paper.failing = Unavailable("down", retry_after=120)
    for _ in range(12):
        await scene.passes(minutes=1)
    scene.paper.failing = None
    await scene.passes(minutes=2)
    assert "I was away for too long" in stands(scene)
    assert "🏆 Ada won with 1,000 points." in stands(scene)


async def test_a_message_that_is_gone_ends_the_round(posted: Posted) -> None:
    scene = await posted()
    await playing(scene, "Ada")
    scene.paper.shown.clear()
    await scene.passes(seconds=QUESTION)
    async with scene.database.read() as tx:
        assert (await tx.execute(select(live_rounds.c.ending))).scalar_one() == "failed"
    assert "The lobby is open" in await begins(scene)


async def test_a_card_that_a_platform_refuses_is_shown_as_far_as_it_can_be(posted: Posted) -> None:
    scene = await posted("ring")
    await begins(scene)
    await scene.presses("Ada", "Join")
    scene.paper.refused = "all-reduce"
    await scene.passes(seconds=LOBBY)
    assert "can’t be shown here in full" in stands(scene)
    await scene.presses("Ada", "B")
    await scene.passes(seconds=QUESTION)
    assert table(scene.paper.last[1]) == [("🥇 1", "Ada", "1,000", "+1,000")]


# ---------------------------------------------------------------- restarts and workers


def restarted(scene: Stage) -> None:
    """The bot begins anew, with nothing but its database."""
    scene.app = App(scene.world, scene.app._steward)


async def test_a_restart_in_each_state_goes_on_where_it_was(posted: Posted) -> None:
    scene = await posted("sync")
    restarted(scene)
    await begins(scene)
    restarted(scene)
    await scene.presses("Ada", "Join")
    restarted(scene)
    await scene.passes(seconds=LOBBY)
    await scene.presses("Ada", "True")
    restarted(scene)
    assert "before, and that stands" in said(await scene.presses("Ada", "False"))
    await scene.passes(seconds=QUESTION)
    assert "1 person answered, 1 got it right." in stands(scene)
    restarted(scene)
    await scene.passes(seconds=REVEAL)
    assert "🏆 Ada won with 1,000 points." in stands(scene)
    assert await board(scene, "live") == [("🥇 1", "Ada", "1,000", "1 of 1")]
    assert len(scene.paper.shown) == 1


async def test_what_a_worker_left_unshown_another_shows_when_its_lease_is_over(posted: Posted) -> None:
    scene = await posted("sync")
    await begins(scene)
    await scene.presses("Ada", "Join")
    scene.paper.dying = True
    scene.now += timedelta(seconds=LOBBY)
    await scene.app.quizmaster.tick()
    scene.paper.dying = False
    await scene.passes(seconds=1)
    assert stands(scene).startswith("Live round"), "it is held still"
    await scene.passes(seconds=20)
    assert stands(scene).startswith("Question 1 of 1")


async def test_a_worker_that_stood_still_leaves_nothing_old_in_the_place_of_what_came_since(posted: Posted) -> None:
    scene = await posted("sync")
    await playing(scene, "Ada")
    await scene.presses("Ada", "True")
    scene.paper.late = True
    scene.now += timedelta(seconds=QUESTION)
    standing_still = asyncio.create_task(scene.app.quizmaster.tick())
    while scene.paper.late:
        await asyncio.sleep(0.001)
    other = App(scene.world, scene.app._steward)
    scene.now += timedelta(seconds=21)
    await other.quizmaster.tick()
    assert "🏆 Ada won" in stands(scene)
    scene.paper.released.set()
    await standing_still
    assert "🏆 Ada won" in stands(scene)
    assert await board(scene, "live") == [("🥇 1", "Ada", "1,000", "1 of 1")]


async def test_after_a_while_away_the_question_is_closed_with_what_was_answered(posted: Posted) -> None:
    scene = await posted()
    await playing(scene, "Ada")
    await scene.presses("Ada", right(scene))
    await scene.passes(minutes=5)
    assert "1 person answered, 1 got it right." in stands(scene)
    await scene.passes(seconds=REVEAL)
    assert stands(scene).startswith("Question 2 of 2")


async def test_a_round_that_nobody_drove_for_long_ends_with_the_podium_so_far(posted: Posted) -> None:
    scene = await posted()
    await playing(scene, "Ada")
    await scene.presses("Ada", right(scene))
    await scene.passes(minutes=11)
    assert "I was away for too long, so it ends here." in stands(scene)
    assert "🏆 Ada won with 1,000 points." in stands(scene)
    assert await board(scene, "live") == [("🥇 1", "Ada", "1,000", "1 of 1")]


async def test_two_workers_do_each_thing_once(posted: Posted) -> None:
    scene = await posted()
    other = App(scene.world, scene.app._steward)
    await begins(scene)
    for name in ("Ada", "Bo"):
        await scene.presses(name, "Join")
    for seconds in (LOBBY, QUESTION, REVEAL, QUESTION, REVEAL):
        if "⏳" in stands(scene):
            scene.now += timedelta(seconds=1)
            press = (scene.paper.last[0], right(scene))
            action = next(a for a in scene.paper.last[1].actions if a.args[-1] == {"B": "B", "True": "true"}[press[1]])
            await asyncio.gather(
                *(
                    app.handle(Press(f"x{next(scene.ids)}", action, (), scene.actor(name), press[0]))
                    for name in ("Ada", "Bo")
                    for app in (scene.app, other)
                )
            )
        scene.now += timedelta(seconds=seconds)
        scene.paper.edits = 0
        await asyncio.gather(scene.app.quizmaster.tick(), other.quizmaster.tick())
        assert scene.paper.edits == 1
    assert table(scene.paper.last[1]) == [("🥇 1", "Ada", "2,000", "2 of 2"), ("🥇 1", "Bo", "2,000", "2 of 2")]
    async with scene.database.read() as tx:
        assert (await tx.execute(select(func.count()).select_from(live_answers))).scalar_one() == 4
        kept = select(scores.c.points).where(scores.c.period == "lall")
        assert list((await tx.execute(kept)).scalars()) == [2000, 2000]


# ---------------------------------------------------------------- what is kept, and for how long


async def test_who_is_forgotten_leaves_no_trace_and_the_others_their_places(posted: Posted) -> None:
    scene = await posted("sync")
    await begins(scene, "Sly")
    for name in ("Sly", "Ada"):
        await scene.presses(name, "Join")
    await scene.passes(seconds=LOBBY)
    await scene.presses("Sly", "True")
    await scene.presses("Ada", "True")
    await scene.passes(seconds=QUESTION)
    async with scene.database.read() as tx:
        kept = (await dossier.collect(tx, account(scene.actor("Sly")))).sections
    assert [(line["deck"], line["channel"]) for line in kept["live rounds"]] == [("A small deck", "general")]
    assert [line["deck"] for line in kept["live rounds hosted"]] == ["A small deck"]
    assert [(line["question"], line["given"], line["points"]) for line in kept["live answers"]] == [(1, "true", 1000)]
    assert "Answers in practice and live rounds: 1" in said(await scene.types("Sly", "privacy show"))
    form = await scene.types("Sly", "privacy forget")
    assert "erased" in said(await scene.sends("Sly", form, word="FORGET"))
    async with scene.database.read() as tx:
        for each in metadata.sorted_tables:
            for row in await tx.execute(select(each)):
                assert "sly" not in repr(tuple(row)).lower(), each.name
    assert await board(scene, "live") == [("🥇 1", "Ada", "1,000", "1 of 1")]
    await scene.passes(seconds=REVEAL)
    assert "🏆 Ada won with 1,000 points." in stands(scene)


async def test_the_rounds_of_a_workspace_that_was_left_are_forgotten_with_it(posted: Posted) -> None:
    scene = await posted("sync")
    await playing(scene, "Ada")
    await scene.presses("Ada", "True")
    await scene.app.handle(WorkspaceLeft("l", "paper", "w1"))
    scene.paper.failing = Missing("gone")
    await scene.passes(days=31)
    async with scene.database.read() as tx:
        for each in metadata.sorted_tables:
            if each.name.startswith("live_"):
                assert (await tx.execute(select(each))).all() == []


async def test_a_round_speaks_the_communitys_language_and_each_answer_the_readers(posted: Posted) -> None:
    scene = await posted("sync")
    await scene.types("Root", "settings language:de", admin=True)
    await begins(scene)
    assert "1 Frage · je 20 Sekunden" in stands(scene)
    await scene.presses("Ada", "Mitmachen")
    await scene.passes(seconds=LOBBY)
    english = replace(scene.actor("Ada"), locale="en")
    ref, asked = scene.paper.last
    told = await scene.app.handle(Press("p", asked.actions[0], (), english, ref))
    assert told is None
    again = await scene.app.handle(Press("q", asked.actions[1], (), english, ref))
    assert said(again) == "You locked in True before, and that stands."
    await scene.passes(seconds=2)
    assert "🔒 1 Antwort: Ada" in stands(scene)
    await scene.passes(seconds=QUESTION - 2)
    assert "Die Siegerehrung kommt" in stands(scene)
    await scene.passes(seconds=REVEAL)
    assert "🏆 Gewonnen hat Ada: 1.000 Punkte." in stands(scene)


# ---------------------------------------------------------------- by itself


async def test_the_quizmaster_sees_at_once_to_what_is_pressed_here(posted: Posted) -> None:
    scene = await posted("sync")
    driving = asyncio.create_task(scene.app.quizmaster.run())
    try:
        await begins(scene)
        await scene.presses("Ada", "Join")
        await scene.presses("Olga", "Start")
        async with asyncio.timeout(20):
            while not stands(scene).startswith("Question 1 of 1"):
                await asyncio.sleep(0.01)
        await scene.acts("Olga", "live-stop:1")
        async with asyncio.timeout(20):
            while "stopped early" not in stands(scene):
                await asyncio.sleep(0.01)
    finally:
        driving.cancel()
        await asyncio.wait([driving])


async def test_a_channel_that_answers_nobody_keeps_no_other_round_waiting(posted: Posted) -> None:
    scene = await posted("sync")
    await begins(scene)
    await scene.types("Bo", "live small", replace(HERE, channel="hall"))
    for number in ("1", "2"):
        await scene.acts("Ada", f"live-join:{number}")
    scene.paper.silent = {"general"}
    driving = asyncio.create_task(scene.app.quizmaster.run())
    try:
        for name, number in (("Olga", "1"), ("Bo", "2")):
            await scene.acts(name, f"live-start:{number}")
        async with asyncio.timeout(20):
            while not said(scene.paper.shown["2"]).startswith("Question 1 of 1"):
                await asyncio.sleep(0.01)
        assert said(scene.paper.shown["1"]).startswith("Live round")
    finally:
        driving.cancel()
        await asyncio.wait([driving])
