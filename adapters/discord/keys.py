"""How a post's key goes to Discord, and how a message shows it later.

A nonce stops a double for some minutes and is then forgotten, and messages carry no metadata. What Discord does keep is
the `id` that every component may be given: the container's and its first part's hold 62 bits of the key's hash, are seen
by nobody, and come back with the history.
"""

from __future__ import annotations

import hashlib

from adapters.discord import limits

_NONCE = 24
"""Characters; Discord takes 25."""


def nonce(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:_NONCE]


def marks(key: str) -> tuple[int, int]:
    """Two component ids, unlike each other as a message's must be, and far above those that Discord counts up itself."""
    digest = hashlib.sha256(b"marks:" + key.encode()).digest()
    one, two = (int.from_bytes(part) % (limits.COMPONENT_ID // 2) for part in (digest[:8], digest[8:16]))
    return one + limits.COMPONENT_ID // 2, two + limits.COMPONENT_ID // 2 + (one == two)
