"""What stood in the channels, held against what the schedules promise."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.courier import LEASE
from bot.events import Place
from bot.steward import PATIENCE
from bot.timetable import HEARTBEAT
from tests.checker.model import Week, Window
from tests.checker.record import Record, Standing
from tests.checker.spans import Span, joined, split, without

RECONCILIATION = 2 * (LEASE + HEARTBEAT)
"""How long it may take, undisturbed, until what went wrong is put right: the claim runs out, a heartbeat comes, the tick before
it waits for a slow answer; then the request itself, as slow."""

MENDED = PATIENCE + LEASE + 2 * HEARTBEAT
"""How long it may take until the bot sees that it may use a channel again."""


class Fault(StrEnum):
    MISSED = "missed"
    LATE = "late"
    DOUBLED = "doubled"
    OUTSIDE = "outside its window"
    UNKNOWN = "of no schedule"
    ASTRAY = "in another channel"
    UNCLOSED = "not closed"
    EARLY = "closed early"
    EMPTY = "told of nothing"
    TORN = "of another card"


@dataclass(frozen=True)
class Breach:
    """`detail` names instants, to look for in a run of the same seed."""

    fault: Fault
    key: str
    detail: str

    def __str__(self) -> str:
        return f"{self.fault}: {self.key}: {self.detail}"


@dataclass(frozen=True)
class History:
    """What was promised, and what came of it. `homes` are the platform and channel of each schedule, `question` the first
    schedule of the question that it is a line of, `given` the card of each key of a question. `answered` says when a
    channel's week, by its Monday, had its first answer; after `end` nothing new comes, after `until` nothing is looked at any more.
    """

    windows: Sequence[Window]
    weeks: Sequence[Week]
    record: Record
    homes: Mapping[int, tuple[str, str]]
    question: Mapping[int, int]
    given: Mapping[str, int]
    answered: Mapping[tuple[Place, date], datetime]
    end: datetime
    until: datetime


@dataclass
class Verdict:
    """`owed` are the windows in which a question had to come, `windows` all of them; the same of recaps and weeks. `left` are twins that stood until the last
    look before the close: of a sender that was stopped for longer than its claim held, and died before it could clear up.
    """

    breaches: list[Breach]
    windows: int
    owed: int
    posted: int
    twins: int
    longest_twin: timedelta
    left: int
    weeks: int
    weeks_owed: int
    told: int


class Calm:
    """The times in which a channel could be used and a worker was there, undisturbed."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._manned = split(joined(record.manned), record.shocks)
        self._starts = [span.since for span in self._manned]

    def longest(self, platform: str, channel: str, within: Span) -> timedelta:
        """The longest such time within another."""
        return max((span.length for span in self._within(platform, channel, within)), default=timedelta())

    def lasted(self, platform: str, channel: str, within: Span) -> datetime | None:
        """When it has been calm within a time for as long as a reconciliation takes."""
        enough = (
            span.since + RECONCILIATION
            for span in self._within(platform, channel, within)
            if span.length > RECONCILIATION
        )
        return next(enough, None)

    def _within(self, platform: str, channel: str, within: Span) -> Iterable[Span]:
        at = max(0, bisect_right(self._starts, within.since) - 1)
        mine = []
        for span in self._manned[at:]:
            if span.since >= within.until:
                break
            mine.append(span)
        closed = [Span(span.since, span.until + MENDED) for span in self._record.revoked[channel]]
        mine = without(mine, [*closed, *self._record.outages[platform]])
        mine = split(mine, self._record.failures[channel])
        return [
            Span(max(span.since, within.since), min(span.until, within.until))
            for span in sorted(mine, key=lambda each: each.since)
            if span.until > within.since and span.since < within.until
        ]


