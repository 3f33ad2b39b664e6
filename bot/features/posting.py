"""What a channel sees of its daily question: the question while it is open, its results at the end."""

from __future__ import annotations

from collections.abc import Sequence

from bot.features import daily, faces, prose, reactions, verdicts
from bot.library.shelf import Shelf
from bot.messages import (
    Action,
    Block,
    Button,
    Heading,
    Message,
    Run,
    Text,
    When,
    bold,
    button_rows,
    clip,
    plain,
    woven,
)
from bot.quiz.cards import LETTERS, Card, Explain, Flashcard, MultiChoice, SingleChoice, TrueFalse
from bot.store.answers import Tally
from bot.store.posts import PostRow
from bot.store.schedules import Feedback, Mode
from bot.words import N_, _, ngettext, number, percent, pgettext

AT_CLOSE = N_("Results come when the question closes; until then you can change your answer.")
BAR = 12
"""Characters of the longest bar; what a phone shows on one line beside the share."""


def question(post: PostRow, shelf: Shelf) -> Message:
    """The post while it is open."""
    return prose.fitted(Heading(_("Question of the day")), about(post), *asked(post, shelf))


def about(post: PostRow) -> Text:
    """Where the card is from, how hard it is, and until when it can be answered."""
    return Text.woven(
        _("{deck} · {level} · closes {instant}"),
        deck=post.deck_title,
        level=_(prose.LEVELS[post.card.level]),
        instant=When(post.closes_at),
        quiet=True,
    )


def asked(post: PostRow, shelf: Shelf) -> tuple[Block, ...]:
    """The question, and the way to answer it."""
    here = daily.frame(post)
    shown = faces.question_blocks(post.card, here, shelf.picture(post.deck, post.card), _labels(post))
    if post.mode is Mode.REACTIONS:
        return *shown, Text.of(_(reactions.HOW), quiet=True)
    later = [Text.of(_(AT_CLOSE), quiet=True)] if post.feedback is Feedback.AT_CLOSE else []
    return *shown, *later, *faces.controls(post.card, here)


def _labels(post: PostRow) -> Sequence[str]:
    return faces.KEYCAPS if post.mode is Mode.REACTIONS else LETTERS


def results(post: PostRow, tally: Tally, shelf: Shelf, elsewhere: int = 0) -> Message:
    """The post after closing: the answer, how the channel did, and why. `elsewhere`: how many answered it in another
    channel, where nobody did here.
    """
    labels = _labels(post)
    picture = shelf.picture(post.deck, post.card)
    blocks: list[Block] = [
        Heading(_("Question of the day · closed")),
        Text.of(f"{post.deck_title} · {_(prose.LEVELS[post.card.level])}", quiet=True),
        *faces.question_blocks(post.card, daily.frame(post), picture, labels),
        verdicts.right_block(post.card, labels),
        *([daily.corrected()] if post.corrected else []),
    ]
    if tally.answered:
        blocks += [bars(post.card, tally, labels), _who(post.card, tally)]
    else:
        blocks.append(Text.of(_nobody(elsewhere)))
    blocks += faces.explanation_blocks(post.card)
    mine = [Button(_("My result"), Action.of("result", post.id))] if post.collects else []
    blocks += button_rows([*mine, Button(_("Practise it"), Action.of("practise", post.id))])
    return prose.fitted(*blocks)


def bars(card: Card, tally: Tally, labels: Sequence[str] = LETTERS) -> Text:
    """A line per option, or per verdict where answers are written: a bar, its share and its count."""
    lines = _shares(card, tally, labels)
    longest = max(people for _label, people, _right in lines) or 1
    runs: list[Run] = []
    for label, people, right in lines:
        length = round(BAR * people / longest)
        runs += [
            plain(("\n" if runs else "") + ("✅ " if right else "▫️ ")),
            bold(label),
            plain(f"  {'█' * length}{'░' * (BAR - length)}  {percent(people / tally.answered)} ({number(people)})"),
        ]
    return Text(tuple(runs))


def _shares(card: Card, tally: Tally, labels: Sequence[str]) -> list[tuple[str, int, bool]]:
    """Label, number of people, whether it is right."""
    given = dict(tally.by_given)
    match card:
        case SingleChoice():
            letters = LETTERS[: len(card.options)]
            return [(labels[i], given.get(letter, 0), card.options[i].correct) for i, letter in enumerate(letters)]
        case MultiChoice():
            letters = LETTERS[: len(card.options)]
            return [
                (letter, sum(n for picks, n in given.items() if letter in picks), card.options[i].correct)
                for i, letter in enumerate(letters)
            ]
        case TrueFalse():
            return [
                (_(said), given.get(str(value).lower(), 0), card.answer is value)
                for value, said in faces.TRUTHS.items()
            ]
        case Flashcard():
            return [(_(said), given.get(grade, 0), False) for grade, said in faces.GRADES.items()]
        case Explain():
            return [
                (_("All concepts"), tally.correct, True),
                (_("Some or none"), tally.answered - tally.correct, False),
            ]
        case _other:
            # For translators: how many gave the right answer, beside a bar
            right = pgettext("answers", "Right")
            return [(right, tally.correct, True), (_("Not right"), tally.answered - tally.correct, False)]


def _nobody(elsewhere: int) -> str:
    if not elsewhere:
        return _("Nobody answered this one.")
    return ngettext(
        "Nobody answered here first: {number} person answered it in another channel, and an answer counts once a day.",
        "Nobody answered here first: {number} people answered it in another channel, and an answer counts once a day.",
        elsewhere,
    )


def _who(card: Card, tally: Tally) -> Text:
    """How many answered, who was first, how many kept a streak: a sentence each."""
    if isinstance(card, Flashcard):
        said = ngettext("**{number} person** answered.", "**{number} people** answered.", tally.answered)
    else:
        said = ngettext(
            "**{number} person** answered, {right} got it right.",
            "**{number} people** answered, {right} got it right.",
            tally.answered,
        )
    parts: list[Run | str] = [*woven(said, right=number(tally.correct))]
    if tally.first_correct and not isinstance(card, Flashcard):
        names = ", ".join(clip(name, 40) for name in tally.first_correct)
        parts += [" ", *woven(_("First right: {names}."), names=names)]
    if tally.streaks_kept:
        kept = ngettext(
            "{number} person kept a streak going.", "{number} people kept a streak going.", tally.streaks_kept
        )
        parts += [" ", kept]
    return Text.of(*parts)
