"""Rules for every file of the project."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import ROOT, matching, shown, tracked

# Written in pieces, so that this file doesn't name them either.
REGISTRIES = [
    "pypi" + ".org",
    "python" + "hosted.org",
    "registry." + "npmjs",
    "registry." + "yarnpkg",
    "deb." + "debian.org",
    "security." + "debian.org",
    "archive." + "ubuntu.com",
    "crates" + ".io",
    "proxy.golang" + ".org",
    "ana" + "conda.org",
    "ghcr" + ".io",
    "registry-1." + "docker.io",
]
MACHINE_PATHS = [
    "/wo" + "rk/",
    "/fa" + "rm/",
    "/ro" + "ot/",
    "/ho" + "me/[a-z]",
    "/Us" + "ers/[A-Za-z]",
    r"[A-Z]:\\+Us" + "ers",
]
FORBIDDEN = re.compile(
    "|".join([*map(re.escape, REGISTRIES), *(rf"(?<![\w.]){path}" for path in MACHINE_PATHS)]).encode()
)


def test_no_file_names_a_package_registry_or_a_path_of_one_machine() -> None:
    named = [f"{shown(path)}: {found[0]!r}" for path in tracked() if (found := FORBIDDEN.search(path.read_bytes()))]
    assert named == []


@pytest.mark.parametrize(
    "text", [f"https://{host}/simple" for host in REGISTRIES] + ["cd /ro" + "ot/x", "'/ho" + "me/ann/x'"]
)
def test_such_a_name_would_be_found(text: str) -> None:
    assert FORBIDDEN.search(text.encode())


@pytest.mark.parametrize("text", ["https://example.com/ho" + "me/page", "docs.example/wo" + "rk/", "/opt/studybot"])
def test_a_page_s_address_is_no_path_of_a_machine(text: str) -> None:
    assert not FORBIDDEN.search(text.encode())


def test_every_folder_of_tests_is_a_package() -> None:
    """Else tests/adapters/discord would stand in for the library of that name."""
    folders = {folder for path in matching("*.py") for folder in path.parents if folder.is_relative_to(ROOT / "tests")}
    assert len(folders) > 1
    assert [shown(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_no_test_is_left_out_without_a_reason() -> None:
    paths = [path for path in matching("*.py") if path.is_relative_to(ROOT / "tests")]
    assert [f"{shown(path)}:{line}" for path in paths for line in unexplained(path.read_text(encoding="utf-8"))] == []


def unexplained(source: str) -> Iterator[int]:
    """Lines that skip a test, or expect it to fail, and don't say why."""
    tree = ast.parse(source)
    called = {id(node.func): node for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute):
            continue
        name = ast.unparse(node)
        if name in (
            "pytest.mark.skip",
            "pytest.mark.skipif",
            "pytest.mark.xfail",
            "pytest.skip",
            "pytest.xfail",
            "pytest.importorskip",
        ):
            call = called.get(id(node))
            reasons = [keyword.value for keyword in call.keywords if keyword.arg == "reason"] if call else []
            if call and name in ("pytest.mark.skip", "pytest.skip", "pytest.xfail"):
                reasons += call.args[:1]
            if not any(not isinstance(reason, ast.Constant) or reason.value for reason in reasons):
                yield node.lineno


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("@pytest.mark.skip\ndef test(): ...", [1]),
        ("@pytest.mark.skip()\ndef test(): ...", [1]),
        ("@pytest.mark.skip(reason='')\ndef test(): ...", [1]),
        ("@pytest.mark.skipif(sys.platform == 'win32')\ndef test(): ...", [1]),
        ("@pytest.mark.xfail\ndef test(): ...", [1]),
        ("pytestmark = [pytest.mark.skip]", [1]),
        ("pytest.importorskip('numpy')", [1]),
        ("@pytest.mark.skip('no server')\ndef test(): ...", []),
        ("@pytest.mark.skipif(True, reason='no server')\ndef test(): ...", []),
        ("pytest.skip(f'no {server}')", []),
        ("@pytest.mark.slow\ndef test(): ...", []),
    ],
)
def test_a_missing_reason_is_found(source: str, lines: list[int]) -> None:
    assert list(unexplained(source)) == lines


def test_no_error_is_swallowed_whole() -> None:
    paths = [path for path in matching("*.py") if shown(path).startswith(("bot/", "adapters/"))]
    assert [f"{shown(path)}:{line}" for path in paths for line in swallowed(path)] == []


def swallowed(path: Path) -> Iterator[int]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ExceptHandler) and all(isinstance(line, ast.Pass) for line in node.body):
            caught = {ast.unparse(node.type)} if node.type else {"BaseException"}
            if caught & {"Exception", "BaseException"}:
                yield node.lineno
