"""Pictures: numbers in, a PNG and its alt text out."""

from bot.pictures.board import Board, Person, Row, Team, Unit
from bot.pictures.drawing import Sheet, draw, drawn, svg
from bot.pictures.palette import Theme
from bot.pictures.recap import Hardest, Misconception, Recap
from bot.pictures.stats import Share, Stats

__all__ = [
    "Board",
    "Hardest",
    "Misconception",
    "Person",
    "Recap",
    "Row",
    "Share",
    "Sheet",
    "Stats",
    "Team",
    "Theme",
    "Unit",
    "draw",
    "drawn",
    "svg",
]
