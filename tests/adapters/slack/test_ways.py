"""Which way in the settings choose, and what they are told when something is missing; the manifest of each."""

from __future__ import annotations

import re

import pytest

from adapters.slack.happenings import CHANGES
from adapters.slack.manifest import manifest
from adapters.slack.permissions import EVENTS, SCOPES
from adapters.slack.ways import Credentials, Way
from tests.emulators.slack.client import Slack
from tests.house.tree import ROOT

BOT, APP = {"bot_token": "xoxb-1"}, {"app_token": "xapp-1"}
SIGNED = {"signing_secret": "s"}
CLIENT = {"client_id": "1.2", "client_secret": "c", "secret_key": "k" * 16, "public_url": "https://quiz.example.org"}


@pytest.mark.parametrize(
    ("given", "way"),
    [(BOT | APP, Way.SOCKET), (BOT | SIGNED, Way.HTTP), (SIGNED | CLIENT, Way.MANY)],
)
def test_what_is_set_chooses_the_way(given: dict[str, str], way: Way) -> None:
    assert Credentials(**given).way is way


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (BOT, "STUDYBOT_SLACK_APP_TOKEN is missing"),
        (APP, "STUDYBOT_SLACK_BOT_TOKEN is missing"),
        (SIGNED, "STUDYBOT_SLACK_BOT_TOKEN is missing"),
        (BOT | APP | SIGNED, "both STUDYBOT_SLACK_APP_TOKEN"),
        (CLIENT, "STUDYBOT_SLACK_SIGNING_SECRET is missing"),
        (
            CLIENT | SIGNED | {"secret_key": "", "public_url": ""},
            "STUDYBOT_SECRET_KEY and STUDYBOT_PUBLIC_URL are missing",
        ),
        (CLIENT | SIGNED | {"client_secret": ""}, "STUDYBOT_SLACK_CLIENT_SECRET is missing"),
        (CLIENT | SIGNED | BOT, "STUDYBOT_SLACK_BOT_TOKEN is for one workspace"),
        (CLIENT | SIGNED | APP, "STUDYBOT_SLACK_APP_TOKEN is for one workspace"),
        (CLIENT | SIGNED | {"secret_key": "short"}, "fewer than 16"),
        (BOT | APP | {"bot_token": "xapp-1"}, "begins with xoxb-"),
        (BOT | APP | {"app_token": "xoxb-1"}, "begin with xapp-"),
        (BOT | APP | {"public_url": "quiz.example.org"}, "STUDYBOT_PUBLIC_URL"),
    ],
)
def test_what_is_missing_or_too_much_is_named(given: dict[str, str], named: str) -> None:
    with pytest.raises(ValueError, match=re.escape(named)):
        _ = Credentials(**given).way


def test_no_secret_is_shown() -> None:
    shown = repr(Credentials(**(SIGNED | CLIENT | BOT | APP)))
    assert "xoxb" not in shown
    assert "xapp" not in shown
    assert "kkkk" not in shown


@pytest.mark.parametrize("way", list(Way))
async def test_slack_takes_the_manifest_of_each_way(slack: Slack, way: Way) -> None:
    made = manifest(way, Credentials(public_url="https://quiz.example.org/"))
    await slack.manifest(made)
    addresses = set(re.findall(r"https://[^'\"]+", str(made)))
    events, back = "https://quiz.example.org/slack/events", "https://quiz.example.org/slack/oauth_redirect"
    assert addresses == {Way.SOCKET: set(), Way.HTTP: {events}, Way.MANY: {events, back}}[way]


def test_every_event_that_is_asked_for_is_read_and_no_other() -> None:
    others = {
        *("app_home_opened", "app_mention", "app_uninstalled", "tokens_revoked", "reaction_added", "reaction_removed"),
        *("member_joined_channel", "member_left_channel"),
    }
    assert set(EVENTS) == CHANGES | others


def test_the_documents_name_every_scope() -> None:
    page = (ROOT / "docs/slack.md").read_text(encoding="utf-8")
    table = page.partition("| scope |")[2].partition("\n\n")[0]
    assert set(re.findall(r"`([a-z_:]+)`", table)) == set(SCOPES)
