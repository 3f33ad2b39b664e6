"""Which card comes next: one that hasn't been, and unlike the last few in topic and level."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Final, TypeAlias

from bot.quiz.cards import Level

RECENT: Final = 5
"""How many cards back variety is measured."""


_Sort: TypeAlias = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A card that may be picked; `key` tells it from every other card of every deck."""

    key: str
    level: Level
    topics: tuple[str, ...] = ()
    sort: _Sort = field(init=False, repr=False, compare=False)
    """Level and topics under names that can't be mixed up: a topic's slug holds no space. One of a sort is as good as another."""
    traits: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """The sort's names, one after the other."""

    def __post_init__(self) -> None:
        level, topics = f"level {self.level}", tuple(sorted(set(self.topics)))
        object.__setattr__(self, "sort", (level, topics))
        object.__setattr__(self, "traits", (level, *topics))


def pick(candidates: Sequence[Candidate], history: Sequence[str], chance: random.Random) -> Candidate:
    """The next card for a channel that had the cards of `history` (keys, oldest first; unknown ones are passed over).

    A card not in the history; when all are, the one whose last use is longest ago. The same seed gives the same pick,
    in whatever order the candidates come. ValueError without candidates.
    """
    if not candidates:
        raise ValueError("there is no card to pick from")
    known = {candidate.key: candidate for candidate in candidates}
    last_use = {key: at for at, key in enumerate(history) if key in known}
    fresh = [candidate for key, candidate in known.items() if key not in last_use]
    if not fresh:
        return known[min(last_use, key=last_use.__getitem__)]
    recent = [known[key] for key in history if key in known][-RECENT:]
    return _Pool(fresh).draw(recent, chance)


def sample(candidates: Sequence[Candidate], count: int, chance: random.Random) -> list[Candidate]:
    """At most `count` cards for a practice session, none twice, spread over topics and levels as the deck is."""
    pool = _Pool({candidate.key: candidate for candidate in candidates}.values())
    drawn: list[Candidate] = []
    while pool.size and len(drawn) < count:
        drawn.append(pool.draw(drawn, chance))
    return drawn


class _Pool:
    """Cards to draw from, by sort (level and topics), since cards of one sort are equally good."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self.cards: dict[_Sort, list[Candidate]] = defaultdict(list)
        for candidate in sorted(candidates, key=attrgetter("key")):
            self.cards[candidate.sort].append(candidate)
        self.left: Counter[str] = Counter()
        for cards in self.cards.values():
            for trait in cards[0].traits:
                self.left[trait] += len(cards)
        self.size = sum(map(len, self.cards.values()))

    def draw(self, recent: Sequence[Candidate], chance: random.Random) -> Candidate:
        """Takes any of those whose sort has lately been asked no more than its share, or exceeds that the least.

        Its share is of what there is: alternating strictly would spend the few advanced cards first and end in a row of
        beginner's ones. And what has been asked less than its share is not preferred: of a deck with many topics, the
        same few cards would open every session.
        """
        lately = Counter(trait for candidate in recent for trait in candidate.traits)

        excess = {
            trait: max(0.0, lately[trait] / max(1, len(recent)) - left / self.size) for trait, left in self.left.items()
        }
        excesses = {
            (level, topics): round(excess[level] + sum(excess[each] for each in topics) / max(1, len(topics)), 9)
            for level, topics in self.cards
        }
        least = min(excesses.values())
        drawn = chance.choice([card for sort, cards in self.cards.items() if excesses[sort] == least for card in cards])
        self.cards[drawn.sort].remove(drawn)
        if not self.cards[drawn.sort]:
            del self.cards[drawn.sort]
        self.left.subtract(drawn.traits)
        self.size -= 1
        return drawn
