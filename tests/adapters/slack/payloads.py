"""What Slack sends, after the examples of its documentation (Slash commands; Interaction payloads; Events API)."""

from __future__ import annotations

from typing import Any

TEAM, ORG, CHANNEL, DIRECT, ADA, BOT = "T0001", "E0001", "C2147483705", "D024BE91L", "U2147483697", "U0BOT"
TS, TRIGGER = "1548261231.000200", "12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3"


def command(text: str, **more: Any) -> dict[str, Any]:
    return {
        "token": "gIkuvaNzQIHg97ATvDxqgjtO", "team_id": TEAM, "team_domain": "example", "channel_id": CHANNEL,
        "channel_name": "test", "user_id": ADA, "user_name": "ada", "command": "/quiz", "text": text,
        "api_app_id": "A123456", "is_enterprise_install": "false",
        "response_url": "https://hooks.slack.com/commands/1234/5678", "trigger_id": TRIGGER, **more,
    }  # fmt: skip


def _interaction(kind: str, **more: Any) -> dict[str, Any]:
    return {
        "type": kind, "user": {"id": ADA, "username": "ada.l", "name": "ada.l", "team_id": TEAM},
        "api_app_id": "A02", "token": "Shh", "team": {"id": TEAM, "domain": "example"}, "enterprise": None,
        "is_enterprise_install": False, "trigger_id": TRIGGER, **more,
    }  # fmt: skip


def button(value: str, action_id: str | None = None) -> dict[str, Any]:
    return {
        "type": "button", "action_id": action_id or value, "block_id": "qXa", "value": value,
        "text": {"type": "plain_text", "text": "A", "emoji": False}, "action_ts": "1548426417.840180",
    }  # fmt: skip


def menu(action_id: str, chosen: str | None) -> dict[str, Any]:
    option = {"text": {"type": "plain_text", "text": "x"}, "value": chosen}
    return {
        "type": "static_select", "action_id": action_id, "block_id": "qXa",
        "selected_option": None if chosen is None else option, "action_ts": "1548426417.840180",
    }  # fmt: skip


def press(*actions: dict[str, Any], ephemeral: bool = False, thread: str | None = None, **more: Any) -> dict[str, Any]:
    """On a message. Of an ephemeral one Slack shows no more than where it stands."""
    channel = more.pop("channel_id", CHANNEL)
    container = {"type": "message", "message_ts": TS, "channel_id": channel, "is_ephemeral": ephemeral}
    message = {"bot_id": "B1", "type": "message", "text": "x", "user": BOT, "ts": TS, "team": TEAM}
    if thread is not None:
        container["thread_ts"] = message["thread_ts"] = thread
    payload = _interaction(
        "block_actions",
        container=container,
        channel={"id": channel, "name": "test"},
        response_url="https://hooks.slack.com/actions/1234/5678",
        actions=list(actions),
    )
    return payload | ({} if ephemeral else {"message": message}) | more


def view(values: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "id": "V0001", "team_id": TEAM, "type": "modal", "callback_id": "sent:17", "private_metadata": "",
        "state": {"values": values or {}}, "hash": "1618.abc", "app_installed_team_id": TEAM, "blocks": [], **more,
    }  # fmt: skip


def press_in_view(*actions: dict[str, Any], **more: Any) -> dict[str, Any]:
    found = view(type="home", **more)
    return _interaction(
        "block_actions", container={"type": "view", "view_id": "V0001"}, view=found, actions=list(actions)
    )


def submission(values: dict[str, Any], **more: Any) -> dict[str, Any]:
    return _interaction("view_submission", view=view(values, **more), response_urls=[])


def suggestion(action_id: str, typed: str) -> dict[str, Any]:
    found = press()
    for name in ("actions", "trigger_id", "response_url"):
        del found[name]
    return found | {"type": "block_suggestion", "action_id": action_id, "block_id": "x", "value": typed}


def event(kind: str, **more: Any) -> dict[str, Any]:
    """An event; `outer` is what stands beside it."""
    outer = more.pop("outer", {})
    return {
        "token": "XXYYZZ", "team_id": TEAM, "context_team_id": TEAM, "context_enterprise_id": None, "api_app_id": "A1",
        "type": "event_callback", "event_id": "Ev0001", "event_time": 1234567890, "is_ext_shared_channel": False,
        "authorizations": [
            {"enterprise_id": None, "team_id": TEAM, "user_id": BOT, "is_bot": True, "is_enterprise_install": False}
        ],
        "event": {"type": kind, "event_ts": "1360782804.083113", **more}, **outer,
    }  # fmt: skip


def reaction(name: str, *, added: bool = True, user: str = ADA, **outer: Any) -> dict[str, Any]:
    item = {"type": "message", "channel": CHANNEL, "ts": TS}
    kind = "reaction_added" if added else "reaction_removed"
    return event(kind, user=user, reaction=name, item_user=BOT, item=item, outer=outer)


EVERY: tuple[dict[str, Any], ...] = (
    command("play level:advanced"),
    press(button("answer:17:B")),
    press(menu("deck", "networks"), ephemeral=True, thread="1548261200.000100"),
    press_in_view(button("home")),
    submission({"text": {"text": {"type": "plain_text_input", "value": "Because"}}}),
    suggestion("suggest:play:deck", "Net"),
    reaction("one"),
    event("app_home_opened", user=ADA, channel=DIRECT, tab="home"),
    event("channel_archive", channel=CHANNEL, user=ADA),
    event("team_rename", name="Example Inc."),
    event("tokens_revoked", tokens={"oauth": [], "bot": [BOT]}),
)
