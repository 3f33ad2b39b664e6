"""The small rules: keys, shards, widths, names, permissions, errors and patience."""

from __future__ import annotations

import asyncio
import random
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest

from adapters.discord import errors, keys, limits, permissions
from adapters.discord.names import Names
from adapters.discord.shards import Shards
from adapters.discord.table import width
from bot.platform import Forbidden, Missing, PlatformError, Rejected, SignedOut, Unavailable


def test_a_key_always_has_the_same_nonce_and_marks_and_another_key_others() -> None:
    names = [f"daily:{n}" for n in range(2000)]
    assert len({keys.nonce(name) for name in names}) == len({keys.marks(name) for name in names}) == 2000
    assert keys.nonce("daily:1") == keys.nonce("daily:1")
    assert keys.marks("daily:1") == keys.marks("daily:1")


def test_nonces_and_marks_are_what_discord_takes() -> None:
    dice = random.Random(1)
    for _ in range(2000):
        key = str(dice.random())
        one, two = keys.marks(key)
        assert len(keys.nonce(key)) <= 25
        assert one != two
        assert min(one, two) > limits.COMPONENTS
        assert max(one, two) <= limits.COMPONENT_ID


@pytest.mark.parametrize(
    ("written", "shards"),
    [
        ("", Shards()),
        (" ", Shards()),
        ("0-7/16", Shards(tuple(range(8)), 16)),
        ("3/4", Shards((3,), 4)),
        ("0 - 0 / 1", Shards((0,), 1)),
    ],
)
def test_a_range_of_shards_is_read(written: str, shards: Shards) -> None:
    assert Shards.parse(written) == shards


@pytest.mark.parametrize("written", ["7-0/16", "0-16/16", "0/0", "all", "0-7", "-1/4", "1/2/3"])
def test_a_range_that_is_none_is_refused_in_words(written: str) -> None:
    with pytest.raises(ValueError, match="shards"):
        Shards.parse(written)


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("Ada", 3), ("Zoë", 3), ("Zoe\u0308", 3), ("山田", 4), ("🥇 1", 4), ("👩‍💻", 2), ("👍🏽", 2), ("🇩🇪x", 3), ("❤️", 2), ("1️⃣", 2), ("a\u200bb", 2)],
)  # fmt: skip
def test_width_is_what_a_fixed_font_takes(text: str, columns: int) -> None:
    assert width(text) == columns


def test_names_are_learned_and_the_longest_unseen_forgotten() -> None:
    names = Names(most=2)
    names.learn("1", "Ada")
    names.learn("2", "Grace")
    names.learn("1", "Ada L.")
    names.learn("3", "Mary")
    assert [names.of(each) for each in ("1", "2", "3")] == ["Ada L.", None, "Mary"]


def test_the_invitation_asks_for_what_is_needed_and_no_more() -> None:
    url = permissions.invite_url("123")
    assert url.startswith("https://discord.com/oauth2/authorize?client_id=123&")
    assert "scope=bot+applications.commands" in url
    asked = discord.Permissions(int(url.split("permissions=")[1].split("&")[0]))
    assert asked == discord.Permissions(**dict.fromkeys(permissions.NEEDED, True))
    assert sum(held for _, held in asked) == len(permissions.NEEDED)


def test_what_is_lacking_is_named_as_discord_names_it() -> None:
    held = discord.Permissions(view_channel=True, send_messages=True, attach_files=True, add_reactions=True)
    assert permissions.lacking(held, thread=False) == ["Read Message History"]
    assert permissions.lacking(held, thread=True) == ["Send Messages in Threads", "Read Message History"]


# ---------------------------------------------------------------- errors


def failure(status: int, code: int = 0, retry_after: str = "") -> discord.HTTPException:
    response: Any = SimpleNamespace(status=status, reason="", headers={"Retry-After": retry_after})
    kind = {403: discord.Forbidden, 404: discord.NotFound}.get(status, discord.HTTPException)
    return kind(response, {"code": code, "message": "why"})


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (failure(401), SignedOut),
        (failure(401, 50027), Missing),
        (discord.LoginFailure(), SignedOut),
        (failure(403, 50013), Forbidden),
        (failure(403, 50007), Forbidden),
        (failure(404, 10003), Missing),
        (failure(404), Missing),
        (failure(400, 50035), Rejected),
        (failure(400, 50033), Missing),
        (failure(413), Rejected),
        (failure(429), Unavailable),
        (failure(500), Unavailable),
        (failure(503), Unavailable),
        (discord.RateLimited(70), Unavailable),
        (aiohttp.ServerDisconnectedError(), Unavailable),
        (ConnectionResetError(), Unavailable),
        (TimeoutError(), Unavailable),
    ],
)
def test_each_failure_is_of_one_kind(error: BaseException, kind: type[PlatformError]) -> None:
    assert type(errors.to_problem(error)) is kind


def test_a_pause_that_discord_asks_for_is_passed_on() -> None:
    for error, seconds in (
        (failure(429, retry_after="1.5"), 1.5),
        (discord.RateLimited(70), 70),
        (failure(429), None),
        (failure(429, 30046, retry_after="900"), 900),
        (failure(429, 30046), 60),
        (failure(400, 30046), 60),
    ):
        problem = errors.to_problem(error)
        assert isinstance(problem, Unavailable)
        assert problem.retry_after == seconds


class Attempts:
    """Fails with these errors first, then works."""

    def __init__(self, *failures: BaseException) -> None:
        self.left = list(failures)
        self.made = 0

    async def __call__(self) -> int:
        self.made += 1
        if self.left:
            raise self.left.pop(0)
        return self.made


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errors, "WAITS", (0.0, 0.0, 0.0))


@pytest.mark.usefixtures("quick")
async def test_what_fails_for_now_is_tried_again() -> None:
    assert await errors.insist(Attempts(failure(503), aiohttp.ServerDisconnectedError())) == 3
    assert await errors.insist(Attempts(failure(429, retry_after="0"))) == 2


@pytest.mark.usefixtures("quick")
async def test_what_fails_for_good_is_not() -> None:
    attempts = Attempts(failure(403, 50013))
    with pytest.raises(Forbidden):
        await errors.insist(attempts)
    assert attempts.made == 1


@pytest.mark.usefixtures("quick")
async def test_patience_ends() -> None:
    attempts = Attempts(*[failure(503)] * 9)
    with pytest.raises(Unavailable):
        await errors.insist(attempts)
    assert attempts.made == 4


async def test_a_long_pause_is_left_to_the_caller() -> None:
    attempts = Attempts(failure(429, retry_after="600"))
    with pytest.raises(Unavailable) as found:
        await errors.insist(attempts)
    assert (attempts.made, found.value.retry_after) == (1, 600)


async def test_a_request_that_hangs_is_unavailable() -> None:
    with pytest.raises(Unavailable, match="did not answer"):
        await errors.insist(lambda: asyncio.sleep(60), within=0.02)


async def test_a_mistake_of_ours_is_no_platform_s_failure() -> None:
    with pytest.raises(KeyError):
        await errors.insist(Attempts(KeyError("x")))
