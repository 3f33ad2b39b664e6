"""The bot is killed while it posts the question of the day on Discord."""

from __future__ import annotations

import pytest

from tests.crash import endings, stories
from tests.crash.bot import Point
from tests.crash.endings import Left
from tests.crash.scene import Scene

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("forgotten", [False, True], ids=["remembered", "forgotten"])
@pytest.mark.parametrize("end", endings.POSTING)
async def test_one_post_stands_whenever_the_bot_is_killed(
    on_discord: Scene, end: Point | Left, forgotten: bool
) -> None:
    await stories.killed_while_posting(on_discord, end, forgotten)
