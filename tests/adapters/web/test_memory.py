"""The channel's own memory and the text that it keeps messages as."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.web import codec, render
from adapters.web.channel import FORMS_KEPT, PRIVATE_KEPT, Channel
from adapters.web.client import PLACE, WebChannel
from bot import messages
from bot.events import Actor, MessageRef, Place
from bot.messages import (
    Action,
    Button,
    Buttons,
    Choice,
    CodeBlock,
    Fields,
    File,
    Form,
    Heading,
    Mention,
    Message,
    Picture,
    Select,
    SelectInput,
    Span,
    Style,
    Table,
    Text,
    TextInput,
    Tone,
    When,
)
from bot.platform import Missing, Unavailable

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

EVERYTHING = Message.of(
    Heading("Heading"),
    Text(
        (
            Span("a", bold=True, italic=True),
            Span("b", code=True, url="https://example.org/?a=1&b=2"),
            CodeBlock("x = 1\n", "python"),
            Mention("U1", "Ada"),
            messages.Channel("general"),
            When(NOW),
            When(NOW, soon=True),
        ),
        quiet=True,
    ),
    Fields((("Name", "Value"),)),
    Table(("#", "Name"), (("1", "Ada"),), frozenset({0}), 0),
    Picture(b"\x89PNG\r\n\x1a\n\0\xff", "alt", "x.png"),
    File(b"a,b\r\n\0\xff", "all.csv", "text/csv"),
    Buttons.of(Button("A", Action.of("answer", 1, "A"), Style.DANGER, "hint")),
    Select(Action.of("pick"), "Pick", (Choice("One", 1), Choice("Yes", True, "note"), Choice("Text", "t"))),
    tone=Tone.PARTLY,
)
FORM = Form(
    "Title",
    (TextInput("a", "A", long=True, most=9, required=False), SelectInput("b", "B", (Choice("One", 1),), "1")),
    Action.of("send"),
    "Intro",
    "Go",
)


def test_every_kind_of_block_is_kept_whole() -> None:
    assert codec.message(codec.to_json(EVERYTHING)) == EVERYTHING
    assert codec.form(codec.to_json(FORM)) == FORM


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "null",
        '{"is": "Message"}',
        '{"is": "Hologram", "blocks": []}',
        '{"is": "Message", "blocks": [], "tone": "plain"}',
        json.dumps({**json.loads(codec.to_json(EVERYTHING)), "colour": "red"}),
        codec.to_json(FORM),
    ],
)
def test_what_another_version_kept_is_shown_as_a_sentence(text: str) -> None:
    assert codec.message(text) == codec.UNREADABLE


def test_a_lone_surrogate_is_replaced_before_it_is_kept() -> None:
    assert codec.message(codec.to_json(Message.of("a\ud800b\0"))) == Message.of("a\ufffdb\ufffd")


def test_only_the_newest_private_messages_and_forms_are_kept(tmp_path: Path) -> None:
    channel = Channel(tmp_path / "web.db", lambda: NOW)
    for number in range(PRIVATE_KEPT + 5):
        channel.answer(2, Message.of(f"{number}."))
    channel.answer(3, Message.of("Grace’s"))
    entries, latest = channel.shown(2)
    assert [entry.message for entry in entries] == [Message.of(f"{n}.") for n in range(5, PRIVATE_KEPT + 5)]
    assert latest == PRIVATE_KEPT + 6
    for _ in range(FORMS_KEPT + 1):
        channel.open_form(2, FORM, None)
    assert channel.form(1, 2) is None
    assert channel.form(2, 2) is not None
    channel.close()


def test_the_same_edit_again_changes_nothing(tmp_path: Path) -> None:
    channel = Channel(tmp_path / "web.db", lambda: NOW)
    entry = channel.post(EVERYTHING, "k")
    assert channel.edit(entry, EVERYTHING)
    assert channel.changes(1, 1) == []
    assert channel.edit(entry, Message.of("new"))
    (changed,) = channel.changes(1, 1) or []
    assert changed.edited_at == NOW
    channel.close()


async def test_a_file_that_is_none_of_ours_makes_the_platform_unavailable(tmp_path: Path) -> None:
    (tmp_path / "web.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(Unavailable, match=r"web\.db"):
        await WebChannel(tmp_path / "web.db").post(PLACE, EVERYTHING, "k")


async def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "web.db")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(Unavailable, match="newer Studybot"):
        await WebChannel(tmp_path / "web.db").post(PLACE, EVERYTHING, "k")


async def test_other_channels_and_unknown_people_are_missing(tmp_path: Path) -> None:
    web = WebChannel(tmp_path / "web.db")
    elsewhere = Place("web", "local", "random")
    with pytest.raises(Missing):
        await web.post(elsewhere, EVERYTHING, "k")
    with pytest.raises(Missing):
        await web.edit(MessageRef(PLACE, "not a number"), EVERYTHING)
    with pytest.raises(Missing):
        await web.tell(Actor("web", "local", "77", "Nobody"), EVERYTHING)
    await web._desk.ask(Channel.close)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (Text.of("one\ntwo"), '<p dir="auto">one<br>two</p>'),
        (Text.of("one\n\n\ntwo"), '<p dir="auto">one</p><p dir="auto">two</p>'),
        (
            Text.of("a\n", CodeBlock("<x>"), "\nb"),
            '<p dir="auto">a</p><pre tabindex="0"><code>&lt;x&gt;</code></pre><p dir="auto">b</p>',
        ),
        (Text.of(Span("<i>", bold=True)), '<p dir="auto"><strong>&lt;i&gt;</strong></p>'),
        (Text.of("\n<br>\n"), '<p dir="auto">&lt;br&gt;</p>'),
        (
            Text.of(Span("x", url='https://e.example/"on')),
            '<p dir="auto"><a href="https://e.example/&#34;on" target="_blank" rel="noopener noreferrer">x</a></p>',
        ),
        (Text.of(When(NOW)), '<p dir="auto"><time datetime="2026-11-22T12:00:00Z">Sun 22 Nov, 12:00 UTC</time></p>'),
        (
            Text.of(When(NOW, soon=True)),
            '<p dir="auto"><time role="timer" datetime="2026-11-22T12:00:00Z">12:00:00 UTC</time></p>',
        ),
        (Text.of("in ", messages.Channel("<b>")), '<p dir="auto">in <bdi>#&lt;b&gt;</bdi></p>'),
        (Text.of(Mention("U1", "@here <b>")), '<p dir="auto"><bdi class="mention">@@here &lt;b&gt;</bdi></p>'),
    ],
)
def test_runs_become_paragraphs_and_nothing_but_our_own_tags(text: Text, html: str) -> None:
    assert render.paragraphs(text) == html
