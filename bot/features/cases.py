"""A card as admins see it: its key, what people say is wrong with it, who corrected what, and what can be done."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from bot.events import Press, Submit
from bot.features import faces, prose, verdicts
from bot.features.faces import Frame
from bot.features.turn import Outcome, Turn
from bot.messages import (
    Action,
    Block,
    Button,
    Heading,
    Message,
    Run,
    Style,
    Text,
    When,
    bold,
    button_rows,
    clip,
    plain,
)
from bot.quiz import corrections as rules
from bot.quiz.corrections import Extent
from bot.store import cards, corrections, reports
from bot.store.cards import KeptCard
from bot.store.corrections import Correction, State
from bot.store.reports import Reason, Reported
from bot.words import N_, _, ngettext, number, pgettext

LOGGED: Final = 5
REASONS: Final = {
    Reason.KEY: N_("The right answer is wrong"),
    Reason.MINE: N_("My answer is right, too"),
    Reason.UNCLEAR: N_("The question is unclear"),
    Reason.DATED: N_("It is out of date"),
    Reason.OTHER: N_("Something else"),
}
"""As the form offers them."""

# For translators: what people say is wrong with a question, in a list: “3 reports: it is out of date (2), …”
REPORTED: Final = {
    Reason.KEY: N_("the right answer is wrong"),
    Reason.MINE: N_("my answer is right, too"),
    Reason.UNCLEAR: N_("the question is unclear"),
    Reason.DATED: N_("it is out of date"),
    Reason.OTHER: N_("something else"),
}
"""As they are listed."""


def to_all() -> Button:
    return Button(_("Reports and corrections"), Action.of("fixes"))


def gone() -> Outcome:
    return Outcome(
        Message.of(_("That card is no longer here. /quiz fix shows this channel’s latest."), *button_rows([to_all()]))
    )


async def open_card(turn: Turn, event: Press) -> Outcome:
    """`fix:12`: a card that was posted or reported here."""
    card = await named(turn, event)
    return gone() if card is None else Outcome(await page(turn, card))


async def named(turn: Turn, event: Press | Submit) -> KeptCard | None:
    """The card that an action's first argument names, if it is one of the member's community."""
    named_card = event.action.args[0] if event.action.args else ""
    if not re.fullmatch(r"[0-9]{1,15}", named_card):
        return None
    return await cards.of_community(turn.tx, turn.member.community_id, int(named_card))


async def page(turn: Turn, card: KeptCard, head: str = "") -> Message:
    """A card with its key, what people say is wrong with it, who corrected what, and what can be done."""
    me = turn.member
    reported = await reports.of_card(turn.tx, me.community_id, card.deck, card.card.id)
    made = await corrections.of_card(turn.tx, me.community_id, card.deck, card.card.id, LOGGED)
    taken = await cards.retired(turn.tx, [me.community_id])
    retired = (card.deck, card.card.id) in taken.get(me.community_id, ())
    answered, put = await corrections.count_answers(turn.tx, [card.id])
    # For translators: {answers} is “3 answers”
    state = ngettext("{answers} in {number} post", "{answers} in {number} posts", put, answers=prose.answers(answered))
    parts = [card.deck_title, card.card.id, state, *([pgettext("card", "retired")] if retired else [])]
    return prose.fitted(
        *([Text.of(head)] if head else []),
        Heading(_("Correct a card")),
        Text.of(" · ".join(parts), quiet=True),
        *faces.question_blocks(card.card, _frame(card)),
        verdicts.right_block(card.card),
        *(about(reported) if reported else ()),
        *log(made),
        *button_rows(_buttons(card, reported=reported is not None, retired=retired)),
    )


def _frame(card: KeptCard) -> Frame:
    return Frame("fix-", (str(card.id),), "")  # no seed: an ordering's letters are the author's


def _buttons(card: KeptCard, *, reported: bool, retired: bool) -> Iterable[Button]:
    if rules.extents(card.card):
        yield Button(_("Correct it"), Action.of("fix-form", card.id), Style.PRIMARY)
    if card.correction:
        yield Button(_("As in the deck"), Action.of("fix-deck", card.id))
    if reported:
        yield Button(_("Dismiss the reports"), Action.of("report-dismiss", card.id))
    if retired:
        yield Button(_("Post it again"), Action.of("card-return", card.id))
    else:
        yield Button(_("Retire it"), Action.of("card-retire", card.id), Style.DANGER)
    yield to_all()


def log(made: Sequence[Correction], *, named: bool = False) -> tuple[Block, ...]:
    """Who corrected what, a line each, the newest first; `named`: with the card's name."""
    lines: list[Run] = []
    for each in made:
        which = f"{each.card}: " if named else ""
        what = (
            _("back to the deck’s key") if each.extent is Extent.DECK else f"{short(each.before)} → {short(each.after)}"
        )
        who = clip(each.who or _("somebody"), 40)
        lines += [plain("\n" if lines else ""), When(each.at), plain(f" · {who} · ")]
        lines += [plain(which), bold(what), plain(f" · {_grown(each)}")]
    return (Text(prose.clipped(lines, 1500)),) if lines else ()


def _grown(made: Correction) -> str:
    every = number(made.total)
    if made.state in (State.TELLING, State.DONE, State.SUPERSEDED):
        return ngettext(
            "{number} answer of {every} changed", "{number} answers of {every} changed", made.changed, every=every
        )
    return ngettext(
        "{number} answer of {every} changed so far",
        "{number} answers of {every} changed so far",
        made.changed,
        every=every,
    )


def short(key: str) -> str:
    """`corrections.key`, as long as it may be beside others."""
    truth = {str(value): words for value, words in faces.TRUTHS.items()}.get(key)
    return clip(key, 80) if truth is None else _(truth)


def reasons(each: Reported) -> str:
    said = ", ".join(f"{_(REPORTED[reason])} ({number(people)})" for reason, people in each.reasons)
    return ngettext("{number} report: {reasons}", "{number} reports: {reasons}", each.number, reasons=said)


def about(each: Reported) -> tuple[Block, ...]:
    """What people say is wrong with a card."""
    quotes = "".join(f"\n• {clip(words, 160)}" for words in each.words)
    return (Text.of(f"⚠️ {reasons(each)}{quotes}"),)


# ---------------------------------------------------------------- retired, and dismissed


async def retire(turn: Turn, event: Press) -> Outcome:
    """`card-retire:12`."""
    return await _settled(turn, event, retired=True)


async def bring_back(turn: Turn, event: Press) -> Outcome:
    """`card-return:12`."""
    return await _settled(turn, event, retired=False)


async def dismiss(turn: Turn, event: Press) -> Outcome:
    """`report-dismiss:12`."""
    card = await named(turn, event)
    if card is None:
        return gone()
    settled = await reports.settle(turn.tx, turn.member.community_id, card.deck, card.card.id, turn.now)
    said = _("There was no report left to dismiss.")
    if settled:
        said = ngettext("{number} report dismissed.", "{number} reports dismissed.", settled)
    return Outcome(await page(turn, card, said))


async def _settled(turn: Turn, event: Press, *, retired: bool) -> Outcome:
    card = await named(turn, event)
    if card is None:
        return gone()
    me = turn.member
    if not retired:
        await cards.bring_back(turn.tx, card, me.community_id)
        return Outcome(await page(turn, card, _("It can be a daily question again.")))
    await cards.retire(turn.tx, card, me.community_id, event.place, turn.now)
    await reports.settle(turn.tx, me.community_id, card.deck, card.card.id, turn.now)
    return Outcome(await page(turn, card, _("Retired: it is no daily question any more. What is open stays open.")))
