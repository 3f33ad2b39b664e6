"""What content/README.md tells authors is so."""

from __future__ import annotations

import re

from bot.library.faults import Severity
from bot.library.lint import CARD_RULES, DECK_RULES, GIVEAWAY_RULES, KEY_RULES, TRIALS, pictures, texts
from bot.library.lint.rule import CardRule, DeckRule
from bot.library.native import read_text
from bot.library.schema import place
from bot.quiz.cards import KINDS

GUIDE = place().with_name("README.md").read_text(encoding="utf-8")
RULES: tuple[CardRule | DeckRule, ...] = (*CARD_RULES, *KEY_RULES, *TRIALS, *GIVEAWAY_RULES, *DECK_RULES)
ABOUT_FILES = {
    *("unreadable", "no-deck", "deck-id-taken", "too-big", "not-utf-8", "tab", "control-character"),
    *("yaml-syntax", "yaml-alias", "yaml-tag", "several-documents", "too-deep", "duplicate-key"),
    *("unknown-key", "missing-key", "unknown-kind", "wrong-type", "bad-value", "empty-text", "unknown-rule"),
}


def listed_under(heading: str) -> set[str]:
    """The rules in the first column of a section's table."""
    section = GUIDE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]+) \|", section, re.MULTILINE)
    return {rule for row in rows for rule in re.findall(r"`([a-z0-9-]+)`", row)}


def test_every_error_is_explained() -> None:
    errors = {rule.id for rule in RULES if rule.severity is Severity.ERROR}
    assert listed_under("Errors") == errors | ABOUT_FILES | set(texts.MARKUP_RULES) | set(pictures.RULES)


def test_every_warning_is_explained() -> None:
    warnings = {rule.id for rule in RULES if rule.severity is Severity.WARNING}
    assert listed_under("Warnings") == warnings | {"unused-allow"}


def test_the_example_of_each_kind_is_a_clean_card() -> None:
    section = GUIDE.split("\n## The eight kinds\n")[1].split("\n## ")[0]
    cards = "\n".join(re.findall(r"```yaml\n(.+?)```", section, re.DOTALL))
    deck, faults = read_text(f"deck: {{id: guide, title: Guide}}\ncards:\n{cards}", "README.md", None)
    assert [str(fault) for fault in faults] == []
    assert deck is not None
    assert {card.kind for card in deck.cards} == set(KINDS)


def test_the_example_of_a_file_is_a_clean_deck() -> None:
    section = GUIDE.split("\n## The file\n")[1]
    example = re.search(r"```yaml\n(.+?)```", section, re.DOTALL)
    assert example is not None
    assert read_text(example[1], "README.md", None)[1] == ()
