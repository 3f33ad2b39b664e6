"""Which cards a selection takes."""

from __future__ import annotations

import pytest

from bot.quiz.cards import Level
from bot.quiz.selection import EVERYTHING, Selection
from tests.decks import CARDS, DECK

EASY, MIDDLING, HARD = Level


@pytest.mark.parametrize(
    ("selection", "cards"),
    [
        (EVERYTHING, {card.id for card in CARDS}),
        (Selection(decks=("other",)), set()),
        (Selection(decks=("other", "small"), levels=(HARD,)), {"ring"}),
        (Selection(levels=(MIDDLING, HARD)), {"ring", "zero"}),
        (Selection(topics=("memory",)), {"zero", "gap"}),
        (Selection(topics=("memory", "collectives")), {"zero", "gap", "ring"}),
        (Selection(topics=("memory", "collectives"), levels=(EASY, HARD)), {"gap", "ring"}),
        (Selection(topics=("basics",), levels=(MIDDLING, HARD)), set()),
    ],
)
def test_a_card_is_of_one_of_the_levels_and_about_at_least_one_of_the_topics(
    selection: Selection, cards: set[str]
) -> None:
    assert {card.id for card in CARDS if selection.takes(DECK.id, card)} == cards


def test_a_card_about_several_things_needs_to_be_about_one_of_those_that_are_asked_for() -> None:
    card = CARDS[0].model_copy(update={"topics": ("memory", "pipeline")})
    assert Selection(topics=("memory",)).takes("small", card)
    assert Selection(topics=("networking", "pipeline")).takes("small", card)
    assert not Selection(topics=("networking",)).takes("small", card)
