"""Slack's failures → the port's few kinds, and the one retry policy for all that the bot asks of Slack."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.marked import Marked
from bot.platform import Forbidden, Missing, PlatformError, Rejected, SignedOut, Unavailable
from bot.words import N_

T = TypeVar("T")

WAITS = (0.3, 1.0, 3.0)
"""Seconds before the second attempt and those after it, where Slack doesn't say how long."""

WITHIN = 40.0
"""Seconds for all attempts, under the minute for which a claim is its worker's own."""

FAILURES = (SlackClientError, aiohttp.ClientError, OSError, TimeoutError)
"""All that a request may end in."""

REFUSED = N_(
    "Slack refuses the bot’s token: install the app anew on its page (OAuth & Permissions) "
    "and put the new Bot User OAuth Token into STUDYBOT_SLACK_BOT_TOKEN."
)
APP_REFUSED = N_(
    "Slack refuses the app-level token: make a new one with the scope connections:write on the app’s page "
    "(Basic Information, App-Level Tokens) and put it into STUDYBOT_SLACK_APP_TOKEN."
)
APP_LEVEL = "apps.connections.open"
"""The one method that is called with the app-level token."""

INVITE = N_("I am not in the channel. To invite me, type /invite @Studybot there.")
ARCHIVED = N_("The channel is archived. Unarchive it, or choose another one for the question.")
GONE = N_(
    "I can’t see the channel: it is gone, or private and I am not in it. Type /invite @Studybot there, or choose another one."
)
PAUSE = N_("Slack asks for a pause.")
TROUBLE = N_("Slack is having trouble ({error}).")


class Unheard(Unavailable):
    """Nobody knows whether Slack did it: the answer was lost, or says that something broke on the way."""


class Expired(SignedOut):
    """A token that changes was used after its end."""


_SIGNED_OUT = {
    "account_inactive",
    "invalid_auth",
    "not_authed",
    "org_login_required",
    "token_revoked",
}
_REFUSED_APP = _SIGNED_OUT | {"missing_scope", "not_allowed_token_type", "token_expired"}
_MISSING = {
    "bad_timestamp": N_("Slack has no such message."),
    "cannot_reply_to_message": N_("The thread is gone."),
    "channel_not_found": GONE,
    "exchanged_trigger_id": N_("The form has been opened before."),
    "expired_trigger_id": N_("It is too late to open the form."),
    "invalid_trigger_id": N_("It is too late to open the form."),
    "message_not_found": N_("The message is gone."),
    "thread_not_found": N_("The thread is gone. Choose another place for the question."),
    "user_not_found": N_("Slack knows no such person."),
    "users_not_found": N_("Slack knows no such person."),
}
_FORBIDDEN = {
    "access_denied": N_("Slack does not let me in. An admin of the workspace can allow the app."),
    "cannot_dm_bot": N_("Bots take no private messages."),
    "ekm_access_denied": N_("An admin of the organisation has suspended my access to messages."),
    "is_archived": ARCHIVED,
    "is_inactive": ARCHIVED,
    "messages_tab_disabled": N_(
        "My private messages are switched off: enable the Messages Tab under App Home on the app’s page."
    ),
    "no_permission": INVITE,
    "not_allowed_token_type": N_(
        "Slack wants another kind of token for that: put the Bot User OAuth Token (xoxb-) into STUDYBOT_SLACK_BOT_TOKEN."
    ),
    "not_enabled": N_("My Home is switched off: enable the Home Tab under App Home on the app’s page."),
    "not_in_channel": INVITE,
    "restricted_action": N_(
        "A rule of the workspace forbids me to post there. An admin can change who may post in the channel."
    ),
    "restricted_action_non_threadable_channel": N_(
        "The channel takes no threads. Choose another place for the question."
    ),
    "restricted_action_read_only_channel": N_(
        "Only some may post in that channel. An admin can add me under its posting permissions."
    ),
    "restricted_action_thread_only_channel": N_(
        "The channel takes answers in threads alone. Choose another one for the question."
    ),
    "team_access_not_granted": N_(
        "The app is not allowed in that workspace. An admin of the organisation can add it there."
    ),
    "user_disabled": N_("That person’s account is switched off."),
    "user_not_in_channel": N_("That person is not in the channel."),
}
_FOR_NOW = {
    "accesslimited",
    "internal_error",
    "fatal_error",
    "message_limit_exceeded",
    "rate_limited",
    "ratelimited",
    "request_timeout",
    "service_unavailable",
    "team_added_to_org",
}
_BROKEN = {"fatal_error", "internal_error", "request_timeout", "service_unavailable"}
"""Errors after which the effect may be there all the same."""


