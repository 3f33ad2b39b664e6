"""Block Kit's composition objects: text, options, confirmation. Source: Reference, Composition objects."""

from __future__ import annotations

from typing import Any

from tests.emulators.slack.form import (
    Check,
    Form,
    Path,
    all_of,
    array,
    boolean,
    exactly_one,
    mapping,
    one_of,
    string,
    tag,
    tagged,
)

PLAIN, MRKDWN = "plain_text", "mrkdwn"


def text(most: int, *kinds: str, least: int = 1) -> Check:
    """A text object of these kinds, or of either."""

    def written(form: Form, path: Path, value: Any) -> None:
        string(least, most)(form, path, value)
        form.text += len(value) if isinstance(value, str) else 0

    plain = mapping({"type": tag, "text": written, "emoji": boolean}, ["text"])
    mrkdwn = mapping({"type": tag, "text": written, "verbatim": boolean}, ["text"])
    checks = {PLAIN: plain, MRKDWN: mrkdwn}
    return tagged({kind: checks[kind] for kind in kinds or (PLAIN, MRKDWN)})


def plain(most: int, least: int = 1) -> Check:
    return text(most, PLAIN, least=least)


confirm = mapping(
    {
        "title": plain(100),
        "text": text(300),
        "confirm": plain(30),
        "deny": plain(30),
        "style": one_of("primary", "danger"),
    },
    ["title", "text", "confirm", "deny"],
)


def option(kind: Check, *, url: bool = False) -> Check:
    fields: dict[str, Check] = {"text": kind, "value": string(1, 150), "description": kind}
    if url:
        fields["url"] = string(1, 3000)
    return mapping(fields, ["text", "value"])


def options(most: int = 100, kind: Check | None = None) -> Check:
    """A list of options whose values differ."""

    def distinct(form: Form, path: Path, value: Any) -> None:
        values = [one.get("value") for one in value if isinstance(one, dict)] if isinstance(value, list) else []
        if len({str(one) for one in values}) < len(values):
            form.fault(path, "option values must be unique")

    return all_of(array(option(kind or plain(75)), 1, most), distinct)


option_groups = array(mapping({"label": plain(75), "options": options()}, ["label", "options"]), 1, 100)

slack_file = all_of(mapping({"id": string(1, 255), "url": string(1, 3000)}), exactly_one("id", "url"))

conversation_filter = mapping(
    {
        "include": array(one_of("im", "mpim", "private", "public"), 1, 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    }
)


def shown_file(form: Form, path: Path, value: Any) -> None:
    """A `slack_file`: uploaded, processed, and a picture."""
    slack_file(form, path, value)
    named = value.get("id") or value.get("url") if isinstance(value, dict) else None
    if isinstance(named, str) and not form.file_ready(named):
        form.fault(path, "invalid slack file")


def picture(form: Form, path: Path, value: Any) -> None:
    """The rule between the fields of an image: a URL, or a file of Slack's."""
    exactly_one("image_url", "slack_file")(form, path, value)
