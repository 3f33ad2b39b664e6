"""What we say: messages made of blocks, forms, and the limits that every platform can show.

A message is data without any platform's markup; each adapter's `render.py` turns it into components, and escapes there
and nowhere else. Constructors refuse what some platform would reject, so an oversize message is found where it is made.
"""

from __future__ import annotations

from typing import TypeAlias

from bot.messages.actions import Action
from bot.messages.blocks import (
    Block,
    Button,
    Buttons,
    Fields,
    File,
    Heading,
    Message,
    Picture,
    Select,
    Style,
    Table,
    Text,
    Tone,
    button_rows,
)
from bot.messages.choices import Choice, Choices, OptionValue
from bot.messages.forms import Form, Input, SelectInput, TextInput
from bot.messages.limits import LIMITS, clip
from bot.messages.runs import Channel, CodeBlock, Mention, Run, Span, When, bold, code, italic, plain, woven

Answer: TypeAlias = Message | Form | Choices | None
"""What `handle` hands back to the adapter, for the actor's eyes alone."""

__all__ = [
    "LIMITS",
    "Action",
    "Answer",
    "Block",
    "Button",
    "Buttons",
    "Channel",
    "Choice",
    "Choices",
    "CodeBlock",
    "Fields",
    "File",
    "Form",
    "Heading",
    "Input",
    "Mention",
    "Message",
    "OptionValue",
    "Picture",
    "Run",
    "Select",
    "SelectInput",
    "Span",
    "Style",
    "Table",
    "Text",
    "TextInput",
    "Tone",
    "When",
    "bold",
    "button_rows",
    "clip",
    "code",
    "italic",
    "plain",
    "woven",
]
