"""The app's manifest: all that Slack has to know of the bot, to be pasted where an app is made or changed."""

from __future__ import annotations

from typing import Any

from adapters.slack.permissions import EVENTS, SCOPES
from adapters.slack.ways import EVENTS_PATH, REDIRECT_PATH, Credentials, Way

COMMAND = "/quiz"
NAME = "Studybot"


def manifest(way: Way, credentials: Credentials) -> dict[str, Any]:
    """For one of the ways. ValueError when the address is missing that Slack is to send to."""
    socket = way is Way.SOCKET
    if not socket and not credentials.public_url:
        raise ValueError(
            "STUDYBOT_PUBLIC_URL is missing: the address at which Slack reaches this bot, such as https://quiz.example.org"
        )
    address = {} if socket else {"request_url": credentials.address(EVENTS_PATH)}
    command = {
        "command": COMMAND,
        "description": "A question, your reviews, the board: all of Studybot",
        "usage_hint": "help, today, play, review, leaderboard, stats",
        "should_escape": True,  # else a channel comes by its name alone, which says nothing of private ones
    }
    if not socket:
        command["url"] = credentials.address(EVENTS_PATH)
    oauth: dict[str, Any] = {"scopes": {"bot": list(SCOPES)}}
    if way is Way.MANY:
        oauth["redirect_urls"] = [credentials.address(REDIRECT_PATH)]
    return {
        "display_information": {
            "name": NAME,
            "description": "One good question a day, and help to remember the answer.",
            "background_color": "#1f3a5f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "slash_commands": [command],
        },
        "oauth_config": oauth,
        "settings": {
            "event_subscriptions": {**address, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **address},
            "org_deploy_enabled": way is Way.MANY,
            "socket_mode_enabled": socket,
            "token_rotation_enabled": way is Way.MANY,
        },
    }
