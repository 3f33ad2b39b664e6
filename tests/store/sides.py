"""Parts with teams: who makes, joins and leaves them, hides and is forgotten; and what must hold of teams whatever is joined
and parted meanwhile.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any, TypeAlias

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.events import Place
from bot.store import bindings, following, forgetting, memberships, teams
from bot.store.ballots import Ballots, Standing
from bot.store.following import Ground, Sighting
from bot.store.memberships import By
from bot.store.people import community_of, hide, person_of
from bot.store.settings import Group
from bot.store.tables import accounts, answers, forgotten_shares, later_answers, people, posts, scores, team_totals
from bot.store.tables import bindings as kept_bindings
from bot.store.tables import memberships as kept_memberships
from bot.store.tables import teams as kept_teams
from bot.store.teams import Team
from tests.store.parts import Parts, sound, whom
from tests.store.town import miscounted

SEASON = "s2026-01-01"
ONE = func.coalesce(kept_teams.c.origin, kept_teams.c.id)

Stretch: TypeAlias = tuple[str, tuple[str, str], int]
"""An account, the workspace in which it joined a team, and the team, whichever copy."""

Left: TypeAlias = tuple[int, tuple[str, str]]
"""A team, and the workspace where questions were asked."""


@dataclass
class Sides(Parts):
    """`sides`: for which team each answer was recorded; `stretches`: who stands in which team, counting or apart. `bound`: by
    workspace and team, when it was bound and to which group. `left`: points, answers and people that the forgotten have left.
    `seen`: what came about.
    """

    sides: dict[tuple[int, str], int | None] = field(default_factory=dict)
    stretches: set[Stretch] = field(default_factory=set)
    bound: dict[tuple[tuple[str, str], int], tuple[int, str]] = field(default_factory=dict)
    left: dict[Left, tuple[int, int, int]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    numbers: count[int] = field(default_factory=count)

    def place(self, at: int) -> Place:
        return Place(*[*self.towns][at], "c")

    async def answer(self, ballots: Ballots, at: int, name: str, number: int, card: int, points: int = 10) -> Standing:
        standing = await super().answer(ballots, at, name, number, card, points)
        if standing is Standing.RECORDED:
            post = [*self.towns.values()][at].posts[number, card, "general"]
            async with self.database.read() as tx:
                self.sides[post, name] = (await given(tx))[post, name][1]
        return standing

    async def make(self, at: int, title: str, lasting: bool = True) -> None:
        """Somebody makes a team in a workspace; it may be there already."""
        self.clock_on()
        async with self.database.write() as tx:
            found = await community_of(tx, *[*self.towns][at])
            assert found is not None
            await teams.create(tx, found.id, SEASON, title, self.clock, lasting=lasting, place=self.place(at))

    async def side(self, at: int, name: str, which: int, forced: bool = False) -> None:
        """Somebody joins one of the teams that stand where they are, or an admin puts them there."""
        self.clock_on()
        async with self.database.write() as tx:
            found = await community_of(tx, *[*self.towns][at])
            assert found is not None
            standing = await teams.of_season(tx, found.id, SEASON)
            if not standing:
                return
            team = standing[which % len(standing)]
            who = await person_of(tx, found.id, whom(name), self.clock)
            by = None if forced else By(who.account_id, self.place(at))
            before = await stretches(tx, who.id)
            moved = await memberships.join(tx, found.id, SEASON, who.id, team.id, self.clock, forced=forced, by=by)
            if isinstance(moved, memberships.Moved):
                (now,) = await stretches(tx, who.id)
                assert forced or now[:2] == (name, [*self.towns][at])
                self.stretches = self.stretches - before | {now}

    async def quit(self, at: int, name: str) -> None:
        """Somebody leaves their team."""
        self.clock_on()
        async with self.database.write() as tx:
            found = await community_of(tx, *[*self.towns][at])
            assert found is not None
            who = await person_of(tx, found.id, whom(name), self.clock)
            before = await stretches(tx, who.id)
            if isinstance(await memberships.leave(tx, found.id, SEASON, who.id, self.clock), memberships.Moved):
                self.stretches -= before

    async def remove(self, at: int, which: int) -> None:
        """An admin removes a team: whoever was in it is in none."""
        self.clock_on()
        async with self.database.write() as tx:
            found = await community_of(tx, *[*self.towns][at])
            assert found is not None
            standing = await teams.of_season(tx, found.id, SEASON)
            if not standing:
                return
            team = standing[which % len(standing)]
            counting = (kept_memberships.c.team_id == team.id) & kept_memberships.c.until.is_(None)
            inside = select(kept_memberships.c.person_id).where(counting, ~kept_memberships.c.apart)
            for person in (await tx.execute(inside)).scalars().all():
                self.stretches -= await stretches(tx, person)
            self.stretches -= await stretches(tx, team=team.id)
            await memberships.remove_team(tx, found.id, team.id, self.clock)
            here = {place for place in self.towns if await community_of(tx, *place) == found}
            gone = (await tx.execute(select(ONE).where(kept_teams.c.id == team.id))).scalar_one()
            self.bound = {key: each for key, each in self.bound.items() if key[0] not in here or key[1] != gone}

    async def bind(self, at: int, which: int, group: str) -> None:
        """An admin lets a group of a workspace say who is in one of the teams that stand."""
        self.clock_on()
        here = [*self.towns][at]
        async with self.database.write() as tx:
            found = await community_of(tx, *here)
            assert found is not None
            if not (standing := await teams.of_season(tx, found.id, SEASON)):
                return
            team = standing[which % len(standing)]
            one = (await tx.execute(select(ONE).where(kept_teams.c.id == team.id))).scalar_one()
            done = await bindings.bind(tx, found.id, team, *here, Group(group, group), self.clock)
            taken = group in {its for (place, _), (_, its) in self.bound.items() if place == here}
            assert (done is None) == (not taken)
            if done is None:
                self.bound[here, one] = (next(self.numbers), group)

    async def unbind(self, at: int, which: int) -> None:
        """An admin lets people join and leave one of the teams again."""
        here = [*self.towns][at]
        async with self.database.write() as tx:
            found = await community_of(tx, *here)
            assert found is not None
            if not (standing := await teams.of_season(tx, found.id, SEASON)):
                return
            team = standing[which % len(standing)]
            one = (await tx.execute(select(ONE).where(kept_teams.c.id == team.id))).scalar_one()
            done = await bindings.unbind(tx, found.id, team, *here)
            assert (done is None) == (self.bound.pop((here, one), None) is None)

    async def role(self, at: int, name: str, groups: tuple[str, ...]) -> None:
        """Somebody does something in a workspace, and is in these groups there: they are in the team that was bound first."""
        self.clock_on()
        here = [*self.towns][at]
        async with self.database.write() as tx:
            found = await community_of(tx, *here)
            assert found is not None
            who = await person_of(tx, found.id, whom(name), self.clock)
            before, counting = await stretches(tx, who.id), await stretches(tx, who.id, counting=True)
            wanted = self._belongs(here, name, groups, counting)
            ground = Ground(found.id, *here, SEASON)
            await following.follow(tx, ground, [Sighting(who.account_id, frozenset(groups))], self.clock)
            after = before - counting if wanted is None else before if wanted in counting else {wanted}
            assert await stretches(tx, who.id) == after
            self.stretches = self.stretches - before | after
            self.seen |= {"followed"} if after != before else set()

    def _belongs(
        self, here: tuple[str, str], name: str, groups: tuple[str, ...], counting: set[Stretch]
    ) -> Stretch | None:
        """Where somebody is to be; None: not in the team that they are in."""
        now = next(iter(counting), None)
        by = None if now is None else self.bound.get((now[1], now[2]))
        own = now is not None and by is not None and now[:2] == (name, here)
        theirs = sorted(
            (when, one) for (place, one), (when, group) in self.bound.items() if place == here and group in groups
        )
        if not theirs:
            return None if own else now
        (when, one), *_ = theirs
        if now is not None and (now[2] == one or (by is not None and not own and by[0] < when)):
            return now
        return name, here, one

    async def deal(self, at: int) -> None:
        """An admin deals everyone out to the teams that stand."""
        self.clock_on()
        async with self.database.write() as tx:
            found = await community_of(tx, *[*self.towns][at])
            assert found is not None
            every: list[Team] = await bindings.unbound(tx, await teams.hold_all(tx, found.id, SEASON))
            persons = await memberships.to_deal(tx, found.id, SEASON, ("m2026-01", "m2026-02"))
            if not every or not persons:
                return
            for person in persons:
                self.stretches -= await stretches(tx, person)
            places = {person: every[place % len(every)].id for place, person in enumerate(persons)}
            await memberships.deal(tx, found.id, SEASON, places, self.clock)
            for person in persons:
                self.stretches |= await stretches(tx, person)

    async def veil(self, at: int, name: str, hidden: bool) -> None:
        """Somebody hides from boards, or doesn't any more."""
        async with self.database.write() as tx:
            found = await community_of(tx, *[*self.towns][at])
            assert found is not None
            who = await person_of(tx, found.id, whom(name), self.clock)
            await hide(tx, found.id, who.id, hidden=hidden)

    async def forget(self, name: str) -> None:
        its = whom(name)
        async with self.database.read() as tx:
            keys, _ = await forgetting.all_of_one(tx, (its.platform, its.workspace, its.user_id))
            gone = {f"{realm}/{user}".lstrip("/") for _, realm, user in keys}
            asked = {row.id: (row.platform, row.workspace) for row in await tx.execute(select(posts))}
            brought: dict[Left, list[Row[Any]]] = defaultdict(list)
            for (post, who), (row, one, counts) in (await given(tx)).items():
                if who in gone and counts and one is not None:
                    brought[one, asked[post]].append(row)
        for place, rows in brought.items():
            points, number, persons = self.left.get(place, (0, 0, 0))
            more = (sum(row.points for row in rows), len(rows), len({row.person_id for row in rows}))
            self.left[place] = (points + more[0], number + more[1], persons + more[2])
        self.sides = {(post, who): one for (post, who), one in self.sides.items() if who not in gone}
        self.stretches = {each for each in self.stretches if each[0] not in gone}
        await super().forget(name)

    def clock_on(self) -> None:
        self.clock += timedelta(seconds=1)


