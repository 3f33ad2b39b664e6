"""`/quiz fix`: an admin says what is right; every answer to the card is graded by that, and whom it concerns is told.

What is to be corrected is kept until the yes, so that a button can name it. The regrading itself is `bot.examiner`'s.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.events import Command, Completion, Place, Press, Submit, legible
from bot.features import cases, faces, keys, prose, verdicts
from bot.features.cases import gone, to_all
from bot.features.turn import Outcome, Turn
from bot.messages import (
    LIMITS,
    Action,
    Button,
    Choice,
    Choices,
    Form,
    Heading,
    Message,
    Run,
    Style,
    Text,
    bold,
    button_rows,
    clip,
    plain,
    woven,
)
from bot.quiz import corrections as rules
from bot.quiz import grading, scoring
from bot.quiz.cards import Card
from bot.quiz.corrections import Extent, Unfit
from bot.store import cards, corrections, posts, reports
from bot.store.cards import KeptCard
from bot.store.corrections import Correction, State
from bot.store.people import Community
from bot.store.posts import PostRow
from bot.words import N_, _, day, ngettext, number

DISTINCT: Final = 300
"""Different answers that are graded to foretell what changes; where there are more, it says so."""

LIKE_POST: Final = r"\d+|<?https?://\S+"
"""What a post's number or link looks like among other words."""


class _Unknown(Exception):
    """No such post, or none for whoever asks; `str` is the sentence that says so."""


async def fix(turn: Turn, event: Command) -> Outcome:
    """Without `right` the card, its key and its log; with it, what would change."""
    try:
        post = await _post(turn, event)
    except _Unknown as unknown:
        return Outcome(Message.of(str(unknown), *button_rows([to_all()])))
    card = (await cards.by_ids(turn.tx, [post.card_id]))[post.card_id]
    if "right" not in event.options:
        return Outcome(await cases.page(turn, card))
    return Outcome(await _proposed(turn, event.place, card, legible(str(event.options["right"]))))


# ---------------------------------------------------------------- which card


async def _post(turn: Turn, event: Command) -> PostRow:
    here = event.place
    if "post" not in event.options:
        latest = await posts.latest(turn.tx, turn.member.community_id, 1, here)
        if not latest:
            raise _Unknown(_("Nothing has been posted in this channel yet. Name a post by its number or its link."))
        return latest[0]
    asked = legible(str(event.options["post"])).strip().strip("<>").partition("|")[0]
    for message in _messages(asked):
        if (found := await posts.of_message(turn.tx, turn.member.community_id, message)) is not None:
            return found
    numbered = re.fullmatch(r"#?([0-9]{1,15})", asked)
    found = await posts.by_id(turn.tx, int(numbered[1])) if numbered else None
    if found is None or found.community_id != turn.member.community_id:
        raise _Unknown(
            _(
                "There is no question “{post}” here. Name one by the link that the app’s menu copies for its message, or "
                "leave it out for this channel’s latest.",
                post=clip(asked, 60),
            )
        )
    return found


def _messages(asked: str) -> tuple[str, ...]:
    """What the message of a link, or of a bare number, may be called: its last part; `p1700000000000100` is a moment."""
    last = re.split(r"[/#=]", re.split(r"[?]", asked)[0].rstrip("/"))[-1]
    if (moment := re.fullmatch(r"p(\d{10})(\d{6})", last)) is not None:
        return (f"{moment[1]}.{moment[2]}",)
    return (last,) if "/" in asked or len(last) > 15 else ()


async def complete(tx: AsyncConnection, community: Community, event: Completion, now: datetime) -> Choices:
    """The latest posts whose question or number holds what is being typed; for admins."""
    if not event.actor.is_admin:
        return Choices()
    typed = event.typed.strip().casefold()
    found: list[Choice] = []
    for post in await posts.latest(tx, community.id, 50):
        asked = f"{post.id}: {' '.join(faces.asked(post.card).split())} ({day(post.day)})"
        if typed in asked.casefold():
            found.append(Choice(clip(asked, LIMITS.OPTION), str(post.id)))
    return Choices(tuple(found[: LIMITS.CHOICES]))


