"""The daily question, as people answer it: press, pick, reveal, write, hint; the verdict is for the presser alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import TypeAlias

from bot.events import Press, Submit
from bot.features import faces, forms, prose, verdicts
from bot.features.desk import Desk, account
from bot.features.faces import Frame
from bot.features.forms import Unclear
from bot.features.prose import fitted, streak_words
from bot.features.streak import shown_streak
from bot.features.turn import Outcome, Turn
from bot.messages import Action, Block, Button, Buttons, Message, Text, When, bold, button_rows, clip
from bot.quiz import grading, scoring
from bot.quiz.cards import Explain, Flashcard, MultiChoice, SingleChoice, TrueFalse
from bot.quiz.grading import Grade, Verdict
from bot.quiz.same import Same
from bot.quiz.streaks import Streak
from bot.store import answers, posts
from bot.store.answers import OwnAnswer
from bot.store.ballots import Receipt, Standing
from bot.store.pending import Pending
from bot.store.posts import PostRow, State
from bot.store.schedules import Feedback, Mode
from bot.words import N_, _, ngettext, pgettext, spoken

Pressed: TypeAlias = Callable[[Desk, Press, datetime], Awaitable[Outcome]]
Sent: TypeAlias = Callable[[Desk, Submit, datetime], Awaitable[Outcome]]
"""Features of the hot path: instead of a transaction they get the desk."""

STALE = N_(
    "That button belongs to another question or an older version of me, so nothing was recorded. /quiz today shows today’s."
)


def corrected() -> Text:
    """What stands with a question whose key was another one."""
    return Text.woven(_("**Corrected:** an admin has changed the right answer since this was asked."), quiet=True)


def frame(post: PostRow, *, hinted: bool = False) -> Frame:
    return Frame("", (str(post.id),), post.key, hinted)


async def _asked(desk: Desk, event: Press | Submit, now: datetime) -> tuple[PostRow, Frame, tuple[str, ...]] | Message:
    """The post that an action names, its frame and the action's other arguments; or the sentence that refuses it."""
    args = event.action.args
    hinted = args[-1:] == ("h",)
    number, *rest = (args[:-1] if hinted else args) or ("",)
    if not number.isdecimal() or len(number) > 18:
        return Message.of(_(STALE))
    post = await desk.post(int(number))
    if post is None or post.mode is not Mode.BUTTONS or not await desk.takes(post, event.place, event.actor, now):
        return Message.of(_(STALE))
    return post, frame(post, hinted=hinted), tuple(rest)


async def _settled(desk: Desk, post: PostRow, event: Press, now: datetime) -> Message | None:
    """What to show in place of another try: the closing, or the answer that stands already."""
    if now >= post.closes_at:
        return _late(post)
    mine = await desk.own(post, account(event.actor))
    if mine is None:
        return None
    if (
        mine.correction != post.correction
    ):  # it was remembered as it was before it was corrected, or still is to be regraded
        post = await desk.fresh(post)
    return verdict(post, mine.given, points_now(post, mine), mine.guessed, None, (_already(mine.answered_at),))


def points_now(post: PostRow, mine: OwnAnswer) -> int:
    """What an answer won, as it will be when it is regraded by the key that holds now."""
    if mine.correction == post.correction:
        return mine.points
    return scoring.points(post.card, grading.grade(post.card, mine.given))[0]


def _already(at: datetime) -> Text:
    return Text.woven(_("You have answered this one already, {instant}. That answer stands."), instant=When(at))


async def answer(desk: Desk, event: Press, now: datetime) -> Outcome:
    """`answer:17:B`: a choice, a set of picks, true or false, or a flashcard's self-grade."""
    asked = await _asked(desk, event, now)
    if isinstance(asked, Message):
        return Outcome(asked)
    post, here, rest = asked
    if len(rest) != 1 or not faces.pressable(post.card, rest[0]):
        return Outcome(Message.of(_(STALE)))
    return await _cast(desk, post, here, event, rest[0], now)


async def sent(desk: Desk, event: Submit, now: datetime) -> Outcome:
    """`sent:17`: the form of a written answer."""
    asked = await _asked(desk, event, now)
    if isinstance(asked, Message):
        return Outcome(asked)
    post, here, _rest = asked
    if not faces.written(post.card):
        return Outcome(Message.of(_(STALE)))
    given = forms.given(post.card, here, event.fields)
    if isinstance(given, Unclear):
        return Outcome(
            Message.of(given.sentence, *button_rows([Button(pgettext("button", "Answer"), here.action("write"))]))
        )
    return await _cast(desk, post, here, event, given, now)


