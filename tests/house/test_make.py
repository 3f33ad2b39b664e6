"""The set-up that `make` does by itself, tried with made-up interpreters; nothing is installed here."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.house.tree import ROOT

TOO_OLD = 'case "$*" in -V) echo Python 3.9.2;; *version_info*) exit 1;; esac\n'
NO_VENV = 'case "$*" in *ensurepip*) exit 1;; esac\n'


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    return subprocess.run(
        ["make", "--no-print-directory", *arguments], cwd=ROOT, env=inherited, capture_output=True, text=True
    )


def interpreter(folder: Path, script: str) -> Path:
    path = folder / "python"
    path.write_text(f"#!/bin/sh\n{script}")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        (TOO_OLD, "Studybot needs Python 3.11 or newer; '{python}' is Python 3.9.2."),
        (NO_VENV, "'{python}' comes without its venv module. On Debian and Ubuntu: apt install python3-venv"),
    ],
)
def test_an_interpreter_that_will_not_do_is_refused_with_the_mend(tmp_path: Path, script: str, sentence: str) -> None:
    python = interpreter(tmp_path, script)
    done = make("run", f"VENV={tmp_path}/venv", f"PYTHON={python}")
    assert done.returncode != 0
    assert sentence.format(python=python) in done.stderr
    assert not (tmp_path / "venv").exists()


def test_a_missing_interpreter_is_named(tmp_path: Path) -> None:
    done = make("test", f"VENV={tmp_path}/venv", "PYTHON=python-that-is-not-there")
    assert done.returncode != 0
    assert "There is no 'python-that-is-not-there' here. Studybot needs Python 3.11 or newer" in done.stderr


def environment(folder: Path, *stamps: str, stale: bool = False) -> str:
    """`VENV=…` for an environment that looks as if it had been made, before or after the locks were written."""
    (folder / "bin").mkdir()
    for name in ("bin/python", *stamps):
        (folder / name).touch()
        if stale:
            os.utime(folder / name, (0, 0))
    return f"VENV={folder}"


@pytest.mark.parametrize(
    ("target", "stamps"), [("run", [".runtime"]), ("run", [".runtime", ".development"]), ("test", [".development"])]
)
def test_a_second_run_installs_nothing(tmp_path: Path, target: str, stamps: list[str]) -> None:
    assert "pip" not in make("--dry-run", target, environment(tmp_path, *stamps)).stdout


@pytest.mark.parametrize(("target", "lock"), [("run", "requirements.lock"), ("test", "requirements-dev.lock")])
def test_a_newer_lock_is_installed_by_its_hashes(tmp_path: Path, target: str, lock: str) -> None:
    commands = make("--dry-run", target, environment(tmp_path, ".runtime", ".development", stale=True)).stdout
    assert f"install --require-hashes --requirement {lock}" in commands
    assert "install --no-deps --no-build-isolation --editable ." in commands
    assert "venv --clear" not in commands
