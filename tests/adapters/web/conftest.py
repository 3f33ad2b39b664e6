from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.web.bench import WebBench


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[WebBench]:
    bench = WebBench(tmp_path / "web.db")
    await bench.start()
    yield bench
    await bench.stop()
