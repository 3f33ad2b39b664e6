from __future__ import annotations

import asyncio

import pytest

from adapters.slack import courtesy
from adapters.slack.courtesy import STEP, Courtesy


async def _settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_an_answer_goes_at_once_when_nobody_waits_for_an_acknowledgement() -> None:
    manners = Courtesy()
    manners.arrived()
    manners.acknowledged()
    await asyncio.wait_for(manners.turn(), 0.5)


async def test_an_acknowledgement_just_given_is_on_its_way_before_the_answer() -> None:
    manners = Courtesy()
    order: list[str] = []
    given: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def acknowledge() -> None:
        await given
        order.append("acknowledged")

    waiting = asyncio.create_task(acknowledge())
    await _settle()
    manners.arrived()
    given.set_result(None)
    manners.acknowledged()
    await manners.turn()
    order.append("answered")
    await waiting
    assert order == ["acknowledged", "answered"]


async def test_answers_step_aside_while_a_deed_waits_and_come_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courtesy, "LONGEST", 60.0)
    manners = Courtesy()
    said: list[int] = []

    async def answer(number: int) -> None:
        await manners.turn()
        said.append(number)

    manners.arrived()
    tasks = [asyncio.create_task(answer(number)) for number in range(3 * STEP)]
    await _settle()
    assert said == []
    manners.acknowledged()
    await asyncio.wait_for(asyncio.gather(*tasks), 5)
    assert said == list(range(3 * STEP))


async def test_no_answer_steps_aside_for_longer_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courtesy, "LONGEST", 0.01)
    manners = Courtesy()
    manners.arrived()  # and is never acknowledged
    await asyncio.wait_for(asyncio.gather(*(manners.turn() for _ in range(3 * STEP))), 5)


async def test_an_answer_that_was_given_up_keeps_nobody_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courtesy, "LONGEST", 60.0)
    manners = Courtesy()
    manners.arrived()
    gone, stays = asyncio.create_task(manners.turn()), asyncio.create_task(manners.turn())
    await _settle()
    gone.cancel()
    await _settle()
    manners.acknowledged()
    await asyncio.wait_for(stays, 5)


async def test_what_arrives_while_answers_come_goes_before_the_rest_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courtesy, "LONGEST", 60.0)
    manners = Courtesy()
    said: list[int] = []

    async def answer(number: int) -> None:
        await manners.turn()
        said.append(number)
        if number == 0:
            manners.arrived()

    manners.arrived()
    tasks = [asyncio.create_task(answer(number)) for number in range(2 * STEP)]
    await _settle()
    manners.acknowledged()
    await _settle()
    assert said == list(range(STEP))
    manners.acknowledged()
    await asyncio.wait_for(asyncio.gather(*tasks), 5)
    assert said == list(range(2 * STEP))
