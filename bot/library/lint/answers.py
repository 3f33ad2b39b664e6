"""Typed answers: cards whose own key doesn't hold."""

from __future__ import annotations

import re

from bot.library.lint.rule import Finds, Found, error, warning
from bot.quiz import rubric, words
from bot.quiz.cards import GAP, Cloze, Explain, ShortAnswer, gap_names
from bot.quiz.grading import grade, right_answer

MOST_GAPS = 4
"""A form has five parts (Discord docs: Modal components), and the text with its gaps is one of them."""

MOST_CONCEPTS = 6
"""More can't be held in mind while explaining; the verdict names each one."""


@error("no-accepted-answer", ShortAnswer)
def no_accepted_answer(card: ShortAnswer) -> Finds:
    if not card.accept and card.numeric is None:
        yield Found((), "nothing is accepted as an answer: add ‘accept: […]’, or ‘numeric: {value: …}’ for a number")


@error("accepted-and-rejected", ShortAnswer)
def accepted_and_rejected(card: ShortAnswer) -> Finds:
    for i, rejected in enumerate(card.reject):
        if any(words.same(rejected, accepted) for accepted in card.accept):
            yield Found(("reject", i), f"‘{rejected}’ is accepted and rejected: delete it from one of the two lists")


# ---------------------------------------------------------------- cloze

_LOOKS_LIKE_A_GAP = re.compile(r"\{\{\s*c?\d+|\{\{[^{}]*::|\{\{[^{}]*\}\}")


@error("no-gap", Cloze)
def no_gap(card: Cloze) -> Finds:
    if not GAP.search(card.text) and not _LOOKS_LIKE_A_GAP.search(card.text):
        yield Found(("text",), "the text has no gap: put what is asked for in {{c1::…}}")


@error("broken-gap", Cloze)
def broken_gap(card: Cloze) -> Finds:
    mend = "write {{c1::text}} or {{c1::text::hint}}, with c1 to c9"
    if found := _LOOKS_LIKE_A_GAP.search(GAP.sub(" ", card.text)):
        yield Found(("text",), f"‘{found[0]}’ is no gap as it is: {mend}")
    for gap in GAP.finditer(card.text):
        if not gap[2].strip() or "{{" in gap[2]:
            yield Found(("text",), f"the gap {gap[1]} holds {'another gap' if gap[2].strip() else 'nothing'}: {mend}")


@error("gap-count", Cloze)
def gap_count(card: Cloze) -> Finds:
    if (count := len(gap_names(card))) > MOST_GAPS:
        mend = "give gaps that ask for the same the same name, or make two cards of it"
        yield Found(("text",), f"{count} gaps, and a form has room for {MOST_GAPS}: {mend}")


@error("gap-conflict", Cloze)
def gap_conflict(card: Cloze) -> Finds:
    first: dict[str, str] = {}
    for gap in GAP.finditer(card.text):
        if not words.same(first.setdefault(gap[1], gap[2]), gap[2]):
            mend = "give one of them another name"
            yield Found(
                ("text",), f"{gap[1]} stands for ‘{first[gap[1]]}’ and for ‘{gap[2]}’, but is asked once: {mend}"
            )


@error("unknown-gap", Cloze)
def unknown_gap(card: Cloze) -> Finds:
    for name in card.accept:
        if name not in gap_names(card):
            yield Found(("accept", name), f"the text has no gap {name}: delete it, or name a gap so", at_key=True)


# ---------------------------------------------------------------- explain


@error("concept-count", Explain)
def concept_count(card: Explain) -> Finds:
    if not 1 <= len(card.concepts) <= MOST_CONCEPTS:
        yield Found(
            ("concepts",),
            f"{len(card.concepts) or 'no'} concepts, and there can be 1 to {MOST_CONCEPTS}: keep to what a good answer must say",
        )


