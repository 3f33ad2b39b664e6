"""What became of a daily question and of its channel's recaps, for an operator who asks why: their steps, with the times."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.features import plans
from bot.store import post_log, posts, questions, recaps
from bot.store.post_log import PostEvent
from bot.store.posts import PostRow
from bot.store.recaps import RecapEvent
from bot.store.schedules import Schedule

LATEST = 10
"""Posts told of."""

LATEST_WEEKS = 4
"""Recaps told of."""


async def explain(tx: AsyncConnection, number: int, now: datetime) -> str | None:
    """A daily question and the latest posts in each of its channels in plain text, the newest first; None when there is no
    such question.
    """
    question = await questions.by_number(tx, number)
    if question is None:
        return None
    if len(question.lines) == 1:
        line = question.lines[0]
        when = f"Daily question {number}: {plans.capital(plans.when(line))}, in {_where(line)}."
        return "\n".join([when, *await _of_line(tx, line, now)])
    lines = [
        f"Daily question {number}: {plans.capital(plans.when(question.next))}, in {len(question.lines)} channels, with the same card."
    ]
    for line in question.lines:
        lines += ["", f"In {_where(line)}:", *await _of_line(tx, line, now)]
    return "\n".join(lines)


def _where(line: Schedule) -> str:
    return f"channel {line.place.channel} of {line.place.platform} {line.place.workspace}"


async def _of_line(tx: AsyncConnection, schedule: Schedule, now: datetime) -> list[str]:
    """What is due in a channel, what is wrong there, and what became of its posts and recaps."""
    coming = plans.coming(schedule, now)
    lines = [f"{coming[0].upper()}{coming[1:]}."]
    if schedule.trouble:
        lines.append(f"Trouble: {schedule.trouble}")
    every = await posts.of_schedule(tx, schedule.id, LATEST)
    for post in every:
        lines += ["", *await _told(tx, schedule, post)]
    if not every:
        lines.append("Nothing has been posted yet.")
    return [*lines, "", *await _of_weeks(tx, schedule)]


async def _told(tx: AsyncConnection, schedule: Schedule, post: PostRow) -> list[str]:
    what = "by hand" if post.local_date is None else post.local_date.isoformat()
    until = f"open until {_at(post.closes_at, schedule)} {schedule.zone}"
    head = f"{post.key} ({what}): {post.state}; card {post.deck}/{post.card.id}; {until}"
    return [head, *(_step(step, schedule) for step in await post_log.events(tx, post.id))]


async def _of_weeks(tx: AsyncConnection, schedule: Schedule) -> list[str]:
    """The channel's recaps, which come with whichever of its questions is first in a week."""
    if schedule.recap_at is None:
        lines = ["Weekly recaps are turned off for its channel."]
    else:
        lines = [
            f"Weekly recaps of its channel; with this question the next is due {_at(schedule.recap_at, schedule)}."
        ]
    for row in await recaps.of_place(tx, schedule.place, LATEST_WEEKS):
        due = f"due {_at(row.due_at, schedule)} {schedule.zone} with daily question {row.schedule_id}"
        lines += ["", f"{row.key}: {row.state}; {due}"]
        lines += [_step(step, schedule) for step in await recaps.events(tx, row.id)]
    return lines


def _step(step: PostEvent | RecapEvent, schedule: Schedule) -> str:
    return f"  {_at(step.at, schedule)}  {step.what}" + (f": {step.detail}" if step.detail else "")


def _at(moment: datetime, schedule: Schedule) -> str:
    return f"{moment.astimezone(ZoneInfo(schedule.zone)):%Y-%m-%d %H:%M:%S}"