# ---------------------------------------------------------------- what is right


async def form(turn: Turn, event: Press) -> Outcome:
    """`fix-form:12`: what is right, from the card's options where it has some."""
    card = await cases.named(turn, event)
    if card is None:
        return gone()
    inputs = keys.inputs(card.card)
    if not inputs:
        return Outcome(await cases.page(turn, card, _no_key(card.card)))
    intro = clip(" ".join(faces.asked(card.card).split()), 400)
    return Outcome(Form(_("Correct a card"), inputs, Action.of("fix-sent", card.id), intro=intro, send=_("Next")))


def _no_key(card: Card) -> str:
    try:
        rules.corrected(card, "x", Extent.ONLY)
    except Unfit as unfit:
        return keys.why(unfit)
    return ""


async def sent(turn: Turn, event: Submit) -> Outcome:
    card = await cases.named(turn, event)
    if card is None:
        return gone()
    return Outcome(await _proposed(turn, event.place, card, keys.said(card.card, event.fields)))


async def _proposed(turn: Turn, place: Place, card: KeptCard, said: str) -> Message:
    """What would change, and the yes; or why it can't be, or needn't."""
    back = button_rows([Button(_("Back"), Action.of("fix", card.id)), to_all()])
    possible: dict[Extent, Card] = {}
    refused = _no_key(card.card)
    for extent in rules.extents(card.card):
        try:
            new = rules.corrected(card.card, said, extent)
        except Unfit as unfit:
            refused = keys.why(unfit)
            continue
        if new != card.card:
            possible[extent] = new
        else:
            refused = _("That is right already: {key}. Nothing changes.", key=cases.short(rules.key(card.card)))
    if not possible:
        return Message.of(refused, *back)
    return await _asked(turn, place, card, said, possible)


async def as_in_deck(turn: Turn, event: Press) -> Outcome:
    """`fix-deck:12`: take the community's corrections of a card back."""
    card = await cases.named(turn, event)
    if card is None:
        return gone()
    original = await corrections.deck_card(turn.tx, card.id)
    if original == card.card:
        return Outcome(await cases.page(turn, card, _("That is as in the deck already. Nothing changes.")))
    return Outcome(await _asked(turn, event.place, card, "", {Extent.DECK: original}))


YES: Final = {
    Extent.ONLY: N_("Correct it"),
    Extent.ALSO: N_("Accept it, too"),
    Extent.DECK: N_("As in the deck"),
}


async def _asked(turn: Turn, place: Place, card: KeptCard, said: str, possible: Mapping[Extent, Card]) -> Message:
    me = turn.member
    proposed = await corrections.propose(
        turn.tx, me.community_id, card, me.person_id, said, next(iter(possible)), turn.now, place
    )
    versions = await corrections.versions(turn.tx, me.community_id, card)
    answered, put = await corrections.count_answers(turn.tx, versions)
    rows = await corrections.answered(turn.tx, list(versions), DISTINCT)
    every = sum(row.number for row in rows) == answered
    lines: list[Run] = []
    buttons: list[Button] = []
    for extent, new in possible.items():
        changes = sum(row.number for row in rows if _differs(new, row.given, row.fraction, row.points))
        label = _("Make it the only one") if extent is Extent.ONLY and len(possible) > 1 else _(YES[extent])
        before, after = cases.short(rules.key(card.card)), cases.short(rules.key(new))
        told = _changing(changes, answered, at_least=not every)
        lines += [plain("\n" if lines else ""), bold(f"{label}: "), *woven(told, before=before, after=after)]
        buttons.append(Button(label, Action.of("fix-do", proposed, extent), Style.DANGER))
    return prose.fitted(
        Heading(_("Correct this card?")),
        prose.text(clip(faces.asked(card.card), 300)),
        Text(tuple(lines)),
        Text.of(
            ngettext(
                "All answers in {number} post are graded anew, points and boards move along, closed posts show it, and whoever "
                "gets another grade is told.",
                "All answers in {number} posts are graded anew, points and boards move along, closed posts show it, and "
                "whoever gets another grade is told.",
                put,
            ),
            quiet=True,
        ),
        *button_rows([*buttons, Button(_("Back"), Action.of("fix", card.id))]),
    )


