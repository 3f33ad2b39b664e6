"""What the timetable costs. `python -m bench.timetable [--quick]`.

*Due*: a tick over 100,000 schedules, with nothing and with a thousand of them due, the questions of the others open; beside as
many APScheduler cron jobs. Each side is a process of its own, and they take turns. The platform there takes every post at
once, so all time is ours. *Posts*: the whole way from the tick to Discord, beside the same client's bare create-message with
messages that are drawn already: one after the other, and as many at once as ours. The three take turns in one process, a
ratio is the median over the turns. Discord is the loopback one, with no pace.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from bench._machine import machine, table
from bench._posting import Took, Turns, post_all
from bench._weights import Weight, weigh_bot, weigh_jobs


@dataclass(frozen=True)
class Size:
    """Schedules, of which some are due together; turns of that. Posts in a turn; turns of those, after one for warming up."""

    schedules: int
    due: int
    turns: int
    posts: int
    posting_turns: int


WHOLE = Size(100_000, 1_000, 3, 500, 7)
QUICK = Size(10_000, 100, 1, 20, 3)


def due_rows(size: Size) -> list[list[str]]:
    sides: list[tuple[str, Callable[[int, int], Weight], int]] = [
        ("Studybot", weigh_bot, size.due),
        ("APScheduler", weigh_jobs, size.due),
        ("APScheduler", weigh_jobs, size.schedules),
    ]
    weights: list[list[Weight]] = [[] for _ in sides]
    for _ in range(size.turns):
        for (_, weigh, together), taken in zip(sides, weights, strict=True):
            with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
                taken.append(process.submit(weigh, size.schedules, together).result())
    return [
        [
            f"{name}, {together:,} due of {size.schedules:,}",
            spread([each.memory for each in taken], 1),
            spread([each.idle for each in taken], 2),
            spread([each.together for each in taken], 2),
            spread([each.together / together * 1000 for each in taken], 2),
            spread([each.stall for each in taken], 0),
        ]
        for (name, _, together), taken in zip(sides, weights, strict=True)
    ]


def post_rows(took: Turns, number: int) -> list[list[str]]:
    rows = []
    sides: list[tuple[str, Sequence[Took]]] = [
        ("Studybot, from the tick on", took.ours[1:]),
        ("bare create-message, one after the other", took.loop[1:]),
        ("bare create-message, as many at once as Studybot", took.at_once[1:]),
    ]
    for name, side in sides:
        others = [took.loop[1:], took.at_once[1:]] if side is sides[0][1] else []
        rows.append(
            [
                name,
                f"{statistics.median(number / each.seconds for each in side):.0f}",
                *(
                    spread([bare.seconds / each.seconds for each, bare in zip(side, other, strict=True)], 2)
                    for other in others
                ),
                *[""] * (2 - len(others)),
                spread([each.processor / number * 1000 for each in side], 1),
            ]
        )
    return rows


def spread(values: Sequence[float], digits: int) -> str:
    """The median, and the least and the most if there are several."""
    median = f"{statistics.median(values):,.{digits}f}"
    return median if len(values) == 1 else f"{median} ({min(values):,.{digits}f} to {max(values):,.{digits}f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer schedules, posts and turns")
    size = QUICK if parser.parse_args().quick else WHOLE
    began = time.perf_counter()
    print(machine(), flush=True)
    print()
    head = ["posts", "posts/s", "× one after the other", "× as many at once", "CPU ms each"]
    print(table(head, post_rows(asyncio.run(post_all(size.posting_turns, size.posts)), size.posts)), flush=True)
    print()
    head = ["schedules", "MiB", "idle tick ms", "what is due s", "ms each", "loop stalls ms"]
    print(table(head, due_rows(size)))
    print()
    print(f"{time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
