"""Every test that docs/reliability.md names is there, and every row names one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "reliability.md"
COLUMNS = ["what goes wrong", "what people see", "what the bot does", "what an admin does", "shown by"]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def rows(text: str) -> list[list[str]]:
    """The cells of the table, its head first."""
    lines = [line.strip().strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in cells] for cells in lines if not set("".join(cells)) <= set("-: ")]


def missing(text: str, root: Path) -> Iterator[str]:
    """What the text names that isn't there."""
    for file, name in NAMED.findall(text):
        tree = ast.parse((root / file).read_text(encoding="utf-8")) if (root / file).is_file() else ast.Module([], [])
        if name not in {
            node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }:
            yield f"{file}::{name}"


def test_every_row_says_what_people_the_bot_and_an_admin_do_and_names_its_test() -> None:
    head, *faults = rows(DOCUMENT.read_text(encoding="utf-8"))
    assert head == COLUMNS
    assert len(faults) > 20
    assert [row for row in faults if len(row) != len(COLUMNS) or not all(row) or not NAMED.search(row[-1])] == []
    assert [row[0] for row in faults if NAMED.sub("", row[-1]).strip()] == [], "only tests stand in the last column"


def test_every_test_that_is_named_exists() -> None:
    assert list(missing(DOCUMENT.read_text(encoding="utf-8"), ROOT)) == []


def test_every_fault_test_is_named() -> None:
    named = set(NAMED.findall(DOCUMENT.read_text(encoding="utf-8")))
    ours = [path for folder in ("crash", "faults") for path in (ROOT / "tests" / folder).glob("test_*.py")]
    unnamed = [
        f"{path.name}::{node.name}"
        for path in ours
        if path.name != "test_table.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
        if (f"tests/{path.parent.name}/{path.name}", node.name) not in named
    ]
    assert unnamed == []


def test_a_test_that_is_gone_is_found(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_a.py").write_text("async def test_there(): ...\n")
    text = "| x | `tests/test_a.py::test_there` `tests/test_a.py::test_gone` `tests/test_b.py::test_there` |"
    assert list(missing(text, tmp_path)) == ["tests/test_a.py::test_gone", "tests/test_b.py::test_there"]
