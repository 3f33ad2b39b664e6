"""The sides of a burst of presses on Slack: an app in a process of its own, and the loopback Slack that it is on."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import sqlite3
import subprocess
import sys
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import render
from adapters.slack.manifest import manifest
from adapters.slack.render import Drawing
from adapters.slack.ways import Credentials, Way
from bench._questions import LETTERS, open_questions
from bench._sides import ROOT
from bot import messages as posted
from bot.events import Place
from bot.store.posts import PostRow
from tests.emulators.slack.client import Slack, connected, started
from tests.emulators.slack.people import Person
from tests.emulators.slack.seen import BurstReport, Message
from tests.emulators.slack.workspaces import Channel, Installed, Workspace
from tests.running import environment

OURS, BARE, LATE, NOTHING = "Studybot", "bare Bolt", "bare Bolt, its default", "nothing at all"
KINDS = {BARE: "first", LATE: "late", NOTHING: "nothing"}
"""The others over HTTP, by what `bench._slack_bare` calls them; in Socket Mode there is one."""

KNOWN = 2000
"""People whom the store has seen before anything is measured."""

WARMING = 100
"""Of their presses, each of which is held to every rule of Slack's."""

REST = 0.5
"""Seconds between two bursts, in which what the last one left to do is done."""


@dataclass(frozen=True)
class Load:
    """So many presses, of which so many at a time wait for their acknowledgement. `apart`: each once all before have their
    whole answer, verdict included.
    """

    words: str
    presses: int
    waiting: int
    known: bool = True
    apart: bool = False


@dataclass(frozen=True)
class Slice:
    """What one burst gave, with the app's own processor time in seconds."""

    report: BurstReport
    cpu: float

    @property
    def rate(self) -> float:
        """Acknowledgements a second."""
        return self.report.acked.count / self.report.acknowledging

    @property
    def whole(self) -> float:
        """Presses a second until the last person has read what is said to them."""
        return self.report.pressed / self.report.seconds

    @property
    def cost(self) -> float:
        """Microseconds of processor time for a press, its verdict included."""
        return self.cpu / self.report.pressed * 1e6

    @property
    def p50(self) -> float:
        return self.report.acked.p50 or 0.0

    @property
    def p99(self) -> float:
        return self.report.acked.p99 or 0.0


@dataclass(frozen=True)
class Question:
    """An open post: its row's id, and how our bot draws it."""

    id: int
    drawing: Drawing

    @property
    def buttons(self) -> list[str]:
        return [f"answer:{self.id}:{letter}" for letter in LETTERS]


@dataclass
class Side:
    """An app, and the Slack that it is on. Each of `questions` is used once by those who are known; newcomers answer the first."""

    name: str
    way: Way
    slack: Slack
    workspace: Workspace
    installed: Installed
    channel: Channel
    everybody: list[Person]
    messages: list[Message] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    app: psutil.Process | None = None
    slices: defaultdict[Load, list[Slice]] = field(default_factory=lambda: defaultdict(list))
    pressed: list[tuple[int, str, str]] = field(default_factory=list)
    """Post, person and letter of every press."""

    used: int = 1
    newcomers: int = 0

    @property
    def ours(self) -> bool:
        return self.name == OURS

    @property
    def place(self) -> Place:
        return Place("slack", self.workspace.id, self.channel.id)

    async def warm_up(self) -> None:
        """Everybody who is to be known presses once."""
        await self._press(0, self.everybody[:WARMING], WARMING)
        await self.slack.assert_no_violations()
        await self.slack.settings(validate=False, record_requests=False)
        await self._press(0, self.everybody[WARMING:KNOWN], WARMING)

    async def burst(self, load: Load) -> None:
        assert self.app is not None
        first = 0 if load.known else KNOWN + self.newcomers
        number = self.used if load.known else 0
        before = self.app.cpu_times()
        everybody = self.everybody[first : first + load.presses]
        report = await self._press(number, everybody, load.waiting, apart=load.apart)
        await asyncio.sleep(REST)
        after = self.app.cpu_times()
        self.used += load.known
        self.newcomers += 0 if load.known else load.presses
        cpu = after.user + after.system - before.user - before.system
        self.slices[load].append(Slice(report, cpu))

    async def _press(self, number: int, people: list[Person], waiting: int, *, apart: bool = False) -> BurstReport:
        question = self.questions[number]
        self.pressed += [(question.id, person.id, LETTERS[at % len(LETTERS)]) for at, person in enumerate(people)]
        report = await self.channel.burst(
            self.messages[number],
            question.buttons,
            people,
            connections=waiting,
            waiting=waiting,
            apart=apart,
            responds=self.ours,
            wait=30.0,
        )
        answered = len(people) if self.ours else 0
        assert (report.failed, report.acked.count, report.answered.count) == (0, len(people), answered), report
        return report