def judge(history: History) -> Verdict:
    record, until = history.record, history.until
    calm = Calm(record)
    by_key: defaultdict[str, list[Standing]] = defaultdict(list)
    for standing in record.standing:
        by_key[standing.key].append(standing)
    verdict = Verdict([], len(history.windows), 0, 0, 0, timedelta(), 0, len(history.weeks), 0, 0)
    for window in history.windows:
        home, mine = history.homes[window.schedule], by_key.pop(window.key, [])
        owed_by = calm.lasted(*home, Span(window.opens, min(window.closes, history.end)))
        verdict.owed += owed_by is not None
        verdict.posted += bool(mine)
        verdict.breaches += [*_came(window, home, mine, owed_by), *_closed(window, home, mine, calm, until)]
        verdict.breaches += _twins(window, home, mine, calm, verdict, until)
    verdict.breaches += _torn(history)
    for week in history.weeks:
        home, mine = week.home, by_key.pop(week.key, [])
        answered = history.answered.get((week.place, week.first))
        owed_by = None
        if answered is not None and answered < week.opens:
            owed_by = calm.lasted(*home, Span(week.opens, min(week.closes, history.end)))
        verdict.weeks_owed += owed_by is not None
        verdict.told += bool(mine)
        verdict.breaches += _came(week, home, mine, owed_by)
        if mine and (answered is None or answered > mine[0].sent):
            verdict.breaches.append(Breach(Fault.EMPTY, week.key, f"sent {mine[0].sent}, first answer {answered}"))
        verdict.breaches += _twins(week, home, mine, calm, verdict, until)
    for key, mine in by_key.items():
        verdict.breaches.append(Breach(Fault.UNKNOWN, key, f"came {mine[0].came}"))
    verdict.breaches += [Breach(Fault.UNCLOSED, key, "at the end of all") for key in record.unfinished]
    return verdict


def _torn(history: History) -> Iterable[Breach]:
    """Lines of a question that asked different cards on a date."""
    first: dict[tuple[int, date], tuple[str, int]] = {}
    for window in history.windows:
        if (card := history.given.get(window.key)) is None:
            continue
        key, theirs = first.setdefault((history.question[window.schedule], window.on), (window.key, card))
        if card != theirs:
            yield Breach(Fault.TORN, window.key, f"card {card}, and {theirs} in {key}")


def _came(
    promise: Window | Week, home: tuple[str, str], mine: Sequence[Standing], owed_by: datetime | None
) -> Iterable[Breach]:
    """Whether it came when it was owed, and what came did so in its time and its channel."""
    if owed_by is not None:
        came = min((each.came for each in mine), default=promise.last)
        told = f"came {came}, owed by {owed_by}, window {promise.opens} to {promise.closes}"
        if came >= promise.last:
            yield Breach(Fault.MISSED, promise.key, told)
        elif came > owed_by:
            yield Breach(Fault.LATE, promise.key, told)
    for each in mine:
        if not promise.opens <= each.sent < promise.last:
            told = f"sent {each.sent}, window {promise.opens} to {promise.last}"
            yield Breach(Fault.OUTSIDE, promise.key, told)
        if each.channel != home:
            yield Breach(Fault.ASTRAY, promise.key, f"in {each.channel}, not in {home}")


def _closed(
    window: Window, home: tuple[str, str], standing: Sequence[Standing], calm: Calm, until: datetime
) -> Iterable[Breach]:
    for each in standing:
        gone = min(each.gone or until, until)
        if each.results is not None and each.results < window.closes:
            yield Breach(Fault.EARLY, window.key, f"{each.results}, window to {window.closes}")
        over = max(window.closes, each.came)
        shown = gone if each.results is None else each.results
        if not each.refused and over < shown and calm.longest(*home, Span(over, shown)) > RECONCILIATION:
            yield Breach(Fault.UNCLOSED, window.key, f"{each.id} over {over}, results {each.results}, gone {each.gone}")


def _twins(
    promise: Window | Week,
    home: tuple[str, str],
    standing: Sequence[Standing],
    calm: Calm,
    verdict: Verdict,
    until: datetime,
) -> Iterable[Breach]:
    for number, each in enumerate(standing):
        others = [other for other in standing[:number] if other.gone is None or other.gone > each.came]
        for other in others:
            verdict.twins += 1
            both = Span(each.came, min(each.gone or until, other.gone or until))
            beside = calm.longest(*home, both)
            verdict.longest_twin = max(verdict.longest_twin, beside)
            if beside <= RECONCILIATION:
                continue
            last_look = Span(max(both.since, min(promise.last - LEASE, both.until)), both.until)
            if (each.late or other.late) and calm.longest(*home, last_look) <= RECONCILIATION:
                verdict.left += 1
                continue
            told = f"{other.id} and {each.id} from {both.since} to {both.until}, late: {other.late}, {each.late}"
            yield Breach(Fault.DOUBLED, promise.key, told)
