"""The bot is killed while it posts on Slack, which has no means of its own against doubles: what stands has to be found."""

from __future__ import annotations

import pytest

from tests.crash import endings, stories
from tests.crash.bot import Point
from tests.crash.endings import Left
from tests.crash.scene import Scene

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("end", endings.POSTING)
async def test_one_post_stands_whenever_the_bot_is_killed(on_slack: Scene, end: Point | Left) -> None:
    await stories.killed_while_posting(on_slack, end, forgotten=True)
