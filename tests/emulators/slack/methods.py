"""Every method of the Web API that there is here."""

from __future__ import annotations

from tests.emulators.slack import (
    auth_methods as auth,
)
from tests.emulators.slack import (
    chat,
    conversations,
)
from tests.emulators.slack import (
    files_methods as files,
)
from tests.emulators.slack import (
    people_methods as people,
)
from tests.emulators.slack import (
    views_methods as views,
)
from tests.emulators.slack.calls import Method
from tests.emulators.slack.installs import APP

_SAID = "text blocks:json attachments:json metadata:json markdown_text parse link_names:bool as_user:bool"
_LOOKS = "username icon_emoji icon_url"
_PAGE = "cursor limit:int"
_SPAN = "oldest latest inclusive:bool include_all_metadata:bool"
_READS = ("channels:read", "groups:read", "im:read", "mpim:read")
_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")

METHODS: dict[str, Method] = {
    "apps.connections.open": Method(auth.open_connection, tokens=(APP,)),
    "apps.uninstall": Method(auth.uninstall, "client_id! client_secret!"),
    "auth.revoke": Method(auth.revoke, "test:bool"),
    "auth.test": Method(auth.test),
    "bots.info": Method(people.bot, "bot", ("users:read",)),
    "chat.delete": Method(chat.delete, "channel! ts! as_user:bool", ("chat:write",), json=True),
    "chat.postEphemeral": Method(
        chat.post_ephemeral, f"channel! user! thread_ts {_SAID} {_LOOKS}", ("chat:write",), json=True
    ),
    "chat.postMessage": Method(
        chat.post_message,
        f"channel! thread_ts reply_broadcast:bool unfurl_links:bool unfurl_media:bool mrkdwn:bool {_SAID} {_LOOKS}",
        ("chat:write",),
        json=True,
    ),
    "chat.update": Method(
        chat.update, f"channel! ts! reply_broadcast:bool file_ids {_SAID}", ("chat:write",), json=True
    ),
    "conversations.history": Method(conversations.history, f"channel! {_PAGE} {_SPAN}", _HISTORY),
    "conversations.info": Method(conversations.info, "channel! include_locale:bool include_num_members:bool", _READS),
    "conversations.join": Method(conversations.join, "channel!", ("channels:join",), json=True),
    "conversations.list": Method(conversations.list_, f"types exclude_archived:bool {_PAGE}", _READS),
    "conversations.members": Method(conversations.members, f"channel! {_PAGE}", _READS),
    "conversations.open": Method(
        conversations.open_,
        "channel users return_im:bool prevent_creation:bool",
        ("im:write", "mpim:write", "channels:manage", "groups:write"),
        json=True,
    ),
    "conversations.replies": Method(conversations.replies, f"channel! ts! {_PAGE} {_SPAN}", _HISTORY),
    "files.completeUploadExternal": Method(
        files.complete,
        "files!:json channel_id channels thread_ts initial_comment blocks:json",
        ("files:write",),
        json=True,
    ),
    "files.delete": Method(files.delete, "file!", ("files:write",), json=True),
    "files.getUploadURLExternal": Method(
        files.get_upload_url, "filename! length!:int alt_txt snippet_type", ("files:write",)
    ),
    "files.info": Method(files.info, "file!", ("files:read",)),
    "oauth.v2.access": Method(
        auth.access, "client_id client_secret code redirect_uri grant_type refresh_token", tokens=()
    ),
    "reactions.add": Method(people.add_reaction, "channel timestamp name!", ("reactions:write",), json=True),
    "reactions.get": Method(people.reactions, "channel timestamp full:bool", ("reactions:read",)),
    "reactions.remove": Method(people.remove_reaction, "channel timestamp name!", ("reactions:write",), json=True),
    "team.info": Method(people.team, "team", ("team:read",)),
    "usergroups.list": Method(
        people.usergroups, "include_users:bool include_count:bool include_disabled:bool", ("usergroups:read",)
    ),
    "usergroups.users.list": Method(people.usergroup_users, "usergroup! include_disabled:bool", ("usergroups:read",)),
    "users.conversations": Method(conversations.of_user, f"types user exclude_archived:bool {_PAGE}", _READS),
    "users.info": Method(people.info, "user! include_locale:bool", ("users:read",)),
    "users.list": Method(people.list_, f"include_locale:bool {_PAGE}", ("users:read",)),
    "views.open": Method(views.open_, "view!:json trigger_id", json=True),
    "views.publish": Method(views.publish, "user_id! view!:json hash", json=True),
    "views.push": Method(views.push, "view!:json trigger_id", json=True),
    "views.update": Method(views.update, "view!:json view_id external_id hash", json=True),
}