async def pick(desk: Desk, event: Press, now: datetime) -> Outcome:
    """`pick:17:AC:B`: tick or untick B beside A and C."""
    asked = await _asked(desk, event, now)
    if isinstance(asked, Message):
        return Outcome(asked)
    post, here, rest = asked
    if not isinstance(post.card, MultiChoice) or (picks := faces.picks(post.card, rest)) is None:
        return Outcome(Message.of(_(STALE)))
    return Outcome(await _settled(desk, post, event, now) or faces.picking(post.card, here, picks))


async def reveal(desk: Desk, event: Press, now: datetime) -> Outcome:
    asked = await _asked(desk, event, now)
    if isinstance(asked, Message):
        return Outcome(asked)
    post, here, _rest = asked
    if not isinstance(post.card, Flashcard):
        return Outcome(Message.of(_(STALE)))
    return Outcome(await _settled(desk, post, event, now) or faces.revealed(post.card, here))


async def write(desk: Desk, event: Press, now: datetime) -> Outcome:
    """`write:17`: opens the form; the platform must get it at once, so one short read is all that happens here."""
    asked = await _asked(desk, event, now)
    if isinstance(asked, Message):
        return Outcome(asked)
    post, here, _rest = asked
    if not faces.written(post.card):
        return Outcome(Message.of(_(STALE)))
    return Outcome(await _settled(desk, post, event, now) or forms.form(post.card, here))


async def hint(desk: Desk, event: Press, now: datetime) -> Outcome:
    asked = await _asked(desk, event, now)
    if isinstance(asked, Message):
        return Outcome(asked)
    post, here, _rest = asked
    if post.card.hint is None:
        return Outcome(Message.of(_(STALE)))
    return Outcome(await _settled(desk, post, event, now) or faces.hint(post.card, here))


PRESSES: Mapping[str, Pressed] = {"answer": answer, "pick": pick, "reveal": reveal, "write": write, "hint": hint}
FORMS: Mapping[str, Sent] = {"sent": sent}
COUNTING = frozenset({"answer"})
"""Presses that may count for somebody's team, as every form does."""


async def _cast(desk: Desk, post: PostRow, here: Frame, event: Press | Submit, given: str, now: datetime) -> Outcome:
    if now >= post.closes_at:
        return Outcome(_late(post))
    if post.feedback is Feedback.AT_CLOSE:
        return Outcome(await _held(desk, post, here, event, given, now))
    post, receipt, grade = await desk.answer(post, account(event.actor), given, now, hinted=here.hinted)
    if receipt.standing is Standing.CLOSED:
        desk.forget(post.id)
        return Outcome(_late(post))
    streaks = (await desk.settings(post.community_id, now)).streaks
    return Outcome(_verdict(post, receipt, grade if receipt.standing is Standing.RECORDED else None, streaks=streaks))


async def _held(desk: Desk, post: PostRow, here: Frame, event: Press | Submit, given: str, now: datetime) -> Message:
    """Only kept: nobody learns how they did before the close, and until then they may think again."""
    who = account(event.actor)
    if not await desk.hold(Pending(post.id, post.community_id, who, given, here.hinted, now)):
        desk.forget(post.id)
        return _late(post)
    return recorded(post, given)


def recorded(post: PostRow, given: str) -> Message:
    """What is kept of somebody's answer until the close."""
    said = clip(verdicts.said_in_full(post.card, given), 700)
    return Message.of(
        Text.woven(_("**Recorded:** {answer}"), answer=said),
        Text.woven(
            _("You can change it until the question closes, {instant}. Your result comes then."),
            instant=When(post.closes_at),
        ),
    )


