"""Short texts as people type them, made comparable: case, accents, punctuation, Unicode's many spellings, a slip.

What carries meaning stays: signs (`C++`, `<`, `50%`), powers, decimal points, a minus where it is one, and brackets
around a calculation.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from bot.quiz.lexicon import ARTICLES, distinct

_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i"})
"""Letters that Unicode does not take apart."""

_ACCENTS = re.compile(
    "[\u0300-\u0333\u0339-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\ufe20-\ufe2f"  # over Latin, Greek and Cyrillic letters
    "\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f\u0670\u06d6-\u06ed\ufe00-\ufe0f]"  # Hebrew and Arabic points, variants
)
"""Marks that people leave out when they type. Not U+0334 to U+0338, which make ≠ out of =, and not the vowel signs of
Indic scripts, which are as good as letters."""

_POWER = re.compile("[⁰¹²³⁴-⁹⁺⁻ⁿ]+")
_VULGAR = re.compile("[¼-¾⅐-⅞]")
_SPELLINGS = (
    ("!=", "≠"),
    (">=", "≥"),
    ("<=", "≤"),
    ("->", "→"),
    ("\N{FRACTION SLASH}", "/"),
    ("\N{DIVISION SLASH}", "/"),
)
_STARS = re.compile(r"(?<=[\w)])\*\*(?=[\w(])")
_THOUSANDS = re.compile(r"(?<![\w.,])[1-9]\d{0,2}(?:,\d{3})+(?![\w,])")
_BARE_POINT = re.compile(r"(?<![\w.)])\.(?=\d)")

_MINUS = "−"
_HYPHENS = "-\N{HYPHEN}\N{FIGURE DASH}\N{EN DASH}"
_SIGNS = "%#/&@^"
_TIMES = "×⋅∗∙"
"""A product is written with any of these, with a star or a dot, or with none: `2N`."""

_CALCULATES = frozenset("+−/^=<>≤≥≠%")
_APOSTROPHES = "'’ʼ"


@lru_cache(maxsize=4096)
def fold_char(char: str) -> str:
    """One character without case, accent and form (NFKC); nothing for an accent or an invisible character."""
    if "\u4e00" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3":
        return (
            char  # Chinese and Korean have none of these, and a text of theirs has thousands of characters to ask for
        )
    return "".join(c for c in _fold(char) if unicodedata.category(c) not in ("Cf", "Cc") or c in "\n\t")


def fold(text: str) -> str:
    """`text` without case, accents, forms (NFKC) and invisible characters."""
    if text.isascii():
        return text.lower()
    return "".join(char for char in _fold(text) if unicodedata.category(char) != "Cf")


def _fold(text: str) -> str:
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).translate(_PLAIN)
    text = unicodedata.normalize("NFD", text).replace("и\u0306", "й")  # a letter of its own, not an и with an accent
    return unicodedata.normalize("NFC", _ACCENTS.sub("", text))


def normal(text: str) -> str:
    """The tokens of `text` with a space between them. Normalising twice is normalising once.

    A text without a word or sign is left as it is but for case and spaces, so that `?` does not equal `!`.
    """
    folded = text
    while (again := _spelled(folded)) != folded:
        folded = again
    return " ".join(_without_idle_brackets(list(_tokens(folded)))) or "".join(folded.split())


def _spelled(text: str) -> str:
    """Numbers, powers and comparisons in one spelling each."""
    text = _VULGAR.sub(lambda sign: f" {sign[0]} ", _POWER.sub(lambda run: f"^{run[0]}", text))
    text = fold(text)
    for spelling, sign in _SPELLINGS:
        text = text.replace(spelling, sign)
    text = _BARE_POINT.sub("0.", _STARS.sub("^", text))
    return _THOUSANDS.sub(lambda number: number[0].replace(",", ""), text)


@lru_cache(maxsize=4096)
def _sort(char: str) -> str:
    """What a character is to us: a letter, a digit, a sign that means something, or a gap."""
    category = unicodedata.category(char)
    if category[0] in "LM" or category in ("Nl", "No"):
        return "letter"
    if category == "Nd":
        return "digit"
    if (category in ("Sm", "Sc", "So") and char not in _TIMES) or char in _SIGNS:
        return "sign"
    return "gap"


def _tokens(text: str) -> Iterator[str]:
    word, kind = "", "gap"
    for at, char in enumerate(text):
        sort = _sort(char)
        around = {_sort(text[at - 1]), _sort(text[at + 1])} if 0 < at < len(text) - 1 else set()
        if word and char == "." and around == {"digit"}:
            word += char
            continue
        if char in _APOSTROPHES and around == {"letter"}:
            continue
        if word and sort != kind:
            yield word
            word = ""
        if sort in ("letter", "digit"):
            word, kind = word + char, sort
        elif char in _HYPHENS and _subtracts(text, at):
            yield _MINUS
        elif sort == "sign" or char in "()":
            yield char
    if word:
        yield word


def _subtracts(text: str, at: int) -> bool:
    """Whether the hyphen at `at` is a minus: `-5`, `N-1`, `3 - x`; not in `all-reduce`, `n-gram`, `ZeRO-3`, `- item`."""
    before, after = text[max(0, at - 3) : at], text[at + 1 : at + 4]
    spaces = (not before or before[-1].isspace(), not after or after[0].isspace())
    if spaces == (True, False) or (before[-1:] == "(" or before[-1:] in _CALCULATES):
        return after[:1].isalnum()
    return spaces[0] == spaces[1] and _term(before.rstrip()[::-1]) and _term(after.lstrip())


def _term(text: str) -> bool:
    """Whether a text, read away from a minus, begins with something to subtract: a digit, a bracket, a lone letter."""
    return text[:1].isdecimal() or text[:1] in ("(", ")") or (text[:1].isalpha() and not text[1:2].isalpha())


def _without_idle_brackets(tokens: list[str]) -> Iterator[str]:
    """Brackets stay where they hold a calculation, `2 (N − 1)`, and go where they hold words or a name."""
    keep: set[int] = set()
    opened: list[tuple[int, int]] = []
    signs = 0
    for at, written in enumerate(tokens):
        if written == "(":
            opened.append((at, signs))
        elif written == ")" and opened:
            start, signs_before = opened.pop()
            if signs > signs_before:
                keep |= {start, at}
        signs += written in _CALCULATES
    return (written for at, written in enumerate(tokens) if written not in ("(", ")") or at in keep)


def same(left: str, right: str) -> bool:
    """Whether two texts say the same: equal after normalising, however they are spaced (`all-reduce`, `AllReduce`)."""
    return _squeezed(normal(left)) == _squeezed(normal(right))


def _squeezed(normalised: str) -> str:
    return re.sub(r"(?<!\d) | (?!\d)", "", normalised)


def _without_article(normalised: str) -> str:
    first, _, rest = normalised.partition(" ")
    return rest if first in ARTICLES and len(rest) > 1 else normalised


@dataclass(frozen=True, slots=True)
class Fit:
    """The accepted text that an answer comes down to, and whether it took forgiving a typo."""

    text: str
    typo: bool


def fits(given: str, accept: Iterable[str], reject: Iterable[str] = ()) -> Fit | None:
    """The accepted text that `given` says, if any.

    Equality after normalising, a leading article aside; or one slip of the finger (`slip`), but only where no rejected
    text is as near. A rejected text itself never fits.
    """
    mine = _without_article(normal(given))
    if not mine:
        return None
    refused = [_without_article(normal(text)) for text in reject]
    if any(_squeezed(mine) == _squeezed(text) for text in refused):
        return None
    accepted = {text: _without_article(normal(text)) for text in accept}
    for text, theirs in accepted.items():
        if _squeezed(mine) == _squeezed(theirs):
            return Fit(text, typo=False)
    if any(_one_edit(mine, text) for text in refused):
        return None
    return next((Fit(text, typo=True) for text, theirs in accepted.items() if slip(mine, theirs)), None)


def slip(typed: str, meant: str) -> bool:
    """Whether `typed` is `meant` but for one letter left out, added, changed or swapped with its neighbour.

    Both normalised. Only words of more than five letters and without digits or signs are forgiven, and only after the
    first letter: `asynchronous` is not a slip for `synchronous`. Nor is one known word for another (`lexicon.distinct`).
    """
    letters = sum(char.isalpha() for char in meant)
    return (
        letters > 5
        and typed[:1] == meant[:1]
        and all(_sort(char) == "letter" or char == " " for char in typed + meant)
        and _one_edit(typed, meant)
        and not any(distinct(mine, theirs) for mine, theirs in zip(typed.split(), meant.split(), strict=False))
    )


def _one_edit(left: str, right: str) -> bool:
    return OSA.distance(_squeezed(left), _squeezed(right), score_cutoff=1) <= 1
