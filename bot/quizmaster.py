"""The quizmaster: drives live rounds, from posting the lobby to the podium.

When a round is next to be seen to, and what its message is to show then, is in its row. Each time somebody takes it, does
that one thing and lets go; so a restart at any point goes on where it was, and of two workers one finds nothing to do. A
round has one message, which is posted once and edited from then on: doing that again does no harm.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.features import scenes
from bot.features.scenes import Scene
from bot.marked import Marked
from bot.messages import Message
from bot.platform import Platform, PlatformError, Rejected, SignedOut, Unavailable
from bot.quiz.live import ABANDONED, LEAD, REVEAL
from bot.store import cards, live, live_answers, people, settings
from bot.store.live import Ending, LiveRound, State
from bot.words import N_, speaking
from bot.world import World

log = logging.getLogger(__name__)

HEARTBEAT = timedelta(seconds=30)
"""Between two looks when nothing is known to be due: another worker may have left a round behind."""

BESIDE = timedelta(seconds=2)
"""The same while a round is on: what is pressed at another worker is seen here no later."""

PATIENCE = 12.0
"""Seconds that a platform has to show something: less than the lease, so that nobody does it beside us."""

AGAIN = timedelta(seconds=2)
"""After which what a platform could not do for now is tried again, unless it says how long to wait."""

AT_ONCE = 50
"""Rounds that are seen to side by side."""

SKEW = timedelta(minutes=5)
"""How far a platform's clock may be behind ours."""

UNSURE = N_("{problem} Should the lobby show up here all the same, the round is on; otherwise try again in a minute.")


