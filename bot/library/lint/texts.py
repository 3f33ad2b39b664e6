"""Texts that a platform can't show: too long, or with markup that chats don't have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.library.document import Trail
from bot.library.lint.rule import Finds, Found, error
from bot.library.wording import spoken
from bot.quiz.cards import GAP, Card, Cloze, Deck, Explain, Flashcard, MultiChoice, Ordering, SingleChoice, question

MOST_ASKED = 2900
"""Question and options together: Slack's section text, 3,000 (docs: Block Kit reference), less what escaping adds."""
MOST_TOLD = 2500
"""A flashcard's back and an explanation's reference: shown under the question in a message of 4,000 (Discord)."""
MOST_SAID = 1000
"""A hint, an explanation, a source, a reason why: several of them stand in one message of 4,000 (Discord)."""
LETTER = 4
"""What stands before an option: `A. ` and the end of its line."""


def shown_texts(card: Card) -> Iterator[tuple[Trail, str]]:
    """Every text of a card that is shown as CommonMark, and the way to it."""
    for name in ("prompt", "front", "back", "text", "reference", "hint", "explanation", "source", "why"):
        if isinstance(text := getattr(card, name, None), str):
            yield (name,), text
    match card:
        case SingleChoice() | MultiChoice():
            for i, option in enumerate(card.options):
                yield ("options", i, "text"), option.text
                if option.why is not None:
                    yield ("options", i, "why"), option.why
        case Ordering():
            for i, item in enumerate(card.items):
                yield ("items", i), item
        case Explain():
            for i, concept in enumerate(card.concepts):
                yield ("concepts", i, "text"), concept.text
        case _:
            pass


@error("text-too-long")
def text_too_long(card: Card) -> Finds:
    for trail, text in shown_texts(card):
        name = trail[-1]
        most = (
            MOST_SAID
            if name in ("hint", "explanation", "source", "why")
            else MOST_TOLD
            if name in ("back", "reference")
            else None
        )
        if most is not None and len(text) > most:
            yield Found(trail, f"{spoken(trail)}: {len(text):,} characters, and {most:,} can be shown: shorten it")
    asked = len(question(card))
    match card:
        case SingleChoice() | MultiChoice():
            asked += sum(len(option.text) + LETTER for option in card.options)
        case Ordering():
            asked += sum(len(item) + LETTER for item in card.items)
        case _:
            pass
    if asked > MOST_ASKED:
        where = "front" if isinstance(card, Flashcard) else "text" if isinstance(card, Cloze) else "prompt"
        yield Found(
            (where,),
            f"what is asked has {asked:,} characters, options included, and {MOST_ASKED:,} can be shown: shorten it",
        )


# ---------------------------------------------------------------- markup

_MAYBE_MARKUP = re.compile(r"[<$\[|`~]|^\s*(?:#|[-=]+\s*$| {4})", re.MULTILINE)
"""Without one of these a text has none of the markup that is refused; most texts are spared the parser."""

_MATHS = re.compile(r"\$\$.+?\$\$|\$(?!\s)[^$\n]*?(?<!\s)\$(?!\d)", re.DOTALL)
_SCHEME = re.compile(r"(?:https?://|mailto:)[^\s<>]+\Z", re.IGNORECASE)


@lru_cache(maxsize=1)
def _commonmark() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table").disable("text_join")
    parser.validateLink = _any_link  # type: ignore[method-assign]  # its own hides the links that we are after
    return parser


def _any_link(url: str) -> bool:
    return True


def faults_of(text: str) -> Iterator[tuple[str, str]]:
    """What in a CommonMark text can't be shown in a chat: the rule's id and a sentence, once for each rule."""
    if not _MAYBE_MARKUP.search(text):
        return
    said: set[str] = set()
    for rule, message in _markup(_commonmark().parse(text)):
        if rule not in said:
            said.add(rule)
            yield rule, message


def _markup(tokens: list[Token]) -> Iterator[tuple[str, str]]:
    for token in tokens:
        match token.type:
            case "heading_open":
                yield (
                    "heading",
                    "a heading can’t be shown: make it bold (**…**), or put a \\ before the # or a blank line above the ---",
                )
            case "table_open":
                yield "table", "a table can’t be shown: write a list, or put it in a code block"
            case "html_block" | "html_inline":
                yield (
                    "raw-html",
                    f"‘{_start(token.content)}’ is HTML, which isn’t shown: put it in backticks, or write \\<",
                )
            case "image":
                yield (
                    "image-in-text",
                    "a picture can’t stand inside a text: give the card an ‘image’ with a file and an alt text",
                )
            case "link_open" if not _SCHEME.match(str(token.attrGet("href"))):
                address = _start(str(token.attrGet("href")))
                yield "link", f"‘{address}’ can’t be opened from a chat: link to an address with https://"
            case "code_inline" | "fence" | "code_block" if GAP.search(token.content):
                yield "gap-in-code", "a gap inside code isn’t shown as one: take the backticks away from around it"
            case "inline":
                children = token.children or []
                plain = "".join(
                    child.content
                    if child.type == "text"
                    else "\n"
                    if child.type == "softbreak"
                    else ""
                    if child.nesting
                    else "\ufffc"
                    for child in children
                )
                if found := _MATHS.search(plain):
                    mend = "write it in plain characters (2(N−1)/N), in backticks, or \\$ for a dollar"
                    yield "maths", f"‘{_start(found[0])}’ is TeX, which no chat renders: {mend}"
                yield from _markup(children)


def _start(text: str) -> str:
    line = text.strip().split("\n")[0]
    return line if len(line) <= 30 else line[:29] + "…"


MARKUP_RULES = ("heading", "table", "raw-html", "image-in-text", "link", "gap-in-code", "maths")


def markup_in(card: Card) -> Iterator[tuple[str, Found]]:
    """The finds of MARKUP_RULES in a card, each with its rule's id: one pass of the parser serves them all."""
    for trail, text in shown_texts(card):
        for rule, message in faults_of(text):
            yield rule, Found(trail, f"{spoken(trail)}: {message}")


def markup_in_head(head: Deck) -> Iterator[tuple[str, Found]]:
    """The same for the deck's own texts."""
    texts: list[tuple[Trail, str]] = [(("sources", i), text) for i, text in enumerate(head.sources)]
    if head.description is not None:
        texts.append((("description",), head.description))
    for trail, text in texts:
        for rule, message in faults_of(text):
            yield rule, Found(trail, f"{spoken(trail)}: {message}")
