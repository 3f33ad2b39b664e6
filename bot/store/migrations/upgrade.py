"""Brings a database's tables up to `HEAD`. Importing this costs what Alembic costs: only do so when there is work."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, inspect

from bot.store.database import DatabaseProblem
from bot.store.migrations import HEAD
from bot.store.tables import metadata


def scripts() -> Config:
    """Alembic's configuration, without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(connection: Connection, version: str | None) -> None:
    """Take the steps from `version` (None: no table yet) to `HEAD`, inside the caller's transaction."""
    config = scripts()
    if version is None:
        present = set(inspect(connection).get_table_names())
        foreign = present if connection.dialect.name == "sqlite" else present & set(metadata.tables)
        if foreign:
            raise DatabaseProblem(
                f"the database belongs to another program (it has a table {min(foreign)!r}): give Studybot one of its own"
            )
    else:
        try:
            ScriptDirectory.from_config(config).get_revision(version)
        except CommandError:
            raise DatabaseProblem(
                f"the database is at version {version!r} and this Studybot knows versions up to {HEAD!r}: "
                "run the newer Studybot that wrote it, or restore a backup from before"
            ) from None
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
