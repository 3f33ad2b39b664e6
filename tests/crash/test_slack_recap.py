"""The bot is killed while it posts the weekly recap on Slack, or a worker stands still with it and goes on."""

from __future__ import annotations

import pytest

from tests.crash import endings, weeks
from tests.crash.bot import Point
from tests.crash.endings import Left
from tests.crash.scene import Scene

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("end", endings.POSTING)
async def test_one_recap_stands_whenever_the_bot_is_killed(on_slack: Scene, end: Point | Left) -> None:
    await weeks.killed(on_slack, end, forgotten=True)


@pytest.mark.parametrize("point", [Point.CLAIMED, Point.ANSWERED])
async def test_one_recap_stands_after_a_worker_stood_still(on_slack: Scene, point: Point) -> None:
    await weeks.stood_still(on_slack, point, forgotten=True)


@pytest.mark.parametrize("on_slack", ["two workers"], indirect=True)
async def test_one_recap_stands_after_a_worker_awoke_while_another_was_posting(on_slack: Scene) -> None:
    await weeks.awoke_while_another_posts(on_slack, forgotten=True)
