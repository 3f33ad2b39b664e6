"""What every platform can show, by name, with the source; and cutting a text to it."""

from __future__ import annotations


class LIMITS:
    """The tightest documented limit over Discord (docs: Components reference) and Slack (docs: Block Kit reference)."""

    ACTION = 100  # Discord custom_id; Slack value 2,000
    MESSAGE = 4000  # Discord: all text of a components-v2 message together
    PARTS = 39  # Discord: 40 components a message, less the one that holds all others; a row and its buttons count each
    BLOCKS = 35  # ours; Slack 50 blocks
    TEXT = 2900  # Slack section text 3,000, less what escaping may add around it
    HEADING = 150  # Slack header
    FIELDS = 10  # Slack section fields
    FIELD = 300  # ours: two columns on a phone; Slack 2,000
    BUTTONS = 5  # Discord: buttons a row
    LABEL = 75  # Slack button text; Discord 80
    OPTIONS = 25  # Discord select options; Slack 100
    OPTION = 75  # Slack option text; Discord 100
    ALT = 1000  # Discord 1,024; Slack 2,000
    TABLE_ROWS = 99  # Slack table 100, with its head
    TABLE_COLUMNS = 20  # Slack table
    FORM_TITLE = 24  # Slack modal title; Discord 45
    FORM_INPUTS = 5  # Discord modal components
    INPUT_LABEL = 45  # Discord Label; Slack 2,000
    INPUT_HINT = 100  # Discord Label description and placeholder; Slack placeholder 150
    INPUT = 10_000  # ours, what a browser may send; Slack lets people write 3,000 and Discord 4,000
    PICTURE = 5_000_000  # bytes; Discord uploads 10 MiB
    FILE = 8_000_000  # bytes; Discord uploads 10 MiB, Slack and a browser take more
    CHOICES = 25  # Discord autocomplete


def clip(text: str, limit: int) -> str:
    """`text`, or its beginning and an ellipsis, in at most `limit` characters."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def within(what: str, text: str, limit: int, *, least: int = 1) -> None:
    """ValueError unless `text` has `least` to `limit` characters."""
    if not least <= len(text) <= limit:
        raise ValueError(f"{what} has {len(text)} characters; {least} to {limit} can be shown")
