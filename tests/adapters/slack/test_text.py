"""Runs as rich text, as the small print of a context, and as the text for ears."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack import context, limits, rich_text, speech, table
from bot.messages import (
    Action,
    Block,
    Button,
    Buttons,
    Channel,
    CodeBlock,
    Heading,
    Message,
    Picture,
    Run,
    Select,
    Span,
    Table,
    Text,
    When,
    bold,
    code,
    plain,
)
from bot.messages.choices import Choice
from tests.adapters.slack.reader import words_of
from tests.adapters.slack.strategies import PNG, runs, words

CLOSING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
STAMP = int(CLOSING.timestamp())
TOKEN = f"<!date^{STAMP}^{{date_short_pretty}} at {{time}}|Mon 23 Nov, 09:00 UTC>"


def small(*parts: Run) -> list[dict[str, Any]] | None:
    found = context.to_elements(parts)
    return None if found is None else [each.to_dict() for each in found]


def text(said: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": said, "emoji": False}


def markup(said: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": said, "verbatim": True}


def test_small_print_of_words_alone_is_plain_text() -> None:
    assert small(plain("<!channel> *a*"), bold(" b ")) == [text("<!channel> *a* b")]


def test_an_instant_in_small_print_stands_among_its_words() -> None:
    assert small(plain("R&D <x · closes "), When(CLOSING)) == [markup(f"R&amp;D &lt;x · closes {TOKEN}")]
    assert small(plain("comes "), When(CLOSING, soon=True)) is None, "in 09:00:00 markup would look for an emoji"


def test_a_link_in_small_print_stands_among_its_words() -> None:
    link = Span("Narayanan & al.", url="https://a.example/x?a=1&b=2|3")
    shown = "Source: <https://a.example/x?a=1&amp;b=2%7C3|Narayanan &amp; al.>, section 3"
    assert small(plain("Source: "), link, plain(", section 3")) == [markup(shown)]


@pytest.mark.parametrize("sign", ["*x*", "_x_", "~x~", "`x`", ":tada:", "> x", "@here", "#general", "\u202ex"])
def test_words_that_could_be_markup_stand_apart_as_plain_text(sign: str) -> None:
    assert small(plain(f"{sign} closes "), When(CLOSING), plain(" ")) == [text(f"{sign} closes"), markup(TOKEN)]


@pytest.mark.parametrize("label", ["the *star* paper", "a | b", "two\nlines", ":tada:"])
def test_a_link_whose_own_words_could_be_markup_is_left_to_rich_text(label: str) -> None:
    assert small(plain("Source: "), Span(label, url="https://a.example")) is None


def test_code_and_more_pieces_than_a_context_holds_are_left_to_rich_text() -> None:
    assert small(plain("a"), CodeBlock("b")) is None
    assert small(*[each for _ in range(6) for each in (plain("*"), When(CLOSING))]) is None


def test_markup_that_is_too_long_once_escaped_is_left_to_rich_text() -> None:
    assert small(plain("&" * 700), When(CLOSING)) is None


def test_instants_that_slack_cannot_show_are_words() -> None:
    for year, said in ((1969, "1969"), (2500, "2500")):
        at = When(datetime(year, 1, 1, tzinfo=UTC))
        assert rich_text.to_elements([at])[0]["elements"][0] == {"type": "text", "text": at.text}
        assert small(at) == [markup(at.text)], said


def test_a_channel_of_slacks_is_linked_to_and_any_other_is_named() -> None:
    assert rich_text.to_elements([Channel("C0123ABC")])[0]["elements"] == [
        {"type": "channel", "channel_id": "C0123ABC"}
    ]
    assert rich_text.to_elements([Channel("general")])[0]["elements"] == [{"type": "text", "text": "#general"}]
    assert small(plain("Posts in "), Channel("C0123ABC"), plain(".")) == [markup("Posts in <#C0123ABC>.")]
    assert small(plain("Posts in "), Channel("!channel")) == [text("Posts in #!channel")]
    message = Message.of(Text.of("In ", Channel("C0123ABC"), " and ", Channel("!channel>")))
    assert speech.to_text(message) == "In <#C0123ABC> and #!channel&gt;"


def test_line_breaks_beside_code_are_left_out_and_those_inside_are_kept() -> None:
    shown = rich_text.to_elements(
        [plain("\n"), CodeBlock("a\n\nb\n"), plain("\n\n"), CodeBlock("\n"), plain("\n c\nd ")]
    )
    assert [element["elements"] for element in shown] == [
        [{"type": "text", "text": "a\n\nb"}],
        [{"type": "text", "text": " c\nd "}],
    ]


def test_control_characters_are_replaced() -> None:
    assert rich_text.to_elements([plain("a\x00b\r\nc"), code("\ud800")])[0]["elements"] == [
        {"type": "text", "text": "a\ufffdb\nc"},
        {"type": "text", "text": "\ufffd", "style": {"code": True}},
    ]


@given(st.lists(runs, max_size=6))
def test_rich_text_loses_no_words(parts: list[Run]) -> None:
    shown = "".join(
        (words_of(rich_text.to_elements([part])) or "") for part in parts if not isinstance(part, When | Channel)
    )
    meant = "".join(part.text for part in parts if not isinstance(part, When | Channel))
    assert "".join(shown.split()) == "".join(meant.replace("\x00", "\ufffd").split()) or any(
        char < " " for char in meant.replace("\n", "").replace("\x00", "")
    )


# ------------------------------------------------------------------ for ears


def test_the_text_says_every_block_in_order_with_instants_in_the_listeners_zone() -> None:
    message = Message.of(
        Heading("Question <of> the day"),
        Text.of("R&D · closes ", When(CLOSING), quiet=True),
        Table(("Rank", "Name"), (("1", "Ada"),)),
        Picture(PNG, "A ring of four"),
        Buttons.of(Button("A", Action.of("a"))),
    )
    assert speech.to_text(message) == (
        f"Question &lt;of&gt; the day\nR&amp;D · closes {TOKEN}\nRank · Name\n1 · Ada\nA ring of four"
    )


def test_a_message_without_words_says_its_buttons() -> None:
    menu = Select(Action.of("deck"), "Which deck?", (Choice("a", "a"),))
    message = Message.of(Buttons.of(Button("<A>", Action.of("a")), Button("B", Action.of("b"))), menu)
    assert speech.to_text(message) == "&lt;A&gt;, B, Which deck?"


def test_a_text_is_cut_between_signs_and_never_inside_one() -> None:
    message = Message.of(Text.of("&&& ", When(CLOSING)))
    for most in range(1, 90):
        said = speech.to_text(message, most)
        assert len(said) <= most
        rest = said.replace("&amp;", "").replace(TOKEN, "").removesuffix("…")
        assert rest.strip() == "", (most, said)


@given(st.lists(words.filter(bool), min_size=1, max_size=6).filter(lambda each: sum(map(len, each)) < 1000))
def test_no_control_sequence_of_slacks_can_be_said(texts: list[str]) -> None:
    blocks: list[Block] = [Text.of(each) for each in texts]
    said = speech.to_text(Message(tuple(blocks)))
    assert not set(said) & set("<>")
    assert len(said) <= limits.TEXT


# ------------------------------------------------------------------ tables in words


def test_a_narrow_table_is_aligned_with_the_reader_marked() -> None:
    board = Table(
        ("Rank", "Name", "Points"), (("🥇 1", "Ada", "1200"), ("2", "山田太郎", "30")), frozenset({2}), mark=1
    )
    assert table.runs(board) == (
        CodeBlock("  Rank  Name      Points\n  🥇 1  Ada         1200\n▸ 2     山田太郎      30"),
    )


def test_a_wide_table_is_lines_that_a_phone_can_break() -> None:
    board = Table(("Rank", "Name", ""), (("1", "A" * 60, "x"), ("2", "B", "")), mark=1)
    assert "".join(run.text for run in table.runs(board)) == f"Rank · Name\n1 · {'A' * 60} · x\n▸ 2 · B"


def test_a_table_of_one_empty_column_is_drawn() -> None:
    assert "".join(run.text for run in table.runs(Table(("",), (("",),)))) == "\n"
