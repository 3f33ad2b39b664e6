"""Which language is spoken, and what is said in it."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Channel, Span, Text, bold, code, plain, woven
from bot.words import (
    _,
    aloud,
    both,
    conversing,
    day,
    either,
    in_each,
    instant,
    known,
    languages,
    native,
    ngettext,
    number,
    percent,
    pgettext,
    speaking,
    spoken,
    weekday,
)
from bot.words.catalogue import read

RUSSIAN = """
msgid ""
msgstr ""
"Language: ru\\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && "
"n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\\n"

#. how many
#, python-brace-format
msgid "{number} card"
msgid_plural "{number} cards"
msgstr[0] "{number} карта"
msgstr[1] "{number} карты"
msgstr[2] "{number} карт"

msgid "Try "
"again"
msgstr ""
"Ещё \\"раз\\"\\n"

#, fuzzy
msgid "Home"
msgstr "Дом"

msgctxt "button"
msgid "Answer"
msgstr "Ответить"

msgid "Answer"
msgstr "Ответ"

msgid "Save"
msgstr ""

#~ msgid "Gone"
#~ msgstr "Нет"
"""


def test_english_is_said_unless_another_language_is_spoken() -> None:
    assert _("Try again") == "Try again"
    with speaking("de"):
        assert _("Try again") == "Noch einmal"
    assert _("Try again") == "Try again"


def test_what_all_can_read_is_in_the_communitys_language() -> None:
    with conversing("de", "en"):
        assert _("Try again") == "Noch einmal"
        with aloud():
            assert _("Try again") == "Try again"
        assert spoken() == "de"
    with conversing("en", "de"), aloud():
        assert _("Try again") == "Noch einmal"


async def test_people_who_are_answered_at_once_each_get_their_own_language() -> None:
    async def answered(language: str) -> str:
        with speaking(language):
            await asyncio.sleep(0)
            return _("Try again")

    assert await asyncio.gather(*map(answered, ["de", "en", "de"])) == ["Noch einmal", "Try again", "Noch einmal"]


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("de", "de"),
        ("de-AT", "de"),
        ("de_DE", "de"),
        ("DE", "de"),
        ("en-GB", "en"),
        ("fr", None),
        ("", None),
        (None, None),
    ],
)
def test_a_locale_means_the_nearest_language_there_is(locale: str | None, language: str | None) -> None:
    assert known(locale) == language


def test_places_are_filled_by_name_and_never_read_again() -> None:
    said = _("{option} is yes or no, not “{text}”.", option="{text}", text="{option.__class__} {0} %s")
    assert said == "{text} is yes or no, not “{option.__class__} {0} %s”."
    assert _("{deck} · {level} · closes {instant}", deck="A") == "A · {level} · closes {instant}"


@given(st.text())
def test_whatever_fills_a_place_comes_out_as_it_is(text: str) -> None:
    assert _("Topics: {topics}.", topics=text) == f"Topics: {text}."
    assert Text.woven("**{a}** and {b}", a=text, b=text).text == f"{text} and {text}"


def test_numbers_pick_their_form() -> None:
    assert [ngettext("{number} card", "{number} cards", n) for n in (0, 1, 2, 1234)] == [
        "0 cards",
        "1 card",
        "2 cards",
        "1,234 cards",
    ]
    with speaking("de"):
        assert ngettext("{number} card", "{number} cards", 1234) == "1.234 Karten"


def test_one_word_can_mean_two_things() -> None:
    with speaking("de"):
        assert (_("Answer"), pgettext("button", "Answer")) == ("Antwort", "Antworten")


def test_a_file_is_read_with_its_plural_rule_and_without_what_is_guessed() -> None:
    russian = read(RUSSIAN)
    assert [russian.plural("{number} card", "{number} cards", n)[9:] for n in (1, 2, 5, 11, 21, 22)] == [
        "карта",
        "карты",
        "карт",
        "карт",
        "карта",
        "карты",
    ]
    assert russian.text("Try again") == 'Ещё "раз"\n'
    assert (russian.text("Answer"), russian.text("Answer", "button")) == ("Ответ", "Ответить")
    assert [russian.text(text) for text in ("Home", "Save", "Gone", "Other")] == ["Home", "Save", "Gone", "Other"]
    assert russian.plural("{number} deck", "{number} decks", 2) == "{number} decks"


def test_what_is_no_catalogue_is_refused_with_its_line() -> None:
    with pytest.raises(ValueError, match="line 2"):
        read('msgid "a"\nmsgstr a\n')


def test_every_language_is_told_for_platforms_that_show_them_all() -> None:
    assert in_each("Try again") == {"de": "Noch einmal"}
    assert in_each("nothing that is in a catalogue") == {}


# ---------------------------------------------------------------- numbers, dates, lists


def test_dates_numbers_and_lists_are_written_as_the_language_writes_them() -> None:
    at = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)

    def written() -> list[str]:
        return [
            weekday(0),
            day(date(2026, 11, 23)),
            day(date(2026, 11, 3), year=True),
            instant(at, "UTC"),
            instant(at, "Europe/Berlin"),
            instant(datetime(2026, 11, 23, 8, tzinfo=UTC), "Europe/Berlin"),
            number(12345),
            percent(0.674),
            percent(0.674, 1),
            both(["a", "b", "c"]),
            either(["a", "b"]),
            both(["a"]),
        ]

    assert written() == [
        "Monday",
        "23 November",
        "3 November 2026",
        "Monday 23 November, 23:30 UTC",
        "Tuesday 24 November, 00:30 there, Monday 23:30 UTC",
        "Monday 23 November, 09:00 there, 08:00 UTC",
        "12,345",
        "67 %",
        "67.4 %",
        "a, b and c",
        "a or b",
        "a",
    ]
    with speaking("de"):
        assert written() == [
            "Montag",
            "23. November",
            "3. November 2026",
            "Montag, 23. November, 23:30 UTC",
            "Dienstag, 24. November, 00:30 Uhr dort, Montag 23:30 UTC",
            "Montag, 23. November, 09:00 Uhr dort, 08:00 UTC",
            "12.345",
            "67 %",
            "67,4 %",
            "a, b und c",
            "a oder b",
            "a",
        ]


def test_languages_are_called_by_their_own_names() -> None:
    assert [native(language) for language in languages()][:2] == ["English", "Deutsch"]


# ---------------------------------------------------------------- sentences woven of runs


def test_a_sentence_is_woven_of_runs() -> None:
    runs = woven("In {channel}: **{who} won**, type `/quiz {word}`.", channel=Channel("C1"), who="Ada", word="help")
    assert runs == (
        plain("In "),
        Channel("C1"),
        plain(": "),
        bold("Ada won"),
        plain(", type "),
        code("/quiz help"),
        plain("."),
    )


def test_what_fills_a_place_is_never_read_for_marks() -> None:
    assert woven("{a} and {b}", a="**no** `no` {b}", b=bold("yes")) == (plain("**no** `no` {b} and "), bold("yes"))
    assert woven("**{a}**", a=(plain("x"), code("y"))) == (bold("x"), Span("y", bold=True, code=True))


def test_a_place_that_nothing_fills_is_a_mistake() -> None:
    with pytest.raises(KeyError, match="team"):
        woven("You have left {team}.")
