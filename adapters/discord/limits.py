"""What Discord takes, by name. Sources are pages of Discord's developer documentation."""

from __future__ import annotations

TEXT = 4000  # Components reference: all Text Displays of a message together; a Text Display of a form
COMPONENTS = 40  # Components reference: all of a message, nested ones included
ROW = 5  # Components reference: buttons of an Action Row
LABEL = 80  # Components reference: a button's label
CUSTOM_ID = 100  # Components reference
PLACEHOLDER = 150  # Components reference: a select menu's
OPTION = 100  # Components reference: an option's label, value and description
WRITTEN = 4000  # Components reference: Text Input, `max_length`
INPUT = 4000  # Components reference: characters that a Text Input takes
MODAL_TITLE = 45  # Interactions: receiving and responding, modal callback
COMPONENT_ID = 2**31 - 1  # Components reference: `id`, a 32-bit integer; 0 counts as not given
CHOICES = 25  # Application commands: choices of an option, options of a command, entries of an autocompletion
CHOICE = 100  # Application commands: a choice's name, and its value when that is text
NAME = 32  # Application commands: names of commands and options
DESCRIPTION = 100  # Application commands
COMMAND = 8000  # Application commands: names, descriptions and values of a command together
HISTORY = 100  # Get Channel Messages, Get Reactions: a page
