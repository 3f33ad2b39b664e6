from __future__ import annotations

from pathlib import Path

import pytest

from bot.library.faults import Severity
from bot.library.lint.pictures import MOST_BYTES
from tests.library.written import card, faults_in, rules_broken

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"


def with_picture(file: str) -> dict[str, object]:
    return card("flashcard", image={"file": file, "alt": "Four ranks in a ring"})


@pytest.mark.parametrize(
    ("name", "content"), [("ring.png", PNG), ("ring.jpg", JPEG), ("in/a/folder.jpeg", JPEG), ("ring.png", JPEG)]
)
def test_a_picture_beside_the_deck_is_fine(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    assert faults_in(with_picture(name), folder=tmp_path) == ()


def test_a_picture_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    (fault,) = faults_in(with_picture("ring.png"), folder=tmp_path)
    assert (fault.rule, fault.severity, fault.card) == ("image-missing", Severity.ERROR, "a-flashcard")
    (tmp_path / "ring.png").mkdir()
    assert rules_broken(with_picture("ring.png"), folder=tmp_path) == {"image-missing"}


def test_a_pasted_deck_cannot_have_pictures() -> None:
    (fault,) = faults_in(with_picture("ring.png"), folder=None)
    assert fault.rule == "image-missing"
    assert "pasted" in fault.message


def test_a_picture_outside_the_decks_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(PNG)
    decks = tmp_path / "decks"
    (decks / "in").mkdir(parents=True)
    (decks / "link.png").symlink_to(tmp_path / "secret.png")
    assert rules_broken(with_picture("in/../../secret.png"), folder=decks) == {"image-outside"}
    assert rules_broken(with_picture("link.png"), folder=decks) == {"image-outside"}


def test_links_that_go_in_circles_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.png").symlink_to(tmp_path / "b.png")
    (tmp_path / "b.png").symlink_to(tmp_path / "a.png")
    assert rules_broken(with_picture("a.png"), folder=tmp_path) <= {"image-outside", "image-missing"}
    assert rules_broken(with_picture("a.png"), folder=tmp_path)


def test_a_picture_is_known_by_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "ring.png").write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    assert rules_broken(with_picture("ring.png"), folder=tmp_path) == {"image-format"}
    (tmp_path / "ring.png").write_bytes(b"")
    assert rules_broken(with_picture("ring.png"), folder=tmp_path) == {"image-format"}


def test_a_picture_over_a_megabyte_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "ring.png").write_bytes(PNG.ljust(MOST_BYTES + 1, b"\0"))
    assert rules_broken(with_picture("ring.png"), folder=tmp_path) == {"image-too-big"}
    (tmp_path / "ring.png").write_bytes(PNG.ljust(MOST_BYTES, b"\0"))
    assert rules_broken(with_picture("ring.png"), folder=tmp_path) == set()
