"""Alembic runs this file for every command; `upgrade.py` hands it the connection, already inside a transaction."""

from __future__ import annotations

from alembic import context

from bot.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # SQLite's DDL is transactional once the driver no longer begins transactions by itself
)
context.run_migrations()
