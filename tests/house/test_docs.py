"""The documents say what is there."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.house.tree import ROOT, matching, shown, tracked

MARKDOWN = MarkdownIt("commonmark").enable("table")


def inline(text: str) -> Iterator[Token]:
    for token in MARKDOWN.parse(text):
        yield from token.children or ()


def addresses(text: str) -> list[str]:
    """Where the links and pictures of a document point."""
    return [
        str(token.attrGet("href") or token.attrGet("src"))
        for token in inline(text)
        if token.type in ("link_open", "image")
    ]


def anchors(text: str) -> set[str]:
    """The fragments of a document's headings, as the usual hosts make them."""
    tokens = MARKDOWN.parse(text)
    heads = [after.children or [] for token, after in pairwise(tokens) if token.type == "heading_open"]
    found: set[str] = set()
    for head in heads:
        words = "".join(token.content for token in head if token.type in ("text", "code_inline"))
        slug = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
        found.add(next(name for n in range(1000) if (name := f"{slug}-{n}" if n else slug) not in found))
    return found


def broken(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    for address in addresses(text):
        parts = urlsplit(address)
        if parts.scheme:
            continue
        target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        if not target.exists() or (
            parts.fragment
            and target.suffix == ".md"
            and parts.fragment not in anchors(target.read_text(encoding="utf-8"))
        ):
            yield address


def test_every_link_leads_somewhere() -> None:
    documents = matching("*.md")
    assert len(documents) > 4
    assert [f"{shown(path)}: {link}" for path in documents for link in broken(path)] == []


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# The first\n\n## `code` & more\n\n## The first\n")
    (tmp_path / "here.md").write_text(
        "# Here\n[a](other.md) [b](other.md#code--more) [c](other.md#the-first-1) [d](#here) [e](https://example.com)\n"
        "[x](gone.md) [y](other.md#gone) ![z](gone.png)"
    )
    assert list(broken(tmp_path / "here.md")) == ["gone.md", "other.md#gone", "gone.png"]


# ---------------------------------------------------------------- settings

VARIABLE = re.compile(r"\bSTUDYBOT_[A-Z][A-Z0-9_]*[A-Z0-9]\b")


@cache
def settings() -> dict[str, str | None]:
    """Each variable that Settings reads, and its default as one writes it; None where it is worked out at start."""
    from bot.config import PREFIX, Settings

    return {
        PREFIX + name.upper(): None if field.default_factory or field.is_required() else str(field.default or "")
        for name, field in Settings.model_fields.items()
    }


def for_tests() -> set[str]:
    """The variables that only the tests, the benchmarks and CI know."""
    texts = [
        path.read_text(encoding="utf-8") for folder in ("tests", "bench") for path in (ROOT / folder).rglob("*.py")
    ]
    read = {name for text in texts for name in re.findall(r"environ(?:\.get\(|\[)\"(STUDYBOT_\w+)\"", text)}
    return (read | set(re.findall(r"^ *export (STUDYBOT_\w+)", (ROOT / ".ci/run").read_text(), re.MULTILINE))) - set(
        settings()
    )


def rows() -> dict[str, list[str]]:
    """The table rows of docs/settings.md by variable: [default, meaning]."""
    text = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    found = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) == 3 and (name := re.fullmatch(r"`(STUDYBOT_\w+)`", cells[0])):
            assert name[1] not in found, f"{name[1]} stands there twice"
            found[name[1]] = cells[1:]
    return found


def test_docs_settings_lists_exactly_the_settings_that_exist() -> None:
    assert set(rows()) == settings().keys() | for_tests()


def test_docs_settings_gives_the_defaults_that_hold() -> None:
    given = {name: default.strip("`") for name, (default, _) in rows().items()}
    assert {name: given[name] for name, default in settings().items() if default is not None} == {
        name: default for name, default in settings().items() if default is not None
    }


def test_every_setting_is_explained() -> None:
    assert [name for name, (_, meaning) in rows().items() if len(meaning) < 20] == []


def test_the_example_file_lists_every_setting_commented_out() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    listed = [line.removeprefix("#").partition("=")[0] for line in lines if re.match(r"#?[A-Z_]+=", line)]
    assert set(settings()) <= set(listed)
    assert len(listed) == len(set(listed))
    assert [line for line in lines if line and not line.startswith("#")] == []


def test_no_file_speaks_of_a_setting_that_does_not_exist() -> None:
    known = settings().keys() | for_tests()
    texts = [path for path in tracked() if path.suffix in (".py", ".md", ".yml", "") and path.name != "LICENSE"]
    assert [
        f"{shown(path)}: {name}"
        for path in texts
        for name in sorted(set(VARIABLE.findall(path.read_text(encoding="utf-8"))) - known)
    ] == []


# ---------------------------------------------------------------- commands of the Makefile


def test_make_help_lists_every_target() -> None:
    text = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z][a-z-]*):(?!=)", text, re.MULTILINE))
    phony = set(re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE)[0].split())
    shown_by_help = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    listed = set(re.findall(r"^  make ([a-z-]+) +\S", shown_by_help, re.MULTILINE))
    assert {"run", "test", "check"} <= targets
    assert listed == targets == phony


def test_every_make_command_in_the_documents_exists() -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):(?!=)", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        (shown(path), target)
        for path in matching("*.md")
        for target in re.findall(r"`make ([a-z][a-z-]*)", path.read_text(encoding="utf-8"))
    }
    assert {(path, target) for path, target in named if target not in targets} == set()