class Quizmaster:
    def __init__(self, world: World) -> None:
        self._world = world

    async def run(self) -> None:
        """See to whatever is due, at its moment, until cancelled. A channel that is slow keeps no other waiting."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                self._world.gong.clear()
                try:
                    for row in await self._taken():
                        tasks.create_task(self._see_to(row))
                    wait = await self._coming()
                except Exception:  # a database out of reach, say
                    log.exception("live rounds could not be seen to, and are tried again later")
                    wait = BESIDE
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._world.gong.wait(), wait.total_seconds())

    async def tick(self) -> None:
        """See to every round that is due now, side by side, until none is."""
        while every := await self._taken():
            async with asyncio.TaskGroup() as tasks:
                for row in every:
                    tasks.create_task(self._see_to(row))

    async def open(self, round_id: int) -> Marked | None:
        """Post the lobby of a round that was just begun; or why it isn't there."""
        async with self._world.database.read() as tx:
            row = await live.by_id(tx, round_id)
            assert row is not None
            scene, language = await self._scene(tx, row)
        with speaking(language):
            message = scenes.shown(scene)
        try:
            async with asyncio.timeout(PATIENCE):
                ref = await self._platform(row).post(row.place, message, row.key)
        except (Unavailable, SignedOut, TimeoutError) as error:  # it may stand there, and is looked for
            log.warning("%s: its lobby is not known to be posted: %s", row.key, error)
            why = error.reason if isinstance(error, PlatformError) else Marked(N_("It did not answer in time."))
            return Marked(UNSURE, {"problem": why})
        except PlatformError as error:
            await self._fail(row, error)
            return error.reason
        async with self._world.database.write() as tx:
            await live.stand(tx, row, ref.message, self._world.now())
        log.info("posted %s", row.key)
        self._world.gong.set()
        return None

    # ---------------------------------------------------------------- one thing at a time

    async def _coming(self) -> timedelta:
        """How long nothing is due here."""
        async with self._world.database.read() as tx:
            at = await live.next_due(tx, [*self._world.platforms])
        return HEARTBEAT if at is None else max(min(at - self._world.now(), BESIDE), timedelta(0))

    async def _taken(self) -> list[LiveRound]:
        """Rounds that are due, and that no other worker has taken."""
        now = self._world.now()
        async with self._world.database.read() as tx:
            every = await live.due(tx, now, [*self._world.platforms], AT_ONCE)
        if not every:
            return []
        async with self._world.database.write() as tx:
            found = [await live.take(tx, each, now) for each in every]
        return [row for row in found if row is not None]

    async def _see_to(self, row: LiveRound) -> None:
        """Do what is next in a round that is ours for now. What fails is due again when the lease is over."""
        now = self._world.now()
        try:
            if row.state is State.POSTING:
                await self._settle(row, now)
            elif row.state is State.OVER or (now < row.over_at and not _abandoned(row, now)):
                await self._show(row)
            elif (moved := await self._advance(row, now)) is not None:
                await self._show(moved)
        except Exception:
            log.exception("%s: failed, and is tried again later", row.key)
        self._world.gong.set()

    async def _advance(self, row: LiveRound, now: datetime) -> LiveRound | None:
        """What comes when a state is over; None where somebody has changed the round meanwhile, so that it is due anew."""
        async with self._world.database.write() as tx:
            await people.among(tx)
            current = (await live.locked(tx, [row.id])).get(row.id)
            if current is None or current.step != row.step:
                await live.let_go(tx, row)
                return None
            if row.state is State.ASKING:
                await live_answers.close(tx, row)
            changes: dict[str, object]
            if _abandoned(row, now):
                changes = _over(Ending.ABANDONED, now)
            elif row.state is State.ASKING:
                changes = {"state": State.REVEALED, "begins_at": now, "ends_at": now + REVEAL}
            elif row.state is State.LOBBY and not (await live_answers.players(tx, row))[0]:
                changes = _over(Ending.EMPTY, now)
            else:
                position = 0 if row.state is State.LOBBY else row.position + 1
                changes = _asking(row, position, now) if position < len(row.cards) else _over(Ending.FINISHED, now)
            return await live.move(tx, row, now, **changes)

    async def _show(self, row: LiveRound) -> None:
        """Let the message show what the row says."""
        async with self._world.database.read() as tx:
            scene, language = await self._scene(tx, row)
        try:
            with speaking(language):
                await self._edited(row, scene)
        except (Unavailable, SignedOut, TimeoutError) as error:
            await self._not_now(row, error)
            return
        except (PlatformError, ValueError) as error:
            await self._fail(row, error)
            return
        now = self._world.now()
        first = row.state is State.ASKING and row.shown < row.step
        # The platform took its time. One that is shown again, after a restart, goes on with what it has.
        late = first and timedelta(0) < now - row.begins_at < timedelta(seconds=PATIENCE)
        async with self._world.database.write() as tx:
            ours = await live.shown(tx, row, now, since=now if late else None)
        if not ours:
            await self._set_right(row)
        elif row.state is State.OVER:
            log.info("%s is over: %s", row.key, row.ending)

    async def _set_right(self, row: LiveRound) -> None:
        """We stood still, and may have put something old in the place of what another has shown since."""
        log.warning("%s: was held for too long, and is shown as it is by now", row.key)
        async with self._world.database.read() as tx:
            current = await live.by_id(tx, row.id)
            if current is None or current.message is None:
                return
            scene, language = await self._scene(tx, current)
        with speaking(language):
            await self._edited(current, scene)

    async def _edited(self, row: LiveRound, scene: Scene) -> None:
        """The whole scene, or what can be shown of it."""
        try:
            await self._edit(row, scenes.shown(scene))
        except (Rejected, ValueError) as error:
            log.warning("%s: its message can't be shown in full: %s", row.key, error)
            await self._edit(row, scenes.brief(scene))

    async def _edit(self, row: LiveRound, message: Message) -> None:
        async with asyncio.timeout(PATIENCE):
            await self._platform(row).edit(row.ref, message)

    async def _settle(self, row: LiveRound, now: datetime) -> None:
        """Whether the lobby that somebody was about to post stands: then it is on, and if it doesn't it never was."""
        try:
            async with asyncio.timeout(PATIENCE):
                refs = await self._platform(row).find(row.place, row.key, row.asked_for_at - SKEW)
                for twin in refs[1:]:
                    await self._platform(row).delete(twin)
        except (Unavailable, SignedOut, TimeoutError) as error:
            await self._not_now(row, error)
            return
        except PlatformError as error:
            await self._fail(row, error)
            return
        if not refs:
            await self._fail(row, "its lobby was never posted")  # to the operator
            return
        async with self._world.database.write() as tx:
            await live.stand(tx, row, refs[0].message, now)

    # ---------------------------------------------------------------- inside

    def _platform(self, row: LiveRound) -> Platform:
        return self._world.platforms[row.place.platform]

    async def _scene(self, tx: AsyncConnection, row: LiveRound) -> tuple[Scene, str]:
        """All that the message is to show, and in which language."""
        wanted = await settings.of(tx, row.community_id)
        players, names = await live_answers.players(tx, row)
        host = await live.host(tx, row)
        if row.state in (State.POSTING, State.LOBBY):
            return Scene(row, host, players, names), wanted.language
        lines = await live_answers.standings(tx, row)
        if row.state is State.OVER:
            return Scene(row, host, players, lines=lines, boards=wanted.boards), wanted.language
        kept = (await cards.by_ids(tx, [row.cards[row.position]]))[row.cards[row.position]]
        picture = self._world.shelf.picture(kept.deck, kept.card)
        if row.state is State.ASKING:
            answered, names = await live_answers.answered(tx, row)
            return Scene(row, host, answered, names, kept.card, picture), wanted.language
        tally = await live_answers.tally(tx, row)
        return Scene(row, host, players, (), kept.card, picture, tally, lines), wanted.language

    async def _not_now(self, row: LiveRound, error: Exception) -> None:
        now = self._world.now()
        if _abandoned(row, now) and row.state in (State.POSTING, State.OVER):
            await self._fail(row, error)
            return
        log.warning("%s: could not be shown for now: %s", row.key, error)
        told = error.retry_after if isinstance(error, Unavailable) and error.retry_after else 0.0
        wait = max(timedelta(seconds=told), AGAIN)
        async with self._world.database.write() as tx:
            await live.put_off(tx, row, now + wait)

    async def _fail(self, row: LiveRound, why: object) -> None:
        log.error("%s is over, as its message can't be shown: %s", row.key, why)
        async with self._world.database.write() as tx:
            await live.fail(tx, row)


def _abandoned(row: LiveRound, now: datetime) -> bool:
    """Whether what is due has been so for too long."""
    return row.due_at is not None and now >= row.due_at + ABANDONED


def _asking(row: LiveRound, position: int, now: datetime) -> dict[str, object]:
    begins_at = now + LEAD
    ends_at = begins_at + timedelta(seconds=row.seconds)
    return {"state": State.ASKING, "position": position, "begins_at": begins_at, "ends_at": ends_at}


def _over(ending: Ending, now: datetime) -> dict[str, object]:
    return {"state": State.OVER, "ending": ending, "due_at": now}
