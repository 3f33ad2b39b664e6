"""`/quiz live`: a timed round in the channel, as people begin, join, play and stop it. What the channel sees is in `scenes`; the
quizmaster drives it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.events import Actor, Command, Place, Press
from bot.features import daily, decks, faces, selection, verdicts
from bot.features.daily import Pressed
from bot.features.desk import Desk, account
from bot.features.turn import Outcome, Turn
from bot.messages import Action, Button, Message, Text, When, button_rows, clip
from bot.quiz import live as rules
from bot.quiz import picking
from bot.quiz.cards import Card, Deck, version
from bot.quiz.grading import Verdict
from bot.quiz.picking import Candidate
from bot.quiz.selection import Selection
from bot.store import cards as kept_cards
from bot.store import live, live_answers, posts
from bot.store.live import Ending, LiveRound, State, Wish
from bot.store.live_answers import Buzz, Line, Taken
from bot.store.settings import Hosts
from bot.words import N_, _, ngettext, number

COUNT: Final = 10
SECONDS: Final = 20
MINUTE: Final = 60

GONE = N_("That live round is over. `/quiz live` begins another.")
NO_HOST = N_("Only admins begin and lead live rounds here. Ask one of them.")


# ---------------------------------------------------------------- beginning one


async def begin(turn: Turn, event: Command) -> Outcome:
    """Draw the cards and let the round be posted; or the sentence that says why there is none."""
    if (refusal := _refusal(turn, event.actor, event.place)) is not None:
        return Outcome(Message.of(refusal))
    options = event.options
    deck = decks.find(turn.shelf, str(options["deck"]))
    if deck is None:
        return Outcome(Message.of(decks.unknown(turn.shelf, str(options["deck"]))))
    topics = selection.read_topics(turn.shelf, str(options.get("topic", selection.ALL)))
    if isinstance(topics, str):
        return Outcome(Message.of(topics))
    chosen = Selection((deck.id,), selection.read_levels(str(options.get("level", selection.ALL))), topics)
    drawn = await _drawn(turn, deck, chosen, int(options["count"]))
    if isinstance(drawn, str):
        return Outcome(Message.of(drawn))
    seconds = int(options["seconds"])
    if (over := rules.lasts(len(drawn), seconds)) > rules.LONGEST:
        return Outcome(Message.of(_too_long(int(over.total_seconds()) // MINUTE)))
    kept = await kept_cards.keep(turn.tx, turn.member.community_id, drawn)
    wish = Wish(
        community_id=turn.member.community_id,
        place=event.place,
        account_id=turn.member.account_id,
        deck=deck.title,
        cards=[card.id for card in kept],
        seconds=seconds,
        day=turn.today,
        key=f"live:{event.place.platform}:{event.place.workspace}:{event.id}",
    )
    row = await live.begin(turn.tx, wish, turn.now)
    if row is None:
        return Outcome(Message.of(_("A live round is going on here already. When it is over you can begin another.")))
    answer = Message.of(
        _("The lobby is open. The round begins by itself in a minute, or when you press Start."),
        *button_rows([Button(_("Start"), _action("start", row)), Button(_("Stop"), _action("stop", row))]),
    )
    return Outcome(answer, begun=row.id)


def _action(verb: str, row: LiveRound) -> Action:
    return Action.of(f"live-{verb}", row.id)


def _refusal(turn: Turn, actor: Actor, place: Place) -> str | None:
    """Why somebody can't lead a round in a place."""
    if place.direct or not place.channel:
        return _("A live round is for a channel, where others can play too. To practise alone there is /quiz play.")
    if turn.member.settings.hosts is Hosts.ADMINS and not actor.is_admin:
        return _(NO_HOST)
    return None


async def _drawn(turn: Turn, deck: Deck, chosen: Selection, count: int) -> list[tuple[Deck, Card]] | str:
    """Cards that one press answers, none that is a question of the day right now, or that an admin has taken out."""
    community = turn.member.community_id
    matching = [card for card in deck.cards if chosen.takes(deck.id, card)]
    fitting = [card for card in matching if rules.pressable(card)]
    if not fitting:
        return _nothing(deck, len(matching))
    asked = {(post.deck, post.card.id) for post in await posts.open_posts(turn.tx, community, turn.now)}
    retired = (await kept_cards.retired(turn.tx, [community])).get(community, set())
    aside = (await kept_cards.set_aside(turn.tx, [community])).get(community, set())
    free = {
        card.id: card
        for card in fitting
        if (deck.id, card.id) not in asked | retired and (deck.id, card.id, version(card)) not in aside
    }
    if not free:
        return _(
            "Each card that would fit is a question of the day right now, or was taken out by an admin. Try another deck."
        )
    candidates = [Candidate(key, card.level, card.topics) for key, card in free.items()]
    return [(deck, free[each.key]) for each in picking.sample(candidates, count, turn.chance)]


def _nothing(deck: Deck, others: int) -> str:
    told = {"deck": clip(deck.title, 100)}
    if not others:
        return _("“{deck}” has no card of that level and topic. Leave one of them out, or choose another deck.", **told)
    return _(
        "In a live round each card is answered with one press, and of those you asked for in “{deck}” none is a single "
        "choice or true or false. /quiz play asks the others.",
        **told,
    )


def _too_long(minutes: int) -> str:
    longest = int(rules.LONGEST.total_seconds()) // MINUTE
    return _(
        "That would take up to {minutes} minutes, and a round may take {longest}. Ask fewer questions, or give less time.",
        minutes=number(minutes),
        longest=number(longest),
    )


# ---------------------------------------------------------------- in the lobby, and on the way