# ---------------------------------------------------------------- what is asked


async def ask(side: Side, folder: Path, count: int) -> None:
    """Put open questions into our database, and into the channel as our bot draws them."""

    async def show(post: PostRow, message: posted.Message) -> str:
        await put(side, Question(post.id, render.to_blocks(message)))
        return side.messages[-1].ts

    await open_questions(folder / "studybot.db", side.place, count, show)
    assert len(side.questions) == count


async def put(side: Side, question: Question) -> None:
    """Send a question in the app's name."""
    client = AsyncWebClient(token=side.installed.token, base_url=side.slack.api, retry_handlers=[])
    drawing = question.drawing
    sent = await client.chat_postMessage(channel=side.channel.id, text=drawing.text, blocks=drawing.payload())
    side.messages.append(await side.channel.message(str(sent["ts"])))
    side.questions.append(question)


def check(side: Side, file: Path) -> None:
    """AssertionError unless each press of ours is in the database, once, as it was pressed."""
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        kept = database.execute(
            "SELECT answers.post_id, accounts.user_id, answers.given FROM answers"
            " JOIN accounts ON accounts.person_id = answers.person_id"
        ).fetchall()
    assert len(kept) == len(side.pressed), f"{len(kept)} answers of {len(side.pressed)} presses"
    assert set(kept) == set(side.pressed)


# ---------------------------------------------------------------- the apps


async def place(stack: AsyncExitStack, name: str, way: Way, newcomers: int) -> Side:
    """A Slack of one's own, with everybody in it, and the app installed. Where the app listens it learns in `run`."""
    slack = await stack.enter_async_context(connected(stack.enter_context(started())))
    await slack.settings(acknowledge=60, post_burst=1000)
    await slack.manifest(manifest(way, Credentials(public_url="http://127.0.0.1:9")))
    workspace = await slack.workspace("Study Hall")
    channel = await workspace.channel("daily")
    installed = await workspace.install()
    await channel.invite_bot()
    everybody = await workspace.people(KNOWN + newcomers, channels=[channel])
    return Side(name, way, slack, workspace, installed, channel, everybody)


@asynccontextmanager
async def running(side: Side, folder: Path) -> AsyncIterator[None]:
    """The side's app in a process of its own, reachable for its Slack; stopped at the end."""
    arguments, variables = _ours(side, folder) if side.ours else _beside(side)
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
            said = await asyncio.to_thread(process.stdout.readline)
            if not said:
                raise RuntimeError(f"the app did not start: {(folder / 'log.txt').read_text()}")
            if side.way is Way.SOCKET:
                await side.slack.until_connected()
            else:
                address = re.search(r"http://[^\s/]+", said)
                assert address, said
                await side.slack.manifest(manifest(side.way, Credentials(public_url=address[0])))
            side.app = psutil.Process(process.pid)
            yield
        finally:
            process.terminate()
            try:
                process.wait(20)
            finally:
                process.kill()
                process.stdout.close()


def _ours(side: Side, folder: Path) -> tuple[list[str], dict[str, str]]:
    way_in = (
        {"STUDYBOT_SLACK_APP_TOKEN": side.slack.app_token}
        if side.way is Way.SOCKET
        else {"STUDYBOT_SLACK_SIGNING_SECRET": side.slack.signing_secret}
    )
    settings = {
        "STUDYBOT_SLACK_BOT_TOKEN": side.installed.token,
        "STUDYBOT_SLACK_API_URL": side.slack.api,
        "STUDYBOT_WEB": "off",
    }
    return ["bot", "run"], environment(folder, **settings, **way_in)


def _beside(side: Side) -> tuple[list[str], dict[str, str]]:
    kind = "socket" if side.way is Way.SOCKET else KINDS[side.name]
    slack = side.slack
    given = [slack.api, slack.signing_secret, side.installed.token, slack.app_token]
    return ["bench._slack_bare", kind, *given], dict(os.environ)
