from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.database import Database
from tests import sqlite
from tests.postgres import Server, postgres, postgres_server

__all__ = ["postgres", "postgres_server"]


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(request: pytest.FixtureRequest, tmp_path: Path, postgres: Server) -> str:
    """The address of a new database of each kind. There is no run without PostgreSQL: the fixture fails without."""
    return sqlite.fresh(tmp_path / "studybot.db") if request.param == "sqlite" else await postgres.fresh()


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    database = await Database.open(url)
    yield database
    await database.close()
