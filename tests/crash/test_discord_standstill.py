"""A worker on Discord stands still for longer than its claim is its own, and goes on."""

from __future__ import annotations

import pytest

from tests.crash import stories
from tests.crash.bot import Point
from tests.crash.scene import Scene

pytestmark = pytest.mark.slow
two = pytest.mark.parametrize("on_discord", ["two workers"], indirect=True)


@pytest.mark.parametrize("forgotten", [False, True], ids=["remembered", "forgotten"])
@pytest.mark.parametrize("point", [Point.CLAIMED, Point.ANSWERED])
async def test_one_post_stands_after_a_worker_stood_still(on_discord: Scene, point: Point, forgotten: bool) -> None:
    await stories.stood_still(on_discord, point, forgotten)


@two
@pytest.mark.parametrize("forgotten", [False, True], ids=["remembered", "forgotten"])
async def test_one_post_stands_after_a_worker_awoke_while_another_was_posting(
    on_discord: Scene, forgotten: bool
) -> None:
    await stories.awoke_while_another_posts(on_discord, forgotten)


@two
@pytest.mark.parametrize("point", [Point.SAVING, Point.CLOSING])
async def test_a_worker_that_stands_still_in_the_middle_of_saving_is_waited_for(
    on_discord: Scene, point: Point
) -> None:
    await stories.stood_still_while_saving(on_discord, point)
