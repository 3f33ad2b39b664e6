"""Who was forgotten, as keyed hashes of accounts: nobody can be read from them, but somebody who comes back can be told.

They are kept in the database and in a file beside it. The file is not restored with a backup, so a database that is older
than somebody's wish to be forgotten learns of it again. The key is in the database alone: the file says nothing without it.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import upsert
from bot.store.tables import tombstones, vault

_KEY = {"platform": "", "key": "tombstones"}


class Ledger:
    """The file: a line for each tombstone, its mark in hexadecimal and the time. Lines are only ever added."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[bytes, datetime]:
        try:
            lines = self._path.read_text(encoding="ascii").splitlines()
        except FileNotFoundError:
            return {}
        found: dict[bytes, datetime] = {}
        for line in lines:
            mark, _, at = line.partition(" ")
            try:
                found[bytes.fromhex(mark)] = datetime.fromisoformat(at)
            except ValueError:  # cut off when the machine stopped; the database has it still
                continue
        return found

    def add(self, every: Iterable[tuple[bytes, datetime]]) -> None:
        """Back when it is on disk."""
        with self._path.open("a", encoding="ascii") as file:
            file.writelines(f"{mark.hex()} {at.isoformat()}\n" for mark, at in every)
            file.flush()
            os.fsync(file.fileno())


async def key(tx: AsyncConnection, now: datetime) -> bytes:
    """The key of the hashes, made when it is first needed."""
    kept = select(vault.c.value).where(vault.c.platform == _KEY["platform"], vault.c.key == _KEY["key"])
    found: bytes | None = (await tx.execute(kept)).scalar_one_or_none()
    if found is None:
        row = {**_KEY, "value": secrets.token_bytes(32), "kept_at": now}
        await tx.execute(upsert.insert(tx, vault).values(row).on_conflict_do_nothing())
        found = (await tx.execute(kept)).scalar_one()
    return bytes(found)


def mark(with_key: bytes, account: tuple[str, str, str]) -> bytes:
    """The hash of an account: platform, realm, user."""
    return hmac.digest(with_key, "\0".join(account).encode(), hashlib.sha256)


async def raise_for(tx: AsyncConnection, every: Collection[tuple[str, str, str]], now: datetime) -> None:
    """Note that these accounts are forgotten from now on."""
    with_key = await key(tx, now)
    for account in every:
        await put(tx, {mark(with_key, account): now})


async def put(tx: AsyncConnection, every: dict[bytes, datetime], *, noted: bool = False) -> None:
    """Keep tombstones; of two for one account the later one holds."""
    for stone, at in every.items():
        row = {"mark": stone, "forgotten_at": at, "noted": noted, "cleared": False}
        kept = upsert.insert(tx, tombstones).values(row)
        changing = {"forgotten_at": at, "noted": noted, "cleared": False}
        later = tombstones.c.forgotten_at < at
        await tx.execute(kept.on_conflict_do_update(index_elements=["mark"], set_=changing, where=later))


async def all_of(tx: AsyncConnection) -> dict[bytes, datetime]:
    return {row.mark: row.forgotten_at for row in await tx.execute(select(tombstones))}


async def stands(tx: AsyncConnection, account: tuple[str, str, str]) -> bool:
    """Whether an account was ever forgotten."""
    kept = select(vault.c.value).where(vault.c.platform == _KEY["platform"], vault.c.key == _KEY["key"])
    with_key: bytes | None = (await tx.execute(kept)).scalar_one_or_none()
    if with_key is None:
        return False
    known = select(tombstones.c.mark).where(tombstones.c.mark == mark(bytes(with_key), account))
    return (await tx.execute(known)).first() is not None


async def unnoted(tx: AsyncConnection) -> list[tuple[bytes, datetime]]:
    """Those that the ledger lacks."""
    query = select(tombstones.c.mark, tombstones.c.forgotten_at).where(~tombstones.c.noted)
    return [(row.mark, row.forgotten_at) for row in await tx.execute(query)]


async def noted(tx: AsyncConnection, every: Collection[bytes]) -> None:
    await tx.execute(update(tombstones).where(tombstones.c.mark.in_(every)).values(noted=True))


async def uncleared(tx: AsyncConnection) -> bool:
    """Whether what was deleted may still lie about in the file."""
    return (await tx.execute(select(tombstones.c.mark).where(~tombstones.c.cleared).limit(1))).first() is not None


async def cleared(tx: AsyncConnection) -> None:
    await tx.execute(update(tombstones).values(cleared=True))