def _verdict(post: PostRow, receipt: Receipt, grade: Grade | None, *, streaks: bool) -> Message:
    """`streaks`: whether the community keeps them."""
    before: tuple[Block, ...] = ()
    streak = receipt.streak if streaks else None
    if receipt.standing is Standing.ALREADY:
        before = (_already(receipt.answered_at),)
    elif streaks and (frozen := _freezes_spent(receipt.streak_before, receipt.streak, post.day_number)):
        kept = ngettext(
            "❄️ {number} freeze kept your streak over the days you missed.",
            "❄️ {number} freezes kept your streak over the days you missed.",
            frozen,
        )
        before = (Text.of(kept),)
    if isinstance(post.card, SingleChoice | TrueFalse | Flashcard) and not before:
        return _of_option(Same(post), receipt.given, receipt.points, receipt.guessed, streak, spoken())
    return verdict(post, receipt.given, receipt.points, receipt.guessed, streak, before, grade)


@lru_cache(maxsize=1024)
def _of_option(
    post: Same[PostRow], given: str, points: int, guessed: bool, streak: Streak | None, language: str
) -> Message:
    """Kept in memory for each `language`, as a thousand people who press in a second choose among a few options of a post that the desk holds."""
    return verdict(post.it, given, points, guessed, streak)


def _freezes_spent(before: Streak, after: Streak, number: int) -> int:
    """How many freezes this answer used up."""
    return before.freezes - before.seen_from(number).freezes if after.current > 1 else 0


def verdict(
    post: PostRow,
    given: str,
    points: int,
    guessed: bool,
    streak: Streak | None,
    before: tuple[Block, ...] = (),
    grade: Grade | None = None,
) -> Message:
    """What the answerer sees: right or wrong, why, the explanation, points and streak."""
    grade = grade or grading.grade(post.card, given)
    if points:
        summary = [f"+{prose.points(points)}"]
    elif grade.verdict is Verdict.PARTLY:
        summary = [_("no points, since every part has to be right")]
    else:
        summary = [_("no points")]
    if streak is not None:
        summary.append(streak_words(streak))
    if guessed:
        summary.append(_("a guess, as you said"))
    may_guess = grade.correct and not guessed and not isinstance(post.card, Flashcard | Explain)
    guess = [Button(_("I guessed"), Action.of("guessed", post.id))] if may_guess else []
    return fitted(
        *before,
        Text.of(bold(verdicts.headline(post.card, grade)), "".join(f" · {each}" for each in summary)),
        *verdicts.blocks(post.card, given, grade),
        *((corrected(),) if post.corrected else ()),
        *button_rows([*guess, Button(_("Report a problem"), Action.of("report", post.id))]),
        tone=verdicts.TONES[grade.verdict],
    )


def _late(post: PostRow) -> Message:
    return Message.of(
        Text.woven(
            _("This question closed {instant}, so it scores nothing any more. You can still practise it."),
            instant=When(post.closes_at),
        ),
        *_practise(post),
    )


def _practise(post: PostRow) -> tuple[Buttons, ...]:
    return button_rows([Button(_("Practise it"), Action.of("practise", post.id))])


# ---------------------------------------------------------------- after the verdict


async def result(turn: Turn, event: Press) -> Outcome:
    """`result:17`: how somebody did, asked for once the question has closed."""
    post = await named_post(turn, event.action)
    if post is None:
        return Outcome(Message.of(_(STALE)))
    mine = await answers.own(turn.tx, turn.member.person_id, post.card_id, post.day)
    if mine is None:
        waits = post.state in (State.CLAIMED, State.OPEN, State.COLLECTING)
        return Outcome(
            Message.of(
                _("The question is still open.") if waits else _("You didn’t answer this one."), *_practise(post)
            )
        )
    return Outcome(verdict(post, mine.given, points_now(post, mine), mine.guessed, await shown_streak(turn)))


async def guessed(turn: Turn, event: Press) -> Outcome:
    """`guessed:17`: the person says that they guessed. No points are lost; the answer counts as not yet known."""
    post = await named_post(turn, event.action)
    mine = post and await answers.own(turn.tx, turn.member.person_id, post.card_id, post.day)
    if post is None or not mine:
        return Outcome(Message.of(_(STALE)))
    await answers.mark_guess(turn.tx, turn.member.person_id, mine.id)
    return Outcome(verdict(post, mine.given, points_now(post, mine), True, await shown_streak(turn)))


async def named_post(turn: Turn, action: Action) -> PostRow | None:
    """The post that an action's first argument names, if it is one of the member's community."""
    number = action.args[0] if action.args else ""
    if not number.isdecimal() or len(number) > 18:
        return None
    post = await posts.by_id(turn.tx, int(number))
    return post if post is not None and post.community_id == turn.member.community_id else None
