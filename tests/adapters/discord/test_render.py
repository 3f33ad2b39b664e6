"""Messages and forms as Discord's components."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from adapters.discord import limits, render
from bot.messages import (
    LIMITS,
    Action,
    Block,
    Button,
    Buttons,
    Choice,
    Choices,
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
    button_rows,
)
from tests.adapters.contract import HOSTILE
from tests.adapters.discord.reader import read

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


def parts(message: Message) -> list[dict[str, Any]]:
    (container,) = render.to_components(message).components
    assert container["type"] == 17
    return list(container["components"])


def count(component: dict[str, Any]) -> int:
    return 1 + sum(count(each) for each in component.get("components", ()))


def test_a_message_is_a_container_of_texts_and_rows() -> None:
    message = Message.of(
        Heading("Question of the day"),
        Text.of("Networks · beginner", quiet=True),
        Text.of("What does ", bold("ZeRO-3"), " shard?"),
        Buttons.of(
            Button("A", Action.of("answer", 7, "A"), Style.PRIMARY, "A: all"), Button("B", Action.of("answer", 7, "B"))
        ),
        Select(Action.of("deck"), "Which deck?", (Choice("Networks", "networks", "12 cards"), Choice("All", "all"))),
        tone=Tone.GOOD,
    )
    assert render.to_components(message).components == (
        {
            "type": 17,
            "accent_color": 0x2E9E6B,
            "components": [
                {"type": 10, "content": "## Question of the day"},
                {"type": 10, "content": "-# Networks · beginner"},
                {"type": 10, "content": "What does **ZeRO-3** shard?"},
                {
                    "type": 1,
                    "components": [
                        {"type": 2, "style": 1, "label": "A", "custom_id": "answer:7:A"},
                        {"type": 2, "style": 2, "label": "B", "custom_id": "answer:7:B"},
                    ],
                },
                {
                    "type": 1,
                    "components": [
                        {
                            "type": 3,
                            "custom_id": "deck",
                            "placeholder": "Which deck?",
                            "options": [
                                {"label": "Networks", "value": "networks", "description": "12 cards"},
                                {"label": "All", "value": "all"},
                            ],
                        }
                    ],
                },
            ],
        },
    )


def test_a_plain_message_has_no_colour() -> None:
    assert "accent_color" not in render.to_components(Message.of("x")).components[0]


def test_pictures_are_attachments_with_words() -> None:
    drawing = render.to_components(
        Message.of("x", Picture(PNG, "A ring of four", "../ring.png"), Picture(PNG, "A tree"))
    )
    gallery = drawing.components[0]["components"][1]
    assert gallery == {
        "type": 12,
        "items": [{"media": {"url": "attachment://picture-1.png"}, "description": "A ring of four"}],
    }
    assert [name for name, _ in drawing.attached] == ["picture-1.png", "picture-2.png"]


def test_the_marks_are_the_ids_of_the_container_and_its_first_part() -> None:
    (container,) = render.to_components(Message.of("x", "y"), (12, 34)).components
    assert (container["id"], container["components"][0]["id"]) == (12, 34)
    assert "id" not in container["components"][1]


def test_an_action_offered_twice_has_an_id_of_its_own() -> None:
    home = Action.of("home")
    rows = parts(
        Message.of("x", Buttons.of(Button("One", home), Button("Two", home)), Buttons.of(Button("Three", home)))
    )
    assert [each["custom_id"] for row in rows[1:] for each in row["components"]] == ["home", "home#1", "home#2"]


def test_fields_are_lines() -> None:
    shown = read(parts(Message.of(Fields((("Streak", "4 days"), ("Best *", "9")))))[0]["content"])
    assert (shown.text, shown.of("bold")) == ("Streak  4 days\nBest *  9", ["Streak", "Best *"])


def test_a_narrow_table_is_aligned_with_the_reader_marked() -> None:
    table = Table(
        ("Rank", "Name", "Points"),
        (("🥇 1", "Ada", "1200"), ("🥈 2", "山田太郎", "30"), ("3", "Zoë", "5")),
        frozenset({2}),
        mark=1,
    )
    assert parts(Message.of(table))[0]["content"] == (
        "```\n"
        "  Rank  Name      Points\n"
        "  ──────────────────────\n"
        "  🥇 1  Ada         1200\n"
        "▸ 🥈 2  山田太郎      30\n"
        "  3     Zoë            5\n"
        "```"
    )


def test_a_wide_table_is_lines_that_a_phone_can_break() -> None:
    table = Table(("Rank", "Name"), (("1", "A" * 40), ("2", "x ` _y_")), mark=1)
    shown = read(parts(Message.of(table))[0]["content"])
    assert shown.text == f"Rank · Name\n1 · {'A' * 40}\n▸ 2 · x ` _y_"
    assert shown.of("bold") == ["1", "2 · x ` _y_"]


def test_a_message_of_nothing_to_see_is_still_a_message() -> None:
    assert parts(Message.of(" \n "))[0]["content"] == "…"


TEXTS = st.one_of(
    st.builds(Heading, st.text("*a#@\n", min_size=1, max_size=150)),
    st.builds(
        lambda text, quiet: Text.of(text, quiet=quiet), st.text("*_a \n", min_size=1, max_size=1500), st.booleans()
    ),
    st.builds(lambda text: Fields(((text, text),)), st.text("|a", min_size=1, max_size=150)),
    st.builds(
        lambda text, n: Table(("Name", "N"), ((text, "1"),) * n),
        st.text("~a日", min_size=1, max_size=30),
        st.integers(0, 12),
    ),
)
OTHERS = st.one_of(
    st.builds(
        lambda n: Buttons(tuple(Button(f"{m}", Action.of("answer", m)) for m in range(n))),
        st.integers(1, LIMITS.BUTTONS),
    ),
    st.builds(
        lambda n: Select(Action.of("deck"), "Which?", tuple(Choice(f"{m}", m) for m in range(n))),
        st.integers(1, LIMITS.OPTIONS),
    ),
    st.builds(lambda alt: Picture(PNG, alt), st.text("a*", min_size=1, max_size=200)),
)


def made(blocks: list[Block]) -> Message | None:
    try:
        return Message(tuple(blocks))
    except ValueError:
        return None


@given(st.lists(st.one_of(TEXTS, OTHERS), min_size=1, max_size=LIMITS.BLOCKS))
def test_every_message_that_can_be_made_fits_escapes_included(blocks: list[Block]) -> None:
    message = made(blocks)
    if message is None:
        # what is refused here would not have fitted either, or says too much to begin with
        parts_of = [len(block.buttons) if isinstance(block, Buttons) else isinstance(block, Select) for block in blocks]
        words = sum(len(block.text) for block in blocks)
        assert words > LIMITS.MESSAGE or 1 + len(blocks) + sum(parts_of) > limits.COMPONENTS
        return
    (container,) = render.to_components(message).components
    texts = [part["content"] for part in container["components"] if part["type"] == 10]
    assert all(text.strip() for text in texts)
    assert sum(map(len, texts)) <= limits.TEXT
    assert count(container) <= limits.COMPONENTS


def test_the_fullest_message_fills_what_discord_shows() -> None:
    rows = button_rows([Button("A", Action.of("answer", n)) for n in range(30)])
    (container,) = render.to_components(Message.of(*rows, "x", "y", "z")).components
    assert count(container) == limits.COMPONENTS


def test_the_longest_text_is_the_one_that_is_cut() -> None:
    short, long = "What is shown? *", "*" * 2900
    first, second = parts(Message.of(short, long))
    assert read(first["content"]).text == short
    assert len(first["content"]) + len(second["content"]) <= limits.TEXT
    assert len(second["content"]) > 3900
    assert second["content"].endswith("…")


def test_a_form_is_a_modal_of_labels() -> None:
    form = Form(
        "Your answer",
        (
            TextInput("text", "In your own words", long=True, placeholder="A few sentences"),
            SelectInput(
                "level", "How hard", (Choice("Beginner", "beginner"), Choice("Advanced", "advanced")), "advanced"
            ),
            TextInput("short", "Short", most=80, required=False),
        ),
        Action.of("sent", 17),
        intro="Why *this*?",
    )
    assert render.to_modal(form) == {
        "custom_id": "sent:17",
        "title": "Your answer",
        "components": [
            {"type": 10, "content": "Why \\*this\\*?"},
            {
                "type": 18,
                "label": "In your own words",
                "component": {
                    "type": 4,
                    "custom_id": "text",
                    "style": 2,
                    "max_length": 4000,
                    "required": True,
                    "placeholder": "A few sentences",
                },
            },
            {
                "type": 18,
                "label": "How hard",
                "component": {
                    "type": 3,
                    "custom_id": "level",
                    "options": [
                        {"label": "Beginner", "value": "beginner"},
                        {"label": "Advanced", "value": "advanced", "default": True},
                    ],
                    "required": True,
                },
            },
            {
                "type": 18,
                "label": "Short",
                "component": {"type": 4, "custom_id": "short", "style": 1, "max_length": 80, "required": False},
            },
        ],
    }


def test_suggestions_are_named_with_their_note_and_at_most_25() -> None:
    many = Choices(tuple(Choice(f"Deck {n}", f"deck-{n}", "x" * 120) for n in range(30)))
    shown = render.to_choices(many)
    assert len(shown) == limits.CHOICES
    assert all(len(each["name"]) <= limits.CHOICE for each in shown)
    assert shown[0]["value"] == "deck-0"
    assert render.to_choices(Choices((Choice("Long", "x" * 101), Choice("Number", 3)))) == [
        {"name": "Number", "value": 3}
    ]


def test_hostile_text_does_nothing_in_any_block() -> None:
    message = Message.of(Heading(HOSTILE), HOSTILE, Fields(((HOSTILE, HOSTILE),)), Table(("Name",), ((HOSTILE,),)))
    for part in parts(message):
        shown = read(part["content"])
        assert HOSTILE in shown.text
        assert shown.kinds <= {"heading", "bold", "italic"}


def test_a_closing_time_is_kept_when_the_rest_is_cut() -> None:
    from datetime import UTC, datetime

    at = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    about, _ = parts(Message.of(Text.of("closes ", When(at), quiet=True), "*" * 2900))
    assert about["content"] == f"-# closes <t:{int(at.timestamp())}:f>"
