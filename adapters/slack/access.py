"""Asking Slack something for a workspace: with its token, by the one policy."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import errors
from adapters.slack.api import Api
from adapters.slack.installs import Installation, Installs
from bot.platform import SignedOut, Unavailable
from bot.words import N_

T = TypeVar("T")

SIGN_IN = 20.0
"""Seconds that the first requests after a start wait for the bot to have signed in."""


class Access:
    def __init__(self, api: Api, installs: Installs) -> None:
        self.api = api
        self.installs = installs
        self._signed_in = asyncio.Event()
        self._ended = asyncio.Event()
        self._problem: SignedOut | None = None

    def begin(self) -> None:
        """The bot has signed in."""
        self._signed_in.set()

    @property
    def begun(self) -> bool:
        return self._signed_in.is_set() and self._problem is None

    def end(self, problem: SignedOut) -> None:
        """Slack refuses the bot for good."""
        self._problem = self._problem or problem
        self._ended.set()

    async def ended(self) -> SignedOut:
        """Why, once it does."""
        await self._ended.wait()
        assert self._problem is not None
        return self._problem

    async def installation(self, workspace: str, enterprise: str = "") -> Installation:
        """As `Installs.of`, once the bot has signed in."""
        if self._problem is not None:
            raise self._problem
        if not self._signed_in.is_set():
            try:
                await asyncio.wait_for(self._signed_in.wait(), SIGN_IN)
            except TimeoutError:
                raise Unavailable(N_("The bot has not signed in to Slack yet.")) from None
        return await self.installs.of(workspace, enterprise)

    async def ask(
        self, workspace: str, attempt: Callable[[AsyncWebClient], Awaitable[T]], within: float = errors.WITHIN
    ) -> T:
        """What `attempt` returns. It may be made more than once, so nothing that it does may be doubled by that."""
        return await self._with(workspace, lambda client: errors.insist(lambda: attempt(client), within))

    async def once(self, workspace: str, attempt: Callable[[AsyncWebClient], Awaitable[T]]) -> T:
        """What `attempt` returns; made a second time only when its token was refused. Unheard if nobody knows."""
        return await self._with(workspace, lambda client: errors.once(lambda: attempt(client)))

    async def _with(self, workspace: str, asked: Callable[[AsyncWebClient], Awaitable[T]]) -> T:
        found = await self.installation(workspace)
        try:
            return await asked(self.api.client(found.token))
        except SignedOut as problem:
            try:
                mended = await self.installs.mended(found, problem)
            except SignedOut as final:
                self.end(final)
                raise
            return await asked(self.api.client(mended.token))
