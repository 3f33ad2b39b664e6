"""`/quiz play`: a private practice session, one card after the other in one message, and the missed ones again.

Practice moves no board. Where the session stands is in the store, which card a button belongs to is in the button.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.events import Command, Place, Press, Submit
from bot.features import daily, decks, faces, forms, prose, selection, verdicts
from bot.features.faces import Frame
from bot.features.forms import Unclear
from bot.features.turn import Outcome, Turn
from bot.messages import Action, Block, Button, Heading, Message, Style, Text, bold, button_rows, clip
from bot.quiz import grading, picking
from bot.quiz.cards import Card, Deck, MultiChoice
from bot.quiz.picking import Candidate
from bot.quiz.selection import Selection
from bot.store import cards, posts, sessions, streaks
from bot.store.schedules import Mode
from bot.store.sessions import Learner, PracticeAnswer, Session
from bot.words import N_, _

COUNT = 10
WAITS = N_(
    "This card is a question of the day right now, so practice waits: it would give the answer away. Answer it in its "
    "channel, or come back when it has closed."
)
GONE = N_("That practice session isn’t yours or is no longer kept. /quiz play starts a new one.")


async def start(turn: Turn, event: Command) -> Outcome:
    options = event.options
    deck = decks.find(turn.shelf, str(options["deck"])) if "deck" in options else None
    if "deck" in options and deck is None:
        return Outcome(Message.of(decks.unknown(turn.shelf, str(options["deck"]))))
    topics = selection.read_topics(turn.shelf, str(options.get("topic", selection.ALL)))
    if isinstance(topics, str):
        return Outcome(Message.of(topics))
    levels = selection.read_levels(str(options.get("level", selection.ALL)))
    return await _begin(turn, event.place, Selection(_only(deck), levels, topics), int(options["count"]))


async def start_pressed(turn: Turn, event: Press) -> Outcome:
    """`play`, or `play:distributed-training`."""
    deck = decks.find(turn.shelf, event.action.args[0]) if event.action.args else None
    return await _begin(turn, event.place, Selection(_only(deck)), COUNT)


def _only(deck: Deck | None) -> tuple[str, ...]:
    """The decks of a selection, where somebody has named one."""
    return () if deck is None else (deck.id,)


async def _begin(turn: Turn, place: Place, chosen: Selection, count: int) -> Outcome:
    found = selection.matching(turn.shelf, chosen, Mode.BUTTONS)
    if not found:
        return Outcome(Message.of(selection.nothing(turn.shelf, chosen, Mode.BUTTONS)))
    held = await _held(turn)
    by_key = {key: each for key, each in found.items() if key not in held}
    if not by_key:
        return Outcome(Message.of(_(WAITS)))
    candidates = [Candidate(key, card.level, card.topics) for key, (_, card) in by_key.items()]
    drawn = picking.sample(candidates, min(count, len(candidates)), turn.chance)
    return await ask(turn, place, [by_key[candidate.key] for candidate in drawn])


async def _held(turn: Turn) -> set[str]:
    """Cards that practice would give away."""
    return await posts.awaiting(turn.tx, turn.member.community_id, turn.member.person_id, turn.now)


async def ask(turn: Turn, place: Place, chosen: Sequence[tuple[Deck, Card]]) -> Outcome:
    """Begin a session of these cards, in this order."""
    kept = await cards.keep(turn.tx, turn.member.community_id, chosen)
    session = await sessions.begin(turn.tx, _learner(turn, place), kept, turn.now)
    return Outcome(_card(turn, session))


def _learner(turn: Turn, place: Place) -> Learner:
    return Learner(turn.member.community_id, turn.member.person_id, turn.member.account_id, place)


async def practise(turn: Turn, event: Press) -> Outcome:
    """`practise:17`: a session of one card, that of a post."""
    post = await daily.named_post(turn, event.action)
    if post is None:
        return Outcome(Message.of(_(daily.STALE)))
    if f"{post.deck}/{post.card.id}" in await _held(turn):
        return Outcome(Message.of(_(WAITS)))
    kept = await cards.by_ids(turn.tx, [post.card_id])
    session = await sessions.begin(turn.tx, _learner(turn, event.place), list(kept.values()), turn.now)
    return Outcome(_card(turn, session))


async def retry(turn: Turn, event: Press) -> Outcome:
    """`retry:5`: a session of what was missed in another."""
    session = await _session(turn, event.action)
    if session is None:
        return Outcome(Message.of(_(GONE)))
    missed = [
        card for at, card in enumerate(session.cards) if at in session.answers and not session.answers[at].correct
    ]
    if not missed:
        return Outcome(_summary(session))
    held = await _held(turn)
    missed = [card for card in missed if f"{card.deck}/{card.card.id}" not in held]
    if not missed:
        return Outcome(Message.of(_(WAITS)))
    again = await sessions.begin(turn.tx, _learner(turn, event.place), missed, turn.now)
    return Outcome(_card(turn, again))


async def proceed(turn: Turn, event: Press) -> Outcome:
    """`next:5`: the next card, or the summary."""
    session = await _session(turn, event.action)
    if session is None:
        return Outcome(Message.of(_(GONE)))
    return Outcome(_summary(session) if session.position == len(session.cards) else _card(turn, session))


# ---------------------------------------------------------------- one card


@dataclass(frozen=True, slots=True)
class _Asked:
    """The card that a button belongs to."""

    session: Session
    position: int
    frame: Frame
    rest: tuple[str, ...]

    @property
    def card(self) -> Card:
        return self.session.cards[self.position].card

    def picture(self, turn: Turn) -> bytes | None:
        return turn.shelf.picture(self.session.cards[self.position].deck, self.card)


async def _asked(turn: Turn, event: Press | Submit) -> _Asked | Message:
    """The unanswered card that an action names, or what to show instead: what was answered there, or the refusal."""
    args = event.action.args
    hinted = args[-1:] == ("h",)
    args = args[:-1] if hinted else args
    session = await _session(turn, event.action)
    if session is None or len(args) < 2 or not args[1].isdecimal() or int(args[1][:6]) >= len(session.cards):
        return Message.of(_(GONE))
    position = int(args[1][:6])
    if (before := session.answers.get(position)) is not None:
        return _verdict(session, before)
    if position != session.position:
        return _card(turn, session)
    if f"{session.cards[position].deck}/{session.cards[position].card.id}" in await _held(turn):  # since it began
        return Message.of(_(WAITS), *button_rows([Button(_("Go on"), Action.of("next", session.id), Style.PRIMARY)]))
    return _Asked(session, position, _frame(session, position, hinted=hinted), args[2:])


async def answer(turn: Turn, event: Press) -> Outcome:
    """`play-answer:5:0:B`."""
    asked = await _asked(turn, event)
    if isinstance(asked, Message):
        return Outcome(asked)
    if len(asked.rest) != 1 or not faces.pressable(asked.card, asked.rest[0]):
        return Outcome(Message.of(_(GONE)))
    return await _record(turn, asked, asked.rest[0])


async def sent(turn: Turn, event: Submit) -> Outcome:
    """`play-sent:5:0`."""
    asked = await _asked(turn, event)
    if isinstance(asked, Message):
        return Outcome(asked)
    if not faces.written(asked.card):
        return Outcome(Message.of(_(GONE)))
    given = forms.given(asked.card, asked.frame, event.fields)
    if isinstance(given, Unclear):
        return Outcome(_card(turn, asked.session, given.sentence))
    return await _record(turn, asked, given)


async def pick(turn: Turn, event: Press) -> Outcome:
    asked = await _asked(turn, event)
    if isinstance(asked, Message):
        return Outcome(asked)
    if not isinstance(asked.card, MultiChoice) or (picks := faces.picks(asked.card, asked.rest)) is None:
        return Outcome(Message.of(_(GONE)))
    return Outcome(_placed(asked, faces.picking(asked.card, asked.frame, picks, asked.picture(turn))))


async def reveal(turn: Turn, event: Press) -> Outcome:
    asked = await _asked(turn, event)
    if isinstance(asked, Message):
        return Outcome(asked)
    if asked.card.kind != "flashcard":
        return Outcome(Message.of(_(GONE)))
    return Outcome(_placed(asked, faces.revealed(asked.card, asked.frame, asked.picture(turn))))


async def write(turn: Turn, event: Press) -> Outcome:
    asked = await _asked(turn, event)
    if isinstance(asked, Message):
        return Outcome(asked)
    return Outcome(forms.form(asked.card, asked.frame) if faces.written(asked.card) else Message.of(_(GONE)))


async def hint(turn: Turn, event: Press) -> Outcome:
    asked = await _asked(turn, event)
    if isinstance(asked, Message):
        return Outcome(asked)
    if asked.card.hint is None:
        return Outcome(Message.of(_(GONE)))
    return Outcome(_placed(asked, faces.hint(asked.card, asked.frame, asked.picture(turn))))


async def _record(turn: Turn, asked: _Asked, given: str) -> Outcome:
    grade = grading.grade(asked.card, given)
    answer = PracticeAnswer(asked.position, given, grade.fraction, grade.correct)
    member = turn.member
    if await sessions.record(turn.tx, asked.session, answer, hinted=asked.frame.hinted, now=turn.now, day=turn.today):
        await streaks.practised(turn.tx, member.person_id, member.community_id, turn.today)
    session = await sessions.load(turn.tx, asked.session.id, member.person_id)
    assert session is not None
    return Outcome(_verdict(session, session.answers[asked.position]))


async def _session(turn: Turn, action: Action) -> Session | None:
    number = action.args[0] if action.args else ""
    if not number.isdecimal() or len(number) > 18:
        return None
    return await sessions.load(turn.tx, int(number), turn.member.person_id)


# ---------------------------------------------------------------- what it looks like


def _frame(session: Session, position: int, *, hinted: bool = False) -> Frame:
    return Frame("play-", (str(session.id), str(position)), f"{session.id}/{position}", hinted)


def _where(session: Session, position: int) -> Text:
    kept = session.cards[position]
    line = _(
        "Practice · card {at} of {number} · {deck} · {level}",
        at=position + 1,
        number=len(session.cards),
        deck=kept.deck_title,
        level=_(prose.LEVELS[kept.card.level]),
    )
    return Text.of(line, quiet=True)


def _placed(asked: _Asked, message: Message) -> Message:
    """The message under the line that says where in the session it is."""
    return prose.fitted(_where(asked.session, asked.position), *message.blocks)


def _card(turn: Turn, session: Session, note: str = "") -> Message:
    position = session.position
    if position == len(session.cards):
        return _summary(session)
    kept = session.cards[position]
    frame = _frame(session, position)
    return prose.fitted(
        _where(session, position),
        *([Text.of(note)] if note else []),
        *faces.question_blocks(kept.card, frame, turn.shelf.picture(kept.deck, kept.card)),
        *faces.controls(kept.card, frame),
    )


def _verdict(session: Session, answer: PracticeAnswer) -> Message:
    card = session.cards[answer.position].card
    grade = grading.grade(card, answer.given)
    done = session.position == len(session.cards)
    return prose.fitted(
        _where(session, answer.position),
        Text.of(clip(faces.asked(card), 300), quiet=True),
        Text.of(bold(verdicts.headline(card, grade))),
        *verdicts.blocks(card, answer.given, grade),
        *button_rows(
            [
                Button(_("Summary") if done else _("Next"), Action.of("next", session.id), Style.PRIMARY),
                Button(_("Report a problem"), Action.of("report", session.id, answer.position)),
            ]
        ),
        tone=verdicts.TONES[grade.verdict],
    )


def _summary(session: Session) -> Message:
    right = sum(answer.correct for answer in session.answers.values())
    missed = [at for at in range(len(session.cards)) if at in session.answers and not session.answers[at].correct]
    blocks: list[Block] = [
        Heading(_("Practice done")),
        Text.woven(
            _("**{right} of {number} right.** {cheer}"),
            right=str(right),
            number=str(len(session.cards)),
            cheer=_cheer(right, len(session.cards)),
        ),
    ]
    if missed:
        asked = [clip(" ".join(faces.asked(session.cards[at].card).split()), 110) for at in missed]
        blocks.append(Text.of(_("To look at again:") + "\n" + "\n".join(f"• {line}" for line in asked[:15])))
    buttons = [Button(_("Retry the missed ones"), Action.of("retry", session.id), Style.PRIMARY)] if missed else []
    decks_asked = {kept.deck for kept in session.cards}
    again = Action.of("play", *(decks_asked if len(decks_asked) == 1 else ()))
    buttons += [Button(_("Practise more"), again), Button(_("My stats"), Action.of("stats"))]
    return Message.of(*blocks, *button_rows(buttons))


def _cheer(right: int, of: int) -> str:
    if right == of:
        return _("All of them. Well done.")
    return _("Well on the way.") if right * 2 >= of else _("The missed ones are the ones worth another look.")
