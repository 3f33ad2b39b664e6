"""Sheets to draw: ordinary ones, the fullest and the emptiest, and any that the types allow."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from bot.pictures import Board, Hardest, Misconception, Person, Recap, Share, Stats, Team, Unit
from bot.pictures.board import TEAMS as MANY
from bot.pictures.numerals import MOST
from bot.pictures.stats import SHARE
from bot.quiz.streaks import Streak

TODAY = date(2026, 11, 19)
HOSTILE = '<script>alert(1)</script> & ]]> "\u202egnp.exe\x00\ud800'
ZALGO = "Z" + "\u0301\u0302\u0303\u0304" * 20 + "algo"

STATS = Stats(
    TODAY,
    tuple((TODAY - timedelta(days=back), 1 + back * back % 13) for back in range(170) if back % 5 != 3),
    Streak(9, 31, 1),
    (
        Share("collectives", 7, 9),
        Share("memory", 3, 8),
        Share("stragglers", 5, 5),
        Share("batch-size", 0, 4),
        Share("pipeline-parallel", 2, 6),
        Share("precision", 4, 7),
    ),
    (Share("beginner", 41, 50), Share("intermediate", 28, 44), Share("advanced", 6, 19)),
    (date(2026, 11, 16), date(2026, 9, 7), date(2026, 1, 1)),
)
FIRST = Stats(
    TODAY,
    ((TODAY, 1),),
    Streak(1, 1, 0),
    (Share("collectives", 1, 1),),
    (Share("advanced", 1, 1),),
    answered=1,
    right=1.0,
)
OTHERS = replace(STATS, streak=None, answered=412, right=0.735, name="Katherine Johnson")
PEOPLE = Board(
    "this week",
    (
        Person(1, "Ada Lovelace", 310, 0),
        Person(2, "Grace Hopper", 285, 2),
        Person(2, "Edsger", 285, -1),
        Person(4, "Barbara Liskov", 240, None),
        Person(5, "Радия Перлман", 225, 12),
        Person(6, "김영희 🎉", 190, -3),
        Person(7, "陳小明", 170, 0),
        Person(8, "محمد الخوارزمي", 150, 1),
        Person(9, "नमस्ते दुनिया", 120, 3),
        Person(10, "Leslie", 115, None),
    ),
    412,
    (
        Person(85, "Frances", 36, None),
        Person(86, "Margaret", 35, 4),
        Person(87, "Katherine Johnson", 34, -2, mine=True),
        Person(88, "Donald", 30, 0),
        Person(88, "Radia", 30, -1),
    ),
    "last week",
)
SIX_SCRIPTS = replace(
    PEOPLE, rows=tuple(row for row in PEOPLE.rows if isinstance(row, Person) and row.name != "नमस्ते दुनिया")
)
"""Without the one name that isn't drawn quickly."""

TEAMS = Board(
    "this season",
    (
        Team(1, "Byte Club", 0.84, 0.92, 1),
        Team(2, "The Ring Reducers", 0.81, 0.66, -1),
        Team(3, "Gradient Descenders", 0.79, 1.0, None, mine=True),
    ),
    3,
    since="last season",
)
RECAP = Recap(
    date(2026, 11, 16),
    date(2026, 11, 22),
    took_part=34,
    questions=5,
    days=97,
    before=28,
    hardest=Hardest(
        "Ring all-reduce of S bytes over N ranks. How many bytes does each rank send?",
        8,
        35,
        Misconception("B", "Every rank sends everything to every other.", 15),
    ),
    teams=(Team(1, "Byte Club", 0.84, 0.92), Team(2, "The Ring Reducers", 0.81, 0.66)),
)
RECAP_BY_POINTS = replace(
    RECAP,
    hardest=None,
    teams=(Team(1, "Byte Club", 310, 0.92, unit=Unit.BEST), Team(2, "The Ring Reducers", 155, 0.66, unit=Unit.BEST)),
)
FULL = (
    Stats(
        date(2028, 2, 29),
        tuple((date(2028, 2, 29) - timedelta(days=back), 99) for back in range(400)),
        Streak(SHARE, SHARE, 2),
        tuple(Share(name, SHARE, SHARE) for name in (HOSTILE, ZALGO, "W" * 80, "量子力学の基礎と応用", "x", "y", "z")),
        tuple(Share("W" * 80, SHARE, SHARE) for _ in range(3)),
        tuple(date(2028, 2, 29) - timedelta(days=back) for back in range(400)),
        name=HOSTILE * 3,
    ),
    Stats(TODAY, (), None, answered=SHARE, right=1.0, name="W" * 10_000),
    Stats(TODAY, (), Streak(3, 3, 0), frozen=tuple(TODAY - timedelta(days=back) for back in range(200))),
    Board(
        "W" * 80,
        tuple(Person(MOST, name, MOST, -MOST) for name in (HOSTILE, ZALGO, "W" * 80, *[f"{'w' * 70}"] * 7)),
        MOST,
        tuple(Person(MOST, "W" * 80, MOST, MOST, mine=True) for _ in range(5)),
        "W" * 80,
    ),
    Board(
        "this week",
        tuple(Team(MANY, "W" * 80, 1, 1, -MANY, mine=True) for _ in range(10)),
        MOST,
        tuple(Team(MANY, "W" * 80, 1, 1, MANY, mine=True) for _ in range(5)),
        since="W" * 80,
    ),
    Board(
        "today",
        tuple(Team(1, name, MOST, 0.5, unit=Unit.BEST) for name in ("Red", HOSTILE, "W" * 80)),
        3,
        since="yesterday",
    ),
    Recap(
        date(2026, 12, 28),
        date(2027, 1, 3),
        MOST,
        MOST,
        MOST,
        MOST,
        Hardest("word " * 800, 1, MOST, Misconception("B", "量子" * 2000, MOST - 1)),
        tuple(Team(MANY, HOSTILE, 1, 1) for _ in range(3)),
    ),
    replace(RECAP, teams=tuple(Team(MANY, "W" * 80, MOST, 1, unit=Unit.MEAN) for _ in range(3))),
)
EMPTY = (
    Stats(date(2026, 11, 1), (), Streak()),
    Board("today", (), 0),
    Recap(date(2026, 11, 16), date(2026, 11, 22), 0, 0, 0),
)
ORDINARY = (
    STATS,
    FIRST,
    OTHERS,
    PEOPLE,
    TEAMS,
    RECAP,
    replace(RECAP, before=None, teams=()),
    RECAP_BY_POINTS,
    replace(STATS, topics=()),
)
EVERY = (*ORDINARY, *FULL, *EMPTY)

