"""The bot is killed while it closes the question of the day on Discord."""

from __future__ import annotations

import pytest

from bot.store.schedules import Feedback
from tests.crash import endings, stories
from tests.crash.bot import Point
from tests.crash.endings import Left
from tests.crash.scene import Scene

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("end", endings.CLOSING)
async def test_the_results_stand_once_whenever_the_bot_is_killed(on_discord: Scene, end: Point | Left) -> None:
    await stories.killed_while_closing(on_discord, end)


@pytest.mark.parametrize("end", endings.COUNTING)
async def test_answers_that_were_kept_for_the_close_count_whenever_the_bot_is_killed(
    on_discord: Scene, end: Point
) -> None:
    await stories.killed_while_closing(on_discord, end, Feedback.AT_CLOSE)
