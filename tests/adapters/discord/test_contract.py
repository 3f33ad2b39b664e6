from __future__ import annotations

from tests.adapters.contract import RedeliveryContract


class TestDiscord(RedeliveryContract):
    """Discord, through the real discord.py, does what every platform must."""
