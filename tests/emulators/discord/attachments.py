"""Files: what was uploaded, and where it can be fetched from."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass

from tests.emulators.discord.errors import Json


@dataclass(slots=True)
class Attachment:
    id: str
    name: str
    content: bytes
    url: str
    description: str | None = None
    spoiler: bool = False

    @property
    def media_type(self) -> str:
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    @property
    def size(self) -> tuple[int, int] | None:
        """Width and height of a PNG, from its header."""
        if not self.content.startswith(b"\x89PNG\r\n\x1a\n") or len(self.content) < 24:
            return None
        return int.from_bytes(self.content[16:20], "big"), int.from_bytes(self.content[20:24], "big")

    def json(self) -> Json:
        attachment: Json = {
            "id": self.id,
            "filename": self.name,
            "size": len(self.content),
            "url": self.url,
            "proxy_url": self.url,
            "content_type": self.media_type,
            "flags": 0,
        }
        if self.description is not None:
            attachment["description"] = self.description
        if self.size is not None:
            attachment["width"], attachment["height"] = self.size
        return attachment

    def media(self) -> Json:
        """The attachment as an unfurled media item of a component."""
        width, height = self.size or (None, None)
        return {
            "id": self.id,
            "url": self.url,
            "proxy_url": self.url,
            "width": width,
            "height": height,
            "content_type": self.media_type,
            "loading_state": 2,
            "attachment_id": self.id,
            "flags": 0,
            "placeholder": None,
        }
