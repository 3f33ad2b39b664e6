"""What every platform must do, on Slack: over Socket Mode, and over HTTP."""

from __future__ import annotations

from adapters.slack.ways import Way
from tests.adapters.contract import RedeliveryContract


class TestSocketMode(RedeliveryContract):
    WAY = Way.SOCKET


class TestHttp(RedeliveryContract):
    WAY = Way.HTTP
