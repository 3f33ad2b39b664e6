"""What a channel sees of a live round, in its one message: the lobby, each question, its answer with the standings, the podium."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.features import faces, posting, prose, verdicts
from bot.features.faces import Frame
from bot.features.ranking import MEDALS
from bot.messages import (
    Action,
    Block,
    Button,
    Heading,
    Message,
    Style,
    Table,
    Text,
    When,
    button_rows,
    clip,
)
from bot.quiz.cards import Card
from bot.quiz.live import MOST
from bot.store.answers import Tally
from bot.store.live import Ending, LiveRound, State
from bot.store.live_answers import Line
from bot.words import N_, _, ngettext, number

NAMED = 20
"""Players whom the lobby names, and each question."""

TOP = 5
"""Players who are shown between questions; the podium shows ten."""

SCORING = N_("The sooner a right answer, the more points: {most} at once, {least} at the end. Your first press counts.")

ENDINGS = {
    Ending.STOPPED: N_("It was stopped early. What was won until then counts."),
    Ending.ABANDONED: N_("I was away for too long, so it ends here. What was won until then counts."),
}


@dataclass(frozen=True, slots=True)
class Scene:
    """All that a round's message shows, as the rows have it. `card` is that of the question that is on, with its `picture`;
    `players` counts everyone who plays, or who has answered the question that is asked; `names` leaves out who hides, as
    `lines` do.
    """

    row: LiveRound
    host: str | None
    players: int
    names: Sequence[str] = ()
    card: Card | None = None
    picture: bytes | None = None
    tally: Tally | None = None
    lines: Sequence[Line] = ()
    boards: bool = True


def shown(scene: Scene) -> Message:
    """The round as it is now."""
    match scene.row.state:
        case State.POSTING | State.LOBBY:
            return _lobby(scene)
        case State.ASKING:
            return _question(scene)
        case State.REVEALED:
            return _reveal(scene)
        case State.OVER:
            return _end(scene)


def brief(scene: Scene) -> Message:
    """The same without what a platform may refuse in a card: its options alone can be pressed, its standings read."""
    row = scene.row
    match row.state:
        case State.ASKING:
            assert scene.card is not None
            sorry = Text.of(_("This question can’t be shown here in full."))
            return Message.of(Heading(_where(row)), sorry, _time(row), *_options(scene.card, row), _answered(scene))
        case State.REVEALED:
            return Message.of(Heading(_where(row)), *_standings(scene.lines, TOP), _next(row), *_ways(row))
        case _:
            return shown(scene)


def frame(row: LiveRound) -> Frame:
    return Frame("live-", (str(row.id), str(row.position)), row.key)


def _lobby(scene: Scene) -> Message:
    row = scene.row
    many = len(row.cards)
    told = ngettext("{number} question", "{number} questions", many)
    each = ngettext("{number} second each", "{number} seconds each", row.seconds)
    hosted = [Text.of(_("Host: {name}", name=clip(scene.host, 60)), quiet=True)] if scene.host else []
    return Message.of(
        Heading(_("Live round: {deck}", deck=clip(row.deck, 100))),
        Text.of(f"{told} · {each}"),
        *hosted,
        _joined(scene),
        Text.woven(_("It begins {instant}."), instant=When(row.ends_at, soon=True)),
        Text.of(_(SCORING, most=number(MOST), least=number(MOST // 2)), quiet=True),
        *button_rows(
            [
                Button(_("Join"), Action.of("live-join", row.id), Style.PRIMARY),
                Button(_("Start"), Action.of("live-start", row.id)),
                Button(_("Stop"), Action.of("live-stop", row.id)),
            ]
        ),
    )


def _joined(scene: Scene) -> Text:
    if not scene.players:
        return Text.of(_("Nobody has joined yet."))
    playing = ngettext("**{number} player:** {names}", "**{number} players:** {names}", scene.players)
    return Text.woven(playing, names=_names(scene))


def _answered(scene: Scene) -> Text:
    """Who is heard, so that everybody sees that they are."""
    if not scene.players:
        return Text.of(_("🔒 Nobody has answered yet."), quiet=True)
    heard = ngettext("🔒 **{number} answer:** {names}", "🔒 **{number} answers:** {names}", scene.players)
    return Text.woven(heard, names=_names(scene), quiet=True)


def _names(scene: Scene) -> str:
    names = [clip(name, 40) for name in scene.names[:NAMED]]
    listed = ", ".join(names)
    if (more := scene.players - len(names)) and names:
        listed = _("{names} and {number} more", names=listed, number=number(more))
    return listed or "…"


def _where(row: LiveRound) -> str:
    return _("Question {at} of {number}", at=number(row.position + 1), number=number(len(row.cards)))


def _time(row: LiveRound) -> Text:
    seconds = ngettext("{number} second", "{number} seconds", row.seconds)
    return Text.woven(_("⏳ **{seconds}** · ends {instant}"), seconds=seconds, instant=When(row.ends_at, soon=True))


def _next(row: LiveRound) -> Text:
    last = row.position + 1 == len(row.cards)
    told = _("The podium comes {instant}.") if last else _("The next question comes {instant}.")
    return Text.woven(told, instant=When(row.ends_at, soon=True), quiet=True)


def _ways(row: LiveRound) -> tuple[Block, ...]:
    return button_rows(
        [Button(_("How I did"), Action.of("live-mine", row.id)), Button(_("Stop"), Action.of("live-stop", row.id))]
    )


def _question(scene: Scene) -> Message:
    row, card = scene.row, scene.card
    assert card is not None
    return prose.fitted(
        Heading(_where(row)),
        _time(row),
        *faces.question_blocks(card, frame(row), scene.picture),
        *_options(card, row),
        _answered(scene),
    )


def _options(card: Card, row: LiveRound) -> tuple[Block, ...]:
    """A button for each; there is no time for hints."""
    return faces.controls(card.model_copy(update={"hint": None}), frame(row))


def _reveal(scene: Scene) -> Message:
    row, card, tally = scene.row, scene.card, scene.tally
    assert card is not None
    assert tally is not None
    counted: list[Block] = [Text.of(_("Nobody answered this one."))]
    if tally.answered:
        told = ngettext(
            "**{number} person** answered, {right} got it right.",
            "**{number} people** answered, {right} got it right.",
            tally.answered,
        )
        counted = [posting.bars(card, tally), Text.woven(told, right=number(tally.correct))]
    return prose.fitted(
        Heading(_where(row)),
        *faces.question_blocks(card, frame(row), scene.picture),
        verdicts.right_block(card),
        *counted,
        *faces.explanation_blocks(card),
        *_standings(scene.lines, TOP),
        _next(row),
        *_ways(row),
    )


def _standings(lines: Sequence[Line], most: int) -> tuple[Block, ...]:
    """The first of those who don't hide, and what the last question won them."""
    seen = [line for line in lines if not line.hidden][:most]
    if not seen:
        return ()
    rows = tuple(
        (_place(line), clip(line.name, 40), number(line.points), f"+{number(line.gained)}" if line.gained else "")
        for line in seen
    )
    return (Table((_("Rank"), _("Name"), _("Points"), _("This question")), rows, numeric=frozenset({2, 3})),)


