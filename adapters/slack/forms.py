"""A form as a modal. Each input is known by its name, as block and as action, so that a fault can be shown beside it."""

from __future__ import annotations

from slack_sdk.models.blocks import Block as SlackBlock
from slack_sdk.models.blocks import InputBlock, PlainTextInputElement, RichTextBlock, StaticSelectElement
from slack_sdk.models.views import View

from adapters.slack import limits, menus, rich_text
from adapters.slack.context import plain
from bot.messages import Form, Input, SelectInput, clip
from bot.messages import plain as words
from bot.words import _


def to_modal(form: Form, private_metadata: str) -> View:
    """The form. `private_metadata` comes back with what is sent: an `Origin`, written."""
    blocks: list[SlackBlock] = []
    if intro := rich_text.to_elements((words(form.intro),)):
        blocks.append(RichTextBlock(elements=intro))
    blocks += [drawn for each in form.inputs if (drawn := _input(each)) is not None]
    return View(
        type="modal",
        callback_id=str(form.action),
        title=plain(menus.line(form.title, limits.TITLE)),
        submit=plain(menus.line(form.send, limits.TITLE)),
        close=plain(_("Cancel")),
        private_metadata=private_metadata,
        blocks=blocks or [RichTextBlock(elements=rich_text.to_elements((words("…"),)))],
    )


def _input(field: Input) -> InputBlock | None:
    """None for a menu of which Slack can carry no value."""
    label = plain(menus.line(field.label, limits.LABEL))
    if isinstance(field, SelectInput):
        options = menus.options(field.options)
        chosen = next((each for each in options if each.value == field.chosen), None)
        menu = StaticSelectElement(action_id=field.name, options=options, initial_option=chosen)
        return InputBlock(block_id=field.name, label=label, element=menu) if options else None
    box = PlainTextInputElement(
        action_id=field.name,
        multiline=field.long,
        placeholder=plain(menus.line(field.placeholder, limits.PLACEHOLDER)) if field.placeholder.strip() else None,
        max_length=max(1, min(field.most, limits.WRITTEN)),
        initial_value=clip(field.value, limits.WRITTEN) or None,
    )
    return InputBlock(block_id=field.name, label=label, element=box, optional=not field.required)
