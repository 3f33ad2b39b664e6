"""Control verbs that make and change workspaces, people, channels and the app's installation."""

from __future__ import annotations

import secrets
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.emulators.slack import auth_methods, deliveries, events, installing, named
from tests.emulators.slack.channels import PRIVATE, PUBLIC, Channel
from tests.emulators.slack.envelopes import EVENT, Delivery, Undelivered
from tests.emulators.slack.errors import Impossible, Json
from tests.emulators.slack.installs import Installation
from tests.emulators.slack.teams import Enterprise, Team, User, Usergroup
from tests.emulators.slack.world import Code, World


def manifest(world: World, ask: Json) -> Json:
    """The app becomes what its manifest says."""
    world.app.take(ask["manifest"])
    return {"events": world.app.events, "commands": list(world.app.commands), "urls": world.app.urls}


async def verify_url(world: World, _ask: Json) -> bool:
    """url_verification: whether the app gives the challenge back."""
    challenge = secrets.token_urlsafe(32)
    payload = {"token": world.app.verification_token, "challenge": challenge, "type": "url_verification"}
    try:
        reply = await deliveries.deliver(world, Delivery("verification", EVENT, "events", payload, "url_verification"))
    except Undelivered:
        return False
    given = reply.body.get("challenge") if isinstance(reply.body, dict) else reply.body
    return reply.good and given == challenge


def make_enterprise(world: World, ask: Json) -> Json:
    one = Enterprise(world.clock.id("E"), ask["name"])
    world.enterprises[one.id] = one
    return one.json()


def make_team(world: World, ask: Json) -> Json:
    enterprise = world.enterprises[ask["enterprise"]] if ask.get("enterprise") else None
    domain = ask["name"].lower().replace(" ", "-")
    one = Team(ask.get("id") or world.clock.id("T"), ask["name"], domain, enterprise)
    world.teams[one.id] = one
    return one.json()


def change_team(world: World, ask: Json) -> None:
    one = named.team(world, ask)
    one.emoji |= set(ask.get("emoji", []))
    if "name" in ask:
        one.name = ask["name"]
        for installation in world.installations.values():
            if installation.covers(one):
                event = {"type": "team_rename", "name": one.name, "event_ts": world.clock.ts()}
                events.tell(world, "team_rename", event, installation, team=one)


_ABOUT_PERSON = (
    "real_name",
    "display_name",
    "tz",
    "locale",
    "is_admin",
    "is_owner",
    "is_primary_owner",
    "guest",
    "deleted",
)


def make_person(world: World, ask: Json) -> Json:
    team, name = named.team(world, ask), ask["name"]
    one = User(world.clock.id("U"), team, name.lower().replace(" ", "."), name)
    _change(one, ask)
    team.users[one.id] = world.users[one.id] = one
    for channel in world.channels.values():
        if channel.name == "general" and team in channel.teams and one.guest is None:
            channel.members[one.id] = one
    return one.json()


def make_people(world: World, ask: Json) -> list[str]:
    ids = [
        make_person(world, {"team": ask["team"], "name": f"{ask['name']} {n + 1}"})["id"] for n in range(ask["count"])
    ]
    for number in ids:
        for channel in ask.get("channels", []):
            world.channels[channel].members[number] = world.users[number]
    return ids


def _change(one: User, ask: Json) -> None:
    for name in _ABOUT_PERSON:
        if ask.get(name) is not None:
            setattr(one, name, ask[name])


def change_person(world: World, ask: Json) -> None:
    one = named.user(world, ask)
    _change(one, ask)
    one.updated = int(world.clock.now())
    for installation in world.installations.values():
        if installation.covers(one.team):
            shown = one.json(locale=True)
            event = {"type": "user_change", "user": shown, "cache_ts": one.updated, "event_ts": world.clock.ts()}
            events.tell(world, "user_change", event, installation, team=one.team)


def make_usergroup(world: World, ask: Json) -> Json:
    team = named.team(world, ask)
    one = Usergroup(world.clock.id("S"), team, ask["name"], ask["handle"], ask["users"], int(world.clock.now()))
    team.usergroups[one.id] = one
    return one.json()


def change_usergroup(world: World, ask: Json) -> None:
    """Other `users`, or none any more, as it is `disabled`: Slack deletes none."""
    one = named.team(world, ask).usergroups[ask["usergroup"]]
    if ask.get("users") is not None:
        one.users = ask["users"]
    if ask.get("disabled"):
        one.disabled = int(world.clock.now())


