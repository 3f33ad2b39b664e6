"""The app comes to a workspace and goes: its bot, its tokens, and the events that tell of the end."""

from __future__ import annotations

import secrets

from tests.emulators.slack import events
from tests.emulators.slack.errors import Impossible
from tests.emulators.slack.installs import BOT, Installation, Token
from tests.emulators.slack.teams import Team, User
from tests.emulators.slack.world import World


def install(world: World, installer: User, scopes: list[str], *, org_wide: bool = False) -> Installation:
    """Install the app, or install it again: its bot and its messages stay its own. The last token is new, unless one lives that never rotates."""
    team = installer.team
    teams = [team]
    if org_wide:
        if team.enterprise is None or not world.app.org_wide:
            raise Impossible("the app can't be installed for a whole organisation")
        teams = [team, *(one for one in world.teams.values() if one.enterprise is team.enterprise and one is not team)]
    found = next((one for one in world.installations.values() if team in one.teams), None)
    if found is None:
        found = _new(world, installer, teams, org_wide=org_wide)
    elif found.removed:
        found.removed = found.bot.deleted = False
        found.teams, found.org_wide, found.scopes = teams, org_wide, []
    found.scopes = [*dict.fromkeys([*found.scopes, *scopes])]
    issue(world, found)
    return found


def _new(world: World, installer: User, teams: list[Team], *, org_wide: bool) -> Installation:
    team = installer.team
    app, clock = world.app, world.clock
    bot_id = clock.id("B")
    name = app.name.lower().replace(" ", "")
    bot = User(clock.id("U"), team, name, app.name, is_bot=True, bot_id=bot_id, app_id=app.id)
    team.users[bot.id] = world.users[bot.id] = bot
    found = Installation(clock.id("I"), app, teams, bot, bot_id, [], installer, org_wide)
    world.installations[found.id] = found
    return found


def issue(world: World, found: Installation) -> Token:
    """A new token. Without rotation, the old one is good for ever and comes again."""
    if not world.app.rotates and found.tokens and found.tokens[-1].dead is None:
        return found.tokens[-1]
    numbers = f"{secrets.randbelow(10**12):012}-{secrets.randbelow(10**13):013}-{secrets.token_urlsafe(18)[:24]}"
    if world.app.rotates:
        found.life = world.settings.token_life
        token = Token(f"xoxe.xoxb-1-{secrets.token_hex(40)}", BOT, found, world.clock.now() + found.life)
        found.refresh = f"xoxe-1-{secrets.token_hex(40)}"
    else:
        token = Token(f"xoxb-{numbers}", BOT, found)
    found.tokens.append(token)
    world.tokens[token.value] = token
    return token


def revoke(world: World, found: Installation, tokens: list[Token], *, tell: bool = True) -> None:
    """These tokens are good no more, and the app hears of it."""
    for one in tokens:
        one.dead = one.dead or "token_revoked"
    found.refresh = None
    if tell:
        event = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [found.bot.id]}}
        events.tell(world, "tokens_revoked", event, found, authorized=False)


def uninstall(world: World, found: Installation) -> None:
    """The app is gone from the workspace: the bot leaves every channel, and two events say so."""
    if found.removed:
        raise Impossible("the app is not installed")
    for token in found.tokens:
        token.dead = "account_inactive"
    revoke(world, found, found.tokens)
    events.tell(world, "app_uninstalled", {"type": "app_uninstalled"}, found, authorized=False)
    found.removed = True
    found.bot.deleted = True
    for channel in world.channels.values():
        if not channel.direct:
            channel.members.pop(found.bot.id, None)
