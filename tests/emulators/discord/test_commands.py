"""Registering commands: the good near-miss is taken, the bad one refused."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from tests.emulators.discord.client import Discord
from tests.emulators.discord.commands import check_command
from tests.emulators.discord.errors import Impossible, Json
from tests.emulators.discord.form import Form
from tests.emulators.discord.servers import Channel, Guild


def command(*options: Json, **more: Any) -> Json:
    return {"name": "quiz", "description": "A quiz", "options": list(options)} | more


def option(name: str = "deck", kind: int = 3, **more: Any) -> Json:
    return {"name": name, "type": kind, "description": "Which"} | more


def sub(*options: Json, name: str = "play", kind: int = 1) -> Json:
    return option(name, kind, options=list(options))


def choices(count: int, name: str = "c", value: Any = "v") -> Json:
    return {"choices": [{"name": f"{name}{n}", "value": f"{value}{n}"} for n in range(count)]}


def faults(one: Json) -> list[str]:
    form = Form()
    check_command(form, (), one)
    return [code for _, code, _ in form.faults]


GOOD_AND_BAD: list[tuple[str, Json, Json]] = [
    ("a name of 32", command(name="x" * 32), command(name="x" * 33)),
    ("lower case", command(name="größe"), command(name="Größe")),
    ("letters", command(name="ab-c_1'"), command(name="a b")),
    ("Devanagari and Thai", command(name="ภาษา"), command(name="a.b")),
    ("a description of 100", command(description="x" * 100), command(description="x" * 101)),
    ("a description", command(description="x"), command(description="")),
    ("25 options", command(*[option(f"o{n}") for n in range(25)]), command(*[option(f"o{n}") for n in range(26)])),
    ("25 choices", command(option(**choices(25))), command(option(**choices(26)))),
    ("a choice of 100", command(option(**choices(1, "x" * 99))), command(option(**choices(1, "x" * 100)))),
    (
        "a choice value of 100",
        command(option(**choices(1, value="x" * 99))),
        command(option(**choices(1, value="x" * 100))),
    ),
    (
        "choices of the option's type",
        command(option(kind=4, choices=[{"name": "a", "value": 1}])),
        command(option(kind=4, **choices(1))),
    ),
    ("choices that differ", command(option(**choices(2))), command(option(choices=[{"name": "a", "value": "v"}] * 2))),
    ("choices or suggestions", command(option(autocomplete=True)), command(option(autocomplete=True, **choices(1)))),
    (
        "required first",
        command(option("a", required=True), option("b")),
        command(option("a"), option("b", required=True)),
    ),
    ("names that differ", command(option("a"), option("b")), command(option("a"), option("a"))),
    ("a type that exists", command(option(kind=11)), command(option(kind=12))),
    ("subcommands or options", command(sub(), sub(name="b")), command(sub(), option())),
    (
        "two levels",
        command(sub(sub(option()), name="team", kind=2)),
        command(sub(sub(sub(), kind=2), name="team", kind=2)),
    ),
    (
        "limits in order",
        command(option(kind=4, min_value=1, max_value=1)),
        command(option(kind=4, min_value=2, max_value=1)),
    ),
    ("limits of a number", command(option(kind=4, min_value=1)), command(option(min_value=1))),
    ("fields that exist", command(nsfw=False), command(hidden=True)),
    ("contexts that exist", command(contexts=[0, 1]), command(contexts=[3])),
    (
        "8,000 characters",
        command(*[option(f"o{n:02}", description="x" * 100, **choices(2, "x" * 50, "y" * 50)) for n in range(24)]),
        command(*[option(f"o{n:02}", description="x" * 100, **choices(3, "x" * 50, "y" * 50)) for n in range(25)]),
    ),
]


@pytest.mark.parametrize(("good", "bad"), [one[1:] for one in GOOD_AND_BAD], ids=[one[0] for one in GOOD_AND_BAD])
def test_a_command_is_taken_or_refused(good: Json, bad: Json) -> None:
    assert faults(good) == []
    assert faults(bad) != []


async def test_registering_again_keeps_ids_and_drops_what_is_left_out(
    discord: Discord, http: aiohttp.ClientSession
) -> None:
    path = f"applications/{discord.application_id}/commands"
    async with http.put(path, json=[command(), command(name="other")]) as response:
        first = {one["name"]: one["id"] for one in await response.json()}
    async with http.put(path, json=[command(sub())]) as response:
        (kept,) = await response.json()
    async with http.get(path, params={"with_localizations": "true"}) as response:
        assert await response.json() == [kept]
    assert kept["id"] == first["quiz"]


async def test_two_commands_of_one_name_are_refused(discord: Discord, http: aiohttp.ClientSession) -> None:
    async with http.put(f"applications/{discord.application_id}/commands", json=[command(), command()]) as response:
        assert (response.status, (await response.json())["code"]) == (400, 50035)
    assert await discord.commands() == []
    assert len(await discord.violations(clear=True)) == 1


async def test_who_may_not_see_a_command_cannot_type_it(
    discord: Discord, http: aiohttp.ClientSession, guild: Guild, channel: Channel
) -> None:
    path = f"applications/{discord.application_id}/commands"
    await http.put(path, json=[command(default_member_permissions=str(1 << 5), contexts=[0])])
    ann, admin = await guild.person("Ann"), await guild.person("Ada", manage_server=True)
    with pytest.raises(Impossible, match="not shown to Ann"):
        await ann.command(channel, "/quiz")
    with pytest.raises(Impossible, match="no session of the bot heard"):
        await admin.command(channel, "/quiz")
    with pytest.raises(Impossible, match="no command /quiz here"):
        await admin.command(None, "/quiz")
    await discord.violations(clear=True)
