from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from adapters.slack.ways import Way
from tests.adapters.slack.bench import SlackBench
from tests.emulators.slack.client import Slack, connected, started
from tests.emulators.slack.errors import Json


@pytest.fixture(scope="module")
def emulator() -> Iterator[Json]:
    with started() as ready:
        yield ready


@pytest.fixture
async def slack(emulator: Json) -> AsyncIterator[Slack]:
    """The loopback Slack, empty. Whatever a well-made app would not have done fails the test."""
    async with connected(emulator) as control:
        await control.reset()
        yield control
        await control.assert_no_violations()


@pytest.fixture
async def bench(slack: Slack, request: pytest.FixtureRequest) -> AsyncIterator[SlackBench]:
    """By Socket Mode, or by the way that a test names as the fixture's parameter."""
    way: Way = getattr(request, "param", getattr(request.cls, "WAY", Way.SOCKET))
    bench = SlackBench(slack, way)
    await bench.start()
    yield bench
    await bench.stop()
