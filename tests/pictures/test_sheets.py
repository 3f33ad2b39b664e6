"""What a sheet shows: everything on it, nothing over another, every number in words too."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages import LIMITS
from bot.pictures import Board, Hardest, Misconception, Person, Recap, Share, Sheet, Stats, Team, Unit, svg
from bot.quiz.streaks import Streak
from bot.words import languages, speaking
from tests.pictures.reading import SVG, bars, numbers, tree, words
from tests.pictures.sheets import (
    EMPTY,
    EVERY,
    HOSTILE,
    ORDINARY,
    OTHERS,
    PEOPLE,
    RECAP,
    RECAP_BY_POINTS,
    SHEETS,
    STATS,
    TEAMS,
    TODAY,
    ZALGO,
)

IDS = [f"{type(sheet).__name__}-{at}" for at, sheet in enumerate(EVERY)]


def check_numbers(sheet: Sheet) -> None:
    assert len(sheet.alt) <= LIMITS.ALT
    shown = {number for each in words(svg(sheet)) for number in numbers(each.said)}
    assert shown - numbers(sheet.alt) == set(), sheet.alt


def check_places(sheet: Sheet) -> None:
    document = svg(sheet)
    said = words(document)
    height = float(tree(document).attrib["height"])
    for each in said:
        assert each.left >= 10, each
        assert each.right <= 410.5, each
        assert 14 <= each.y <= height - 8, each
    for one, other in combinations(said, 2):
        if abs(one.y - other.y) < 10:
            assert one.right <= other.left + 0.6 or other.right <= one.left + 0.6, (one, other)
    for bar, each in product(bars(document), said):
        apart = each.y + 0.25 * each.size <= bar.top or each.y - 0.7 * each.size >= bar.bottom
        assert apart or each.right <= bar.left or each.left >= bar.right, (bar, each)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("sheet", EVERY, ids=IDS)
def test_the_alt_text_says_every_number_that_the_picture_shows(sheet: Sheet, language: str) -> None:
    check_numbers(replace(sheet, language=language))


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("sheet", EVERY, ids=IDS)
def test_every_text_is_on_the_sheet_and_none_over_another(sheet: Sheet, language: str) -> None:
    check_places(replace(sheet, language=language))


@settings(max_examples=120)
@given(SHEETS, st.sampled_from(languages()))
def test_any_sheet_that_the_types_allow_keeps_both_promises(sheet: Sheet, language: str) -> None:
    check_numbers(replace(sheet, language=language))
    check_places(replace(sheet, language=language))


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("sheet", ORDINARY)
def test_no_text_is_too_small_for_a_phone(sheet: Sheet, language: str) -> None:
    assert min(each.size for each in words(svg(replace(sheet, language=language)))) >= 14


UNITS = tuple(Board("x", (Team(1, "y", 1, 1, unit=unit),), 1) for unit in Unit)
ALIKE = {"Teams", "S", "M", "F", "Jun", "Jul", "Aug", "Sep", "Nov"}
"""Words of ours that are the same in German."""


@pytest.mark.parametrize("sheet", [*ORDINARY, *EMPTY, *UNITS])
def test_all_that_is_not_somebodys_own_words_is_in_the_readers_language(sheet: Sheet) -> None:
    """What is drawn in both languages is what the sheet was made of, and numbers."""
    with speaking("de"):
        german = replace(sheet, language="de")
    made_of = repr(sheet).casefold()
    one, other = ({each.said.rstrip("…") for each in words(svg(every))} for every in (sheet, german))
    ours = {said for said in one & other if re.search(r"[^\W\d]", said) and said.casefold() not in made_of}
    assert ours <= ALIKE
    assert sheet.alt != german.alt


def test_a_sheet_keeps_the_language_in_which_it_was_made() -> None:
    with speaking("de"):
        sheet = Recap(TODAY, TODAY, 1234, 5, 1)
    assert sheet.alt.startswith("Wochenrückblick, 19. November 2026: 1.234 Leute dabei;")
    assert sheet != Recap(TODAY, TODAY, 1234, 5, 1)
    assert "1.234" in [each.said for each in words(svg(sheet))]


def test_days_practised_this_month_are_the_headline() -> None:
    days = tuple((TODAY - timedelta(days=back), 3) for back in (0, 1, 18, 19, 40))
    said = words(svg(Stats(TODAY, days, Streak())))
    biggest = max(said, key=lambda each: each.size)
    assert biggest.said == "3"
    assert "3 days practised this month" in Stats(TODAY, days, Streak()).alt


def test_the_calendar_ends_today_and_begins_26_mondays_ago() -> None:
    cells = Stats(TODAY, (), Streak()).cells
    assert (cells[0].column, cells[0].row) == (0, 0)
    assert (cells[-1].column, cells[-1].row) == (25, TODAY.weekday())
    assert [cell.today for cell in cells] == [False] * (len(cells) - 1) + [True]
    assert Stats(TODAY, (), Streak()).first == date(2026, 5, 25)


@pytest.mark.parametrize(("questions", "step"), [(0, 0), (1, 1), (2, 2), (4, 2), (5, 3), (9, 3), (10, 4), (999, 4)])
def test_a_square_grows_with_the_day_s_questions(questions: int, step: int) -> None:
    assert Stats(TODAY, ((TODAY, questions),), Streak()).cells[-1].step == step


def test_a_day_without_a_question_is_not_practised() -> None:
    assert Stats(TODAY, ((TODAY, 0),), Streak()).this_month == 0


def test_a_month_counts_the_days_that_the_calendar_shows() -> None:
    days = tuple((date(2026, 5, 20) + timedelta(days=on), 1) for on in range(20))  # 20 May to 8 June
    assert Stats(TODAY, days, Streak()).months[:3] == ((0, 5, 7), (1, 6, 8), (5, 7, 0))


def test_the_calendar_names_its_months_and_says_which_way_is_more() -> None:
    said = [each.said for each in words(svg(STATS))]
    assert [month for month in said if month in ("May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov")][-6:] == [
        *("Jun", "Jul", "Aug", "Sep", "Oct", "Nov")
    ]
    assert [day for day in said if day in ("M", "W", "F", "S")] == ["M", "W", "F", "S"]
    assert said.index("fewer") > said.index("more questions")  # from right to left
    left = {each.said: each.left for each in words(svg(STATS))}
    assert left["fewer"] < left["more questions"]


def test_a_day_that_a_freeze_kept_is_marked_and_counted_and_one_also_practised_keeps_its_square() -> None:
    kept = (TODAY - timedelta(days=1), TODAY - timedelta(days=2), TODAY - timedelta(days=400))
    sheet = Stats(TODAY, ((kept[0], 3),), Streak(4, 4, 0), frozen=kept)
    flakes = [path for path in tree(svg(sheet)).iter(f"{SVG}path") if path.get("class") == "flake"]
    assert len(flakes) == 2, "one on its day, one in the key"
    for told in (sheet.alt, " ".join(each.said for each in words(svg(sheet)))):
        assert "2 days on which a freeze kept the streak" in told


def test_another_s_stats_have_no_streak_and_nothing_of_it() -> None:
    for told in (OTHERS.alt, " ".join(each.said for each in words(svg(OTHERS)))):
        assert "412" in told
        assert [word for word in ("streak", "freeze", "in a row", "best") if word in told] == []
    assert OTHERS.alt.startswith(
        "Stats of Katherine Johnson, 19 November 2026: 15 days practised this month. 412 answered, 74"
    )


@pytest.mark.parametrize(
    "name", [HOSTILE, ZALGO, "\u202eevil \u2066abc", "👩‍👩‍👧‍👦" * 3000, "W" * 10_000, "م" * 10_000, "\u0301" * 10_000]
)
def test_no_name_of_any_length_moves_anything_else(name: str) -> None:
    plain = {(each.said, each.left, each.y) for each in words(svg(replace(OTHERS, name="")))}
    other = {(each.said, each.left, each.y) for each in words(svg(replace(OTHERS, name=name)))}
    assert plain - other == {each for each in plain if each[0] == "Your stats"}
    check_places(replace(OTHERS, name=name))
    board = replace(PEOPLE, rows=(replace(PEOPLE.rows[0], name=name), *PEOPLE.rows[1:]))
    check_places(board)
    assert len(board.alt) <= LIMITS.ALT


def test_topics_beyond_the_fifth_are_counted() -> None:
    topics = tuple(Share(f"topic {letter}", 1, 2) for letter in "abcdefgh")
    sheet = Stats(TODAY, (), Streak(), topics)
    said = " ".join(each.said for each in words(svg(sheet)))
    assert "topic e" in said
    assert "topic f" not in said
    assert "and 3 topics more" in said
    assert "and 3 topics more" in sheet.alt


def test_a_tie_shares_its_rank_and_the_next_takes_up_the_count() -> None:
    ranks = [each.said for each in words(svg(PEOPLE)) if each.left < 45 and each.said.isdigit()]
    assert ranks == ["1", "2", "2", "4", "5", "6", "7", "8", "9", "10", "85", "86", "87", "88", "88"]


def test_one_s_own_row_is_marked_in_words() -> None:
    assert [each.said for each in words(svg(PEOPLE))].count("you") == 1
    assert "87 Katherine Johnson (you) 34 points, down 2" in PEOPLE.alt
    assert [each.said for each in words(svg(TEAMS))].count("yours") == 1


def test_movement_is_said_in_words_and_shown_by_triangles() -> None:
    board = Board(
        "today", (Person(1, "a", 3, 2), Person(2, "b", 2, -1), Person(3, "c", 1, 0), Person(4, "d", 1)), 4, since="x"
    )
    assert "1 a 3 points, up 2; 2 b 2 points, down 1; 3 c 1 point, same place; 4 d 1 point, new" in board.alt
    drawn = [path for path in tree(svg(board)).iter(f"{SVG}path") if path.get("class") == "ink"]
    assert len(drawn) == 2


def test_without_a_period_before_there_is_no_movement() -> None:
    board = Board("all time", (Person(1, "a", 3, 2),), 1)
    assert "up" not in board.alt
    assert list(tree(svg(board)).iter(f"{SVG}path")) == []


def test_a_medal_is_not_given_for_nothing() -> None:
    circles = list(tree(svg(Board("today", (Person(1, "a", 0), Person(1, "b", 0)), 2))).iter(f"{SVG}circle"))
    assert circles == []


def test_a_team_stands_with_its_accuracy_and_who_took_part() -> None:
    said = [each.said.replace("\u2009", " ") for each in words(svg(TEAMS))]
    assert "84.0 %" in said
    assert "92 %" in said
    assert "1 Byte Club 84.0 %, 92 % took part, up 1" in TEAMS.alt.replace("\u202f", " ")


@pytest.mark.parametrize("sheet", [STATS, PEOPLE, TEAMS, RECAP], ids=["stats", "people", "teams", "recap"])
def test_bars_are_long_enough_to_compare(sheet: Sheet) -> None:
    assert min(bar.right - bar.left for bar in bars(svg(sheet))) >= 60


def test_bars_are_as_long_as_their_share() -> None:
    long = [float(bar.attrib["width"]) for bar in tree(svg(PEOPLE)).iter(f"{SVG}rect") if bar.get("class") == "bar"]
    assert long[1] / long[0] == pytest.approx(285 / 310, abs=0.001)


def test_a_recap_s_teams_stand_under_what_they_are_compared_by() -> None:
    said = [each.said for each in words(svg(RECAP_BY_POINTS))]
    assert {"best three", "took part"} <= set(said)
    assert "accuracy" not in said
    assert "Teams by best three, over all channels: 1 Byte Club 310, 92" in RECAP_BY_POINTS.alt
    document = tree(svg(RECAP_BY_POINTS)).iter(f"{SVG}rect")
    long = [float(bar.attrib["width"]) for bar in document if bar.get("class") == "bar"]
    assert long[1] / long[0] == pytest.approx(155 / 310, abs=0.01)


def test_the_recap_says_what_most_got_wrong() -> None:
    said = " ".join(each.said for each in words(svg(RECAP))).replace("\u2009", " ")
    for sentence in ("23 % got it right (8 of 35)", "43 % chose B: Every rank", "121 % of last week’s 28"):
        assert sentence in said
        assert sentence in RECAP.alt.replace("\u202f", " ")


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (None, ""),
        (0, "nobody last week"),
        (34, "100 % of last week’s 34"),
        (3, "3 last week"),
        (1000, "3 % of last week’s 1,000"),
    ],
)
def test_the_week_before_is_compared_where_there_was_one(before: int | None, said: str) -> None:
    recap = Recap(TODAY, TODAY, 34, 5, 97, before)
    assert recap.compared.replace("\u202f", " ") == said


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        (date(2026, 11, 16), date(2026, 11, 22), "16–22 November 2026"),
        (date(2026, 11, 30), date(2026, 12, 6), "30 November – 6 December 2026"),
        (date(2026, 12, 28), date(2027, 1, 3), "28 December 2026 – 3 January 2027"),
        (date(2026, 11, 22), date(2026, 11, 22), "22 November 2026"),
    ],
)
def test_a_week_is_named_once(since: date, until: date, said: str) -> None:
    assert said in Recap(since, until, 0, 0, 0).alt
    assert said in [each.said for each in words(svg(Recap(since, until, 0, 0, 0)))]


@pytest.mark.parametrize(
    "make",
    [
        lambda: Share("x", 3, 2),
        lambda: Share("x", -1, 2),
        lambda: Person(0, "x", 1),
        lambda: Person(1, "x", 10**9),
        lambda: Team(1, "x", 1.01, 0),
        lambda: Team(1, "x", float("nan"), 0),
        lambda: Board("x", (Person(1, "x", 1),) * 11, 11),
        lambda: Board("x", (Person(1, "x", 1),), 2, (Team(1, "x", 1, 1),)),
        lambda: Board("x", (Person(1, "x", 1),), 2, (Person(1, "x", 1),) * 6),
        lambda: Board("x", (Team(1, "x", 1, 1), Team(1, "x", 1, 1, unit=Unit.POINTS)), 2),
        lambda: Team(1, "x", 1.5, 1),
        lambda: Team(1, "x", -1, 1, unit=Unit.MEAN),
        lambda: Stats(TODAY, (), None, right=1.2),
        lambda: Hardest("x", 2, 1),
        lambda: Hardest("x", 0, 0),
        lambda: Hardest("x", 5, 10, Misconception("A", "x", 6)),
        lambda: Recap(TODAY, TODAY, -1, 0, 0),
        lambda: Recap(TODAY, TODAY, 0, 0, 0, teams=(Team(1, "x", 1, 1),) * 4),
        lambda: Recap(TODAY, TODAY, 0, 0, 0, teams=(Team(1, "x", 1, 1), Team(2, "y", 1, 1, unit=Unit.POINTS))),
        lambda: Stats(date(1, 1, 1), (), Streak()),
        lambda: Stats(TODAY, (), Streak(), levels=(Share("x", 1, 1),) * 4),
    ],
)
def test_numbers_that_make_no_picture_are_refused(make: object) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match=r"\w"):
        make()
