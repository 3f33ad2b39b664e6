"""Control verbs for faults, time, settings and the gateway's troubles."""

from __future__ import annotations

from dataclasses import asdict

from tests.emulators.discord.errors import Json
from tests.emulators.discord.faults import Fate, Fault
from tests.emulators.discord.sockets import INVALID_SESSION, RECONNECT
from tests.emulators.discord.world import World


def fault(world: World, ask: Json) -> None:
    world.faults.add(Fault(**ask | {"fate": Fate(ask["fate"])}))


def held(world: World, _ask: Json) -> int:
    return len(world.faults.held)


def let_go(world: World, ask: Json) -> int:
    return world.faults.let_go(go_on=ask["go_on"])


def clear_faults(world: World, _ask: Json) -> None:
    world.faults.waiting.clear()


def rate_limit(world: World, ask: Json) -> None:
    world.rate_limits.set(f"{ask['method']} {ask['path']}", ask["limit"], ask["window"])


def limit_together(world: World, ask: Json) -> None:
    world.rate_limits.together.limit = ask["limit"]


def turned_away(world: World, _ask: Json) -> int:
    return world.rate_limits.turned_away


def advance(world: World, ask: Json) -> float:
    world.clock.ahead += ask["seconds"]
    for one in world.unanswered:
        one.notify()
    world.sweep()
    return world.clock.now()


def reset(world: World, _ask: Json) -> None:
    world.reset()


def settings(world: World, ask: Json) -> Json:
    for name, value in ask.items():
        if name not in asdict(world.settings):
            raise KeyError(name)
        setattr(world.settings, name, value)
    return asdict(world.settings)


def gateway(world: World, ask: Json) -> int:
    """`drop` the connections, `close` them with `code`, ask to `reconnect`, `invalidate`, or refuse for `seconds`.

    What ends a session (an invalid one, or `forget`) makes a later resume fail.
    """
    connections = list(world.gateway.connections)
    deed = ask["deed"]
    if deed == "refuse":
        world.gateway.refuses_until = world.clock.now() + ask["seconds"]
        return 0
    if ask.get("forget") or (deed == "invalidate" and not ask.get("resumable")):
        world.gateway.sessions.clear()
    for connection in connections:
        if deed == "drop":
            connection.transport.abort()
        elif deed == "close":
            connection.close(ask["code"], ask.get("reason", "").encode())
        elif deed == "reconnect":
            connection.tell(RECONNECT)
        elif deed == "invalidate":
            connection.tell(INVALID_SESSION, bool(ask.get("resumable")))
        else:
            raise ValueError(deed)
    return len(connections)
