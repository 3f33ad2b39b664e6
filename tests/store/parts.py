"""Several workspaces whose people link accounts, join communities and part again; and what must hold whatever they do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Self

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.events import Place
from bot.quiz import grading, scoring
from bot.quiz.cards import Flashcard, from_json
from bot.quiz.corrections import Extent
from bot.store import cards as kept_cards
from bot.store import (
    corrections,
    forgetting,
    links,
    partings,
    regrading,
    reports,
    sessions,
    streaks,
    tables,
    unions,
)
from bot.store.ballots import Account, Ballot, Ballots, Standing
from bot.store.cards import KeptCard
from bot.store.database import Database
from bot.store.live_answers import Taken
from bot.store.people import community_of, person_of
from bot.store.rebuild import prune_scores, rebuild_scores
from bot.store.regrading import Mark
from bot.store.reports import Reason
from bot.store.sessions import Learner, PracticeAnswer
from bot.store.tables import accounts, answers, cards, communities, later_answers, people, posts
from bot.store.tables import sessions as played
from tests.store import rounds
from tests.store.town import NOW, Town, account, day, kept, settle

TODAY = day(1)
PART = 2
"""Answers that are regraded at once here."""

PLACES = (("discord", "g1"), ("discord", "g2"), ("slack", "T1"))


def whom(name: str) -> Account:
    """`ada` is on Discord, `T1/ada` in a Slack workspace."""
    realm, _, user = name.rpartition("/")
    return replace(account(user, user.title(), "slack" if realm else "discord"), workspace=realm)


@dataclass
class Parts:
    """The workspaces by platform and id, and every answer that was recorded: which account gave it to which post, when; and
    what it said in which live round.
    """

    database: Database
    towns: dict[tuple[str, str], Town]
    facts: dict[tuple[int, str], datetime] = field(default_factory=dict)
    clock: datetime = NOW
    reported: set[tuple[int, str, int]] = field(default_factory=set)
    today: date = TODAY
    live: dict[tuple[int, str], str] = field(default_factory=dict)

    @classmethod
    async def settled(cls, database: Database, mark: str, *, numbers: int = 5, questions: int = 2) -> Self:
        """Each workspace in a community of its own; `mark` makes their ids unlike those of other parts."""
        towns = {
            (platform, f"{mark}{workspace}"): await settle(
                database, f"{mark}{workspace}", numbers=numbers, questions=questions, platform=platform, later=later
            )
            for later, (platform, workspace) in enumerate(PLACES)
        }
        return cls(database, towns)

    async def community(self, at: int) -> int:
        async with self.database.read() as tx:
            found = await community_of(tx, *[*self.towns][at])
        assert found is not None
        return found.id

    async def ballot(self, tx: AsyncConnection, at: int, name: str, number: int, card: int, points: int = 10) -> Ballot:
        """Somebody's answer to a question of a workspace, as it is asked now."""
        town = [*self.towns.values()][at]
        self.clock += timedelta(seconds=1)
        post = (await tx.execute(select(posts).where(posts.c.id == town.posts[number, card, "general"]))).one()
        grade: dict[str, Any] = {"points": points, "on_offer": 20}
        if post.correction:  # by the deck's key points are as the history has them
            key = (await kept_cards.by_ids(tx, [post.card_id]))[post.card_id].card
            right = grading.grade(key, "B")
            won, offer = scoring.points(key, right)
            grade = {"fraction": right.fraction, "correct": right.correct, "points": won, "on_offer": offer}
        return replace(
            town.ballot("x", number, card, account=whom(name), given="B", at=self.clock, **grade),
            community_id=post.community_id,
            card_id=post.card_id,
            day=post.day,
            day_number=post.day_number,
            correction=post.correction,
        )

    async def answer(self, ballots: Ballots, at: int, name: str, number: int, card: int, points: int = 10) -> Standing:
        async with self.database.read() as tx:
            ballot = await self.ballot(tx, at, name, number, card, points)
        receipt = await ballots.cast(ballot)
        if receipt.standing is Standing.RECORDED:
            self.facts[ballot.post_id, name] = ballot.at
        return receipt.standing

    async def practise(self, at: int, name: str, number: int) -> None:
        """Somebody practises one card in a workspace, right on a day."""
        community, (platform, workspace) = await self.community(at), [*self.towns][at]
        async with self.database.write() as tx:
            who = await person_of(tx, community, whom(name), NOW)
            row = (await tx.execute(select(cards).where(cards.c.community_id == community).limit(1))).one()
            learner = Learner(community, who.id, who.account_id, Place(platform, workspace, "c"))
            card = KeptCard(row.id, "d", "D", Flashcard.model_construct())  # nobody is shown it
            session = await sessions.begin(tx, learner, [card], NOW)
            said = PracticeAnswer(0, "B", 1.0, True)
            await sessions.record(tx, session, said, hinted=False, now=NOW, day=day(number))
            await streaks.practised(tx, who.id, community, day(number))

    async def play(self, at: int, presses: Sequence[tuple[str, str]]) -> None:
        """A live round of one question in a workspace; its host is whoever presses first."""
        community, place = await self.community(at), Place(*[*self.towns][at], "c")
        async with self.database.read() as tx:
            its = [*self.towns.values()][at].posts[1, 1, "general"]
            card = (await tx.execute(select(posts.c.card_id).where(posts.c.id == its))).scalar_one()
        host = whom(presses[0][0])
        row = await rounds.asked(self.database, community, place, card, host, day(1), self.clock)
        every = [
            (whom(name), given, self.clock + timedelta(seconds=after)) for after, (name, given) in enumerate(presses)
        ]
        told = await rounds.pressed(self.database, row, every)
        for (name, given), receipt in zip(presses, told, strict=True):
            if receipt.taken is Taken.LOCKED:
                self.live[row.id, name] = given
        await rounds.over(self.database, row)

    async def fix(self, at: int, card: int, said: str, parts: int) -> None:
        """Somebody corrects a card in a workspace; as many parts of its answers are regraded."""
        community, place = await self.community(at), Place(*[*self.towns][at], "c")
        self.clock += timedelta(seconds=1)
        async with self.database.write() as tx:
            post = [*self.towns.values()][at].posts[1, card, "general"]
            asked = (await tx.execute(select(posts.c.card_id).where(posts.c.id == post))).scalar_one()
            looked_at = (await kept_cards.by_ids(tx, [asked]))[asked]
            number = await corrections.propose(tx, community, looked_at, 0, said, Extent.ONLY, self.clock, place)
            assert await corrections.confirm(tx, number, 0, Extent.ONLY, self.clock)
            confirmed = await corrections.by_id(tx, number)
        assert confirmed is not None
        async with self.database.write() as tx:
            await corrections.begin(tx, confirmed)
        await go_on(self.database, number, parts)

    async def report(self, at: int, name: str, card: int) -> None:
        """Somebody reports a problem in a workspace; admins see it there, and wherever that is joined with."""
        community, place = await self.community(at), Place(*[*self.towns][at], "c")
        async with self.database.write() as tx:
            post = [*self.towns.values()][at].posts[1, card, "general"]
            asked = (await tx.execute(select(posts.c.card_id).where(posts.c.id == post))).scalar_one()
            who = await person_of(tx, community, whom(name), NOW)
            learner = Learner(community, who.id, who.account_id, place)
            kept_card = (await kept_cards.by_ids(tx, [asked]))[asked]
            if await reports.report(tx, learner, kept_card, Reason.KEY, "", NOW):
                self.reported.add((at, name, card))

    async def link(self, at: int, one: str, other: str) -> bool:
        async with self.database.write() as tx:
            found = await community_of(tx, *[*self.towns][at])
            assert found is not None
            return await links.link(tx, found.id, whom(one), whom(other), self.today)

    async def unlink(self, name: str) -> None:
        async with self.database.write() as tx:
            for community, _ in await links.everywhere(tx, whom(name)):
                await links.unlink(tx, community, whom(name), self.today, NOW)

    async def join(self, into: int, joining: int) -> None:
        async with self.database.write() as tx:
            one, other = [await community_of(tx, *[*self.towns][at]) for at in (into, joining)]
            assert one is not None
            assert other is not None
            if one.id != other.id:
                await unions.join(tx, one.id, other.id, self.today)

    async def leave(self, at: int) -> None:
        async with self.database.write() as tx:
            await partings.leave(tx, *[*self.towns][at], self.today, NOW)

    async def forget(self, name: str) -> None:
        async with self.database.write() as tx:
            its = whom(name)
            keys, _ = await forgetting.all_of_one(tx, (its.platform, its.workspace, its.user_id))
            await forgetting.forget(tx, its, self.clock)
        gone = {f"{realm}/{user}".lstrip("/") for _, realm, user in keys}
        self.facts = {(post, who): at for (post, who), at in self.facts.items() if who not in gone}
        self.live = {(row, who): given for (row, who), given in self.live.items() if who not in gone}
        self.reported = {each for each in self.reported if each[1] not in gone}


