"""The live stream: nothing is missed, nothing is another's, and it ends when the bot does."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.web import live
from adapters.web.client import PLACE
from adapters.web.live import Streams
from bot.messages import Message
from tests.adapters.contract import ADA, GRACE, VERDICT
from tests.adapters.web.bench import WebBench
from tests.adapters.web.tab import Tab, Tabs


async def test_what_is_posted_edited_and_dismissed_arrives_in_order(bench: WebBench, tabs: Tabs) -> None:
    tab = await tabs(2)
    ref = await bench.platform.post(PLACE, Message.of("One"), "k1")
    posted = await tab.change()
    assert (posted["id"], posted["changed"]) == (1, 1)
    assert "One" in posted["html"]
    await bench.platform.edit(ref, Message.of("Two"))
    edited = await tab.change()
    assert (edited["id"], edited["changed"]) == (1, 2)
    assert "Two" in edited["html"]
    bench.answer = lambda _: VERDICT
    await bench.command(ADA, "/quiz today")
    told = await tab.change()
    article = (await bench.article(ADA, str(told["id"]))).named("only")[0]
    await bench.send(ADA, article.all("form")[0])
    assert await tab.event() == ("change", {"id": told["id"], "changed": 4, "html": None})


async def test_a_private_message_goes_to_its_person_alone(bench: WebBench, tabs: Tabs) -> None:
    ada, grace = await tabs(2), await tabs(3)
    bench.answer = lambda _: VERDICT
    await bench.command(ADA, "/quiz today")
    await bench.platform.post(PLACE, Message.of("For all"), "k1")
    assert "Correct" in (await ada.change())["html"]
    assert "For all" in (await ada.change())["html"]
    assert "For all" in (await grace.change())["html"]


async def test_a_tab_that_was_away_gets_all_it_missed_even_over_a_restart(bench: WebBench, tabs: Tabs) -> None:
    for number in range(5):
        await bench.platform.post(PLACE, Message.of(f"Message {number}."), f"k{number}")
    await bench.restart()
    tab = await tabs(2, since=2)
    assert [(await tab.change())["id"] for _ in range(3)] == [3, 4, 5]


async def test_more_than_a_page_of_news_comes_whole(bench: WebBench, tabs: Tabs) -> None:
    for number in range(230):
        await bench.platform.post(PLACE, Message.of("."), f"k{number}")
    tab = await tabs(2)
    assert [(await tab.change())["id"] for _ in range(230)] == list(range(1, 231))


async def test_a_message_replaced_while_a_tab_was_away_comes_once_as_it_is_now(bench: WebBench, tabs: Tabs) -> None:
    ref = await bench.platform.post(PLACE, Message.of("One"), "k1")
    for text in ("Two", "Three"):
        await bench.platform.edit(ref, Message.of(text))
    await bench.platform.post(PLACE, Message.of("Next"), "k2")
    tab = await tabs(2)
    first, second = await tab.change(), await tab.change()
    assert "Three" in first["html"]
    assert "Next" in second["html"]


@pytest.mark.parametrize(("query", "cookie"), [("who=2&since=77", "who=2"), ("who=2&since=0", "who=3")])
async def test_a_tab_of_another_time_or_person_is_told_to_load_afresh(bench: WebBench, query: str, cookie: str) -> None:
    tab = Tab(bench, query, cookie)
    assert [await tab.event(), await tab.event(), await tab.event()][1:] == [("reload", {}), None]
    await tab.close()


async def test_a_quiet_stream_beats(bench: WebBench, tabs: Tabs) -> None:
    bench.platform._streams._beat = 0.01
    tab = await tabs(2)
    assert await tab.event() == ("beat", {})


async def test_every_stream_ends_when_the_bot_stops_or_the_server_is_about_to(bench: WebBench, tabs: Tabs) -> None:
    tab = await tabs(2)
    bench._running.cancel()
    assert await tab.event() is None
    await bench.restart()
    tab = await tabs(2)
    bench.platform.end_streams()
    assert await tab.event() is None


async def test_there_are_only_so_many_streams_and_closed_ones_make_room(
    bench: WebBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "STREAMS_MOST", 1)
    first = Tab(bench, "who=2", "who=2")
    await first.event()
    response = await (await bench.browser(GRACE)).get("/stream?who=3")
    assert (response.status_code, response.headers["retry-after"]) == (503, "15")
    await first.close()
    again = Tab(bench, "who=2", "who=2")
    assert await again.event() is not None
    await again.close()


async def test_a_stream_that_nobody_reads_holds_no_messages() -> None:
    streams = Streams(beat=60)
    asked: list[int] = []

    async def changes(since: int) -> list[dict[str, Any]]:
        asked.append(since)
        return [{"changed": since + 1}]

    stream = streams.events("v", 0, changes)
    await anext(stream)
    for _ in range(1000):
        streams.ring()
    await anext(stream)
    assert asked == [0]
    await stream.aclose()  # type: ignore[attr-defined]
    assert not streams._bells
