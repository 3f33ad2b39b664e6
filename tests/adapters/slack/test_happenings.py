"""The Events API's events, as the bot's."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.slack import parse
from bot.events import Command, MessageRef, Place, Reaction, WorkspaceChanged, WorkspaceLeft
from tests.adapters.slack.payloads import ADA, BOT, CHANNEL, DIRECT, ORG, TEAM, TS, event, reaction


def reacted(payload: dict[str, Any]) -> Reaction:
    found = parse.to_event(payload)
    assert isinstance(found, Reaction)
    return found


def test_a_reaction_says_who_what_and_under_which_message() -> None:
    found = reacted(reaction("one"))
    assert (found.id, found.emoji, found.added) == ("Ev0001", "1\ufe0f\u20e3", True)
    assert found.ref == MessageRef(Place("slack", TEAM, CHANNEL), TS)
    assert (found.actor.workspace, found.actor.id) == (TEAM, ADA)
    assert not reacted(reaction("one", added=False)).added


@pytest.mark.parametrize(
    ("name", "emoji"), [("nine", "9️⃣"), ("+1::skin-tone-3", ":+1:"), ("our_own", ":our_own:"), ("zero", "0️⃣")]
)
def test_emoji_are_keycaps_or_names_in_colons_without_tones(name: str, emoji: str) -> None:
    assert reacted(reaction(name)).emoji == emoji


def test_the_bots_own_reactions_are_nobodys_concern() -> None:
    assert parse.to_event(reaction("one", user=BOT)) is None


def test_a_reaction_under_a_file_is_nobodys_concern() -> None:
    payload = reaction("one")
    payload["event"]["item"] = {"type": "file", "file": "F1"}
    assert parse.to_event(payload) is None


def test_in_a_shared_channel_the_workspace_is_where_the_bot_is_installed() -> None:
    payload = reaction("one", team_id="T0009", is_ext_shared_channel=True)
    payload["event"]["user_team"] = "T0009"
    found = reacted(payload)
    assert (found.place.workspace, found.actor.workspace) == (TEAM, "T0009")


def test_what_an_organisation_installed_tells_its_workspace_beside_the_event() -> None:
    payload = reaction("one")
    payload["authorizations"][0] |= {"team_id": None, "enterprise_id": ORG, "is_enterprise_install": True}
    found = reacted(payload)
    assert (found.place.workspace, found.actor.workspace) == (TEAM, ORG)


def test_opening_the_home_tab_is_the_bare_command() -> None:
    found = parse.to_event(event("app_home_opened", user=ADA, channel=DIRECT, tab="home"))
    assert isinstance(found, Command)
    assert (found.id, found.path, found.place) == ("Ev0001", (), Place("slack", TEAM, ""))
    assert not found.place.direct
    assert parse.to_event(event("app_home_opened", user=ADA, channel=DIRECT, tab="messages")) is None


def test_who_mentions_the_bot_asks_for_the_bare_command_where_they_did() -> None:
    said = {"user": ADA, "channel": CHANNEL, "ts": TS, "text": f"<@{BOT}> hello"}
    found = parse.to_event(event("app_mention", **said))
    assert isinstance(found, Command)
    assert (found.id, found.path, found.place, found.actor.id) == ("Ev0001", (), Place("slack", TEAM, CHANNEL), ADA)
    deeper = parse.to_event(event("app_mention", **said, thread_ts="1548261200.000100"))
    assert isinstance(deeper, Command)
    assert deeper.place.thread == "1548261200.000100"
    for more in ({"bot_id": "B9"}, {"edited": {"user": ADA, "ts": TS}}, {"user": BOT}):
        assert parse.to_event(event("app_mention", **{**said, **more})) is None


@pytest.mark.parametrize(
    "kind",
    [
        "channel_archive",
        "channel_unarchive",
        "channel_deleted",
        "channel_rename",
        "channel_left",
        "group_archive",
        "group_left",
    ],
)
def test_after_a_channel_changes_a_look_is_worth_while(kind: str) -> None:
    found = parse.to_event(event(kind, channel=CHANNEL))
    assert isinstance(found, WorkspaceChanged)
    assert (found.id, found.workspace.platform, found.workspace.id) == ("Ev0001", "slack", TEAM)


def test_a_renamed_channel_is_told_with_what_it_is_called_and_the_workspace_is_not() -> None:
    found = parse.to_event(event("channel_rename", channel={"id": CHANNEL, "name": "new", "created": 1}, name="new"))
    assert isinstance(found, WorkspaceChanged)
    assert found.workspace.name != "new"


def test_a_renamed_workspace_tells_its_name() -> None:
    found = parse.to_event(event("team_rename", name="Example Inc."))
    assert isinstance(found, WorkspaceChanged)
    assert found.workspace.name == "Example Inc."


def test_only_the_bots_own_comings_and_goings_count() -> None:
    for kind in ("member_joined_channel", "member_left_channel"):
        assert isinstance(parse.to_event(event(kind, user=BOT, channel=CHANNEL)), WorkspaceChanged)
        assert parse.to_event(event(kind, user=ADA, channel=CHANNEL)) is None


def test_a_bot_that_is_uninstalled_or_whose_token_is_revoked_has_left() -> None:
    for payload in (event("app_uninstalled"), event("tokens_revoked", tokens={"bot": [BOT]})):
        assert parse.to_event(payload) == WorkspaceLeft("Ev0001", "slack", TEAM)
    assert parse.to_event(event("tokens_revoked", tokens={"oauth": [ADA]})) is None


def test_other_events_are_nobodys_concern() -> None:
    assert parse.to_event(event("message", channel=CHANNEL, user=ADA, text="/quiz")) is None
    assert parse.to_event(event("user_change", user={"id": ADA})) is None


def test_an_event_without_an_id_could_never_be_known_again() -> None:
    with pytest.raises(parse.Unclear):
        parse.to_event(reaction("one", event_id=None))