def _place(line: Line) -> str:
    return MEDALS.get(line.rank, number(line.rank)) if line.points else number(line.rank)


def _end(scene: Scene) -> Message:
    row = scene.row
    title = Heading(_("Live round: {deck}", deck=clip(row.deck, 100)))
    if row.ending is Ending.EMPTY:
        return Message.of(title, _("Nobody joined, so it was called off."))
    told = [Text.of(_(ENDINGS[row.ending]))] if row.ending in ENDINGS else []
    lines = [line for line in scene.lines if not line.hidden]
    if not any(line.points for line in scene.lines):
        return Message.of(title, *told, _("It is over, and nobody won any points."), *_after(scene))
    rows = tuple(
        (
            _place(line),
            clip(line.name, 40),
            number(line.points),
            _("{some} of {all}", some=number(line.correct), all=number(len(row.cards))),
        )
        for line in lines[:10]
    )
    table = Table((_("Rank"), _("Name"), _("Points"), _("Right")), rows, numeric=frozenset({2, 3}))
    playing = ngettext("{number} person played.", "{number} people played.", scene.players)
    return Message.of(
        title, *told, *_winners(lines), *([table] if rows else []), Text.of(playing, quiet=True), *_after(scene)
    )


def _winners(lines: Sequence[Line]) -> list[Block]:
    """Who won; several share it."""
    first = [line for line in lines if line.rank == 1 and line.points]
    if not first:
        return []
    names = ", ".join(clip(line.name, 40) for line in first[:5])
    alone = len(first) == 1
    told = _("🏆 **{names}** won with {points}.") if alone else _("🏆 **{names}** share the first place with {points}.")
    return [Text.woven(told, names=names, points=prose.points(first[0].points))]


def _after(scene: Scene) -> tuple[Block, ...]:
    board = [Button(_("Board of live rounds"), Action.of("board", "week", "live"))] if scene.boards else []
    return button_rows([Button(_("How I did"), Action.of("live-mine", scene.row.id)), *board])
