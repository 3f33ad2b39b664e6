"""What an operator has done once: scores derived anew, a question explained, a file of what is kept about somebody, addresses and
manifests printed, keys lost.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot import history
from bot.config import Settings
from bot.connections import slack_credentials, slack_vault
from bot.features.export import Format, written
from bot.features.prose import count
from bot.platform import PlatformError
from bot.problem import Problem
from bot.resources import open_database
from bot.store import dossier, rebuild
from bot.store.ballots import Account
from bot.store.database import Database, DatabaseProblem
from bot.store.tables import communities


async def rebuild_scores(settings: Settings) -> str:
    """Derive every community's boards, days and streaks anew; what was done, in words."""
    database = await open_database(settings)
    lines = []
    try:
        async with database.read() as tx:
            every = (await tx.execute(select(communities.c.id, communities.c.name, communities.c.zone))).all()
        for community in every:
            today = datetime.now(UTC).astimezone(ZoneInfo(community.zone)).date()
            async with database.write() as tx:
                rebuilt = await rebuild.rebuild_scores(tx, community.id, today)
            lines.append(
                f"{community.name}: {rebuilt.scores} board lines from {rebuilt.answers} answers of {rebuilt.people} people"
            )
    finally:
        await database.close()
    return "\n".join(lines) or "There is no community yet, so there is nothing to rebuild."


async def explain(settings: Settings, schedule_id: int) -> str:
    """What became of a daily question; it may be asked while the bot is running."""
    try:
        async with Database.beside(settings.database) as tx:
            told = await history.explain(tx, schedule_id, datetime.now(UTC))
    except DatabaseProblem as error:
        raise Problem(str(error)) from None
    if told is None:
        raise Problem(f"there is no daily question {schedule_id}: /quiz schedule list shows those that there are")
    return told


async def about(settings: Settings, who: Account, form: Format) -> str:
    """All that is kept about somebody, as a file; it may be asked while the bot is running."""
    try:
        async with Database.beside(settings.database) as tx:
            kept = await dossier.collect(tx, who)
    except DatabaseProblem as error:
        raise Problem(str(error)) from None
    if not any(kept.sections.values()):
        raise Problem(f"nothing is kept about {who.user_id} on {who.platform}; a Slack id wants its --workspace, too")
    return written(kept, form)


async def discord_invitation(settings: Settings) -> str:
    """The address at which an admin adds the bot to a Discord server."""
    from adapters.discord import doctor

    if not settings.discord_token:
        raise Problem("STUDYBOT_DISCORD_TOKEN is empty: docs/discord.md says where to get a token")
    try:
        return await doctor.invitation(settings.discord_token, settings.discord_api_url)
    except PlatformError as error:
        raise Problem(f"Discord: {error}") from None


def slack_manifest(settings: Settings, way: str | None) -> str:
    """The manifest of the Slack app, for Slack's pages. `way` is socket, http or many; None: what the settings say."""
    from adapters.slack.manifest import manifest
    from adapters.slack.ways import Way

    credentials = slack_credentials(settings)
    try:
        return json.dumps(manifest(Way(way) if way else credentials.wanted, credentials), indent=2)
    except ValueError as error:
        raise Problem(str(error)) from None


async def slack_forget(settings: Settings, *, sure: bool) -> str:
    """Take every stored installation out of the vault, whatever key it was sealed with; what was done, in words.

    Problem, with nothing done, unless the operator is `sure`.
    """
    from adapters.slack import kept
    from adapters.slack.ways import INSTALL_PATH

    credentials = slack_credentials(settings)
    database = await open_database(settings)
    try:
        vault = slack_vault(database)
        number = await kept.installed(vault)
        if not number:
            return "Nothing is kept of any installation in Slack, so there is nothing to forget."
        if not sure:
            raise Problem(
                f"this forgets {count(number, 'installation')} of the app in Slack, and each workspace has to install it "
                "anew. With --yes it is done"
            )
        await kept.forget(vault)
    finally:
        await database.close()
    where = credentials.address(INSTALL_PATH) if credentials.public_url else f"STUDYBOT_PUBLIC_URL{INSTALL_PATH}"
    return (
        f"{count(number, 'installation')} forgotten. Schedules and answers are kept.\n"
        f"Start Studybot; then an admin of each workspace opens {where}, and its daily questions go on."
    )
