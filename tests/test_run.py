"""`studybot run` as an operator meets it: ready, stopped, and refusing what it can't use."""

from __future__ import annotations

import socket
import sqlite3
from pathlib import Path

import httpx
import pytest

from tests.postgres import Server, postgres, postgres_server
from tests.running import running, studybot

__all__ = ["postgres", "postgres_server"]

DECK = """\
deck: {id: own, title: Our own}
cards:
- {id: one, kind: true_false, prompt: It works., answer: true, explanation: It does., source: This test}
"""


def test_it_serves_the_page_its_health_and_its_first_question(tmp_path: Path) -> None:
    with running(tmp_path) as bot:
        assert httpx.get(f"{bot.url}/healthz").text == "alive\n"
        assert httpx.get(f"{bot.url}/readyz").text == "ready\n"
        page = httpx.get(bot.url)
        assert page.status_code == 200
        assert "Question of the day" in page.text
    assert bot.process.returncode == 0
    assert "Traceback" not in (tmp_path / "log.txt").read_text()


def test_a_restart_shows_the_same_channel_and_posts_nothing_twice(tmp_path: Path) -> None:
    with running(tmp_path) as bot:
        before = httpx.get(bot.url).text.count("Question of the day")
    with running(tmp_path) as bot:
        assert httpx.get(bot.url).text.count("Question of the day") == before == 1


def test_with_the_page_off_only_health_is_served(tmp_path: Path) -> None:
    with running(tmp_path, STUDYBOT_WEB="off", STUDYBOT_HOST="0.0.0.0") as bot:
        assert bot.url.startswith("http://127.0.0.1:")
        assert httpx.get(f"{bot.url}/healthz").status_code == 200
        assert httpx.get(bot.url).status_code == 404


def test_another_hosts_name_is_refused(tmp_path: Path) -> None:
    with running(tmp_path) as bot:
        assert httpx.get(bot.url, headers={"Host": "evil.example"}).status_code in (400, 421)


def refused(folder: Path, *arguments: str, **settings: str) -> str:
    """What a start that can't succeed says; it must be code 2 and no traceback."""
    result = studybot(folder, *(arguments or ("run",)), **settings)
    assert result.returncode == 2, result
    assert "Traceback" not in result.stderr + result.stdout
    return result.stderr


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"STUDYBOT_PORT": "abc"}, ["STUDYBOT_PORT", "'abc'"]),
        ({"STUDYBOT_PORT": "70000"}, ["STUDYBOT_PORT", "65535"]),
        ({"STUDYBOT_ZONE": "Europe/Berln"}, ["STUDYBOT_ZONE", "Europe/Berlin"]),
        ({"STUDYBOT_LOG_LEVEL": "loud"}, ["STUDYBOT_LOG_LEVEL", "'debug'"]),
        ({"STUDYBOT_HOST": "0.0.0.0"}, ["STUDYBOT_HOST", "no sign-in", "STUDYBOT_WEB=off"]),
        ({"STUDYBOT_HOST": "192.0.2.1", "STUDYBOT_WEB": "off"}, ["192.0.2.1", "STUDYBOT_HOST"]),
        ({"STUDYBOT_DATABASE_URL": "mysql://localhost/x"}, ["STUDYBOT_DATABASE_URL", "sqlite"]),
        ({"STUDYBOT_DATABASE_URL": "sqlite:////nowhere/at/all/x.db"}, ["/nowhere/at/all", "STUDYBOT_DATABASE_URL"]),
        ({"STUDYBOT_DATABASE_URL": "postgresql://u:secret@127.0.0.1:1/x"}, ["127.0.0.1", "STUDYBOT_DATABASE_URL"]),
        ({"STUDYBOT_SHIPPED_DECKS": "off"}, ["STUDYBOT_SHIPPED_DECKS", "STUDYBOT_DECKS"]),
        ({"STUDYBOT_DECKS": "no-such-folder"}, ["no-such-folder", "there is no such folder"]),
    ],
)
def test_a_broken_setting_names_itself_and_its_mend(tmp_path: Path, settings: dict[str, str], says: list[str]) -> None:
    told = refused(tmp_path, **settings)
    for part in says:
        assert part in told
    assert "secret" not in told


