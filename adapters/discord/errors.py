"""Discord's failures → the port's few kinds, and the one retry policy for all that the bot asks of Discord."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp
import discord

from bot.platform import Forbidden, Missing, PlatformError, Rejected, SignedOut, Unavailable
from bot.words import N_

T = TypeVar("T")

WAITS = (0.3, 1.0, 3.0)
"""Seconds before the second attempt and those after it, where Discord doesn't say how long."""

REFUSED = N_("Discord refuses the bot’s token: put a new one from the developer portal into STUDYBOT_DISCORD_TOKEN.")
PAUSE = N_("Discord asks for a pause.")
WITHIN = 40.0
"""Seconds for all attempts, under the minute for which a claim is its worker's own."""

FAILURES = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError)
"""All that a request may end in; the library lets a dropped connection through as it comes."""

ACKNOWLEDGED = 40060
"""The interaction has been answered before: by a retry whose first attempt arrived, or for a second delivery."""

_EXPIRED_TOKEN = 50027  # of an interaction, after its 15 minutes; comes as 401
_TOO_MANY_EDITS = 30046  # of messages over an hour old; they have a limit of their own
_LATER = 60.0  # seconds, where that limit comes without a word of when it ends
_GONE = {10003, 10004, 10008, 10013, 10062, 50033, _EXPIRED_TOKEN}
_CLOSED_TO_US = {50001, 50005, 50007, 50013, 50083, 50278, 160002}


def to_problem(error: BaseException) -> PlatformError:
    """What went wrong, in the port's kinds. 403 with a code for a closed door, 404 for what is gone, and so on."""
    match error:
        case discord.LoginFailure():
            return SignedOut(REFUSED)
        case discord.PrivilegedIntentsRequired():
            return SignedOut(_CLOSING[4014])
        case discord.RateLimited():
            return Unavailable(PAUSE, error.retry_after)
        case discord.ConnectionClosed() if error.code in (4004, 4010, 4011, 4012, 4013, 4014):
            return SignedOut(_CLOSING[error.code])
        case discord.HTTPException():
            return _of_response(error)
        case _:
            return Unavailable(N_("Discord can’t be reached ({error})."), error=type(error).__name__)


_CLOSING = {
    4004: N_("Discord refuses the connection: the bot’s token is not valid."),
    4010: N_("Discord refuses the connection: the bot’s shard is not valid."),
    4011: N_(
        "Discord refuses the connection: the bot is in too many servers for its shards. Leave STUDYBOT_DISCORD_SHARDS "
        "empty or name more."
    ),
    4012: N_("Discord refuses the connection: this version of the bot’s library is too old."),
    4013: N_("Discord refuses the connection: the bot’s intents are not valid."),
    4014: N_("Discord refuses the connection: the bot’s intents are not allowed in the developer portal."),
}


def _of_response(error: discord.HTTPException) -> PlatformError:
    # For translators: {error} is in English, as Discord has it
    said = N_("Discord says: {error} ({code}).")
    given = {"error": str(error.text or error.status), "code": str(error.code or error.status)}
    if error.code in _GONE:
        return Missing(said, **given)
    if error.code in _CLOSED_TO_US:
        return Forbidden(said, **given)
    if error.code == _TOO_MANY_EDITS:
        return Unavailable(
            N_("Discord takes no more changes of messages over an hour old for now."), _pause(error) or _LATER
        )
    match error.status:
        case 401:
            return SignedOut(REFUSED)
        case 403:
            return Forbidden(said, **given)
        case 404:
            return Missing(said, **given)
        case 429:
            return Unavailable(PAUSE, _pause(error))
        case status if status >= 500:
            return Unavailable(N_("Discord is having trouble ({status})."), status=status)
        case _:
            return Rejected(said, **given)


def _pause(error: discord.HTTPException) -> float | None:
    try:
        return max(0.0, float(error.response.headers.get("Retry-After", "")))
    except ValueError:
        return None


async def insist(attempt: Callable[[], Awaitable[T]], within: float = WITHIN) -> T:
    """What `attempt` returns, tried again while Discord is only unavailable. Otherwise a PlatformError.

    The library tries some failures again by itself (500, 502, 504, 524, 429 from Discord's own servers); with the same
    nonce in every attempt that is as good as ours. 503 and dropped connections it leaves to us.
    """
    try:
        async with asyncio.timeout(within):
            for wait in (*WAITS, None):
                try:
                    return await attempt()
                except FAILURES as error:
                    problem = to_problem(error)
                    pause = wait if not isinstance(problem, Unavailable) else problem.retry_after or wait
                    if wait is None or pause is None or not isinstance(problem, Unavailable) or pause > within / 2:
                        raise problem from error
                await asyncio.sleep(pause)
    except TimeoutError:
        raise Unavailable(N_("Discord did not answer within {seconds} s."), seconds=f"{within:g}") from None
    raise AssertionError("the last attempt returned or raised")