def make_channel(world: World, ask: Json) -> Json:
    """`teams` after the first share it; `members` are ids."""
    teams = [world.teams[number] for number in ask["teams"]]
    kind = PRIVATE if ask.get("private") else PUBLIC
    members = {number: world.users[number] for number in ask.get("members", [])}
    creator = next(iter(members), "USLACKBOT")
    one = Channel(world.clock.id("C"), ask["name"], kind, teams, creator, int(world.clock.now()), members)
    world.channels[one.id] = one
    return {"id": one.id}


def make_dm(world: World, ask: Json) -> Json:
    return {"id": world.dm(named.user(world, ask), named.user(world, ask, "other")).id}


def change_channel(world: World, ask: Json) -> None:
    """Rename, archive, unarchive, delete."""
    one = named.channel(world, ask)
    if "name" in ask:
        one.name = ask["name"]
        renamed = {"id": one.id, "name": one.name, "created": one.made}
        events.told_of(world, one, "channel_rename", channel=renamed)
    if "archived" in ask and ask["archived"] != one.archived:
        one.archived = ask["archived"]
        events.told_of(world, one, "channel_archive" if one.archived else "channel_unarchive", user=one.creator)
    if ask.get("deleted"):
        events.told_of(world, one, "channel_deleted")
        one.deleted = True


def _member(world: World, ask: Json) -> User:
    """A person, or 'bot' for the app's bot of the channel's first workspace that has it."""
    if ask["user"] != "bot":
        return named.user(world, ask)
    channel = named.channel(world, {"channel": ask["channel"]})
    found = [one for team in channel.teams if (one := world.installation(team)) is not None]
    if not found:
        raise Impossible("the app is not installed there")
    return found[0].bot


def join(world: World, ask: Json) -> None:
    channel, who = named.channel(world, ask), _member(world, ask)
    if channel.archived or channel.deleted:
        raise Impossible(f"{channel.name} is archived")
    if who.id not in channel.members:
        inviter = world.users.get(ask.get("inviter") or "")
        channel.members[who.id] = who
        events.membership(world, channel, who, joined=True, inviter=inviter)


def leave(world: World, ask: Json) -> None:
    channel, who = named.channel(world, ask), _member(world, ask)
    if channel.members.pop(who.id, None) is not None:
        events.membership(world, channel, who, joined=False)


def _shown(world: World, found: Installation) -> Json:
    token = found.tokens[-1]
    enterprise = None if found.enterprise is None else found.enterprise.id
    return {
        "token": token.value,
        "bot": found.bot.id,
        "bot_id": found.bot_id,
        "team": found.team.id,
        "scopes": found.scopes,
        "enterprise": enterprise,
        "access": {"ok": True, **auth_methods.answer(found, token), "authed_user": {"id": found.installer.id}},
    }


def install(world: World, ask: Json) -> Json:
    """Install with the manifest's scopes, or these."""
    scopes = world.app.scopes if ask.get("scopes") is None else ask["scopes"]
    found = installing.install(world, named.user(world, ask), scopes, org_wide=ask.get("org_wide", False))
    return _shown(world, found)


def authorize(world: World, ask: Json) -> str:
    """A person follows the app's link to Slack and agrees, or not; where they are sent back to."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(ask["url"]).query).items()}
    if query.get("client_id") != world.app.client_id:
        raise Impossible("Slack knows no such client_id")
    back = query.get("redirect_uri")
    target = back or next(iter(world.app.redirects), None)
    if target is None or not any(target.startswith(one) for one in world.app.redirects):
        raise Impossible(f"redirect_uri did not match any configured URIs: {back}")
    scopes = [one for one in query.get("scope", "").split(",") if one]
    if not scopes or not set(scopes) <= set(world.app.scopes):
        raise Impossible(f"scopes that the manifest lacks: {scopes}")
    said = {"error": "access_denied"}
    if ask["agrees"]:
        code = secrets.token_hex(24)
        world.codes[code] = Code(named.user(world, ask), scopes, back, world.clock.now(), bool(ask.get("org_wide")))
        said = {"code": code}
    return f"{target}?{urlencode(said | ({'state': query['state']} if 'state' in query else {}))}"


def uninstall(world: World, ask: Json) -> None:
    installing.uninstall(world, named.installation(world, ask))


def revoke_tokens(world: World, ask: Json) -> None:
    """`quietly` sends no event."""
    found = named.installation(world, ask)
    installing.revoke(world, found, found.tokens, tell=not ask.get("quietly"))


def change_scopes(world: World, ask: Json) -> list[str]:
    found = named.installation(world, ask)
    found.scopes = [one for one in found.scopes if one not in ask.get("drop", [])] + list(ask.get("grant", []))
    return found.scopes
