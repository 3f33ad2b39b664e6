"""What a person is told about their answer: right or wrong, why, and what would have been right."""

from __future__ import annotations

from collections.abc import Sequence

from bot.features import prose
from bot.features.faces import GRADES, TRUTHS, explanation_blocks
from bot.messages import LIMITS, Block, Run, Text, Tone, bold, clip, plain, woven
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
from bot.quiz.grading import ConceptMark, Grade, Note, Verdict
from bot.words import N_, _, percent

HEADLINES = {
    Verdict.CORRECT: N_("✅ Correct"),
    Verdict.PARTLY: N_("🟡 Partly right"),
    Verdict.WRONG: N_("❌ Not right"),
}
NOTES = {
    Note.UNREADABLE: N_(
        "The right words are there, but not in a sentence. Say in a sentence or two how they belong together, and it counts."
    ),
    Note.REPEATED: N_("That is the question once more. Say the answer to it, and it counts."),
    Note.TYPO: N_("Right, but for a typo: it is written **{answer}**."),
}
"""How an answer was read, for its writer."""

TONES = {Verdict.CORRECT: Tone.GOOD, Verdict.PARTLY: Tone.PARTLY, Verdict.WRONG: Tone.BAD}


def headline(card: Card, grade: Grade) -> str:
    """`✅ Correct`, `🟡 Partly right: 3 of 4`; a flashcard has no right or wrong."""
    if isinstance(card, Flashcard):
        return _("✅ Reviewed") if grade.correct else _("🔁 Reviewed: again soon")
    if grade.verdict is not Verdict.PARTLY:
        return _(HEADLINES[grade.verdict])
    match card:
        case Explain():
            found, every = sum(mark.covered for mark in grade.concepts), len(grade.concepts)
            return _("🟡 Partly right: {found} of {number} concepts", found=found, number=every)
        case Cloze():
            right, every = sum(mark.right for mark in grade.gaps), len(grade.gaps)
            return _("🟡 Partly right: {found} of {number} gaps", found=right, number=every)
        case _other:
            return _("🟡 Partly right: {share}", share=percent(grade.fraction))


def blocks(card: Card, given: str, grade: Grade) -> tuple[Block, ...]:
    """Everything under the headline: what was said, why it is wrong, what is right, the explanation."""
    said: list[Block] = []
    why = [prose.text(clip(grade.why, 1200))] if grade.why else []
    if grade.note is not None:
        why.append(Text.woven(_(NOTES[grade.note]), answer=clip(grade.spelled, 300)))
    match card:
        case Flashcard():
            said += [
                Text.woven(_("You graded yourself **{grade}**."), grade=_(GRADES[given.lower()])),
                right_block(card),
            ]
        case Explain():
            said += [*_concepts(card, given, grade), *why]
        case Cloze():
            said += [*_gaps(grade), *why]
        case Ordering():
            said += [*_order(card, given, grade), *why]
        case _:
            words = woven(_("You said **{answer}**."), answer=clip(said_in_full(card, given), 700))
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
        case TrueFalse():
            stands = given.strip().lower() == "true"
            return _(TRUTHS[stands])
        case Flashcard():
            return _(GRADES[given.lower()])
        case _other:
            return grading.shown(card, given)


def right_block(card: Card, labels: Sequence[str] = LETTERS) -> Text:
    """What the right answer is, for everyone who did not give it; options by their letters, or by other `labels`."""
    right = grading.right_answer(card)
    match card:
        case Flashcard():
            return prose.text(card.back, bold(_("Answer") + "  "))
        case Explain():
            return prose.text(card.reference, bold(_("A good answer") + "  "))
        case Ordering():
            steps = "\n".join(f"{number}. {item}" for number, item in enumerate(card.items, 1))
            return prose.text(steps, bold(_("The right order") + "\n"))
        case Cloze():
            return prose.text(_filled(card), bold(_("Filled in") + "  "))
        case SingleChoice() | MultiChoice():
            right = "".join(letter for letter, each in zip(LETTERS, card.options, strict=False) if each.correct)
            heading = _("Right answer") + "  " if len(right) == 1 else _("Right answers") + "\n"
            parts: list[Run] = []
            for letter in right:
                parts += [bold(("\n" if parts else heading) + labels[LETTERS.index(letter)]), plain("\u2002")]
                parts += prose.runs(card.options[LETTERS.index(letter)].text)
            return Text(prose.clipped(parts, LIMITS.TEXT))
        case TrueFalse() | ShortAnswer():
            return Text.of(bold(_("Right answer") + "  "), clip(said_in_full(card, right), 500))


def _filled(card: Cloze) -> str:
    return GAP.sub(lambda gap: f"**{gap[2]}**", card.text)


def _concepts(card: Explain, given: str, grade: Grade) -> list[Block]:
    lines: list[Run] = []
    for mark in grade.concepts:
        lines += [plain(("\n" if lines else "") + ("✅ " if mark.covered else "◻️ ")), bold(mark.text)]
        lines.append(plain(_because(mark)))
    missing = [mark.text.rstrip(".") for mark in grade.concepts if not mark.covered]
    found = len(grade.concepts) - len(missing)
    told = {"found": found, "number": len(grade.concepts)}
    if missing:
        summary = _("You got {found} of {number}: missing {concepts}.", **told, concepts="; ".join(missing))
    else:
        summary = _("You got {found} of {number}: every one of them.", **told)
    return [
        Text.of(clip(summary, 900)),
        Text(prose.clipped(lines, 1200)),
        Text.woven(_("You wrote: {answer}"), answer=clip(given, 500), quiet=True),
        prose.text(clip(card.reference, 900), bold(_("A good answer") + "  ")),
    ]


def _because(mark: ConceptMark) -> str:
    if not mark.covered:
        return " " + _("(not found)")
    # For translators: which words of the answer the grader went by
    evidence = clip(", ".join(_("“{words}”", words=words) for words in mark.evidence), 160)
    return " — " + _("from your words {evidence}", evidence=evidence) if mark.evidence else ""


def _gaps(grade: Grade) -> list[Block]:
    lines: list[Run] = []
    for mark in grade.gaps:
        lines.append(
            plain(
                ("\n" if lines else "")
                + ("✅ " if mark.right else "❌ ")
                + _("Gap {number}:", number=mark.name[1:])
                + " "
            )
        )
        if mark.right:
            lines.append(bold(clip(mark.given, 120)))
        else:
            lines += [plain(clip(mark.given, 120) or _("left empty")), plain(" → "), bold(mark.expected)]
    return [Text(prose.clipped(lines, 1200))]


def _order(card: Ordering, given: str, grade: Grade) -> list[Block]:
    lines: list[Run] = []
    for place, letter in enumerate(given):
        right = LETTERS.index(letter) == place
        lines.append(plain(("\n" if lines else _("Your order") + "\n") + ("✅ " if right else "❌ ")))
        lines += prose.runs(clip(card.items[LETTERS.index(letter)], 200))
    return [Text(prose.clipped(lines, 1300)), *([] if grade.correct else [right_block(card)])]
