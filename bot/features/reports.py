"""*Report a problem* on a verdict: a small form, and what admins find of it, without names."""

from __future__ import annotations

import re
from typing import Final

from bot.events import Press, Submit
from bot.features import cases, daily, faces, prose
from bot.features.cases import REASONS
from bot.features.turn import Outcome, Turn
from bot.messages import (
    Action,
    Block,
    Button,
    Choice,
    Form,
    Heading,
    Message,
    SelectInput,
    Text,
    TextInput,
    bold,
    button_rows,
    clip,
)
from bot.store import answers, cards, corrections, sessions
from bot.store import reports as kept
from bot.store.cards import KeptCard
from bot.store.reports import Reason
from bot.store.sessions import Learner
from bot.words import _, ngettext

WORDS: Final = 500
"""Characters of what somebody writes to a report."""

LISTED: Final = 8
"""Cards that are listed, and corrections."""


async def form(turn: Turn, event: Press) -> Outcome:
    """`report:17`: opens the form, for somebody who has answered."""
    if await _seen(turn, event.action) is None:
        return Outcome(Message.of(_(daily.STALE)))
    every = tuple(Choice(_(words), reason) for reason, words in REASONS.items())
    return Outcome(
        Form(
            _("Report a problem"),
            (
                SelectInput("reason", _("What is wrong?"), every, Reason.KEY),
                TextInput("words", _("In your words, if you like"), long=True, most=WORDS, required=False),
            ),
            Action("report-sent", event.action.args),
            intro=_("Admins see it without your name."),
            send=_("Send"),
        )
    )


async def sent(turn: Turn, event: Submit) -> Outcome:
    card = await _seen(turn, event.action)
    reason = next((each for each in Reason if each == event.fields.get("reason")), None)
    if card is None or reason is None:
        return Outcome(Message.of(_(daily.STALE)))
    words = " ".join(event.fields.get("words", "").split())
    again = button_rows([Button(_("Report a problem"), Action("report", event.action.args))])
    if len(words) > WORDS:
        too_long = _(
            "That is longer than {number} characters, so nothing was reported. Please shorten it.", number=WORDS
        )
        return Outcome(Message.of(too_long, *again))
    me = turn.member
    learner = Learner(me.community_id, me.person_id, me.account_id, event.place)
    if not await kept.report(turn.tx, learner, card, reason, words, turn.now):
        return Outcome(Message.of(_("You have reported this card already. Admins see it at /quiz fix; thank you.")))
    return Outcome(
        Message.of(_("Thank you: an admin will look at it. Should your grade change by that, you will be told."))
    )


async def _seen(turn: Turn, action: Action) -> KeptCard | None:
    """The card that an action names, if the person has answered it there."""
    if len(action.args) == 1:
        post = await daily.named_post(turn, action)
        if post is None or not await answers.own(turn.tx, turn.member.person_id, post.card_id, post.day):
            return None
        return (await cards.by_ids(turn.tx, [post.card_id]))[post.card_id]
    if len(action.args) != 2 or not all(re.fullmatch(r"[0-9]{1,15}", arg) for arg in action.args):
        return None
    session, position = await sessions.load(turn.tx, int(action.args[0]), turn.member.person_id), int(action.args[1])
    return session.cards[position] if session is not None and position in session.answers else None


# ---------------------------------------------------------------- for admins


async def catalogue(turn: Turn, event: Press) -> Outcome:
    """`fixes`: cards with reported problems, and the log of corrections."""
    me = turn.member
    reported = await kept.open_cards(turn.tx, me.community_id, LISTED)
    known = await cards.by_ids(turn.tx, {each.card_id for each in reported})
    blocks: list[Block] = [Heading(_("Reported problems"))]
    for number, each in enumerate(reported, 1):
        asked = clip(" ".join(faces.asked(known[each.card_id].card).split()), 110)
        blocks.append(Text.of(bold(f"{number}. {asked}"), "\n", cases.reasons(each)))
    more = await kept.count(turn.tx, me.community_id) - sum(each.number for each in reported)
    if not reported:
        blocks.append(Text.of(_("None: nobody has a problem with a card that is not settled.")))
    elif more > 0:
        blocks.append(
            Text.of(
                ngettext("And {number} report of other cards.", "And {number} reports of other cards.", more),
                quiet=True,
            )
        )
    blocks += button_rows(
        Button(_("Look at {number}", number=at), Action.of("fix", each.card_id)) for at, each in enumerate(reported, 1)
    )
    made = await corrections.latest(turn.tx, me.community_id, LISTED)
    if made:
        blocks += [Heading(_("Corrections")), *cases.log(made, named=True)]
    return Outcome(prose.fitted(*blocks))
