from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.library.shelf import Shelf
from bot.store.schedules import Feedback, Mode
from tests.decks import shelf as shelf_with
from tests.postgres import Server, postgres, postgres_server
from tests.stage import Stage, stage

__all__ = ["postgres", "postgres_server"]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
async def posted(
    request: pytest.FixtureRequest, tmp_path: Path, postgres: Server
) -> AsyncIterator[Callable[..., Awaitable[Stage]]]:
    """Opens a bot, on each kind of database, that has just posted the named card; or nothing, if not `scheduled`."""
    async with AsyncExitStack() as opened:

        async def posted(
            *card_ids: str,
            shelf: Shelf | None = None,
            mode: Mode = Mode.BUTTONS,
            feedback: Feedback = Feedback.NOW,
            scheduled: bool = True,
        ) -> Stage:
            url = "" if request.param == "sqlite" else await postgres.fresh()
            cards = shelf or shelf_with(*card_ids)
            bot = stage(tmp_path, cards, url=url, mode=mode, feedback=feedback, scheduled=scheduled)
            scene = await opened.enter_async_context(bot)
            await scene.timetable.tick()
            return scene

        yield posted
