"""Messages as Slack's blocks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings

from adapters.slack import limits, render
from bot.messages import (
    LIMITS,
    Action,
    Button,
    Buttons,
    Choice,
    Choices,
    CodeBlock,
    Fields,
    Heading,
    Message,
    Picture,
    Select,
    Span,
    Style,
    Table,
    Text,
    Tone,
    When,
    bold,
)
from bot.messages.runs import Mention
from tests.adapters.contract import HOSTILE
from tests.adapters.slack.reader import is_accepted, is_inert, objects, read
from tests.adapters.slack.strategies import JPEG, PNG, messages
from tests.emulators.slack import viewform

LAZY = settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])
CLOSING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def drawn(message: Message) -> list[dict[str, Any]]:
    return render.to_blocks(message).payload()


def text(words: str, **style: bool) -> dict[str, Any]:
    return {"type": "text", "text": words} | ({"style": style} if style else {})


def plain(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words, "emoji": False}


def rich(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def test_a_message_is_a_header_a_context_rich_text_and_actions() -> None:
    message = Message.of(
        Heading("Question of the day"),
        Text.of("Networks · beginner", quiet=True),
        Text.of("What does ", bold("ZeRO-3"), " shard?"),
        Buttons.of(
            Button("A", Action.of("answer", 7, "A"), Style.PRIMARY, "all of it"),
            Button("B", Action.of("answer", 7, "B"), Style.DANGER),
        ),
        Select(Action.of("deck"), "Which deck?", (Choice("Networks", "networks", "12 cards"), Choice("All", "all"))),
        tone=Tone.GOOD,
    )
    assert drawn(message) == [
        {"type": "header", "text": plain("Question of the day")},
        {"type": "context", "elements": [plain("Networks · beginner")]},
        rich(text("What does "), text("ZeRO-3", bold=True), text(" shard?")),
        {
            "type": "actions",
            "elements": [
                {
                    "type": "button",
                    "text": plain("A"),
                    "action_id": "answer:7:A",
                    "value": "answer:7:A",
                    "style": "primary",
                    "accessibility_label": "A: all of it",
                },
                {
                    "type": "button",
                    "text": plain("B"),
                    "action_id": "answer:7:B",
                    "value": "answer:7:B",
                    "style": "danger",
                },
            ],
        },
        {
            "type": "actions",
            "elements": [
                {
                    "type": "static_select",
                    "action_id": "deck",
                    "placeholder": plain("Which deck?"),
                    "options": [
                        {"text": plain("Networks"), "value": "networks", "description": plain("12 cards")},
                        {"text": plain("All"), "value": "all"},
                    ],
                }
            ],
        },
    ]


def test_the_models_say_the_same_as_the_payload() -> None:
    drawing = render.to_blocks(Message.of(Heading("x"), "y", Buttons.of(Button("A", Action.of("home")))))
    assert [block.to_dict() for block in drawing.blocks] == drawing.payload()


def test_an_action_offered_twice_has_an_id_of_its_own_and_the_same_value() -> None:
    home = Action.of("home")
    rows = drawn(Message.of(Buttons.of(Button("One", home), Button("Two", home)), Buttons.of(Button("Three", home))))
    buttons = [each for row in rows for each in row["elements"]]
    assert [(each["action_id"], each["value"]) for each in buttons] == [
        ("home", "home"),
        ("home#1", "home"),
        ("home#2", "home"),
    ]


def test_a_hint_says_the_label_first_and_is_cut_to_what_slack_takes() -> None:
    buttons = [
        Button("Again", Action.of("again"), hint="Again: in 1 day"),
        Button("Hard", Action.of("hard"), hint="x" * 200),
        Button("Good", Action.of("good"), hint=" "),
    ]
    again, hard, good = drawn(Message.of(Buttons.of(*buttons)))[0]["elements"]
    assert again["accessibility_label"] == "Again: in 1 day"
    assert hard["accessibility_label"].startswith("Hard: xxx")
    assert len(hard["accessibility_label"]) == limits.BUTTON
    assert "accessibility_label" not in good


def test_fields_are_lines_with_bold_names() -> None:
    (block,) = drawn(Message.of(Fields((("Streak", "4 days"), ("Best *", "9")))))
    assert block == rich(text("Streak", bold=True), text("  4 days\n"), text("Best *", bold=True), text("  9"))


def test_a_table_is_slacks_own_with_the_readers_row_standing_out() -> None:
    table = Table(("Rank", "Name", ""), (("1", "Ada", "12"), ("2", "山田", "")), frozenset({2}), mark=1)
    (block,) = drawn(Message.of(table))

    def cell(words: str, **style: bool) -> dict[str, Any]:
        return rich(text(words, **style))

    empty = {"type": "raw_text", "text": " "}
    assert block == {
        "type": "table",
        "rows": [
            [cell("Rank", bold=True), cell("Name", bold=True), empty],
            [cell("1"), cell("Ada"), cell("12")],
            [cell("2", bold=True), cell("山田", bold=True), empty],
        ],
        "column_settings": [
            {"align": "left", "is_wrapped": True},
            {"align": "left", "is_wrapped": True},
            {"align": "right", "is_wrapped": False},
        ],
    }


def test_a_second_table_and_one_in_a_home_tab_are_text() -> None:
    table = Table(("Name",), (("Ada",),))
    assert [block["type"] for block in drawn(Message.of(table, table))] == ["table", "rich_text"]
    assert [block["type"] for block in render.to_home(Message.of(table)).to_dict()["blocks"]] == ["rich_text"]


def test_a_picture_is_its_words_until_it_is_uploaded() -> None:
    message = Message.of("x", Picture(PNG, "A ring of four", "../ring.png"), "y", Picture(JPEG, "A tree"))
    drawing = render.to_blocks(message)
    assert [(each.at, each.name, each.content, each.alt) for each in drawing.uploads] == [
        (1, "picture-1.png", PNG, "A ring of four"),
        (3, "picture-2.jpg", JPEG, "A tree"),
    ]
    assert drawing.payload()[1] == {"type": "context", "elements": [plain("A ring of four")]}
    shown = drawing.payload({3: "F2"})
    assert shown[1] == drawing.payload()[1]
    assert shown[3] == {"type": "image", "alt_text": "A tree", "slack_file": {"id": "F2"}}
    assert drawing.payload()[3]["type"] == "context"


def test_an_instant_that_people_wait_for_is_told_to_the_second() -> None:
    (block,) = drawn(Message.of(Text.of(When(CLOSING, soon=True))))
    stamp = int(CLOSING.timestamp())
    assert block == rich(
        {"type": "date", "timestamp": stamp, "format": "{time_secs}", "fallback": "09:00:00 UTC"},
    )


def test_an_instant_is_shown_in_the_readers_zone_with_words_for_where_it_cannot_be() -> None:
    (block,) = drawn(Message.of(Text.of("closes ", When(CLOSING))))
    assert block == rich(
        text("closes "),
        {
            "type": "date",
            "timestamp": int(CLOSING.timestamp()),
            "format": "{date_short_pretty} at {time}",
            "fallback": "Mon 23 Nov, 09:00 UTC",
        },
    )


def test_a_person_is_named_and_not_called() -> None:
    (block,) = drawn(Message.of(Text.of("First: ", Mention("U1", "Ada"))))
    assert block == rich(text("First: "), text("Ada"))


def test_code_is_preformatted_and_breaks_the_line_by_itself() -> None:
    (block,) = drawn(Message.of(Text.of("See\n", CodeBlock("a = 1\n", "python"), "\n\nand then?")))
    assert [element["type"] for element in block["elements"]] == [
        "rich_text_section",
        "rich_text_preformatted",
        "rich_text_section",
    ]
    assert read([block]) == "See\na = 1\nand then?"


def test_a_message_of_nothing_to_see_is_still_a_message() -> None:
    drawing = render.to_blocks(Message.of(" \n "))
    assert (read(drawing.payload()), drawing.text) == ("…", "…")


def test_a_menu_of_which_slack_can_carry_no_value_is_left_out() -> None:
    menu = Select(Action.of("deck"), "Which?", (Choice("Long", "x" * 151), Choice("None", "")))
    assert drawn(Message.of("x", menu)) == [rich(text("x"))]


def test_menus_lose_their_notes_before_the_message_is_too_long() -> None:
    menus = [
        Select(Action.of("deck", n), "Which?", tuple(Choice("x" * 70, f"{n}-{i}", "y" * 70) for i in range(25)))
        for n in range(5)
    ]
    assert "description" in drawn(Message.of(*menus[:2]))[0]["elements"][0]["options"][0]
    assert "description" not in drawn(Message.of(*menus))[0]["elements"][0]["options"][0]
    with pytest.raises(ValueError, match="9600"):
        render.to_blocks(Message.of(*menus, *menus))


def test_suggestions_carry_their_value_and_at_most_a_hundred() -> None:
    many = Choices(tuple(Choice(f"Deck {n}", f"deck-{n}", "x" * 120) for n in range(130)))
    shown = [option.to_dict() for option in render.to_options(many)]
    assert len(shown) == limits.OPTIONS
    assert shown[0]["value"] == "deck-0"
    assert len(shown[0]["description"]["text"]) == limits.OPTION
    assert [each.value for each in render.to_options(Choices((Choice("a", 3), Choice("b", "3"), Choice("c", 4))))] == [
        "3",
        "4",
    ]


@LAZY
@given(messages)
def test_every_message_is_one_that_slack_takes(message: Message) -> None:
    drawing = render.to_blocks(message)
    payload = drawing.payload({upload.at: "F1" for upload in drawing.uploads})
    is_accepted(payload, drawing.text)
    is_inert(payload)
    assert 0 < len(payload) <= limits.BLOCKS
    assert 0 < len(drawing.text) <= limits.TEXT
    orjson.dumps(payload)
    for block in drawing.blocks:
        block.validate_json()


@LAZY
@given(messages)
def test_every_home_tab_is_one_that_slack_takes(message: Message) -> None:
    home = render.to_home(message, "where").to_dict()
    viewform.checked(home, "home", lambda _: True)
    is_inert(home)
    assert home["private_metadata"] == "where"


def test_hostile_text_is_read_as_it_was_written_in_every_block() -> None:
    message = Message.of(
        Heading(HOSTILE),
        HOSTILE,
        Text.of(HOSTILE, quiet=True),
        Text.of(HOSTILE, When(CLOSING), quiet=True),
        Fields(((HOSTILE, HOSTILE),)),
        Table(("Name",), ((HOSTILE,),)),
        Buttons.of(Button("<u>A</u> & *B*", Action.of("home"))),
    )
    payload = drawn(message)
    assert read(payload).count(HOSTILE) == 7
    assert payload[-1]["elements"][0]["text"]["text"] == "<u>A</u> & *B*"
    is_inert(payload)


def test_the_longest_message_fits_however_much_must_be_escaped() -> None:
    message = Message.of("&" * 2900, Text.of("<" * 1000, When(CLOSING), quiet=True))
    drawing = render.to_blocks(message)
    is_accepted(drawing.payload(), drawing.text)
    assert read(drawing.payload()).startswith("&" * 2900)
    assert drawing.text.startswith("&amp;" * 700)
    assert drawing.text.endswith("&amp;…")


def test_drawing_twice_gives_the_same_and_shares_nothing_that_is_changed() -> None:
    message = Message.of(Heading("x"), Picture(PNG, "A ring"))
    first = render.to_blocks(message).payload({1: "F1"})
    assert render.to_blocks(message).payload({1: "F2"})[1]["slack_file"] == {"id": "F2"}
    assert first[1]["slack_file"] == {"id": "F1"}


def test_what_a_message_may_hold_is_within_what_slack_takes() -> None:
    assert min(limits.BLOCKS, limits.VIEW_BLOCKS) >= LIMITS.BLOCKS
    assert LIMITS.ACTION + len("#99") <= min(limits.ACTION_ID, limits.VALUE, limits.CALLBACK_ID)
    assert LIMITS.BUTTONS <= limits.ELEMENTS
    assert LIMITS.OPTIONS <= limits.OPTIONS
    assert (LIMITS.TABLE_ROWS + 1, LIMITS.TABLE_COLUMNS) <= (limits.TABLE_ROWS, limits.TABLE_COLUMNS)
    assert LIMITS.MESSAGE + limits.TABLE_ROWS * limits.TABLE_COLUMNS <= limits.TABLE_TEXT


def test_links_keep_their_address_and_style() -> None:
    (block,) = drawn(Message.of(Text.of(Span("the paper", bold=True, url="https://a.example/x?a=1&b=2"))))
    assert block == rich(
        {"type": "link", "url": "https://a.example/x?a=1&b=2", "text": "the paper", "style": {"bold": True}}
    )
    (long,) = drawn(Message.of(Text.of(Span("long", url="https://a.example/" + "x" * 3000))))
    assert not [one for one in objects(long) if one.get("type") == "link"]
