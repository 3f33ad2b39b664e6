"""Own words graded against a rubric: which concepts an answer covers, and the words that made us think so.

A concept's group is covered when each of its slots is found, all within `WITHIN` words of each other. A word is found by
its stem, or, from five letters on, by a likeness of at least `LIKENESS` (RapidFuzz's ratio, 0 to 100) with the same first
letter. A phrase may have one other word between two of its own. Compounds match however they are divided (`all-reduce`,
`allreduce`).

Not found: words outside sentences (`prose.legible`); words directly denied (`prose.denials`), unless the denial is itself
asked for, or the author's own reference or passing examples say the concept with one; words in a sentence that holds a
veto.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeAlias

from rapidfuzz import fuzz, process

from bot.quiz import lexicon, prose
from bot.quiz.cards import Concept, Explain
from bot.quiz.prose import Prose

WITHIN = 30
LIKENESS = 88
LIKE_FROM = 5

UNREADABLE = "The right words are there, but not in a sentence. Say in a sentence or two how they belong together, and it counts."


@dataclass(frozen=True, slots=True)
class ConceptMark:
    """Whether an answer covers one concept; `evidence` is the words of the answer, verbatim, that made us think so."""

    id: str
    text: str
    covered: bool
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One mark per concept, in the author's order; `note` tells the writer what kept the answer from being read."""

    marks: tuple[ConceptMark, ...]
    note: str | None = None


Phrase: TypeAlias = tuple[str, ...]
Slot: TypeAlias = tuple[Phrase, ...]
Group: TypeAlias = tuple[Slot, ...]
Match: TypeAlias = tuple[int, int]
"""The first and the last word of an answer that fill a slot."""


@dataclass(frozen=True, slots=True)
class _Idea:
    """A concept made ready: its groups as folded words. `denied` when the author says it with a denial."""

    concept: Concept
    groups: tuple[Group, ...]
    vetoes: tuple[Group, ...]
    denied: bool = False


@dataclass(frozen=True, slots=True)
class _Rubric:
    """`keywords`: every word that a concept asks for; `wanted`: by stem, every word or compound to look for."""

    ideas: tuple[_Idea, ...]
    language: lexicon.Language | None
    keywords: frozenset[str]
    wanted: Mapping[str, frozenset[str]]

    @property
    def stems(self) -> str:
        return (self.language or lexicon.ENGLISH).name


def read(card: Explain, given: str) -> Reading:
    """Never raises, whatever the text; the time is about linear in its length."""
    rubric = _ready(card.concepts, card.reference)
    answer = _Answer(rubric, given)
    found = [answer.evidence(idea) for idea in rubric.ideas]
    marks = tuple(
        ConceptMark(idea.concept.id, idea.concept.text, evidence is not None, evidence or ())
        for idea, evidence in zip(rubric.ideas, found, strict=True)
    )
    missed = [idea for idea, evidence in zip(rubric.ideas, found, strict=True) if evidence is None]
    unread = not all(answer.legible) and any(answer.evidence(idea, anywhere=True) is not None for idea in missed)
    return Reading(marks, UNREADABLE if unread else None)


@lru_cache(maxsize=256)
def _ready(concepts: tuple[Concept, ...], reference: str) -> _Rubric:
    ideas = tuple(
        _Idea(
            concept,
            tuple(_group(slots) for slots in concept.match),
            tuple(_group((veto,) if isinstance(veto, str) else veto) for veto in concept.veto),
        )
        for concept in concepts
    )
    language = lexicon.of(prose.read(reference).words)
    asked = frozenset(word for idea in ideas for phrase in _phrases(idea.groups) for word in phrase)
    wanted: dict[str, frozenset[str]] = {}
    for phrase in (phrase for idea in ideas for phrase in _phrases(idea.groups + idea.vetoes)):
        for word in (*phrase, "".join(phrase)):
            stem = lexicon.stem(word, (language or lexicon.ENGLISH).name)
            wanted[stem] = wanted.get(stem, frozenset()) | {word}
    rubric = _Rubric(ideas, language, asked, wanted)
    return replace(rubric, ideas=tuple(_with_denials(rubric, idea, reference) for idea in ideas))


def _with_denials(rubric: _Rubric, idea: _Idea, reference: str) -> _Idea:
    """The idea, marked as denied where its author's own words cover it in no other way."""
    loose = replace(idea, denied=True)
    for text in (reference, *idea.concept.examples.passing):
        answer = _Answer(rubric, text)
        if answer.evidence(idea) is None and answer.evidence(loose) is not None:
            return loose
    return idea


def _group(slots: Iterable[str]) -> Group:
    return tuple(tuple(words for phrase in slot.split("|") if (words := prose.read(phrase).words)) for slot in slots)


def _phrases(groups: Iterable[Group]) -> Iterator[Phrase]:
    return (phrase for group in groups for slot in group for phrase in slot)


