"""What happens to a question when a worker ends or stands still, on any platform and with any database."""

from __future__ import annotations

from bot.store.schedules import Feedback
from tests.crash import endings, plans
from tests.crash.bot import Point
from tests.crash.chats import Deed
from tests.crash.endings import ACCEPTED, Left
from tests.crash.plans import ANN, BOB
from tests.crash.scene import PAST_LEASE, Scene

OPEN = plans.OPEN.total_seconds()


async def killed_while_posting(town: Scene, end: Point | Left, forgotten: bool) -> None:
    """The bot ends while it posts the question; whoever goes on brings it to its one end."""
    chat = town.chat
    if forgotten:
        await chat.forget_keys()
    due = await plans.question(town)
    await endings.killed(town, end, Deed.POST, due)
    await town.succeed()
    await endings.stands_unless_unsent(town, end)
    answered = []
    for message in await chat.shown():  # it can be seen, so somebody answers, whatever is known of it
        assert "Correct" in await chat.press(ANN, message.id, "True")
        answered.append(ANN)

    await town.passes(PAST_LEASE)
    assert await town.state() == "open"
    await endings.another_arrives(town, end, forgotten)
    if not answered:
        assert "Correct" in await chat.press(ANN, (await chat.shown())[0].id, "True")
    assert "Correct" in await chat.press(BOB, (await chat.shown())[-1].id, "True")

    await town.passes(PAST_LEASE)
    assert (await town.the_one()).version == 1
    assert (await town.events()).count("claimed") == 1
    await _ends_well(town)
    assert (await town.the_one()).version == 2


async def killed_while_closing(town: Scene, end: Point | Left, feedback: Feedback = Feedback.NOW) -> None:
    """The bot ends while it closes the question; whoever goes on counts every answer and shows the results, once."""
    chat = town.chat
    due = await plans.question(town, feedback)
    first = await town.begin(end if isinstance(end, Point) else None)
    await town.passes(due, for_all=False)
    first.set(town.now)
    await first.looks()
    await _both_answer(town, "Correct" if feedback is Feedback.NOW else "Recorded: True")
    await endings.ends(town, first, end, Deed.EDIT, OPEN)
    assert ("closed" in (await town.the_one()).text) == (end in ACCEPTED)

    await town.succeed()
    if end is Left.LATE:
        await chat.let_go(go_on=True)
    await _closed_well(town)
    assert (await town.events())[-2:] == ["over", "closed"]
    assert (await town.the_one()).version == 2 + (end in ACCEPTED or end is Left.LATE)


async def stood_still(town: Scene, point: Point, forgotten: bool) -> None:
    """A worker stands still for longer than its lease, and then goes on."""
    chat = town.chat
    if forgotten:
        await chat.forget_keys()
    due = await plans.question(town)
    first = await town.begin(point, "STOP")
    await town.passes(due, for_all=False)
    town.comes_to(first)
    await first.stops()
    await town.passes(PAST_LEASE)  # which the other worker does not spend idly
    assert len(await chat.shown()) == (point is Point.ANSWERED or town.workers == 2)
    first.set(town.now)
    first.goes_on()
    await first.looks()
    town.alive.append(first)
    await _both_answer(town)
    await town.passes(PAST_LEASE)
    await town.the_one()
    await _ends_well(town)


async def awoke_while_another_posts(town: Scene, forgotten: bool) -> None:
    """A worker that stood still goes on while the one that took over has a request on its way."""
    chat = town.chat
    if forgotten:
        await chat.forget_keys()
    first, other = await endings.one_awakes_while_another_posts(town, await plans.question(town))
    (elder,) = await chat.shown()
    assert "Correct" in await chat.press(ANN, elder.id, "True")
    await chat.let_go(go_on=True)
    await other.looks()
    assert len(await chat.shown()) == 1 + forgotten
    assert "Correct" in await chat.press(BOB, (await chat.shown())[-1].id, "True")
    town.alive.append(first)
    await town.passes(PAST_LEASE)
    await town.the_one()
    await _ends_well(town)


async def stood_still_while_saving(town: Scene, point: Point) -> None:
    """A worker stands still in a transaction: it holds the post's row, and the other waits."""
    due = await plans.question(town)
    first = await town.begin(point, "STOP")
    (other,) = town.alive
    await town.passes(due, for_all=False)
    if point is Point.CLOSING:
        first.set(town.now)
        await first.looks()
        await _both_answer(town)
        await town.passes(OPEN, for_all=False)
    town.comes_to(first)
    await first.stops()
    await town.passes(PAST_LEASE, for_all=False)
    town.comes_to(other)
    await town.somebody_waits()
    first.set(town.now)
    first.goes_on()
    town.alive.append(first)
    await town.look()
    await town.the_one()
    if point is Point.SAVING:
        await _both_answer(town)
        await town.passes(PAST_LEASE)
        await town.passes(OPEN)
    await _closed_well(town)


# ---------------------------------------------------------------- inside


async def _both_answer(town: Scene, told: str = "Correct") -> None:
    message = await town.the_one()
    for person in (ANN, BOB):
        heard = (await town.chat.press(person, message.id, "True")).replace("*", "").replace("\\", "")
        assert told in heard, heard


async def _ends_well(town: Scene) -> None:
    """At its time the one post closes."""
    await town.passes(OPEN)
    await _closed_well(town)


async def _closed_well(town: Scene) -> None:
    """The results count both people's answers; another look changes nothing."""
    for _ in range(2):
        text = (await town.the_one()).text.replace("*", "")
        assert await town.state() == "closed"
        assert text.count("Question of the day · closed") == text.count("2 people answered, 2 got it right") == 1, text
        assert await town.rows("SELECT count(*), count(DISTINCT person_id) FROM answers") == [(2, 2)]
        await town.passes(PAST_LEASE)
    await town.chat.assert_no_violations()
