"""The whole program in a real browser: a question asked, answered and ranked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.library.shelf import open_shelf, shipped
from bot.quiz.cards import to_json
from tests.running import Bot, running

pytestmark = pytest.mark.asyncio(loop_scope="session")

CARD = "ring-bytes"


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    """A bot that has one card alone, so that the test knows the question of the day."""
    card = open_shelf([shipped()]).card("distributed-training", CARD)
    assert card is not None
    head = {"id": "one", "title": "Distributed training"}
    (tmp_path / "decks").mkdir()
    deck = {"deck": head, "cards": [json.loads(to_json(card))]}
    (tmp_path / "decks" / "one.yaml").write_text(json.dumps(deck), "utf-8")  # JSON is YAML
    with running(tmp_path, STUDYBOT_DECKS=str(tmp_path / "decks"), STUDYBOT_SHIPPED_DECKS="off") as bot:
        yield bot


@pytest_asyncio.fixture(loop_scope="session")
async def page(chromium: Browser, bot: Bot) -> AsyncIterator[Page]:
    context = await chromium.new_context(
        locale="en-GB", timezone_id="Europe/Vienna", viewport={"width": 900, "height": 900}, device_scale_factor=2
    )
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text) if line.type in ("error", "warning") else None)
    await page.goto(bot.url)
    yield page
    await context.close()
    assert complaints == []


async def test_a_person_answers_and_sees_the_leaderboard_by_keyboard_alone(page: Page, screenshots: Path) -> None:
    await expect(page.get_by_text("Question of the day")).to_be_visible()
    button = page.get_by_role("button", name="C:")
    for _ in range(30):
        await page.keyboard.press("Tab")
        if await button.evaluate("button => button === document.activeElement"):
            break
    await expect(button).to_be_focused()
    await page.keyboard.press("Enter")
    verdict = page.locator(".entry.private")
    await expect(verdict).to_contain_text("Only you can see this")
    await expect(verdict).to_contain_text("1 day in a row")
    await page.wait_for_timeout(300)
    await page.screenshot(path=screenshots / "channel.png")
    await page.keyboard.press("/")
    await page.keyboard.type("quiz leaderboard")
    await page.keyboard.press("Enter")
    board = page.locator(".entry.private").last
    await expect(board).to_contain_text("You are 1 of 1", timeout=30_000)  # with a picture, for which a process starts
    await page.wait_for_timeout(300)
    await page.screenshot(path=screenshots / "leaderboard.png")


async def test_a_session_of_practice_runs_in_one_message(page: Page) -> None:
    await page.locator(".entry.public").get_by_role("button", name="C:").click()
    await expect(page.locator(".entry.private")).to_contain_text("1 day in a row")  # answered, it may be practised
    await page.get_by_role("combobox").fill("/quiz play")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Enter")
    await expect(page.locator(".entry.private")).to_have_count(2)
    entry = page.locator(".entry.private").last
    await expect(entry).to_contain_text("Practice · card 1 of 1")
    await entry.get_by_role("button", name="A:").click()
    await expect(entry).to_contain_text("Right answer")
    await entry.get_by_role("button", name="Summary").click()
    await expect(entry).to_contain_text("Practice done")
    await entry.get_by_role("button", name="Retry the missed ones").click()
    await expect(entry).to_contain_text("card 1 of 1")
    await expect(page.locator(".entry.private")).to_have_count(2)


async def test_what_a_restart_finds_still_works(page: Page, bot: Bot, tmp_path: Path) -> None:
    await page.get_by_role("combobox").fill("/quiz today")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Enter")
    await expect(page.locator(".entry.private")).to_contain_text("closes")
    await page.goto("about:blank")
    bot.kill()
    settings = {"STUDYBOT_DECKS": str(tmp_path / "decks"), "STUDYBOT_SHIPPED_DECKS": "off"}
    again = running(tmp_path, **settings)
    restarted = await asyncio.to_thread(again.__enter__)
    try:
        await page.goto(restarted.url)
        await page.locator(".entry.public").get_by_role("button", name="C:").click()
        await expect(page.locator(".entry.private").last).to_contain_text("1 day in a row")
        await page.goto("about:blank")
    finally:
        await asyncio.to_thread(again.__exit__, None, None, None)
