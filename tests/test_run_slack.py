"""The program on Slack: connected, answering, examined, and refused when something is set by half."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.slack.installs import Installation
from adapters.slack.many import INSTALLATION
from adapters.slack.sealed import Sealed, cipher
from bot.store.database import Database
from bot.store.vault import KeptVault
from tests.emulators.slack.client import Slack, connected, started
from tests.emulators.slack.errors import Json
from tests.emulators.slack.workspaces import Workspace
from tests.running import running, studybot


@pytest.fixture(scope="module")
def emulator() -> Iterator[Json]:
    with started() as ready:
        yield ready


async def workspace(slack: Slack, folder: Path, **settings: str) -> tuple[Workspace, str]:
    """A workspace with the app, made of the manifest that the program prints; the bot's token."""
    printed = studybot(folder, "slack", "manifest", **settings)
    assert printed.returncode == 0, printed
    await slack.reset()
    await slack.manifest(json.loads(printed.stdout))
    place = await slack.workspace("Study Hall")
    return place, (await place.install()).token


async def installed(place: Workspace, folder: Path, key: str) -> None:
    """The app is let into a workspace, and the bot keeps that, sealed with a key."""
    told = await place.install()
    database = await Database.open(f"sqlite:///{folder / 'data' / 'studybot.db'}")
    try:
        vault = Sealed(KeptVault(database, "slack", lambda: datetime.now(UTC)), cipher(key))
        kept = Installation(told.token, place.id, "", "Study Hall", told.bot, told.bot_id)
        await vault.put(INSTALLATION + kept.id, kept.write())
    finally:
        await database.close()


async def test_quiz_works_in_socket_mode_beside_the_browser_channel(emulator: Json, tmp_path: Path) -> None:
    async with connected(emulator) as slack:
        place, token = await workspace(slack, tmp_path)
        settings = {
            "STUDYBOT_SLACK_BOT_TOKEN": token,
            "STUDYBOT_SLACK_APP_TOKEN": slack.app_token,
            "STUDYBOT_SLACK_API_URL": slack.api,
        }
        examined = studybot(tmp_path, "doctor", **settings)
        assert examined.returncode == 0, examined
        assert "✅ Signed in to Slack, in Study Hall" in examined.stdout
        assert "✅ People meet the bot in the browser channel and Slack." in examined.stdout
        ann = await place.person("Ann")
        channel = await place.channel("daily", members=[ann])
        with running(tmp_path, **settings):
            await slack.until_connected()
            home = await ann.command(channel, "/quiz")
            assert "Where you stand" in home.message.text
            decks = await ann.press(home.message, "Decks")
            assert "Distributed training" in decks.message.text
            practice = await ann.command(channel, "/quiz play count:1")
            assert "card 1 of 1" in practice.message.text
        await slack.assert_no_violations()


async def test_quiz_works_over_http(emulator: Json, tmp_path: Path) -> None:
    async with connected(emulator) as slack:
        http = {"STUDYBOT_SLACK_SIGNING_SECRET": slack.signing_secret, "STUDYBOT_WEB": "off"}
        place, token = await workspace(slack, tmp_path, STUDYBOT_PUBLIC_URL="http://127.0.0.1:1", **http)
        ann = await place.person("Ann")
        channel = await place.channel("daily", members=[ann])
        with running(tmp_path, STUDYBOT_SLACK_BOT_TOKEN=token, STUDYBOT_SLACK_API_URL=slack.api, **http) as bot:
            printed = studybot(tmp_path, "slack", "manifest", STUDYBOT_PUBLIC_URL=bot.url, **http)
            await slack.manifest(json.loads(printed.stdout))
            assert await slack.verify_url()
            home = await ann.command(channel, "/quiz")
            assert "Where you stand" in home.message.text
        await slack.assert_no_violations()


@pytest.mark.slow
async def test_the_doctor_looks_at_every_channel_beside_a_running_bot(emulator: Json, tmp_path: Path) -> None:
    async with connected(emulator) as slack:
        place, token = await workspace(slack, tmp_path)
        settings = {
            "STUDYBOT_SLACK_BOT_TOKEN": token,
            "STUDYBOT_SLACK_APP_TOKEN": slack.app_token,
            "STUDYBOT_SLACK_API_URL": slack.api,
            "STUDYBOT_WEB": "off",
        }
        olga = await place.person("Olga", is_admin=True)
        channel = await place.channel("daily", members=[olga])
        with running(tmp_path, **settings):
            await slack.until_connected()
            await olga.command(channel, "/quiz schedule set time:9 zone:UTC", until="message")
            examined = studybot(tmp_path, "doctor", **settings)
            assert "✅ The database is in use by a running bot." in examined.stdout
            assert f"❌ In #daily ({channel.id}) of Study Hall the bot can’t do its work." in examined.stdout
            assert "/invite @Studybot" in examined.stdout
            await channel.invite_bot()
            examined = studybot(tmp_path, "doctor", **settings)
            assert examined.returncode == 0, examined
            assert f"✅ In #daily ({channel.id}) of Study Hall the bot may do all that it needs." in examined.stdout
        assert "✅ The database opens and is up to date." in studybot(tmp_path, "doctor", **settings).stdout


