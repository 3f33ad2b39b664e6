"""What a batch of ballots changes, worked out from what the database holds: the same for both databases, and no I/O.

It runs once for every answer, a thousand times in a row: what is the same for many people is worked out once.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import TypeAlias, TypeVar

from bot.quiz.seasons import read
from bot.quiz.streaks import Streak, walk
from bot.store.ballots import Ballot, MovedError, Receipt, Result, StaleError, Standing

Key: TypeAlias = tuple[int, str, str, str]
"""An account: community, platform, workspace, user."""

Moment = TypeVar("Moment", str, datetime)
"""An instant, as the database's driver wants it."""

Mark: TypeAlias = tuple[int, int, date]
"""What can be answered once: person, card, day."""

Dated: TypeAlias = tuple[date, str]
"""A question day, and the season that it is in: that is each community's own."""


@dataclass(slots=True)
class Known:
    """A person as the database has them, found by an account; `account_name` is that account's spelling of the name."""

    person_id: int
    account_id: int
    name: str
    account_name: str
    hidden: bool
    streak: Streak


@dataclass(slots=True)
class Gain:
    """What one person's answers of one question day add to each of the day's periods."""

    sort_name: str
    hidden: bool
    number: int
    points: int
    on_offer: int
    answered: int
    correct: int


@dataclass(slots=True)
class Share:
    """What one member's answers of one question day add for their team, in each of the day's periods."""

    points: int
    on_offer: int
    answered: int
    correct: int


@dataclass(slots=True)
class Changes:
    """What to write, and what to tell each caller. `gains` are by day and season, then by community and person; `shares` by day
    and season, then by community, team and person.
    """

    receipts: list[Receipt] = field(default_factory=list)
    answers: list[tuple[int, int, int, int | None, Ballot]] = field(default_factory=list)  # id, person, account, team
    gains: dict[Dated, dict[tuple[int, int], Gain]] = field(default_factory=dict)
    shares: dict[Dated, dict[tuple[int, int, int], Share]] = field(default_factory=dict)
    streaks: dict[int, tuple[int, Streak]] = field(default_factory=dict)  # person: community, streak
    names: dict[int, tuple[int, str]] = field(default_factory=dict)  # person: community, new name
    account_names: dict[Key, str] = field(default_factory=dict)


def keys_of(ballots: Sequence[Ballot]) -> list[Key]:
    return [
        (ballot.community_id, ballot.account.platform, ballot.account.workspace, ballot.account.user_id)
        for ballot in ballots
    ]


def stale(ballots: Sequence[Ballot], corrections: Mapping[int, int]) -> set[int]:
    """The places of ballots that were graded before their card was corrected. `corrections` has the open posts'."""
    return {
        place
        for place, ballot in enumerate(ballots)
        if corrections.get(ballot.post_id, ballot.correction) != ballot.correction
    }


def refused(outdated: Set[int], others: Sequence[Result]) -> list[Result]:
    """The results of a whole batch, given those of the `others`, which were not outdated."""
    told = iter(others)
    number = len(outdated) + len(others)
    return [StaleError("its card was corrected") if place in outdated else next(told) for place in range(number)]


def check(ballots: Sequence[Ballot], open_posts: Mapping[int, tuple[int, int, int]]) -> None:
    """MovedError when a ballot is for another community, card or question day than its post, where that is open."""
    for ballot in ballots:
        asked = (ballot.community_id, ballot.card_id, ballot.day_number)
        if open_posts.get(ballot.post_id, asked) != asked:
            raise MovedError(f"post {ballot.post_id} is another's by now")


def strangers(
    ballots: Sequence[Ballot], keys: Sequence[Key], known: Container[Key], open_posts: Set[int]
) -> dict[Key, Ballot]:
    """The accounts to create, in an order that is the same for every worker: those nobody knows, answering an open post."""
    new = {
        key: ballot
        for ballot, key in zip(ballots, keys, strict=True)
        if key not in known and ballot.post_id in open_posts
    }
    return dict(sorted(new.items()))


def latecomers(ballots: Sequence[Ballot], keys: Sequence[Key], known: Mapping[Key, Known]) -> set[int]:
    """The people who answer an earlier question day than one that already counts: their days must be walked again."""
    last: dict[int, int] = {}
    late: set[int] = set()
    for ballot, key in zip(ballots, keys, strict=True):
        person = known.get(key)
        if person is None:
            continue
        reached = last.get(person.person_id, person.streak.last)
        if ballot.day_number < reached:
            late.add(person.person_id)
        else:
            last[person.person_id] = ballot.day_number
    return late


def seasons(ballots: Sequence[Ballot], beginnings: Mapping[int, str]) -> dict[int, str]:
    """The season that each open post's day is in. `beginnings` has its community's seasons, as they are kept."""
    days = {ballot.post_id: ballot.day for ballot in ballots}
    return {post: read(written).key(days[post]) for post, written in beginnings.items()}