async def go_on(database: Database, number: int, parts: int) -> None:
    """Regrade some parts of a correction's answers, by the key that holds."""
    for _ in range(parts):
        async with database.read() as tx:
            found = await regrading.waiting(tx, number, PART)
            kept = await kept_cards.by_ids(tx, {each.card_id for each in found})
        grades = {each: grading.grade(kept[each.card_id].card, each.given) for each in found}
        marks = [
            Mark(each.id, grade.fraction, grade.correct, *scoring.points(kept[each.card_id].card, grade))
            for each, grade in grades.items()
        ]
        async with database.write() as tx:
            if not marks or not await regrading.regrade(tx, number, marks):
                return


async def corrected(parts: Parts) -> None:
    """Every version of a card goes by the latest correction of its community, its posts too, and every answer, unless that
    correction is still at it. Reports are their accounts'.
    """
    async with parts.database.read() as tx:
        decks = {row.id: row for row in await tx.execute(select(cards))}
        made = (await tx.execute(select(tables.corrections).order_by(tables.corrections.c.id))).all()
        latest = {
            (row.community_id, row.deck, row.card, version): (row.id, body)
            for row in made
            for version, body in row.bodies.items()
        }
        going_on = {row.id for row in made if row.state == corrections.State.REGRADING}
        for row in decks.values():
            here = (row.community_id, row.deck, row.card, row.version)
            assert (row.correction, row.corrected) == latest.get(here, (0, None))
        asked = {row.id: row for row in await tx.execute(select(posts))}
        assert all(row.correction == decks[row.card_id].correction for row in asked.values())
        for table in (answers, later_answers):
            for row in await tx.execute(select(table)):
                number = asked[row.post_id].correction
                assert row.correction == number or number in going_on
                if row.correction == number != 0:
                    card = from_json(decks[row.card_id].corrected)
                    grade = grading.grade(card, row.given)
                    assert (row.correct, row.points) == (grade.correct, scoring.points(card, grade)[0])
        assert {row.card_id for row in made} <= decks.keys()
        owners = {row.id: row for row in await tx.execute(select(accounts))}
        told: set[tuple[int, str, int]] = set()
        for row in await tx.execute(select(tables.reports)):
            owner = owners[row.account_id]
            assert row.person_id == owner.person_id
            assert {row.community_id, decks[row.card_id].community_id} == {owner.community_id}
            at = [*parts.towns].index((row.platform, row.workspace))
            told.add((at, f"{owner.workspace}/{owner.user_id}".lstrip("/"), int(row.card[1:])))
        assert told == parts.reported


