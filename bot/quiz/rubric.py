"""Own words graded against a rubric: which concepts an answer covers, and the words that made us think so.

A concept's group is covered when each of its slots is found (`bot.quiz.search`), all within `WITHIN` words of each other.

Not found: words outside sentences and notes (`prose.legible`); words of a sentence that only says the question again
(`prose.echoed`); words directly denied (`prose.denials`), unless the denial is itself asked for, or the author's own
reference or passing examples say the concept with one; words in a sentence that holds a veto.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias

from bot.quiz import lexicon, prose, search
from bot.quiz.cards import Concept, Explain
from bot.quiz.prose import Prose
from bot.quiz.search import Match, Phrase

WITHIN = 30


class Note(StrEnum):
    """What a writer is to know of how their answer was read: the right words were in no sentence, they were the question's
    own, or an accepted answer was meant with a typo.
    """

    UNREADABLE = "unreadable"
    REPEATED = "repeated"
    TYPO = "typo"


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
    note: Note | None = None


Slot: TypeAlias = tuple[Phrase, ...]
Group: TypeAlias = tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class _Idea:
    """A concept made ready: its groups as folded words. `denied` when the author says it with a denial."""

    concept: Concept
    groups: tuple[Group, ...]
    vetoes: tuple[Group, ...]
    denied: bool = False


@dataclass(frozen=True, slots=True)
class _Rubric:
    """`lone`: the words that a slot asks for by themselves; `phrases`: those of several words that concepts ask for."""

    ideas: tuple[_Idea, ...]
    prompt: Prose
    language: lexicon.Language | None
    lone: frozenset[str]
    phrases: tuple[Phrase, ...]
    wanted: search.Wanted


def read(card: Explain, given: str) -> Reading:
    """Never raises, whatever the text; the time is about linear in its length."""
    rubric = _ready(card.concepts, card.prompt, card.reference)
    answer = _Answer(rubric, given)
    found = [answer.evidence(idea) for idea in rubric.ideas]
    missed = [idea for idea, evidence in zip(rubric.ideas, found, strict=True) if evidence is None]
    if answer.echoed and all(answer.echoed):
        note = Note.REPEATED
    elif not all(answer.legible) and any(answer.evidence(idea, anywhere=True) is not None for idea in missed):
        note = Note.UNREADABLE
    else:
        note = None
    return Reading(_marks(rubric, found), note)


def prompted(card: Explain) -> tuple[ConceptMark, ...]:
    """What the prompt's own words cover, if they were an answer. They should cover nothing."""
    rubric = _ready(card.concepts, card.prompt, card.reference)
    answer = _Answer(replace(rubric, prompt=prose.read("")), card.prompt)
    return _marks(rubric, [answer.evidence(idea) for idea in rubric.ideas])


def _marks(rubric: _Rubric, found: Iterable[tuple[str, ...] | None]) -> tuple[ConceptMark, ...]:
    return tuple(
        ConceptMark(idea.concept.id, idea.concept.text, evidence is not None, evidence or ())
        for idea, evidence in zip(rubric.ideas, found, strict=True)
    )


@lru_cache(maxsize=256)
def _ready(concepts: tuple[Concept, ...], prompt: str, reference: str) -> _Rubric:
    ideas = tuple(
        _Idea(
            concept,
            tuple(_group(slots) for slots in concept.match),
            tuple(_group((veto,) if isinstance(veto, str) else veto) for veto in concept.veto),
        )
        for concept in concepts
    )
    language = lexicon.of(prose.read(reference).words)
    asked = list(dict.fromkeys(phrase for idea in ideas for phrase in _phrases(idea.groups)))
    vetoes = (phrase for idea in ideas for phrase in _phrases(idea.vetoes))
    rubric = _Rubric(
        ideas,
        prose.read(prompt),
        language,
        frozenset(phrase[0] for phrase in asked if len(phrase) == 1),
        tuple(phrase for phrase in asked if len(phrase) > 1),
        search.wanted((*asked, *vetoes), language or lexicon.ENGLISH),
    )
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
        self.search = search.Search(self.prose, rubric.wanted)
        self.legible = prose.legible(self.prose, rubric.language, self._asked(rubric), rubric.wanted.whole)
        self.echoed = prose.echoed(self.prose, rubric.prompt)
        matter = {at for matches in self.search.places.values() for match in matches for at in match}
        self.denials = prose.denials(self.prose, rubric.language or lexicon.ENGLISH, matter)

    def _asked(self, rubric: _Rubric) -> set[int]:
        """The positions of the rubric's own words. In a phrase a small word is one only where the phrase is said."""
        return {at for at, word in enumerate(self.prose.words) if word in rubric.lone} | {
            at
            for phrase in rubric.phrases
            for first, last in self.search.find(phrase)
            for at in range(first, last + 1)
            if self.prose.words[at] in phrase
        }

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
                    if (anywhere or self.legible[first])
                    and not self.echoed[first]
                    and self.prose.sentences[first] not in vetoed
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
        slots = [[match for phrase in slot for match in self.search.find(phrase)] for slot in group]
        if denied or not all(slots):
            return slots
        asked = {at for matches in slots for first, last in matches for at in range(first, last + 1)}
        return [
            [match for match in matches if (denial := self.denials[match[0]]) is None or denial in asked]
            for matches in slots
        ]


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
