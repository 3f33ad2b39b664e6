"""What a person reads in blocks, and what they could do by themselves: ping, style, link."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.emulators.slack import blocks as rules
from tests.emulators.slack.content import composed
from tests.emulators.slack.form import MESSAGE, Form
from tests.emulators.slack.rendering import Reader

_TOKEN = re.compile(r"<!date\^\d+\^[^|<>^]+\|[^|<>]*>|<#C0123ABC>|<(?:https?://|mailto:)[^|<>]+\|[^|<>]*>")
_MARKUP = re.compile(r"[*_~`<>@#\u202a-\u202e\u2066-\u2069]|:\S+:")
CALLING = ("user", "usergroup", "broadcast", "team", "emoji", "color")


def read(blocks: list[dict[str, Any]]) -> str:
    return Reader({}, {}, {}, []).blocks(blocks)


def objects(found: Any) -> Iterator[dict[str, Any]]:
    """Every object of a payload, with those inside it."""
    if isinstance(found, dict):
        yield found
        for one in found.values():
            yield from objects(one)
    elif isinstance(found, list):
        for one in found:
            yield from objects(one)


def words_of(found: Any) -> str:
    """All texts of rich text and plain text, in order."""
    return "".join(one["text"] for one in objects(found) if isinstance(one.get("text"), str))


def is_inert(found: Any) -> None:
    """Fails when anything of a payload could call somebody, or be styled by the text itself."""
    for one in objects(found):
        kind = one.get("type")
        assert kind not in CALLING, one
        assert kind != "markdown"
        assert kind != "channel" or one["channel_id"] == "C0123ABC"
        if kind == "plain_text":
            assert one["emoji"] is False
        if kind == "mrkdwn":
            assert one["verbatim"] is True
            assert not _MARKUP.search(_TOKEN.sub(" ", one["text"])), one
            labels = [token.rpartition("|")[2][:-1] for token in _TOKEN.findall(one["text"]) if "|" in token]
            assert not any(_MARKUP.search(label) for label in labels), one


def is_accepted(blocks: list[dict[str, Any]], text: str) -> None:
    """Fails when Slack would refuse the message. `Refusal` names every fault."""
    composed({"blocks": blocks, "text": text}, lambda: "b1", lambda _: True, total=True)
    form = Form(MESSAGE)
    rules.check(form, ("blocks",), blocks)
    assert form.faults == []
