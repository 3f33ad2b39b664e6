"""Messages refuse what no platform shows, and events make names and texts safe before anything sees them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.events import NAME_LIMIT, NAMELESS, Actor, MessageRef, Place, Submit, display_name, legible
from bot.messages import (
    LIMITS,
    Action,
    Button,
    Buttons,
    Choice,
    Fields,
    File,
    Form,
    Heading,
    Message,
    Picture,
    Select,
    Span,
    Table,
    Text,
    TextInput,
    When,
    button_rows,
    clip,
)
from bot.platform import Edit, Post

BUTTON = Button("A", Action.of("answer", 17, "A"))


def test_an_action_is_written_and_read_back() -> None:
    action = Action.of("answer", 17, "B")
    assert str(action) == "answer:17:B"
    assert Action.parse("answer:17:B") == action
    assert Action.parse("play") == Action.of("play")


@pytest.mark.parametrize(
    "written", ["", ":", "Answer:1", "answer:a b", "answer:é", "answer:\0", "1", "x" * 101, "a:" + "1" * 99]
)
def test_what_is_no_action_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"action|characters"):
        Action.parse(written)


@given(st.text(max_size=120))
def test_any_text_is_an_action_or_a_value_error(written: str) -> None:
    try:
        action = Action.parse(written)
    except ValueError:
        return
    assert str(action) == written


@pytest.mark.parametrize(
    "make",
    [
        lambda: Heading(""),
        lambda: Heading("x" * (LIMITS.HEADING + 1)),
        lambda: Text.of("x" * (LIMITS.TEXT + 1)),
        lambda: Text(()),
        lambda: Fields(()),
        lambda: Fields((("n", "v"),) * (LIMITS.FIELDS + 1)),
        lambda: Buttons((BUTTON,) * (LIMITS.BUTTONS + 1)),
        lambda: Buttons(()),
        lambda: Button("", Action.of("x")),
        lambda: Select(Action.of("x"), "pick", ()),
        lambda: Table(("a", "b"), (("only one",),)),
        lambda: Picture(b"GIF89a", "alt"),
        lambda: Picture(b"\x89PNG\r\n\x1a\n", ""),
        lambda: File(b"", "all.csv", "text/csv"),
        lambda: File(b"a" * (LIMITS.FILE + 1), "all.csv", "text/csv"),
        lambda: File(b"a", "../all.csv", "text/csv"),
        lambda: File(b"a", "all of it.csv", "text/csv"),
        lambda: Post(Place("p", "w", "c"), Message.of(File(b"a", "all.csv", "text/csv")), "key"),
        lambda: Edit(MessageRef(Place("p", "w", "c"), "1"), Message.of(File(b"a", "all.csv", "text/csv"))),
        lambda: Message(()),
        lambda: Message.of(*(["x"] * (LIMITS.BLOCKS + 1))),
        lambda: Message.of(*["x" * 2500] * 2),
        lambda: Message.of(*[Buttons((BUTTON,) * 5)] * 6, *["x"] * 4),
        lambda: Message.of(*[Select(Action.of("x"), "pick", (Choice("A", "a"),))] * 20),
        lambda: Form("t", (), Action.of("x")),
        lambda: Form("t" * 25, (TextInput("a", "A"),), Action.of("x")),
        lambda: Form("t", (TextInput("a", "A"),) * 5, Action.of("x"), intro="too many parts"),
        lambda: Span("x", url="javascript:alert(1)"),
        lambda: Span("x", url="https://a b"),
        lambda: When(datetime(2026, 1, 1)),  # noqa: DTZ001
    ],
)
def test_what_a_platform_would_reject_is_refused_where_it_is_made(make: Callable[[], object]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        make()


def test_a_message_says_all_its_words_for_ears() -> None:
    message = Message.of(
        Heading("Board"),
        Table(("Rank", "Name"), (("1", "Ada"),)),
        Text.of("closes ", When(datetime(2026, 1, 2, 3, tzinfo=UTC))),
        Buttons((BUTTON,)),
    )
    assert message.text == "Board\nRank · Name\n1 · Ada\ncloses Fri 02 Jan, 03:00 UTC"
    assert message.actions == (BUTTON.action,)


def test_a_message_may_have_as_many_parts_as_discord_shows() -> None:
    rows, menu = [Buttons((BUTTON,) * 5)] * 6, Select(Action.of("x"), "pick", (Choice("A", "a"),))
    assert len(Message.of(*rows, "x", "x", "x").actions) == 30
    assert len(Message.of(*[menu] * 19, "x").actions) == 19


def test_buttons_fill_rows() -> None:
    assert [len(row.buttons) for row in button_rows([BUTTON] * 11)] == [5, 5, 1]


@given(st.text(max_size=50), st.integers(1, 50))
def test_clip_keeps_within_the_limit(text: str, limit: int) -> None:
    assert len(clip(text, limit)) <= limit
    assert clip(text, len(text) or 1) == text


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Ada", "Ada"),
        ("  Ada \n Lovelace ", "Ada Lovelace"),
        ("", NAMELESS),
        ("\u200b\u200b\u2060", NAMELESS),
        ("\u3164\u3164", NAMELESS),
        ("\u202eevil", "evil"),
        ("a\0b", "ab"),
        ("a\ud800b", "ab"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("@everyone", "@everyone"),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("سارة", "سارة"),
        ("Z\u0351\u0352\u0357\u035b\u035f", "Z\u0351\u0352\u0357"),
    ],
)
def test_names_are_made_safe_to_show(raw: str, shown: str) -> None:
    assert display_name(raw) == shown


@given(st.text(max_size=300))
def test_any_name_is_one_short_visible_line(raw: str) -> None:
    name = display_name(raw)
    assert 1 <= len(name) <= NAME_LIMIT
    assert "\n" not in name
    name.encode("utf-8")
    assert display_name(name) == name


def test_a_long_name_is_cut() -> None:
    assert display_name("a" * 6000) == "a" * (NAME_LIMIT - 1) + "…"


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=100))
def test_a_plain_name_comes_out_as_it_does_beside_one_that_is_looked_at_letter_by_letter(raw: str) -> None:
    beside = display_name(f"É {raw}")
    assert beside == clip(f"É {display_name(raw)}" if raw.strip() else "É", NAME_LIMIT)


@given(st.text(max_size=300))
def test_a_plain_text_comes_out_as_it_does_beside_one_that_is_looked_at_letter_by_letter(raw: str) -> None:
    assert legible(f"{raw}\t") == f"{legible(raw)}\t"


@given(st.text(max_size=300))
def test_a_form_holds_only_what_can_be_stored(typed: str) -> None:
    submit = Submit(
        "1", Action.of("x"), {"text": typed}, Actor("web", "local", "1", "Ada"), Place("web", "local", "general")
    )
    kept = submit.fields["text"]
    kept.encode("utf-8")
    assert "\0" not in kept
    assert legible(kept) == kept
