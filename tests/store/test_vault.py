from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from bot.store.database import Database
from bot.store.vault import KeptVault, copy

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def vault(database: Database, platform: str = "slack") -> KeptVault:
    return KeptVault(database, platform, lambda: NOW)


async def test_a_value_is_kept_and_replaced(database: Database) -> None:
    kept = vault(database)
    assert await kept.get("token:T1") is None
    await kept.put("token:T1", b"\x00\xff")
    await kept.put("token:T1", b"new")
    assert await vault(database).get("token:T1") == b"new"


async def test_platforms_do_not_see_each_others_values(database: Database) -> None:
    await vault(database).put("key", b"slack")
    assert await vault(database, "discord").get("key") is None
    assert await vault(database, "discord").keys("") == []


async def test_a_value_that_is_taken_is_taken_once(database: Database) -> None:
    kept = vault(database)
    await kept.put("state:x", b"1")
    taken = await asyncio.gather(*(kept.take("state:x") for _ in range(8)))
    assert taken.count(b"1") == 1
    assert taken.count(None) == 7
    assert await kept.get("state:x") is None


async def test_keys_are_listed_by_their_beginning(database: Database) -> None:
    kept = vault(database)
    for key in ("b%", "a_1", "a11", "b%2", "bx"):
        await kept.put(key, b"")
    assert await kept.keys("b%") == ["b%", "b%2"]
    assert await kept.keys("a_") == ["a_1"]
    assert await kept.keys("") == ["a11", "a_1", "b%", "b%2", "bx"]


async def test_a_copy_is_of_one_platform_and_what_is_done_to_it_stays_in_it(database: Database) -> None:
    await vault(database).put("token:T1", b"1")
    await vault(database, "discord").put("token:T2", b"2")
    async with database.read() as tx:
        copied = await copy(tx, "slack")
    assert await copied.keys("token:") == ["token:T1"]
    assert await copied.get("token:T2") is None
    assert await copied.take("token:T1") == b"1"
    await copied.put("state:x", b"3")
    assert await copied.keys("") == ["state:x"]
    assert await vault(database).keys("") == ["token:T1"]
