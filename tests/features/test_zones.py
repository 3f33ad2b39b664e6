"""Time zones as people write them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.events import Actor, Completion
from bot.features import zones
from bot.messages import LIMITS
from tests.decks import SHELF
from tests.stage import HERE


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        (" Berlin ", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("America/New York", "America/New_York"),
        ("São Paulo", "America/Sao_Paulo"),
        ("utc", "UTC"),
        ("Singapore", "Singapore"),
    ],
)
def test_a_zone_is_found_by_its_name_or_its_city(text: str, zone: str) -> None:
    assert zones.read(text) == zone


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Berln", "Europe/Berlin"),
        ("Europe/Belrin", "Europe/Berlin"),
        ("est", "America/New_York"),  # an IANA name, of a zone that knows no summer time
        ("PST", "America/Los_Angeles"),
        ("louisville", "America/Kentucky/Louisville"),  # two are called so
        ("qqqqq", None),
        ("", None),
    ],
)
def test_what_names_no_zone_or_several_is_answered_with_the_nearest(text: str, first: str | None) -> None:
    assert zones.read(text) is None
    assert next(iter(zones.nearest(text)), None) == first


def test_every_zone_that_is_offered_is_understood_however_it_is_spelt() -> None:
    for name in zones.offered():
        for spelt in (name, name.lower(), name.upper(), name.replace("_", " ")):
            assert zones.read(spelt) == name
        assert ZoneInfo(name).key == name
        assert zones.words(name)


@given(st.text(max_size=60))
@example("0ST")  # near to EST, HST and MST, which are zones that nobody means
def test_any_text_is_a_zone_or_can_be_completed_without_harm(text: str) -> None:
    found = zones.read(text)
    assert found is None or ZoneInfo(found).key == found
    assert len(zones.nearest(text)) <= 3
    asked = Completion("c", ("schedule", "set"), "zone", text, Actor("paper", "", "a", "Ada"), HERE)
    choices = zones.complete(SHELF, asked).choices
    assert len(choices) <= LIMITS.CHOICES
    assert all(zones.read(str(choice.value)) == choice.value for choice in choices)
