"""`/quiz settings`: how a community wants things, for its admins. Shown on one page; changed by small forms, or typed."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from bot.events import Command, Completion, Press, Submit
from bot.features import recap, zones
from bot.features.turn import Outcome, Turn
from bot.library.shelf import Shelf
from bot.messages import (
    Action,
    Button,
    Choice,
    Choices,
    Fields,
    Form,
    Heading,
    Input,
    Message,
    OptionValue,
    SelectInput,
    Style,
    Text,
    TextInput,
    button_rows,
    clip,
)
from bot.quiz.standings import Scoring
from bot.store import schedules, settings
from bot.store.settings import Group, Hosts, Settings, TeamMode
from bot.words import N_, _, either, known, languages, native

NOBODY = "none"
"""Typed where no role is to make anybody an admin."""


class Part(StrEnum):
    """What a form is about."""

    PLACE = "place"
    TEAMS = "teams"
    SHOWN = "shown"


TEAM_MODES: Mapping[TeamMode, str] = {
    TeamMode.OPEN: N_("People make teams and join them"),
    TeamMode.ADMINS: N_("Admins put people into teams"),
    TeamMode.OFF: N_("There are no teams"),
}
SCORINGS: Mapping[Scoring, str] = {
    Scoring.FAIR: N_("Fair accuracy, whatever their size"),
    Scoring.MEAN: N_("Points a member"),
    Scoring.TOP3: N_("Points of the three best"),
    Scoring.SUM: N_("Points of everyone together"),
}
HOSTS: Mapping[Hosts, str] = {Hosts.EVERYONE: N_("Everyone"), Hosts.ADMINS: N_("Admins")}
ON, OFF = "on", "off"

EVERYONE = ("@everyone", "everyone", "here", "channel")
"""What platforms call everybody."""


class Unfit(Exception):
    """A setting that can't be; `str` is the sentence that says why, and what can."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is wanted. `group`: whose members are to be admins, None for nobody's; only where `regroup`."""

    settings: Settings
    regroup: bool = False
    group: Group | None = None


# ---------------------------------------------------------------- shown


async def show(turn: Turn, event: Command | Press) -> Outcome:
    """The page; or what is typed behind the command, changed."""
    said = dict(event.options) if isinstance(event, Command) else {}
    if not said:
        return Outcome(await _page(turn, event, turn.member.settings, _("Settings")))
    try:
        return await _change(turn, event, said)
    except Unfit as unfit:
        return Outcome(Message.of(str(unfit), *button_rows([Button(_("Settings"), Action.of("settings"))])))


async def _page(turn: Turn, event: Command | Press | Submit, now: Settings, head: str, note: str = "") -> Message:
    group = await settings.admin_group(turn.tx, event.place.platform, event.place.workspace)
    fields = (
        (_("Time zone"), _("{zone}, where it is {time} now", zone=now.zone, time=_clock(now.zone, turn.now))),
        (_("Language of posts"), native(now.language)),
        (_("Admins"), _admins(group)),
        (_("Teams"), _(TEAM_MODES[now.team_mode])),
        (_("Teams compare by"), _(SCORINGS[now.scoring])),
        (_("Leaderboards"), _switched(now.boards)),
        (_("Streaks"), _switched(now.streaks)),
        (_("Live rounds are begun by"), _(HOSTS[now.hosts])),
    )
    ways = [
        Button(_("Time and language"), Action.of("settings-form", Part.PLACE)),
        Button(_("Teams"), Action.of("settings-form", Part.TEAMS)),
        Button(_("Boards, streaks, live"), Action.of("settings-form", Part.SHOWN)),
    ]
    if group is not None:
        ways.append(Button(_("No admin role"), Action.of("settings-nobody"), Style.DANGER))
    # For translators: keep what stands between ` as it is: it is typed
    role = _("`/quiz settings admins:@role` makes the members of a role or user group admins, too.")
    return Message.of(
        Heading(head),
        *([Text.of(note)] if note else []),
        Fields(fields),
        *button_rows(ways),
        Text.woven(role, quiet=True),
    )


def _clock(zone: str, now: datetime) -> str:
    return f"{now.astimezone(ZoneInfo(zone)):%H:%M}"


def _admins(group: Group | None) -> str:
    if group is None:
        return _("Admins of this place")
    return _("Admins of this place, and everyone in {group}", group=clip(group.name or group.id, 80))


def _switched(on: bool) -> str:
    return _("On") if on else _("Off")


# ---------------------------------------------------------------- asked


async def form(turn: Turn, event: Press) -> Outcome:
    """`settings-form:teams`: what is set now, to be changed."""
    named = (event.action.args or ("",))[0]
    part = Part(named) if named in tuple(Part) else Part.PLACE
    now = turn.member.settings
    titles = {
        Part.PLACE: _("Time and language"),
        Part.TEAMS: _("Teams"),
        Part.SHOWN: _("Boards, streaks, live"),
    }
    return Outcome(Form(titles[part], _inputs(part, now), Action.of("settings-set", part), send=_("Save")))


def _inputs(part: Part, now: Settings) -> tuple[Input, ...]:
    match part:
        case Part.PLACE:
            return (
                TextInput(
                    "zone",
                    _("Time zone: a city, or such as Europe/Berlin"),
                    placeholder=now.zone,
                    most=60,
                    value=now.zone,
                ),
                SelectInput(
                    "language",
                    _("Language of what I post"),
                    tuple(Choice(native(each), each) for each in languages()),
                    now.language,
                ),
            )
        case Part.TEAMS:
            return (
                _menu("teams", _("Who puts people into teams"), TEAM_MODES, now.team_mode),
                _menu("scoring", _("How teams compare"), SCORINGS, now.scoring),
            )
        case Part.SHOWN:
            return (
                _switch("boards", _("Leaderboards"), on=now.boards),
                _switch("streaks", _("Streaks"), on=now.streaks),
                _menu("hosts", _("Who may begin a live round"), HOSTS, now.hosts),
            )


def _menu(name: str, label: str, words: Mapping[Any, str], chosen: str) -> SelectInput:
    return SelectInput(name, label, tuple(Choice(_(said), str(value)) for value, said in words.items()), str(chosen))


def _switch(name: str, label: str, *, on: bool) -> SelectInput:
    return SelectInput(name, label, (Choice(_("On"), ON), Choice(_("Off"), OFF)), ON if on else OFF)


async def sent(turn: Turn, event: Submit) -> Outcome:
    """`settings-set:teams`: a form of ours, as it was filled in."""
    part = (event.action.args or (Part.PLACE,))[0]
    try:
        return await _change(turn, event, {name: text for name, text in event.fields.items() if text.strip()})
    except Unfit as unfit:
        again = Button(_("Try again"), Action.of("settings-form", part), Style.PRIMARY)
        return Outcome(Message.of(str(unfit), *button_rows([again])))


async def nobody(turn: Turn, event: Press) -> Outcome:
    """`settings-nobody`: no role makes anybody an admin any more."""
    return await _change(turn, event, {"admins": NOBODY})


def complete_languages(shelf: Shelf, event: Completion) -> Choices:
    """Languages by their own names and codes."""
    typed = event.typed.strip().lower()
    every = (Choice(native(each), each) for each in languages())
    return Choices(tuple(each for each in every if typed in each.label.lower() or typed in str(each.value)))


# ---------------------------------------------------------------- changed


async def _change(turn: Turn, event: Command | Press | Submit, said: Mapping[str, OptionValue]) -> Outcome:
    before = turn.member.settings
    wish = _wish(before, {name: str(value).strip() for name, value in said.items()})
    after = wish.settings
    community = turn.member.community_id
    if wish.regroup:
        await settings.set_admin_group(turn.tx, event.place.platform, event.place.workspace, wish.group)
    await settings.keep(turn.tx, community, after)
    note = ""
    if after.zone != before.zone:
        await _recaps(turn, ZoneInfo(after.zone))
        note = _(
            "From now on a day here begins at midnight {zone}. Days that were counted stay as they are, and daily "
            "questions keep their own time zones.",
            zone=zones.words(after.zone),
        )
    return Outcome(await _page(turn, event, after, _("Settings saved"), note), resettled=True)


async def _recaps(turn: Turn, home: ZoneInfo) -> None:
    """Weeks end at another hour now: whoever is told of theirs is told then."""
    every = await schedules.of_community(turn.tx, turn.member.community_id)
    for place in dict.fromkeys(each.place for each in every if each.recap_at is not None):
        await recap.arrange(turn.tx, place, home, turn.now, wanted=True)


def _wish(before: Settings, said: Mapping[str, str]) -> _Wish:
    read: dict[str, Any] = {}
    if "zone" in said:
        read["zone"] = _zone(said["zone"])
    if "language" in said:
        read["language"] = _language(said["language"])
    for name, field, kind in (
        ("scoring", "scoring", Scoring),
        ("teams", "team_mode", TeamMode),
        ("hosts", "hosts", Hosts),
    ):
        if name in said:
            read[field] = _one_of(kind, said[name])
    for name in ("boards", "streaks"):
        if name in said:
            read[name] = _one_of(_Switch, said[name]) is _Switch.ON
    after = replace(before, **read)
    return _Wish(after, regroup=True, group=_group(said["admins"])) if "admins" in said else _Wish(after)


class _Switch(StrEnum):
    ON = "on"
    OFF = "off"


def _one_of(kind: type[StrEnum], text: str) -> StrEnum:
    """A form's menus offer nothing else, and commands have been checked: this is what was forged."""
    if text not in tuple(kind):
        raise Unfit(_("“{text}” is none of {choices}.", text=clip(text, 40), choices=either(tuple(kind))))
    return kind(text)


def _zone(text: str) -> str:
    if (zone := zones.read(text)) is None:
        raise Unfit(zones.unknown(text))
    return zone


def _language(text: str) -> str:
    by_name = {native(each).casefold(): each for each in languages()}
    found = by_name.get(text.casefold()) or known(text)
    if found is None:
        close = difflib.get_close_matches(text.casefold()[:60], by_name, n=1, cutoff=0.6)
        named = [native(by_name[each]) for each in close] or [native(each) for each in languages()]
        raise Unfit(
            _("I don’t speak “{language}” yet. I speak {languages}.", language=clip(text, 40), languages=either(named))
        )
    return found


def _group(text: str) -> Group | None:
    """`123|Moderators`, as `commands.check` leaves it."""
    if text == NOBODY:
        return None
    number, _bar, name = text.partition("|")
    if name in EVERYONE:
        raise Unfit(_("That is everyone here, and admins are fewer than that. Choose another role."))
    return Group(number, name)
