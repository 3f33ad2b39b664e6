"""The program with a Discord token: connected, answering, examined, and refused when the token is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.emulators.discord.client import connected, started
from tests.emulators.discord.errors import Json
from tests.running import running, studybot


@pytest.fixture(scope="module")
def discord() -> Iterator[Json]:
    with started() as ready:
        yield ready


def settings(discord: Json) -> dict[str, str]:
    return {"STUDYBOT_DISCORD_TOKEN": discord["token"], "STUDYBOT_DISCORD_API_URL": discord["api"]}


async def test_quiz_works_in_a_server_beside_the_browser_channel(discord: Json, tmp_path: Path) -> None:
    async with connected(discord) as control:
        await control.reset()
        await control.settings(first_response=60)
        guild = await control.guild("Study Hall")
        channel = await guild.channel("daily")
        ann = await guild.person("Ann")
        with running(tmp_path, **settings(discord)):
            await control.until_connected()
            home = await ann.command(channel, "/quiz help")
            assert "Where you stand" in home.text
            assert home.message is not None
            assert home.message.ephemeral
            decks = await ann.press(home.message, "Decks")
            assert "Distributed training" in decks.text
            practice = await ann.command(channel, "/quiz play", count=1)
            assert "card 1 of 1" in practice.text
        await control.assert_no_violations()


def test_the_invitation_and_the_doctor(discord: Json, tmp_path: Path) -> None:
    invitation = studybot(tmp_path, "discord", "invite", **settings(discord))
    assert invitation.returncode == 0
    assert f"client_id={discord['application_id']}" in invitation.stdout
    examined = studybot(tmp_path, "doctor", **settings(discord))
    assert examined.returncode == 0, examined
    assert "✅ Signed in to Discord" in examined.stdout
    assert "❌" not in examined.stdout


def test_a_refused_token_says_so(discord: Json, tmp_path: Path) -> None:
    wrong = {**settings(discord), "STUDYBOT_DISCORD_TOKEN": "wrong", "STUDYBOT_WEB": "off"}
    for arguments in (("run",), ("discord", "invite")):
        refused = studybot(tmp_path, *arguments, **wrong)
        assert refused.returncode == 2, refused
        assert "Traceback" not in refused.stderr
        assert "STUDYBOT_DISCORD_TOKEN" in refused.stderr
    examined = studybot(tmp_path, "doctor", **wrong)
    assert examined.returncode == 1
    assert "Reset Token" in examined.stdout


def test_shards_that_make_no_sense_are_refused(discord: Json, tmp_path: Path) -> None:
    refused = studybot(tmp_path, "run", **settings(discord), STUDYBOT_DISCORD_SHARDS="7-3/4")
    assert refused.returncode == 2
    assert "STUDYBOT_DISCORD_SHARDS" in refused.stderr
