"""`/quiz help schedule`: what there is to type, in the tree's own words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.features import prose
from bot.messages import Block, Heading, Message, Run, Text, bold, code, plain
from bot.words import _


@dataclass(frozen=True, slots=True)
class Typed:
    """A command as it is typed, what it does, and its options with what each is."""

    spelled: str
    help: str
    options: tuple[tuple[str, str], ...] = ()


def full(word: str, commands: Sequence[Typed], *, admin: bool) -> Message:
    """Each command with its options."""
    blocks: list[Block] = [Heading(_("Help: {command}", command=word))]
    if admin:
        blocks.append(Text.of(_("For admins of a place, in its channels."), quiet=True))
    for each in commands:
        runs: list[Run] = [code(each.spelled), plain(f"  {each.help}.")]
        for name, what in each.options:
            runs += [plain("\n• "), bold(f"{name}:"), plain(f" {what}")]
        blocks.append(Text(tuple(runs)))
    return prose.fitted(*blocks)


def below(message: Message, word: str, commands: Sequence[Typed]) -> Message:
    """A message, with what can be typed about it beneath."""
    runs: list[Run] = []
    for each in commands:
        runs += [code(each.spelled), plain(f"  {each.help}\n")]
    every = _("All of it, with every option")
    runs += [code(f"/quiz help {word}"), plain(f"  {every}")]
    return prose.fitted(*message.blocks, Text(tuple(runs), quiet=True), tone=message.tone)
