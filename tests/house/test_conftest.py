"""The rules that tests/conftest.py lays on every test, tried on small suites in a process of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.house.tree import ROOT

SKIPS = {
    "inside": "def test_it(): pytest.skip('no server')",
    "marked": "@pytest.mark.skip(reason='no server')\ndef test_it(): pass",
    "fixture": "@pytest.fixture\ndef server(): pytest.skip('no server')\ndef test_it(server): pass",
    "module": "pytest.skip('no server', allow_module_level=True)",
    "unittest": "import unittest\nclass TestIt(unittest.TestCase):\n    def test_it(self): self.skipTest('no server')",
}
OTHERS = {
    "expected": "@pytest.mark.xfail(reason='known')\ndef test_it(): assert False",
    "outside": "import socket\ndef test_it():\n"
    "    with pytest.raises(ConnectionRefusedError, match='this machine alone, not to 192.0.2.1'):\n"
    "        socket.create_connection(('192.0.2.1', 80), 5)",
    "outside_too": "import asyncio\ndef test_it():\n"
    "    with pytest.raises(ConnectionRefusedError, match='this machine alone'):\n"
    "        asyncio.run(asyncio.wait_for(asyncio.open_connection('192.0.2.1', 80), 5))",
    "inside": "import socket\ndef test_it():\n    with socket.create_server(('127.0.0.1', 0)) as server:\n"
    "        socket.create_connection(server.getsockname(), 5).close()",
}


def run(folder: Path, tests: dict[str, str], *, ci: str) -> subprocess.CompletedProcess[str]:
    shutil.copy(ROOT / "tests/conftest.py", folder)
    (folder / "pytest.ini").write_text("[pytest]\n")
    for name, source in tests.items():
        (folder / f"test_{name}.py").write_text(f"import pytest\n{source}\n")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-ra",
        "--continue-on-collection-errors",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
    ]
    return subprocess.run(command, cwd=folder, env={**os.environ, "CI": ci}, capture_output=True, text=True)


def test_every_kind_of_skip_fails_in_ci_and_says_why(tmp_path: Path) -> None:
    done = run(tmp_path, SKIPS, ci="true")
    assert done.returncode not in (0, 5), done.stdout
    for name in SKIPS:
        alone = [
            line
            for line in done.stdout.splitlines()
            if line.startswith(("FAILED", "ERROR")) and f"test_{name}.py" in line
        ]
        assert len(alone) == 1, done.stdout
    assert done.stdout.count("skipped, which CI doesn't allow: Skipped: no server") >= len(SKIPS)
    assert "passed" not in done.stdout


def test_a_skip_is_fine_at_home_and_is_listed(tmp_path: Path) -> None:
    done = run(tmp_path, SKIPS, ci="")
    assert f"{len(SKIPS)} skipped" in done.stdout
    assert "no server" in done.stdout
    assert "failed" not in done.stdout


def test_ci_lets_expected_failures_and_loopback_be_and_refuses_other_machines(tmp_path: Path) -> None:
    done = run(tmp_path, OTHERS, ci="true")
    assert done.returncode == 0, done.stdout
    assert "3 passed, 1 xfailed" in done.stdout
