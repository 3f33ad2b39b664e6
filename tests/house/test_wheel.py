"""The wheel, installed where the checkout can't be seen: it must hold all that the bot needs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import sysconfig
import urllib.request
import zipfile
from pathlib import Path

import pytest

from tests.house.tree import ROOT, shown, tracked

pytestmark = pytest.mark.slow


def pip(*arguments: str | Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments],
        check=True,
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    pip("wheel", "--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`bin` of a new environment with the wheel in it. What the wheel depends on comes from the tests' own environment:
    by a path alone, so that the checkout, which a .pth file there names, stays out of sight."""
    venv = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    pip("--python", venv / "bin/python", "install", "--quiet", "--no-index", "--no-deps", wheel)
    (own,) = venv.glob("lib/python*/site-packages")
    (own / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return venv / "bin"


def environment(**settings: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("STUDYBOT_", "PYTHON"))}
    return {**inherited, "PYTHONWARNINGS": "error", **settings}


def say(programs: Path, folder: Path, *command: str) -> str:
    done = subprocess.run(
        [programs / command[0], *command[1:]], cwd=folder, env=environment(), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_every_file_of_the_packages_and_no_other(wheel: Path) -> None:
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert packed == {shown(path) for path in tracked() if shown(path).startswith(("bot/", "adapters/", "content/"))}
    for kind in ("adapters/web/templates/", "adapters/web/static/fonts/", "content/decks/", "content/deck.schema.json"):
        assert any(name.startswith(kind) for name in packed), kind


def test_the_wheel_carries_its_licenses(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert [name for name in names if name.endswith(".dist-info/licenses/LICENSE")]
    assert [name for name in names if name.endswith(".dist-info/licenses/adapters/web/static/fonts/OFL.txt")]


def test_the_checkout_is_out_of_sight(programs: Path, tmp_path: Path) -> None:
    source = "import bot, adapters, content, sys; print(bot.__file__, adapters.__file__, content.__file__, sys.path)"
    assert str(ROOT / "bot") not in (seen := say(programs, tmp_path, "python", "-c", source))
    assert seen.startswith(str(programs.parent))


def test_the_commands_work(programs: Path, tmp_path: Path) -> None:
    assert "rebuild-scores" in say(programs, tmp_path, "studybot", "--help")
    assert "distributed-training" in say(programs, tmp_path, "studybot", "decks", "list")
    assert list(tmp_path.iterdir()) == []


def test_the_bot_starts_in_an_empty_folder_shows_its_page_and_stops(programs: Path, tmp_path: Path) -> None:
    browser = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with subprocess.Popen(
        [programs / "studybot", "run"],
        cwd=tmp_path,
        env=environment(STUDYBOT_PORT="0", STUDYBOT_ZONE="UTC"),
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        try:
            assert running.stdout
            ready = running.stdout.readline()
            address = ready.removeprefix("Studybot is ready: ").strip()
            assert address.startswith("http://127.0.0.1:"), ready
            with browser.open(address, timeout=30) as page:
                assert page.headers.get_content_type() == "text/html"
                assert b"Studybot" in page.read()
            with browser.open(f"{address}/healthz", timeout=30) as health:
                assert health.status == 200
        finally:
            running.send_signal(signal.SIGTERM)
        assert running.wait() == 0
    assert (tmp_path / "data").is_dir()