def to_problem(error: BaseException) -> PlatformError:
    """What went wrong, in the port's kinds."""
    match error:
        case PlatformError():
            return error
        case SlackApiError():
            return _of_response(error)
        case aiohttp.ClientConnectorError():
            return Unavailable(N_("Slack can’t be reached."))
        case TimeoutError():
            return Unheard(N_("Slack did not answer in time."))
        case _:
            return Unheard(N_("The connection to Slack was lost ({error})."), error=type(error).__name__)


def of_status(status: int, headers: Mapping[str, str]) -> PlatformError | None:
    """What an HTTP status alone says. None when the body has to tell."""
    if status == 429:
        return Unavailable(PAUSE, pause(headers))
    if status >= 500:
        return Unheard(TROUBLE, error=str(status))
    return None


def of_error(name: str, needed: str = "") -> PlatformError:
    """What an error's name in a body says. `needed`: the scopes that lack, where Slack tells."""
    if name == "token_expired":
        return Expired(REFUSED)
    if name in _SIGNED_OUT:
        return SignedOut(REFUSED)
    if name in _MISSING:
        return Missing(_MISSING[name])
    if name in _FORBIDDEN:
        return Forbidden(_FORBIDDEN[name])
    if name == "missing_scope":
        return Forbidden(lacking(needed.split(",")))
    if name in _BROKEN:
        return Unheard(TROUBLE, error=name)
    if name in _FOR_NOW:
        return Unavailable(N_("Slack asks for a pause ({error})."), error=name)
    # For translators: {error} is in English, as Slack has it
    return Rejected(N_("Slack says: {error}."), error=name)


def lacking(scopes: Sequence[str]) -> Marked:
    """What to do when scopes lack."""
    said = N_(
        "The app lacks rights ({scopes}). Put the manifest of `studybot slack manifest` on the app’s page and install it anew."
    )
    return Marked(said, {"scopes": ", ".join(scope for scope in scopes if scope) or "?"})


def pause(headers: Mapping[str, str]) -> float | None:
    """Seconds of Retry-After."""
    try:
        return max(0.0, float(headers.get("Retry-After", "")))
    except ValueError:
        return None


def _of_response(error: SlackApiError) -> PlatformError:
    """`response` is the library's, or aiohttp's where the body could not be read."""
    response = error.response
    headers: Mapping[str, str] = getattr(response, "headers", None) or {}
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 200))
    if (problem := of_status(status, headers)) is not None:
        return problem
    said = getattr(response, "data", None)
    if not isinstance(said, dict) or "error" not in said:
        return Unheard(N_("Slack’s answer can’t be read ({error})."), error=str(status))
    if said["error"] in ("ratelimited", "rate_limited"):
        return Unavailable(PAUSE, pause(headers))
    if said["error"] in _REFUSED_APP and str(getattr(response, "api_url", "")).endswith(APP_LEVEL):
        return SignedOut(APP_REFUSED)
    return of_error(str(said["error"]), str(said.get("needed", "")))


def name_of(error: SlackApiError) -> str:
    """The error's name in Slack's words; empty where there is none."""
    said = getattr(error.response, "data", None)
    return str(said.get("error", "")) if isinstance(said, dict) else ""


async def once(attempt: Callable[[], Awaitable[T]]) -> T:
    """What `attempt` returns, or a PlatformError. Unheard when its effect may be there all the same."""
    try:
        return await attempt()
    except FAILURES as error:
        raise to_problem(error) from error


async def insist(attempt: Callable[[], Awaitable[T]], within: float = WITHIN) -> T:
    """What `attempt` returns, tried again while Slack is only unavailable; a PlatformError otherwise.

    For what may be done twice. Saying something for all to see may not: `posts` does that.
    """
    try:
        async with asyncio.timeout(within):
            for wait in (*WAITS, None):
                try:
                    return await once(attempt)
                except Unavailable as problem:
                    pause = wait if problem.retry_after is None else problem.retry_after
                    if wait is None or pause is None or pause > within / 2:
                        raise
                await asyncio.sleep(pause)
    except TimeoutError:
        raise Unheard(N_("Slack did not answer within {seconds} s."), seconds=f"{within:g}") from None
    raise AssertionError("the last attempt returned or raised")
