"""Making and changing places and people, with the events that tell the bot of it."""

from __future__ import annotations

from tests.emulators.discord import gateway as g
from tests.emulators.discord import permissions
from tests.emulators.discord.errors import Impossible
from tests.emulators.discord.members import Member, Role, User
from tests.emulators.discord.places import CATEGORY, PUBLIC_THREAD, TEXT, Channel, Guild, Overwrite
from tests.emulators.discord.world import World

KINDS = {"text": TEXT, "category": CATEGORY}


def make_guild(world: World, name: str, locale: str, number: str | None) -> Guild:
    """A server with the bot in it, whose owner is nobody else's concern."""
    owner = make_user(world, f"Owner of {name}", bot=False, locale=locale)
    guild = Guild(number or world.clock.snowflake(), name, owner.id, locale)
    now = world.clock.now()
    guild.roles[guild.id] = Role(guild.id, "@everyone", permissions.EVERYONE, 0)
    bots = Role(world.clock.snowflake(), world.bot.name, 0, 1, managed_by=world.bot.id)
    guild.roles[bots.id] = bots
    guild.members[owner.id] = Member(owner, now)
    world.guilds[guild.id] = guild
    _join(world, guild, bots.id)
    tell(world, guild)
    return guild


def _join(world: World, guild: Guild, role: str) -> None:
    guild.has_bot, guild.joined = True, world.clock.now()
    guild.members[world.bot.id] = Member(world.bot, guild.joined, [role])


def tell(world: World, guild: Guild, *, returns: bool = False) -> None:
    event = guild.create_event(world.bot.id, returns=returns)
    world.gateway.dispatch("GUILD_CREATE", event, guild.id, g.GUILDS)


def remove_bot(world: World, guild: Guild) -> None:
    guild.has_bot = False
    guild.members.pop(world.bot.id, None)
    world.commands.pop(guild.id, None)
    world.gateway.dispatch("GUILD_DELETE", {"id": guild.id}, guild.id, g.GUILDS)


def add_bot(world: World, guild: Guild) -> None:
    if guild.has_bot:
        raise Impossible("the bot is in this server")
    _join(world, guild, next(role.id for role in guild.roles.values() if role.managed_by == world.bot.id))
    tell(world, guild)


def set_available(world: World, guild: Guild, *, available: bool) -> None:
    """An outage of the server, and its end. A session that begins in between is told of it when it is over."""
    guild.available = available
    if available:
        tell(world, guild, returns=True)
    else:
        world.gateway.dispatch("GUILD_DELETE", {"id": guild.id, "unavailable": True}, guild.id, g.GUILDS)


def change_guild(world: World, guild: Guild, name: str | None, owner: User | None) -> None:
    guild.name = guild.name if name is None else name
    guild.owner_id = guild.owner_id if owner is None else owner.id
    world.gateway.dispatch("GUILD_UPDATE", guild.json(), guild.id, g.GUILDS)


def make_user(world: World, name: str, *, bot: bool, locale: str) -> User:
    user = User(world.clock.snowflake(), name, bot, locale)
    world.users[user.id] = user
    return user


def join(world: World, guild: Guild, user: User, granted: list[str]) -> Member:
    """Make a user a member; `granted` permissions come by a role of their own."""
    member = guild.members[user.id] = Member(user, world.clock.now())
    if granted:
        grant(world, guild, member, granted)
    world.gateway.dispatch("GUILD_MEMBER_ADD", member.json() | {"guild_id": guild.id}, guild.id, g.GUILD_MEMBERS)
    return member


def grant(world: World, guild: Guild, member: Member, granted: list[str]) -> None:
    """Give a member exactly these permissions beside everybody's."""
    for role_id in member.roles:
        if role_id in guild.roles and guild.roles[role_id].managed_by is None:
            del guild.roles[role_id]
    managed = [role_id for role_id in member.roles if role_id in guild.roles]
    role = Role(world.clock.snowflake(), "May " + ", ".join(granted), permissions.bits(granted), len(guild.roles))
    guild.roles[role.id] = role
    member.roles = [*managed, role.id]
    world.gateway.dispatch("GUILD_ROLE_CREATE", {"guild_id": guild.id, "role": role.json()}, guild.id, g.GUILDS)
    # A bot is told of itself without the members intent.
    intents = g.GUILDS if member.user is world.bot else g.GUILD_MEMBERS
    world.gateway.dispatch("GUILD_MEMBER_UPDATE", member.json() | {"guild_id": guild.id}, guild.id, intents)