@pytest.mark.slow
async def test_a_lost_key_is_mended_by_forgetting_and_installing_anew(emulator: Json, tmp_path: Path) -> None:
    async with connected(emulator) as slack:
        many = {
            "STUDYBOT_SLACK_CLIENT_ID": slack.client_id,
            "STUDYBOT_SLACK_CLIENT_SECRET": slack.client_secret,
            "STUDYBOT_SLACK_SIGNING_SECRET": slack.signing_secret,
            "STUDYBOT_SLACK_API_URL": slack.api,
            "STUDYBOT_SECRET_KEY": "the first key, which gets lost",
            "STUDYBOT_PUBLIC_URL": "https://quiz.example.org",
            "STUDYBOT_WEB": "off",
        }
        none = studybot(tmp_path, "slack", "forget", **many)
        assert none.returncode == 0
        assert "nothing to forget" in none.stdout
        place, _ = await workspace(slack, tmp_path, **many)
        await installed(place, tmp_path, many["STUDYBOT_SECRET_KEY"])
        other = {**many, "STUDYBOT_SECRET_KEY": "another key, made anew"}
        for arguments in (("run",), ("doctor",)):
            refused = studybot(tmp_path, *arguments, **other)
            assert "studybot slack forget" in refused.stderr + refused.stdout
            assert "Traceback" not in refused.stderr
        asked = studybot(tmp_path, "slack", "forget", **other)
        assert asked.returncode == 2
        assert "1 installation of the app" in asked.stderr
        assert "--yes" in asked.stderr
        done = studybot(tmp_path, "slack", "forget", "--yes", **other)
        assert done.returncode == 0, done
        assert "1 installation forgotten." in done.stdout
        assert "https://quiz.example.org/slack/install" in done.stdout
        assert "nothing to forget" in studybot(tmp_path, "slack", "forget", "--yes", **other).stdout
        await installed(place, tmp_path, other["STUDYBOT_SECRET_KEY"])
        assert "✅ Signed in to Slack, in Study Hall" in studybot(tmp_path, "doctor", **other).stdout


@pytest.mark.slow  # the whole program, several times
async def test_a_missing_scope_and_a_refused_token_are_named_with_their_mend(emulator: Json, tmp_path: Path) -> None:
    async with connected(emulator) as slack:
        place, token = await workspace(slack, tmp_path)
        settings = {
            "STUDYBOT_SLACK_BOT_TOKEN": token,
            "STUDYBOT_SLACK_APP_TOKEN": slack.app_token,
            "STUDYBOT_SLACK_API_URL": slack.api,
            "STUDYBOT_WEB": "off",
        }
        await place.change_scopes(drop=["reactions:read"])
        examined = studybot(tmp_path, "doctor", **settings)
        assert examined.returncode == 1
        assert "reactions:read: take reactions as answers" in examined.stdout
        await place.revoke_tokens(quietly=True)
        for arguments in (("run",), ("doctor",)):
            refused = studybot(tmp_path, *arguments, **settings)
            assert refused.returncode in (1, 2), refused
            assert "STUDYBOT_SLACK_BOT_TOKEN" in refused.stderr + refused.stdout
            assert "Traceback" not in refused.stderr
        wrong = studybot(tmp_path, "run", **{**settings, "STUDYBOT_SLACK_APP_TOKEN": "xapp-1-wrong"})
        assert wrong.returncode == 2
        await slack.reset()


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"SLACK_APP_TOKEN": "xapp-1"}, "STUDYBOT_SLACK_BOT_TOKEN"),
        ({"SLACK_SIGNING_SECRET": "s", "SLACK_BOT_TOKEN": "xoxb-1"}, "STUDYBOT_WEB"),
    ],
)
def test_what_is_set_by_half_is_refused_at_the_start(settings: dict[str, str], named: str, tmp_path: Path) -> None:
    refused = studybot(tmp_path, "run", **{f"STUDYBOT_{name}": value for name, value in settings.items()})
    assert refused.returncode == 2, refused
    assert named in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_doctor_says_so_where_nobody_could_meet_the_bot(tmp_path: Path) -> None:
    examined = studybot(tmp_path, "doctor", STUDYBOT_WEB="off")
    assert examined.returncode == 1
    assert "❌ Nothing is set up" in examined.stdout
    assert ".env in this folder" in examined.stdout


def test_a_manifest_for_http_needs_the_address(tmp_path: Path) -> None:
    refused = studybot(tmp_path, "slack", "manifest", "--way", "http")
    assert refused.returncode == 2
    assert "STUDYBOT_PUBLIC_URL" in refused.stderr
    printed = studybot(tmp_path, "slack", "manifest", "--way", "many", STUDYBOT_PUBLIC_URL="https://quiz.example.org/")
    made = json.loads(printed.stdout)
    assert made["oauth_config"]["redirect_urls"] == ["https://quiz.example.org/slack/oauth_redirect"]
    assert made["settings"]["interactivity"]["request_url"] == "https://quiz.example.org/slack/events"
    assert made["settings"]["socket_mode_enabled"] is False
