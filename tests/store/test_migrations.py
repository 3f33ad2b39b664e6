from __future__ import annotations

import asyncio
import importlib
import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

from bot.store.database import Database, DatabaseProblem
from bot.store.migrations import HEAD
from bot.store.migrations.upgrade import scripts
from bot.store.tables import metadata
from tests.postgres import Server


@pytest.fixture(params=["sqlite", "postgresql"])
async def new(request: pytest.FixtureRequest, tmp_path: Path, postgres: Server) -> str:
    """The address of a database without any table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'studybot.db'}"
    return postgres.url(await postgres.empty())


def test_the_newest_step_is_the_one_that_an_up_to_date_database_is_known_by() -> None:
    assert ScriptDirectory.from_config(scripts()).get_heads() == [HEAD]


async def test_the_steps_lead_to_the_tables(new: str) -> None:
    database = await Database.open(new)

    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        found: list[Any] = compare_metadata(context, metadata)
        return found

    async with database.read() as tx:
        assert await tx.run_sync(differences) == []
    await database.close()


async def test_the_steps_write_the_very_sql_of_the_tables(tmp_path: Path) -> None:
    """What a comparison of metadata does not see: WITHOUT ROWID, the order of an index, foreign keys, names."""
    await (await Database.open(f"sqlite:///{tmp_path / 'stepped.db'}")).close()
    engine = create_engine(f"sqlite:///{tmp_path / 'made.db'}")
    metadata.create_all(engine)
    engine.dispose()
    stepped, made = (_sql(tmp_path / name) for name in ("stepped.db", "made.db"))
    assert {name: sql for name, sql in stepped.items() if name != "alembic_version"} == made


def _sql(path: Path) -> dict[str, str]:
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    connection.close()
    return {name: " ".join(sql.split()) for name, sql in rows}


async def test_postgresql_orders_boards_and_keys_as_sqlite_does(postgres: Server) -> None:
    """Names and periods compare by code point, whatever the database's own collation."""
    database = await Database.open(await postgres.fresh())
    query = """
        SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = 'public' AND collation_name = 'C' ORDER BY 1, 2
    """
    async with database.read() as tx:
        found = [tuple(row) for row in await tx.execute(text(query))]
    assert found == [
        ("forgotten_shares", "period"),
        ("memberships", "season"),
        ("score_counts", "period"),
        ("scores", "period"),
        ("scores", "sort_name"),
        ("team_scores", "period"),
        ("team_totals", "period"),
        ("teams", "season"),
        ("teams", "sort_name"),
        ("vault", "key"),
    ]
    await database.close()


async def test_a_database_from_a_newer_version_is_refused_and_left_alone(new: str) -> None:
    database = await Database.open(new)
    async with database.write() as tx:
        await tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await database.close()
    with pytest.raises(DatabaseProblem, match=r"version '9999' .* run the newer Studybot"):
        await Database.open(new)


async def test_another_programs_database_is_refused_and_left_alone(new: str, tmp_path: Path) -> None:
    database = await Database.open(new)
    async with database.write() as tx:
        await tx.execute(text("DROP TABLE alembic_version"))
    await database.close()
    with pytest.raises(DatabaseProblem, match="belongs to another program"):
        await Database.open(new)


async def test_a_step_that_fails_leaves_nothing_behind(new: str, monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade = importlib.import_module("bot.store.migrations.upgrade")

    def broken(connection: Connection, version: str | None) -> None:
        metadata.create_all(connection)
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(upgrade, "upgrade", broken)
        with pytest.raises(ZeroDivisionError):
            await Database.open(new)
    await (await Database.open(new)).close()


async def test_workers_that_start_together_migrate_once(postgres: Server) -> None:
    url = postgres.url(await postgres.empty())
    for database in await asyncio.gather(*(Database.open(url) for _ in range(4))):
        await database.close()


def test_alembic_is_loaded_only_when_there_is_work(tmp_path: Path) -> None:
    opening = f"""
import asyncio, json, sys
from bot.store.database import Database
async def go():
    await (await Database.open('sqlite:///{tmp_path / "studybot.db"}')).close()
asyncio.run(go())
print(json.dumps('alembic' in sys.modules))
"""
    runs = [
        subprocess.run([sys.executable, "-c", opening], capture_output=True, text=True, check=True) for _ in range(2)
    ]
    assert [json.loads(run.stdout) for run in runs] == [True, False]
