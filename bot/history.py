"""What became of a daily question, for an operator who asks why: each post's steps with their times."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.features import plans
from bot.store import posts, schedules
from bot.store.posts import PostRow
from bot.store.schedules import Schedule

LATEST = 10
"""Posts told of."""


async def explain(tx: AsyncConnection, schedule_id: int, now: datetime) -> str | None:
    """A schedule and its latest posts in plain text, the newest first; None when there is no such schedule."""
    schedule = await schedules.by_id(tx, schedule_id)
    if schedule is None:
        return None
    place, coming = schedule.place, plans.coming(schedule, now)
    lines = [
        f"Daily question {schedule.id}: {plans.capital(plans.when(schedule))}, in channel {place.channel} of {place.platform} {place.workspace}.",
        f"{coming[0].upper()}{coming[1:]}.",
    ]
    if schedule.trouble:
        lines.append(f"Trouble: {schedule.trouble}")
    every = await posts.of_schedule(tx, schedule.id, LATEST)
    for post in every:
        lines += ["", *await _told(tx, schedule, post)]
    if not every:
        lines.append("Nothing has been posted yet.")
    return "\n".join(lines)


async def _told(tx: AsyncConnection, schedule: Schedule, post: PostRow) -> list[str]:
    zone = ZoneInfo(schedule.zone)

    def at(moment: datetime) -> str:
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}"

    what = "by hand" if post.local_date is None else post.local_date.isoformat()
    head = f"{post.key} ({what}): {post.state}; card {post.deck}/{post.card.id}; open until {at(post.closes_at)} {schedule.zone}"
    steps = await posts.events(tx, post.id)
    return [head, *(f"  {at(step.at)}  {step.what}" + (f": {step.detail}" if step.detail else "") for step in steps)]
