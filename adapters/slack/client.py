"""Slack as a platform: signs in, takes what comes by the way that was chosen, and says what the bot says."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from starlette.routing import BaseRoute, Route

from adapters.slack import errors, render
from adapters.slack.access import Access
from adapters.slack.api import Api
from adapters.slack.arrivals import Arrivals
from adapters.slack.channels import Channels
from adapters.slack.courtesy import Courtesy
from adapters.slack.directory import Directory
from adapters.slack.emoji import to_name
from adapters.slack.endpoint import Endpoint
from adapters.slack.groups import Groups
from adapters.slack.installs import Installation, Installs, OneInstall
from adapters.slack.lifecycle import Lifecycle
from adapters.slack.many import ManyInstalls
from adapters.slack.oauth import Installing
from adapters.slack.origin import NAME
from adapters.slack.posts import Posts
from adapters.slack.reply import Means
from adapters.slack.sealed import Sealed, cipher
from adapters.slack.socket import Socket
from adapters.slack.uploads import Uploads
from adapters.slack.ways import EVENTS_PATH, INSTALL_PATH, Credentials, Way
from bot import platform as told
from bot.events import Actor, MessageRef, Place
from bot.messages import Message
from bot.platform import Handle, PlatformError, SignedOut, Vault

log = logging.getLogger(__name__)

LONGEST_WAIT = 60.0
"""Seconds between attempts to sign in, at most."""

OWNER_PAGES, OWNER_WITHIN = 4, 10.0
"""Of the list of people, in which the workspace's owner is looked for at start; seconds for that."""


