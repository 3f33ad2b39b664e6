from __future__ import annotations

from pathlib import Path

import pytest

from bot.library.faults import DeckError
from bot.library.shelf import Shelf, open_shelf, shipped
from tests.library.written import CONCEPT, card, deck_of

PNG = b"\x89PNG\r\n\x1a\nrest"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    picture = {"file": "one.png", "alt": "A ring"}
    (tmp_path / "one.png").write_bytes(PNG)
    (tmp_path / "b.yaml").write_text(
        deck_of(
            card("flashcard", topics=["memory"], image=picture),
            card("cloze", topics=["memory", "speed"], level="advanced"),
            id="zoo",
            title="alpha",
        ),
        encoding="utf-8",
    )
    (tmp_path / "a.yml").write_text(
        deck_of(card("flashcard", topics=["cost"]), id="ant", title="Beta"), encoding="utf-8"
    )
    (tmp_path / ".hidden.yaml").write_text("no deck", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no deck", encoding="utf-8")
    return tmp_path


def test_a_folders_decks_are_offered_by_title(folder: Path) -> None:
    shelf = open_shelf([folder])
    assert [deck.title for deck in shelf.decks.values()] == ["alpha", "Beta"]
    assert shelf.topics == ("cost", "memory", "speed")


def test_decks_and_cards_are_found_by_their_ids(folder: Path) -> None:
    shelf = open_shelf([folder])
    assert (deck := shelf.deck("zoo")) is not None
    assert deck.title == "alpha"
    assert (found := shelf.card("zoo", "a-cloze")) is not None
    assert found.kind == "cloze"
    assert shelf.deck("cow") is None
    assert shelf.card("zoo", "a-cow") is None
    assert shelf.card("ant", "a-cloze") is None


def test_every_card_comes_with_its_deck_in_the_decks_order(folder: Path) -> None:
    every = [f"{deck.id}/{card.id}" for deck, card in open_shelf([folder]).cards()]
    assert every == ["zoo/a-flashcard", "zoo/a-cloze", "ant/a-flashcard"]


def test_a_cards_picture_is_read_from_beside_its_deck(folder: Path) -> None:
    shelf = open_shelf([folder])
    with_picture, without = (card for deck, card in shelf.cards() if deck.id == "zoo")
    assert shelf.picture("zoo", with_picture) == PNG
    assert shelf.picture("zoo", without) is None
    assert shelf.picture("cow", with_picture) is None
    (folder / "one.png").unlink()
    assert shelf.picture("zoo", with_picture) is None


def test_a_shelf_made_of_decks_alone_has_no_pictures(folder: Path) -> None:
    shelf = Shelf(open_shelf([folder]).decks)
    assert [shelf.picture(deck.id, card) for deck, card in shelf.cards()] == [None, None, None]


def test_one_bad_deck_refuses_all_with_every_error(folder: Path) -> None:
    (folder / "bad.yaml").write_text(
        deck_of(card("true_false", answer=1), card("cloze", text="x", source=None, accept=None)), encoding="utf-8"
    )
    (folder / "worse.yaml").write_text("deck: [", encoding="utf-8")
    with pytest.raises(DeckError) as refused:
        open_shelf([folder])
    lines = str(refused.value).split("\n")
    assert [fault.rule for fault in refused.value.faults] == ["wrong-type", "no-gap", "yaml-syntax"]
    assert lines == [str(fault) for fault in refused.value.faults]
    assert lines[0].startswith(f"{folder / 'bad.yaml'}:")


def test_two_decks_with_one_id_are_refused(folder: Path) -> None:
    (folder / "c.yaml").write_text(deck_of(card("flashcard"), id="zoo"), encoding="utf-8")
    with pytest.raises(DeckError, match=r"c\.yaml: error: the deck in .*b\.yaml has the id ‘zoo’ too"):
        open_shelf([folder])


def test_a_folder_that_is_not_there_or_has_no_deck_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeckError, match="there is no such folder"):
        open_shelf([tmp_path / "decks"])
    with pytest.raises(DeckError, match="has no deck"):
        open_shelf([tmp_path])


def test_a_broken_link_among_the_decks_is_refused(folder: Path) -> None:
    (folder / "gone.yaml").symlink_to(folder / "nowhere.yaml")
    with pytest.raises(DeckError, match=r"gone\.yaml: error: this can’t be read \(no such file"):
        open_shelf([folder])


def test_an_authors_trials_are_left_to_the_check(tmp_path: Path) -> None:
    fails = {**CONCEPT, "examples": {"pass": ["Nothing of the kind is said here."]}}
    (tmp_path / "a.yaml").write_text(deck_of(card("explain", concepts=[fails])), encoding="utf-8")
    assert open_shelf([tmp_path]).card("tests", "a-explain") is not None


def test_the_shipped_decks_are_found() -> None:
    assert (shipped() / "distributed-training.yaml").is_file()
