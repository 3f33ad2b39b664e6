"""What adapters remember: `bot.platform.Vault`, kept in the bot's own database, so that every worker sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.expression import ColumnElement

from bot.platform import Vault
from bot.store.database import Database
from bot.store.tables import vault
from bot.store.upsert import insert


class KeptVault(Vault):
    """The values of one platform; `now` gives the time, aware."""

    def __init__(self, database: Database, platform: str, now: Callable[[], datetime]) -> None:
        self._database = database
        self._platform = platform
        self._now = now

    async def get(self, key: str) -> bytes | None:
        async with self._database.read() as tx:
            value: bytes | None = (await tx.execute(select(vault.c.value).where(self._at(key)))).scalar_one_or_none()
        return value

    async def put(self, key: str, value: bytes) -> None:
        changing = {"value": value, "kept_at": self._now()}
        row = {"platform": self._platform, "key": key, **changing}
        async with self._database.write() as tx:
            kept = insert(tx, vault).values(row)
            await tx.execute(kept.on_conflict_do_update(index_elements=["platform", "key"], set_=changing))

    async def take(self, key: str) -> bytes | None:
        async with self._database.write() as tx:
            taken = delete(vault).where(self._at(key)).returning(vault.c.value)
            value: bytes | None = (await tx.execute(taken)).scalar_one_or_none()
        return value

    async def keys(self, prefix: str) -> Sequence[str]:
        ours = (vault.c.platform == self._platform) & vault.c.key.startswith(prefix, autoescape=True)
        async with self._database.read() as tx:
            return list((await tx.execute(select(vault.c.key).where(ours).order_by(vault.c.key))).scalars())

    def _at(self, key: str) -> ColumnElement[bool]:
        return (vault.c.platform == self._platform) & (vault.c.key == key)


class CopiedVault(Vault):
    """The values of one platform as they stood at one moment. What is done to the copy stays in it."""

    def __init__(self, values: Mapping[str, bytes]) -> None:
        self._values = dict(values)

    async def get(self, key: str) -> bytes | None:
        return self._values.get(key)

    async def put(self, key: str, value: bytes) -> None:
        self._values[key] = value

    async def take(self, key: str) -> bytes | None:
        return self._values.pop(key, None)

    async def keys(self, prefix: str) -> Sequence[str]:
        return sorted(key for key in self._values if key.startswith(prefix))


async def copy(tx: AsyncConnection, platform: str) -> CopiedVault:
    """What a platform's adapter remembers, for who looks at it without a bot."""
    mine = select(vault.c.key, vault.c.value).where(vault.c.platform == platform)
    return CopiedVault({row.key: row.value for row in await tx.execute(mine)})