def sides(
    ballots: Sequence[Ballot],
    keys: Sequence[Key],
    known: Mapping[Key, Known],
    opened: Mapping[int, Moment],
    seasons: Mapping[int, str],
) -> list[tuple[int, int, str, Moment]]:
    """Whose team is to be looked up, as person, post, season and when the post opened. `opened` has the posts that are open
    in communities with teams, `seasons` that of each.
    """
    asked = {
        (known[who].person_id, ballot.post_id): (seasons[ballot.post_id], opened[ballot.post_id])
        for ballot, who in zip(ballots, keys, strict=True)
        if ballot.post_id in opened and who in known
    }
    return [(person, post, season, at) for (person, post), (season, at) in asked.items()]


def reckon(
    ballots: Sequence[Ballot],
    keys: Sequence[Key],
    known: Mapping[Key, Known],
    seasons: Mapping[int, str],
    teams: Mapping[tuple[int, int], int],
    standing: dict[Mark, Receipt],
    numbers: Mapping[int, set[int]],
    ids: Iterator[int],
) -> Changes:
    """Take the ballots in order, as if each had come alone.

    `seasons` has the open posts, and the season of each; `teams` the team that a person was in when a post opened, by person and
    post; `standing` has the answers that count already and gets the new ones; `numbers` has the question days of the latecomers
    and gets the new ones; `ids` are free for answers.
    """
    changes = Changes()
    tell = changes.receipts.append
    streaks = {person.person_id: person.streak for person in known.values()}
    for ballot, key in zip(ballots, keys, strict=True):
        person = known.get(key)
        if person is None:
            tell(_receipt(ballot, Standing.CLOSED, None, None, NONE, NONE))
            continue
        person_id = person.person_id
        before = streaks[person_id]
        mark = (person_id, ballot.card_id, ballot.day)
        earlier = standing.get(mark)
        if earlier is not None:
            tell(earlier._replace(standing=Standing.ALREADY, streak=before, streak_before=before))
        elif (season := seasons.get(ballot.post_id)) is None:
            tell(_receipt(ballot, Standing.CLOSED, person_id, None, before, before))
        else:
            if person_id in numbers:
                numbers[person_id].add(ballot.day_number)
                after = walk(numbers[person_id])
            else:
                after = _answered(before, ballot.day_number)
            if after is not before:
                streaks[person_id] = after
                changes.streaks[person_id] = (ballot.community_id, after)
            answer_id = next(ids)
            receipt = standing[mark] = _receipt(ballot, Standing.RECORDED, person_id, answer_id, after, before)
            tell(receipt)
            team = teams.get((person_id, ballot.post_id))
            changes.answers.append((answer_id, person_id, person.account_id, team, ballot))
            if ballot.account.name != person.account_name:
                person.account_name = changes.account_names[key] = ballot.account.name
                changes.names[person_id] = (ballot.community_id, ballot.account.name)
            _gain(changes, person, ballot, season)
            if team is not None:
                _share(changes, (ballot.community_id, team, person_id), ballot, season)
    for person_id, (community, name) in changes.names.items():
        for gains in changes.gains.values():
            if (community, person_id) in gains:
                gains[community, person_id].sort_name = name.casefold()
    return changes


@lru_cache(maxsize=4096)
def streak_of(current: int, best: int, freezes: int, last: int) -> Streak:
    return Streak(current, best, freezes, last)


@lru_cache(maxsize=4096)
def _answered(before: Streak, number: int) -> Streak:
    return before.answered(number)


NONE = streak_of(0, 0, 0, 0)


def _gain(changes: Changes, person: Known, ballot: Ballot, season: str) -> None:
    when = (ballot.day, season)
    gains = changes.gains.get(when)
    if gains is None:
        gains = changes.gains[when] = {}
    who = (ballot.community_id, person.person_id)
    gain = gains.get(who)
    if gain is None:
        sort_name = person.name.casefold()
        grade = (ballot.points, ballot.on_offer, 1, ballot.correct)
        gains[who] = Gain(sort_name, person.hidden, ballot.day_number, *grade)
    else:
        _add(gain, ballot)


def _share(changes: Changes, who: tuple[int, int, int], ballot: Ballot, season: str) -> None:
    shares = changes.shares.setdefault((ballot.day, season), {})
    if who in shares:
        _add(shares[who], ballot)
    else:
        shares[who] = Share(ballot.points, ballot.on_offer, 1, ballot.correct)


def _add(sum_: Gain | Share, ballot: Ballot) -> None:
    sum_.points += ballot.points
    sum_.on_offer += ballot.on_offer
    sum_.answered += 1
    sum_.correct += ballot.correct


def _receipt(
    ballot: Ballot, standing: Standing, person_id: int | None, answer_id: int | None, after: Streak, before: Streak
) -> Receipt:
    return Receipt(
        standing,
        person_id,
        answer_id,
        ballot.post_id,
        ballot.given,
        ballot.fraction,
        ballot.correct,
        ballot.points,
        ballot.on_offer,
        False,
        ballot.at,
        after,
        before,
    )
