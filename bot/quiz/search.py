"""Where an answer says the words and phrases that a rubric looks for.

A word is found by its stem, or but for a slip: from `LIKE_FROM` letters on, by a likeness of at least `LIKENESS` (RapidFuzz's
ratio, 0 to 100) with the same first letter. Small words are slips for nothing. Compounds match however they are divided
(`all-reduce`, `allreduce`). The words of a phrase stand in its order in one sentence; between two of them may stand one
other word, or up to `FILLERS` small ones with or without it, of those that begin nothing new ('part *of the whole* model',
not 'model *at the* same time'); but no denial.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeAlias

from rapidfuzz import fuzz, process

from bot.quiz import lexicon
from bot.quiz.lexicon import Language
from bot.quiz.prose import Prose

LIKENESS = 88
LIKE_FROM = 6
FILLERS = 3

Phrase: TypeAlias = tuple[str, ...]
Match: TypeAlias = tuple[int, int]
"""The first and the last word of an answer that say something looked for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for. `by_stem`: every word, and every phrase written in one piece; `whole`: those that are words.

    `heads`: the letters with which they begin, by the first of them. Stemming is slow, and spared where none fits.
    """

    by_stem: Mapping[str, frozenset[str]]
    whole: frozenset[str]
    heads: Mapping[str, tuple[str, ...]]
    language: Language

    def meant(self, word: str) -> frozenset[str]:
        """The words looked for that have the stem of this one."""
        if not word.startswith(self.heads.get(word[0], ())):
            return frozenset()
        return self.by_stem.get(lexicon.stem(word, self.language.name), frozenset())


def wanted(phrases: Iterable[Phrase], language: Language) -> Wanted:
    by_stem: dict[str, frozenset[str]] = {}
    heads: dict[str, set[str]] = defaultdict(set)
    whole: set[str] = set()
    for phrase in phrases:
        whole.update(phrase)
        for word in (*phrase, "".join(phrase)):
            stem = lexicon.stem(word, language.name)
            by_stem[stem] = by_stem.get(stem, frozenset()) | {word}
            heads[stem[0]].add(stem[: max(1, len(stem) - 2)])  # at most its last two letters come of stemming
    return Wanted(by_stem, frozenset(whole), {first: tuple(some) for first, some in heads.items()}, language)


class Search:
    """One answer, to be searched again and again."""

    def __init__(self, answer: Prose, wanted: Wanted) -> None:
        self.answer = answer
        self.places = _places(answer, wanted)
        self._found: dict[Phrase, list[Match]] = {}
        fillers = wanted.language.fillers or wanted.language.between
        joints = wanted.language.small - fillers
        self._others = _count(word not in fillers for word in answer.words)
        self._joints = _count(word in joints for word in answer.words)
        self._denials = _count(word in wanted.language.denials for word in answer.words)
        self._pauses = _count(answer.paused)

    def find(self, phrase: Phrase) -> list[Match]:
        if len(phrase) == 1:
            return self.places.get(phrase[0], [])
        return self._said(phrase) + self.places.get("".join(phrase), [])

    def _said(self, phrase: Phrase) -> list[Match]:
        """Where the words stand one after another. Kept, since many phrases begin alike: 'part of model', 'part of data'."""
        if len(phrase) == 1:
            return self.places.get(phrase[0], [])
        if (found := self._found.get(phrase)) is None:
            ends = dict(self.places.get(phrase[-1], ()))
            begun = self._said(phrase[:-1]) if ends else []
            found = sorted({(first, ends[at]) for first, last in begun for at in self._after(last) if at in ends})
            self._found[phrase] = found
        return found

    def _after(self, last: int) -> Iterable[int]:
        """Where the next word of a phrase may stand."""
        start = last + 1
        for at in range(start, min(start + FILLERS + 2, len(self.answer.words))):
            others = self._others[at] - self._others[start]
            if others > 1 or self._denials[at] > self._denials[start]:
                return
            if self.answer.sentences[at] != self.answer.sentences[last]:
                return
            joined = self._joints[at] > self._joints[start] or self._pauses[at + 1] > self._pauses[start]
            if joined and at - start > 1:
                return
            if at - start - others <= FILLERS:
                yield at


def _count(marks: Iterable[bool]) -> list[int]:
    """How many are marked before each position, and in all."""
    return list(accumulate(marks, initial=0))


def _places(answer: Prose, wanted: Wanted) -> dict[str, list[Match]]:
    """Where each wanted word stands, written in one piece or in two."""
    single: dict[str, list[Match]] = defaultdict(list)
    double: dict[str, list[Match]] = defaultdict(list)
    small = wanted.language.small
    before = ""
    for at, word in enumerate(answer.words):
        if word[0] in wanted.heads:
            single[word].append((at, at))
        if before and before[0] in wanted.heads and not answer.paused[at]:
            double[before + word].append((at - 1, at))
        before = word
    places: dict[str, list[Match]] = defaultdict(list)
    unknown: dict[str, list[str]] = defaultdict(list)
    apart: dict[str, list[str]] = defaultdict(list)
    for typed, rest in ((single, unknown), (double, apart)):
        for word, matches in typed.items():
            if meant := wanted.meant(word):
                for one in meant:
                    places[one] += matches
            elif len(word) >= LIKE_FROM and not any(small & {*answer.words[a : b + 1]} for a, b in matches[:1]):
                rest[word[0]].append(word)
    for one in (one for same_stem in wanted.by_stem.values() for one in same_stem):
        if len(one) < LIKE_FROM or one in small or any(char.isdecimal() for char in one):
            continue
        for word in _alike(one, unknown.get(one[0], ())):
            places[one] += single[word]
        if one in wanted.whole:
            for word in _alike(one, apart.get(one[0], ())):
                places[one] += double[word]
    return {word: sorted(matches) for word, matches in places.items()}


def _alike(word: str, typed: Sequence[str]) -> list[str]:
    found = process.extract(word, typed, scorer=fuzz.ratio, score_cutoff=LIKENESS, limit=None)
    return [one for one, _, _ in found if not lexicon.distinct(one, word)]
