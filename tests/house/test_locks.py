from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.house.imports import imports, modules
from tests.house.tree import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PARTS = {"pydantic_core": "pydantic"}
"""Modules that a distribution ships apart but documents as its own, and pins to itself."""
LOCKS = ("requirements.lock", "requirements-dev.lock")


@dataclass(frozen=True)
class Pin:
    name: str
    version: Version
    marker: str
    hashes: frozenset[str]


def pins(lock: str) -> list[Pin]:
    """The lock's entries; an entry is one logical line: `name==version ; marker --hash=… --hash=…`."""
    text = re.sub(r"^\s*#.*$", "", (ROOT / lock).read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    return [pin(line) for line in text.splitlines() if line.strip()]


def pin(line: str) -> Pin:
    requirement, *hashes = re.split(r"\s+--hash=", line.strip())
    parsed = Requirement(requirement)
    exact = re.fullmatch(r"==([^,*]+)", str(parsed.specifier))
    assert exact, f"not pinned: {line[:80]}"
    assert parsed.url is None, f"names an address: {line[:80]}"
    return Pin(canonicalize_name(parsed.name), Version(exact[1]), str(parsed.marker or ""), frozenset(hashes))


def wanted(*groups: str) -> Iterator[Requirement]:
    yield from map(Requirement, PROJECT["project"]["dependencies"])
    for group in groups:
        for entry in PROJECT["dependency-groups"][group]:
            if isinstance(entry, str):
                yield Requirement(entry)
            else:
                yield from wanted(entry["include-group"])


@pytest.mark.parametrize("lock", LOCKS)
def test_every_entry_is_pinned_with_hashes(lock: str) -> None:
    entries = pins(lock)
    assert len(entries) > 20
    for entry in entries:
        assert entry.hashes, entry.name
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for digest in entry.hashes), entry.name


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_an_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert not re.search(r"^\s*(-i|-f|--(extra-)?index-url|--find-links|--trusted-host)\b", text, re.MULTILINE)


@pytest.mark.parametrize(("lock", "groups"), [(LOCKS[0], ("build",)), (LOCKS[1], ("build", "dev"))])
def test_a_lock_holds_what_pyproject_asks_for(lock: str, groups: tuple[str, ...]) -> None:
    by_name: dict[str, list[Version]] = {}
    for entry in pins(lock):
        by_name.setdefault(entry.name, []).append(entry.version)
    for requirement in wanted(*groups):
        versions = by_name.get(canonicalize_name(requirement.name), [])
        assert versions, f"{lock} lacks {requirement.name}: make lock"
        assert all(version in requirement.specifier for version in versions), f"{lock}: {requirement}, not {versions}"


def test_the_development_lock_holds_all_of_the_other_at_the_same_versions() -> None:
    rest = set(pins("requirements.lock")) - set(pins("requirements-dev.lock"))
    assert {(entry.name, str(entry.version), entry.marker) for entry in rest} == set()


def test_the_build_needs_nothing_that_the_lock_lacks() -> None:
    assert set(PROJECT["build-system"]["requires"]) <= set(PROJECT["dependency-groups"]["build"])


def test_an_entry_that_is_not_pinned_or_names_an_address_is_refused() -> None:
    with pytest.raises(AssertionError, match="not pinned"):
        pin("left-pad>=1 --hash=sha256:00")
    with pytest.raises(AssertionError, match="not pinned"):
        pin("left-pad @ file:///somewhere --hash=sha256:00")


@pytest.mark.parametrize(("folders", "groups"), [(("bot", "adapters"), ()), (("tests", "bench"), ("dev",))])
def test_what_is_imported_is_asked_for_by_name(folders: tuple[str, ...], groups: tuple[str, ...]) -> None:
    """What a dependency happens to bring along may be gone with its next release."""
    providers = packages_distributions()
    asked = {canonicalize_name(requirement.name) for requirement in wanted(*groups)} | {"studybot"}
    found = set()
    for module, path in modules(ROOT, folders).items():
        for imported in imports(module, path):
            top = imported.module.partition(".")[0]
            top = PARTS.get(top, top)
            if top in sys.stdlib_module_names or (ROOT / top).is_dir():
                continue
            if not asked.intersection(map(canonicalize_name, providers.get(top, []))):
                found.add(f"{module} imports {top}")
    assert found == set()
