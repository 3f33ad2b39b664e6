"""What Slack takes, by name. Sources are pages of Slack's developer documentation (docs.slack.dev) unless said otherwise."""

from __future__ import annotations

BLOCKS = 50  # Reference, Blocks: of a message
VIEW_BLOCKS = 100  # Reference, Views: of a modal or a home tab
TEXT = 4000  # chat.update: msg_too_long; chat.postMessage recommends the same
OBJECT = 3000  # Reference, Composition objects, Text object
TOTAL = 9600  # undocumented: all texts in a message's blocks; 9,597 passed and 11,341 did not (bolt-js issue 2867)
HEADER = 150  # Reference, Header block
CONTEXT = 10  # Reference, Context block: elements
ALT = 2000  # Reference, Image block
ELEMENTS = 25  # Reference, Actions block
BUTTON = 75  # Reference, Button element: text, and accessibility_label
VALUE = 2000  # Reference, Button element
ACTION_ID = 255  # Reference, Block elements
PLACEHOLDER = 150  # Reference, Select menu and Plain-text input elements
OPTIONS = 100  # Reference, Select menu element; block_suggestion
OPTION = 75  # Reference, Composition objects, Option: text and description
OPTION_VALUE = 150  # Reference, Composition objects, Option
URL = 3000  # Reference, Button element; the rich text's link gives none
TABLES = 1  # chat.postMessage: only_one_table_allowed
TABLE_ROWS = 100  # Reference, Table block, its head included
TABLE_COLUMNS = 20  # Reference, Table block
TABLE_TEXT = 10_000  # Reference, Table block: all cells of a message together
TIMESTAMP = 9_999_999_999  # Reference, Datetime picker element: ten digits; the date element gives none
TITLE = 24  # Reference, Views: title, submit and close
CALLBACK_ID = 255  # Reference, Views
METADATA = 3000  # Reference, Views: private_metadata
LABEL = 2000  # Reference, Input block
WRITTEN = 3000  # Reference, Plain-text input element: max_length
