"""What arrives, by whichever way: the library's app with a listener for each kind of thing, and what happens to it then."""

from __future__ import annotations

import asyncio
import logging
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import replace

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.middleware.async_middleware import AsyncMiddleware

from adapters.slack import parse, source
from adapters.slack import payload as read
from adapters.slack.access import Access
from adapters.slack.directory import Directory, soon
from adapters.slack.groups import Groups
from adapters.slack.installs import Installation
from adapters.slack.payload import Payload
from adapters.slack.reply import PATIENCE, Body, Means, Reply
from adapters.slack.turns import Turns
from bot.events import Command, Event, Happening, Press, Reaction, Roster, Submit, WorkspaceChanged, WorkspaceLeft
from bot.messages import Answer
from bot.platform import Handle, PlatformError
from bot.words import ENGLISH, N_, in_each, known, speaking

log = logging.getLogger(__name__)
log.setLevel(max(logging.INFO, log.getEffectiveLevel()))  # at DEBUG the library writes down everything that people say

ALL = re.compile("")

AT_ONCE = 250
"""Events that are handled side by side. When a thousand press at once, the first need not wait until the last is through."""

REMEMBERED = 10_000
"""Deliveries that are known again when they come a second time: they have their answer, or are getting it."""

DRAIN = 4.0
"""Seconds that answers under way are given when the bot stops."""

NOT_HERE = N_("I am not installed in this workspace any more. An admin can install me again.")
"""Said in every language: without a token nobody knows which one is spoken there."""


