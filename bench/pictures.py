"""How long a picture takes to draw, and what that does to the event loop. `python -m bench.pictures`.

Each is drawn anew, light and dark by turns; then the same again from what is kept. The loop's longest wait is that of a
task which wants to run every millisecond while pictures are drawn in a thread, and in a process of their own.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import replace

from bench._machine import machine, table
from bot.pictures import Board, Sheet, Theme, draw, drawn, svg
from tests.pictures.sheets import FIRST, FULL, PEOPLE, RECAP, SIX_SCRIPTS, STATS, TEAMS

RUNS = 15
MANY = 30
"""Different pictures for the rates."""

SHEETS: dict[str, Sheet] = {
    "stats": STATS,
    "stats of the first day": FIRST,
    "board of people, six scripts": SIX_SCRIPTS,
    "the same with a name in Hindi": PEOPLE,
    "board of teams": TEAMS,
    "recap": RECAP,
    "stats, every number at its longest": FULL[0],
    "board, every number at its longest": FULL[3],
    "recap, every text at its longest": FULL[-1],
}


def once(sheet: Sheet, theme: Theme) -> tuple[float, float]:
    """Seconds and processor seconds to draw a sheet that isn't kept."""
    draw.cache_clear()
    began, worked = time.perf_counter(), time.process_time()
    draw(sheet, theme)
    return time.perf_counter() - began, time.process_time() - worked


def composed(sheet: Sheet) -> float:
    began = time.perf_counter()
    svg(sheet)
    return time.perf_counter() - began


def row(name: str, sheet: Sheet) -> list[str]:
    once(sheet, Theme.LIGHT)
    runs = [once(sheet, theme) for _ in range(RUNS) for theme in Theme]
    seconds, worked = ([run[i] for run in runs] for i in (0, 1))
    composing = statistics.median(composed(sheet) for _ in range(RUNS))
    kept = draw(sheet)
    began = time.perf_counter()
    draw(sheet)
    again = time.perf_counter() - began
    figures = (min(seconds), statistics.median(seconds), max(seconds), statistics.median(worked), composing)
    return [
        name,
        *(f"{1000 * figure:.0f}" for figure in figures),
        f"{1e6 * again:.0f}",
        f"{len(kept.content) / 1000:.0f}",
    ]


def boards(number: int) -> Sequence[Board]:
    return [replace(SIX_SCRIPTS, of=1000 + number + each) for each in range(MANY)]


async def rate(number: int, executor: Executor | None, at_once: int) -> tuple[float, float]:
    """Pictures a second, and the longest wait in seconds of a task that wants to run every millisecond."""
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, time.perf_counter() - began)

    watching = asyncio.create_task(watch())
    places = asyncio.Semaphore(at_once)

    async def one(board: Board) -> None:
        async with places:
            await drawn(board, executor=executor)

    began = time.perf_counter()
    await asyncio.gather(*(one(board) for board in boards(number)))
    took = time.perf_counter() - began
    watching.cancel()
    return MANY / took, longest


def rates() -> list[list[str]]:
    rows = []
    in_threads = asyncio.run(rate(0, None, 1))
    rows.append(["a thread", f"{in_threads[0]:.1f}", f"{1000 * in_threads[1]:.0f}"])
    for workers in (1, 2):
        with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
            for _ in pool.map(draw, [SIX_SCRIPTS] * workers * 4):
                continue  # starts them
            got = asyncio.run(rate(1000 * workers, pool, workers))
        processes = "a process" if workers == 1 else f"{workers} processes"
        rows.append([processes, f"{got[0]:.1f}", f"{1000 * got[1]:.0f}"])
    return rows


def main() -> None:
    print(machine())
    head = ["picture", "least ms", "median ms", "most ms", "processor ms", "of it SVG ms", "kept µs", "kB"]
    print(table(head, [row(name, sheet) for name, sheet in SHEETS.items()]))
    print()
    print(table(["drawn in", "pictures/s", "longest wait of the loop, ms"], rates()))


if __name__ == "__main__":
    main()
