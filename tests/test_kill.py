"""`kill -9` at any moment loses no answer whose verdict somebody has read, through the whole program."""

from __future__ import annotations

import random
import re
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.running import Bot, running, studybot

DECK = """\
deck: {id: own, title: Our own}
cards:
- {id: one, kind: true_false, prompt: It works., answer: true, explanation: It does., source: This test}
"""
ROUNDS = 12
PEOPLE = 4


def press_until_killed(bot: Bot, names: list[str], told: set[str]) -> None:
    """New people come and answer the question, until the bot is gone; `told` are those who read their verdict."""
    with bot.client() as client:
        try:
            for name in names:
                became = client.post("/people", data={"name": name})
                if became.status_code == 409:  # as many people as the local channel takes
                    return
                page = became.text
                who, entry, action = (
                    re.search(pattern, page)
                    for pattern in (
                        r'name="who" value="(\d+)"',
                        r'name="entry" value="(\d+)"',
                        r'value="(answer:\d+:true)"',
                    )
                )
                assert who
                assert entry
                assert action
                sent = {"who": who[1], "entry": entry[1], "action": action[1]}
                answered = client.post("/press", data=sent)
                if "Correct" in answered.text:
                    told.add(name)
        except httpx.TransportError:
            return


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "data" / "studybot.db")) as database:
        return database.execute(query).fetchall()


@pytest.mark.slow
def test_no_verdict_that_was_read_is_lost(tmp_path: Path) -> None:
    decks = tmp_path / "decks"
    decks.mkdir()
    (decks / "own.yaml").write_text(DECK)
    settings = {"STUDYBOT_DECKS": str(decks), "STUDYBOT_SHIPPED_DECKS": "off"}
    chance = random.Random(11)
    read = 0
    for number in range(ROUNDS):
        folder = tmp_path / f"round{number}"
        folder.mkdir()
        told: set[str] = set()
        with running(folder, **settings) as bot:
            crowd = [
                threading.Thread(target=press_until_killed, args=(bot, [f"p{each}n{i}" for i in range(40)], told))
                for each in range(PEOPLE)
            ]
            for one in crowd:
                one.start()
            threading.Event().wait(chance.uniform(0.1, 1.5))
            bot.kill()
            for one in crowd:
                one.join(30)
        kept = {row[0] for row in rows(folder, "SELECT name FROM people JOIN answers ON person_id = people.id")}
        assert told <= kept
        assert rows(folder, "PRAGMA integrity_check") == [("ok",)]
        scores = rows(folder, "SELECT * FROM scores ORDER BY 1, 2, 3")
        assert studybot(folder, "rebuild-scores", **settings).returncode == 0
        assert rows(folder, "SELECT * FROM scores ORDER BY 1, 2, 3") == scores
        read += len(told)
    print(f"{read} verdicts were read in {ROUNDS} rounds, and all of them kept")
    assert read, "nobody read anything, so nothing was proven"
