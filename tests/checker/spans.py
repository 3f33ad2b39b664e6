"""Spans of time, in order and apart from each other."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Span:
    since: datetime
    until: datetime

    def __contains__(self, at: datetime) -> bool:
        return self.since <= at < self.until

    @property
    def length(self) -> timedelta:
        return self.until - self.since


def joined(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for span in sorted(spans, key=lambda each: each.since):
        if found and span.since <= found[-1].until:
            found[-1] = Span(found[-1].since, max(found[-1].until, span.until))
        else:
            found.append(span)
    return found


def without(spans: Sequence[Span], taken: Sequence[Span]) -> list[Span]:
    left = list(spans)
    for gone in taken:
        cut: list[Span] = []
        for span in left:
            if gone.until <= span.since or gone.since >= span.until:
                cut.append(span)
                continue
            if span.since < gone.since:
                cut.append(Span(span.since, gone.since))
            if gone.until < span.until:
                cut.append(Span(gone.until, span.until))
        left = cut
    return left


def split(spans: Sequence[Span], instants: Iterable[datetime]) -> list[Span]:
    found: list[Span] = []
    at = sorted(instants)
    for span in spans:
        first = bisect_right(at, span.since)
        since = span.since
        for instant in at[first:]:
            if instant >= span.until:
                break
            found.append(Span(since, instant))
            since = instant
        found.append(Span(since, span.until))
    return found
