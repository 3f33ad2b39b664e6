"""How fast presses on Slack are acknowledged, beside bare Bolt. `python -m bench.slack [--quick] [--ceiling] [--only socket|http]`.

Each app is a process of its own, on a loopback Slack of its own, and they take turns, so that a busy machine slows both; a
ratio is the median over the turns. Ours is the whole program with its database; a bare one acknowledges and does nothing else.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from adapters.slack.ways import Way
from bench._machine import machine, table
from bench._slack_sides import BARE, LATE, NOTHING, OURS, Load, Side, Slice, ask, check, place, put, running

TURNS = 7

CROWD = Load("500 waiting, known people", presses=2000, waiting=500)
NEWCOMERS = Load("500 waiting, newcomers", presses=2000, waiting=500, known=False)
ONE = Load("one at a time", presses=200, waiting=1, apart=True)

LOADS: dict[Way, dict[Load, tuple[str, ...]]] = {
    Way.HTTP: {
        CROWD: (OURS, BARE, NOTHING),
        NEWCOMERS: (OURS, BARE),
        ONE: (OURS, BARE, LATE),
    },
    Way.SOCKET: {CROWD: (OURS, BARE), ONE: (OURS, BARE)},
}
"""What each app is put to, the ratios beside `BARE`; the latency of one at a time is compared with `LATE` as well."""


async def measured(way: Way, turns: int, folder: Path, *, ceiling: bool) -> dict[str, Side]:
    """Every app's bursts, taken in turn."""
    loads = LOADS[way]
    names = [name for name in (OURS, BARE, LATE, NOTHING) if any(name in each for each in loads.values())]
    if not ceiling and NOTHING in names:
        names.remove(NOTHING)
    newcomers = sum(load.presses for load in loads if not load.known) * turns
    questions = 1 + turns * sum(load.known for load in loads)
    async with AsyncExitStack() as stack:
        sides = {name: await place(stack, name, way, newcomers) for name in names}
        data = folder / "data"
        data.mkdir(parents=True)
        await ask(sides[OURS], data, questions)
        for side in sides.values():
            for question in [] if side.ours else sides[OURS].questions:
                await put(side, question)
            await stack.enter_async_context(running(side, folder))
            await side.warm_up()
        for load, used in loads.items():
            taking = [side for name, side in sides.items() if name in used]
            for turn in range(turns):
                for side in taking[:: 1 if turn % 2 else -1]:
                    await side.burst(load)
        check(sides[OURS], data / "studybot.db")
    return sides


# ---------------------------------------------------------------- tables

HEAD = [
    "who presses, which app",
    "acks/s",
    "× bare",
    "with verdict/s",
    "CPU µs each",
    "× bare",
    "p50 ms",
    "p99 ms",
    "p99 / p50",
    "p50 × default",
    "verdict p50 ms",
    "verdict p99 ms",
]


def rows(sides: dict[str, Side]) -> list[list[str]]:
    """Medians of the turns; behind ratios and waits the least and the most."""
    found = []
    for load in next(iter(sides.values())).slices:
        for name, side in sides.items():
            slices = side.slices.get(load, [])
            if not slices:
                continue
            beside = {each: sides[each].slices.get(load, []) for each in (BARE, LATE) if each in sides}
            found.append(
                [
                    f"{load.words}, {name}",
                    f"{statistics.median(each.rate for each in slices):,.0f}",
                    ratios(slices, beside.get(BARE, []), lambda each: each.rate) if name != BARE else "",
                    f"{statistics.median(each.whole for each in slices):,.0f}" if side.ours else "",
                    f"{statistics.median(each.cost for each in slices):,.0f}",
                    ratios(slices, beside.get(BARE, []), lambda each: each.cost) if name != BARE else "",
                    spread([each.p50 * 1000 for each in slices], 1),
                    spread([each.p99 * 1000 for each in slices], 1),
                    spread([each.p99 / each.p50 for each in slices]),
                    ratios(slices, beside.get(LATE, []), lambda each: each.p50) if name != LATE else "",
                    *(
                        spread([(wait or 0.0) * 1000 for wait in waits], 1) if side.ours else ""
                        for waits in (
                            [each.report.answered.p50 for each in slices],
                            [each.report.answered.p99 for each in slices],
                        )
                    ),
                ]
            )
    return found


def ratios(mine: Sequence[Slice], theirs: Sequence[Slice], of: Callable[[Slice], float]) -> str:
    return spread([of(one) / of(other) for one, other in zip(mine, theirs, strict=True)]) if theirs else ""


def spread(values: Sequence[float], digits: int = 2) -> str:
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


async def every(ways: Sequence[Way], turns: int, *, ceiling: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="studybot-bench-") as folder:
        for way in ways:
            sides = await measured(way, turns, Path(folder) / way.value, ceiling=ceiling)
            print(f"{'Socket Mode' if way is Way.SOCKET else 'HTTP'}; {machine()}")
            print()
            print(table(HEAD, rows(sides)), flush=True)
            print()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="three turns instead of seven")
    parser.add_argument("--ceiling", action="store_true", help="what the loopback Slack can send at most, too")
    parser.add_argument("--only", choices=["http", "socket"], help="one of the two ways in")
    options = parser.parse_args()
    ways = [Way(options.only)] if options.only else [Way.HTTP, Way.SOCKET]
    asyncio.run(every(ways, 3 if options.quick else TURNS, ceiling=options.ceiling))


if __name__ == "__main__":
    main()
