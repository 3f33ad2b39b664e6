"""The methods auth.*, oauth.v2.access, apps.*; the life of tokens. Source: Installing with OAuth, Token rotation."""

from __future__ import annotations

from tests.emulators.slack import installing, limits, sockets
from tests.emulators.slack.calls import Call
from tests.emulators.slack.errors import Json, Refusal
from tests.emulators.slack.installs import Installation, Token


def test(call: Call) -> Json:
    found = call.installation
    shown: Json = {
        "url": f"https://{found.team.domain}.slack.com/",
        "team": found.team.name,
        "user": found.bot.name,
        "team_id": found.team.id,
        "user_id": found.bot.id,
        "bot_id": found.bot_id,
        "is_enterprise_install": found.org_wide,
    }
    if found.enterprise is not None:
        shown["enterprise_id"] = found.enterprise.id
    if call.token is not None and call.token.expires is not None:
        shown["expires_in"] = int(call.token.expires - call.world.clock.now())
    return shown


def open_connection(call: Call) -> Json:
    return {"url": sockets.open_url(call.world)}


def revoke(call: Call) -> Json:
    if call.args.get("test"):
        return {"revoked": False}
    assert call.token is not None
    installing.revoke(call.world, call.installation, [call.token])
    return {"revoked": True}


def uninstall(call: Call) -> Json:
    _client(call)
    installing.uninstall(call.world, call.installation)
    return {}


def _client(call: Call) -> None:
    app = call.world.app
    given = call.basic or (str(call.args.get("client_id", "")), str(call.args.get("client_secret", "")))
    if given[0] != app.client_id:
        raise Refusal("invalid_client_id")
    if given[1] != app.client_secret:
        raise Refusal("bad_client_secret")


def access(call: Call) -> Json:
    """A code for an installation, or a refresh token for a new token."""
    _client(call)
    grant = call.args.get("grant_type", "authorization_code")
    if grant == "refresh_token":
        return _refresh(call)
    if grant != "authorization_code":
        raise Refusal("invalid_grant_type")
    world = call.world
    code = world.codes.get(str(call.args.get("code", "")))
    if code is None or code.used or code.made + limits.CODE_LIFE < world.clock.now():
        raise Refusal("invalid_code")
    if code.redirect_uri != call.args.get("redirect_uri"):
        raise Refusal("bad_redirect_uri")
    code.used = True
    found = installing.install(world, code.installer, code.scopes, org_wide=code.org_wide)
    return answer(found, found.tokens[-1]) | {"authed_user": {"id": code.installer.id}}


def _refresh(call: Call) -> Json:
    world, given = call.world, call.args.get("refresh_token")
    found = next((one for one in world.installations.values() if given and one.refresh == given), None)
    if found is None or found.removed:
        raise Refusal("invalid_refresh_token")
    token = installing.issue(world, found)
    living = [one for one in found.tokens if one.dead is None]
    for old in living[: -limits.ACTIVE_TOKENS]:
        old.dead = "token_revoked"
    return answer(found, token)


def answer(found: Installation, token: Token) -> Json:
    """What oauth.v2.access says of an installation."""
    enterprise = found.enterprise
    said: Json = {
        "access_token": token.value,
        "token_type": "bot",
        "scope": ",".join(found.scopes),
        "bot_user_id": found.bot.id,
        "app_id": found.app.id,
        "team": None if found.org_wide else {"id": found.team.id, "name": found.team.name},
        "enterprise": None if enterprise is None else enterprise.json(),
        "is_enterprise_install": found.org_wide,
    }
    if token.expires is not None:
        said |= {"expires_in": found.life, "refresh_token": found.refresh}
    return said
