from __future__ import annotations

from tests.adapters.contract import PlatformContract


class TestWebChannel(PlatformContract):
    """The browser channel does what every platform must."""
