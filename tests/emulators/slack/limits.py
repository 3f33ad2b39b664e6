"""Slack's numbers, by name. Source: docs.slack.dev unless said otherwise."""

from __future__ import annotations

ACKNOWLEDGE = 3.0
"""Seconds for the answer to a command, an interaction or an event (Interactivity, Events API)."""
TRIGGER_LIFE = 3.0
"""Seconds (Handling user interaction)."""
RESPONSE_URL_LIFE = 30 * 60.0
RESPONSE_URL_USES = 5
"""Handling user interaction, Message responses."""
RETRIES = (0.0, 60.0, 300.0)
"""Seconds after a failed delivery of an event (Events API, Retries)."""
SOCKETS = 10
"""WebSocket connections of one app (Socket Mode)."""
CODE_LIFE = 600.0
"""Seconds (Installing with OAuth)."""
TOKEN_LIFE = 43_200
"""Seconds of a rotated token (Using token rotation)."""
ACTIVE_TOKENS = 2
"""Rotated tokens of an installation that are good at one time."""

TEXT = 40_000
"""Longer text is cut and warned of (Truncating really long messages)."""
ADVISED_TEXT = 4_000
UPDATED_TEXT = 4_000
"""chat.update, msg_too_long."""
BLOCKS_TEXT = 9_600
"""All texts in the blocks of chat.postMessage. Undocumented: 9,597 passed, 11,341 was refused (bolt-js issue 2867)."""
MARKDOWN = 12_000
"""All markdown blocks of a message together (Markdown block); markdown_text of chat.postMessage."""
TABLE_TEXT = 10_000
CONTEXT_TEXT = 2_000
"""Both undocumented where their blocks are: seen in refusals."""
MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
ATTACHMENTS = 100
METADATA_BYTES = 8_000
VIEW_BYTES = 250_000
VIEWS_IN_STACK = 3
REACTIONS_PER_PERSON, EMOJI_PER_MESSAGE = 23, 50
"""reactions.add: too_many_reactions, too_many_emoji."""
PAGE = 1_000
"""The largest `limit` of a list; of conversations.history 999."""
