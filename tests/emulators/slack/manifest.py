"""A manifest of the usual kind, for tests that don't bring the app's own."""

from __future__ import annotations

from collections.abc import Sequence

from tests.emulators.slack.errors import Json

SCOPES = (
    *("commands", "chat:write", "app_mentions:read", "channels:history", "groups:history", "im:history"),
    *("channels:read", "groups:read", "im:read", "im:write", "channels:join", "users:read", "usergroups:read"),
    *("reactions:read", "reactions:write", "files:write", "files:read", "team:read"),
)
EVENTS = (
    *("app_home_opened", "app_mention", "app_uninstalled", "tokens_revoked", "message.im"),
    *("channel_archive", "channel_unarchive", "channel_deleted", "channel_rename", "channel_left"),
    *("group_archive", "group_unarchive", "group_deleted", "group_rename", "group_left"),
    *("member_joined_channel", "member_left_channel", "reaction_added", "reaction_removed"),
    *("team_rename", "user_change"),
)


def usual(
    url: str | None = None,
    *,
    commands: Sequence[str] = ("/quiz",),
    scopes: Sequence[str] = SCOPES,
    events: Sequence[str] = EVENTS,
    rotates: bool = False,
    redirects: Sequence[str] = (),
    shortcuts: Sequence[Json] = (),
) -> Json:
    """Over Socket Mode; with a URL, over HTTP to that one."""
    place = {} if url is None else {"request_url": url}
    command = {} if url is None else {"url": url}
    return {
        "display_information": {"name": "Quiz"},
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Quiz", "always_online": True},
            "slash_commands": [{"command": name, "description": "A quiz", **command} for name in commands],
            "shortcuts": list(shortcuts),
        },
        "oauth_config": {"scopes": {"bot": list(scopes)}, "redirect_urls": list(redirects)},
        "settings": {
            "event_subscriptions": {"bot_events": list(events), **place},
            "interactivity": {"is_enabled": True, **place},
            "org_deploy_enabled": True,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": rotates,
        },
    }
