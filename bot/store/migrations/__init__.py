"""The tables' history, forward only. `HEAD` is the newest step, so that an up-to-date database is known without Alembic."""

HEAD = "0001"
