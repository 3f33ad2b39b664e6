"""What every test lives under: no skips in CI, no calls to the outside, and Hypothesis without a clock or dice."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Callable, Generator
from typing import Any, TypeVar

import hypothesis
import pytest

hypothesis.settings.register_profile(
    "house", derandomize=True, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("house")


Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


def _staying_here(connect: Callable[..., Any]) -> Callable[..., Any]:
    """`connect`, but to this machine alone: a test that needs another is no test, and a real token may be in the environment."""

    def connect_here(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = address[0]
            try:
                outside = not ipaddress.ip_address(host).is_loopback
            except ValueError:
                outside = host != "localhost"
            if outside:
                raise ConnectionRefusedError(f"tests talk to this machine alone, not to {host}")
        return connect(self, address)

    return connect_here


for _name in ("connect", "connect_ex"):
    setattr(socket.socket, _name, _staying_here(getattr(socket.socket, _name)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _no_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _no_skip((yield))


def _no_skip(report: Report) -> Report:
    """In CI a skip fails: the machine there is made to have all that a test may want."""
    if os.environ.get("CI") == "true" and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.longrepr = f"skipped, which CI doesn't allow: {reason}"
    return report
