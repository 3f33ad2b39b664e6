"""A study bot that knows one question: what the browser sees is real, the scores are not."""

from __future__ import annotations

import struct
import zlib
from datetime import UTC, datetime

from bot.events import Command, Completion, Event, Press, Reaction, Submit
from bot.messages import (
    Action,
    Answer,
    Button,
    Buttons,
    Choice,
    Choices,
    CodeBlock,
    Fields,
    Form,
    Heading,
    Message,
    Picture,
    Select,
    SelectInput,
    Style,
    Table,
    Text,
    TextInput,
    Tone,
    When,
    bold,
    code,
    italic,
    plain,
)
from bot.pictures import Sheet, draw
from tests.pictures import sheets

DRAWINGS: dict[str, Sheet] = {
    "stats": sheets.STATS,
    "people": sheets.PEOPLE,
    "teams": sheets.TEAMS,
    "recap": sheets.RECAP,
    "full": sheets.FULL[0],
}

OPTIONS = {
    "A": "(N−1)/N · S, as each rank keeps its own share",
    "B": "2(N−1)/N · S",
    "C": "N · S",
    "D": "S / N",
}


def question() -> Message:
    lines = [run for letter, text in OPTIONS.items() for run in (bold(f"{letter}"), plain(f"\u2002{text}\n"))]
    return Message.of(
        Heading("Question of the day"),
        Text.of(
            "Ring all-reduce of ",
            italic("S"),
            " bytes over ",
            italic("N"),
            " ranks: how many bytes does each rank send?",
        ),
        Text(tuple(lines)),
        Buttons.of(*(Button(letter, Action.of("answer", 17, letter), hint=text) for letter, text in OPTIONS.items())),
        Text.of(
            "Distributed training · advanced · closes ",
            When(datetime(2026, 11, 23, tzinfo=UTC)),
            " · 4 answered",
            quiet=True,
        ),
    )


KEYCAPS = ("1️⃣", "2️⃣", "3️⃣", "4️⃣")


def poll() -> Message:
    """The question, to be answered with the emojis under it."""
    lines = [plain(f"{emoji}\u2002{text}\n") for emoji, text in zip(KEYCAPS, OPTIONS.values(), strict=True)]
    return Message.of(
        Heading("Question of the day"),
        Text.of("Ring all-reduce of ", italic("S"), " bytes over ", italic("N"), " ranks: what does each rank send?"),
        Text(tuple(lines)),
        Text.of("Answer with a reaction: the number of your option. Your first one counts.", quiet=True),
    )


def verdict(letter: str) -> Message:
    if letter == "B":
        return Message.of(
            Heading("✅ Correct"),
            Text.of("Reduce-scatter, then all-gather: each moves ", code("(N−1)/N · S"), " per rank."),
            Fields((("Points", "+20"), ("Streak", "12 days"), ("Freezes held", "1"))),
            Buttons.of(
                Button("I guessed", Action.of("guessed", 17)),
                Button("Practise more", Action.of("practise", 17), Style.PRIMARY),
                Button("Explain it", Action.of("explain", 17)),
            ),
            tone=Tone.GOOD,
        )
    return Message.of(
        Heading("❌ Not right"),
        Text.of(
            "You said ",
            bold(letter),
            ". That is one half of the ring: reduce-scatter alone.\n\nThe answer is ",
            bold("B"),
            ".",
        ),
        Buttons.of(Button("Explain it", Action.of("explain", 17))),
        tone=Tone.BAD,
    )


EXPLAIN = Form(
    "In your own words",
    (
        TextInput("answer", "Your explanation", long=True, placeholder="Two or three sentences are enough"),
        SelectInput("sure", "How sure are you?", (Choice("Quite sure", "sure"), Choice("I’m guessing", "guess"))),
    ),
    Action.of("explained", 17),
    intro="Why does gradient accumulation help when memory is short?",
)

GRADED = Message.of(
    Heading("🟡 Partly right: 3 of 4 concepts"),
    Text.of(
        "✅ ",
        bold("Larger effective batch"),
        " — from your words “a bigger batch”\n◻️ ",
        bold("One synchronisation per step"),
        " (not found)",
    ),
    Buttons.of(Button("I said that", Action.of("claim", 17))),
    tone=Tone.PARTLY,
)


def board() -> Message:
    names = ["Grace Hopper", "You", "Barbara Liskov", "Leslie Lamport", "Maximiliana Featherstonehaugh-Cholmondeley"]
    rows = tuple(
        (str(rank), name, str(260 - 35 * rank), f"{96 - 4 * rank} %", str(14 - rank))
        for rank, name in enumerate(names, 1)
    )
    return Message.of(
        Heading("Leaderboard · this week"),
        Table(("#", "Name", "Points", "Accuracy", "Answered"), rows, frozenset({0, 2, 3, 4}), mark=1),
        Select(Action.of("board"), "Another period", (Choice("Today", "today"), Choice("This month", "month"))),
    )


def picture() -> Message:
    return Message.of(
        Heading("Ring all-reduce"),
        Picture(png(480, 120), "Four ranks in a ring, each sending a quarter to its neighbour."),
        Text.of(
            "In code, one step is:",
            CodeBlock(
                "for step in range(2 * (n - 1)):\n    send(chunk[(rank - step) % n], to=(rank + 1) % n)", "python"
            ),
        ),
    )


def png(width: int, height: int) -> bytes:
    """A plain picture."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = b"".join(
        b"\0" + b"".join(bytes((90 + 60 * x // width, 84, 190)) for x in range(width)) for _ in range(height)
    )
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


async def handle(event: Event) -> Answer:
    match event:
        case Completion():
            decks = (Choice("Distributed training", "distributed-training"), Choice("Networks", "networks"))
            return Choices(tuple(deck for deck in decks if event.typed.lower() in deck.label.lower()))
        case Press(action=Action("answer", (_, letter))):
            return verdict(letter)
        case Press(action=Action("explain")):
            return EXPLAIN
        case Press(action=Action("guessed")):
            return Message.of(
                "Noted as a guess: it comes back sooner.", Buttons.of(Button("Explain it", Action.of("explain", 17)))
            )
        case Press(action=Action("board")):
            return Message.of(f"The board of {event.values[0]} is still empty.")
        case Submit():
            return GRADED
        case Reaction():
            return None
        case Command(path=("leaderboard",)):
            return board()
        case Command(path=("stats",)):
            return Message.of(Heading("Your stats"), draw(DRAWINGS[str(event.options.get("person", "stats"))]))
        case Command(path=("play",)):
            return Message.of(
                f"Practice: {event.options.get('deck', 'all decks')}, {event.options.get('level', 'any level')}"
            )
        case _:
            return Message.of(Heading("Welcome"), "Type /quiz play to practise.")
