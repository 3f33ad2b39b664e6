"""What is kept in the vault is sealed with the operator's key: whoever reads the database alone reads no token."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from bot.platform import Forbidden, Vault

WRONG_KEY = (
    "What is kept of Slack can’t be opened with STUDYBOT_SECRET_KEY: put back the key with which it was kept. "
    "If that is lost, `studybot slack forget` makes way for installing the app anew."
)
_SALT = b"studybot: slack tokens"
"""The same everywhere, so that all workers make the same key. A key of 32 random bytes needs none."""


class WrongKey(Forbidden):
    """A value was sealed with another key; `str` is a sentence for the operator."""


def cipher(secret: str) -> Fernet:
    """The cipher of a Fernet key as it is, or of any other text by way of scrypt (64 MiB, once at start)."""
    try:
        if len(base64.urlsafe_b64decode(secret.encode())) == 32:
            return Fernet(secret)
    except (binascii.Error, ValueError):
        pass  # not a Fernet key, so a passphrase
    derived = Scrypt(salt=_SALT, length=32, n=2**16, r=8, p=1).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


class Sealed(Vault):
    """A vault whose values are sealed. WrongKey for one that this key does not open."""

    def __init__(self, vault: Vault, sealing: Fernet) -> None:
        self._vault = vault
        self._sealing = sealing

    async def get(self, key: str) -> bytes | None:
        return self._opened(await self._vault.get(key))

    async def put(self, key: str, value: bytes) -> None:
        await self._vault.put(key, self._sealing.encrypt(value))

    async def take(self, key: str) -> bytes | None:
        return self._opened(await self._vault.take(key))

    async def keys(self, prefix: str) -> Sequence[str]:
        return await self._vault.keys(prefix)

    def _opened(self, value: bytes | None) -> bytes | None:
        try:
            return None if value is None else self._sealing.decrypt(value)
        except InvalidToken:
            raise WrongKey(WRONG_KEY) from None
