"""Messages and forms as `bot.messages` lets anyone make them, with the texts that a deck or a name could hold."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from bot.messages import (
    LIMITS,
    Action,
    Button,
    Buttons,
    Channel,
    Choice,
    CodeBlock,
    Fields,
    Form,
    Heading,
    Input,
    Mention,
    Message,
    Picture,
    Run,
    Select,
    SelectInput,
    Span,
    Style,
    Table,
    Text,
    TextInput,
    Tone,
    When,
)

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
JPEG = b"\xff\xd8\xff" + b"\x00" * 20

HOSTILE = (
    "<!channel>",
    "<!here|x>",
    "<@U1>",
    "<#C1|general>",
    "<!subteam^S1>",
    "<https://evil.example|here>",
    "@channel",
    "@everyone",
    "&",
    "&lt;!channel&gt;",
    "&amp;",
    "`code`",
    "```\nfence\n```",
    "*bold*",
    "_it_",
    "~gone~",
    "> quote",
    "• item",
    ":tada:",
    ":+1::skin-tone-2:",
    "Z̷̢̛͙͎̈́a͟l̸g̶o̴",
    "\u202egnp.exe",
    "\u2067x\u2069",
    "\n",
    " ",
    "\u200b",
    "\x00",
    "日本",
    "👩‍👩‍👧",
    "1️⃣",
    "|",
    "^",
    "plain words",
)

words = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=12), max_size=8).map("".join)


def text(most: int, least: int = 1) -> st.SearchStrategy[str]:
    return words.map(lambda made: made[:most]).filter(lambda made: len(made) >= least)


urls = st.sampled_from(
    ["https://a.example/x?a=1&b=2", "mailto:a@b.example", "http://x.example/a|b*c*", "https://l.example/" + "x" * 3100]
)
instants = st.builds(When, st.datetimes(timezones=st.just(UTC)), st.booleans()) | st.just(
    When(datetime(2026, 11, 23, 9, tzinfo=UTC))
)
runs: st.SearchStrategy[Run] = st.one_of(
    st.builds(Span, words, st.booleans(), st.booleans(), st.booleans(), st.none() | urls),
    st.builds(CodeBlock, words, words),
    st.builds(Mention, st.just("U1"), words),
    st.builds(Channel, st.just("C0123ABC") | words),
    instants,
)
actions = st.builds(Action.of, st.sampled_from(["answer", "home"]), st.integers(0, 3), st.sampled_from("AB"))
choices = st.builds(Choice, text(LIMITS.OPTION), words | st.integers() | st.booleans() | st.just("x" * 151), words)
buttons = st.builds(Button, text(LIMITS.LABEL), actions, st.sampled_from(Style), words)
tables = st.integers(1, 4).flatmap(
    lambda columns: st.builds(
        Table,
        st.tuples(*[words] * columns),
        st.lists(st.tuples(*[words] * columns), max_size=5).map(tuple),
        st.frozensets(st.integers(0, columns - 1)),
        st.none() | st.integers(0, 4),
    )
)
blocks = st.one_of(
    st.builds(Heading, text(LIMITS.HEADING)),
    st.builds(
        Text,
        st.lists(runs, min_size=1, max_size=6).map(tuple).filter(lambda made: any(run.text for run in made)),
        st.booleans(),
    ),
    st.builds(Fields, st.lists(st.tuples(text(100), text(100)), min_size=1, max_size=4).map(tuple)),
    tables,
    st.builds(Picture, st.sampled_from([PNG, JPEG]), text(200), words),
    st.builds(Buttons, st.lists(buttons, min_size=1, max_size=LIMITS.BUTTONS).map(tuple)),
    st.builds(Select, actions, text(LIMITS.OPTION), st.lists(choices, min_size=1, max_size=6).map(tuple)),
)
messages = st.builds(
    Message,
    st.lists(blocks, min_size=1, max_size=8)
    .map(tuple)
    .filter(lambda made: sum(len(block.text) for block in made) <= LIMITS.MESSAGE),
    st.sampled_from(Tone),
)

inputs: st.SearchStrategy[Input] = st.one_of(
    st.builds(
        TextInput,
        st.text("abcxyz_", min_size=1, max_size=20),
        text(LIMITS.INPUT_LABEL),
        st.booleans(),
        text(LIMITS.INPUT_HINT, 0),
        st.integers(-1, 20_000),
        st.booleans(),
    ),
    st.builds(
        SelectInput,
        st.text("abcxyz_", min_size=1, max_size=20),
        text(LIMITS.INPUT_LABEL),
        st.lists(choices, min_size=1, max_size=6).map(tuple),
        st.none() | words,
    ),
)
forms = st.builds(
    Form,
    text(LIMITS.FORM_TITLE),
    st.lists(inputs, min_size=1, max_size=4, unique_by=lambda each: each.name).map(tuple),
    actions,
    text(300, 0),
    words,
)
