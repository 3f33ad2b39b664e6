"""A worker on Slack stands still for longer than its claim is its own, and goes on."""

from __future__ import annotations

import pytest

from tests.crash import stories
from tests.crash.bot import Point
from tests.crash.scene import Scene

pytestmark = pytest.mark.slow
two = pytest.mark.parametrize("on_slack", ["two workers"], indirect=True)


@pytest.mark.parametrize("point", [Point.CLAIMED, Point.ANSWERED])
async def test_one_post_stands_after_a_worker_stood_still(on_slack: Scene, point: Point) -> None:
    await stories.stood_still(on_slack, point, forgotten=True)


@two
async def test_one_post_stands_after_a_worker_awoke_while_another_was_posting(on_slack: Scene) -> None:
    await stories.awoke_while_another_posts(on_slack, forgotten=True)


@two
@pytest.mark.parametrize("point", [Point.SAVING, Point.CLOSING])
async def test_a_worker_that_stands_still_in_the_middle_of_saving_is_waited_for(on_slack: Scene, point: Point) -> None:
    await stories.stood_still_while_saving(on_slack, point)
