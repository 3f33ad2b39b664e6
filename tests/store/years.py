"""Parts whose days pass, and whose seasons admins close; and what must hold of seasons whatever is joined and parted meanwhile."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import insert, select

from bot.events import Place
from bot.quiz.seasons import Seasons
from bot.store import forgetting, memberships, seasons, teams
from bot.store.ballots import Ballots, Standing
from bot.store.joint_cards import renumber
from bot.store.memberships import By
from bot.store.people import Community, community_of, hide, person_of
from bot.store.tables import (
    answers,
    forgotten_shares,
    posts,
    scores,
    team_totals,
)
from bot.store.tables import memberships as kept_memberships
from bot.store.tables import teams as kept_teams
from bot.store.teams import Team
from tests.store.parts import Parts, sound, whom
from tests.store.town import day, miscounted

CARD = 1


@dataclass
class Years(Parts):
    """Each day has a question in each workspace; in some it is the community's next day already. `closed`: the days on which a
    season began since one was closed, by workspace. `seen`: what came about.
    """

    days: int = 1
    closed: dict[int, set[date]] = field(default_factory=lambda: defaultdict(set))
    seen: set[str] = field(default_factory=set)

    async def here(self, at: int) -> Community:
        async with self.database.read() as tx:
            found = await community_of(tx, *[*self.towns][at])
        assert found is not None
        return found

    async def together(self, at: int) -> list[int]:
        """The workspaces that are of one community with one."""
        home = await self.community(at)
        return [other for other in range(len(self.towns)) if await self.community(other) == home]

    async def reached(self, at: int) -> date:
        """The last day of a community on which anything was asked, or today."""
        async with self.database.read() as tx:
            asked = select(posts.c.day).where(posts.c.community_id == await self.community(at))
            days: list[date] = [self.today, *(await tx.execute(asked)).scalars()]
        return max(days)

    async def passes(self) -> None:
        """A day passes, and there is another question everywhere."""
        self.days += 1
        self.today = day(self.days)
        self.clock = max(self.clock, datetime.combine(self.today, self.clock.timetz()))
        async with self.database.write() as tx:
            for later, (place, town) in enumerate(self.towns.items()):
                asked = town.posts[self.days - 1, CARD, "general"]
                last = (await tx.execute(select(posts).where(posts.c.id == asked))).mappings().one()
                new = {
                    **{name: value for name, value in last.items() if name != "id"},
                    "key": f"{place}:{self.days}",
                    "local_date": day(self.days + later),
                    "day": day(self.days + later),
                    "opens_at": self.clock,
                }
                made = (await tx.execute(insert(posts).values(new).returning(posts.c.id))).scalar_one()
                town.posts[self.days, CARD, "general"] = made
            for community in {await self.community(at) for at in range(len(self.towns))}:
                await renumber(tx, community)

    async def lately(self, ballots: Ballots, at: int, name: str, ago: int, points: int) -> Standing:
        """Somebody answers a question of these days."""
        return await self.answer(ballots, at, name, max(1, self.days - ago), CARD, points)

    async def close(self, at: int) -> None:
        """An admin closes the season, which may have been closed today."""
        reached = await self.reached(at)
        async with self.database.write() as tx:
            community = await self.community(at)
            now, last = await seasons.held(tx, community, self.today)
            assert last == reached
            await seasons.keep(tx, community, now.and_on(last + timedelta(days=1)))
        for other in await self.together(at):
            self.closed[other].add(reached + timedelta(days=1))
        self.seen.add("closed")

    async def undo(self, at: int) -> None:
        """An admin lets a season go on that was closed today."""
        reached = await self.reached(at)
        async with self.database.write() as tx:
            community = await self.community(at)
            now, last = await seasons.held(tx, community, self.today)
            assert last == reached
            await seasons.keep(tx, community, now.until(last))
            self.seen |= {"undone"} if now.until(last) != now else set()
        for other in await self.together(at):
            self.closed[other] = {each for each in self.closed[other] if each <= reached}

    async def join(self, into: int, joining: int) -> None:
        """What was closed in either is closed in both, and teams that are on stay on."""
        one, other = await self.here(into), await self.here(joining)
        concerned = [*await self.together(into), *await self.together(joining)]
        on = {one.id: one.seasons.key(self.today), other.id: other.seasons.key(self.today)}
        async with self.database.read() as tx:
            before = {row.id: row.season == on.get(row.community_id) for row in await tx.execute(select(kept_teams))}
            named = {row.id: row.season for row in await tx.execute(select(kept_teams))}
        await super().join(into, joining)
        union: set[date] = set().union(*(self.closed[at] for at in concerned))
        self.closed |= {at: set(union) for at in concerned}
        now = (await self.here(into)).seasons.key(self.today)
        async with self.database.read() as tx:
            after = select(kept_teams).where(kept_teams.c.community_id == await self.community(into))
            for row in await tx.execute(after):
                if one.id != other.id:
                    assert (row.season == now) == before[row.id]
                self.seen |= {"divided"} if row.season != named[row.id] else set()

    async def make(self, at: int, title: str) -> None:
        here = await self.here(at)
        self.clock += timedelta(seconds=1)
        async with self.database.write() as tx:
            there = Place(*[*self.towns][at], "c")
            season = here.seasons.key(self.today)
            await teams.create(tx, here.id, season, title, self.clock, lasting=True, place=there)

    async def side(self, at: int, name: str, which: int) -> None:
        """Somebody joins one of the teams that are on where they are."""
        here = await self.here(at)
        self.clock += timedelta(seconds=1)
        season = here.seasons.key(self.today)
        async with self.database.write() as tx:
            every: list[Team] = await teams.of_season(tx, here.id, season)
            who = await person_of(tx, here.id, whom(name), self.clock)
            if every:
                team, by = every[which % len(every)], By(who.account_id, Place(*[*self.towns][at], "c"))
                await memberships.join(tx, here.id, season, who.id, team.id, self.clock, by=by)

    async def go_on(self, at: int) -> None:
        """An admin goes on with the last season's teams."""
        here = await self.here(at)
        self.clock += timedelta(seconds=1)
        season = here.seasons.key(self.today)
        async with self.database.write() as tx:
            earlier = await memberships.season_before(tx, here.id, season)
            if earlier is not None:
                made, _ = await memberships.go_on(tx, here.id, earlier, season, self.clock)
                self.seen |= {"went on"} if made else set()

    async def veil(self, at: int, name: str, hidden: bool) -> None:
        here = await self.here(at)
        async with self.database.write() as tx:
            who = await person_of(tx, here.id, whom(name), self.clock)
            await hide(tx, here.id, who.id, hidden=hidden)

    async def forget(self, name: str) -> None:
        async with self.database.write() as tx:
            its = whom(name)
            keys, _ = await forgetting.all_of_one(tx, (its.platform, its.workspace, its.user_id))
            await forgetting.forget(tx, its, datetime.combine(self.today, self.clock.timetz()))
        gone = {f"{realm}/{user}".lstrip("/") for _, realm, user in keys}
        self.facts = {(post, who): at for (post, who), at in self.facts.items() if who not in gone}


