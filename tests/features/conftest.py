from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from pathlib import Path

import pytest

from bot.library.shelf import Shelf
from tests.decks import shelf as shelf_with
from tests.stage import Stage, stage

Open = Callable[..., "AbstractAsyncContextManager[Stage]"]


@pytest.fixture
async def posted(tmp_path: Path) -> AsyncIterator[Callable[..., object]]:
    """Opens a bot that has just posted the named card."""
    async with AsyncExitStack() as opened:

        async def posted(*card_ids: str, shelf: Shelf | None = None) -> Stage:
            scene = await opened.enter_async_context(stage(tmp_path, shelf or shelf_with(*card_ids)))
            await scene.timetable.tick()
            return scene

        yield posted
