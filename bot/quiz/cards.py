"""What a card is: eight kinds, as a deck file writes them.

The models check shape alone (names, types, unknown words); what makes a card *wrong*, such as no right option, is the
lint's business (`bot.library.lint`), which reports every fault at once. Features see only cards that passed it.
"""

from __future__ import annotations

import hashlib
import re
from enum import StrEnum
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$", description="lower-case letters, digits and dashes")]
Words = Annotated[str, Field(min_length=1, max_length=4000)]


class Level(StrEnum):
    BEGINNER = "beginner"
    INTERMEDIATE = "intermediate"
    ADVANCED = "advanced"


class Part(BaseModel):
    """What every piece of a deck file has in common: immutable, and no word that we don't know."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Image(Part):
    file: Annotated[
        str, Field(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9_./-]*\.(png|jpg|jpeg)$", description="beside the deck")
    ]
    alt: Annotated[str, Field(min_length=1, max_length=1000, description="what the picture says, in words")]


class _Card(Part):
    id: Slug
    level: Level = Level.BEGINNER
    topics: tuple[Slug, ...] = ()
    hint: Words | None = None
    explanation: Words | None = None
    source: Words | None = None
    image: Image | None = None
    allow: tuple[Slug, ...] = Field(
        default=(), exclude=True, description="warnings of the lint that this card means to raise"
    )


class Flashcard(_Card):
    """Reveal, and grade yourself."""

    kind: Literal["flashcard"]
    front: Words
    back: Words


class Option(Part):
    text: Annotated[str, Field(min_length=1, max_length=300)]
    correct: bool = False
    why: Words | None = Field(default=None, description="why this option is wrong, shown to whoever chose it")


class SingleChoice(_Card):
    kind: Literal["single_choice"]
    prompt: Words
    options: tuple[Option, ...]


class MultiChoice(_Card):
    kind: Literal["multi_choice"]
    prompt: Words
    options: tuple[Option, ...]
    scoring: Literal["partial", "exact"] = "partial"


class TrueFalse(_Card):
    kind: Literal["true_false"]
    prompt: Words
    answer: bool
    why: Words | None = Field(default=None, description="why the wrong answer is wrong, shown to whoever chose it")


class Numeric(Part):
    value: float
    tolerance: Annotated[float, Field(ge=0)] = 0.0


class ShortAnswer(_Card):
    kind: Literal["short_answer"]
    prompt: Words
    accept: tuple[Words, ...] = ()
    reject: tuple[Words, ...] = ()
    numeric: Numeric | None = None


class Cloze(_Card):
    """Text with gaps, `{{c1::gap::hint}}`; `accept` lists what else may stand in a gap, by its name (`c1`)."""

    kind: Literal["cloze"]
    text: Words
    accept: dict[Annotated[str, Field(pattern=r"^c[1-9]$")], tuple[Words, ...]] = Field(default_factory=dict)


class Ordering(_Card):
    """`items` in the right order; they are shuffled when asked. `accept`: other orders that are right, by the letters of the
    items as they stand here (`BACD`).
    """

    kind: Literal["ordering"]
    prompt: Words
    items: tuple[Annotated[str, Field(min_length=1, max_length=300)], ...]
    accept: tuple[Annotated[str, Field(pattern="^[A-Z]{2,26}$")], ...] = ()


class Examples(Part):
    """Answers that must (`pass`) and must not (`fail`) be found to cover a concept; the lint runs them."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)

    passing: tuple[Words, ...] = Field(default=(), alias="pass")
    failing: tuple[Words, ...] = Field(default=(), alias="fail")


class Concept(Part):
    """One idea that a good explanation holds.

    `match`: groups; a group is covered when each of its slots is found close together. A slot is one word or phrase, or
    several that mean the same, divided by `|`. One covered group covers the concept. `not`: groups that veto it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)

    id: Slug
    text: Annotated[str, Field(min_length=1, max_length=200)]
    match: tuple[tuple[Words, ...], ...]
    veto: tuple[Words | tuple[Words, ...], ...] = Field(default=(), alias="not")
    examples: Examples = Examples()


class Explain(_Card):
    """Explain in your own words; graded concept by concept."""

    kind: Literal["explain"]
    prompt: Words
    reference: Words
    concepts: tuple[Concept, ...]


Card: TypeAlias = Annotated[
    Flashcard | SingleChoice | MultiChoice | TrueFalse | ShortAnswer | Cloze | Ordering | Explain,
    Field(discriminator="kind"),
]
Choosable: TypeAlias = SingleChoice | MultiChoice

KINDS: tuple[str, ...] = (
    "flashcard",
    "single_choice",
    "multi_choice",
    "true_false",
    "short_answer",
    "cloze",
    "ordering",
    "explain",
)

_cards: TypeAdapter[Card] = TypeAdapter(Card)


def to_json(card: Card) -> str:
    """The card as it is kept in the store: stable, so that equal cards are equal texts."""
    return card.model_dump_json(by_alias=True, exclude_defaults=True)


def from_json(text: str | bytes) -> Card:
    return _cards.validate_json(text)


def version(card: Card) -> str:
    """16 hexadecimal digits that change when, and only when, the card's content does."""
    return hashlib.sha256(to_json(card).encode()).hexdigest()[:16]


class Deck(Part):
    """A deck file's head and its cards."""

    id: Slug
    title: Annotated[str, Field(min_length=1, max_length=75)]
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] = "en"
    description: Words | None = None
    license: str | None = None
    sources: tuple[Words, ...] = ()
    cards: tuple[Card, ...] = ()

    @property
    def topics(self) -> tuple[str, ...]:
        """Every topic of its cards, in alphabetical order."""
        return tuple(sorted({topic for card in self.cards for topic in card.topics}))


GAP = re.compile(r"\{\{(c[1-9])::(.+?)(?:::(.+?))?\}\}", re.DOTALL)
"""A cloze's gap: name, what stands in it, hint."""


def gap_names(card: Cloze) -> tuple[str, ...]:
    """The gaps' names in the order in which they first appear; equal names are filled by one answer."""
    return tuple(dict.fromkeys(match[1] for match in GAP.finditer(card.text)))


def gap_label(name: str, hint: str | None) -> str:
    """What stands in a gap while it is open: `1`, or `1: its hint`."""
    return name[1:] + (f": {hint}" if hint else "")


def question(card: Card) -> str:
    """What is asked, in CommonMark: the prompt, a flashcard's front, a cloze with its gaps open."""
    match card:
        case Flashcard():
            return card.front
        case Cloze():
            return GAP.sub(lambda gap: f"[{gap_label(gap[1], gap[3])}]", card.text)
        case _:
            return card.prompt
