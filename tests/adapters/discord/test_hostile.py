"""What a broken or hostile client sends, with the whole bot behind the adapter: a private sentence or silence, no row, no error."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Collection
from pathlib import Path
from typing import Any

import pytest

from bot.app import FORMS, PRESSES
from bot.features import daily
from bot.store import tables
from bot.store.schedules import Mode
from tests.adapters.contract import HOSTILE
from tests.adapters.discord.bench import text
from tests.adapters.discord.town import Town, running
from tests.decks import shelf
from tests.emulators.discord.client import Discord
from tests.emulators.discord.people import Person
from tests.emulators.discord.seen import Answer

NOISE = ("", "A", "Z", "0", "h", "9" * 40, "-1", "1", "17", "١", "a.b", "x" * 60)
"""Arguments that a button of ours never has, or has for something else."""


@pytest.fixture
async def town(
    discord: Discord, tmp_path: Path, request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Town]:
    """With an open question. Nothing that anybody sends may end in an error in the log."""
    async with running(discord, tmp_path, shelf("ring"), getattr(request, "param", Mode.BUTTONS)) as town:
        await town.ticks()
        yield town
    errors = [record for record in caplog.get_records("call") if record.levelno >= logging.ERROR]
    assert [record.getMessage() for record in errors] == []


def private(answer: Answer) -> bool:
    """Whether the bot said something, and to this person alone: a message, a form, or nothing new under a message."""
    if answer.raw["modal"] is not None:
        return True
    return answer.raw["message"] is not None and answer.message.ephemeral


async def answers_right(town: Town, person: Person) -> None:
    """What was tried before stands in nobody's way."""
    right = await person.press(await town.post(), "B")
    assert "✅ Correct" in text(right.message)
    assert await town.rows(tables.answers) == 1


# ---------------------------------------------------------------- buttons


@pytest.mark.parametrize(
    "verbs", [daily.PRESSES, PRESSES, [*daily.FORMS, *FORMS, "unheard-of"]], ids=["daily", "all else", "forms"]
)
async def test_no_argument_of_a_button_breaks_the_bot(town: Town, verbs: Collection[str]) -> None:
    person, post = await town.guild.person("Mallory"), await town.post()
    for verb in sorted(verbs):
        for custom_id in [verb, *(f"{verb}:{one}" for one in NOISE), *(f"{verb}:1:{one}" for one in NOISE[:6])]:
            answer = await person.forge_press(town.channel, custom_id[:100], message=post)
            assert private(answer), custom_id
    real = 1 if "answer" in verbs else 0  # `answer:1:A` is a button of the post's
    assert await town.rows(tables.answers) == real


async def test_what_no_version_of_ours_wrote_is_refused_in_a_sentence(town: Town) -> None:
    person, post = await town.guild.person("Mallory"), await town.post()
    for custom_id in ("", " ", "answer:1:B\x00", "ANSWER:1:B", "answer:1:B:C", "{}", "../x", "ans\u202ewer", "#", "💥"):
        answer = await person.forge_press(town.channel, custom_id, message=post)
        assert answer.message.ephemeral, custom_id
        assert "nothing was recorded" in text(answer.message), custom_id
    assert await town.rows(tables.answers) == 0


async def test_another_server_s_question_can_t_be_answered_from_afar(town: Town) -> None:
    post = await town.post()
    elsewhere = await town.discord.guild("Elsewhere")
    stranger, channel = await elsewhere.person("Eve"), await elsewhere.channel()
    there = (await stranger.command(channel, "/quiz help")).message
    for custom_id in [post.custom_id(label) for label in post.buttons]:
        answer = await stranger.forge_press(channel, custom_id, message=there)
        assert "nothing was recorded" in text(answer.message)
    sent = await stranger.forge_submit(channel, "sent:1", {"text": "2(N−1)/N · S"})
    assert "nothing was recorded" in text(sent.message)
    data = {"component_type": 2, "custom_id": post.custom_id("B"), "id": 1}
    direct = await stranger.deed("forge", None, kind=3, data=data, message=None)
    assert text(direct.message)
    assert await town.rows(tables.answers) == 0
    await answers_right(town, await town.guild.person("Ann"))


# ---------------------------------------------------------------- values, forms and options


async def test_a_menu_s_values_may_be_anything(town: Town) -> None:
    person, post = await town.guild.person("Mallory"), await town.post()
    for values in ([], [""], ["x" * 5000], ["A"] * 30, ["\0"], [HOSTILE], ["small", "small"], ["-1"], ["9" * 400]):
        for custom_id in ("deck", "deck:1", "answer:9:A", "pick:1", "play", "board", "play-pick:1"):
            answer = await person.forge_press(town.channel, custom_id, message=post, values=values)
            assert private(answer), (custom_id, values)
    assert await town.rows(tables.answers) == 0


FIELDS: tuple[dict[str, str], ...] = (
    {},
    {"text": ""},
    {"wrong": "x"},
    {"text": "x" * 10_000, "more": "y"},
    {"text": HOSTILE},
    {"text": "\0\ud7ff\u202e\ufeff" * 50},
    {"a" * 500: "b" * 500},
)


