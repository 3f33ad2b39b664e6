"""What teams cost a batch of ballots. `python -m bench.teams [--quick]`.

The same ballots are cast into three databases, which take turns: one of a community without teams, one in which there is a
team that nobody is in, and one in which everybody is in one of forty. A ratio is the median over the slices, beside the first.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import tempfile
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from bench._machine import machine, table
from bench._postgresql import beside_postgresql
from bench.ballots import ballots, cast, prepare
from bot.quiz.seasons import QUARTERS
from bot.store import teams
from bot.store.ballots import Ballots
from bot.store.database import Database
from bot.store.teams import Team
from tests.postgres import Server

SLICES = 9
"""Those of the first day are for warming up, and for people to be met."""

SEASON = QUARTERS.key(datetime(2026, 1, 1, tzinfo=UTC).date())
FOUNDED = datetime(2025, 12, 31, 12, tzinfo=UTC)
TEAMS = 40
WAYS = ("no teams", "one empty team", f"{TEAMS} teams")


async def found(database: Database, way: str) -> None:
    """Make the teams, and put everybody that there is into them."""
    wanted = {WAYS[0]: 0, WAYS[1]: 1, WAYS[2]: TEAMS}[way]
    async with database.write() as tx:
        for number in range(1, wanted + 1):
            assert isinstance(await teams.create(tx, 1, SEASON, f"Team {number}", FOUNDED, lasting=True), Team)
        if wanted > 1:
            into = text(
                "INSERT INTO memberships (person_id, season, since, community_id, team_id, account_id, platform, workspace) "
                "SELECT person_id, :season, :since, 1, 1 + person_id % :teams, id, 'discord', 'g' FROM accounts"
            )
            into = into.bindparams(season=SEASON, teams=TEAMS)
            since: object = FOUNDED if database.dialect == "postgresql" else "2025-12-31 12:00:00.000000"
            await tx.execute(into.bindparams(since=since))


async def measure(databases: list[Database], waiting: int, people: int) -> list[list[float]]:
    """Seconds that each slice took, by database."""
    source = ballots(people)
    boxes = [Ballots(database) for database in databases]
    first = [next(source) for _ in range(people)]
    for box in boxes:
        await cast(box, first, 1000)
    for database, way in zip(databases, WAYS, strict=True):
        await found(database, way)
    took: list[list[float]] = [[] for _ in databases]
    size = min(people, 5 * waiting)
    for each in range(SLICES):
        some = [next(source) for _ in range(size)]
        gc.collect()
        for at in range(len(boxes)):
            turn = (each + at) % len(boxes)  # whoever comes first finds the processor cool
            took[turn].append((await cast(boxes[turn], some, waiting))[0] / size)
    for box in boxes:
        await box.stop()
    return took


async def run(people: int, server: Server) -> list[list[str]]:
    rows: list[list[str]] = []
    for kind in ("SQLite", "PostgreSQL"):
        for waiting in (1000, 50):
            async with AsyncExitStack() as stack:
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="studybot-bench-")))
                databases: list[Database] = []
                for at in range(len(WAYS)):
                    url = f"sqlite:///{folder / f'{at}.db'}" if kind == "SQLite" else await server.fresh()
                    databases.append(await prepare(url))
                    stack.push_async_callback(databases[-1].close)
                took = await measure(databases, waiting, people)
            for way, seconds in zip(WAYS, took, strict=True):
                ratio = statistics.median(mine / bare for mine, bare in zip(seconds, took[0], strict=True))
                rows.append([f"{kind}, {way}", str(waiting), f"{1 / statistics.median(seconds):,.0f}", f"{ratio:.2f}"])
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer people")
    people = 2000 if parser.parse_args().quick else 10_000
    rows = beside_postgresql(lambda server: run(people, server))
    print(machine())
    print()
    print(table(["community", "waiting", "cast/s", "time beside none"], rows))


if __name__ == "__main__":
    main()
