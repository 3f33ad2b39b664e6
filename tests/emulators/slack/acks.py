"""What an acknowledgment does, by what it acknowledges; and what a person reads when none comes.

Source: Slash commands (Responding); Modals (Updating, Displaying errors); block_suggestion payload.
"""

from __future__ import annotations

from typing import Any

from tests.emulators.slack import deliveries, limits, posting
from tests.emulators.slack import interactions as i
from tests.emulators.slack import views_methods as views
from tests.emulators.slack.content import composed
from tests.emulators.slack.envelopes import Reply, Undelivered
from tests.emulators.slack.errors import Json, Refusal
from tests.emulators.slack.form import MODAL, Form
from tests.emulators.slack.interactions import Interaction
from tests.emulators.slack.objects import option_groups, options
from tests.emulators.slack.world import World

TIMEOUT, FAILED = "operation_timeout", "dispatch_failed"
"""The errors that a person is shown."""


async def carry(world: World, one: Interaction) -> None:
    """Deliver a deed, and do what the acknowledgment says."""
    assert one.delivery is not None
    try:
        reply = await deliveries.deliver(world, one.delivery)
    except Undelivered as why:
        one.error = TIMEOUT if "timeout" in why.reason or why.reason == "disconnected" else FAILED
        if one.error == TIMEOUT and why.reason != "disconnected" and not one.may_stay_unanswered:
            world.violate("a deed left unacknowledged", f"{one.said} by {one.user.name}")
        one.note(world.clock.now())
        return
    one.acked = world.clock.now()
    one.notify()
    if not reply.good:
        _fail(world, one, f"answered HTTP {reply.status}", reply)
        return
    try:
        apply(world, one, reply)
    except Refusal as why:
        _fail(world, one, f"a refused acknowledgment: {why}", reply)


def _fail(world: World, one: Interaction, what: str, reply: Reply) -> None:
    one.error = FAILED
    if not one.may_stay_unanswered:
        world.violate(what, f"{one.said} by {one.user.name}", {"status": reply.status, "body": reply.body})
    one.note(world.clock.now())


def apply(world: World, one: Interaction, reply: Reply) -> None:
    """Refusal when Slack would not take the acknowledgment's body."""
    body: Any = reply.body
    if one.kind == i.COMMAND:
        _command(world, one, body)
    elif one.kind == i.SUBMIT:
        _submit(world, one, body)
    elif one.kind == i.SUGGEST:
        one.options = _suggest(body)
    elif body is not None:
        world.violate("an acknowledgment with a body that nobody sees", one.said, {"body": body})
    if one.kind == i.CLOSE:
        one.closed = True
    if one.settled:
        one.note(world.clock.now())


def _command(world: World, one: Interaction, body: Any) -> None:
    if body is None:
        return
    said: Any = {"text": body} if isinstance(body, str) else body
    if not isinstance(said, dict) or said.get("response_type") not in (None, "ephemeral", "in_channel"):
        raise Refusal("invalid_payload")
    content = composed(said, lambda: world.clock.id("b")[-5:], world.file_ready, validate=world.settings.validate)
    assert one.channel is not None
    if said.get("response_type") == "in_channel":
        made = posting.post(world, one.channel, one.installation.bot, content, one.installation)
        if made not in one.messages:
            one.messages.append(made)
    else:
        posting.post_ephemeral(world, one.channel, one.user, content, one.installation, answers=one)


def _suggest(body: Any) -> list[Json]:
    if not isinstance(body, dict) or not ("options" in body) ^ ("option_groups" in body):
        raise Refusal("options or option_groups expected")
    form = Form(MODAL)
    if "options" in body:
        if body["options"]:
            options()(form, ("options",), body["options"])
        found: list[Json] = body["options"]
    else:
        option_groups(form, ("option_groups",), body["option_groups"])
        found = [] if form.faults else [one for group in body["option_groups"] for one in group["options"]]
    if form.faults:
        raise Refusal("invalid_arguments", form.faults)
    return found


def _submit(world: World, one: Interaction, body: Any) -> None:
    view, action = one.view, body.get("response_action") if isinstance(body, dict) else None
    if view is None:  # forged: there is nothing on the screen to change
        one.closed = True
    elif body is None:
        close(world, one.user.id, everything=False)
        one.closed = True
    elif action == "clear":
        close(world, one.user.id, everything=True)
        one.closed = True
    elif action == "errors":
        inputs = {block["block_id"] for block in view.body["blocks"] if block["type"] == "input"}
        errors = body.get("errors")
        if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
            raise Refusal(f"errors for blocks that are no inputs: {errors}")
        one.errors = view.errors = errors
    elif action in ("update", "push"):
        made = views.body(world, body.get("view"), MODAL, one.installation)
        if action == "update":
            views.changed(world, view, made)
            one.opened = view
        elif view.depth >= limits.VIEWS_IN_STACK:
            raise Refusal("push_limit_reached")
        else:
            one.opened = views.shown(world, one.user, one.installation, made, view)
    else:
        raise Refusal(f"no such response_action: {action}")


def close(world: World, user: str, *, everything: bool) -> None:
    """Take the view on top away, or the whole stack."""
    view = world.modals.pop(user, None)
    if view is not None and view.previous is not None and not everything:
        world.modals[user] = view.previous