async def named_accounts(tx: AsyncConnection) -> dict[int, str]:
    return {row.id: f"{row.workspace}/{row.user_id}".lstrip("/") for row in await tx.execute(select(accounts))}


async def given(tx: AsyncConnection) -> dict[tuple[int, str], tuple[Row[Any], int | None, bool]]:
    """Every answer by post and account: its row, for which team it is, and whether it counts."""
    names = await named_accounts(tx)
    ones = {row.id: row.one for row in await tx.execute(select(kept_teams.c.id, ONE.label("one")))}
    return {
        (row.post_id, names[row.account_id]): (row, ones.get(row.team_id), table is answers)
        for table in (answers, later_answers)
        for row in await tx.execute(select(table))
    }


async def stretches(
    tx: AsyncConnection, person: int | None = None, team: int | None = None, counting: bool = False
) -> set[Stretch]:
    """The memberships that stand: somebody's, in a team, or all; or those alone that count."""
    names = await named_accounts(tx)
    query = select(kept_memberships, ONE.label("one")).join(kept_teams, kept_teams.c.id == kept_memberships.c.team_id)
    query = query.where(kept_memberships.c.until.is_(None))
    if counting:
        query = query.where(~kept_memberships.c.apart)
    if person is not None:
        query = query.where(kept_memberships.c.person_id == person)
    if team is not None:
        query = query.where(kept_memberships.c.team_id == team)
    return {(names[row.account_id], (row.platform, row.workspace), row.one) for row in await tx.execute(query)}