class SlackPlatform:
    """A `Platform`. `vault` keeps what must outlive a restart; the way for many workspaces alone needs it.

    ValueError when what the way needs is set by half.
    """

    name = NAME

    def __init__(self, credentials: Credentials, vault: Vault) -> None:
        way = self._way = credentials.way
        self._credentials = credentials
        self._api = Api(credentials.api_url)
        self._installing: Installing | None = None
        self._installs = self._one_or_many(vault)
        self._access = Access(self._api, self._installs)
        self._directory = Directory(self._access)
        self._groups = Groups(self._access)
        self._channels = Channels(self._access)
        uploads = Uploads(self._access)
        self._posts = Posts(self._access, uploads)
        self._means = Means(self._access, self._posts, uploads, Courtesy())
        self._endpoint = Endpoint(credentials.signing_secret) if way is not Way.SOCKET else None
        self._arrivals: Arrivals | None = None
        self._lifecycle: Lifecycle | None = None

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """What the bot's server mounts for Slack; nothing in Socket Mode."""
        if self._endpoint is None:
            return ()
        pages = () if self._installing is None else self._installing.routes
        return (Route(EVENTS_PATH, self._endpoint, methods=["POST"]), *pages)

    async def run(self, handle: Handle) -> None:
        """As `Platform.run`; SignedOut when Slack refuses a token for good. Everything else passes."""
        self._api.open()
        lifecycle = Lifecycle(handle, self._channels, self._access.installation, self._doubt)
        arrivals = Arrivals(self._means, self._directory, self._groups, handle, lifecycle.heed)
        self._arrivals = arrivals
        self._lifecycle = lifecycle
        try:
            found = await self._sign_in()
            self._access.begin()
            lifecycle.present({workspace: await self._owned(workspace, each) for workspace, each in found.items()})
            await self._take(arrivals)
        finally:
            if self._endpoint is not None:
                self._endpoint.close()
            if self._installing is not None:
                self._installing.close()
            await arrivals.drain()
            await lifecycle.close()
            await self._installs.close()
            await self._api.close()

    # ------------------------------------------------ what the bot says

    async def post(self, place: Place, message: Message, key: str) -> MessageRef:
        return await self._posts.post(place, render.to_blocks(message), key)

    async def edit(self, ref: MessageRef, message: Message) -> None:
        await self._posts.edit(ref, render.to_blocks(message))

    async def find(self, place: Place, key: str, since: datetime) -> Sequence[MessageRef]:
        return await self._posts.find(place, key, since)

    async def delete(self, ref: MessageRef) -> None:
        await self._posts.delete(ref)

    async def reactors(self, ref: MessageRef, emoji: str) -> Sequence[Actor]:
        """As `Platform.reactors`; in the order in which they reacted."""
        said = await self._access.ask(
            ref.place.workspace,
            lambda client: client.reactions_get(channel=ref.place.channel, timestamp=ref.message, full=True),
        )
        standing: list[Mapping[str, Any]] = (said.get("message") or {}).get("reactions") or []
        name = to_name(emoji)
        users: list[str] = next((each["users"] for each in standing if each["name"] == name), [])
        mine = (await self._access.installation(ref.place.workspace)).bot_user
        return await self._directory.all(ref.place.workspace, [user for user in users if user != mine])

    async def react(self, ref: MessageRef, emoji: str) -> None:
        """As `Platform.react`. Slack says so when it stands there already, and that is as good."""

        async def attempt(client: AsyncWebClient) -> None:
            try:
                await client.reactions_add(channel=ref.place.channel, timestamp=ref.message, name=to_name(emoji))
            except SlackApiError as error:
                if errors.name_of(error) != "already_reacted":
                    raise

        await self._access.ask(ref.place.workspace, attempt)

    async def check(self, place: Place) -> None:
        await self._channels.check(place)

    async def groups(self, workspace: str) -> told.Groups | None:
        return await self._groups.all(workspace)

    async def tell(self, actor: Actor, message: Message) -> None:
        """As `Platform.tell`. What we wrote there we may not read, so there is one attempt."""
        drawing = render.to_blocks(message)
        opened = await self._access.ask(actor.workspace, lambda client: client.conversations_open(users=[actor.id]))
        await self._posts.say(actor.workspace, str(opened["channel"]["id"]), drawing)

    # ------------------------------------------------ inside

    async def _sign_in(self) -> Mapping[str, Installation]:
        """Every workspace, as soon as Slack can be reached."""
        wait = 1.0
        while True:
            try:
                return await self._installs.start()
            except SignedOut:
                raise
            except PlatformError as problem:
                log.warning("not signed in to Slack: %s", problem)
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)

    async def _owned(self, workspace: str, found: Installation) -> Installation:
        """With who owns the workspace, where nobody is known who installed the app. People’s names are learned in passing."""
        if found.owner or not found.team:
            return found
        try:
            async with asyncio.timeout(OWNER_WITHIN):
                owner = await self._directory.read(workspace, pages=OWNER_PAGES)
        except (PlatformError, TimeoutError) as error:
            log.info("the owner of the workspace %s is not known: %s", workspace, error)
            return found
        return found if owner is None else dataclasses.replace(found, owner=str(owner.get("id", "")))

    async def _take(self, arrivals: Arrivals) -> None:
        """Take what comes, until Slack refuses the bot."""
        if self._endpoint is not None:

            async def dispatch(payload: dict[str, Any]) -> BoltResponse:
                return await arrivals.app.async_dispatch(AsyncBoltRequest(body=payload, mode="socket_mode"))

            self._endpoint.open(dispatch)
            if self._installing is not None:
                self._installing.open()
            raise await self._access.ended()
        socket = Socket(self._access, self._credentials.app_token, arrivals.app)
        connecting = asyncio.create_task(socket.connect_to_new_endpoint())
        try:
            raise await self._access.ended()
        finally:
            connecting.cancel()
            with contextlib.suppress(asyncio.CancelledError, PlatformError):
                await connecting
            await arrivals.drain()
            await socket.close()

    async def _doubt(self, workspace: str) -> None:
        """Slack says that the bot was removed. It may say so late, after it has come back."""
        try:
            await self._installs.doubt(workspace)
        except SignedOut as problem:
            self._lost([workspace])
            self._access.end(problem)

    def _one_or_many(self, vault: Vault) -> Installs:
        given = self._credentials
        if self._way is not Way.MANY:
            return OneInstall(self._api, given.bot_token)
        sealing = cipher(given.secret_key)
        again = given.address(INSTALL_PATH)
        many = ManyInstalls(self._api, Sealed(vault, sealing), given.client_id, given.client_secret, again)
        many.lost = self._lost

        async def save(found: Installation) -> None:
            await many.save(found)
            log.info("installed in %s (%s)", found.name, found.id)
            if self._lifecycle is not None and found.team:
                self._lifecycle.changed(found.team)

        self._installing = Installing(self._api, given, sealing, save)
        return many

    def _lost(self, workspaces: Iterable[str]) -> None:
        if self._lifecycle is not None:
            self._lifecycle.left(workspaces)
