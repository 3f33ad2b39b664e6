"""In: what the page's forms sent → events. Pure; whatever a browser sends, the worst that comes of it is a sentence."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from bot import commands
from bot.events import Actor, Command, Completion, MessageRef, Place, Press, Reaction, Submit, legible
from bot.messages import LIMITS, Action, Choices, Form, Message, Select, SelectInput, clip
from bot.words import N_, _
from bot.words import number as decimal

PLACE = Place("web", "local", "general")

STALE = N_("That button is from an older version; nothing was recorded.")
STALE_EMOJI = N_("That emoji isn’t under that message; nothing was recorded. Please press one that is.")
STALE_FORM = N_("That form is from an older version; nothing was recorded. Please open it again.")
CHAT = N_("I only understand commands here. Type /quiz to see what I can do.")

COMMAND_MOST = 2000
"""Characters of a command; no command of ours needs a tenth of it."""

_FIELDS_MOST = 60


class Unclear(Exception):
    """Nothing that the bot can act on; `str` is the sentence to answer with."""


class Faulty(Exception):
    """A form that can't be sent as it is: a sentence per input's name, and what was typed."""

    def __init__(self, faults: Mapping[str, str], typed: Mapping[str, str]) -> None:
        super().__init__("; ".join(faults.values()))
        self.faults = faults
        self.typed = typed


class Sent:
    """A form's fields as they came: broken UTF-8 and unstorable characters are replaced, repeated names kept."""

    def __init__(self, body: bytes) -> None:
        """ValueError for more fields than any form of ours has."""
        pairs = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, errors="replace", max_num_fields=_FIELDS_MOST
        )
        self._pairs = [(legible(name), legible(value)) for name, value in pairs]

    def one(self, name: str) -> str:
        """The first value of a field, empty when there is none."""
        return next(iter(self.all(name)), "")

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(value for known, value in self._pairs if known == name)

    def number(self, name: str) -> int:
        return number(self.one(name))


def number(text: str) -> int:
    """An id as it stands in our own pages; 0, which nothing has, for anything else."""
    return int(text) if re.fullmatch(r"[0-9]{1,15}", text) else 0


def to_actor(person: int, name: str, locale: str | None) -> Actor:
    """Everyone at this machine may do everything with its bot."""
    return Actor("web", "local", str(person), name, is_admin=True, locale=locale)


def to_ref(entry: int) -> MessageRef:
    return MessageRef(PLACE, str(entry))


def to_press(event_id: str, sent: Sent, message: Message | None, actor: Actor) -> Press:
    """A press on `message`, as it is shown now. Unclear for what it doesn't offer: a forged or an outdated press."""
    try:
        action = Action.parse(sent.one("action"))
    except ValueError:
        raise Unclear(_(STALE)) from None
    values = sent.all("value")
    if message is None or action not in message.actions or not _offers(message, action, values):
        raise Unclear(_(STALE))
    return Press(event_id, action, values, actor, to_ref(sent.number("entry")))


def _offers(message: Message, action: Action, values: tuple[str, ...]) -> bool:
    """Whether `values` can come of `action`: one of a menu's, none of a button's."""
    menus = [block for block in message.blocks if isinstance(block, Select) and block.action == action]
    if values:
        return len(values) == 1 and any(values[0] == str(option.value) for menu in menus for option in menu.options)
    return len(menus) < message.actions.count(action)


def to_reaction(event_id: str, sent: Sent, under: Collection[str], actor: Actor) -> Reaction:
    """An emoji put there or taken away. Unclear for any but those `under` the message: a forged or an outdated press.

    The button says which of the two it is, so that the same press sent twice is not taken back.
    """
    added, removed = sent.all("add"), sent.all("remove")
    match (*added, *removed):
        case (emoji,) if emoji in under:
            return Reaction(event_id, emoji, bool(added), actor, to_ref(sent.number("entry")))
        case _:
            raise Unclear(_(STALE_EMOJI))


def to_submit(event_id: str, sent: Sent, form: Form | None, actor: Actor) -> Submit:
    """What `form` was filled with. Unclear when it was never shown, Faulty when an input can't be taken."""
    if form is None:
        raise Unclear(_(STALE_FORM))
    typed = {each.name: sent.one(f"field.{each.name}") for each in form.inputs}
    faults: dict[str, str] = {}
    for each in form.inputs:
        text = typed[each.name]
        if isinstance(each, SelectInput):
            if text not in (str(option.value) for option in each.options):
                faults[each.name] = _("Please choose one of these.")
        elif each.required and not text.strip():
            faults[each.name] = _("Please write something here.")
        elif len(text) > each.most:
            faults[each.name] = _(
                "This has {length} characters; {most} can be sent.", length=decimal(len(text)), most=decimal(each.most)
            )
    if faults:
        raise Faulty(faults, typed)
    return Submit(event_id, form.action, typed, actor, PLACE)


def to_command(event_id: str, text: str, actor: Actor) -> Command:
    """A command as it was typed into the composer. Unclear when it is none, with what to do instead."""
    if len(text) > COMMAND_MOST:
        raise Unclear(_("That is too long for a command: {most} characters can be read.", most=decimal(COMMAND_MOST)))
    if (words := re.fullmatch(r"\s*/?quiz(?:\s+(.*))?", text, re.IGNORECASE | re.DOTALL)) is None:
        named = re.match(r"\s*(/\S+)", text)
        if named:
            raise Unclear(_("There is no {command} here. Every command starts with /quiz.", command=clip(named[1], 40)))
        raise Unclear(_(CHAT))
    try:
        path, options = commands.read((words[1] or "").strip())
    except commands.Misread as misread:
        raise Unclear(str(misread)) from None
    return Command(event_id, path, options, actor, PLACE)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One way to go on: what is shown, the whole text it makes, and what it is for."""

    label: str
    text: str
    note: str


def to_suggestions(text: str) -> tuple[Suggestion, ...] | commands.Ask:
    """What could come next in the composer, or what to ask a feature for that."""
    text = text.lstrip()[:COMMAND_MOST]
    if (words := re.match(r"/?quiz\s", text, re.IGNORECASE)) is None:
        if not text or not "/quiz".startswith(text.lower()):
            return ()
        typed = ""
    else:
        typed = text[words.end() :]
    found = commands.suggest(typed)
    if isinstance(found, commands.Ask):
        return found
    return tuple(Suggestion(choice.label, f"/quiz {choice.value}", choice.note) for choice in found)


def to_completion(event_id: str, ask: commands.Ask, actor: Actor) -> Completion:
    return Completion(event_id, ask.path, ask.option, ask.typed, actor, PLACE)


def completed(ask: commands.Ask, choices: Choices) -> tuple[Suggestion, ...]:
    return tuple(
        Suggestion(choice.label, f"/quiz {ask.head}{commands.quoted(str(choice.value))} ", choice.note)
        for choice in choices.choices[: LIMITS.CHOICES]
    )