async def sided(parts: Sides) -> None:
    """Every answer is for the team that it was given for, and everyone in the team that they joined, in the right community; of
    several memberships the first counts; and a team has what its members and the forgotten brought to it.
    """
    await sound(parts)
    assert await miscounted(parts.database) == []
    async with parts.database.read() as tx:
        assert await stretches(tx) == parts.stretches
        every = await given(tx)
        assert {key: one for key, (_, one, _) in every.items()} == parts.sides
        of_teams = {row.id: row for row in await tx.execute(select(kept_teams, ONE.label("one")))}
        owners = {row.id: row for row in await tx.execute(select(accounts))}
        homes = {each: found.id for each in parts.towns if (found := await community_of(tx, *each)) is not None}
        bound: dict[tuple[tuple[str, str], int], str] = {}
        for row in await tx.execute(select(kept_bindings)):
            place, its = (row.platform, row.workspace), of_teams[row.team_id]
            assert {row.community_id, its.community_id} == {homes[place]}
            assert its.removed_at is None
            bound[place, its.one] = row.group_id
        assert bound == {key: group for key, (_, group) in parts.bound.items()}
        standing: dict[tuple[int, str], list[tuple[Any, int, bool]]] = defaultdict(list)
        for row in await tx.execute(select(kept_memberships)):
            here = {row.community_id, homes[row.platform, row.workspace], of_teams[row.team_id].community_id}
            assert here == {owners[row.account_id].community_id}
            assert row.person_id == owners[row.account_id].person_id
            if row.until is None:
                assert of_teams[row.team_id].removed_at is None
                standing[row.person_id, row.season].append((row.since, row.id, row.apart))
        for same in standing.values():
            assert [apart for *_, apart in sorted(same)] == [False] + [True] * (len(same) - 1)
        wanted: dict[tuple[int, int], tuple[int, int, int]] = {}
        for team in of_teams.values():
            mine = [row for row, _, counts in every.values() if counts and row.team_id == team.id]
            assert {row.community_id for row in mine} <= {team.community_id}
            lines = [(sum(row.points for row in mine), len(mine), len({row.person_id for row in mine}))]
            lines += [
                each
                for (one, where), each in parts.left.items()
                if one == team.one and homes[where] == team.community_id
            ]
            points, number, persons = (sum(column) for column in zip(*lines, strict=True))
            if number:
                wanted[team.community_id, team.id] = points, number, persons
        query = select(team_totals).where(team_totals.c.period == SEASON)
        assert {
            (row.community_id, row.team_id): (row.points, row.answered, row.people) for row in await tx.execute(query)
        } == wanted
        ones = Counter((row.community_id, row.one) for row in of_teams.values())
        assert {*ones.values()} <= {1}
        met = {
            "apart": (kept_memberships, kept_memberships.c.apart),
            "twin": (kept_teams, kept_teams.c.origin.is_not(None)),
        }
        met["renamed"] = (kept_teams, kept_teams.c.own_name.is_not(None))
        met["later"] = (later_answers, later_answers.c.team_id.is_not(None))
        met["left"] = (forgotten_shares, forgotten_shares.c.points > 0)
        for what, (table, condition) in met.items():
            if (await tx.execute(select(table).where(condition).limit(1))).first() is not None:
                parts.seen.add(what)
        hiding = select(scores.c.person_id).join(people, people.c.id == scores.c.person_id)
        assert (await tx.execute(hiding.where(scores.c.hidden != people.c.hidden))).all() == []
