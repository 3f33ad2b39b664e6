"""The page speaks its reader's language: what stands on it, what it answers by itself, and every way of saying no."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from adapters.web.client import PLACE
from adapters.web.gate import locale
from bot.events import Command, Event
from bot.messages import Action, Answer, Button, Buttons, Choice, Form, Heading, Message, Select, Table, TextInput
from bot.words import languages
from tests.adapters.web import screen
from tests.adapters.web.bench import FORM, WebBench

OTHERS = [language for language in languages() if language != "en"]
OURS = {"Studybot", "APP", "You", "Ada", "Grace", "general", "# general · Studybot", "You: 17", "Name", "optional"}
"""What stays as it is: names, and what the bot itself said."""


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de-AT"),
        ("de", "de"),
        ("fr-CH, fr;q=0.9, de;q=0.7, *;q=0.5", "de"),
        ("fr, en;q=0.5, de;q=0.3", "en"),
        ("fr-CA, it;q=0.5", "fr-CA"),
        ("*", None),
        ("", None),
        ("de; DROP TABLE, 'x'", "de"),
        ("a" * 10_000, None),
    ],
)
def test_a_browser_names_its_languages_and_gets_the_first_that_there_is(header: str, found: str | None) -> None:
    assert locale(header) == found


def told(page: screen.Node) -> Iterator[str]:
    """All that is read or spoken on a page."""
    for name in ("aria-label", "placeholder", "title", "alt", "data-unheard"):
        if page.attrs.get(name):
            yield page.attrs[name]
    for child in page.children:
        if isinstance(child, screen.Node):
            yield from told(child) if child.tag not in ("style", "script") else ()
        elif child.strip():
            yield child.strip()


def answer(event: Event) -> Answer:
    if isinstance(event, Command) and event.path:
        return Form("17", (TextInput("a", "18", required=False), TextInput("b", "19")), Action.of("x", 1), send="28")
    return Message.of(
        Heading("20"),
        Table(("21",), (("22",),)),
        Buttons.of(Button("23", Action.of("x", 1))),
        Select(Action.of("x", 2), "24", (Choice("25", "25"),)),
    )


@pytest.mark.parametrize("language", OTHERS)
async def test_nothing_on_the_page_is_left_in_english(bench: WebBench, language: str) -> None:
    bench.answer = answer
    ref = await bench.platform.post(PLACE, Message.of("26"), "daily")
    await bench.platform.react(ref, "1️⃣")
    await bench.platform.edit(ref, Message.of("27"))
    reader = bench.stranger()

    async def pages(spoken: str) -> list[screen.Node]:
        reader.headers["accept-language"] = spoken
        await reader.post("/command", data={"text": "/quiz", "who": "1"}, headers=FORM)
        opened = await reader.post("/command", data={"text": "/quiz play", "who": "1"}, headers=FORM)
        bare = await reader.get("/?before=1")
        assert {page.status_code for page in (opened, bare)} == {200}
        return [screen.read(page.text) for page in (opened, bare, await reader.get("/nowhere"))]

    theirs = await pages(f"{language}-XX,en;q=0.5")
    assert [page.all("html")[0].attrs["lang"] for page in theirs] == [language] * 3
    english = {text for page in await pages("en") for text in told(page) if re.search(r"[^\W\d]{2}", text)}
    assert len(english) > 20
    assert english & {text for page in theirs for text in told(page)} <= OURS | {"/quiz", "/quiz play"}
    await reader.aclose()


async def test_what_the_page_answers_by_itself_is_in_the_readers_language(bench: WebBench) -> None:
    reader = bench.stranger()
    reader.headers["accept-language"] = "de"
    for typed, said in (
        ("hallo", "Hier verstehe ich nur Befehle."),
        ("/hilfe", "/hilfe gibt es hier nicht. Alle Befehle beginnen mit /quiz."),
        ("/quiz plai", "/quiz plai gibt es nicht. Meinst du /quiz play?"),
        ("x" * 2001, "Das ist zu lang für einen Befehl: Höchstens 2.000 Zeichen gehen."),
    ):
        page = await reader.post("/command", data={"text": typed, "who": "1"}, headers=FORM)
        assert said in page.text
    assert "So eine Seite gibt es nicht." in (await reader.get("/nowhere")).text
    assert "Das geht hier nicht." in (await reader.get("/command")).text
    refused = await reader.post("/command", data={"text": "x"}, headers={**FORM, "sec-fetch-site": "cross-site"})
    assert "Das kam von einer anderen Website" in refused.text
    assert bench.events == []
    await reader.aclose()


async def test_the_bot_hears_which_language_it_is(bench: WebBench) -> None:
    reader = bench.stranger()
    reader.headers["accept-language"] = "fr, de-CH;q=0.5"
    await reader.post("/command", data={"text": "/quiz", "who": "1"}, headers=FORM)
    assert [event.actor.locale for event in bench.events if isinstance(event, Command)] == ["de-CH"]
    await reader.aclose()
