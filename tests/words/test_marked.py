"""Texts that are said later: kept whole, said in whichever language is spoken then."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.marked import Marked
from bot.platform import Forbidden, PlatformError, Unavailable
from bot.words import _, said, speaking

LACKING = Forbidden(
    "I lack {permissions} in {channel}. In the channel’s settings, under Permissions, allow that to my role.",
    permissions=(Marked("Send Messages"), Marked("Add Reactions")),
    channel="#{permissions}",
)

values = st.recursive(
    st.text() | st.integers(),
    lambda inner: (
        st.builds(Marked, st.text(), st.dictionaries(st.sampled_from("abc"), inner))
        | st.lists(st.text() | st.builds(Marked, st.text()), min_size=1, max_size=3).map(tuple)
    ),
    max_leaves=6,
)


def test_a_refusal_is_logged_in_english_and_told_in_the_readers_language() -> None:
    with speaking("de"):
        assert str(LACKING).startswith("I lack Send Messages and Add Reactions in #{permissions}.")
        assert said(LACKING.reason).startswith(
            "In #{permissions} fehlt mir: Nachrichten senden und Reaktionen hinzufügen. Erlaub das"
        )
        told = _("I could not post that: {problem}", problem=LACKING.reason)
    assert told.startswith("Das konnte ich nicht posten: In #{permissions} fehlt mir")


def test_sentences_stand_behind_each_other_in_each_language() -> None:
    both = Marked.joined(Marked("Slack asks for a pause."), Marked("I look again in a minute or two."))
    assert str(both) == said(both) == "Slack asks for a pause. I look again in a minute or two."
    with speaking("de"):
        assert said(both) == "Slack bittet um eine Pause. In ein, zwei Minuten sehe ich noch einmal nach."


def test_what_no_catalogue_has_is_said_as_it_is() -> None:
    with speaking("de"):
        assert said(Marked("a {name} that nobody marked", {"name": "text"})) == "a text that nobody marked"


@given(st.builds(Marked, st.text(), st.dictionaries(st.sampled_from("abc"), values)))
def test_a_text_is_kept_whole(marked: Marked) -> None:
    again = Marked.read(marked.written())
    assert again == marked
    assert again.written() == marked.written()


@pytest.mark.parametrize("problem", [PlatformError("a", b="c"), Unavailable("a", 3.0, b="c")])
def test_a_refusal_knows_what_fills_its_places(problem: PlatformError) -> None:
    assert problem.reason == Marked("a", {"b": "c"})


def test_nothing_of_ours_raises_a_made_up_sentence() -> None:
    """What is glued together when it is raised can be said in no other language."""
    kinds = ("Unavailable", "Unheard", "Expired", "SignedOut", "Forbidden", "Missing", "Rejected")
    glued = [
        f"{path}: {line.strip()}"
        for room in ("adapters", "bot")
        for path in sorted((Path(__file__).parents[2] / room).rglob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if any(f"{kind}(f" in line or f"{kind}(str(" in line for kind in kinds)
    ]
    assert glued == []
