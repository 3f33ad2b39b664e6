"""The lint: every rule by name, and what they find in a deck's cards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.library.document import Trail
from bot.library.faults import Severity
from bot.library.lint import answers, choices, completeness, deck, giveaways, pictures, texts
from bot.library.lint.rule import CardRule, DeckRule, Found
from bot.quiz.cards import Card, Deck

CARD_RULES: tuple[CardRule, ...] = (
    texts.text_too_long,
    choices.option_count,
    choices.right_options,
    choices.equal_options,
    choices.item_count,
    choices.equal_items,
    choices.other_order,
    answers.no_accepted_answer,
    answers.accepted_and_rejected,
    answers.no_gap,
    answers.broken_gap,
    answers.gap_count,
    answers.gap_conflict,
    answers.unknown_gap,
    answers.concept_count,
    answers.duplicate_concept,
    answers.empty_match,
    completeness.no_explanation,
    completeness.no_source,
    completeness.no_why,
    completeness.few_options,
    completeness.long_prompt,
)
KEY_RULES: tuple[CardRule, ...] = (answers.wrong_key,)
TRIALS: tuple[CardRule, ...] = (answers.reference_fails, answers.example_fails, answers.prompt_covers_concept)
"""What authors try their rubrics with; it costs as much as reading the file does."""

GIVEAWAY_RULES: tuple[CardRule, ...] = (
    giveaways.longest_option,
    giveaways.all_of_the_above,
    giveaways.both_a_and_b,
    giveaways.negative_stem,
    giveaways.absolute_word,
    giveaways.echoed_word,
    giveaways.a_or_an,
    giveaways.unsorted_numbers,
)
DECK_RULES: tuple[DeckRule, ...] = (deck.no_cards, deck.duplicate_id, giveaways.key_position)

ALLOWABLE = frozenset(rule.id for rule in (*CARD_RULES, *TRIALS, *GIVEAWAY_RULES) if rule.severity is Severity.WARNING)
"""The warnings that a card can mean to raise, and say so under `allow`."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found, with the whole way from the file's root."""

    rule: str
    severity: Severity
    trail: Trail
    message: str
    at_key: bool = False


def lint(
    cards: Sequence[tuple[int, Card]], folder: Path | None, *, head: Deck | None, whole: bool, trials: bool = True
) -> Iterator[Finding]:
    """Every find in `cards`, which come with their places in the file.

    `whole`: these are all of the deck's cards; where some could not be read, rules about the deck make no sense.
    `trials`: run the references, examples and prompts of explain cards through the grader.
    """
    english = head is None or head.language.split("-")[0] == "en"
    later = (*KEY_RULES, *(TRIALS if trials else ()), *GIVEAWAY_RULES)
    if head is not None:
        for rule, found in texts.markup_in_head(head):
            yield _finding(rule, Severity.ERROR, ("deck",), found)
    for index, card in cards:
        yield from _of_card(card, ("cards", index), folder, later, english=english)
    for deck_rule in DECK_RULES:
        if whole or deck_rule is deck.duplicate_id:
            yield from (_finding(deck_rule.id, deck_rule.severity, (), found) for found in deck_rule(cards))


def _of_card(
    card: Card, at: Trail, folder: Path | None, later: Sequence[CardRule], *, english: bool
) -> Iterator[Finding]:
    """The finds in one card. `later`: rules that ask the grader, or make sense, only where there are no errors."""
    found = [
        *_by_rules(CARD_RULES, card, at, english=english),
        *(_finding(rule, Severity.ERROR, at, find) for rule, find in texts.markup_in(card)),
        *(_finding(rule, Severity.ERROR, at, find) for rule, find in pictures.pictures_of(card, folder)),
    ]
    sound = not any(finding.severity is Severity.ERROR for finding in found)
    if sound:
        found += _by_rules(later, card, at, english=english)
    raised = {finding.rule for finding in found}
    tried = {rule.id for rule in (*CARD_RULES, *later)}
    yield from (finding for finding in found if finding.rule not in card.allow or finding.severity is Severity.ERROR)
    for i, rule in enumerate(card.allow):
        if rule not in ALLOWABLE:
            message = f"‘{rule}’ is no warning that a card can allow: see the list in content/README.md"
            yield Finding("unknown-rule", Severity.ERROR, (*at, "allow", i), message)
        elif sound and rule in tried and rule not in raised:
            message = f"the card allows ‘{rule}’, which it doesn’t raise: delete it here"
            yield Finding("unused-allow", Severity.WARNING, (*at, "allow", i), message)


def _by_rules(rules: Sequence[CardRule], card: Card, at: Trail, *, english: bool) -> Iterator[Finding]:
    for rule in rules:
        if (not rule.kinds or isinstance(card, rule.kinds)) and (english or not rule.english):
            yield from (_finding(rule.id, rule.severity, at, found) for found in rule(card))


def _finding(rule: str, severity: Severity, at: Trail, found: Found) -> Finding:
    return Finding(rule, severity, (*at, *found.trail), found.message, found.at_key)
