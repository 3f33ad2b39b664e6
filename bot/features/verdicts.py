"""What a person is told about their answer: right or wrong, why, and what would have been right."""

from __future__ import annotations

from collections.abc import Sequence

from bot.features import prose
from bot.features.faces import explanation_blocks
from bot.messages import LIMITS, Block, Run, Text, Tone, bold, clip, plain
from bot.quiz import grading
from bot.quiz.cards import (
    GAP,
    LETTERS,
    Card,
    Cloze,
    Explain,
    Flashcard,
    MultiChoice,
    Ordering,
    ShortAnswer,
    SingleChoice,
    TrueFalse,
)
from bot.quiz.grading import ConceptMark, Grade, Verdict

HEADLINES = {Verdict.CORRECT: "✅ Correct", Verdict.PARTLY: "🟡 Partly right", Verdict.WRONG: "❌ Not right"}
TONES = {Verdict.CORRECT: Tone.GOOD, Verdict.PARTLY: Tone.PARTLY, Verdict.WRONG: Tone.BAD}


def headline(card: Card, grade: Grade) -> str:
    """`✅ Correct`, `🟡 Partly right: 3 of 4`; a flashcard has no right or wrong."""
    if isinstance(card, Flashcard):
        return "✅ Reviewed" if grade.correct else "🔁 Reviewed: again soon"
    if grade.verdict is not Verdict.PARTLY:
        return HEADLINES[grade.verdict]
    match card:
        case Explain():
            found, every = sum(mark.covered for mark in grade.concepts), len(grade.concepts)
            return f"{HEADLINES[grade.verdict]}: {found} of {every} concepts"
        case Cloze():
            right, every = sum(mark.right for mark in grade.gaps), len(grade.gaps)
            return f"{HEADLINES[grade.verdict]}: {right} of {every} gaps"
        case _:
            return f"{HEADLINES[grade.verdict]}: {round(grade.fraction * 100)} %"


def blocks(card: Card, given: str, grade: Grade) -> tuple[Block, ...]:
    """Everything under the headline: what was said, why it is wrong, what is right, the explanation."""
    said: list[Block] = []
    why = [prose.text(clip(grade.why, 1200))] if grade.why else []
    match card:
        case Flashcard():
            said += [Text.of("You graded yourself ", bold(given.capitalize()), "."), right_block(card)]
        case Explain():
            said += [*_concepts(card, given, grade), *why]
        case Cloze():
            said += [*_gaps(grade), *why]
        case Ordering():
            said += [*_order(card, given, grade), *why]
        case _:
            words = (plain("You said "), bold(clip(said_in_full(card, given), 700)), plain("."))
            said += [Text(prose.clipped(words, LIMITS.TEXT)), *why]
            if not grade.correct:
                said.append(right_block(card))
    return (*said, *explanation_blocks(card))


def said_in_full(card: Card, given: str) -> str:
    """`B: 2(N−1)/N · S`: the letters with their options, or the answer itself."""
    match card:
        case SingleChoice() | MultiChoice():
            texts = (card.options[LETTERS.index(letter)].text for letter in given)
            return "; ".join(f"{letter}: {prose.unstyled(text)}" for letter, text in zip(given, texts, strict=True))
        case _:
            return grading.shown(card, given)


def right_block(card: Card, labels: Sequence[str] = LETTERS) -> Text:
    """What the right answer is, for everyone who did not give it; options by their letters, or by other `labels`."""
    right = grading.right_answer(card)
    match card:
        case Flashcard():
            return prose.text(card.back, bold("Answer  "))
        case Explain():
            return prose.text(card.reference, bold("A good answer  "))
        case Ordering():
            steps = "\n".join(f"{number}. {item}" for number, item in enumerate(card.items, 1))
            return prose.text(steps, bold("The right order\n"))
        case Cloze():
            return prose.text(_filled(card), bold("Filled in  "))
        case SingleChoice() | MultiChoice():
            right = "".join(letter for letter, each in zip(LETTERS, card.options, strict=False) if each.correct)
            heading = "Right answer  " if len(right) == 1 else "Right answers\n"
            parts: list[Run] = []
            for letter in right:
                parts += [bold(("\n" if parts else heading) + labels[LETTERS.index(letter)]), plain("\u2002")]
                parts += prose.runs(card.options[LETTERS.index(letter)].text)
            return Text(prose.clipped(parts, LIMITS.TEXT))
        case TrueFalse() | ShortAnswer():
            return Text.of(bold("Right answer  "), clip(grading.shown(card, right), 500))


def _filled(card: Cloze) -> str:
    return GAP.sub(lambda gap: f"**{gap[2]}**", card.text)


def _concepts(card: Explain, given: str, grade: Grade) -> list[Block]:
    lines: list[Run] = []
    for mark in grade.concepts:
        lines += [plain(("\n" if lines else "") + ("✅ " if mark.covered else "◻️ ")), bold(mark.text)]
        lines.append(plain(_because(mark)))
    missing = [mark.text.rstrip(".") for mark in grade.concepts if not mark.covered]
    found = len(grade.concepts) - len(missing)
    total = f"You got {found} of {len(grade.concepts)}"
    summary = f"{total}: missing {'; '.join(missing)}." if missing else f"{total}: every one of them."
    return [
        Text.of(clip(summary, 900)),
        Text(prose.clipped(lines, 1200)),
        Text.of("You wrote: ", clip(given, 500), quiet=True),
        prose.text(clip(card.reference, 900), bold("A good answer  ")),
    ]


def _because(mark: ConceptMark) -> str:
    if not mark.covered:
        return " (not found)"
    return (
        " — from your words " + clip(", ".join(f"“{words}”" for words in mark.evidence), 160) if mark.evidence else ""
    )


def _gaps(grade: Grade) -> list[Block]:
    lines: list[Run] = []
    for mark in grade.gaps:
        lines.append(plain(("\n" if lines else "") + ("✅ " if mark.right else "❌ ") + f"Gap {mark.name[1:]}: "))
        if mark.right:
            lines.append(bold(clip(mark.given, 120)))
        else:
            lines += [plain(clip(mark.given, 120) or "left empty"), plain(" → "), bold(mark.expected)]
    return [Text(prose.clipped(lines, 1200))]


def _order(card: Ordering, given: str, grade: Grade) -> list[Block]:
    lines: list[Run] = []
    for place, letter in enumerate(given):
        right = LETTERS.index(letter) == place
        lines.append(plain(("\n" if lines else "Your order\n") + ("✅ " if right else "❌ ")))
        lines += prose.runs(clip(card.items[LETTERS.index(letter)], 200))
    return [Text(prose.clipped(lines, 1300)), *([] if grade.correct else [right_block(card)])]
