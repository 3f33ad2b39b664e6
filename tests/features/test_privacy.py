"""What is kept about somebody is theirs to see and to end; what is forgotten leaves no trace, and doesn't come back."""

from __future__ import annotations

import csv
import io
import json
import logging
import re
import shutil
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.events import Place, Workspace, WorkspaceChanged, WorkspaceLeft
from bot.features.desk import account
from bot.features.export import written
from bot.messages import Answer, Fields, File, Form, Table
from bot.store import dossier
from bot.store.tables import answers, communities, forgotten_answers, metadata, people, posts, workspaces
from bot.store.tombstones import Ledger
from bot.timetable import Timetable
from tests.decks import shelf
from tests.features.test_link import BEA, joint, linked, presses, rows, types
from tests.stage import DIRECT, HERE, Stage, said, stage

Posted = Callable[..., Awaitable[Stage]]

SLY = "Sylvester-Zaphod"


async def forgets(scene: Stage, name: str, word: str = "forget") -> Answer:
    return await scene.sends(name, await scene.types(name, "privacy forget"), word=word)


async def test_privacy_shows_what_is_kept_and_whose(posted: Posted) -> None:
    scene = await posted("ring")
    await joint(scene)
    await scene.presses("Bea", "B")
    await linked(scene)
    shown = await scene.types("Bea", "privacy show")
    assert "Bea (paper, id id-Bea), Bea on Slack (Slack, id U1)" in said(shown)
    pairs = dict(next(block for block in shown.blocks if isinstance(block, Fields)).pairs)  # type: ignore[union-attr]
    assert pairs["Answers to questions"] == "1"
    assert pairs["Communities"] == "w1"
    assert "Bea" not in said(await scene.types("Ada", "privacy show"))


