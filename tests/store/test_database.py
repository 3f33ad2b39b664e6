from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.store.ballots import Ballots, Standing
from bot.store.database import Database, DatabaseProblem
from bot.store.tables import communities, people
from tests.postgres import PASSWORD, USER, Server
from tests.store.town import NOW, answered, settle


def community(name: str) -> dict[str, object]:
    return {"name": name, "zone": "UTC", "created_at": NOW}


async def count(database: Database) -> int:
    async with database.read() as tx:
        return (await tx.execute(select(func.count()).select_from(communities))).scalar_one()


async def test_what_is_written_stays_after_closing(url: str) -> None:
    for already in range(3):
        database = await Database.open(url)
        assert await count(database) == already
        async with database.write() as tx:
            await tx.execute(insert(communities).values(community("c")))
        await database.close()


async def test_an_exception_takes_the_whole_transaction_back(database: Database) -> None:
    async def fail() -> None:
        async with database.write() as tx:
            await tx.execute(insert(communities).values(community("c")))
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert await count(database) == 0


async def test_a_cancelled_transaction_leaves_nothing_and_the_next_one_works(database: Database) -> None:
    begun = asyncio.Event()

    async def linger() -> None:
        async with database.write() as tx:
            await tx.execute(insert(communities).values(community("c")))
            begun.set()
            await tx.execute(
                text(
                    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT max(i) FROM n"
                )
            )

    task = asyncio.create_task(linger())
    await begun.wait()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with database.write() as tx:
        await tx.execute(insert(communities).values(community("d")))
    assert await count(database) == 1


async def test_a_reader_can_change_nothing(database: Database) -> None:
    with pytest.raises(DBAPIError):
        async with database.read() as tx:
            await tx.execute(insert(communities).values(community("c")))
    assert await count(database) == 0
    async with database.write() as tx:
        await tx.execute(insert(communities).values(community("c")))


async def test_a_reader_sees_one_moment(database: Database) -> None:
    async with database.read() as tx:
        query = select(func.count()).select_from(communities)
        assert (await tx.execute(query)).scalar_one() == 0
        async with database.write() as other:
            await other.execute(insert(communities).values(community("c")))
        assert (await tx.execute(query)).scalar_one() == 0
    assert await count(database) == 1


async def test_rows_refer_to_rows_that_exist(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.write() as tx:
            await tx.execute(insert(people).values(community_id=99, name="Ada", created_at=NOW))


async def test_many_read_and_write_at_once(database: Database) -> None:
    async def both() -> None:
        async with database.write() as tx:
            await tx.execute(insert(communities).values(community("c")))
        await count(database)

    await asyncio.gather(*(both() for _ in range(30)))
    assert await count(database) == 30


@pytest.mark.parametrize("url", ["mysql://localhost/x", "studybot.db", "", "sqlite://", "sqlite:///:memory:"], ids=str)
async def test_an_address_that_is_none_is_explained(url: str) -> None:
    with pytest.raises(DatabaseProblem, match="STUDYBOT_DATABASE_URL"):
        await Database.open(url)


# ---------------------------------------------------------------- SQLite


def file(path: Path) -> str:
    return f"sqlite:///{path}"


async def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatabaseProblem, match="nowhere is no folder: create it"):
        await Database.open(file(tmp_path / "nowhere" / "studybot.db"))


async def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(DatabaseProblem, match="is a folder"):
        await Database.open(file(tmp_path))


async def test_a_file_of_another_kind_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Dear diary, " * 100)
    with pytest.raises(DatabaseProblem, match="is no SQLite database"):
        await Database.open(file(path))
    assert path.read_text() == "Dear diary, " * 100


async def test_a_damaged_file_asks_for_a_backup(tmp_path: Path) -> None:
    path = tmp_path / "studybot.db"
    await (await Database.open(file(path))).close()
    content = bytearray(path.read_bytes())
    content[100:] = b"\xaa" * (len(content) - 100)
    path.write_bytes(content)
    with pytest.raises(DatabaseProblem, match="is damaged: restore a backup"):
        await Database.open(file(path))


async def test_a_path_with_odd_characters_is_a_path(tmp_path: Path) -> None:
    path = tmp_path / "a b%20#c ü.db"
    database = await Database.open(f"sqlite:///{str(path).replace('%', '%25')}")
    assert await count(database) == 0
    await database.close()
    assert path.is_file()


