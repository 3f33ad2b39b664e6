"""`/quiz leaderboard`: the top ten of a period, and the asker's own rank with a neighbour on either side."""

from __future__ import annotations

from bot.events import Command, Press
from bot.features.prose import count
from bot.features.turn import Outcome, Turn
from bot.messages import Action, Button, Heading, Message, Style, Table, Text, button_rows, clip
from bot.platform import Post
from bot.quiz import periods
from bot.quiz.periods import Period
from bot.store import boards
from bot.store.boards import Board, Row

TITLES = {
    Period.TODAY: "today",
    Period.WEEK: "this week",
    Period.MONTH: "this month",
    Period.SEASON: "this season",
    Period.ALL: "all time",
}
MEDALS = {1: "🥇 1", 2: "🥈 2", 3: "🥉 3"}


async def show(turn: Turn, event: Command) -> Outcome:
    period = Period(str(event.options["period"]))
    board = await _board(turn, period)
    if not event.options["public"]:
        return Outcome(_private(board, period, turn.member.person_id))
    if not board.top:
        return Outcome(Message.of(f"Nobody has points {TITLES[period]} yet, so there is nothing to post."))
    shown = Post(event.place, Message.of(Heading(_title(period)), _table(board.top, None)), f"board:{event.id}")
    return Outcome(Message.of("Posted for everyone here."), (shown,))


async def turn_page(turn: Turn, event: Press) -> Outcome:
    """`board:month`: another period, in place."""
    name = event.action.args[0] if event.action.args else ""
    period = Period(name) if name in tuple(Period) else Period.WEEK
    return Outcome(_private(await _board(turn, period), period, turn.member.person_id))


async def _board(turn: Turn, period: Period) -> Board:
    key = periods.key(period, turn.today)
    return await boards.board(turn.tx, turn.member.community_id, key, turn.member.person_id)


def _private(board: Board, period: Period, person_id: int) -> Message:
    others = button_rows(
        Button(
            other.capitalize() if other is not Period.ALL else "All time",
            Action.of("board", other),
            _style(other, period),
        )
        for other in Period
    )
    if not board.top:
        return Message.of(
            Heading(_title(period)), "Nobody has points yet. Answer today’s question and be the first.", *others
        )
    blocks: list[Heading | Table | Text] = [Heading(_title(period)), _table(board.top, person_id)]
    if board.around:
        blocks.append(_table(board.around, person_id))
    if board.me:
        points = count(board.me.points, "point")
        blocks.append(Text.of(f"You are {board.me.rank} of {board.people} with {points}.", quiet=True))
    else:
        blocks.append(Text.of("You have no points in this period yet.", quiet=True))
    return Message.of(*blocks, *others)


def _style(other: Period, shown: Period) -> Style:
    return Style.PRIMARY if other is shown else Style.PLAIN


def _title(period: Period) -> str:
    return f"Leaderboard, {TITLES[period]}"


def _table(rows: tuple[Row, ...], person_id: int | None) -> Table:
    mine = next((at for at, row in enumerate(rows) if row.person_id == person_id), None)
    return Table(
        ("Rank", "Name", "Points", "Right"),
        tuple(
            (
                MEDALS.get(row.rank, str(row.rank)) if row.points else str(row.rank),
                clip(row.name, 40),
                str(row.points),
                f"{row.correct} of {row.answered}",
            )
            for row in rows
        ),
        numeric=frozenset({2, 3}),
        mark=mine,
    )