async def test_a_form_that_was_never_opened_records_nothing(town: Town) -> None:
    person = await town.guild.person("Mallory")
    for fields in FIELDS:
        for action in ("sent:1", "sent:999", "sent", "sent:1:h", "play-sent:1", "play-sent", "", "nonsense"):
            answer = await person.forge_submit(town.channel, action, fields)
            assert private(answer), (action, fields)
    assert await town.rows(tables.answers) == 0
    await answers_right(town, person)


def command(path: str, *options: tuple[str, int, Any]) -> dict[str, Any]:
    """The data of `/quiz …` as a client sends it, with options that Discord's own client would never send."""
    inner: list[dict[str, Any]] = [{"name": name, "type": kind, "value": value} for name, kind, value in options]
    for at, name in enumerate(reversed(path.split())):
        inner = [{"name": name, "type": 2 if at else 1, "options": inner}]
    return {"id": "1", "name": "quiz", "type": 1, "options": inner}


COMMANDS = (
    command("play", ("count", 4, 10**12)),
    command("play", ("count", 4, -5)),
    command("play", ("count", 3, "many")),
    command("play", ("deck", 3, "x" * 6000)),
    command("play", ("level", 3, "godlike")),
    command("leaderboard", ("period", 3, "\0"), ("public", 3, "maybe")),
    command("leaderboard", ("nonsense", 3, "x")),
    command("deck show"),
    command("deck show", ("deck", 3, HOSTILE)),
    command("no such"),
    command("a b c"),
    {"id": "1", "name": "quiz", "type": 1},
    {"id": "1", "name": "other", "type": 1, "options": []},
    {"id": "1", "name": "Quote", "type": 3, "target_id": "1"},
)


async def test_a_command_s_options_may_be_anything(town: Town) -> None:
    person = await town.guild.person("Mallory")
    before = len(await town.channel.messages())
    for data in COMMANDS:
        answer = await person.deed("forge", town.channel, kind=2, data=data, message=None)
        assert private(answer), data
    assert len(await town.channel.messages()) == before


# ---------------------------------------------------------------- names


async def test_no_name_breaks_the_board_or_calls_anybody(town: Town) -> None:
    names = [HOSTILE, "\u202e" * 40, "@everyone" * 60, "\n# x\n```", "Z\u0351" * 200, "\u3164"]
    post = await town.post()
    for name in names:
        person = await town.guild.person(name)
        assert "✅ Correct" in text((await person.press(post, "B")).message)
        assert private(await person.command(town.channel, "/quiz stats"))
    await person.command(town.channel, "/quiz leaderboard", period="all", public=True)
    board = await town.post()
    assert "Leaderboard, all time" in text(board)
    assert board.pings == []
    assert HOSTILE[:20] in text(board)
    assert len(text(board)) < 2000
    assert await town.rows(tables.answers) == len(names)


# ---------------------------------------------------------------- many at once


async def test_a_hundred_presses_of_one_person_are_one_answer_and_a_hundred_replies(town: Town) -> None:
    person, post = await town.guild.person("Ann"), await town.post()
    buttons = [post.custom_id(label) for label in ("B", "A", "C", "B")]
    report = await town.channel.burst(post, buttons, [person] * 100, seconds=0.2, wait=30)
    assert (report.pressed, report.unanswered) == (100, 0)
    assert await town.rows(tables.answers) == 1
    replies = [text(each) for each in await person.private_messages(town.channel)]
    assert len(replies) == 100
    assert sum("That answer stands" in reply for reply in replies) == 99


# ---------------------------------------------------------------- reactions


@pytest.mark.parametrize("town", [Mode.REACTIONS], indirect=True)
async def test_only_people_s_reactions_to_what_is_asked_count(town: Town) -> None:
    post = await town.post()
    assert list(await town.channel.reactions(post)) == ["1️⃣", "2️⃣", "3️⃣"], "put there by the bot"
    ann, robot = await town.guild.person("Ann"), await town.guild.person("Robot", bot=True)
    chatter = await ann.say(town.channel, "Good morning")
    await robot.react(post, "2️⃣")
    await robot.unreact(post, "2️⃣")
    await robot.react(post, "1️⃣")
    await ann.react(post, "💥")
    await ann.react(chatter, "2️⃣")
    await ann.react(post, "2️⃣")
    await town.until_rows(tables.reactions, 1)
    await town.ticks(hours=23, minutes=1)
    closed, _ = await town.channel.messages()
    assert "1 person answered, 1 got it right. First right: Ann." in text(closed)
    assert await town.rows(tables.answers) == 1


@pytest.mark.parametrize("town", [Mode.REACTIONS], indirect=True)
async def test_a_reaction_that_comes_and_goes_a_hundred_times_leaves_nothing(town: Town) -> None:
    post, ann, bob = await town.post(), await town.guild.person("Ann"), await town.guild.person("Bob")
    for _ in range(50):
        await ann.react(post, "2️⃣")
        await ann.unreact(post, "2️⃣")
    await bob.react(post, "3️⃣")
    await town.until_rows(tables.reactions, 1)
    assert await town.rows(tables.answers) == 0


@pytest.mark.parametrize("town", [Mode.REACTIONS], indirect=True)
async def test_a_question_in_reactions_takes_no_presses(town: Town) -> None:
    person = await town.guild.person("Mallory")
    answer = await person.forge_press(town.channel, "answer:1:B", message=await town.post())
    assert "nothing was recorded" in text(answer.message)
    assert await town.rows(tables.answers) == 0