async def test_a_second_bot_on_the_file_is_refused_until_the_first_is_gone(tmp_path: Path) -> None:
    url = file(tmp_path / "studybot.db")
    first = await Database.open(url)
    with pytest.raises(DatabaseProblem, match="in use by another Studybot"):
        await Database.open(url)
    opening = f"import asyncio; from bot.store.database import Database; asyncio.run(Database.open({url!r}))"
    other = subprocess.run([sys.executable, "-c", opening], capture_output=True, text=True)
    assert "in use by another Studybot" in other.stderr
    async with first.write() as tx:
        await tx.execute(insert(communities).values(community("c")))
    await first.close()
    again = await Database.open(url)
    assert await count(again) == 1
    await again.close()


async def test_the_file_is_safe_against_power_cuts(tmp_path: Path) -> None:
    database = await Database.open(file(tmp_path / "studybot.db"))
    async with database.write() as tx:
        found = [
            (await tx.execute(text(f"PRAGMA {what}"))).scalar()
            for what in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert found == ["wal", 2, 1]
    await database.close()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["studybot.db", "studybot.db.lock"]


async def test_a_full_disk_fails_the_callers_and_is_got_over(tmp_path: Path) -> None:
    database = await Database.open(file(tmp_path / "studybot.db"))
    town = await settle(database)
    ballots = Ballots(database)
    await ballots.cast(town.ballot("first"))
    async with database.write() as tx:
        await tx.execute(
            text("PRAGMA max_page_count = 1")
        )  # SQLite stays at the present size: no room for one page more
    failures = await asyncio.gather(
        *(ballots.cast(town.ballot(f"u{each}", given="x" * 5000)) for each in range(50)), return_exceptions=True
    )
    assert {str(failure) for failure in failures} == {
        f"{tmp_path / 'studybot.db'} has no room left: free some space on its disk"
    }
    assert {type(failure) for failure in failures} == {DatabaseProblem}
    assert len({id(failure) for failure in failures}) == 50
    with pytest.raises(DatabaseProblem, match="has no room left"):
        async with database.write() as tx:
            await tx.execute(insert(people).values(community_id=town.community, name="x" * 500_000, created_at=NOW))
    assert await answered(database) == 1
    async with database.write() as tx:
        await tx.execute(text("PRAGMA max_page_count = 100000"))
    receipts = await asyncio.gather(*(ballots.cast(town.ballot(f"u{each}")) for each in range(50)))
    assert {receipt.standing for receipt in receipts} == {Standing.RECORDED}
    await ballots.stop()
    await database.close()


async def test_a_file_locked_by_another_program_is_waited_for_then_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.sqlite.BUSY", 0.05)
    database = await Database.open(file(tmp_path / "studybot.db"))
    town = await settle(database)
    ballots = Ballots(database)
    shell = sqlite3.connect(tmp_path / "studybot.db", isolation_level=None)
    shell.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseProblem, match="locked by another program"):
        await ballots.cast(town.ballot("ada"))
    shell.execute("COMMIT")
    shell.close()
    assert (await ballots.cast(town.ballot("ada"))).standing is Standing.RECORDED
    await ballots.stop()
    await database.close()


# ---------------------------------------------------------------- PostgreSQL


async def test_a_wrong_password_is_explained_without_telling_it(postgres: Server) -> None:
    with pytest.raises(DatabaseProblem, match="refuses the user or the password") as caught:
        await Database.open(postgres.url("postgres", password="wrong"))
    assert "wrong" not in str(caught.value)


async def test_a_database_that_is_missing_is_explained(postgres: Server) -> None:
    with pytest.raises(DatabaseProblem, match=r"127.0.0.1:\d+/nowhere has no such database: create it"):
        await Database.open(postgres.url("nowhere"))


async def test_a_server_that_is_not_there_is_explained() -> None:
    with pytest.raises(DatabaseProblem, match="can't be reached"):
        await Database.open("postgresql://user:secret@127.0.0.1:9/studybot")


async def test_addresses_may_be_written_as_others_write_them(postgres: Server) -> None:
    name = await postgres.empty()
    plain = postgres.url(name)
    for url in (
        plain.replace("postgresql://", "postgres://"),
        plain.replace("postgresql://", "postgresql+asyncpg://"),
        f"{plain}?sslmode=disable",
        f"postgresql:///{name}?host=127.0.0.1&port={postgres.port}&user={USER}&password={PASSWORD.replace(' ', '%20')}",
    ):
        await (await Database.open(url)).close()


async def test_a_user_without_rights_is_told_which(postgres: Server) -> None:
    name = await postgres.empty()
    await postgres.run("CREATE ROLE visitor LOGIN PASSWORD 'visitor'")
    with pytest.raises(DatabaseProblem, match="denies a right"):
        await Database.open(postgres.url(name, user="visitor", password="visitor"))
    await postgres.run("DROP ROLE visitor")
