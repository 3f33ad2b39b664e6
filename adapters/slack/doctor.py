"""What keeps the bot from working on Slack, found without taking anything that comes, and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adapters.slack import errors, permissions
from adapters.slack.access import Access
from adapters.slack.api import Api
from adapters.slack.channels import Channels, is_direct
from adapters.slack.installs import Installation, Installs, OneInstall, signed_in
from adapters.slack.kept import KeptInstalls
from adapters.slack.sealed import Sealed, cipher
from adapters.slack.ways import EVENTS_PATH, INSTALL_PATH, Credentials, Way
from bot.events import Place
from bot.platform import PlatformError, SignedOut, Vault

REINSTALL = "Put the manifest of `studybot slack manifest` on the app’s page (App Manifest), and install the app anew."


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at. `mend` is empty when all is well."""

    what: str
    mend: str = ""

    @property
    def well(self) -> bool:
        return not self.mend


async def examine(credentials: Credentials, vault: Vault, places: Sequence[Place] = ()) -> list[Finding]:
    """The tokens, the scopes, and each of `places`."""
    try:
        way = credentials.way
    except ValueError as error:
        return [Finding("Slack is set up by half.", f"{error}.")]
    api = Api(credentials.api_url)
    api.open()
    try:
        return await _examine(api, way, credentials, vault, places)
    finally:
        await api.close()


async def _examine(api: Api, way: Way, given: Credentials, vault: Vault, places: Sequence[Place]) -> list[Finding]:
    installs: Installs = OneInstall(api, given.bot_token)
    if way is Way.MANY:
        installs = KeptInstalls(Sealed(vault, cipher(given.secret_key)))
    try:
        present = await installs.start()
    except SignedOut as problem:
        return [Finding("The bot can’t sign in to Slack.", str(problem))]
    except PlatformError as problem:
        return [Finding(str(problem), f"See whether this machine reaches {given.api_url}, and try again later.")]
    found, shut = await _workspaces(api, way, present, given)
    access = Access(api, installs)
    access.begin()
    channels = Channels(access)
    asked = [place for place in places if (at := present.get(place.workspace)) is None or at.id not in shut]
    return [await _way(api, way, given), *found, *[await _place(channels, place, present) for place in asked]]


async def _way(api: Api, way: Way, given: Credentials) -> Finding:
    """How what people do reaches the bot."""
    if way is not Way.SOCKET:
        where = given.address(EVENTS_PATH) if given.public_url else EVENTS_PATH
        return Finding(f"Slack is to send what people do to {where}, signed.")
    try:
        await errors.insist(lambda: api.client().apps_connections_open(app_token=given.app_token))
    except SignedOut:
        return Finding(
            "The app-level token is refused, so nothing that people do comes to the bot.", errors.APP_REFUSED
        )
    except PlatformError as problem:
        return Finding(
            f"No connection can be opened: {problem}",
            "Switch on Socket Mode on the app’s page, and see its app-level token.",
        )
    return Finding("What people do comes to the bot by Socket Mode.")


async def _workspaces(
    api: Api, way: Way, present: Mapping[str, Installation], given: Credentials
) -> tuple[list[Finding], set[str]]:
    """What is found of each, and the ids of those of whose channels nothing can be asked."""
    if not present:
        return [Finding(f"The app is installed nowhere yet: {given.address(INSTALL_PATH)} installs it.")], set()
    found, shut = [], set()
    for each in {one.id: one for one in present.values()}.values():
        try:
            now = await signed_in(api, each.token) if way is Way.MANY else each
        except SignedOut as problem:
            shut.add(each.id)
            if each.refresh and isinstance(problem, errors.Expired):
                found.append(Finding(f"The token for {each.name} has ended: the bot changes it when it runs."))
                continue
            where = given.address(INSTALL_PATH)
            found.append(Finding(f"The token for {each.name} is refused.", f"Install the app there again at {where}"))
            continue
        except PlatformError as problem:
            shut.add(each.id)
            found.append(Finding(f"{each.name} is out of reach: {problem}", "Try again later."))
            continue
        lacking = permissions.lacking(now.scopes) if now.scopes else []
        uses = "; ".join(f"{scope}: {permissions.SCOPES[scope]}" for scope in lacking)
        found.append(Finding(f"In {each.name} the app lacks {uses}.", REINSTALL) if lacking else _well(each))
    return found, shut


def _well(each: Installation) -> Finding:
    return Finding(f"Signed in to Slack, in {each.name}, with every scope that is needed.")


async def _place(channels: Channels, place: Place, present: Mapping[str, Installation]) -> Finding:
    """Whether a question can be posted in a channel."""
    where = present.get(place.workspace)
    problem: PlatformError | None = None
    try:
        await channels.check(place)
    except PlatformError as error:
        problem = error
    named = f"{await _named(channels, place)} of {where.name if where else place.workspace}"
    if problem is not None:
        return Finding(f"In {named} the bot can’t do its work.", str(problem))
    return Finding(f"In {named} the bot may do all that it needs.")


async def _named(channels: Channels, place: Place) -> str:
    """`#daily (C123)`; by its id alone where Slack doesn't show it to the bot."""
    if is_direct(place.channel):
        return f"private messages ({place.channel})"
    try:
        return f"#{await channels.name(place)} ({place.channel})"
    except PlatformError:
        return f"channel {place.channel}"
