"""Out: messages and forms → HTML. Pure; every text is escaped here or by the templates' autoescape, and nowhere else."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from adapters.web import drawing
from adapters.web.channel import OpenForm, Person
from adapters.web.entries import Entry
from adapters.web.reactions import Standing
from bot.messages import Button, Channel, CodeBlock, Mention, Picture, Span, Text, When
from bot.words import _, month, ngettext
from bot.words import spoken as language

_EDGES = re.compile(r"\A(<br>|\s)+|(<br>|\s)+\Z")

HUES = 6
"""Colours of people's initials, in page.css."""


@dataclass(frozen=True, slots=True)
class Dialog:
    """An open form, and what stands in it when it came back: a sentence per faulty input, and what was typed."""

    opened: OpenForm
    faults: Mapping[str, str]
    typed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class View:
    """Everything on the page. `earlier`: the id before which older messages stand; `past`: these are such older ones."""

    community: str
    channel: str
    me: Person
    people: Sequence[Person]
    entries: Sequence[Entry]
    latest: int
    static: str
    earlier: int | None = None
    past: bool = False
    dialog: Dialog | None = None


def page(view: View) -> str:
    return _TEMPLATES.get_template("page.html").render(view=view)


def entry(shown: Entry, me: Person, static: str) -> str:
    return _TEMPLATES.get_template("entry.html").render(entry=shown, me=me, static=static)


def dialog(shown: Dialog, me: Person) -> str:
    return _TEMPLATES.get_template("dialog.html").render(dialog=shown, me=me)


def error(title: str, sentence: str, static: str) -> str:
    return _TEMPLATES.get_template("error.html").render(title=title, sentence=sentence, static=static)


def paragraphs(text: Text) -> Markup:
    """A text's HTML: a paragraph per blank line, a line break per newline, a `pre` per code block."""
    html = Markup()
    line: list[Markup] = []

    def ended() -> Markup:
        inside = Markup(_EDGES.sub("", Markup().join(line)))  # noqa: S704 - takes away line breaks of our own alone
        line.clear()
        return Markup('<p dir="auto">{}</p>').format(inside) if inside else Markup()

    for run in text.runs:
        if isinstance(run, CodeBlock):
            html += ended() + Markup('<pre tabindex="0"><code>{}</code></pre>').format(run.text)
            continue
        for number, part in enumerate(re.split(r"\n{2,}", run.text)):
            if number:
                html += ended()
            line.append(_styled(run, part))
    return html + ended()


def _styled(run: Span | Mention | Channel | When, text: str) -> Markup:
    html = escape(text).replace("\n", Markup("<br>"))
    if isinstance(run, Mention):
        return Markup('<bdi class="mention">@{}</bdi>').format(html)
    if isinstance(run, Channel):
        return Markup("<bdi>{}</bdi>").format(html)
    if isinstance(run, When):
        if run.soon:
            return Markup('<time role="timer" datetime="{}">{}</time>').format(instant(run.at), html)
        return Markup('<time datetime="{}">{}</time>').format(instant(run.at), html)
    if not text:
        return html
    if run.code:
        html = Markup("<code>{}</code>").format(html)
    if run.italic:
        html = Markup("<em>{}</em>").format(html)
    if run.bold:
        html = Markup("<strong>{}</strong>").format(html)
    if run.url is not None:
        html = Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(run.url, html)
    return html


def instant(at: datetime) -> str:
    """A moment as `<time datetime>` wants it, in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def picture_name(picture: Picture) -> str:
    """A file name that changes with the picture's content."""
    ending = "png" if picture.media_type == "image/png" else "jpg"
    return f"{hashlib.sha256(picture.content).hexdigest()[:16]}.{ending}"


def spoken(button: Button) -> str:
    """What a screen reader says for a button: its label first, as people who speak to their computer say that."""
    return button.hint if button.hint.startswith(button.label) else f"{button.label}: {button.hint}"


def counted(standing: Standing) -> str:
    """What a screen reader says for an emoji under a message."""
    told = {"emoji": standing.emoji, "people": ngettext("{number} person", "{number} people", standing.people)}
    return _("Reaction {emoji}, {people}, yours", **told) if standing.mine else _("Reaction {emoji}, {people}", **told)


def posted(at: datetime) -> str:
    """`22 Nov, 15:04 UTC`, until the page's script says it in the reader's own zone."""
    # For translators: “22 Nov, 15:04 UTC”
    return _("{day} {month}, {time} UTC", day=at.day, month=month(at.month, short=True), time=f"{at:%H:%M}")


def initial(name: str) -> str:
    return next((char.upper() for char in name if char.isalnum()), "•")


def _kind(block: object) -> str:
    return type(block).__name__


_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.globals.update(_=_, language=language)
_TEMPLATES.filters.update(
    kind=_kind,
    instant=instant,
    paragraphs=paragraphs,
    picture_name=picture_name,
    drawn=lambda picture: drawing.to_html(picture.svg, picture.alt) if picture.svg else None,
    spoken=spoken,
    counted=counted,
    posted=posted,
    initial=initial,
    hue=lambda i: i % HUES,
)