@error("duplicate-concept", Explain)
def duplicate_concept(card: Explain) -> Finds:
    seen: set[str] = set()
    for i, concept in enumerate(card.concepts):
        if concept.id in seen:
            yield Found(("concepts", i, "id"), f"two concepts are called ‘{concept.id}’: give one another id")
        seen.add(concept.id)


@error("empty-match", Explain)
def empty_match(card: Explain) -> Finds:
    for i, concept in enumerate(card.concepts):
        if not concept.match:
            yield Found(
                ("concepts", i, "match"),
                f"concept ‘{concept.id}’ can’t be found in any answer: add a group of words to ‘match’",
            )
        for j, group in enumerate(concept.match):
            if not group or not all(part.strip() for slot in group for part in slot.split("|")):
                mend = "write words, with a | between those that mean the same"
                yield Found(
                    ("concepts", i, "match", j), f"concept ‘{concept.id}’, match {j + 1} has an empty slot: {mend}"
                )
        for j, veto in enumerate(concept.veto):
            slots = (veto,) if isinstance(veto, str) else veto
            if not slots or not all(part.strip() for slot in slots for part in slot.split("|")):
                yield Found(
                    ("concepts", i, "not", j),
                    f"concept ‘{concept.id}’, not {j + 1} has an empty slot: write words, or delete it",
                )


# ---------------------------------------------------------------- what the grader says; only for cards without other errors


@error("reference-fails", Explain)
def reference_fails(card: Explain) -> Finds:
    for i, mark in enumerate(grade(card, card.reference).concepts):
        if not mark.covered:
            mend = "let it say so in the words of a ‘match’, or add a group that fits its words"
            yield Found(("reference",), f"the reference isn’t found to cover concept ‘{card.concepts[i].id}’: {mend}")


@error("example-fails", Explain)
def example_fails(card: Explain) -> Finds:
    for i, concept in enumerate(card.concepts):
        for j, example in enumerate(concept.examples.passing):
            if not grade(card, example).concepts[i].covered:
                yield Found(
                    ("concepts", i, "examples", "pass", j),
                    f"pass example {j + 1} isn’t found to cover ‘{concept.id}’: add a ‘match’ group that fits it",
                )
        for j, example in enumerate(concept.examples.failing):
            if (mark := grade(card, example).concepts[i]).covered:
                because = f" by ‘{mark.evidence[0]}’" if mark.evidence else ""
                yield Found(
                    ("concepts", i, "examples", "fail", j),
                    f"fail example {j + 1} is found to cover ‘{concept.id}’{because}: make ‘match’ narrower, or add a ‘not’",
                )


@warning("prompt-covers-concept", Explain)
def prompt_covers_concept(card: Explain) -> Finds:
    """Whoever says the question again earns nothing, but whoever says it half again would."""
    for mark in rubric.prompted(card):
        if mark.covered:
            said = "’ … ‘".join(mark.evidence)
            mend = "ask in other words, or ask more of the concept’s ‘match’"
            yield Found(("prompt",), f"the prompt’s own words ‘{said}’ cover concept ‘{mark.id}’: {mend}")


@error("wrong-key", ShortAnswer, Cloze)
def wrong_key(card: ShortAnswer | Cloze) -> Finds:
    """What the author accepts must be graded right, and what the author rejects wrong."""
    if isinstance(card, ShortAnswer):
        for i, accepted in enumerate(card.accept):
            if not grade(card, accepted).correct:
                yield Found(
                    ("accept", i),
                    f"‘{accepted}’ is accepted, yet graded wrong: write it with letters or digits, and not in ‘reject’",
                )
        for i, rejected in enumerate(card.reject):
            if grade(card, rejected).correct:
                yield Found(
                    ("reject", i), f"‘{rejected}’ is rejected, yet graded right: take it out of what is accepted"
                )
    if not grade(card, right_answer(card)).correct:
        where = "text" if isinstance(card, Cloze) else "numeric"
        yield Found(
            (where,), f"the card’s own answer ‘{right_answer(card)}’ is graded wrong: write it with letters or digits"
        )
