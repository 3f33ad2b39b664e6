"""A PostgreSQL server for as long as something is measured."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from tests.postgres import Server

T = TypeVar("T")


def beside_postgresql(run: Callable[[Server], Coroutine[Any, Any, T]]) -> T:
    """What comes of a run with a durable server of its own, which goes with it."""
    with tempfile.TemporaryDirectory(prefix="studybot-bench-") as name:
        server = Server(Path(name), durable=True)
        server.start()
        try:
            return asyncio.run(run(server))
        finally:
            server.stop()
