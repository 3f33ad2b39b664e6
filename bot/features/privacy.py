"""`/quiz privacy show|export|forget`: what is kept about me, a file of it, and an end to it."""

from __future__ import annotations

from bot.events import Command, Press, Submit
from bot.features.desk import account
from bot.features.export import MEDIA_TYPES, Format, written
from bot.features.link import PLATFORMS
from bot.features.prose import count
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

WORD = "FORGET"


async def show(turn: Turn, event: Command | Press) -> Outcome:
    """Everything that is kept about the asker, in numbers; nobody can ask about anybody else."""
    kept = await dossier.collect(turn.tx, account(event.actor))
    known = [
        f"{each['name']} ({PLATFORMS.get(each['platform'], each['platform'])}, id {each['user_id']})"
        for each in kept.sections["accounts"]
    ]
    names = [str(each["community"]) for each in kept.sections["people"] if not str(each["community"]).startswith("@")]
    waiting = kept.count("reactions", "answers until the close")
    fields = [
        ("Accounts", clip(", ".join(dict.fromkeys(known)), 280)),
        ("Communities", clip(", ".join(dict.fromkeys(names)), 280) or "None but our private conversation"),
        ("Answers to questions", str(kept.count("answers", "answers set aside"))),
        ("Answers in practice", str(kept.count("practice answers"))),
        ("Days on which you did something", str(kept.count("days"))),
        ("Lines on boards", str(kept.count("scores", "scores for teams"))),
        ("Times you joined a team", str(kept.count("teams"))),
    ]
    if waiting:
        fields.append(("Waiting for a close", count(waiting, "answer")))
    if roles := kept.count("told of trouble", "owner of"):
        fields.append(("Where I write to you as an admin", count(roles, "place")))
    return Outcome(
        Message.of(
            Heading("What I keep about you"),
            Fields(tuple(fields)),
            "Of each answer: what you said, how it was graded, and when. No messages, no e-mail address, nothing of what "
            "else you do here. It is kept for your history, streak and boards, until you say otherwise.",
            *button_rows(
                [
                    Button("All of it as a file", Action.of("privacy-export")),
                    Button("Forget me …", Action.of("privacy-forget"), Style.DANGER),
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
                f"It is more than I can send here: {count(len(content) // 1_000_000, 'megabyte')}. Whoever runs this bot can "
                "give it to you, with `studybot privacy export`."
            )
        )
    other = "json" if form == "csv" else "csv"
    return Outcome(
        Message.of(
            "This is all that I keep about you, by all your accounts, in every community. You alone see this message.",
            File(content, f"studybot-{turn.today}.{form}", MEDIA_TYPES[form]),
            *button_rows([Button(f"As {other.upper()}", Action.of("privacy-export", other))]),
        )
    )


async def ask(turn: Turn, event: Command | Press) -> Outcome:
    """The form that confirms it."""
    return Outcome(
        Form(
            "Forget me",
            (TextInput("word", f"Type {WORD} to confirm", placeholder=WORD, most=20),),
            Action.of("privacy-forgotten"),
            intro="This erases your accounts, answers, practice, streak, team and places on boards, of all your linked accounts, in "
            "every community. How many gave which answer stays, without names, and so does what a team has. Messages that stand in a channel already "
            "stay there. It can’t be undone.",
            send="Forget me",
        )
    )


async def forget(turn: Turn, event: Submit) -> Outcome:
    if event.fields.get("word", "").strip().casefold() != WORD.casefold():
        return Outcome(
            Message.of(
                f"That was not {WORD}, so nothing was erased.",
                *button_rows([Button("Forget me …", Action.of("privacy-forget"), Style.DANGER)]),
            )
        )
    gone = await forgetting.forget(turn.tx, account(event.actor), turn.now)
    return Outcome(
        Message.of(
            f"Done: {count(gone.accounts, 'account')} and {count(gone.answers, 'answer')} are erased, and a backup that is "
            "restored one day won’t bring them back. If you ever use me again, we meet for the first time."
        ),
        ring=True,
    )
