"""Many presses at once, over either transport."""

from __future__ import annotations

import pytest

from tests.emulators.slack.client import Slack
from tests.emulators.slack.errors import Impossible
from tests.emulators.slack.testbot import TestBot
from tests.emulators.slack.workspaces import Channel, Workspace


async def test_everyone_in_a_burst_is_answered(
    slack: Slack, workspace: Workspace, channel: Channel, any_bot: TestBot
) -> None:
    await slack.settings(validate=False, record_requests=False)
    await any_bot.ask(channel.id)
    question = (await channel.messages())[0]
    people = await workspace.people(40, channels=[channel])
    report = await channel.burst(question, ["answer:A", "answer:B"], people, seconds=0.2, connections=8)
    assert (report.pressed, report.failed, report.acked.count, report.answered.count) == (40, 0, 40, 40)
    assert report.acked.p50 is not None
    assert report.answered.max is not None
    assert {len(await one.private_messages(channel)) for one in people} == {1}


async def test_in_a_burst_no_more_wait_at_once_than_are_to(
    slack: Slack, workspace: Workspace, channel: Channel, any_bot: TestBot
) -> None:
    await slack.settings(validate=False, record_requests=False)
    await any_bot.ask(channel.id)
    question = (await channel.messages())[0]
    people = await workspace.people(6, channels=[channel])
    report = await channel.burst(question, ["answer:A"], people, waiting=1, connections=1)
    assert (report.failed, report.acked.count, report.answered.count) == (0, 6, 6)
    assert report.acked.max is not None
    assert report.acked.max <= report.acknowledging <= report.seconds


async def test_a_burst_presses_only_what_is_there(
    slack: Slack, workspace: Workspace, channel: Channel, bot: TestBot
) -> None:
    await bot.ask(channel.id)
    people = await workspace.people(2, channels=[channel])
    with pytest.raises(Impossible, match="answer:Z"):
        await channel.burst((await channel.messages())[0], ["answer:Z"], people, seconds=0.1)