def _changing(changes: int, answered: int, *, at_least: bool) -> str:
    """How many answers change, around the places {before} and {after}."""
    if at_least:
        return ngettext(
            "{before} → **{after}**; at least {number} answer of {every} changes.",
            "{before} → **{after}**; at least {number} answers of {every} change.",
            changes,
            every=number(answered),
        )
    return ngettext(
        "{before} → **{after}**; {number} answer of {every} changes.",
        "{before} → **{after}**; {number} answers of {every} change.",
        changes,
        every=number(answered),
    )


def _differs(card: Card, given: str, fraction: float, points: int) -> bool:
    grade = grading.grade(card, given)
    return grade.fraction != fraction or scoring.points(card, grade)[0] != points


async def do(turn: Turn, event: Press) -> Outcome:
    """`fix-do:7:only`: yes."""
    correction = await _named(turn, event)
    extent = next((each for each in Extent if event.action.args[1:] == (each,)), None)
    if correction is None or extent is None or (extent is Extent.DECK) != (correction.extent is Extent.DECK):
        return gone()
    card = (await cards.by_ids(turn.tx, [correction.card_id]))[correction.card_id]
    if correction.state is not State.PROPOSED:
        return Outcome(_progress(correction, card))
    if card.correction != correction.base:
        return Outcome(await cases.page(turn, card, _(MEANWHILE)))
    if not await corrections.confirm(turn.tx, correction.id, turn.member.person_id, extent, turn.now):
        return Outcome(Message.of(_(MEANWHILE), *button_rows([to_all()])))
    await reports.settle(turn.tx, turn.member.community_id, card.deck, card.card.id, turn.now)
    return Outcome(corrected=correction.id)


MEANWHILE: Final = N_("Somebody else has corrected this card meanwhile, so nothing was done. This is how it is now.")


async def progress(turn: Turn, event: Press) -> Outcome:
    """`fix-state:7`: how far it is."""
    correction = await _named(turn, event)
    if correction is None:
        return gone()
    return Outcome(await state(turn.tx, correction.id))


async def _named(turn: Turn, event: Press) -> Correction | None:
    asked = event.action.args[0] if event.action.args else ""
    found = await corrections.by_id(turn.tx, int(asked)) if re.fullmatch(r"[0-9]{1,9}", asked) else None
    return found if found is not None and found.community_id == turn.member.community_id else None


async def state(tx: AsyncConnection, correction_id: int) -> Message:
    """What became of a correction so far."""
    correction = await corrections.by_id(tx, correction_id)
    assert correction is not None
    return _progress(correction, (await cards.by_ids(tx, [correction.card_id]))[correction.card_id])


def _progress(correction: Correction, card: KeptCard) -> Message:
    look = Button(_("Look at it"), Action.of("fix", card.id))
    match correction.state:
        case State.PROPOSED | State.CONFIRMED | State.REGRADING:
            said = ngettext(
                "**The card is corrected.** {done} of {number} answer is graded anew.",
                "**The card is corrected.** {done} of {number} answers are graded anew.",
                correction.total,
                done=number(correction.done),
            )
            again = Button(_("How far is it?"), Action.of("fix-state", correction.id))
            return Message.of(Text.woven(said), *button_rows([again, look]))
        case State.SUPERSEDED if correction.after:
            return Message.of(
                _("It was corrected, and another correction has followed."), *button_rows([look, to_all()])
            )
        case State.SUPERSEDED:
            return Message.of(_(MEANWHILE), *button_rows([look, to_all()]))
        case _:
            told = ngettext(
                "**Corrected.** {number} answer of {every} got another grade; whoever gave it is told.",
                "**Corrected.** {number} answers of {every} got another grade; whoever gave them is told.",
                correction.changed,
                every=number(correction.total),
            )
            if not correction.changed:
                told = _("**Corrected.** No answer got another grade.")
            return Message.of(
                Text.woven(told),
                verdicts.right_block(card.card),
                *button_rows([look, to_all()]),
            )
