"""Pictures that lie beside a deck."""

from __future__ import annotations

from pathlib import Path

from bot.library.lint.rule import Found
from bot.quiz.cards import Card

MOST_BYTES = 1_000_000
"""A question's picture loads on a phone; platforms would take more (`bot.messages.LIMITS.PICTURE`)."""

_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
"""How a PNG (RFC 2083, section 3.1) and a JPEG (ITU-T T.81, B.1.1.3) begin."""

RULES = ("image-missing", "image-outside", "image-format", "image-too-big")


def pictures_of(card: Card, folder: Path | None) -> list[tuple[str, Found]]:
    """What is wrong with the card's picture: the rule's id and the find."""
    if card.image is None:
        return []
    file = card.image.file
    where = ("image", "file")
    if folder is None:
        mend = "take ‘image’ out, or put deck and picture in the bot’s deck folder"
        return [("image-missing", Found(where, f"a deck that was pasted has no pictures beside it: {mend}"))]
    path = inside(folder, file)
    if path is None:
        return [("image-outside", Found(where, f"‘{file}’ lies outside the deck’s folder: put it beside the deck"))]
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError:
        return [("image-missing", Found(where, f"there is no file ‘{file}’ to read beside the deck: put it there"))]
    if not content.startswith(_SIGNATURES):
        return [("image-format", Found(where, f"‘{file}’ is neither a PNG nor a JPEG inside: save it as one of them"))]
    if len(content) > MOST_BYTES:
        mend = "make it smaller"
        return [("image-too-big", Found(where, f"‘{file}’ has over {MOST_BYTES // 1000:,} kB: {mend}"))]
    return []


def inside(folder: Path, file: str) -> Path | None:
    """The path of a deck's file, None when it leads out of the deck's folder, by links too."""
    try:
        path = (folder / file).resolve()
        return path if path.is_relative_to(folder.resolve()) else None
    except (OSError, RuntimeError):  # a loop of links
        return None
