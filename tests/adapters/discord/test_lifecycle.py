"""What changes in a server: in order, and what changes within moments only once."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from adapters.discord import lifecycle
from adapters.discord.lifecycle import Lifecycle
from bot.events import Event, Roster, WorkspaceChanged, WorkspaceLeft


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "QUIET", 0.05)


class Told:
    """Takes what is told, `slow` seconds each."""

    def __init__(self, slow: float = 0.0) -> None:
        self.begun: list[Event] = []
        self.events: list[Event] = []
        self.slow = slow

    async def __call__(self, event: Event) -> None:
        self.begun.append(event)
        await asyncio.sleep(self.slow)
        self.events.append(event)

    async def until(self, count: int) -> None:
        async with asyncio.timeout(20):
            while len(self.events) < count:
                await asyncio.sleep(0.005)


HALL: Any = SimpleNamespace(id=1, name="Study Hall", owner_id=2)


async def test_many_changes_in_a_moment_are_one_event(quick: None) -> None:
    told = Told()
    servers = Lifecycle(told, lambda _: HALL)
    for _ in range(20):
        servers.changed(1)
    servers.changed(2)
    await told.until(2)
    await servers.close()
    assert [type(event) for event in told.events] == [WorkspaceChanged] * 2


async def test_changes_that_don_t_end_are_told_all_the_same(quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "LONGEST", 0.2)
    monkeypatch.setattr(lifecycle, "QUIET", 60.0)
    told = Told()
    servers = Lifecycle(told, lambda _: HALL)
    async with asyncio.timeout(20):
        while not told.events:
            servers.changed(1)
            await asyncio.sleep(0.005)
    await servers.close()


async def test_one_event_is_through_before_the_next_begins(quick: None) -> None:
    told = Told(slow=0.02)
    servers = Lifecycle(told, lambda _: HALL)
    servers.present([HALL], lambda _: True)
    servers.left(1)
    servers.present([], lambda _: True)
    await told.until(1)
    assert len(told.begun) <= 2
    await told.until(3)
    assert [type(event) for event in told.events] == [Roster, WorkspaceLeft, Roster]
    await servers.close()


async def test_a_server_that_is_gone_by_then_has_not_changed(quick: None) -> None:
    told = Told()
    servers = Lifecycle(told, lambda number: HALL if number == 2 else None)
    servers.changed(1)
    servers.changed(2)
    await told.until(1)
    await servers.close()
    assert len(told.events) == 1


async def test_what_is_being_told_at_the_end_is_heard_and_no_more_begins(quick: None) -> None:
    told = Told(slow=0.05)
    servers = Lifecycle(told, lambda _: HALL)
    servers.left(1)
    servers.changed(2)
    servers.changes_in(3, 0.0)
    await servers.close()
    assert [type(event) for event in told.events] == [WorkspaceLeft]
    servers.changed(1)
    servers.left(1)
    servers.changes_in(1, 0.0)
    await asyncio.sleep(0.1)
    assert len(told.begun) == 1


async def test_the_end_does_not_wait_for_what_never_ends(quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "DRAIN", 0.05)
    told = Told(slow=600)
    servers = Lifecycle(told, lambda _: HALL)
    servers.left(1)
    await asyncio.wait_for(servers.close(), 20)
    assert told.events == []


async def test_what_is_given_up_at_the_end_has_let_go_of_what_it_held(
    quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifecycle, "DRAIN", 0.2)
    let_go: list[Event] = []

    async def told(event: Event) -> None:
        try:
            await asyncio.sleep(600)
        finally:
            await asyncio.sleep(0.01)  # as a transaction takes a moment to be rolled back
            let_go.append(event)

    servers = Lifecycle(told, lambda _: HALL)
    servers.present([HALL], lambda _: True)
    await asyncio.sleep(0)
    await servers.close()
    assert [type(event) for event in let_go] == [Roster]
