"""The two sides of a burst of presses: a bot in a process of its own, and the loopback Discord that it is on."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import subprocess
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import psutil

from adapters.discord import render
from bench._questions import LETTERS, open_questions
from bot import messages as posted
from bot.events import Place
from bot.store.posts import PostRow
from tests.emulators.discord.client import Discord
from tests.emulators.discord.people import Person
from tests.emulators.discord.seen import BurstReport, Message
from tests.emulators.discord.servers import Channel
from tests.running import environment

ROOT = Path(__file__).parents[1]

OURS, BARE, RAW = "Studybot", "bare `DynamicItem`", "no library at all"
BESIDE = {BARE: "dynamic", RAW: "raw"}
"""The other bots, by what `bench._bare` calls them."""

PEOPLE = 1000
WARMING = 100
"""People who press before anything is measured."""

REST = 0.5
"""Seconds between two bursts, in which what the last one left to do is done."""

COMPONENTS_V2 = 1 << 15


@dataclass(frozen=True)
class Crowd:
    """Who presses within how many seconds; `known` are people whom the store has seen before."""

    words: str
    known: bool
    within: float


@dataclass(frozen=True)
class Turn:
    """What one burst gave, with the bot's own processor time in seconds."""

    report: BurstReport
    cpu: float

    @property
    def rate(self) -> float:
        """Of those that were answered within Discord's three seconds."""
        return self.report.answered / self.report.seconds if self.report.answered else 0.0

    @property
    def cost(self) -> float:
        """Microseconds of processor time for a press."""
        return self.cpu / self.report.pressed * 1e6


@dataclass(frozen=True)
class Question:
    """An open post: its rows' ids, and the components of its message."""

    id: int
    card: int
    components: list[dict[str, Any]]

    @property
    def buttons(self) -> list[str]:
        return [f"answer:{self.id}:{letter}" for letter in LETTERS]


@dataclass
class Side:
    """A bot, and the Discord that it is on. Each of `questions` is used once by those who are known; newcomers answer the first."""

    discord: Discord
    channel: Channel
    everybody: list[Person]
    messages: list[Message] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    bot: psutil.Process | None = None
    turns: defaultdict[Crowd, list[Turn]] = field(default_factory=lambda: defaultdict(list))
    pressed: list[tuple[int, str, str]] = field(default_factory=list)
    """Post, person and letter of every press."""

    async def warm_up(self) -> None:
        """A few presses, each of them held to every rule of Discord's."""
        await self.discord.settings(first_response=60)
        report = await self._press(0, self.everybody[:WARMING], 1.0)
        assert report.unanswered == 0, report
        await self.discord.assert_no_violations()
        await self.discord.settings(first_response=3, validate=False, openapi_every=0, record_requests=False)

    async def burst(self, crowd: Crowd) -> None:
        assert self.bot is not None
        known = sum(len(turns) for each, turns in self.turns.items() if each.known)
        new = sum(len(turns) for each, turns in self.turns.items() if not each.known)
        number, first = (known + 1, WARMING) if crowd.known else (0, WARMING + new * PEOPLE)
        before = self.bot.cpu_times()
        report = await self._press(number, self.everybody[first : first + PEOPLE], crowd.within)
        await asyncio.sleep(REST)
        after = self.bot.cpu_times()
        cpu = after.user + after.system - before.user - before.system
        self.turns[crowd].append(Turn(report, cpu))

    async def _press(self, number: int, people: Sequence[Person], within: float) -> BurstReport:
        question = self.questions[number]
        self.pressed += [(question.id, person.id, LETTERS[at % len(LETTERS)]) for at, person in enumerate(people)]
        return await self.channel.burst(self.messages[number], question.buttons, people, seconds=within)


# ---------------------------------------------------------------- what is asked


async def ask(side: Side, folder: Path, count: int) -> None:
    """Put open questions into our database, and into the channel as our bot draws them."""
    place = Place("discord", str(side.channel.guild), side.channel.id)

    async def show(post: PostRow, message: posted.Message) -> str:
        await put(side, Question(post.id, post.card_id, list(render.to_components(message).components)))
        return side.messages[-1].id

    await open_questions(folder / "studybot.db", place, count, show)


async def put(side: Side, question: Question) -> None:
    """Send a question in the bot's name."""
    body = {"components": question.components, "flags": COMPONENTS_V2, "allowed_mentions": {"parse": []}}
    headers = {"Authorization": f"Bot {side.discord.token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as http,
        http.post(f"{side.discord.api}/channels/{side.channel.id}/messages", json=body) as answer,
    ):
        answer.raise_for_status()
        side.messages.append(Message(await answer.json()))
    side.questions.append(question)


async def check(side: Side, file: Path) -> None:
    """AssertionError unless each press of ours is in the database, once, as it was pressed, and its presser was told."""
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        kept = database.execute(
            "SELECT answers.post_id, accounts.user_id, answers.given FROM answers"
            " JOIN accounts ON accounts.person_id = answers.person_id"
        ).fetchall()
    assert len(kept) == len(side.pressed), f"{len(kept)} answers of {len(side.pressed)} presses"
    assert set(kept) == set(side.pressed)
    for person in side.everybody[: len(LETTERS)]:
        (told,) = await person.private_messages(side.channel)
        assert "Correct" in told.text or "Not right" in told.text, told.text


# ---------------------------------------------------------------- the bots


def ours(discord: Discord, folder: Path) -> tuple[list[str], dict[str, str]]:
    settings = {"STUDYBOT_DISCORD_TOKEN": discord.token, "STUDYBOT_DISCORD_API_URL": discord.api, "STUDYBOT_WEB": "off"}
    return ["bot", "run"], environment(folder, **settings)


def beside(name: str, discord: Discord) -> tuple[list[str], dict[str, str]]:
    return ["bench._bare", BESIDE[name], discord.api, discord.gateway, discord.token], dict(os.environ)


@asynccontextmanager
async def running(
    discord: Discord, command: tuple[list[str], dict[str, str]], folder: Path
) -> AsyncIterator[psutil.Process]:
    """A bot in a process of its own, connected; stopped at the end."""
    arguments, variables = command
    with (folder / "log.txt").open("a") as log:
        process = subprocess.Popen(
            [sys.executable, "-u", "-m", *arguments],
            cwd=folder,
            env={**variables, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        assert process.stdout is not None
        try:
            if not await asyncio.to_thread(process.stdout.readline):
                raise RuntimeError(f"the bot did not start: {(folder / 'log.txt').read_text()}")
            await discord.until_connected()
            yield psutil.Process(process.pid)
        finally:
            process.terminate()
            try:
                process.wait(20)
            finally:
                process.kill()
                process.stdout.close()
