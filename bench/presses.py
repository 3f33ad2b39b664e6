"""How fast a thousand presses on Discord are answered, beside the bare library. `python -m bench.presses [--quick] [--ceiling]`.

A thousand people press within one second. Each bot is a process of its own, on a loopback Discord of its own, and they take
turns, so that a busy machine slows both; a ratio is the median over the turns. Ours is the whole program with its database;
the bare one is a `DynamicItem` of the same library, on the same question, that says 'ok' and keeps nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from bench._machine import machine, table
from bench._sides import BARE, OURS, PEOPLE, RAW, WARMING, Crowd, Side, ask, beside, check, ours, put, running
from tests.emulators.discord.client import connected, started

TURNS = 9
SETTLE = 5.0
"""Seconds between a start and the reading of the memory."""

GUILDS, CHANNELS = 1000, 10
"""Servers for the weight at rest, and channels of each."""

CROWDS = (
    Crowd("newcomers within 1 s", known=False, within=1.0),
    Crowd("known people within 1 s", known=True, within=1.0),
    Crowd("known people within 0.2 s", known=True, within=0.2),
)
"""Of the last, nobody keeps up with it: how much a bot can take at most."""


# ---------------------------------------------------------------- presses


async def place(stack: AsyncExitStack, turns: int) -> Side:
    """A Discord of one's own, with everybody in it."""
    discord = await stack.enter_async_context(connected(stack.enter_context(started())))
    guild = await discord.guild("Study Hall")
    new = sum(not crowd.known for crowd in CROWDS)
    return Side(discord, await guild.channel("daily"), await guild.people(WARMING + new * turns * PEOPLE))


async def presses(names: Sequence[str], turns: int, folder: Path) -> dict[str, Side]:
    """Every bot's bursts, taken in turn."""
    async with AsyncExitStack() as stack:
        sides = {name: await place(stack, turns) for name in names}
        data = folder / "data"
        data.mkdir()
        await ask(sides[OURS], data, 1 + turns * sum(crowd.known for crowd in CROWDS))
        for name, side in sides.items():
            if name != OURS:
                for question in sides[OURS].questions:
                    await put(side, question)
            command = ours(side.discord, folder) if name == OURS else beside(name, side.discord)
            side.bot = await stack.enter_async_context(running(side.discord, command, folder))
            await side.warm_up()
        for crowd in CROWDS:
            for turn in range(turns):
                for side in list(sides.values())[:: 1 if turn % 2 else -1]:
                    await side.burst(crowd)
        await check(sides[OURS], data / "studybot.db")
    return sides


# ---------------------------------------------------------------- weight


async def weight(name: str, guilds: int, folder: Path) -> float:
    """Resident MiB of a bot that nobody uses, in so many servers."""
    async with AsyncExitStack() as stack:
        discord = await stack.enter_async_context(connected(stack.enter_context(started())))
        for number in range(guilds):
            guild = await discord.guild(f"Study Hall {number}")
            for channel in range(CHANNELS):
                await guild.channel(f"channel-{channel}")
        command = ours(discord, folder) if name == OURS else beside(name, discord)
        bot = await stack.enter_async_context(running(discord, command, folder))
        await asyncio.sleep(SETTLE)
        return float(bot.memory_info().rss / 2**20)


# ---------------------------------------------------------------- tables

HEAD = [
    "who presses, which bot",
    "presses/s",
    "× bare",
    "CPU µs each",
    "× bare",
    "p50 s",
    "p99 s",
    "longest s",
    "unanswered",
]


def press_rows(sides: dict[str, Side]) -> list[list[str]]:
    """Medians of the turns; behind those of ratios and of p99 the least and the most."""
    rows = []
    for crowd in CROWDS:
        for name, side in sides.items():
            turns = side.turns[crowd]
            pairs = list(zip(turns, sides[BARE].turns[crowd], strict=True))
            rows.append(
                [
                    f"{crowd.words}, {name}",
                    f"{statistics.median(turn.rate for turn in turns):,.0f}",
                    "" if name == BARE else spread([turn.rate / bare.rate for turn, bare in pairs if bare.rate]),
                    f"{statistics.median(turn.cost for turn in turns):,.0f}",
                    "" if name == BARE else spread([turn.cost / bare.cost for turn, bare in pairs]),
                    f"{statistics.median(turn.report.p50 or 0 for turn in turns):.2f}",
                    spread([turn.report.p99 or 0 for turn in turns]),
                    f"{max(turn.report.max or 0 for turn in turns):.2f}",
                    str(sum(turn.report.unanswered for turn in turns)),
                ]
            )
    return rows


def spread(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


async def weight_rows() -> list[list[str]]:
    rows = []
    for name in (OURS, BARE):
        weights = []
        for guilds in (1, GUILDS):
            with tempfile.TemporaryDirectory(prefix="studybot-bench-") as folder:
                weights.append(await weight(name, guilds, Path(folder)))
        few, many = weights
        rows.append([name, f"{few:.1f}", f"{many:.1f}", f"{many - few:.1f}"])
    return rows


async def every(names: Sequence[str], turns: int) -> None:
    with tempfile.TemporaryDirectory(prefix="studybot-bench-") as folder:
        sides = await presses(names, turns, Path(folder))
    print(table(HEAD, press_rows(sides)), flush=True)
    print()
    head = ["bot at rest", "MiB in one server", f"MiB in {GUILDS:,}", "MiB for the servers"]
    print(table(head, await weight_rows()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="three turns instead of nine")
    parser.add_argument(
        "--ceiling", action="store_true", help="a bot without a library too: what the emulator can take"
    )
    options = parser.parse_args()
    print(machine())
    print()
    names = (OURS, BARE, RAW) if options.ceiling else (OURS, BARE)
    asyncio.run(every(names, 3 if options.quick else TURNS))


if __name__ == "__main__":
    main()
