"""Uploaded files: an address to send to, then a completion, then a moment until they can be shown."""

from __future__ import annotations

from dataclasses import dataclass

from tests.emulators.slack.errors import Json
from tests.emulators.slack.installs import Installation

_PICTURES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif"}


@dataclass(slots=True, eq=False)
class File:
    """`ready` is when it has been processed; None until its upload is completed."""

    id: str
    name: str
    length: int
    installation: Installation
    path: str
    alt: str = ""
    title: str = ""
    content: bytes | None = None
    ready: float | None = None
    deleted: bool = False

    @property
    def kind(self) -> str:
        return self.name.rpartition(".")[2].lower()

    def shows(self, now: float) -> bool:
        """Whether an image block may show it."""
        return not self.deleted and self.kind in _PICTURES and self.ready is not None and self.ready <= now

    def json(self, now: float, base: str) -> Json:
        url = f"{base}/files/{self.id}/{self.name}"
        done = self.ready is not None and self.ready <= now
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": _PICTURES.get(self.kind, "application/octet-stream") if done else "",
            "filetype": self.kind if done else "",
            "size": self.length,
            "user": self.installation.bot.id,
            "alt_txt": self.alt,
            "url_private": url,
            "permalink": url,
            "is_external": False,
            "is_public": False,
        }
