"""The one app under test, as its manifest describes it. Source: Reference, App manifest; Events API."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.emulators.slack.errors import Json

EVENTS: dict[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "app_uninstalled": (),
    "tokens_revoked": (),
    "channel_archive": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "channel_created": ("channels:read",),
    "channel_deleted": ("channels:read",),
    "channel_rename": ("channels:read",),
    "channel_left": ("channels:read",),
    "group_archive": ("groups:read",),
    "group_unarchive": ("groups:read",),
    "group_deleted": ("groups:read",),
    "group_rename": ("groups:read",),
    "group_left": ("groups:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "team_rename": ("team:read",),
    "user_change": ("users:read",),
    "team_join": ("users:read",),
}
"""Bot events, each with the scopes of which an installation needs one."""

SOCKET, HTTP = "socket", "http"


@dataclass(slots=True)
class App:
    """`urls` by what is sent there: 'events', 'interactivity', 'options' and each command's name."""

    id: str
    client_id: str
    client_secret: str
    signing_secret: str
    verification_token: str
    app_token: str
    name: str = "Loopback App"
    scopes: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    commands: dict[str, Json] = field(default_factory=dict)
    shortcuts: dict[str, Json] = field(default_factory=dict)
    urls: dict[str, str] = field(default_factory=dict)
    transport: str = SOCKET
    interactive: bool = False
    home_tab: bool = False
    messages_tab: bool = False
    writes_in_messages_tab: bool = False
    rotates: bool = False
    org_wide: bool = False
    redirects: list[str] = field(default_factory=list)

    def take(self, manifest: Json) -> None:
        """Become what the manifest says. ValueError naming every fault in it."""
        faults: list[str] = []
        features, oauth, settings = (manifest.get(name, {}) for name in ("features", "oauth_config", "settings"))
        home, subscribed = features.get("app_home", {}), settings.get("event_subscriptions", {})
        interactivity = settings.get("interactivity", {})
        socket = settings.get("socket_mode_enabled", False)
        self.name = manifest["display_information"]["name"]
        self.scopes = list(oauth.get("scopes", {}).get("bot", []))
        self.events = list(subscribed.get("bot_events", []))
        self.commands = {one["command"]: one for one in features.get("slash_commands", [])}
        self.shortcuts = {one["callback_id"]: one for one in features.get("shortcuts", [])}
        self.transport = SOCKET if socket else HTTP
        self.interactive = bool(interactivity.get("is_enabled"))
        self.home_tab = bool(home.get("home_tab_enabled"))
        self.messages_tab = bool(home.get("messages_tab_enabled"))
        self.writes_in_messages_tab = self.messages_tab and not home.get("messages_tab_read_only_enabled", False)
        self.rotates = bool(settings.get("token_rotation_enabled"))
        self.org_wide = bool(settings.get("org_deploy_enabled"))
        self.redirects = list(oauth.get("redirect_urls", []))
        self.urls = _urls(subscribed, interactivity, self.commands)
        self._fault_features(faults)
        if not socket:
            self._fault_urls(faults)
        if faults:
            raise ValueError("; ".join(faults))

    def _fault_features(self, faults: list[str]) -> None:
        for name, one in self.commands.items():
            if not name.startswith("/") or len(name) > 32 or " " in name or name != name.lower():
                faults.append(f"bad command {name}")
            if not one.get("description"):
                faults.append(f"{name} needs a description")
        if self.commands and "commands" not in self.scopes:
            faults.append("slash commands need the scope commands")
        for event in self.events:
            if event not in EVENTS:
                faults.append(f"unknown bot event {event}")
            elif EVENTS[event] and not set(EVENTS[event]) & set(self.scopes):
                faults.append(f"{event} needs the scope {' or '.join(EVENTS[event])}")

    def _fault_urls(self, faults: list[str]) -> None:
        wanted = [
            *self.commands,
            *(["events"] if self.events else []),
            *(["interactivity"] if self.interactive else []),
        ]
        faults += [f"no URL for {one}" for one in wanted if not self.urls.get(one)]


def _urls(subscribed: Json, interactivity: Json, commands: dict[str, Json]) -> dict[str, str]:
    found: dict[str, Any] = {name: one.get("url") for name, one in commands.items()}
    found["events"] = subscribed.get("request_url")
    found["interactivity"] = interactivity.get("request_url")
    found["options"] = interactivity.get("message_menu_options_url") or found["interactivity"]
    return {name: url for name, url in found.items() if url}