def test_a_taken_port_says_so(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = refused(tmp_path, STUDYBOT_PORT=str(port))
    assert f"port {port}" in told
    assert "STUDYBOT_PORT" in told


def test_a_file_that_is_no_database_says_so(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "studybot.db").write_text("this is no database at all, and long enough to be looked at" * 10)
    assert "studybot.db is no SQLite database" in refused(tmp_path)


def test_a_newer_database_says_so(tmp_path: Path) -> None:
    with running(tmp_path):
        pass
    with sqlite3.connect(tmp_path / "data" / "studybot.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    assert "version '9999'" in refused(tmp_path)


def test_two_bots_do_not_share_a_database_file(tmp_path: Path) -> None:
    with running(tmp_path):
        assert "in use by another Studybot" in refused(tmp_path)


def test_a_broken_deck_stops_the_start_with_every_fault_and_its_line(tmp_path: Path) -> None:
    decks = tmp_path / "decks"
    decks.mkdir()
    (decks / "own.yaml").write_text(DECK.replace("true_false", "tru_false").replace("title:", "titel:"))
    told = refused(tmp_path, STUDYBOT_DECKS=str(decks))
    assert "own.yaml:1:" in told
    assert "own.yaml:3:" in told


def test_decks_of_ones_own_are_offered(tmp_path: Path) -> None:
    decks = tmp_path / "decks"
    decks.mkdir()
    (decks / "own.yaml").write_text(DECK)
    listed = studybot(tmp_path, "decks", "list", STUDYBOT_DECKS=str(decks))
    assert listed.returncode == 0
    assert "own" in listed.stdout
    assert "distributed-training" in listed.stdout
    alone = studybot(tmp_path, "decks", "list", STUDYBOT_DECKS=str(decks), STUDYBOT_SHIPPED_DECKS="off")
    assert "distributed-training" not in alone.stdout


def test_decks_check_tells_faults_and_exit_codes(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(DECK)
    bad.write_text(DECK.replace("answer: true", "answer: perhaps"))
    assert studybot(tmp_path, "decks", "check", str(good)).returncode == 0
    checked = studybot(tmp_path, "decks", "check", str(good), str(bad))
    assert checked.returncode == 1
    assert "bad.yaml:3:" in checked.stdout
    assert studybot(tmp_path, "decks", "check", "missing.yaml").returncode == 2


def test_a_slip_of_the_pen_in_a_settings_name_is_pointed_out(tmp_path: Path) -> None:
    with running(tmp_path, **{"STUDYBOT_" + "PROT": "1"}):
        pass
    assert "_PROT is not a setting; did you mean STUDYBOT_PORT?" in (tmp_path / "log.txt").read_text()


def test_settings_may_stand_in_a_dotenv_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("STUDYBOT_LOG_LEVEL=loud\n")
    assert "STUDYBOT_LOG_LEVEL" in refused(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("rum",), "run"),
        (("run", "--prot"), "--prot"),
        (("decks", "chek"), "check"),
        (("rebuild-score",), "rebuild-scores"),
    ],
)
def test_unknown_commands_and_options_are_refused_with_the_nearest(
    tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    assert says in refused(tmp_path, *arguments)


def test_rebuild_scores_says_what_it_did(tmp_path: Path) -> None:
    with running(tmp_path):
        pass
    done = studybot(tmp_path, "rebuild-scores")
    assert (done.returncode, done.stdout) == (0, "local: 0 board lines from 0 answers of 0 people\n")


def test_what_became_of_a_daily_question_is_told_beside_the_running_bot(tmp_path: Path) -> None:
    before = studybot(tmp_path, "schedule", "explain", "1")
    assert (before.returncode, "start the bot once" in before.stderr) == (2, True)
    with running(tmp_path):
        told = studybot(tmp_path, "schedule", "explain", "1")
        assert told.returncode == 0, told
        assert told.stdout.startswith("Daily question 1: Every day at 00:00")
        assert "  posted: " in told.stdout
        unknown = studybot(tmp_path, "schedule", "explain", "99")
        assert (unknown.returncode, "no daily question 99" in unknown.stderr) == (2, True)


def test_help_loads_neither_an_sdk_nor_the_store(tmp_path: Path) -> None:
    import subprocess
    import sys

    probe = (
        "import sys\nfrom bot.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print([m for m in ('discord', 'slack_bolt', 'sqlalchemy', 'starlette', 'pydantic', 'alembic') if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", probe, "--help"], capture_output=True, text=True, check=True)
    assert result.stdout.splitlines()[-1] == "[]"
    assert tmp_path.exists()


def test_an_open_page_is_let_go_and_not_cut_off_when_the_bot_stops(tmp_path: Path) -> None:
    with running(tmp_path) as bot, httpx.stream("GET", f"{bot.url}/stream", timeout=20) as stream:
        bot.process.terminate()
        for _ in stream.iter_bytes():  # RemoteProtocolError if the server is torn down under it
            continue
        assert bot.process.wait(20) == 0


async def test_it_runs_on_postgresql_by_one_variable(tmp_path: Path, postgres: Server) -> None:
    url = await postgres.empty()
    for _ in range(2):
        with running(tmp_path, STUDYBOT_DATABASE_URL=postgres.url(url)) as bot:
            assert httpx.get(f"{bot.url}/readyz").text == "ready\n"
            assert httpx.get(bot.url).text.count("Question of the day") == 1
    assert not (tmp_path / "data" / "studybot.db").exists()
    rebuilt = studybot(tmp_path, "rebuild-scores", STUDYBOT_DATABASE_URL=postgres.url(url))
    assert rebuilt.stdout == "local: 0 board lines from 0 answers of 0 people\n"
