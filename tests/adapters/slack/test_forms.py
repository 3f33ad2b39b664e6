"""Forms as Slack's modals."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings

from adapters.slack import limits, render
from bot.messages import Action, Choice, Form, SelectInput, TextInput
from tests.adapters.slack.reader import is_inert
from tests.adapters.slack.strategies import forms
from tests.emulators.slack import viewform


def modal(form: Form) -> dict[str, Any]:
    return dict(render.to_modal(form, "where").to_dict())


def plain(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words, "emoji": False}


def test_a_form_is_a_modal_of_inputs_named_after_its_fields() -> None:
    form = Form(
        "Your answer",
        (
            TextInput("text", "In your own words", long=True, placeholder="A few sentences"),
            SelectInput("level", "How hard", (Choice("Beginner", "beginner"), Choice("Hard", "advanced")), "advanced"),
            TextInput("short", "Short", most=80, required=False),
        ),
        Action.of("sent", 17),
        intro="Why *this*?",
    )
    hard = {"text": plain("Hard"), "value": "advanced"}
    assert modal(form) == {
        "type": "modal",
        "callback_id": "sent:17",
        "private_metadata": "where",
        "title": plain("Your answer"),
        "submit": plain("Send"),
        "close": plain("Cancel"),
        "blocks": [
            {
                "type": "rich_text",
                "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "Why *this*?"}]}],
            },
            {
                "type": "input",
                "block_id": "text",
                "label": plain("In your own words"),
                "optional": False,
                "element": {
                    "type": "plain_text_input",
                    "action_id": "text",
                    "multiline": True,
                    "max_length": 3000,
                    "placeholder": plain("A few sentences"),
                },
            },
            {
                "type": "input",
                "block_id": "level",
                "label": plain("How hard"),
                "element": {
                    "type": "static_select",
                    "action_id": "level",
                    "options": [{"text": plain("Beginner"), "value": "beginner"}, hard],
                    "initial_option": hard,
                },
            },
            {
                "type": "input",
                "block_id": "short",
                "label": plain("Short"),
                "optional": True,
                "element": {
                    "type": "plain_text_input",
                    "action_id": "short",
                    "multiline": False,
                    "max_length": 80,
                },
            },
        ],
    }


def test_a_choice_made_beforehand_that_is_not_offered_is_none() -> None:
    form = Form("x", (SelectInput("level", "How hard", (Choice("A", "a"),), "b"),), Action.of("sent"))
    assert "initial_option" not in modal(form)["blocks"][0]["element"]


def test_a_form_of_nothing_that_slack_can_carry_is_still_a_form() -> None:
    form = Form("x", (SelectInput("level", "How hard", (Choice("A", "x" * 151),)),), Action.of("sent"))
    assert [block["type"] for block in modal(form)["blocks"]] == ["rich_text"]


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(forms)
def test_every_form_is_one_that_slack_takes(form: Form) -> None:
    drawn = modal(form)
    viewform.checked(drawn, "modal", lambda _: True)
    is_inert(drawn)
    assert drawn["callback_id"] == str(form.action)
    assert len(drawn["title"]["text"]) <= limits.TITLE
    assert len(drawn["submit"]["text"]) <= limits.TITLE