def expected(closed: set[date], at: date) -> str:
    """The season that a day is in: it began with the quarter, or when one was closed since."""
    first = at
    while first not in closed and not (first.day == 1 and first.month in (1, 4, 7, 10)):
        first -= timedelta(days=1)
    return f"s{first}"


async def seasonal(parts: Years) -> None:
    """Each answer counts in the season that its day is in, and for its team in the team's; and teams are of seasons that there are."""
    await sound(parts)
    assert await miscounted(parts.database) == []
    homes = {await parts.community(at): parts.closed[at] for at in range(len(parts.towns))}
    async with parts.database.read() as tx:
        for community, closed in homes.items():
            found = await seasons.of(tx, community)
            assert found == Seasons(tuple(closed))
            assert set(await seasons.past(tx, community, "t", 100)) == {
                row.period
                for row in await tx.execute(select(scores))
                if row.community_id == community and row.period[0] == "s"
            }
        every = (await tx.execute(select(answers))).all()
        won: Counter[tuple[int, str, int]] = Counter()
        brought: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        for row in every:
            won[row.community_id, expected(homes[row.community_id], row.day), row.person_id] += row.points
            if row.team_id is not None:
                brought[row.team_id][0] += row.points
                brought[row.team_id][1] += 1
        kept: dict[tuple[int, str, int], int] = {
            (row.community_id, row.period, row.person_id): row.points
            for row in await tx.execute(select(scores).where(scores.c.period.like("s%")))
        }
        assert {key: points for key, points in kept.items() if points} == {key: n for key, n in won.items() if n}
        of_teams = {row.id: row for row in await tx.execute(select(kept_teams))}
        for row in await tx.execute(select(forgotten_shares).where(forgotten_shares.c.period.like("s%"))):
            assert row.period == of_teams[row.team_id].season
            brought[row.team_id][0] += row.points
            brought[row.team_id][1] += row.answered
            parts.seen.add("left")
        totals = select(team_totals).where(team_totals.c.period.like("s%"))
        assert {
            (row.community_id, row.period, row.team_id): [row.points, row.answered] for row in await tx.execute(totals)
        } == {(of_teams[team].community_id, of_teams[team].season, team): sums for team, sums in brought.items()}
        for team in of_teams.values():
            assert team.season == expected(homes[team.community_id], date.fromisoformat(team.season[1:]))
        for row in await tx.execute(select(kept_memberships)):
            assert row.season == of_teams[row.team_id].season
        ones = Counter((row.community_id, row.origin or row.id) for row in of_teams.values())
        parts.seen |= {"past and on"} if max(ones.values()) > 1 else set()
