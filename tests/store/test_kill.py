"""A bot that is killed at any moment has kept every answer that it acknowledged."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot.store.database import Database
from bot.store.rebuild import rebuild_scores
from bot.store.tables import answers
from tests.store.caster import NUMBERS, QUESTIONS
from tests.store.town import Town, day, kept, settle

ROOT = Path(__file__).parents[2]


def killed_after(file: Path, seed: int, acknowledged: int) -> set[int]:
    """Let a bot cast until so many answers are acknowledged, kill it, and return them all: those on their way as well."""
    command = [sys.executable, "-m", "tests.store.caster", str(file), str(seed)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as bot:
        assert bot.stdout is not None
        told = [line for _, line in zip(range(acknowledged), bot.stdout, strict=False)]
        bot.kill()
        told += bot.stdout.readlines()
    assert len(told) >= acknowledged
    return {int(line) for line in told if line.endswith("\n")}


@pytest.mark.parametrize("rounds", [4, pytest.param(25, marks=pytest.mark.slow)])
async def test_no_acknowledged_answer_is_lost(tmp_path: Path, rounds: int) -> None:
    file = tmp_path / "studybot.db"
    database = await Database.open(f"sqlite:///{file}")
    assert await settle(database, numbers=NUMBERS, questions=QUESTIONS) == Town.numbered(NUMBERS, QUESTIONS)
    await database.close()
    chance = random.Random(rounds)
    acknowledged: set[int] = set()
    for each in range(rounds):
        acknowledged |= killed_after(file, each, chance.randint(1, 300))
        database = await Database.open(f"sqlite:///{file}")
        async with database.read() as tx:
            found = set((await tx.execute(select(answers.c.id))).scalars())
            assert (await tx.execute(text("PRAGMA integrity_check"))).scalars().all() == ["ok"]
            assert (await tx.execute(text("PRAGMA foreign_key_check"))).all() == []
        assert acknowledged <= found
        before = await kept(database)
        async with database.write() as tx:
            await rebuild_scores(tx, 1, day(1))
        assert await kept(database) == before
        await database.close()
