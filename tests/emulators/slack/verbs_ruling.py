"""Control verbs for faults, time, settings and the sockets' troubles."""

from __future__ import annotations

from dataclasses import asdict

from tests.emulators.slack import sockets as socket_mode
from tests.emulators.slack.errors import Json
from tests.emulators.slack.faults import Fate, Fault
from tests.emulators.slack.world import World


def fault(world: World, ask: Json) -> None:
    world.faults.add(Fault(**ask | {"fate": Fate(ask["fate"])}))


def held(world: World, _ask: Json) -> int:
    return len(world.faults.held)


def let_go(world: World, ask: Json) -> int:
    return world.faults.let_go(go_on=ask["go_on"])


def clear_faults(world: World, _ask: Json) -> None:
    world.faults.waiting.clear()


def rate_limit(world: World, ask: Json) -> None:
    world.pace.methods[ask["method"]] = (ask["limit"], ask["window"])


def advance(world: World, ask: Json) -> float:
    world.clock.advance(ask["seconds"])
    return world.clock.now()


async def reset(world: World, _ask: Json) -> None:
    await world.reset()


def settings(world: World, ask: Json) -> Json:
    for name, value in ask.items():
        if name not in asdict(world.settings):
            raise KeyError(name)
        setattr(world.settings, name, tuple(value) if isinstance(value, list) else value)
    return asdict(world.settings)


async def trouble(world: World, ask: Json) -> int:
    """The sockets' troubles: `drop`, `cut` the next `times` mid-envelope, `refuse` for `seconds`, or say `goodbye`.

    A goodbye has a `reason`; after 'warning' the connection stays.
    """
    found, deed = world.sockets, ask["deed"]
    connections = list(found.connections)
    if deed == "drop":
        return found.drop()
    if deed == "cut":
        found.cut += ask.get("times", 1)
    elif deed == "refuse":
        found.refuses_until = world.clock.now() + ask["seconds"]
    elif deed == "goodbye":
        for one in connections:
            one.leaving = ask["reason"] != "warning"
            await one.tell(socket_mode.goodbye(ask["reason"]))
        if ask["reason"] != "warning":
            world.spawn(socket_mode.close_after_goodbye(world, connections))
    else:
        raise ValueError(deed)
    return len(connections)
