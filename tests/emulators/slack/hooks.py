"""Response addresses: five messages within thirty minutes. Source: Handling user interaction, Message responses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from tests.emulators.slack import limits, posting
from tests.emulators.slack.content import composed
from tests.emulators.slack.errors import Json, Refusal
from tests.emulators.slack.interactions import ResponseUrl

if TYPE_CHECKING:
    from tests.emulators.slack.world import World

PREFIX = "/response/"
METHOD = "response_url"
"""Its name among faults and counts."""
_KNOWN = frozenset(
    {
        *("text", "blocks", "attachments", "metadata", "response_type", "replace_original", "delete_original"),
        *("thread_ts", "unfurl_links", "unfurl_media", "mrkdwn", "parse", "link_names"),
    }
)


def parsed(body: bytes) -> Json:
    """Refusal unless it is a JSON object."""
    try:
        given = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Refusal("invalid_payload", status=400) from None
    if not isinstance(given, dict):
        raise Refusal("invalid_payload", status=400)
    return {name: value for name, value in given.items() if value is not None}


def perform(world: World, path: str, given: Json) -> None:
    """Do what a request to a response address says. Refusal as Slack answers."""
    address = world.response_urls.get(path)
    now = world.clock.now()
    if address is None or address.made + world.settings.response_url_life < now:
        raise Refusal("expired_url", status=404)
    if address.uses >= limits.RESPONSE_URL_USES:
        raise Refusal("used_url", status=404)
    for name in given.keys() - _KNOWN:
        world.violate("a field that there isn't", f"{METHOD}: {name}")
    for name in ("replace_original", "delete_original"):
        if not isinstance(given.get(name, False), bool):
            raise Refusal("invalid_payload", [f"must provide a boolean [json-pointer:/{name}]"], status=400)
    if given.get("response_type") not in (None, "ephemeral", "in_channel"):
        raise Refusal("invalid_payload", ["unknown response_type"], status=400)
    address.uses += 1
    _respond(world, address, given)


def _respond(world: World, address: ResponseUrl, given: Json) -> None:
    one, source = address.interaction, address.message
    if given.get("delete_original"):
        if source is None or source.deleted:
            raise Refusal("message_not_found", status=404)
        posting.delete(world, source)
        one.deletions += 1
        one.note(world.clock.now())
        return
    content = composed(given, _numbered(world), world.file_ready, validate=world.settings.validate)
    for advice in content.advice:
        world.advise(advice, METHOD)
    if given.get("replace_original") and source is not None:
        if source.deleted:
            raise Refusal("message_not_found", status=404)
        if source.ephemeral and given.get("response_type") == "in_channel":
            raise Refusal("an ephemeral message can't become public", status=400)
        posting.change(world, source, content)
        posting.changed(world, one)
        return
    channel = one.channel
    assert channel is not None
    thread = given.get("thread_ts")
    if given.get("response_type") == "in_channel":
        made = posting.post(world, channel, one.installation.bot, content, one.installation, thread_ts=thread)
        if made not in one.messages:
            one.messages.append(made)
            one.note(world.clock.now())
    else:
        posting.post_ephemeral(world, channel, one.user, content, one.installation, answers=one, thread_ts=thread)


def _numbered(world: World) -> Any:
    return lambda: world.clock.id("b")[-5:]
