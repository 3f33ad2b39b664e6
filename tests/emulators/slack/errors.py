"""Slack's own refusals: `ok: false` with an error's name, mostly under HTTP 200.

Source: the error tables of the Web API's methods; Using the Slack Web API (Responses).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

MISUSE = frozenset(
    {
        "bad_client_secret",
        "bad_redirect_uri",
        "bad_timestamp",
        "duplicate_external_id",
        "exchanged_trigger_id",
        "expired_trigger_id",
        "expired_url",
        "file_not_found",
        "invalid_arguments",
        "invalid_attachments",
        "invalid_auth",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_cursor",
        "invalid_form_data",
        "invalid_grant_type",
        "invalid_json",
        "invalid_limit",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "invalid_name",
        "invalid_payload",
        "invalid_token",
        "invalid_trigger_id",
        "invalid_ts_latest",
        "invalid_ts_oldest",
        "invalid_types",
        "invalid_upload",
        "markdown_text_conflict",
        "metadata_too_large",
        "method_not_supported_for_channel_type",
        "missing_argument",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_item_specified",
        "no_text",
        "not_allowed_token_type",
        "not_authed",
        "not_enabled",
        "not_enough_users",
        "push_limit_reached",
        "too_many_attachments",
        "unknown_method",
        "used_url",
        "users_list_not_supplied",
        "view_too_large",
    }
)
"""Errors that an app can avoid by itself, whatever people do: each one seen fails the test."""


class Refusal(Exception):
    """A refusal as Slack words it. `messages` say where a body is wrong."""

    def __init__(
        self,
        error: str,
        messages: Sequence[str] = (),
        *,
        status: int = 200,
        retry_after: int | None = None,
        **more: Any,
    ) -> None:
        self.error = error
        self.status = status
        self.retry_after = retry_after
        self.body: Json = {"ok": False, "error": error, **more}
        if messages:
            if error in ("invalid_blocks", "invalid_attachments"):
                self.body["errors"] = list(messages)
            self.body["response_metadata"] = {"messages": [f"[ERROR] {one}" for one in messages]}
        super().__init__(" ".join((error, *messages)))


class Impossible(Exception):
    """A person was asked to do what the real client would not let them do."""
