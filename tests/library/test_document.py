from __future__ import annotations

import pytest

from bot.library.characters import MOST_BYTES
from bot.library.document import Value, read_document


def value_of(text: str) -> Value:
    document, faults = read_document(text, "deck.yaml")
    assert document is not None
    assert not faults
    return document.value


def only_fault(content: str | bytes) -> tuple[str, int, int]:
    """The one fault's rule, line and column."""
    _, faults = read_document(content, "deck.yaml")
    (fault,) = faults
    assert fault.message[-1] not in ".!"
    return fault.rule, fault.line, fault.column


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("No", "No"),
        ("yes", "yes"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("010", 10),
        ("0o17", 15),
        ("0x1F", 31),
        ("1_000", "1_000"),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("-1.5", -1.5),
        ("1e999", "1e999"),
        (".nan", ".nan"),
        (".inf", ".inf"),
        ("true", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("'true'", "true"),
        ('"12"', "12"),
        ("-", [None]),
        ("2026-11-22", "2026-11-22"),
        ("9999999999999999999", 1e19),
        ("=", "="),
        ("<<", "<<"),
    ],
)
def test_plain_scalars_mean_what_yaml_1_2_says(written: str, meant: Value) -> None:
    if written == "-":
        assert value_of("-\n") == meant
        return
    found = value_of(f"a: {written}\n")
    assert isinstance(found, dict)
    assert found == {"a": meant}
    assert type(found["a"]) is type(meant)


def test_every_value_and_key_has_its_place() -> None:
    document, _ = read_document("deck: {id: x}\ncards:\n- id: one\n  options:\n    - text: 'quoted'\n", "deck.yaml")
    assert document is not None
    assert document.spot(("deck", "id")) == (1, 12)
    assert document.key_spot(("deck", "id")) == (1, 8)
    assert document.spot(("cards", 0)) == (3, 3)
    assert document.spot(("cards", 0, "options", 0, "text")) == (5, 13)
    assert document.key_spot(("cards", 0, "options", 0, "text")) == (5, 7)


def test_what_is_not_there_stands_where_it_should_be() -> None:
    document, _ = read_document("deck:\n  id: x\n", "deck.yaml")
    assert document is not None
    assert document.spot(("deck", "title")) == (2, 3)
    assert document.key_spot(("cards", 4, "id")) == (1, 1)


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    document, faults = read_document(b"\xef\xbb\xbfdeck:\r\n  id: x\r\n", "deck.yaml")
    assert document is not None
    assert not faults
    assert document.value == {"deck": {"id": "x"}}
    assert document.spot(("deck", "id")) == (2, 7)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        pytest.param("a: &x [1]\nb: *x\n", ("yaml-alias", 1, 4), id="an anchor"),
        pytest.param("a: *x\n", ("yaml-alias", 1, 4), id="an alias"),
        pytest.param("a: **bold** words\n", ("yaml-alias", 1, 4), id="bold text at the start of a value"),
        pytest.param("a: !!python/object:os.system x\n", ("yaml-tag", 1, 4), id="a tag that other readers run"),
        pytest.param("a: !x 1\n", ("yaml-tag", 1, 4), id="a tag of one's own"),
        pytest.param("!x a: 1\n", ("yaml-tag", 1, 1), id="a tag on a key"),
        pytest.param("a: 1\n---\nb: 2\n", ("several-documents", 2, 1), id="two documents"),
        pytest.param("? [a]\n: 1\n", ("yaml-syntax", 1, 3), id="a list for a key"),
        pytest.param("a: 1\nb:\n  - 1\na: 2\n", ("duplicate-key", 4, 1), id="the same key twice"),
        pytest.param("a: {b: 1, 'b': {c: 2}}\n", ("duplicate-key", 1, 11), id="the same key twice, one in quotes"),
        pytest.param("[" * 5000, ("too-deep", 1, 22), id="brackets without end"),
        pytest.param("- " * 400 + "1", ("too-deep", 1, 43), id="lists in lists"),
        pytest.param("a: 1\n\tb: 2\n\t\tc: 3\n", ("tab", 2, 1), id="tabs"),
        pytest.param("a: 1\nb: x\x00y\n", ("control-character", 2, 5), id="a NUL"),
        pytest.param('a: "x\\0y"\n', ("control-character", 1, 4), id="a NUL by escape"),
        pytest.param('a: "\\ud83d"\n', ("control-character", 1, 4), id="half a character by escape"),
        pytest.param("a: x\u2028y\n", ("control-character", 1, 5), id="a line end that editors don't count"),
        pytest.param(b"a: 1\nb: \xff\n", ("not-utf-8", 2, 4), id="Latin-1"),
        pytest.param(b"\xef\xbb\xbfa: \xc3\xa9\xff\n", ("not-utf-8", 1, 5), id="bad bytes after a byte order mark"),
        pytest.param("a: 1\n".encode("utf-16"), ("not-utf-8", 1, 1), id="UTF-16"),
        pytest.param(b"#" * (MOST_BYTES + 1), ("too-big", 1, 1), id="a file too big"),
    ],
)
def test_what_decks_do_not_have_is_refused_at_its_place(content: str | bytes, fault: tuple[str, int, int]) -> None:
    assert only_fault(content) == fault


def test_a_file_of_the_largest_size_is_read() -> None:
    document, faults = read_document(b"a: 1\n" + b"#" * (MOST_BYTES - 5), "deck.yaml")
    assert document is not None
    assert not faults


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ("a: b: c\n", (1, 5), "quotes"),
        ("a: `x` y\n", (1, 4), "quotes"),
        ("a: @x\n", (1, 4), "quotes"),
        ("a: 'x\nb: 1\n", (1, 4), "never closed"),
        ('a: "C:\\q"\n', (1, 8), "backslash"),
        ("a: [1, 2\nb: 3\n", (1, 4), "close it with ]"),
        ("a: {b: 1\nc: 2\n", (1, 4), "close it with }"),
        ("a: 'x' y\n", (1, 8), "closing quote or bracket"),
        ("a:\n  b: 1\n c: 2\n", (3, 2), "indentation"),
        ("a: 1\nb\n", (2, 1), "colon and a space"),
        ("a: | x\n", (1, 6), "next line"),
        ("a: - x\n", (1, 4), "line of its own"),
        ("{a: 1}}\n", (1, 7), "closes nothing"),
        ("%FOO\na: 1\n", (1, 1), "delete it"),
        ("a: [\n", (2, 1), "the bracket that closes"),
        ("a: !<x\n", (1, 7), "quotes"),
        ('a: 1\nb: "\\UFFFFFFFF"\n', (2, 5), "names no character"),
        ('a: 1\nb: "\\U00110000"\n', (2, 5), "names no character"),
    ],
)
def test_a_syntax_error_is_told_in_plain_words(text: str, place: tuple[int, int], hint: str) -> None:
    _, (fault,) = read_document(text, "deck.yaml")
    assert (fault.rule, fault.line, fault.column) == ("yaml-syntax", *place)
    assert hint in fault.message
    assert "token" not in fault.message
    assert "scanning" not in fault.message


def test_a_duplicate_key_does_not_hide_what_comes_after() -> None:
    document, faults = read_document("a: 1\na: {x: 1, x: 2}\nb: 3\n", "deck.yaml")
    assert document is not None
    assert document.value == {"a": 1, "b": 3}
    assert [(fault.line, fault.column) for fault in faults] == [(2, 1), (2, 11)]
