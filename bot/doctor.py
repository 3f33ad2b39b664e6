"""`studybot doctor`: what works and what doesn't, a line each with its mend. It may be asked while the bot is running."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.config import Settings
from bot.connections import slack_credentials
from bot.events import Place
from bot.features.prose import count
from bot.problem import Problem
from bot.resources import data_folder, shelf_of
from bot.store import schedules, vault
from bot.store.database import Database, DatabaseInUse, DatabaseProblem
from bot.store.vault import CopiedVault

Found: TypeAlias = list[tuple[str, str]]
"""What was looked at, and its mend: empty where all is well."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the database knows that the platforms are asked about."""

    places: Sequence[Place]
    slack: CopiedVault

    def on(self, platform: str) -> list[Place]:
        return [place for place in self.places if place.platform == platform]


async def examine(settings: Settings) -> tuple[str, bool]:
    """The decks, the database and each platform, and whether all is well."""
    shelf = shelf_of(settings)
    found: Found = [
        _set_up(settings),
        (f"{count(len(shelf.cards()), 'card')} in {count(len(shelf.decks), 'deck')}.", ""),
    ]
    kept: _Kept | None = None
    try:
        async with _reading(settings, found) as tx:
            kept = _Kept(await schedules.places(tx), await vault.copy(tx, "slack"))
    except (DatabaseProblem, Problem) as problem:
        found.append((str(problem), "Nothing works without the database."))
    found += await _discord(settings, kept)
    found += await _slack(settings, kept)
    lines = [f"❌ {what}\n   {mend}" if mend else f"✅ {what}" for what, mend in found]
    return "\n".join(lines), not any(mend for _, mend in found)


def _set_up(settings: Settings) -> tuple[str, str]:
    """Where people meet the bot: who looks for a platform here and doesn't find it has set it in another folder."""
    named = {
        "the browser channel": settings.web == "on",
        "Discord": bool(settings.discord_token),
        "Slack": slack_credentials(settings).used,
    }
    used = [name for name, on in named.items() if on]
    if not used:
        mend = (
            "Write what docs/slack.md or docs/discord.md says into .env in this folder, or leave STUDYBOT_WEB=off out."
        )
        return "Nothing is set up where people could meet the bot.", mend
    return f"People meet the bot in {' and '.join(used)}.", ""


@asynccontextmanager
async def _reading(settings: Settings, found: Found) -> AsyncIterator[AsyncConnection]:
    """One look at the database: opened and brought up to date, unless a running bot has it."""
    if not settings.database_url:
        data_folder(settings)
    async with AsyncExitStack() as stack:
        try:
            database = await Database.open(settings.database)
        except DatabaseInUse:
            tx = await stack.enter_async_context(Database.beside(settings.database))
            found.append(("The database is in use by a running bot.", ""))
        else:
            stack.push_async_callback(database.close)
            tx = await stack.enter_async_context(database.read())
            found.append(("The database opens and is up to date.", ""))
        yield tx


async def _discord(settings: Settings, kept: _Kept | None) -> Found:
    if not settings.discord_token:
        return []
    from adapters.discord import doctor

    places = [] if kept is None else kept.on("discord")
    findings = await doctor.examine(settings.discord_token, settings.discord_api_url, places)
    return [(finding.what, finding.mend) for finding in findings]


async def _slack(settings: Settings, kept: _Kept | None) -> Found:
    credentials = slack_credentials(settings)
    if not credentials.used:
        return []
    from adapters.slack import doctor

    if kept is None and credentials.for_many:
        return [("The workspaces in Slack were not looked at: they are kept in the database.", "Mend that first.")]
    kept = kept or _Kept((), CopiedVault({}))
    return [(each.what, each.mend) for each in await doctor.examine(credentials, kept.slack, kept.on("slack"))]