async def played_live(parts: Parts) -> None:
    """Live rounds are their workspaces', with all that was said in them, and each answer is whose its account is."""
    async with parts.database.read() as tx:
        owners = {row.id: row for row in await tx.execute(select(accounts))}
        decks = {row.id: row for row in await tx.execute(select(cards))}
        every = {row.id: row for row in await tx.execute(select(tables.live_rounds))}
        for row in every.values():
            here = await community_of(tx, row.platform, row.workspace)
            assert here is not None
            assert {here.id, *(decks[card].community_id for card in row.cards)} == {row.community_id}
            assert row.account_id is None or owners[row.account_id].community_id == row.community_id
        found: dict[tuple[int, str], str] = {}
        for table in (tables.live_players, tables.live_answers):
            for row in await tx.execute(select(table)):
                owner = owners[row.account_id]
                assert row.person_id == owner.person_id
                assert {row.community_id, owner.community_id} == {every[row.round_id].community_id}
                if table is tables.live_answers:
                    found[row.round_id, f"{owner.workspace}/{owner.user_id}".lstrip("/")] = row.given
    assert found == parts.live


async def sound(parts: Parts) -> None:
    """Nothing is lost or doubled, each answer is whose it should be, the first counts, and what is kept is what that says."""
    async with parts.database.read() as tx:
        owners = {row.id: row for row in await tx.execute(select(accounts))}
        homes = {row.id: row.community_id for row in await tx.execute(select(people))}
        decks = {row.id: row for row in await tx.execute(select(cards))}
        asked = {row.id: row for row in await tx.execute(select(posts))}
        counting = (await tx.execute(select(answers))).all()
        later = (await tx.execute(select(later_answers))).all()
        practice = (await tx.execute(select(played))).all()
        every = (await tx.execute(select(communities.c.id))).scalars().all()
        for (platform, workspace), town in parts.towns.items():
            here = await community_of(tx, platform, workspace)
            assert here is not None
            assert {asked[post].community_id for post in town.posts.values()} == {here.id}
    numbers: dict[int, set[tuple[date, int]]] = defaultdict(set)
    for post in asked.values():
        numbers[post.community_id].add((post.day, post.day_number))
    for each in numbers.values():
        assert [number for _, number in sorted(each)] == [*range(1, len(each) + 1)]
    mine = {post for town in parts.towns.values() for post in town.posts.values()}
    found: dict[tuple[int, str], datetime] = {}
    of_one: dict[tuple[int, str, Any], list[tuple[datetime, int, bool]]] = defaultdict(list)
    for counts, row in [*((True, each) for each in counting), *((False, each) for each in later)]:
        owner, card = owners[row.account_id], decks[row.card_id]
        assert row.person_id == owner.person_id
        assert {row.community_id, owner.community_id, card.community_id, homes[row.person_id]} == {
            asked[row.post_id].community_id
        }
        assert row.card_id == asked[row.post_id].card_id
        of_one[row.person_id, card.card, row.day].append((row.answered_at, row.id, counts))
        if row.post_id in mine:
            name = f"{owner.workspace}/{owner.user_id}".lstrip("/")
            assert (row.post_id, name) not in found
            found[row.post_id, name] = row.answered_at
    assert found == parts.facts
    for same in of_one.values():
        assert [counts for *_, counts in sorted(same)] == [True] + [False] * (len(same) - 1)
    for row in practice:
        assert row.person_id == owners[row.account_id].person_id
        assert {decks[card].community_id for card in row.cards} == {row.community_id} == {homes[row.person_id]}
    assert {row.person_id for row in owners.values()} == homes.keys()
    await corrected(parts)
    await played_live(parts)
    if parts.today != TODAY:  # as time does: before the comparison, for what is derived anew is what is kept
        async with parts.database.write() as tx:
            for community in every:
                await prune_scores(tx, [community], parts.today)
    before = await kept(parts.database)
    async with parts.database.write() as tx:
        for community in every:
            await rebuild_scores(tx, community, parts.today)
    assert await kept(parts.database) == before


async def left_and_unlinked(parts: Parts) -> None:
    """Take everything apart: then each answer counts again, as if nothing had ever been joined."""
    for at in range(len(parts.towns)):
        await parts.leave(at)
    for name in sorted({name for _, name in parts.facts}):
        await parts.unlink(name)
    await sound(parts)
    async with parts.database.read() as tx:
        ours = {post for town in parts.towns.values() for post in town.posts.values()}
        aside = select(later_answers.c.id).where(later_answers.c.post_id.in_(ours))
        assert (await tx.execute(aside)).all() == []
    assert len({await parts.community(at) for at in range(len(parts.towns))}) == len(parts.towns)
