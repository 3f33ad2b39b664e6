"""Components: the good near-miss is taken, the bad one is refused at its path."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulators.discord import layout
from tests.emulators.discord.errors import ApiError, Json
from tests.emulators.discord.form import Form

MAX = 4000


def button(label: str = "A", custom_id: str = "a", **more: Any) -> Json:
    return {"type": 2, "style": 1, "label": label, "custom_id": custom_id} | more


def row(*inner: Json) -> Json:
    return {"type": 1, "components": list(inner)}


def said(text: str = "hello") -> Json:
    return {"type": 10, "content": text}


def select(count: int = 2, **more: Any) -> Json:
    options = [{"label": f"o{n}", "value": f"v{n}"} for n in range(count)]
    return {"type": 3, "custom_id": "s", "options": options} | more


def option(**more: Any) -> Json:
    return select(0) | {"options": [{"label": "l", "value": "v"} | more]}


def gallery(count: int, url: str = "https://example.com/a.png", **more: Any) -> Json:
    return {"type": 12, "items": [{"media": {"url": url}} | more for _ in range(count)]}


def section(count: int = 1, accessory: Json | None = None) -> Json:
    return {"type": 9, "components": [said()] * count, "accessory": accessory or button()}


def container(*inner: Json, **more: Any) -> Json:
    return {"type": 17, "components": list(inner)} | more


def label(component: Json, **more: Any) -> Json:
    return {"type": 18, "label": "Why?", "component": component} | more


def asked(**more: Any) -> Json:
    return {"type": 4, "custom_id": "t", "style": 1} | more


def group(kind: int, count: int, **more: Any) -> Json:
    options = [{"label": f"o{n}", "value": f"v{n}"} for n in range(count)]
    return {"type": kind, "custom_id": "g", "options": options} | more


def faults(tree: list[Any], *, v2: bool = True, files: tuple[str, ...] = ()) -> list[str]:
    form = Form()
    layout.check_message(form, ("components",), tree, v2=v2, files=files)
    return [".".join(map(str, path)) + f" {code}" for path, code, _ in form.faults]


def modal_faults(tree: list[Any]) -> list[str]:
    form = Form()
    layout.check_modal(form, ("components",), tree)
    return [".".join(map(str, path)) + f" {code}" for path, code, _ in form.faults]


BUTTONS_5 = [button(custom_id=str(n)) for n in range(5)]

GOOD_AND_BAD: list[tuple[str, list[Any], list[Any]]] = [
    ("five buttons in a row", [row(*BUTTONS_5)], [row(*BUTTONS_5, button(custom_id="6"))]),
    ("a row with something in it", [row(button())], [row()]),
    ("a menu alone in its row", [row(select())], [row(select(), button())]),
    ("a label of 80", [row(button("x" * 80))], [row(button("x" * 81))]),
    ("a custom_id of 100", [row(button(custom_id="x" * 100))], [row(button(custom_id="x" * 101))]),
    ("a custom_id of one", [row(button(custom_id="x"))], [row(button(custom_id=""))]),
    ("custom ids that differ", [row(button(), button(custom_id="b"))], [row(button(), button())]),
    (
        "ids that differ",
        [row(button(id=1), button(custom_id="b", id=2))],
        [row(button(id=1), button(custom_id="b", id=1))],
    ),
    ("a style that exists", [row(button(style=4))], [row(button(style=7))]),
    ("a style that is a number", [row(button(style=1))], [row(button(style=True))]),
    ("an emoji for a label", [row(button("", emoji={"name": "✅"}))], [row(button(""))]),
    (
        "a link without custom_id",
        [row({"type": 2, "style": 5, "label": "Go", "url": "https://example.com"})],
        [row(button(style=5, url="https://example.com"))],
    ),
    (
        "a link that is one",
        [row({"type": 2, "style": 5, "label": "Go", "url": "https://example.com"})],
        [row({"type": 2, "style": 5, "label": "Go", "url": "javascript:alert()"})],
    ),
    ("a button with custom_id", [row(button())], [row({"type": 2, "style": 1, "label": "A"})]),
    ("25 options", [row(select(25))], [row(select(26))]),
    ("one option", [row(select(1))], [row(select(0))]),
    ("option label of 100", [row(option(label="x" * 100))], [row(option(label="x" * 101))]),
    ("option value of 100", [row(option(value="x" * 100))], [row(option(value="x" * 101))]),
    ("option description of 100", [row(option(description="x" * 100))], [row(option(description="x" * 101))]),
    ("option with a value", [row(option())], [row(select(0) | {"options": [{"label": "l"}]})]),
    (
        "values that differ",
        [row(select(2))],
        [row(select(0) | {"options": [{"label": "a", "value": "v"}, {"label": "b", "value": "v"}]})],
    ),
    ("a placeholder of 150", [row(select(placeholder="x" * 150))], [row(select(placeholder="x" * 151))]),
    ("max_values among the options", [row(select(3, max_values=3))], [row(select(3, max_values=4))]),
    ("min under max", [row(select(3, min_values=2, max_values=2))], [row(select(3, min_values=3, max_values=2))]),
    ("4,000 characters", [said("x" * MAX)], [said("x" * (MAX + 1))]),
    ("4,000 characters in all", [said("x" * (MAX - 5)), container(said())], [said("x" * (MAX - 4)), container(said())]),
    ("a text with something in it", [said("x")], [said("")]),
    (
        "40 components",
        [container(*[said("x")] * 37, row(button()))],
        [container(*[said("x")] * 38, row(button()))],
    ),
    ("a container of rows", [container(row(button()))], [container(button())]),
    ("no container in a container", [container(said())], [container(container(said()))]),
    ("a full container", [container(said())], [container()]),
    ("a colour", [container(said(), accent_color=0xFFFFFF)], [container(said(), accent_color=0x1000000)]),
    ("a section of three", [section(3)], [section(4)]),
    ("a section with its accessory", [section()], [{"type": 9, "components": [said()]}]),
    ("a section with a button", [section(accessory=button())], [section(accessory=select())]),
    ("a gallery of ten", [gallery(10)], [gallery(11)]),
    ("a gallery of one", [gallery(1)], [gallery(0)]),
    ("alt of 1,024", [gallery(1, description="x" * 1024)], [gallery(1, description="x" * 1025)]),
    ("alt of one", [gallery(1, description="x")], [gallery(1, description="")]),
    ("a file that is there", [gallery(1, "attachment://a.png")], [gallery(1, "attachment://b.png")]),
    ("a web address", [gallery(1, "http://example.com/a")], [gallery(1, "file:///etc/passwd")]),
    (
        "a File of an upload",
        [{"type": 13, "file": {"url": "attachment://a.png"}}],
        [{"type": 13, "file": {"url": "https://example.com/a.png"}}],
    ),
    ("a separator", [{"type": 14, "spacing": 2}], [{"type": 14, "spacing": 3}]),
    ("only fields that exist", [said()], [said() | {"contents": "x"}]),
    ("a type that exists", [said()], [{"type": 99}]),
    ("a component that is an object", [said()], ["hello"]),
    ("no text input in a message", [row(button())], [row(asked())]),
    ("no label in a message", [said()], [label(asked())]),
    ("no radio group in a message", [said()], [group(21, 2)]),
]


@pytest.mark.parametrize(("good", "bad"), [case[1:] for case in GOOD_AND_BAD], ids=[case[0] for case in GOOD_AND_BAD])
def test_a_message_takes_the_near_miss_and_refuses_the_fault(good: list[Any], bad: list[Any]) -> None:
    assert faults(good, files=("a.png",)) == []
    assert faults(bad, files=("a.png",)) != []


def test_without_the_v2_flag_only_five_rows_of_buttons_are_taken() -> None:
    rows = [row(button(custom_id=str(n))) for n in range(6)]
    assert faults(rows[:5], v2=False) == []
    assert faults(rows, v2=False) == ["components BASE_TYPE_BAD_LENGTH"]
    assert faults([said()], v2=False) == ["components.0.type UNION_TYPE_CHOICES"]


MODALS: list[tuple[str, list[Any], list[Any]]] = [
    (
        "one to five",
        [label(asked(custom_id=str(n))) for n in range(5)],
        [label(asked(custom_id=str(n))) for n in range(6)],
    ),
    ("something", [said()], []),
    ("a label of 45", [label(asked(), label="x" * 45)], [label(asked(), label="x" * 46)]),
    ("a description of 100", [label(asked(), description="x" * 100)], [label(asked(), description="x" * 101)]),
    ("a text of 4,000", [label(asked(max_length=4000))], [label(asked(max_length=4001))]),
    ("lengths in order", [label(asked(min_length=5, max_length=5))], [label(asked(min_length=6, max_length=5))]),
    ("a placeholder of 100", [label(asked(placeholder="x" * 100))], [label(asked(placeholder="x" * 101))]),
    ("a style", [label(asked(style=2))], [label(asked(style=3))]),
    ("one label, not two", [label(asked(label=None))], [label(asked(label="Again"))]),
    ("the older row with its label", [row(asked(label="Why?"))], [row(asked())]),
    ("one input a row", [row(asked(label="Why?"))], [row(asked(label="a"), asked(label="b", custom_id="b"))]),
    ("a menu", [label(select())], [label(select(disabled=True))]),
    ("two to ten radio options", [label(group(21, 2))], [label(group(21, 1))]),
    ("ten radio options", [label(group(21, 10))], [label(group(21, 11))]),
    ("one to ten boxes", [label(group(22, 10))], [label(group(22, 11))]),
    ("as many boxes as there are", [label(group(22, 2, max_values=2))], [label(group(22, 2, max_values=3))]),
    ("a checkbox", [label({"type": 23, "custom_id": "c"})], [label({"type": 23})]),
    ("no button", [said()], [row(button())]),
    ("no bare input", [label(asked())], [asked()]),
    ("no container", [said()], [container(said())]),
    ("custom ids that differ", [label(asked()), label(asked(custom_id="b"))], [label(asked()), label(asked())]),
]


@pytest.mark.parametrize(("good", "bad"), [case[1:] for case in MODALS], ids=[case[0] for case in MODALS])
def test_a_modal_takes_the_near_miss_and_refuses_the_fault(good: list[Any], bad: list[Any]) -> None:
    assert modal_faults(good) == []
    assert modal_faults(bad) != []


def test_faults_are_told_at_their_path_in_discord_s_shape() -> None:
    form = Form()
    layout.check_message(form, ("data", "components"), [row(button("x" * 81))], v2=True, files=())
    with pytest.raises(ApiError) as refused:
        form.refuse()
    assert refused.value.body == {
        "code": 50035,
        "message": "Invalid Form Body",
        "errors": {
            "data": {
                "components": {
                    "0": {
                        "components": {
                            "0": {
                                "label": {
                                    "_errors": [
                                        {"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 80 or fewer in length."}
                                    ]
                                }
                            }
                        }
                    }
                }
            }
        },
    }
