"""What every tick asks of SQLite is looked up by an index: a table that grows for years is not gone through."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Delete, Select, Table, event
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import cards, live, post_claims, posts, posts_due, question_days, questions, recaps, schedules, settings
from bot.store.database import Database
from bot.store.rebuild import PRUNING, bounds

NOW = datetime(2026, 11, 22, tzinfo=UTC)
OURS = {"platforms": ["discord"], "now": NOW, "few": 10}
TWO = [1, 2]
FEW = ("SCAN posts USING INDEX ix_posts_unseeded", "SCAN schedules USING INDEX ix_schedules_untold")
"""Of these there is hardly ever one, so they may be gone through."""

LOOKUPS: Mapping[str, tuple[Select[Any], Mapping[str, Any]]] = {
    "over": (posts_due._TO_CLOSE[0], OURS),
    "begun": (posts_due._TO_CLOSE[1], OURS),
    "unsettled": (posts_due._UNSETTLED, OURS),
    "twins": (posts_due._TO_LOOK_AT, OURS),
    "without their emojis": (posts_due._UNSEEDED, {"platforms": ["discord"], "few": 10}),
    "due": (schedules._DUE, OURS),
    "recaps due": (schedules._RECAPS_DUE, OURS),
    "next due": (schedules._NEXT_DUE, {"platform": "discord", "now": NOW}),
    "next recap": (schedules._NEXT_RECAP, {"platform": "discord", "now": NOW}),
    "trouble to tell of": (schedules._ANY_UNTOLD, {"platforms": ["discord"]}),
    "next close": (posts_due._NEXT_CLOSE, OURS),
    "unsettled recaps": (recaps._UNSETTLED, OURS),
    "twins of recaps": (recaps._TO_LOOK_AT, OURS),
    "live rounds due": (live._DUE, OURS),
    "next live round": (live._NEXT, {"platforms": ["discord"]}),
    "histories": (
        posts._HISTORIES,
        {"platforms": ["discord"], "workspaces": ["a", "b"], "channels": ["c", "d"]},
    ),
    "questions in several channels": (questions._HELD, {"questions": TWO}),
    "their cards": (questions._ASKED, {"questions": TWO, "dates": [date(2026, 1, 1)]}),
    "failed": (post_claims._FAILED, {"schedules": TWO, "dates": [date(2026, 1, 1)]}),
    "day numbers": (question_days._DAY_NUMBERS, {"communities": TWO, "days": [date(2026, 1, 1)]}),
    "last numbers": (question_days._LAST_NUMBERS, {"communities": TWO}),
    "standing": (posts._STANDING, {"posts": TWO}),
    "kept cards": (cards._FOUND, {"communities": TWO, "decks": ["a", "b"], "cards": ["c", "d"]}),
    "cards set aside": (cards._SET_ASIDE, {"communities": TWO}),
    "settings": (settings._EVERY, {"communities": TWO}),
    "those without streaks": (settings._WITHOUT_STREAKS, {"communities": TWO}),
}


async def plan(tx: AsyncConnection, query: Select[Any] | Delete, values: Mapping[str, Any]) -> list[str]:
    asked: list[tuple[str, Any]] = []

    def hear(_: Connection, cursor: object, statement: str, parameters: Any, context: object, many: bool) -> None:
        asked.append((statement, parameters))

    engine = tx.engine.sync_engine
    event.listen(engine, "before_cursor_execute", hear)
    try:
        await tx.execute(query, values)
    finally:
        event.remove(engine, "before_cursor_execute", hear)
    statement, parameters = asked[-1]
    return list((await tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)).scalars("detail"))


@pytest.mark.parametrize("name", LOOKUPS)
async def test_it_is_looked_up_by_an_index(name: str, tmp_path: Path) -> None:
    database = await Database.open(f"sqlite:///{tmp_path / 'studybot.db'}")
    try:
        async with database.read() as tx:
            steps = await plan(tx, *LOOKUPS[name])
    finally:
        await database.close()
    assert any(step.startswith("SEARCH") or step.startswith(FEW) for step in steps), steps
    assert not any(step.startswith("SCAN") and not step.startswith(FEW) for step in steps), steps


@pytest.mark.parametrize(("table", "prune"), [each for each in PRUNING if "period" in str(each[1])])
async def test_old_boards_are_found_without_going_through_those_that_stay(
    table: Table, prune: Delete, tmp_path: Path
) -> None:
    database = await Database.open(f"sqlite:///{tmp_path / 'studybot.db'}")
    try:
        async with database.write() as tx:
            steps = await plan(tx, prune, {"communities": TWO, **bounds(date(2026, 11, 22))})
    finally:
        await database.close()
    searched = [step for step in steps if table.name in step]
    assert searched, steps
    assert all("(community_id=? AND period>? AND period<?)" in step for step in searched), steps