class _Answer:
    """One answer read against one rubric: where its words fill the rubric's slots."""

    def __init__(self, rubric: _Rubric, given: str) -> None:
        self.prose = prose.read(given)
        self.legible = prose.legible(self.prose, rubric.language, rubric.keywords)
        self.places = _places(self.prose, rubric)
        matter = {at for matches in self.places.values() for match in matches for at in match}
        self.denials = prose.denials(self.prose, rubric.language or lexicon.ENGLISH, matter)

    def evidence(self, idea: _Idea, *, anywhere: bool = False) -> tuple[str, ...] | None:
        """The words that cover the idea, in the order of the answer; None where it isn't covered.

        With `anywhere` words outside sentences count too.
        """
        vetoed: set[int] = set().union(*(self._sentences_with(veto) for veto in idea.vetoes))
        for group in idea.groups:
            slots = [
                [
                    (first, last)
                    for first, last in matches
                    if (anywhere or self.legible[first]) and self.prose.sentences[first] not in vetoed
                ]
                for matches in self._filled(group, denied=idea.denied)
            ]
            if (window := _tightest(slots, self.prose.sentences)) is not None:
                return tuple(dict.fromkeys(self.prose.quote(*match) for match in sorted(window)))
        return None

    def _sentences_with(self, veto: Group) -> set[int]:
        filled = self._filled(veto, denied=False)
        sentences = [{self.prose.sentences[first] for first, _ in matches} for matches in filled]
        return set.intersection(*sentences) if sentences else set()

    def _filled(self, group: Group, *, denied: bool) -> list[list[Match]]:
        """The matches of each slot; without `denied`, only those that no word denies but one that is asked for itself."""
        slots = [[match for phrase in slot for match in self._find(phrase)] for slot in group]
        if denied or not all(slots):
            return slots
        asked = {at for matches in slots for first, last in matches for at in range(first, last + 1)}
        return [
            [match for match in matches if (denial := self.denials[match[0]]) is None or denial in asked]
            for matches in slots
        ]

    def _find(self, phrase: Phrase) -> list[Match]:
        found = self.places.get(phrase[0], [])
        for word in phrase[1:]:
            ends = dict(self.places.get(word, ()))
            found = [(first, ends[at]) for first, last in found for at in (last + 1, last + 2) if at in ends]
        return found if len(phrase) == 1 else found + self.places.get("".join(phrase), [])


def _places(answer: Prose, rubric: _Rubric) -> dict[str, list[Match]]:
    """Where each wanted word stands, written in one piece or in two."""
    typed: dict[str, list[Match]] = defaultdict(list)
    for at, word in enumerate(answer.words):
        typed[word].append((at, at))
        if at and not answer.paused[at]:
            typed[answer.words[at - 1] + word].append((at - 1, at))
    heads = {_head(stem) for stem in rubric.wanted}
    lengths = sorted({len(head) for head in heads})
    unknown: dict[str, list[str]] = defaultdict(list)
    places: dict[str, list[Match]] = defaultdict(list)
    for word, matches in typed.items():
        likely = any(word[:length] in heads for length in lengths)
        meant = rubric.wanted.get(lexicon.stem(word, rubric.stems), frozenset()) if likely else frozenset()
        for one in meant:
            places[one] += matches
        if not meant and len(word) >= LIKE_FROM:
            unknown[word[0]].append(word)
    for one in (one for same_stem in rubric.wanted.values() for one in same_stem if _can_be_misspelt(one)):
        for word, _, _ in _alike(one, unknown.get(one[0], ())):
            if not lexicon.distinct(word, one):
                places[one] += typed[word]
    return {word: sorted(matches) for word, matches in places.items()}


def _can_be_misspelt(word: str) -> bool:
    return len(word) >= LIKE_FROM and not any(char.isdecimal() for char in word)


def _alike(word: str, typed: Sequence[str]) -> list[tuple[str, float, int]]:
    return process.extract(word, typed, scorer=fuzz.ratio, score_cutoff=LIKENESS, limit=None)


def _head(stem: str) -> str:
    """The letters with which every word of a stem begins: at most its last two come of stemming. Stemming is slow."""
    return stem[: max(1, len(stem) - 2)]


def _tightest(slots: Sequence[Sequence[Match]], sentences: Sequence[int]) -> tuple[Match, ...] | None:
    """One match per slot within `WITHIN` words, if there is: in one sentence rather than in two, then the closest."""
    if not slots or not all(slots):
        return None
    last: dict[int, Match] = {}
    best: tuple[tuple[bool, int], tuple[Match, ...]] | None = None
    for match, slot in sorted((match, slot) for slot, matches in enumerate(slots) for match in matches):
        last[slot] = match
        if len(last) == len(slots):
            start = min(first for first, _ in last.values())
            cost = (sentences[start] != sentences[match[0]], match[0] - start)
            if cost[1] <= WITHIN and (best is None or cost < best[0]):
                best = (cost, tuple(last.values()))
    return best[1] if best else None
