"""The small parts by themselves: keys and their sealing, turns, the pace, errors of answers that can't be read."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from cryptography.fernet import Fernet
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack import errors
from adapters.slack.endpoint import Endpoint
from adapters.slack.installs import Installation
from adapters.slack.pace import BURST, Pace
from adapters.slack.sealed import Sealed, cipher
from adapters.slack.turns import Turns
from bot.platform import Missing, PlatformError, SignedOut, Unavailable
from tests.adapters.slack.bench import Vault


async def test_what_is_sealed_is_read_by_the_same_key_in_any_process() -> None:
    vault = Vault()
    for secret in (Fernet.generate_key().decode(), "any sentence that is long enough"):
        await Sealed(vault, cipher(secret)).put("key", b"value")
        assert b"value" not in vault.kept["key"]
        assert await Sealed(vault, cipher(secret)).get("key") == b"value"
        assert await Sealed(vault, cipher(secret)).take("key") == b"value"
        assert await Sealed(vault, cipher(secret)).get("key") is None


def test_an_installation_is_read_as_it_was_written_and_shows_no_token() -> None:
    one = Installation("xoxb-1", "T1", "E1", "Hall", "U1", "B1", ("a", "b"), "U2", "xoxe-1", 17.5)
    assert Installation.read(one.write()) == one
    assert "xox" not in repr(one)
    assert (one.id, one.realm("T1")) == ("T1", "E1")


async def test_turns_are_taken_in_order_for_each_key() -> None:
    turns, done = Turns(), []

    async def take(key: str, number: int) -> None:
        async with turns.of(key):
            await asyncio.sleep(0)
            done.append((key, number))

    await asyncio.gather(*(take(key, number) for number in range(5) for key in "ab"))
    assert [number for key, number in done if key == "a"] == list(range(5))
    assert [number for key, number in done if key == "b"] == list(range(5))
    assert turns._locks == {}


async def test_a_channel_s_burst_doesn_t_hold_up_another() -> None:
    pace, loop = Pace(), asyncio.get_running_loop()
    began = loop.time()
    for channel in "abc":
        for _ in range(BURST):
            await pace.turn(channel)
    assert loop.time() - began < 1
    pace.slow("a", 0.2)
    await pace.turn("a")
    assert loop.time() - began >= 0.2


def answered(data: object, status: int = 200, url: str = "", **headers: str) -> SlackApiError:
    response = AsyncSlackResponse(
        client=AsyncWebClient(),
        http_verb="POST",
        api_url=url,
        req_args={},
        data=data,  # type: ignore[arg-type]
        headers=headers,
        status_code=status,
    )
    return SlackApiError("", response)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (answered({"ok": False, "error": "ratelimited"}, 429, **{"Retry-After": "7"}), Unavailable),
        (answered("<html>", 502), errors.Unheard),
        (answered({}), errors.Unheard),
        (answered({"ok": False, "error": "token_expired"}), errors.Expired),
        (answered({"ok": False, "error": "account_inactive"}), SignedOut),
        (answered({"ok": False, "error": "message_not_found"}), Missing),
        (TimeoutError(), errors.Unheard),
        (aiohttp.ServerDisconnectedError(), errors.Unheard),
        (ConnectionResetError(), errors.Unheard),
    ],
)
def test_each_failure_has_its_kind(error: BaseException, kind: type[PlatformError]) -> None:
    problem = errors.to_problem(error)
    assert type(problem) is kind
    assert len(str(problem)) > 15


@pytest.mark.parametrize("name", ["invalid_auth", "missing_scope", "not_allowed_token_type", "token_revoked"])
def test_of_the_app_level_token_the_advice_is_its_own(name: str) -> None:
    problem = errors.to_problem(
        answered({"ok": False, "error": name}, url="https://slack.com/api/apps.connections.open")
    )
    assert isinstance(problem, SignedOut)
    assert "STUDYBOT_SLACK_APP_TOKEN" in str(problem)
    other = errors.to_problem(answered({"ok": False, "error": name}, url="https://slack.com/api/auth.test"))
    assert "STUDYBOT_SLACK_APP_TOKEN" not in str(other)


@pytest.mark.parametrize("name", [*errors._MISSING, *errors._FORBIDDEN])
def test_what_people_read_of_a_failure_is_a_whole_sentence(name: str) -> None:
    """Others follow it in the same line."""
    assert str(errors.of_error(name)).endswith(".")


def test_the_pause_that_slack_names_is_kept_and_nonsense_is_none() -> None:
    paused = errors.to_problem(answered({"ok": False, "error": "ratelimited"}, 429, **{"Retry-After": "7"}))
    assert isinstance(paused, Unavailable)
    assert paused.retry_after == 7
    assert errors.pause({"Retry-After": "soon"}) is None


async def test_what_comes_before_the_bot_has_signed_in_is_asked_to_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("adapters.slack.endpoint.SIGN_IN", 0.01)
    monkeypatch.setattr(Endpoint, "_is_signed", lambda *_: True)
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b'{"type":"event_callback","event":{"type":"x"}}'}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    await Endpoint("secret")({"headers": [(b"content-type", b"application/json")]}, receive, send)  # type: ignore[arg-type]
    assert sent[0]["status"] == 503
