"""`/quiz review`: the cards that are due again for somebody today, as a practice session of theirs."""

from __future__ import annotations

from datetime import date

from bot.events import Command, Press
from bot.features import play
from bot.features.turn import Outcome, Turn
from bot.library.shelf import Shelf
from bot.messages import Action, Button, Message, button_rows
from bot.quiz import reviews
from bot.quiz.cards import Card, Deck
from bot.quiz.reviews import Attempt
from bot.store import posts
from bot.store import reviews as kept
from bot.words import _, day, weekday

COUNT = 20
"""Cards of one review, unless another number is asked for."""


async def start(turn: Turn, event: Command | Press) -> Outcome:
    """The cards due, those that wait longest first."""
    waiting = await due(turn)
    if not waiting:
        return Outcome(Message.of(await _none(turn), *button_rows([Button(_("Practise"), Action.of("play"))])))
    count = int(event.options["count"]) if isinstance(event, Command) else COUNT
    return await play.ask(turn, event.place, waiting[:count])


async def due(turn: Turn) -> list[tuple[Deck, Card]]:
    """Cards that are due for the member today, the longest waiting first; none that an open question asks."""
    today = reviews.study_day(turn.now, turn.member.zone)
    days = await _days(turn)
    ripe = sorted((day, key) for key, day in days.items() if day <= today)
    if not ripe:
        return []
    held = await posts.awaiting(turn.tx, turn.member.community_id, turn.member.person_id, turn.now)
    on_shelf = _on(turn.shelf)
    return [on_shelf[key] for _, key in ripe if key not in held]


async def _days(turn: Turn) -> dict[str, date]:
    """When each card that the member has answered, and that is still there, is due."""
    on_shelf = _on(turn.shelf)
    days = {}
    for key, given in (await kept.by_card(turn.tx, turn.member.person_id)).items():
        if key not in on_shelf:
            continue
        kind = on_shelf[key][1].kind
        attempts = [Attempt(kind, g.given, g.fraction, g.correct, g.hinted, g.guessed, g.at) for g in given]
        if (day := reviews.due_on(attempts, turn.member.zone)) is not None:
            days[key] = day
    return days


async def _none(turn: Turn) -> str:
    """When the next one comes."""
    coming = min((await _days(turn)).values(), default=None)
    if coming is None:
        return _("Nothing to review yet: what you answer comes back here when it is due.")
    if coming <= reviews.study_day(turn.now, turn.member.zone):
        return _("What is due for you is a question of the day right now. Answer it in its channel.")
    return _(
        "Nothing is due for review today. The next card comes on {weekday} {day}.",
        weekday=weekday(coming.weekday()),
        day=day(coming),
    )


def _on(shelf: Shelf) -> dict[str, tuple[Deck, Card]]:
    return {f"{deck.id}/{card.id}": (deck, card) for deck, card in shelf.cards()}
