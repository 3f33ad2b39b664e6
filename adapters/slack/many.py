"""The app in many workspaces: installations kept in the vault, sealed, with tokens that change every twelve hours.

All workers share the vault. A refresh token is good once; of two workers who use the same one, the second finds what the
first has put there.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from slack_sdk.errors import SlackApiError

from adapters.slack import errors
from adapters.slack.api import Api
from adapters.slack.installs import ELSEWHERE, Installation, signed_in
from adapters.slack.sealed import Sealed, WrongKey
from bot.platform import Forbidden, Missing, SignedOut
from bot.words import N_

log = logging.getLogger(__name__)

FRESH = 60.0
"""Seconds for which an installation is believed to be as it was read."""

EARLY = 3600.0
"""Seconds before its end when a token is changed in passing, while it is still good."""

LAST = 60.0
"""Seconds before its end when a token is changed before anything is asked with it."""

OTHERS = (0.2, 0.5, 1.0, 2.0)
"""Seconds before each look whether another worker has changed a token that we could not change."""

INSTALLATION, WORKSPACE = "installation:", "workspace:"


class ManyInstalls:
    """`again` is where the app is installed anew; `lost` is told the workspaces in which it is no more."""

    def __init__(self, api: Api, vault: Sealed, client_id: str, client_secret: str, again: str) -> None:
        self._api = api
        self._vault = vault
        self._client = (client_id, client_secret)
        self._again = again
        self._known: dict[str, tuple[float, Installation | None]] = {}
        self._belongs: dict[str, str] = {}
        """Workspaces of organisations that have installed the app, by id."""
        self._changing: dict[str, asyncio.Task[Installation]] = {}
        self.lost: Callable[[Iterable[str]], None] = lambda _: None

    async def start(self) -> Mapping[str, Installation]:
        try:
            found = {}
            for key in await self._vault.keys(INSTALLATION):
                each = await self._read(key.removeprefix(INSTALLATION))
                if each is not None and each.team:
                    found[each.team] = each
            for key in await self._vault.keys(WORKSPACE):
                workspace = key.removeprefix(WORKSPACE)
                if (wide := await self._wide(workspace)) is not None:
                    found.setdefault(workspace, wide)
        except WrongKey as error:
            raise SignedOut(error.reason) from None
        return found

    async def of(self, workspace: str, enterprise: str = "") -> Installation:
        """As `Installs.of`. With `enterprise`, its organisation has installed the app, and the workspace is one of its own."""
        found = await self._look(workspace)
        if found is None and enterprise and (found := await self._look(enterprise)) is not None:
            await self._learn(workspace, enterprise)
        if found is None:
            found = await self._wide(workspace) or await self._in_realm(workspace)
        if found is None:
            raise Forbidden(
                N_("I am not installed in that workspace. An admin can install me at {address}"), address=self._again
            )
        return await self._lasting(found)

    async def save(self, found: Installation) -> None:
        """The app has been installed, perhaps again."""
        await self._vault.put(INSTALLATION + found.id, found.write())
        self._known[found.id] = (time.monotonic(), found)

    async def mended(self, refused: Installation, problem: SignedOut) -> Installation:
        """As `Installs.mended`: what another worker has put there, or a changed token. Else the app is not installed any more."""
        stored = await self._read(refused.id)
        if stored is not None and stored.token != refused.token:
            return stored
        if stored is not None and stored.refresh and isinstance(problem, errors.Expired):
            changed = await asyncio.shield(self._change(stored))
            if changed.token != refused.token:
                return changed
        await self._remove(refused)
        raise Forbidden(
            N_("Slack refuses my token for that workspace. An admin can install me again at {address}"),
            address=self._again,
        )

    async def doubt(self, workspace: str) -> None:
        """Slack says that the app was removed there. It may say so late, when it has been installed again."""
        found = await self._read(workspace) or await self._wide(workspace)
        if found is None:
            self.lost([workspace])
            return
        try:
            await signed_in(self._api, found.token)
        except SignedOut:
            await self._remove(found)

    async def close(self) -> None:
        if self._changing:
            await asyncio.wait(self._changing.values())

    # ------------------------------------------------ inside

    async def _look(self, number: str) -> Installation | None:
        known = self._known.get(number)
        if known is not None and time.monotonic() - known[0] < FRESH:
            return known[1]
        return await self._read(number)

    async def _read(self, number: str) -> Installation | None:
        """What is kept of a workspace or organisation, looked up anew."""
        written = await self._vault.get(INSTALLATION + number)
        found = None if written is None else Installation.read(written)
        self._known[number] = (time.monotonic(), found)
        return found

    async def _wide(self, workspace: str) -> Installation | None:
        """The organisation's installation that serves a workspace, if it has been met before."""
        if workspace not in self._belongs and (written := await self._vault.get(WORKSPACE + workspace)) is not None:
            self._belongs[workspace] = written.decode()
        organisation = self._belongs.get(workspace)
        return None if organisation is None else await self._look(organisation)

    async def _in_realm(self, organisation: str) -> Installation | None:
        """An installation in one of an organisation's workspaces: whoever is meant is known by the organisation."""
        if not organisation.startswith("E"):
            return None
        for key in await self._vault.keys(INSTALLATION):
            each = await self._look(key.removeprefix(INSTALLATION))
            if each is not None and each.enterprise == organisation:
                return each
        return None

    async def _learn(self, workspace: str, organisation: str) -> None:
        """Slack tells which workspaces an organisation has only by what comes from them."""
        if workspace != organisation and self._belongs.get(workspace) != organisation:
            await self._vault.put(WORKSPACE + workspace, organisation.encode())
            self._belongs[workspace] = organisation

    async def _remove(self, gone: Installation) -> None:
        workspaces = [gone.team] if gone.team else []
        if not gone.team:
            for key in await self._vault.keys(WORKSPACE):
                if await self._vault.get(key) == gone.enterprise.encode():
                    await self._vault.take(key)
                    self._belongs.pop(key.removeprefix(WORKSPACE), None)
                    workspaces.append(key.removeprefix(WORKSPACE))
        await self._vault.take(INSTALLATION + gone.id)
        self._known.pop(gone.id, None)
        self.lost(workspaces)

    # ------------------------------------------------ tokens that change

    async def _lasting(self, found: Installation) -> Installation:
        if found.expires is None or not found.refresh:
            return found
        left = found.expires - time.time()
        if left < EARLY:
            changing = self._change(found)
            if left < LAST:
                return await asyncio.shield(changing)
        return found

    def _change(self, old: Installation) -> asyncio.Task[Installation]:
        """A fresh token is on its way. Whoever waits for it may go: it is fetched once, and must not get lost."""
        changing = self._changing.get(old.id)
        if changing is None:
            changing = self._changing[old.id] = asyncio.create_task(self._changed(old))
            changing.add_done_callback(lambda done: self._end(old.id, done))
        return changing

    def _end(self, number: str, done: asyncio.Task[Installation]) -> None:
        del self._changing[number]
        if not done.cancelled() and (problem := done.exception()) is not None:
            log.warning("the token of %s was not changed: %s", number, problem)

    async def _changed(self, old: Installation) -> Installation:
        """The installation with a fresh token, kept before anybody uses it."""
        stored = await self._read(old.id)
        if stored is None:
            raise Missing(ELSEWHERE)
        if stored.token != old.token:
            return stored
        try:
            fresh = await self._refreshed(stored)
        except SlackApiError as error:
            if errors.name_of(error) != "invalid_refresh_token":
                raise errors.to_problem(error) from error
            return await self._by_another(stored)
        await self.save(fresh)
        log.info("the token of %s was changed", fresh.id)
        return fresh

    async def _refreshed(self, old: Installation) -> Installation:
        """One attempt: what Slack has changed, it tells once. Only a pause that it asks for is waited out."""
        client_id, client_secret = self._client
        try:
            said = await self._api.client().oauth_v2_access(
                client_id=client_id,
                client_secret=client_secret,
                grant_type="refresh_token",
                refresh_token=old.refresh,
            )
        except SlackApiError:
            raise
        except errors.FAILURES as error:
            raise errors.to_problem(error) from error
        return replace(
            old,
            token=str(said["access_token"]),
            refresh=str(said.get("refresh_token") or ""),
            expires=time.time() + float(said.get("expires_in") or 0),
        )

    async def _by_another(self, old: Installation) -> Installation:
        """What another worker, who was quicker, puts there; the old token as long as it is good."""
        for wait in OTHERS:
            await asyncio.sleep(wait)
            stored = await self._read(old.id)
            if stored is None or stored.token != old.token:
                break
        else:
            stored = old
        if stored is None:
            raise Missing(ELSEWHERE)
        if stored.token != old.token or (stored.expires or 0) > time.time():
            return stored
        log.error("the token of %s has ended and can’t be changed: the app has to be installed there again", old.id)
        await self._remove(old)
        raise Forbidden(
            N_("My token for that workspace has ended. An admin can install me again at {address}"), address=self._again
        )
