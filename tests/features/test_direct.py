"""Conversations with one person: they belong to no workspace, and are answered in the person's own community."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sqlalchemy import func, select

from bot.events import MessageRef, Place
from bot.store.tables import answers, communities
from tests.stage import DIRECT, Stage, said

Posted = Callable[..., Awaitable[Stage]]
OTHER = Place("paper", "w2", "lounge")


async def count(scene: Stage, table: object) -> int:
    async with scene.database.read() as tx:
        return int((await tx.execute(select(func.count()).select_from(table))).scalar_one())  # type: ignore[arg-type]


async def test_todays_question_can_be_answered_in_private(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.types("Ada", "/quiz help")
    asked = await scene.types("Ada", "/quiz today", DIRECT)
    assert "How many bytes" in said(asked)
    assert said(await scene.presses("Ada", "B", asked, DIRECT)).startswith("✅ Correct")
    assert "20 points, rank 1 of 1" in said(await scene.types("Ada", "/quiz"))
    assert await count(scene, communities) == 1


async def test_somebody_in_no_community_practises_in_one_of_their_own_until_they_join_one(posted: Posted) -> None:
    scene = await posted("ring")
    assert "card 1 of 1" in said(await scene.types("Ada", "/quiz play count:1", DIRECT))
    assert "no open question" in said(await scene.types("Ada", "/quiz today", DIRECT))
    await scene.types("Ada", "/quiz help")
    assert "How many bytes" in said(await scene.types("Ada", "/quiz today", DIRECT))
    assert await count(scene, communities) == 2


async def test_of_several_communities_it_is_the_one_last_answered_in(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.types("Ada", "/quiz help")
    await scene.types("Ada", "/quiz help", OTHER)
    assert "no open question" in said(await scene.types("Ada", "/quiz today", DIRECT)), (
        "the newest, as none was answered in"
    )
    await scene.presses("Ada", "B")
    assert said(await scene.types("Ada", "/quiz today", DIRECT)).startswith("You have answered today’s question.")


async def test_a_post_of_a_community_that_somebody_is_not_in_is_closed_to_them_in_private(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.types("Eve", "/quiz help", OTHER)
    refused = await scene.acts("Eve", "answer:1:B", MessageRef(DIRECT, "private"))
    assert "nothing was recorded" in said(refused)
    assert await count(scene, answers) == 0
