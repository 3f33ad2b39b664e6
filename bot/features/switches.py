"""What a community has switched off: said once here, whichever way somebody comes to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.events import Command, Press, Submit
from bot.messages import Action, Button, Message, button_rows
from bot.store.settings import Settings, TeamMode
from bot.words import _

BOARDS: Final = frozenset({"leaderboard", "board", "hide", "unhide"})
"""Commands by their first word, and verbs of buttons."""

TEAMS: Final = frozenset(
    {"team", "teams", "team-form", "team-join", "team-leave", "team-made", "team-balanced", "team-removed"}
)
BY_ADMINS: Final = frozenset({"team-form", "team-join", "team-leave", "team-made"})
BY_ADMINS_TYPED: Final = frozenset({("team", "create"), ("team", "join"), ("team", "leave")})
"""What admins do for others where they alone put people into teams."""


def refusal(settings: Settings, event: Command | Press | Submit) -> Message | None:
    """Why there is nothing to be had here, if a setting says so."""
    what = (event.path or ("",))[0] if isinstance(event, Command) else event.action.verb
    if what in BOARDS and not settings.boards:
        return _off(_("Leaderboards are switched off here. Your points and stats are still yours to see."), "stats")
    if what not in TEAMS:
        return None
    if settings.team_mode is TeamMode.OFF:
        return _off(_("There are no teams here: an admin has switched them off."), "home")
    path = event.path if isinstance(event, Command) else ()
    own = what in BY_ADMINS or path in BY_ADMINS_TYPED
    if own and settings.team_mode is TeamMode.ADMINS and not event.actor.is_admin:
        return _off(_("Admins put people into teams here. Ask one of them."), "teams")
    return None


def _off(sentence: str, verb: str) -> Message:
    labels: Mapping[str, str] = {"stats": _("My stats"), "home": _("Home"), "teams": _("Teams")}
    return Message.of(sentence, *button_rows([Button(labels[verb], Action.of(verb))]))
