"""From numbers to SVG to PNG. Nothing is loaded but the templates and fonts of this room."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import TypeAlias

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.messages import Picture
from bot.pictures import lettering
from bot.pictures.board import Board
from bot.pictures.palette import PALETTES, Theme
from bot.pictures.recap import Recap
from bot.pictures.rendering import png
from bot.pictures.stats import Stats
from bot.words import _, ngettext, speaking

Sheet: TypeAlias = Stats | Board | Recap

KEPT = 128
"""Pictures kept, of 75 kB or so: 10 MB."""


@cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["fit"] = lettering.fit
    made.filters["wrap"] = lettering.wrap
    made.filters["runs"] = lambda text, bold: lettering.runs(lettering.legible(text), bold)
    made.filters["shrunk"] = lettering.shrunk
    made.globals["wide"] = lambda text, size, bold=False: lettering.width(lettering.legible(text), size, bold)
    made.globals["latin"] = lettering.FAMILY
    made.globals["_"] = _
    made.globals["ngettext"] = ngettext
    return made


def svg(sheet: Sheet, theme: Theme = Theme.LIGHT) -> str:
    """The sheet as an SVG document, which looks as meant only where the fonts of this room are at hand."""
    with speaking(sheet.language):
        return _templates().get_template(sheet.template).render(sheet.scene(), c=PALETTES[theme])


@lru_cache(maxsize=KEPT)
def draw(sheet: Sheet, theme: Theme = Theme.LIGHT) -> Picture:
    """The sheet as a PNG with its alt text, kept for when the same is asked again in the same language.

    It blocks for 10 to 100 ms, in which no other thread runs either (the renderer holds the interpreter's lock): see `drawn`.
    """
    document = svg(sheet, theme)
    return Picture(png(document), sheet.alt, f"{sheet.template.partition('.')[0]}.png", document)


async def drawn(sheet: Sheet, theme: Theme = Theme.LIGHT, executor: Executor | None = None) -> Picture:
    """`draw`, off the event loop: in a thread, or where `executor` says.

    A thread keeps the wait for other work fair, but each picture still holds up the loop for as long as it is drawn. Whoever
    draws many at once hands in a `ProcessPoolExecutor` (spawned), which leaves the loop alone.
    """
    return await asyncio.get_running_loop().run_in_executor(executor, partial(draw, sheet, theme))
