from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.web.bench import WebBench
from tests.adapters.web.tab import Tab, Tabs


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[WebBench]:
    bench = WebBench(tmp_path / "web.db")
    await bench.start()
    yield bench
    await bench.stop()


@pytest.fixture
async def tabs(bench: WebBench) -> AsyncIterator[Tabs]:
    opened: list[Tab] = []

    async def tab(person: int, since: int = 0) -> Tab:
        opened.append(Tab(bench, f"who={person}&since={since}", f"who={person}"))
        hello = await opened[-1].event()
        assert hello is not None
        assert hello[0] == "hello"
        return opened[-1]

    yield tab
    for each in opened:
        await each.close()
