"""*Report a problem*: from a verdict to the admins' list, without a name and without a ping."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import select

from bot.messages import Buttons, Form, Mention, Message, Text
from bot.store import tables
from bot.store.cards import by_ids
from bot.store.reports import Reason, report
from bot.store.sessions import Learner
from tests.stage import HERE, START, Stage, labels, said

Posted = Callable[..., Awaitable[Stage]]


async def reports(scene: Stage, name: str, verdict: object, **fields: str) -> str:
    form = await scene.presses(name, "Report a problem", verdict)  # type: ignore[arg-type]
    assert isinstance(form, Form), form
    return said(await scene.sends(name, form, **{"reason": "key", "words": "", **fields}))


async def listed(scene: Stage) -> str:
    page = await scene.types("Olga", "fix", admin=True)
    return said(await scene.presses("Olga", "Reports and corrections", page, admin=True))


async def test_a_report_reaches_the_admins_without_a_name(posted: Posted) -> None:
    scene = await posted("ring")
    verdict = await scene.presses("Ada", "C")
    assert (await reports(scene, "Ada", verdict, words="C holds\nfor N = 2")).startswith("Thank you")
    assert "reported this card already" in await reports(scene, "Ada", verdict)
    await reports(scene, "Bo", await scene.presses("Bo", "A"), reason="unclear")
    home = await scene.types("Olga", "", admin=True)
    assert "2 reports of problems with questions." in said(home)
    assert "reports of problems" not in said(await scene.types("Ada", ""))
    every = await scene.presses("Olga", "Look at them", home, admin=True)
    assert "2 reports: the right answer is wrong (1), the question is unclear (1)" in said(every)
    page = await scene.presses("Olga", "Look at 1", every, admin=True)
    assert "• C holds for N = 2" in said(page)
    assert "Ada" not in said(every) + said(page)
    assert labels(page)[:3] == ["Correct it", "Dismiss the reports", "Retire it"]  # type: ignore[arg-type]
    assert said(await scene.acts("Ada", "fixes")) == "This is for admins of this place."


@pytest.mark.parametrize("way", ["Dismiss the reports", "Retire it", "fix C"])
async def test_an_admin_settles_reports(posted: Posted, way: str) -> None:
    scene = await posted("ring")
    verdict = await scene.presses("Ada", "C")
    await reports(scene, "Ada", verdict)
    page = await scene.types("Olga", "fix C" if way == "fix C" else "fix", admin=True)
    done = await scene.presses("Olga", "Correct it" if way == "fix C" else way, page, admin=True)
    assert "⚠️" not in said(done)
    assert "None: nobody has a problem" in await listed(scene)
    assert "reported this card already" in await reports(scene, "Ada", verdict), "once a person and card"
    again = await scene.acts("Olga", "report-dismiss:1", admin=True)
    assert "no report left" in said(again)


async def test_hostile_words_are_shown_as_they_are_and_ping_nobody(posted: Posted) -> None:
    scene = await posted("ring")
    nasty = "@everyone <@123> <!channel> **bold** [x](http://evil.example) `" + "\u202e" + "z" * 300
    await reports(scene, "Ada", await scene.presses("Ada", "C"), words=nasty)
    page = await scene.types("Olga", "fix", admin=True)
    assert isinstance(page, Message)
    assert "@everyone <@123> <!channel> **bold** [x](http://evil.example)" in page.text
    runs = [run for block in page.blocks if isinstance(block, Text) for run in block.runs]
    assert not any(isinstance(run, Mention) or getattr(run, "url", None) for run in runs)
    assert scene.paper.told == []
    assert len(scene.paper.shown) == 1, "nothing public"


async def test_what_can_not_be_reported_is_a_clear_sentence(posted: Posted) -> None:
    scene = await posted("ring")
    verdict = await scene.presses("Ada", "C")
    form = await scene.presses("Ada", "Report a problem", verdict)
    assert "longer than 500 characters" in said(await scene.sends("Ada", form, reason="key", words="x" * 10_000))
    assert "another question" in said(await scene.sends("Ada", form, reason="bogus", words=""))
    assert "another question" in said(await scene.sends("Bo", form, reason="key", words=""))  # who has not answered
    for action in ("report", "report:99", "report:x", "report:1:0", "report:1:2:3", "report:9999999999999999999999"):
        assert "another question" in said(await scene.acts("Ada", action))
    async with scene.database.read() as tx:
        assert (await tx.execute(select(tables.reports))).all() == []


async def test_a_verdict_in_practice_can_be_reported_and_another_version_anew(posted: Posted) -> None:
    scene = await posted("ring", scheduled=False)
    verdict = await scene.presses("Ada", "C", await scene.types("Ada", "play"))
    assert isinstance(verdict, Message)
    assert any(isinstance(block, Buttons) for block in verdict.blocks)
    assert (await reports(scene, "Ada", verdict)).startswith("Thank you")
    async with scene.database.write() as tx:
        card = (await by_ids(tx, [1]))[1]
        row = (await tx.execute(select(tables.cards))).one()._asdict()
        await tx.execute(tables.cards.insert().values({**row, "id": 2, "version": "another"}))
        newer = (await by_ids(tx, [2]))[2]
        ada = Learner(1, 1, 1, HERE)
        assert not await report(tx, ada, card, Reason.KEY, "", START)
        assert await report(tx, ada, newer, Reason.DATED, "", START)
