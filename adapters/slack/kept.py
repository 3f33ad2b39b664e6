"""What the vault keeps of the app in many workspaces, looked at without changing it; and all of it forgotten.

A token that changes is good for whoever changed it last. So whoever only looks, beside a running bot, changes none.
"""

from __future__ import annotations

from collections.abc import Mapping

from adapters.slack.installs import ELSEWHERE, Installation
from adapters.slack.many import INSTALLATION, WORKSPACE
from adapters.slack.sealed import WrongKey
from bot.platform import Missing, SignedOut, Vault


class KeptInstalls:
    """`Installs`, as they stood when `start` read them."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._found: dict[str, Installation] = {}

    async def start(self) -> Mapping[str, Installation]:
        try:
            every = [await self._vault.get(key) for key in await self._vault.keys(INSTALLATION)]
            by_id = {each.id: each for written in every if written is not None for each in [Installation.read(written)]}
            self._found = {number: each for number, each in by_id.items() if each.team}
            for key in await self._vault.keys(WORKSPACE):
                organisation = await self._vault.get(key)
                if organisation is not None and (wide := by_id.get(organisation.decode())) is not None:
                    self._found.setdefault(key.removeprefix(WORKSPACE), wide)
        except WrongKey as error:
            raise SignedOut(error.reason) from None
        return self._found

    async def of(self, workspace: str, enterprise: str = "") -> Installation:
        found = self._found.get(workspace) or self._found.get(enterprise)
        if found is None:
            raise Missing(ELSEWHERE)
        return found

    async def mended(self, refused: Installation, problem: SignedOut) -> Installation:
        raise problem

    async def doubt(self, workspace: str) -> None:
        """Nobody says goodbye to who only looks."""

    async def close(self) -> None:
        return


async def installed(vault: Vault) -> int:
    """How many installations are kept, sealed with whatever key."""
    return len(await vault.keys(INSTALLATION))


async def forget(vault: Vault) -> None:
    """Take all that is kept of Slack out of the vault."""
    for key in await vault.keys(""):
        await vault.take(key)
