"""What the settings name, opened: the decks, the data folder, the database. Problem, with the mend, when that can't be."""

from __future__ import annotations

from pathlib import Path

from bot.config import Settings
from bot.library.faults import DeckError
from bot.library.shelf import Shelf, open_shelf, shipped
from bot.problem import Problem
from bot.store.database import Database, DatabaseProblem


def shelf_of(settings: Settings) -> Shelf:
    """The shipped decks, unless they are switched off, and the operator's own."""
    try:
        return open_shelf([*([shipped()] if settings.shipped_decks == "on" else []), *settings.decks])
    except DeckError as error:
        raise Problem(str(error)) from None


def data_folder(settings: Settings) -> Path:
    """The data folder, made if missing."""
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Problem(f"can't make the data folder {settings.data}: {reason}. Set STUDYBOT_DATA to another") from None
    return settings.data


async def open_database(settings: Settings) -> Database:
    if not settings.database_url:
        data_folder(settings)
    try:
        return await Database.open(settings.database)
    except DatabaseProblem as error:
        raise Problem(str(error)) from None