class Arrivals:
    """`app` is what is fed with what arrives. `handle` answers it; `heed` takes what merely happened."""

    def __init__(
        self,
        means: Means,
        directory: Directory,
        groups: Groups,
        handle: Handle,
        heed: Callable[[Payload, Happening], None],
    ) -> None:
        self._means = means
        self._directory = directory
        self._groups = groups
        self._bot = handle
        self._heed = heed
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._in_order = Turns()
        self._taken: OrderedDict[str, None] = OrderedDict()
        self._under_way: set[asyncio.Task[None]] = set()
        self.app = _app(means.access, self._take)

    def is_new(self, payload: Payload) -> bool:
        """Whether this has not been delivered before. Suggestions have no number, and may be asked for again."""
        number = read.ident(payload, "event_id") or read.ident(payload, "trigger_id")
        if not number:
            return True
        if number in self._taken:
            return False
        self._taken[number] = None
        if len(self._taken) > REMEMBERED:
            self._taken.popitem(last=False)
        return True

    async def drain(self) -> None:
        """Let the answers under way come out."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=DRAIN)

    # ------------------------------------------------ inside

    async def _take(self, payload: Payload) -> Body | None:
        """Anything; what its acknowledgement bears. It is through as soon as the deed is, after `PATIENCE` at the latest."""
        if not self.is_new(payload):
            return None
        reply = Reply(payload, self._means)
        task = asyncio.create_task(reply.run(self._understand, self._handle))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        patience = asyncio.get_running_loop().call_later(PATIENCE, reply.acknowledge)
        said = await reply.acknowledged
        patience.cancel()
        return said

    async def _handle(self, event: Event) -> Answer:
        if isinstance(event, Reaction):
            async with self._in_order.of((event.ref, event.actor.id)), self._turns:
                return await self._bot(event)
        async with self._turns:
            return await self._bot(event)

    async def _understand(self, payload: Payload) -> Event | None:
        """The event, with its actor as Slack knows them. None for what bots do, and for what happened unasked."""
        try:
            event = parse.to_event(payload)
        except parse.Unclear:
            with speaking(self._language(payload)):  # it says once more why not
                event = parse.to_event(payload)
        if isinstance(event, WorkspaceChanged | WorkspaceLeft | Roster):
            self._heed(payload, event)
            return None
        groups: tuple[str, ...] | None = None
        match event:
            case Press() if not parse.is_private(payload):
                someone = await self._directory.passing(event.place.workspace, event.actor.id)
            case Command() | Press() | Submit():
                someone, groups = await asyncio.gather(
                    soon(self._directory, event.place.workspace, event.actor.id, rights=True),
                    self._groups.of(event.place.workspace, event.actor.id),
                )
            case Reaction():
                async with self._in_order.of((event.ref, event.actor.id)):
                    someone = await soon(self._directory, event.place.workspace, event.actor.id, rights=False)
            case _:
                return event
        if someone is None:
            return event
        if isinstance(event, Command):
            event = await self._with_groups(event)
        return None if someone.bot else replace(event, actor=replace(someone.actor, groups=groups))

    def _language(self, payload: Payload) -> str:
        """In which somebody is told that they are not understood: theirs, where it is known already."""
        seen = self._directory.remembered(source.team(payload), source.actor(payload).id)
        return (None if seen is None else known(seen.actor.locale)) or ENGLISH

    async def _with_groups(self, command: Command) -> Command:
        """A command in which user groups are mentions, also where somebody has typed a handle without choosing it."""
        typed = {name: str(command.options[name]) for name in parse.handles(command)}
        found = {name: await self._groups.named(command.place.workspace, handle) for name, handle in typed.items()}
        mentions = {name: f"<!subteam^{found[name]}|{handle}>" for name, handle in typed.items() if found[name]}
        return replace(command, options={**command.options, **mentions}) if mentions else command


class _Authorize(AsyncAuthorize):
    """Whose token the library is to use: ours know."""

    def __init__(self, access: Access) -> None:
        self._access = access

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,
        actor_team_id: str | None = None,
        actor_user_id: str | None = None,
    ) -> AuthorizeResult | None:
        try:
            found = await _installation(self._access, context)
        except PlatformError as error:
            log.warning("something came from %s: %s", team_id or enterprise_id, error)
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_user_id=found.bot_user,
            bot_id=found.bot,
            bot_token=found.token,
        )


async def _installation(access: Access, context: AsyncBoltContext) -> Installation:
    team, enterprise = context.team_id, context.enterprise_id
    wide = enterprise if context.is_enterprise_install else None
    return await access.installation(team or enterprise or "", wide or "")


class _Presses(AsyncMiddleware):
    """Takes what is done with buttons and menus before the library looks for a listener, which costs more than an answer does.

    Where the app is not installed the library goes on, and says so.
    """

    def __init__(self, access: Access, take: Callable[[Payload], Awaitable[Body | None]]) -> None:
        self._access = access
        self._take = take

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - the library passes it by this name
    ) -> BoltResponse | None:
        if req.body.get("type") == "block_actions":
            try:
                await _installation(self._access, req.context)
            except PlatformError:
                pass  # the library's own way comes to the same, and then tells them
            else:
                return BoltResponse(status=200, body=await self._take(req.body) or "")
        return await next()


def _app(access: Access, take: Callable[[Payload], Awaitable[Body | None]]) -> AsyncApp:
    """The library's app. Each listener that it has to ask costs time, so there is one for each kind."""
    app = AsyncApp(
        name="studybot",
        logger=log,
        client=access.api.client(),
        before_authorize=_Presses(access, take),
        authorize=_Authorize(access),  # type: ignore[arg-type]  # it takes these, too
        user_facing_authorize_error_message="\n".join((NOT_HERE, *in_each(NOT_HERE).values())),
        process_before_response=True,  # else it looks for an acknowledgement every 10 ms
        request_verification_enabled=False,  # ours comes before anything is read
        ssl_check_enabled=False,
        url_verification_enabled=False,
        attaching_function_token_enabled=False,
    )

    async def anything(ack: AsyncAck, body: Payload) -> None:
        await ack(await take(body) or "")

    app.action(ALL)(anything)
    app.view(ALL)(anything)
    app.view_closed(ALL)(anything)
    app.command(ALL)(anything)
    app.options(ALL)(anything)
    app.event(ALL)(anything)
    return app
