from __future__ import annotations

from pathlib import Path

from bot.library.report import check, listing
from bot.library.shelf import open_shelf
from tests.library.written import card, deck_of


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_clean_deck_is_one_line_and_exit_code_0(tmp_path: Path) -> None:
    path = write(tmp_path / "a.yaml", deck_of(card("flashcard"), card("cloze")))
    assert check([path]) == ("1 deck, 2 cards: 0 errors, 0 warnings", 0)


def test_warnings_are_printed_and_exit_code_0(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.yaml", "deck: {id: x, title: X}\ncards:\n- {id: a, kind: flashcard, front: f, back: b}\n"
    )
    text, code = check([path])
    assert code == 0
    assert text.split("\n") == [
        f"{path}:3:3: warning: card ‘a’: there is no ‘source’, so nobody can check the card: add where it is written [no-source]",
        "1 deck, 1 card: 0 errors, 1 warning",
    ]


def test_errors_are_exit_code_1(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.yaml", deck_of(card("cloze", text="no gap", accept={"c1": ["x"]}), card("flashcard", source=None))
    )
    text, code = check([path])
    assert code == 1
    assert text.endswith("\n1 deck, 0 cards that can be used: 2 errors, 1 warning")


def test_a_folder_is_checked_deck_by_deck(tmp_path: Path) -> None:
    write(tmp_path / "b.yaml", deck_of(card("flashcard")))
    write(tmp_path / "a.yml", deck_of(card("flashcard"), id="other"))
    assert check([tmp_path]) == ("2 decks, 2 cards: 0 errors, 0 warnings", 0)


def test_decks_that_cannot_stand_on_one_shelf_are_exit_code_1(tmp_path: Path) -> None:
    write(tmp_path / "a.yaml", deck_of(card("flashcard")))
    write(tmp_path / "b.yaml", deck_of(card("flashcard")))
    text, code = check([tmp_path])
    assert code == 1
    assert "[deck-id-taken]" in text


def test_the_same_file_named_twice_is_checked_once(tmp_path: Path) -> None:
    path = write(tmp_path / "a.yaml", deck_of(card("flashcard")))
    assert check([path, tmp_path, path]) == ("1 deck, 1 card: 0 errors, 0 warnings", 0)


def test_a_file_that_cannot_be_read_is_exit_code_2(tmp_path: Path) -> None:
    text, code = check([tmp_path / "gone.yaml"])
    assert code == 2
    assert text.split("\n") == [
        f"{tmp_path / 'gone.yaml'}: error: this can’t be read (no such file or directory): check its name and permissions [unreadable]",
        "1 deck, 0 cards that can be used: 1 error, 0 warnings",
    ]
    assert check([tmp_path])[1] == 2


def test_the_listing_says_what_each_deck_holds(tmp_path: Path) -> None:
    cards = [card("flashcard", id=f"f{i}", topics=["memory"], level="advanced") for i in range(2)]
    write(tmp_path / "a.yaml", deck_of(*cards, card("cloze"), title="Training"))
    write(tmp_path / "b.yaml", deck_of(card("true_false"), id="other", title="Zebras"))
    assert listing(open_shelf([tmp_path])) == (
        "tests: Training (3 cards)\n"
        "  kinds   2 flashcard, 1 cloze\n"
        "  levels  1 beginner, 2 advanced\n"
        "  topics  memory\n"
        "other: Zebras (1 card)\n"
        "  kinds   1 true_false\n"
        "  levels  1 beginner\n"
        "  topics  none\n"
        "2 decks, 4 cards"
    )
