"""`studybot …`. Everything heavy is imported where it is used, so that help comes at once."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from bot import __version__
from bot.problem import Problem

cli = typer.Typer(
    name="studybot",
    help="One good question a day, and help to remember the answer.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
decks = typer.Typer(help="Check and list decks.", no_args_is_help=True, rich_markup_mode=None)
cli.add_typer(decks, name="decks")


discord = typer.Typer(help="What an admin needs for Discord.", no_args_is_help=True, rich_markup_mode=None)
cli.add_typer(discord, name="discord")


schedule = typer.Typer(help="Look at daily questions.", no_args_is_help=True, rich_markup_mode=None)
cli.add_typer(schedule, name="schedule")


slack = typer.Typer(help="What an admin needs for Slack.", no_args_is_help=True, rich_markup_mode=None)
cli.add_typer(slack, name="slack")


privacy = typer.Typer(
    help="Answer people who ask what is kept about them.", no_args_is_help=True, rich_markup_mode=None
)
cli.add_typer(privacy, name="privacy")


@cli.callback(invoke_without_command=True)
def root(version: Annotated[bool, typer.Option("--version", help="Show the version and stop.")] = False) -> None:
    if version:
        typer.echo(f"studybot {__version__}")
        raise typer.Exit


@cli.command()
def run() -> None:
    """Run the bot.

    Settings are STUDYBOT_* variables in the environment or in .env: docs/settings.md.
    """
    import asyncio
    import gc
    import logging

    gc.disable()  # until `runtime.run` is ready: nothing that start-up makes is garbage
    from bot import config

    settings = config.load()
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for noisy in ("alembic", "apscheduler", "uvicorn.error"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLogger().level))
    for sentence in config.unknown():
        logging.getLogger("studybot").warning("%s", sentence)
    from bot import runtime

    asyncio.run(runtime.run(settings, lambda address: typer.echo(f"Studybot is ready: {address}")))


@decks.command("check")
def check(files: Annotated[list[Path], typer.Argument(help="Deck files (.yaml).")]) -> None:
    """Check deck files: every error and warning, with its line. Exit code 1 when there are errors."""
    from bot.library import report

    text, code = report.check(files)
    typer.echo(text)
    raise typer.Exit(code)


@decks.command("list")
def listing() -> None:
    """List the decks that the bot offers: the shipped ones and those of STUDYBOT_DECKS."""
    from bot import config
    from bot.library import report
    from bot.resources import shelf_of

    typer.echo(report.listing(shelf_of(config.load())))


@cli.command("rebuild-scores")
def rebuild_scores() -> None:
    """Derive boards and streaks anew from the answers.

    Stop the bot first.
    """
    import asyncio

    from bot import config, errands

    typer.echo(asyncio.run(errands.rebuild_scores(config.load())))


@schedule.command("explain")
def explain(number: Annotated[int, typer.Argument(metavar="ID", help="As /quiz schedule list shows it.")]) -> None:
    """Say what became of a daily question and its channel's recaps: due, claimed, posted, closed, and why not."""
    import asyncio

    from bot import config, errands

    typer.echo(asyncio.run(errands.explain(config.load(), number)))


@privacy.command("export")
def export(
    platform: Annotated[Literal["discord", "slack", "web"], typer.Argument(help="Where they use the bot.")],
    user: Annotated[str, typer.Argument(metavar="ID", help="Their id there; /quiz privacy show tells them.")],
    workspace: Annotated[str, typer.Option(help="The Slack workspace that the id is of.", show_default=False)] = "",
    form: Annotated[
        Literal["json", "csv"], typer.Option("--format", help="For programs, or for a spreadsheet.")
    ] = "json",
) -> None:
    """Print everything that is kept about somebody, by all their linked accounts: a file to give to them."""
    import asyncio

    from bot import config, errands
    from bot.store.ballots import Account

    typer.echo(asyncio.run(errands.about(config.load(), Account(platform, workspace, user, ""), form)), nl=False)


@discord.command("invite")
def invite() -> None:
    """Print the address that adds the bot to a server, with exactly the permissions it uses."""
    import asyncio

    from bot import config, errands

    typer.echo(asyncio.run(errands.discord_invitation(config.load())))


@slack.command("manifest")
def manifest(
    way: Annotated[
        Literal["socket", "http", "many"] | None,
        typer.Option(
            help="How Slack reaches the bot: by Socket Mode, by HTTP, or by HTTP from many workspaces that install the app. "
            "Without it, as the settings say.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Print the manifest from which Slack makes the app, with exactly the scopes, events and addresses it uses."""
    from bot import config, errands

    typer.echo(errands.slack_manifest(config.load(), way))


@slack.command("forget")
def forget(
    yes: Annotated[
        bool, typer.Option("--yes", help="Do it; without, it is only said what would be forgotten.")
    ] = False,
) -> None:
    """Forget every workspace that has installed the app, when STUDYBOT_SECRET_KEY is lost.

    Stop the bot first. Each workspace has to install the app anew; schedules and answers are kept.
    """
    import asyncio

    from bot import config, errands

    typer.echo(asyncio.run(errands.slack_forget(config.load(), sure=yes)))


@cli.command()
def doctor() -> None:
    """Say what is wrong, and how to mend it.

    Looks at the decks, the database and each platform, also while the bot is running; exit code 1 when something is wrong.
    """
    import asyncio

    from bot import config
    from bot.doctor import examine

    text, well = asyncio.run(examine(config.load()))
    typer.echo(text)
    raise typer.Exit(0 if well else 1)


def main() -> None:
    """The command's entry: a Problem becomes its sentence on standard error and exit code 2."""
    try:
        cli()
    except Problem as problem:
        typer.echo(f"studybot: {problem}", err=True)
        sys.exit(2)