async def _round(turn: Turn, event: Press, *, lock: bool = True) -> LiveRound | None:
    """The round that a button belongs to, if it is one of the member's community; nobody else changes it where it is to be
    changed.
    """
    wanted = event.action.args[0] if event.action.args else ""
    if not _numeral(wanted):
        return None
    if lock:
        found = (await live.locked(turn.tx, [int(wanted)])).get(int(wanted))
    else:
        found = await live.by_id(turn.tx, int(wanted))
    return found if found is not None and found.community_id == turn.member.community_id else None


async def join(turn: Turn, event: Press) -> Outcome:
    """`live-join:5`."""
    row = await _round(turn, event)
    if row is None or row.state is State.OVER:
        return Outcome(Message.of(Text.woven(_(GONE))))
    member = turn.member
    if not await live_answers.join(turn.tx, row, member.person_id, member.account_id, turn.now):
        return Outcome(Message.of(_("You are in already. Keep an eye on the message: questions come there.")))
    if row.state in (State.POSTING, State.LOBBY):
        await live.stir(turn.tx, row, turn.now + live.GATHER)
    told = _("You are in. The first question comes {instant}, in the place of the lobby.")
    return Outcome(Message.of(Text.woven(told, instant=When(row.ends_at, soon=True))), gong=True)


async def start(turn: Turn, event: Press) -> Outcome:
    """`live-start:5`: the first question, now."""
    row = await _round(turn, event)
    if row is None or row.state is State.OVER:
        return Outcome(Message.of(Text.woven(_(GONE))))
    if (refusal := _not_theirs(turn, event, row)) is not None:
        return Outcome(Message.of(refusal))
    if row.state is not State.LOBBY:
        return Outcome(Message.of(_("It has begun already.")))
    many, _names = await live_answers.players(turn.tx, row)
    if not many:
        return Outcome(Message.of(_("Nobody has joined yet. Press Join if you want to play too, and wait for others.")))
    await live.stir(turn.tx, row, turn.now, ends_at=turn.now)
    return Outcome(gong=True)


async def stop(turn: Turn, event: Press) -> Outcome:
    """`live-stop:5`: the end, now. A question that is cut short counts for nobody."""
    row = await _round(turn, event)
    if row is None or row.state is State.OVER:
        return Outcome(Message.of(Text.woven(_(GONE))))
    if (refusal := _not_theirs(turn, event, row)) is not None:
        return Outcome(Message.of(refusal))
    if row.state is State.POSTING:
        return Outcome(Message.of(_("It is only just being posted. Try again in a moment.")))
    await live.stir(turn.tx, row, turn.now, state=State.OVER, ending=Ending.STOPPED)
    return Outcome(Message.of(_("It is stopped. What was won until now counts.")), gong=True)


def _not_theirs(turn: Turn, event: Press, row: LiveRound) -> str | None:
    """Why somebody can't lead this round: its host and admins do, and the host as long as they might begin one."""
    if event.actor.is_admin:
        return None
    if turn.member.settings.hosts is Hosts.ADMINS:
        return _(NO_HOST)
    if turn.member.account_id == row.account_id:
        return None
    return _("Only who began this round leads it, or an admin.")


# ---------------------------------------------------------------- answers


async def answer(desk: Desk, event: Press, now: datetime) -> Outcome:
    """`live-answer:5:0:B`: the first press counts. That it is heard shows in the round's message soon, by the name alone: an
    answer to each press would push the message away, from question to question.
    """
    match event.action.args:
        case (number, position, given) if _numeral(number) and _numeral(position):
            buzz = Buzz(int(number), int(position), event.place, account(event.actor), given, now)
        case _:
            return Outcome(Message.of(_(daily.STALE)))
    receipt = await desk.buzz(buzz)
    match receipt.taken:
        case Taken.LOCKED:
            return Outcome(gong=True)
        case Taken.ALREADY:
            told = Text.woven(_("You locked in **{answer}** before, and that stands."), answer=_said(receipt.given))
        case Taken.LATE:
            told = Text.of(_("Time is up for that question. What comes next is in the same message."))
        case Taken.GONE:
            told = Text.woven(_(GONE))
    return Outcome(Message.of(told))


PRESSES: Mapping[str, Pressed] = {"live-answer": answer}


def _numeral(text: str) -> bool:
    return text.isdecimal() and len(text) <= 9


def _said(given: str) -> str:
    stands = given == "true"
    return given if given.isupper() else _(faces.TRUTHS[stands])


async def mine(turn: Turn, event: Press) -> Outcome:
    """`live-mine:5`: how somebody does in a round, for them alone; they need not be among the first, nor be shown."""
    row = await _round(turn, event, lock=False)
    if row is None:
        return Outcome(Message.of(Text.woven(_(GONE))))
    lines = await live_answers.standings(turn.tx, row)
    own = next((line for line in lines if line.person_id == turn.member.person_id), None)
    if own is None:
        return Outcome(Message.of(_("You have not played in this round. Answer its next question, and you do.")))
    return Outcome(Message.of(*_how(own, lines, row)))


def _how(own: Line, lines: list[Line], row: LiveRound) -> list[Text]:
    shown: list[Text] = []
    if row.state is State.REVEALED and own.right is not None:
        verdict = verdicts.HEADLINES[Verdict.CORRECT if own.right else Verdict.WRONG]
        shown.append(Text.of(_(verdict), f" · +{number(own.gained)}"))
    told = ngettext(
        "You are {rank} of {people} with {number} point, {right} right.",
        "You are {rank} of {people} with {number} points, {right} right.",
        own.points,
        rank=number(own.rank),
        people=number(len(lines)),
        right=number(own.correct),
    )
    shown.append(Text.of(told))
    if own.hidden:
        shown.append(Text.of(_("You hide from boards, so nobody else sees this."), quiet=True))
    return shown
