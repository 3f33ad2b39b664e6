"""Socket Mode: a connection that we open, over which Slack sends what else would need an address of ours."""

from __future__ import annotations

import asyncio
import logging

import orjson
from aiohttp import ClientWebSocketResponse, WSMsgType
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from adapters.slack import errors
from adapters.slack.access import Access
from bot.platform import PlatformError, SignedOut, Unavailable

log = logging.getLogger(__name__)
log.setLevel(max(logging.WARNING, log.getEffectiveLevel()))  # each of its reconnections is worth an INFO to the library

PING = 3.0
"""Seconds between looks whether the connection lives; a lost one is mended after so long."""

LONGEST_WAIT = 60.0
"""Seconds between attempts to connect, at most."""

LARGEST = 2_000_000
"""Bytes of an envelope: the largest view is 250 kB."""

LINGER = 5.0
"""Seconds for which a connection that has been replaced is still read."""


class Socket(SocketModeClient):
    """The library's client, which reconnects by itself. It asks for a new address until it gets one."""

    def __init__(self, access: Access, app_token: str, app: AsyncApp) -> None:
        super().__init__(app_token, logger=log, web_client=access.api.client(), ping_interval=PING)
        self._access = access
        self._app = app
        self._outgoing: set[asyncio.Task[None]] = set()
        self._taking: set[asyncio.Task[None]] = set()
        self.socket_mode_request_listeners.append(self._received)

    async def issue_new_wss_url(self) -> str:
        """As the library's. A refused token ends it all."""
        wait = 1.0
        while True:
            try:
                said = await errors.once(lambda: self.web_client.apps_connections_open(app_token=self.app_token))
            except SignedOut:
                self.closed = True
                self._access.end(SignedOut(errors.APP_REFUSED))
                raise
            except PlatformError as problem:
                log.warning("not connected to Slack: %s", problem)
                pause = problem.retry_after if isinstance(problem, Unavailable) else None
                await asyncio.sleep(pause or wait)
                wait = min(2 * wait, LONGEST_WAIT)
            else:
                return str(said["url"])

    async def connect(self) -> None:
        """As the library's, with two differences. It would try an address that failed over and over, which is good once;
        and it closes the old connection before it opens the new one, so that what is sent between the two is lost.

        Whether the connection lives, its own pings find out; aiohttp's would cut it when we are busy for seconds.
        """
        while not self.closed:
            address, self.wss_uri = self.wss_uri or await self.issue_new_wss_url(), None
            try:
                fresh = await self.aiohttp_client_session.ws_connect(
                    address, autoping=False, proxy=self.proxy, max_msg_size=LARGEST
                )
            except errors.FAILURES as error:
                log.warning("not connected to Slack: %s", errors.to_problem(error))
                await asyncio.sleep(PING)
                continue
            old, self.current_session = self.current_session, fresh
            monitor, reader = self.current_session_monitor, self.message_receiver
            self.stale, self.last_ping_pong_time = False, None
            self.current_session_monitor = asyncio.ensure_future(self.monitor_current_session())
            self.message_receiver = asyncio.ensure_future(self.receive_messages())
            if monitor is not None and monitor is not asyncio.current_task():
                monitor.cancel()
            if old is not None:
                within = reader is asyncio.current_task()  # the library's reader of the old one has seen its end
                task = asyncio.create_task(self._read_out(old, None if within else reader))
                self._outgoing.add(task)
                task.add_done_callback(self._outgoing.discard)
            return

    async def process_message(self) -> None:
        """As the library's, with a reader of JSON that takes a quarter of the time; a press comes with its whole message."""
        written: str = await self.message_queue.get()
        try:
            message = orjson.loads(written)
        except ValueError:
            log.warning("Slack sent an envelope that can’t be read")
            return
        if isinstance(message, dict):
            task = asyncio.create_task(self.run_message_listeners(message, written))
            self._taking.add(task)
            task.add_done_callback(self._taking.discard)

    async def close(self) -> None:
        """As the library's."""
        for task in self._outgoing:
            task.cancel()
        await asyncio.gather(*self._outgoing, return_exceptions=True)
        await super().close()  # type: ignore[no-untyped-call]

    async def _read_out(self, old: ClientWebSocketResponse, reader: asyncio.Future[None] | None) -> None:
        """Take what Slack still sends over a connection that has been replaced, and then close it."""
        if reader is not None:
            reader.cancel()
            await asyncio.wait((reader,))
        try:
            async with asyncio.timeout(LINGER):
                async for message in old:
                    if message.type is WSMsgType.TEXT:
                        await self.enqueue_message(message.data)
                    elif message.type is WSMsgType.PING:
                        await old.pong(message.data)
        except (TimeoutError, *errors.FAILURES):
            pass  # it has had its time, or is broken: either way there is nothing more to read
        finally:
            await old.close()

    async def _received(self, _: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """An envelope. The library calls this in a task of its own for each."""
        said = await run_async_bolt_app(self._app, request)
        await send_async_response(self, request, said, 0.0)