WORDLY = st.text(st.characters(exclude_categories=["N"]), max_size=90)
"""Any name without a digit in it, so that what numbers a sheet shows are its own."""

NUMBERS = st.integers(0, MOST)
MOVES = st.none() | st.integers(-MOST, MOST)
FRACTIONS = st.floats(0, 1)


@st.composite
def shares(draw: st.DrawFn) -> Share:
    whole = draw(st.integers(0, SHARE))
    return Share(draw(WORDLY), draw(st.integers(0, whole)), whole)


@st.composite
def stats(draw: st.DrawFn) -> Stats:
    today = draw(st.dates(date(1999, 1, 1), date(2101, 1, 1)))
    days = st.tuples(st.integers(0, 200).map(lambda back: today - timedelta(days=back)), st.integers(0, 20))
    best = draw(st.integers(0, SHARE))
    return Stats(
        today,
        tuple(draw(st.lists(days, max_size=60))),
        draw(st.none() | st.just(Streak(draw(st.integers(0, best)), best, draw(st.integers(0, 2))))),
        tuple(draw(st.lists(shares(), max_size=8))),
        tuple(draw(st.lists(shares(), max_size=3))),
        tuple(today - timedelta(days=back) for back in draw(st.lists(st.integers(0, 200), max_size=5))),
        draw(st.integers(0, SHARE)),
        draw(st.none() | FRACTIONS),
        draw(WORDLY),
    )


RANKED = st.integers(1, MOST)
PERSON = st.builds(Person, RANKED, WORDLY, NUMBERS, MOVES, st.booleans())
PLACES = st.integers(1, MANY)
TEAM = st.builds(Team, PLACES, WORDLY, FRACTIONS, FRACTIONS, st.none() | st.integers(-MANY, MANY), st.booleans())


def boards(rows: st.SearchStrategy[Person] | st.SearchStrategy[Team]) -> st.SearchStrategy[Board]:
    top, around = st.lists(rows, max_size=10), st.lists(rows, max_size=5)
    return st.builds(Board, WORDLY, top.map(tuple), NUMBERS, around.map(tuple), WORDLY)


@st.composite
def hardest(draw: st.DrawFn) -> Hardest:
    answered = draw(st.integers(1, MOST))
    right = draw(st.integers(0, answered))
    wrong = st.builds(Misconception, st.sampled_from("ABCDE"), WORDLY, st.integers(0, answered - right))
    return Hardest(draw(WORDLY), right, answered, draw(st.none() | wrong))


@st.composite
def recaps(draw: st.DrawFn) -> Recap:
    since = draw(st.dates(date(1999, 1, 1), date(2101, 1, 1)))
    before, teams = draw(st.none() | NUMBERS), draw(st.lists(TEAM, max_size=3))
    numbers = draw(NUMBERS), draw(NUMBERS), draw(NUMBERS)
    return Recap(since, since + timedelta(days=6), *numbers, before, draw(st.none() | hardest()), tuple(teams))


SHEETS = stats() | boards(PERSON) | boards(TEAM) | recaps()
