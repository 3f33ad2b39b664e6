"""`/quiz privacy show|export|forget`: what is kept about me, a file of it, and an end to it."""

from __future__ import annotations

from bot.events import Command, Press, Submit
from bot.features.desk import account
from bot.features.export import MEDIA_TYPES, Format, written
from bot.features.link import platform
from bot.features.prose import answers
from bot.features.turn import Outcome, Turn
from bot.messages import (
    LIMITS,
    Action,
    Button,
    Fields,
    File,
    Form,
    Heading,
    Message,
    Style,
    TextInput,
    button_rows,
    clip,
)
from bot.store import dossier, forgetting
from bot.words import _, ngettext, number

WORD = "FORGET"


async def show(turn: Turn, event: Command | Press) -> Outcome:
    """Everything that is kept about the asker, in numbers; nobody can ask about anybody else."""
    kept = await dossier.collect(turn.tx, account(event.actor))
    known = [
        f"{each['name']} ({platform(each['platform'])}, id {each['user_id']})" for each in kept.sections["accounts"]
    ]
    names = [str(each["community"]) for each in kept.sections["people"] if not str(each["community"]).startswith("@")]
    waiting = kept.lines("reactions", "answers until the close")
    fields = [
        (_("Accounts"), clip(", ".join(dict.fromkeys(known)), 280)),
        (_("Communities"), clip(", ".join(dict.fromkeys(names)), 280) or _("None but our private conversation")),
        (_("Answers to questions"), number(kept.lines("answers", "answers set aside"))),
        (_("Answers in practice and live rounds"), number(kept.lines("practice answers", "live answers"))),
        (_("Days on which you did something"), number(kept.lines("days"))),
        (_("Lines on boards"), number(kept.lines("scores", "scores for teams"))),
        (_("Times you joined a team"), number(kept.lines("teams"))),
    ]
    if waiting:
        fields.append((_("Waiting for a close"), answers(waiting)))
    if problems := kept.lines("reported problems", "corrections made"):
        fields.append((_("Problems you reported and cards you corrected"), number(problems)))
    if roles := kept.lines("told of trouble", "owner of"):
        told = ngettext("{number} place", "{number} places", roles)
        fields.append((_("Where I write to you as an admin"), told))
    return Outcome(
        Message.of(
            Heading(_("What I keep about you")),
            Fields(tuple(fields)),
            _(
                "Of each answer: what you said, how it was graded, and when. No messages, no e-mail address, nothing of what "
                "else you do here. It is kept for your history, streak and boards, until you say otherwise."
            ),
            *button_rows(
                [
                    Button(_("All of it as a file"), Action.of("privacy-export")),
                    Button(_("Forget me …"), Action.of("privacy-forget"), Style.DANGER),
                ]
            ),
        )
    )


async def give(turn: Turn, event: Command | Press) -> Outcome:
    """`privacy-export:csv`: everything that is kept about the asker, as a file for them alone."""
    asked = str(event.options["format"]) if isinstance(event, Command) else "".join(event.action.args)
    form: Format = "csv" if asked == "csv" else "json"
    content = written(await dossier.collect(turn.tx, account(event.actor)), form).encode()
    if len(content) > LIMITS.FILE:
        return Outcome(
            Message.of(
                ngettext(
                    "It is more than I can send here: {number} megabyte. Whoever runs this bot can give it to you, with "
                    "`studybot privacy export`.",
                    "It is more than I can send here: {number} megabytes. Whoever runs this bot can give it to you, with "
                    "`studybot privacy export`.",
                    len(content) // 1_000_000,
                )
            )
        )
    other = "json" if form == "csv" else "csv"
    return Outcome(
        Message.of(
            _(
                "This is all that I keep about you, by all your accounts, in every community. You alone see this message."
            ),
            File(content, f"studybot-{turn.today}.{form}", MEDIA_TYPES[form]),
            *button_rows([Button(_("As {format}", format=other.upper()), Action.of("privacy-export", other))]),
        )
    )


async def ask(turn: Turn, event: Command | Press) -> Outcome:
    """The form that confirms it."""
    return Outcome(
        Form(
            _("Forget me"),
            (TextInput("word", _("Type {word} to confirm", word=WORD), placeholder=WORD, most=20),),
            Action.of("privacy-forgotten"),
            intro=_(
                "This erases your accounts, answers, practice, streak, team and places on boards, of all your linked "
                "accounts, in every community. How many gave which answer stays, without names, and so does what a team has. "
                "Messages that stand in a channel already stay there. It can’t be undone."
            ),
            send=_("Forget me"),
        )
    )


async def forget(turn: Turn, event: Submit) -> Outcome:
    if event.fields.get("word", "").strip().casefold() != WORD.casefold():
        return Outcome(
            Message.of(
                _("That was not {word}, so nothing was erased.", word=WORD),
                *button_rows([Button(_("Forget me …"), Action.of("privacy-forget"), Style.DANGER)]),
            )
        )
    gone = await forgetting.forget(turn.tx, account(event.actor), turn.now)
    return Outcome(
        Message.of(
            _(
                "Done: {accounts} and {answers} are erased, and a backup that is restored one day won’t bring them back. If "
                "you ever use me again, we meet for the first time.",
                accounts=ngettext("{number} account", "{number} accounts", gone.accounts),
                answers=answers(gone.answers),
            )
        ),
        ring=True,
    )
