"""Emojis under a message: what stands there, who put it there, and what nobody can put there."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.web.channel import Channel
from adapters.web.client import PLACE
from bot.events import Event, MessageRef, Place, Reaction
from bot.messages import Answer, Message
from bot.platform import Missing
from tests.adapters.contract import ADA, GRACE, QUESTION, VERDICT
from tests.adapters.web import screen
from tests.adapters.web.bench import FORM, WebBench
from tests.adapters.web.tab import Tabs

ONE, TWO, THREE = "1️⃣", "2️⃣", "3️⃣"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
async def ref(bench: WebBench) -> MessageRef:
    """A question under which two emojis stand."""
    ref = await bench.platform.post(PLACE, QUESTION, "daily")
    for emoji in (ONE, TWO):
        await bench.platform.react(ref, emoji)
    return ref


async def names(bench: WebBench, person: str, ref: MessageRef) -> list[str]:
    """What a screen reader says for what stands under a message."""
    return [chip.attrs["aria-label"] for chip in await bench.chips(person, ref.message)]


async def test_what_the_bot_put_there_stands_once_in_its_order_and_counts_for_nobody(
    bench: WebBench, ref: MessageRef
) -> None:
    await bench.platform.react(ref, ONE)
    assert await names(bench, ADA, ref) == [f"Reaction {ONE}, 0 people", f"Reaction {TWO}, 0 people"]
    assert list(await bench.platform.reactors(ref, ONE)) == []
    assert bench.events == []


async def test_everyone_sees_the_count_and_each_their_own(bench: WebBench, ref: MessageRef) -> None:
    await bench.react(ADA, ref.message, TWO)
    assert await names(bench, ADA, ref) == [f"Reaction {ONE}, 0 people", f"Reaction {TWO}, 1 person, yours"]
    assert await names(bench, GRACE, ref) == [f"Reaction {ONE}, 0 people", f"Reaction {TWO}, 1 person"]
    await bench.react(GRACE, ref.message, TWO)
    one, two = await bench.chips(ADA, ref.message)
    assert [(chip.label, chip.attrs["aria-pressed"]) for chip in (one, two)] == [
        (f"{ONE} 0", "false"),
        (f"{TWO} 2", "true"),
    ]


async def test_putting_an_emoji_there_and_taking_it_away_reaches_the_bot(bench: WebBench, ref: MessageRef) -> None:
    await bench.react(ADA, ref.message, ONE)
    await bench.unreact(ADA, ref.message, ONE)
    added, removed = bench.events
    assert isinstance(added, Reaction)
    assert isinstance(removed, Reaction)
    assert [(each.emoji, each.added, each.actor.name, each.ref) for each in (added, removed)] == [
        (ONE, True, ADA, ref),
        (ONE, False, ADA, ref),
    ]
    assert added.id != removed.id
    assert await bench.emojis(ADA, ref.message) == (ONE, TWO)


async def test_a_press_that_is_sent_twice_counts_once_and_is_not_taken_back(bench: WebBench, ref: MessageRef) -> None:
    (form,) = (await bench.article(ADA, ref.message)).named("reactions")
    await asyncio.gather(*(bench.send(ADA, form, add=ONE) for _ in range(3)))
    assert [actor.name for actor in await bench.platform.reactors(ref, ONE)] == [ADA]
    for _ in range(2):
        await bench.send(ADA, form, remove=ONE)
    assert list(await bench.platform.reactors(ref, ONE)) == []
    assert [event.added for event in bench.events if isinstance(event, Reaction)] == [True, False]


async def test_who_comes_again_stands_last(bench: WebBench, ref: MessageRef) -> None:
    for person in (ADA, GRACE):
        await bench.react(person, ref.message, ONE)
    await bench.unreact(ADA, ref.message, ONE)
    await bench.react(ADA, ref.message, ONE)
    assert [actor.name for actor in await bench.platform.reactors(ref, ONE)] == [GRACE, ADA]


@pytest.mark.parametrize(
    "fields",
    [
        {"add": THREE},
        {"remove": THREE},
        {"add": ""},
        {"add": "1"},
        {"add": "1\u20e3"},
        {"add": "<script>"},
        {"add": [ONE, TWO]},
        {"add": ONE, "remove": TWO},
        {"emoji": ONE},
        {},
    ],
)
async def test_an_emoji_that_is_not_under_the_message_is_refused(
    bench: WebBench, ref: MessageRef, fields: dict[str, Any]
) -> None:
    (form,) = (await bench.article(ADA, ref.message)).named("reactions")
    await bench.send(ADA, form, **fields)
    assert bench.events == []
    assert "That emoji isn’t under that message; nothing was recorded." in (await bench.seen(ADA))[-1].text
    assert await names(bench, ADA, ref) == [f"Reaction {ONE}, 0 people", f"Reaction {TWO}, 0 people"]


@pytest.mark.parametrize("entry", ["", "0", "-1", "9" * 30, "1 OR 1=1", "²", "999", "2"])
async def test_a_message_that_is_not_there_or_has_no_emojis_takes_none(
    bench: WebBench, ref: MessageRef, entry: str
) -> None:
    plain = await bench.platform.post(PLACE, Message.of("No emojis here."), "plain")
    assert plain.message == "2"
    browser = await bench.browser(ADA)
    await browser.post("/react", data={"who": "2", "entry": entry, "add": ONE}, headers=FORM)
    assert bench.events == []
    assert "That emoji isn’t under that message" in (await bench.seen(ADA))[-1].text
    assert await bench.emojis(ADA, plain.message) == ()


async def test_private_messages_have_no_reactions(bench: WebBench) -> None:
    bench.answer = lambda _: VERDICT
    await bench.command(ADA, "/quiz today")
    (mine,) = await bench.seen(ADA)
    private = MessageRef(PLACE, mine.id)
    with pytest.raises(Missing):
        await bench.platform.react(private, ONE)
    with pytest.raises(Missing):
        await bench.platform.reactors(private, ONE)
    browser = await bench.browser(ADA)
    bench.events.clear()
    await browser.post("/react", data={"who": "2", "entry": mine.id, "add": ONE}, headers=FORM)
    assert bench.events == []
    assert await bench.emojis(ADA, mine.id) == ()


async def test_an_edit_and_a_restart_leave_reactions_standing(bench: WebBench, ref: MessageRef) -> None:
    await bench.react(ADA, ref.message, TWO)
    await bench.platform.edit(ref, Message.of("Closed: the answer was B."))
    await bench.restart()
    assert await names(bench, GRACE, ref) == [f"Reaction {ONE}, 0 people", f"Reaction {TWO}, 1 person"]
    assert [actor.name for actor in await bench.platform.reactors(ref, TWO)] == [ADA]


async def test_a_reaction_is_no_edit(bench: WebBench, ref: MessageRef) -> None:
    await bench.react(ADA, ref.message, ONE)
    assert "edited" not in (await bench.article(ADA, ref.message)).named("by")[0].text


async def test_reactions_go_to_the_bot_and_an_answer_to_the_presser_alone(bench: WebBench, ref: MessageRef) -> None:
    bench.answer = lambda _: Message.of("Something went wrong on our side.")
    await bench.react(ADA, ref.message, ONE)
    assert "Something went wrong" in (await bench.seen(ADA))[-1].text
    assert len(await bench.seen(GRACE)) == 1


async def test_after_a_reaction_the_browser_stands_where_it_was(bench: WebBench, ref: MessageRef) -> None:
    browser = await bench.browser(ADA)
    browser.follow_redirects = False
    response = await browser.post("/react", data={"who": "2", "entry": ref.message, "add": ONE}, headers=FORM)
    assert (response.status_code, response.headers["location"]) == (303, f"/#m{ref.message}")


async def test_while_the_bot_is_not_running_nothing_is_kept(bench: WebBench, ref: MessageRef) -> None:
    browser = await bench.browser(ADA)
    bench._running.cancel()
    await asyncio.wait([bench._running])
    response = await browser.post("/react", data={"who": "2", "entry": ref.message, "add": ONE}, headers=FORM)
    assert (response.status_code, "nothing was recorded" in response.text) == (503, True)
    await bench.restart()
    assert list(await bench.platform.reactors(ref, ONE)) == []


async def test_what_the_bot_does_with_a_reaction_holds_up_no_other_page(bench: WebBench, ref: MessageRef) -> None:
    wait = asyncio.Event()

    async def handle(event: Event) -> Answer:
        await wait.wait()
        return None

    bench.platform._handle = handle
    await bench.browser(ADA)
    slow = asyncio.create_task(bench.react(ADA, ref.message, ONE))
    while f"Reaction {ONE}, 1 person" not in await names(bench, GRACE, ref):
        assert not slow.done()
    wait.set()
    await slow


async def test_reactions_arrive_live_as_each_person_sees_them(bench: WebBench, ref: MessageRef, tabs: Tabs) -> None:
    ada, grace = await tabs(2, since=3), await tabs(3, since=3)
    await bench.react(ADA, ref.message, ONE)
    seen = []
    for tab in (ada, grace):
        change = await tab.change()
        assert (change["id"], change["changed"]) == (1, 4)
        seen.append(screen.read(change["html"]).named("reactions")[0].all("button")[0].attrs["aria-label"])
    assert seen == [f"Reaction {ONE}, 1 person, yours", f"Reaction {ONE}, 1 person"]
    await bench.react(GRACE, ref.message, ONE)
    await bench.unreact(ADA, ref.message, ONE)
    await ada.change()
    change = await ada.change()
    assert (change["changed"], f"Reaction {ONE}, 1 person" in change["html"]) == (6, True)


async def test_what_changes_nothing_is_no_news(bench: WebBench, ref: MessageRef, tabs: Tabs) -> None:
    tab = await tabs(2, since=3)
    await bench.platform.react(ref, ONE)
    (form,) = (await bench.article(ADA, ref.message)).named("reactions")
    await bench.send(ADA, form, remove=ONE)
    await bench.platform.post(PLACE, Message.of("Later."), "later")
    change = await tab.change()
    assert "Later." in change["html"]


async def test_the_bot_seeds_nothing_under_what_is_gone_or_elsewhere(bench: WebBench, ref: MessageRef) -> None:
    for gone in (bench.gone, MessageRef(PLACE, "not a number"), MessageRef(Place("web", "local", "x"), ref.message)):
        with pytest.raises(Missing):
            await bench.platform.react(gone, ONE)


async def test_the_one_channel_is_fit_for_work_and_any_other_is_missing(bench: WebBench) -> None:
    await bench.platform.check(PLACE)
    for place in (Place("web", "local", "random"), Place("web", "", "general"), Place("web", "local", "general", "1")):
        with pytest.raises(Missing, match="#general and no other"):
            await bench.platform.check(place)


async def test_a_hostile_emoji_stays_text(bench: WebBench) -> None:
    hostile = "\"><script>alert(1)</script>'"
    ref = await bench.platform.post(PLACE, Message.of("Hello."), "k")
    await bench.platform.react(ref, hostile)
    await bench.react(ADA, ref.message, hostile)
    assert await bench.emojis(ADA, ref.message) == (hostile,)
    assert await names(bench, ADA, ref) == [f"Reaction {hostile}, 1 person, yours"]


def test_an_emoji_that_people_alone_put_there_goes_with_the_last_of_them(tmp_path: Path) -> None:
    channel = Channel(tmp_path / "web.db", lambda: NOW)
    entry = channel.post(QUESTION, "k")
    for person in (2, 3):
        assert channel.react(entry, "👍", person, True)
    assert channel.react(entry, "👍", 2, False)
    shown = channel.entry(entry, 2)
    assert shown is not None
    assert [(each.emoji, each.people, each.mine) for each in shown.standing] == [("👍", 1, False)]
    channel.react(entry, "👍", 3, False)
    shown = channel.entry(entry, 2)
    assert shown is not None
    assert shown.standing == ()
    channel.close()
