"""What was said for a claim, on its way into the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class Stood(Generic[E]):
    """A claimed errand stands as a message. `look_at`: when to look whether another worker has said it too."""

    errand: E
    message: str
    look_at: datetime | None = None
