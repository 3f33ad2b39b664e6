"""The methods views.*, and what an acknowledgment does to a modal. Source: Surfaces, Modals and App Home."""

from __future__ import annotations

from typing import Any

from tests.emulators.slack import blocks, limits, viewform
from tests.emulators.slack.calls import Call
from tests.emulators.slack.errors import Json, Refusal
from tests.emulators.slack.filling import initially
from tests.emulators.slack.form import HOME, MODAL
from tests.emulators.slack.installs import Installation
from tests.emulators.slack.interactions import Trigger
from tests.emulators.slack.modals import View
from tests.emulators.slack.teams import User
from tests.emulators.slack.world import World


def exchanged(call: Call) -> Trigger:
    """The trigger that the call brings, used up. Refusal when it is none, old, or used."""
    number = call.args.get("trigger_id")
    if not number:
        raise Refusal("invalid_arguments", ["missing required field: trigger_id"])
    found = call.world.triggers.get(number)
    if found is None or found.interaction.installation is not call.installation:
        raise Refusal("invalid_trigger_id")
    if found.used:
        raise Refusal("exchanged_trigger_id")
    if found.made + call.world.settings.trigger_life < call.world.clock.now():
        raise Refusal("expired_trigger_id")
    found.used = True
    return found


def body(world: World, view: Any, kind: str, installation: Installation) -> Json:
    """A view's body, checked and with every id. Refusal otherwise."""
    if world.settings.validate:
        viewform.checked(view, kind, world.file_ready)
    external = view.get("external_id")
    if external and any(one.body.get("external_id") == external for one in open_views(world, installation)):
        raise Refusal("duplicate_external_id")
    return {**view, "blocks": blocks.named(view["blocks"], lambda: world.clock.id("b")[-5:])}


def open_views(world: World, installation: Installation) -> list[View]:
    found: list[View] = []
    for top in (*world.modals.values(), *world.homes.values()):
        one: View | None = top
        while one is not None:
            if one.installation is installation:
                found.append(one)
            one = one.previous
    return found


def shown(world: World, user: User, installation: Installation, made: Json, previous: View | None = None) -> View:
    """A new modal on top of a person's stack."""
    view = View(world.clock.id("V"), user, installation, made, _hash(world), previous)
    fill_initially(view)
    world.modals[user.id] = view
    return view


def _hash(world: World) -> str:
    return f"{world.clock.ts()}.{world.clock.id('h')[-8:].lower()}"


def changed(world: World, view: View, made: Json) -> None:
    """Another body; what stands in inputs of the same names stays."""
    kept = view.values
    view.body, view.hash, view.errors = made, _hash(world), {}
    view.version += 1
    fill_initially(view)
    for block, actions in view.values.items():
        for action in actions:
            if action in kept.get(block, {}):
                actions[action] = kept[block][action]


def fill_initially(view: View) -> None:
    """The state of a view that nobody has touched."""
    view.values = {
        block["block_id"]: {one["action_id"]: initially(one) for one in stateful}
        for block in view.body["blocks"]
        if (stateful := [one for one in blocks.acting(block) if one["type"] not in ("button", "overflow")])
    }


def open_(call: Call) -> Json:
    made = body(call.world, call.args["view"], MODAL, call.installation)
    trigger = exchanged(call)
    interaction = trigger.interaction
    view = interaction.opened = shown(call.world, interaction.user, call.installation, made)
    interaction.note(call.world.clock.now())
    return {"view": view.json()}


def push(call: Call) -> Json:
    made = body(call.world, call.args["view"], MODAL, call.installation)
    trigger = exchanged(call)
    interaction = trigger.interaction
    top = call.world.modals.get(interaction.user.id)
    if top is None or interaction.view is None or interaction.view.kind != MODAL:
        raise Refusal("not_found")
    if top.depth >= limits.VIEWS_IN_STACK:
        raise Refusal("push_limit_reached")
    view = interaction.opened = shown(call.world, interaction.user, call.installation, made, top)
    interaction.note(call.world.clock.now())
    return {"view": view.json()}


def update(call: Call) -> Json:
    number, external = call.args.get("view_id"), call.args.get("external_id")
    found = [
        one
        for one in open_views(call.world, call.installation)
        if (number and one.id == number) or (external and one.body.get("external_id") == external)
    ]
    if not found:
        raise Refusal("not_found")
    view = found[0]
    if call.args.get("hash") and call.args["hash"] != view.hash:
        raise Refusal("hash_conflict")
    given = call.args["view"]
    same = isinstance(given, dict) and given.get("external_id") and given["external_id"] == view.body.get("external_id")
    made = body(call.world, {**given, "external_id": ""} if same else given, view.kind, call.installation)
    changed(call.world, view, made | ({"external_id": given["external_id"]} if same else {}))
    latest = call.world.latest.get(view.user.id)
    if latest is not None:
        latest.changes += 1
        latest.note(call.world.clock.now())
    return {"view": view.json()}


def publish(call: Call) -> Json:
    world = call.world
    if not world.app.home_tab:
        raise Refusal("not_enabled")
    user = call.user(call.args["user_id"])
    known = world.homes.get(user.id)
    if known is not None and call.args.get("hash") and call.args["hash"] != known.hash:
        raise Refusal("hash_conflict")
    given = call.args["view"]
    if known is not None and isinstance(given, dict) and given.get("external_id") == known.body.get("external_id"):
        given = {name: value for name, value in given.items() if name != "external_id"}
    made = body(world, given, HOME, call.installation)
    if known is None:
        known = world.homes[user.id] = View(world.clock.id("V"), user, call.installation, made, _hash(world))
        fill_initially(known)
    else:
        changed(world, known, made)
    latest = world.latest.get(user.id)
    if latest is not None and (latest.kind == "home" or latest.view is known):
        latest.opened = known
        latest.note(world.clock.now())
    return {"view": known.json()}
