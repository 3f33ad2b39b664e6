"""Ten thousand channels due in one minute. `python -m bench.minute [--quick]`.

The whole bot beside the loopback Discord, which takes 50 requests a second from it, as Discord does. While the questions go out
people press on one that is open, twenty a second; the same people press before that, with nothing else to do. It fails unless
each channel has its question once and each press was answered.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from adapters.discord.client import DiscordPlatform
from bench._machine import machine, table
from bench._posting import channels_in, due_now, ended
from bench._weights import bot, tuned
from bot.app import App
from bot.events import Place
from bot.library.shelf import open_shelf, shipped
from bot.quiz.cards import LETTERS
from bot.steward import Steward
from bot.timetable import Timetable
from tests.emulators.discord.client import running
from tests.emulators.discord.people import Person
from tests.emulators.discord.seen import Message
from tests.emulators.discord.servers import Channel

TOGETHER = 50
"""Requests a second that Discord takes from a bot."""

IN_A_SERVER = 100
A_SECOND = 20
"""Presses."""

QUIET = 10
"""Seconds of presses before anything is due."""


@dataclass
class Presses:
    """Seconds that people waited for the response to each press."""

    p50: list[float] = field(default_factory=list)
    longest: float = 0.0
    count: int = 0

    async def second(
        self, channel: Channel, message: Message, buttons: Sequence[str], people: Sequence[Person]
    ) -> None:
        report = await channel.burst(message, buttons, people, seconds=1.0)
        assert report.unanswered == 0, f"{report.unanswered} presses were not answered"
        self.p50.append(report.p50 or 0.0)
        self.longest = max(self.longest, report.max or 0.0)
        self.count += report.answered

    def row(self, what: str) -> list[str]:
        half = sorted(self.p50)[len(self.p50) // 2]
        return [what, str(self.count), f"{half * 1000:.0f}", f"{self.longest * 1000:.0f}"]


async def measure(number: int) -> None:
    async with AsyncExitStack() as stack:
        discord = await stack.enter_async_context(running())
        town = await discord.guild("Town")
        square = await town.channel("square")
        channels = [
            each
            for first in range(0, number, IN_A_SERVER)
            for each in await channels_in(discord, min(IN_A_SERVER, number - first))
        ]
        people = [await town.person(f"Person {each}") for each in range(10 * A_SECOND)]
        await discord.settings(validate=False, openapi_every=0, record_requests=False)
        platform = DiscordPlatform(discord.token, discord.api)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="studybot-bench-")))
        world = await stack.enter_async_context(bot(folder / "studybot.db", open_shelf([shipped()]), platform))
        steward = Steward(world)
        connection = asyncio.create_task(platform.run(App(world, steward).handle))
        stack.push_async_callback(ended, connection)
        await discord.until_connected()
        timetable = Timetable(world, steward)
        await due_now(world.database, [Place("discord", str(square.guild), square.id)])
        await timetable.tick()
        (question,) = await square.messages()
        buttons = [question.custom_id(each) for each in question.buttons if each in LETTERS]
        await discord.limit_together(TOGETHER)
        tuned()
        groups = itertools.cycle(people[first : first + A_SECOND] for first in range(0, len(people), A_SECOND))
        before, meanwhile = Presses(), Presses()
        for _ in range(QUIET):
            await before.second(square, question, buttons, next(groups))
        await due_now(world.database, [Place("discord", str(each.guild), each.id) for each in channels])
        began, processor = time.perf_counter(), time.process_time()
        posting = asyncio.create_task(timetable.tick())
        while not posting.done():
            await meanwhile.second(square, question, buttons, next(groups))
        await posting
        took, spent = time.perf_counter() - began, time.process_time() - processor
        await discord.limit_together(0)
        stand = [len(await each.messages()) for each in channels]
        assert stand == [1] * number, f"{stand.count(0)} channels without their question, {sum(stand)} messages"
        head = ["channels due at once", "minutes", "posts/s", "answered with 429", "processor"]
        away = await discord.turned_away()
        print(
            table(head, [[f"{number:,}", f"{took / 60:.1f}", f"{number / took:.1f}", str(away), f"{spent / took:.0%}"]])
        )
        print()
        head = ["presses", "number", "median ms", "longest ms"]
        print(table(head, [before.row("with nothing else to do"), meanwhile.row("while they are posted")]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a thousand channels")
    print(machine(), flush=True)
    print()
    asyncio.run(measure(1_000 if parser.parse_args().quick else 10_000))


if __name__ == "__main__":
    main()
