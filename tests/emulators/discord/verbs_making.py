"""Control verbs that make and change places and people."""

from __future__ import annotations

from tests.emulators.discord import building, named
from tests.emulators.discord.errors import Json
from tests.emulators.discord.members import Member
from tests.emulators.discord.world import World


def make_guild(world: World, ask: Json) -> Json:
    return building.make_guild(world, ask["name"], ask.get("locale", "en-US"), ask.get("id")).json()


def make_channel(world: World, ask: Json) -> Json:
    guild = named.guild(world, ask)
    return building.make_channel(world, guild, ask["name"], ask.get("kind", "text"), ask.get("parent")).json()


def make_thread(world: World, ask: Json) -> Json:
    return building.make_thread(world, named.channel(world, ask), ask["name"], named.user(world, ask)).json()


def make_person(world: World, ask: Json) -> Json:
    user = building.make_user(world, ask["name"], bot=ask.get("bot", False), locale=ask.get("locale", "en-US"))
    user.takes_dms = ask.get("takes_dms", True)
    if ask.get("guild"):
        building.join(world, named.guild(world, ask), user, ask.get("permissions", []))
    return user.json()


def make_people(world: World, ask: Json) -> list[str]:
    """Many members at once, without an event for each; their ids."""
    guild = named.guild(world, ask)
    people = [
        building.make_user(world, f"{ask['name']} {n + 1}", bot=False, locale="en-US") for n in range(ask["count"])
    ]
    for user in people:
        guild.members[user.id] = Member(user, world.clock.now())
    return [user.id for user in people]


def join(world: World, ask: Json) -> None:
    building.join(world, named.guild(world, ask), named.user(world, ask), ask.get("permissions", []))


def leave(world: World, ask: Json) -> None:
    building.leave(world, named.guild(world, ask), named.user(world, ask))


def grant(world: World, ask: Json) -> None:
    guild, user = named.guild(world, ask), world.bot if ask["user"] == "bot" else named.user(world, ask)
    building.grant(world, guild, guild.members[user.id], ask["permissions"])


def time_out(world: World, ask: Json) -> None:
    """`seconds` from now, or None for its end."""
    guild, user = named.guild(world, ask), world.bot if ask["user"] == "bot" else named.user(world, ask)
    until = None if ask["seconds"] is None else world.clock.now() + ask["seconds"]
    building.time_out(world, guild, guild.members[user.id], until)


def change_role(world: World, ask: Json) -> None:
    """`role` is an id; the server's own stands for everybody."""
    guild = named.guild(world, ask)
    building.change_role(world, guild, guild.roles[ask["role"]], ask["permissions"])


def delete_roles(world: World, ask: Json) -> None:
    """The roles by which the bot, or a person, was granted something."""
    guild, user = named.guild(world, ask), world.bot if ask["user"] == "bot" else named.user(world, ask)
    for number in guild.members[user.id].roles:
        if guild.roles[number].managed_by is None:
            building.delete_role(world, guild, guild.roles[number])


def overwrite(world: World, ask: Json) -> None:
    target = world.bot.id if ask["target"] == "bot" else ask["target"]
    building.overwrite(world, named.channel(world, ask), target, ask.get("allow", []), ask.get("deny", []))


def change_person(world: World, ask: Json) -> None:
    user = named.user(world, ask)
    user.takes_dms = ask.get("takes_dms", user.takes_dms)
    user.name = ask.get("name", user.name)
    user.locale = ask.get("locale", user.locale)


def change_channel(world: World, ask: Json) -> None:
    change = {name: ask.get(name) for name in ("name", "archived", "locked", "parent")}
    building.change_channel(world, named.channel(world, ask), **change)


def delete_channel(world: World, ask: Json) -> None:
    building.delete_channel(world, named.channel(world, ask))


def change_guild(world: World, ask: Json) -> None:
    guild = named.guild(world, ask)
    if "name" in ask or "owner" in ask:
        building.change_guild(world, guild, ask.get("name"), world.users[ask["owner"]] if "owner" in ask else None)
    if "available" in ask:
        building.set_available(world, guild, available=ask["available"])
    if "has_bot" in ask:
        (building.add_bot if ask["has_bot"] else building.remove_bot)(world, guild)
