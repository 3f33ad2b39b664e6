"""What a channel sees of its daily question: the question while it is open, its results at the end."""

from __future__ import annotations

from collections.abc import Sequence

from bot.features import daily, faces, prose, reactions, verdicts
from bot.features.prose import count
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
)
from bot.quiz.cards import LETTERS, Card, Explain, Flashcard, MultiChoice, SingleChoice, TrueFalse
from bot.store.answers import Tally
from bot.store.posts import PostRow
from bot.store.schedules import Feedback, Mode

AT_CLOSE = Text.of("Results come when the question closes; until then you can change your answer.", quiet=True)
BAR = 12
"""Characters of the longest bar; what a phone shows on one line beside the share."""


def question(post: PostRow, shelf: Shelf) -> Message:
    """The post while it is open."""
    about = Text.of(f"{post.deck_title} · {post.card.level} · closes ", When(post.closes_at), quiet=True)
    return prose.fitted(Heading("Question of the day"), about, *asked(post, shelf))


def asked(post: PostRow, shelf: Shelf) -> tuple[Block, ...]:
    """The question, and the way to answer it."""
    here = daily.frame(post)
    shown = faces.question_blocks(post.card, here, shelf.picture(post.deck, post.card), _labels(post))
    if post.mode is Mode.REACTIONS:
        return *shown, reactions.HOW
    later = [AT_CLOSE] if post.feedback is Feedback.AT_CLOSE else []
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
        Heading("Question of the day · closed"),
        Text.of(f"{post.deck_title} · {post.card.level}", quiet=True),
        *faces.question_blocks(post.card, daily.frame(post), picture, labels),
        verdicts.right_block(post.card, labels),
        *([daily.CORRECTED] if post.corrected else []),
    ]
    if tally.answered:
        blocks += [bars(post.card, tally, labels), Text.of(*_who(post.card, tally))]
    else:
        blocks.append(Text.of(_nobody(elsewhere)))
    blocks += faces.explanation_blocks(post.card)
    mine = [Button("My result", Action.of("result", post.id))] if post.collects else []
    blocks += button_rows([*mine, Button("Practise it", Action.of("practise", post.id))])
    return prose.fitted(*blocks)


def bars(card: Card, tally: Tally, labels: Sequence[str] = LETTERS) -> Text:
    """A line per option, or per verdict where answers are written: a bar, its share and its count."""
    lines = _shares(card, tally, labels)
    longest = max(number for _, number, _ in lines) or 1
    runs: list[Run] = []
    for label, number, right in lines:
        length = round(BAR * number / longest)
        share = round(100 * number / tally.answered)
        runs += [
            plain(("\n" if runs else "") + ("✅ " if right else "▫️ ")),
            bold(label),
            plain(f"  {'█' * length}{'░' * (BAR - length)}  {share} % ({number})"),
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
            return [(str(value), given.get(str(value).lower(), 0), card.answer is value) for value in (True, False)]
        case Flashcard():
            return [(grade.capitalize(), given.get(grade, 0), False) for grade in ("again", "hard", "good", "easy")]
        case Explain():
            return [("All concepts", tally.correct, True), ("Some or none", tally.answered - tally.correct, False)]
        case _:
            return [("Right", tally.correct, True), ("Not right", tally.answered - tally.correct, False)]


def _nobody(elsewhere: int) -> str:
    if not elsewhere:
        return "Nobody answered this one."
    people = count(elsewhere, "person", "people")
    return f"Nobody answered here first: {people} answered it in another channel, and an answer counts once a day."


def _who(card: Card, tally: Tally) -> list[Run | str]:
    parts: list[Run | str] = [bold(count(tally.answered, "person", "people")), " answered"]
    if not isinstance(card, Flashcard):
        parts.append(f", {tally.correct} got it right")
    parts.append(".")
    if tally.first_correct and not isinstance(card, Flashcard):
        parts.append(f" First right: {', '.join(clip(name, 40) for name in tally.first_correct)}.")
    if tally.streaks_kept:
        parts.append(f" {count(tally.streaks_kept, 'person', 'people')} kept a streak going.")
    return parts
