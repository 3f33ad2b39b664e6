"""Words in, the same words on the screen, and nothing else happens to them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord import markdown
from bot.messages import Channel, CodeBlock, Mention, Run, Span, When, bold, code, italic, plain
from tests.adapters.contract import HOSTILE
from tests.adapters.discord.reader import Shown, read

TRAPS = [
    "@everyone", "@here", "<@1>", "<@&1>", "<#1>", "<:a:1>", ":smile:", "<t:1:R>", "https://e.example/x", "http://e.example",
    "discord.gg/abc", "- a", "* a", "1. a", "# a", "-# a", "> a", ">>> a", "```", "``", "`", "||a||", "~~a~~", "__a__", "**", "*",
    "_", "\\", "[a](https://e.example)", "[", "]", "(", ")", "\n", " ", "a", "b c", "ß", "é", "日本", "👩‍💻", "1", ".", "C#", "snake_case",
]  # fmt: skip
WORDS = st.lists(st.sampled_from(TRAPS) | st.text(max_size=4), max_size=8).map("".join)
SPANS = st.builds(Span, text=WORDS, bold=st.booleans(), italic=st.booleans(), code=st.booleans())


def drawn(*runs: Run, quiet: bool = False) -> Shown:
    return read(markdown.paragraphs(runs, 4000, quiet=quiet))


def words(text: str) -> str:
    """Without the spaces that lines begin and end with, and empty lines."""
    return "\n".join(
        part for line in re.split(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", text) if (part := line.strip())
    )


@given(WORDS)
def test_escaped_text_is_read_as_it_was(text: str) -> None:
    shown = read(markdown.escaped(text))
    assert shown.text == text
    assert shown.effects == []


@given(st.lists(SPANS, max_size=6))
def test_runs_of_any_style_give_their_words_back_and_do_nothing_else(spans: list[Span]) -> None:
    shown = drawn(*spans)
    assert words(shown.text) == words("".join(span.text for span in spans))
    assert shown.kinds <= {"bold", "italic", "code"}


@given(st.lists(SPANS, max_size=4))
def test_small_print_gives_its_words_back(spans: list[Span]) -> None:
    shown = drawn(*spans, quiet=True)
    assert words(shown.text) == words("".join(span.text for span in spans))
    assert shown.kinds <= {"bold", "italic", "code", "small"}


@given(WORDS.filter(str.strip))
def test_a_heading_gives_its_words_back(text: str) -> None:
    shown = read(markdown.heading(text, 4000))
    assert shown.of("heading") == [shown.text]
    assert " ".join(shown.text.rstrip("\u200b").split()) == " ".join(text.split()).rstrip("\u200b")
    assert shown.kinds == {"heading"}


@given(st.lists(SPANS | st.builds(CodeBlock, WORDS), max_size=6), st.integers(60, 400), st.booleans())
def test_what_is_too_long_is_cut_to_the_room_there_is(runs: list[Run], most: int, quiet: bool) -> None:
    text = markdown.paragraphs(tuple(runs), most, quiet=quiet)
    assert len(text) <= most
    assert read(text).kinds <= {"bold", "italic", "code", "block", "small"}


def test_each_trap_alone_and_at_the_start_of_a_line_does_nothing() -> None:
    for trap in [*TRAPS, HOSTILE]:
        for text in (trap, f"x\n{trap} y", f"  {trap}"):
            shown = read(markdown.escaped(text))
            assert (shown.text, shown.effects) == (text, [])


def test_styles_are_shown() -> None:
    shown = drawn(
        plain("What does "), bold("ZeRO-3"), plain(" shard, "), italic("really"), plain("? See "), code("f_s.py")
    )
    assert shown.text == "What does ZeRO-3 shard, really? See f_s.py"
    assert (shown.of("bold"), shown.of("italic"), shown.of("code")) == (["ZeRO-3"], ["really"], ["f_s.py"])


def test_bold_keeps_its_line_breaks_and_spaces_outside() -> None:
    assert markdown.paragraphs((plain("x"), bold("\nA "), plain("one")), 100) == "x\n**A** one"


def test_italics_go_on_into_a_word() -> None:
    shown = drawn(italic("re"), plain("reading"))
    assert (shown.text, shown.of("italic")) == ("rereading", ["re"])


def test_bold_with_italics_inside_is_one_bold() -> None:
    shown = drawn(bold("all "), Span("of", bold=True, italic=True), bold(" it"))
    assert (shown.of("bold"), shown.of("italic")) == (["all of it"], ["of"])


@pytest.mark.parametrize("text", ["a` <i>b</i>", "`", "x`", "`x", "a\\", "<@1> @everyone"])
def test_inline_code_holds_backticks(text: str) -> None:
    shown = drawn(plain("see "), code(text), plain(" there"))
    assert shown.text == f"see {text} there"
    assert shown.of("code") == [text]


def test_inline_code_that_no_fence_can_hold_is_text() -> None:
    shown = drawn(code("```x```"))
    assert (shown.text, shown.effects) == ("```x```", [])


def test_a_block_of_code_stands_between_its_paragraphs() -> None:
    shown = drawn(plain("Before\n"), CodeBlock("for x in y:\n    print(x)", "python"), plain("\n\nAfter **"))
    assert shown.of("block") == ["for x in y:\n    print(x)"]
    assert words(shown.text) == "Before\nfor x in y:\nprint(x)\nAfter **"


def test_a_block_of_code_can_not_be_broken_out_of() -> None:
    shown = drawn(plain("Before\n"), CodeBlock("a\n```\n@everyone **b**"))
    assert shown.effects == []
    assert words(shown.text) == "Before\na\n```\n@everyone **b**"


def test_a_strange_language_is_left_out() -> None:
    assert markdown.paragraphs((CodeBlock("x", "py```@everyone"),), 100) == "```\nx\n```"


def test_a_link_leads_where_it_says() -> None:
    shown = drawn(plain("See "), Span("the *paper*", url="https://e.example/a_(b)"), plain("."))
    assert shown.text == "See the *paper*."
    assert shown.of("target") == ["https://e.example/a_%28b%29"]
    assert shown.kinds == {"link", "target"}


def test_a_link_that_shows_its_address_opens_no_preview() -> None:
    shown = drawn(Span("https://e.example/x", url="https://e.example/x"))
    assert (shown.text, shown.of("url")) == ("https://e.example/x", ["<https://e.example/x>"])


def test_a_link_whose_label_is_another_address_shows_both() -> None:
    shown = drawn(Span("https://bank.example", url="https://evil.example"))
    assert shown.text == "https://bank.example (https://evil.example)"
    assert shown.of("url") == ["<https://evil.example>"]


def test_a_mail_address_is_text() -> None:
    assert drawn(Span("write", url="mailto:a@b.example")).text == "write (a@b.example)"
    assert drawn(Span("a@b.example", url="mailto:a@b.example")).effects == []


def test_a_moment_is_shown_in_the_readers_zone() -> None:
    at = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert markdown.paragraphs((plain("closes "), When(at)), 100) == f"closes <t:{int(at.timestamp())}:f>"


def test_a_moment_that_people_wait_for_counts_down() -> None:
    at = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert markdown.paragraphs((plain("ends "), When(at, soon=True)), 100) == f"ends <t:{int(at.timestamp())}:R>"


def test_someone_is_named_by_a_mention_and_a_strange_id_by_their_name() -> None:
    assert markdown.paragraphs((Mention("123", "Ada"),), 100) == "<@123>"
    assert drawn(Mention("1> @everyone", "Ada *")).text == "Ada *"


def test_a_channel_is_a_link_to_it_and_a_strange_id_is_text() -> None:
    assert markdown.paragraphs((plain("in "), Channel("123")), 100) == "in <#123>"
    assert drawn(Channel("1> @everyone")).text == "#1> @everyone"


def test_small_print_is_small_on_every_line() -> None:
    shown = drawn(plain("one\n\ntwo"), quiet=True)
    assert shown.of("small") == ["one", "two"]


def test_a_cut_text_ends_in_an_ellipsis_and_whole_escapes() -> None:
    text = markdown.paragraphs((plain("*" * 100),), 61)
    assert len(text) <= 61
    assert read(text).text == "*" * 30 + "…"