def time_out(world: World, guild: Guild, member: Member, until: float | None) -> None:
    """Silence a member until then, or let them speak again. Nobody is told when the time has come."""
    member.timed_out_until = until
    intents = g.GUILDS if member.user is world.bot else g.GUILD_MEMBERS
    world.gateway.dispatch("GUILD_MEMBER_UPDATE", member.json() | {"guild_id": guild.id}, guild.id, intents)


def change_role(world: World, guild: Guild, role: Role, granted: list[str]) -> None:
    role.permissions = permissions.bits(granted)
    world.gateway.dispatch("GUILD_ROLE_UPDATE", {"guild_id": guild.id, "role": role.json()}, guild.id, g.GUILDS)


def delete_role(world: World, guild: Guild, role: Role) -> None:
    """Take a role from the server and so from its members, of whom no more is told."""
    del guild.roles[role.id]
    for member in guild.members.values():
        member.roles = [one for one in member.roles if one != role.id]
    world.gateway.dispatch("GUILD_ROLE_DELETE", {"guild_id": guild.id, "role_id": role.id}, guild.id, g.GUILDS)


def leave(world: World, guild: Guild, user: User) -> None:
    del guild.members[user.id]
    world.gateway.dispatch(
        "GUILD_MEMBER_REMOVE", {"guild_id": guild.id, "user": user.json()}, guild.id, g.GUILD_MEMBERS
    )


def make_channel(world: World, guild: Guild, name: str, kind: str, parent: str | None) -> Channel:
    number = world.clock.snowflake()
    channel = Channel(number, KINDS[kind], name, guild.id, parent, position=len(guild.channels), made=world.clock.now())
    return _add(world, guild, channel, "CHANNEL_CREATE")


def make_thread(world: World, parent: Channel, name: str, owner: User) -> Channel:
    guild = world.guilds[parent.guild_id or ""]
    thread = Channel(world.clock.snowflake(), PUBLIC_THREAD, name, guild.id, parent.id, made=world.clock.now())
    thread.owner_id = owner.id
    return _add(world, guild, thread, "THREAD_CREATE", newly_created=True)


def _add(world: World, guild: Guild, channel: Channel, event: str, **more: bool) -> Channel:
    guild.channels[channel.id] = world.channels[channel.id] = channel
    world.gateway.dispatch(event, channel.json() | more, guild.id, g.GUILDS)
    return channel


def change_channel(
    world: World,
    channel: Channel,
    name: str | None = None,
    archived: bool | None = None,
    locked: bool | None = None,
    parent: str | None = None,
) -> None:
    channel.name = channel.name if name is None else name
    channel.archived = channel.archived if archived is None else archived
    channel.locked = channel.locked if locked is None else locked
    channel.parent_id = channel.parent_id if parent is None else parent
    event = "THREAD_UPDATE" if channel.is_thread else "CHANNEL_UPDATE"
    world.gateway.dispatch(event, channel.json(), channel.guild_id, g.GUILDS)


def delete_channel(world: World, channel: Channel) -> None:
    guild = world.guilds[channel.guild_id or ""]
    for thread in [one for one in guild.channels.values() if one.is_thread and one.parent_id == channel.id]:
        delete_channel(world, thread)
    del guild.channels[channel.id], world.channels[channel.id]
    if channel.is_thread:
        told = {"id": channel.id, "guild_id": guild.id, "parent_id": channel.parent_id, "type": channel.kind}
        world.gateway.dispatch("THREAD_DELETE", told, guild.id, g.GUILDS)
    else:
        world.gateway.dispatch("CHANNEL_DELETE", channel.json(), guild.id, g.GUILDS)


def overwrite(world: World, channel: Channel, target: str, allow: list[str], deny: list[str]) -> None:
    """Put the permission overwrite of a role or a member (the server's id is everybody)."""
    guild = world.guilds[channel.guild_id or ""]
    kind = 0 if target in guild.roles else 1
    if not allow and not deny:
        channel.overwrites.pop(target, None)
    else:
        channel.overwrites[target] = Overwrite(kind, permissions.bits(allow), permissions.bits(deny))
    world.gateway.dispatch("CHANNEL_UPDATE", channel.json(), guild.id, g.GUILDS)