async def test_forgetting_asks_for_a_word_first(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.presses("Ada", "B")
    form = await scene.types("Ada", "privacy forget")
    assert isinstance(form, Form)
    assert "can’t be undone" in form.intro
    assert "nothing was erased" in said(await forgets(scene, "Ada", "yes"))
    assert await rows(scene, "Bo") == [("Ada", "20", "1 of 1")]
    assert "1 account and 1 answer are erased" in said(await forgets(scene, "Ada"))
    assert "Nobody has points yet" in said(await scene.types("Bo", "leaderboard"))


async def test_who_is_forgotten_stays_in_the_results_as_a_number(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.presses("Ada", "A")
    await scene.presses("Bo", "B")
    await forgets(scene, "Ada")
    await scene.passes(hours=23)
    results = said(scene.paper.last[1])
    assert "2 people answered, 1 got it right" in results
    assert "Ada" not in results
    async with scene.database.read() as tx:
        assert [(row.given, row.people) for row in await tx.execute(select(forgotten_answers))] == [("A", 1)]


async def test_who_is_forgotten_is_counted_where_another_channel_asked_the_same(posted: Posted) -> None:
    scene = await posted("ring")
    first, _ = scene.paper.last
    await scene.types("Olga", "schedule set time:9:30 days:daily channel:#hall open:2", admin=True)
    await scene.passes(minutes=30)
    for name in ("Ada", "Bo"):
        await scene.acts(name, "answer:1:B", first)
    await forgets(scene, "Ada")
    await scene.passes(hours=2)
    assert "2 people answered it in another channel" in said(scene.paper.last[1])


async def test_somebodys_own_words_are_not_kept_as_a_number(posted: Posted) -> None:
    scene = await posted("mfu")
    form = await scene.presses("Ada", "Answer")
    assert isinstance(form, Form)
    field = form.inputs[0].name
    await scene.sends("Ada", form, **{field: "my very own words"})
    await forgets(scene, "Ada")
    async with scene.database.read() as tx:
        assert [(row.given, row.people) for row in await tx.execute(select(forgotten_answers))] == [("", 1)]


async def test_who_comes_back_is_met_for_the_first_time(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.presses("Ada", "B")
    await forgets(scene, "Ada")
    scene.now = scene.now.replace(minute=5)
    assert "Correct" in said(await scene.presses("Ada", "B"))
    await scene.passes(hours=2)
    assert await rows(scene) == [("Ada", "20", "1 of 1")]


async def test_all_linked_accounts_are_forgotten_in_every_community(posted: Posted) -> None:
    scene = await posted("ring")
    await joint(scene)
    await linked(scene)
    elsewhere = replace(HERE, workspace="w2")
    await scene.types("Bea", "", elsewhere)
    assert "3 accounts" not in said(await scene.types("Bea", "privacy show"))
    form = await types(scene, BEA, "privacy forget")
    assert "2 accounts" in said(await scene.submits(BEA, form, {"word": "FORGET"}, Place("slack", "T1", "c")))
    async with scene.database.read() as tx:
        left = set((await tx.execute(select(people.c.name))).scalars())
    assert left == {"Root", "Boss"}


# ---------------------------------------------------------------- no trace


def traces(files: Sequence[Path], *words: str) -> list[str]:
    """Which of the words stand in which files, as UTF-8 or UTF-16, in any case."""
    found = []
    for path in files:
        content = path.read_bytes().lower()
        found += [f"{word} in {path.name}" for word in words if word.lower().encode() in content]
    return found


async def lived(scene: Stage) -> None:
    """Somebody does all that a person can do; `Ada` does it as well, and stays."""
    sly = scene.actor(SLY)
    for name in (SLY, "Ada"):
        await scene.types(name, "team create Pandas")
        assert "in Pandas" in said(await scene.types(name, "team join Pandas"))
        verdict = await scene.presses(name, "A")
        report = await scene.presses(name, "Report a problem", verdict)
        assert isinstance(report, Form)
        await scene.sends(name, report, reason="key", words=f"So says {name}")
        await scene.types(name, "fix C", admin=True)
        await scene.types(name, "play count:1", DIRECT)
        await scene.types(name, "play count:1")
        await scene.types(name, "link")
        await scene.types(name, "link code:wrong")
        await scene.types(name, "community link", admin=True)
        await scene.types(name, "schedule set 10:00 channel:other", admin=True)
    await scene.app.handle(WorkspaceChanged("w", Workspace("paper", "w1", "The place", sly)))
    other = replace(BEA, name=f"{SLY} on Slack", id="SLYSLACK7")
    await joint(scene)
    await presses(scene, other, "B", await types(scene, other, "today"))
    code = said(await scene.types(SLY, "link")).split("code:")[1].split(".")[0]
    assert "are linked" in said(await types(scene, other, f"link code:{code}"))


@pytest.mark.parametrize("posted", ["sqlite"], indirect=True)
async def test_nothing_of_somebody_is_left_in_the_files_and_the_log(
    posted: Posted, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    scene = await posted("ring")
    await lived(scene)
    words = (SLY, "id-Sylvester", "SLYSLACK7")
    assert traces([tmp_path / "studybot.db-wal"], *words)
    await forgets(scene, SLY)
    await scene.passes(minutes=1)
    assert traces([*tmp_path.glob("studybot.db*")], *words) == []
    assert all(word.lower() not in caplog.text.lower() for word in words)
    assert "rank 1 of" in said(await scene.types("Ada", ""))


async def test_nothing_of_somebody_is_left_in_any_table(posted: Posted) -> None:
    scene = await posted("ring")
    await lived(scene)
    await forgets(scene, SLY)
    async with scene.database.read() as tx:
        for table in metadata.sorted_tables:
            for row in await tx.execute(select(table)):
                assert not any(word in repr(tuple(row)).lower() for word in ("sylvester", "slyslack7")), table.name
        assert (await tx.execute(select(func.count()).select_from(answers))).scalar_one() == 1


async def test_a_forgotten_owner_is_not_noted_again(posted: Posted) -> None:
    scene = await posted("ring")
    told = WorkspaceChanged("w", Workspace("paper", "w1", "The place", scene.actor(SLY)))
    await scene.app.handle(told)
    await forgets(scene, SLY)
    await scene.app.handle(told)
    async with scene.database.read() as tx:
        assert [(row.name, row.owner_id) for row in await tx.execute(select(workspaces))] == [("The place", None)]


def test_every_table_that_names_somebody_is_known_to_whoever_forgets() -> None:
    """A new table that names people must be seen to where they are linked, parted, forgotten and told of it."""
    naming = {"person_id", "user_id", "account_id", "tell_id", "owner_id"}
    assert {table.name for table in metadata.sorted_tables if naming & {*table.c.keys()}} == {
        *("accounts", "answers", "code_guesses", "days", "later_answers", "link_codes", "memberships"),
        *("live_answers", "live_players", "live_rounds"),
        *("corrections", "pending_answers", "regraded", "reports", "team_scores"),
        *("practice_answers", "reactions", "schedules", "scores", "sessions", "streaks", "workspaces"),
    }


async def test_what_somebody_reported_and_corrected_is_theirs_to_see(posted: Posted) -> None:
    scene = await posted("ring")
    form = await scene.presses("Ada", "Report a problem", await scene.presses("Ada", "A"))
    assert isinstance(form, Form)
    await scene.sends("Ada", form, reason="key", words="C holds for N = 2")
    await scene.types("Ada", "fix C", admin=True)
    shown = said(await scene.types("Ada", "privacy show"))
    assert "Problems you reported and cards you corrected: 2" in shown
    assert "Problems you reported" not in said(await scene.types("Bo", "privacy show"))
    async with scene.database.read() as tx:
        kept = (await dossier.collect(tx, account(scene.actor("Ada")))).sections
    assert [line["words"] for line in kept["reported problems"]] == ["C holds for N = 2"]
    assert [line["said"] for line in kept["corrections made"]] == ["C"]


async def test_a_file_of_it_holds_everything_and_no_formulas(posted: Posted) -> None:
    scene = await posted("mfu")
    form = await scene.presses("Ada", "Answer")
    assert isinstance(form, Form)
    await scene.sends("Ada", form, **{form.inputs[0].name: "=SUM(A1:A9)"})
    await scene.presses("Bo", "Answer")
    async with scene.database.read() as tx:
        kept = await dossier.collect(tx, account(scene.actor("Ada")))
    read = json.loads(written(kept, "json"))
    assert [line["given"] for line in read["answers"]] == ["=SUM(A1:A9)"]
    assert [line["user_id"] for line in read["accounts"]] == ["id-Ada"]
    assert "Bo" not in written(kept, "json")
    rows_of = list(csv.DictReader(io.StringIO(written(kept, "csv"))))
    assert {"about": "answers", "line": "1", "name": "given", "value": "'=SUM(A1:A9)"} in rows_of
    assert {row["about"] for row in rows_of} == {heading for heading, lines in kept.sections.items() if lines}


async def test_anybody_gets_the_file_in_the_chat_for_themselves(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.presses("Ada", "B")
    await scene.presses("Bo", "A")
    answer = await scene.types("Ada", "privacy export")
    (file,) = [block for block in answer.blocks if isinstance(block, File)]  # type: ignore[union-attr]
    assert (file.name, file.media_type) == ("studybot-2026-11-23.json", "application/json")
    assert [line["given"] for line in json.loads(file.content)["answers"]] == ["B"]
    assert b"id-Bo" not in file.content
    other = await scene.presses("Ada", "As CSV", answer)
    (file,) = [block for block in other.blocks if isinstance(block, File)]  # type: ignore[union-attr]
    assert file.name == "studybot-2026-11-23.csv"
    assert {"about": "accounts", "line": "1", "name": "user_id", "value": "id-Ada"} in [
        *csv.DictReader(io.StringIO(file.content.decode()))
    ]
    assert said(await scene.types("Ada", "privacy export csv")) == said(other)
    shown = await scene.types("Ada", "privacy show")
    assert said(await scene.presses("Ada", "All of it as a file", shown)) == said(answer)


async def test_an_error_in_the_log_names_nobody(posted: Posted, caplog: pytest.LogCaptureFixture) -> None:
    scene = await posted("ring")
    async with scene.database.write() as tx:
        await tx.exec_driver_sql("ALTER TABLE accounts RENAME TO accounts_gone")
    assert "Something went wrong" in said(await scene.types(SLY, "stats"))
    assert "accounts" in caplog.text
    assert "sylvester" not in caplog.text.lower()


async def test_a_restored_backup_does_not_bring_anybody_back(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "forgotten")
    async with stage(tmp_path, shelf("ring")) as scene:
        await scene.timetable.tick()
        await scene.presses("Ada", "B")
        await scene.presses("Bo", "B")
        await scene.types("Cy", "")
        await forgets(scene, "Cy")
        await remembered(scene, ledger)
    shutil.copy(tmp_path / "studybot.db", tmp_path / "backup.db")
    async with stage(tmp_path, shelf("ring"), scheduled=False) as scene:
        scene.now = scene.now.replace(minute=30)
        await remembered(scene, ledger)
        await forgets(scene, "Ada")
        scene.now = scene.now.replace(minute=40)
        await scene.types("Ada", "")  # who comes back is not erased again
        await remembered(scene, ledger)
        assert len(ledger.read()) == 2
    shutil.copy(tmp_path / "backup.db", tmp_path / "studybot.db")
    async with stage(tmp_path, shelf("ring"), scheduled=False) as scene:
        scene.now = scene.now.replace(hour=12)
        await remembered(scene, ledger)
        assert await rows(scene, "Bo") == [("Bo", "20", "1 of 1")]
        assert "Answers to questions: 0" in said(await scene.types("Ada", "privacy show"))
        await remembered(scene, ledger)
        async with scene.database.read() as tx:
            assert set((await tx.execute(select(people.c.name))).scalars()) == {"Ada", "Bo"}
    for line in (tmp_path / "forgotten").read_text().splitlines():  # no name: a mark may well have an `ada` in it
        assert re.fullmatch(r"[0-9a-f]{64} [0-9T:.+-]+", line)


async def remembered(scene: Stage, ledger: Ledger) -> None:
    """What the bot does at its start, with a ledger beside its database."""
    world = replace(scene.world, ledger=ledger)
    await Timetable(world, scene.app._steward).tick()


# ---------------------------------------------------------------- workspaces


async def test_a_workspace_that_the_bot_left_is_forgotten_after_thirty_days(posted: Posted) -> None:
    scene = await posted("ring")
    await joint(scene)
    await scene.presses("Ada", "B")
    await presses(scene, BEA, "B", await types(scene, BEA, "today"))
    await scene.app.handle(WorkspaceLeft("l1", "paper", "w1"))
    await scene.passes(days=29)
    assert await _names(scene) == ["Ada", "Bea on Slack", "Boss", "Root"]
    await scene.passes(days=1, hours=1)
    assert await _names(scene) == ["Boss"]
    async with scene.database.read() as tx:
        assert (await tx.execute(select(func.count()).select_from(posts))).scalar_one() == 0
        assert [row.workspace for row in await tx.execute(select(workspaces))] == ["T1"]
        assert "w1" not in (await tx.execute(select(communities.c.name))).scalars().all()


async def test_a_bot_that_is_back_in_time_finds_everything(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.presses("Ada", "B")
    await scene.app.handle(WorkspaceLeft("l1", "paper", "w1"))
    await scene.passes(days=20)
    await scene.app.handle(WorkspaceChanged("w2", Workspace("paper", "w1", "The place")))
    await scene.passes(days=30)
    scene.draws = False
    board = await scene.types("Ada", "leaderboard all")
    assert [row[1] for block in board.blocks if isinstance(block, Table) for row in block.rows] == ["Ada"]  # type: ignore[union-attr]


async def _names(scene: Stage) -> list[str]:
    async with scene.database.read() as tx:
        return sorted((await tx.execute(select(people.c.name))).scalars())


def test_a_ledger_that_was_cut_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "forgotten")
    assert ledger.read() == {}
    at = Stage.now
    ledger.add([(b"one", at), (b"two", at)])
    content = (tmp_path / "forgotten").read_bytes()
    (tmp_path / "forgotten").write_bytes(content[:-20])
    assert ledger.read() == {b"one": at}
