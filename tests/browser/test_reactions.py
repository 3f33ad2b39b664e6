"""Reactions under a message, in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from adapters.web.client import PLACE
from bot.events import MessageRef
from bot.messages import Message
from tests.browser import scene
from tests.browser.conftest import CHECKS, DESKTOP, PHONE, Site, Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")

ONE, TWO, THREE, FOUR = scene.KEYCAPS


async def seeded(site: Site, key: str = "daily") -> MessageRef:
    """A question with the emojis to answer it under it."""
    ref = await site.channel.post(PLACE, scene.poll(), key)
    for emoji in scene.KEYCAPS:
        await site.channel.react(ref, emoji)
    return ref


def chip(page: Page, emoji: str) -> Locator:
    return page.get_by_role("button", name=f"Reaction {emoji}")


async def test_one_reacts_and_the_other_sees_it_live(site: Site, visit: Visit) -> None:
    await seeded(site)
    ada, grace = await visit(person="Ada"), await visit(person="Grace")
    await expect(chip(grace, TWO)).to_have_accessible_name(f"Reaction {TWO}, 0 people")
    await chip(ada, TWO).click()
    await expect(chip(ada, TWO)).to_have_accessible_name(f"Reaction {TWO}, 1 person, yours")
    await expect(chip(ada, TWO)).to_have_attribute("aria-pressed", "true")
    await expect(chip(grace, TWO)).to_have_accessible_name(f"Reaction {TWO}, 1 person")
    await expect(chip(grace, TWO)).to_have_attribute("aria-pressed", "false")
    await chip(grace, TWO).click()
    await expect(chip(ada, TWO)).to_have_text(f"{TWO} 2")
    await chip(ada, TWO).click()
    await expect(chip(grace, TWO)).to_have_accessible_name(f"Reaction {TWO}, 1 person, yours")
    await expect(chip(ada, TWO)).to_have_accessible_name(f"Reaction {TWO}, 1 person")
    await expect(chip(ada, TWO)).to_have_attribute("aria-pressed", "false")


async def test_emojis_that_the_bot_puts_there_appear_live(site: Site, visit: Visit) -> None:
    page = await visit()
    ref = await site.channel.post(PLACE, scene.poll(), "daily")
    await expect(page.get_by_text("Question of the day")).to_be_visible()
    await expect(page.locator(".reactions")).to_have_count(0)
    for emoji in scene.KEYCAPS:
        await site.channel.react(ref, emoji)
    await expect(page.locator(".reactions button")).to_have_text([f"{emoji} 0" for emoji in scene.KEYCAPS])


async def test_a_reaction_is_put_and_taken_by_keyboard_alone(site: Site, visit: Visit) -> None:
    await seeded(site)
    page = await visit()
    for _ in range(10):
        await page.keyboard.press("Tab")
        if await chip(page, TWO).evaluate("e => e === document.activeElement"):
            break
    await expect(chip(page, TWO)).to_be_focused()
    assert await chip(page, TWO).evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    await page.keyboard.press("Space")
    await expect(chip(page, TWO)).to_have_attribute("aria-pressed", "true")
    await expect(chip(page, TWO)).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(chip(page, TWO)).to_have_attribute("aria-pressed", "false")
    await expect(chip(page, TWO)).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(chip(page, THREE)).to_be_focused()


async def test_anothers_reaction_touches_nothing_but_the_count(site: Site, visit: Visit) -> None:
    await seeded(site)
    ada, grace = await visit(person="Ada"), await visit(person="Grace")
    await chip(ada, ONE).focus()
    await ada.evaluate(
        """() => {
          window.added = [];
          new MutationObserver((all) => window.added.push(...all.flatMap((m) => [...m.addedNodes].map((n) => n.nodeName))))
            .observe(document.getElementById("log"), { childList: true, subtree: true });
        }"""
    )
    await chip(grace, ONE).click()
    await expect(chip(ada, ONE)).to_have_text(f"{ONE} 1")
    await expect(chip(ada, ONE)).to_be_focused()
    assert set(await ada.evaluate("window.added")) == {"#text"}


async def test_the_results_come_and_the_reactions_and_the_focus_stay(site: Site, visit: Visit) -> None:
    ref = await seeded(site)
    page = await visit()
    await chip(page, THREE).focus()
    await page.keyboard.press("Enter")
    await expect(chip(page, THREE)).to_have_attribute("aria-pressed", "true")
    await site.channel.edit(ref, Message.of("Closed: the answer was B."))
    await expect(page.get_by_text("Closed: the answer was B.")).to_be_visible()
    await expect(page.locator(".by .edited")).to_be_visible()
    await expect(chip(page, THREE)).to_have_accessible_name(f"Reaction {THREE}, 1 person, yours")
    await expect(chip(page, THREE)).to_be_focused()


async def test_without_scripts_a_reaction_is_a_plain_form(site: Site, visit: Visit) -> None:
    await seeded(site)
    page = await visit(java_script_enabled=False)
    await chip(page, ONE).click()
    await expect(chip(page, ONE)).to_have_accessible_name(f"Reaction {ONE}, 1 person, yours")
    await expect(chip(page, ONE)).to_be_in_viewport()
    await chip(page, ONE).click()
    await expect(chip(page, ONE)).to_have_accessible_name(f"Reaction {ONE}, 0 people")


async def test_a_forged_emoji_is_answered_with_a_sentence(site: Site, visit: Visit) -> None:
    await seeded(site)
    page = await visit()
    await chip(page, ONE).evaluate("e => (e.value = '💣')")
    await chip(page, ONE).click()
    await expect(page.locator(".entry.private")).to_contain_text("That emoji isn’t under that message")
    await page.reload()
    await expect(page.locator(".reactions button")).to_have_text([f"{emoji} 0" for emoji in scene.KEYCAPS])


async def test_a_reaction_to_an_older_message_moves_nobody_and_is_not_news(site: Site, visit: Visit) -> None:
    old = await seeded(site, "old")
    for number in range(100):
        await site.channel.post(PLACE, Message.of(f"Message {number}."), f"k{number}")
    reader = await visit(person="Ada", **DESKTOP)
    await reader.locator("#scroller").evaluate("e => (e.scrollTop = -600)")
    other = await visit(f"/?before={int(old.message) + 1}")
    await chip(other, ONE).click()
    await expect(chip(other, ONE)).to_have_text(f"{ONE} 1")
    await site.channel.post(PLACE, Message.of("The newest."), "new")
    await expect(reader.get_by_text("The newest.")).to_be_attached()
    await expect(reader.locator(f"#m{old.message}")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_reactions_on_a_phone(site: Site, visit: Visit, screenshots: Path, scheme: str) -> None:
    ref = await seeded(site)
    grace = await visit(person="Grace")
    for emoji in (TWO, FOUR):
        await chip(grace, emoji).click()
        await expect(chip(grace, emoji)).to_have_attribute("aria-pressed", "true")
    page = await visit(**PHONE, person="Ada", color_scheme=scheme, reduced_motion="reduce")
    await chip(page, TWO).tap()
    await expect(chip(page, TWO)).to_have_text(f"{TWO} 2")
    await page.screenshot(path=screenshots / f"reactions-phone-{scheme}.png")
    for number in range(5, 10):
        await site.channel.react(ref, f"{number}\ufe0f\u20e3")
    await expect(page.locator(".reactions button")).to_have_count(9)
    assert await page.evaluate(CHECKS) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    await page.screenshot(path=screenshots / f"reactions-phone-{scheme}-nine.png")


async def test_what_is_ones_own_shows_where_colours_are_forced(site: Site, visit: Visit) -> None:
    await seeded(site)
    page = await visit(forced_colors="active")
    await chip(page, ONE).click()
    await expect(chip(page, ONE)).to_have_attribute("aria-pressed", "true")
    await page.locator("#composer").focus()
    outlines = [await chip(page, emoji).evaluate("e => getComputedStyle(e).outlineStyle") for emoji in (ONE, TWO)]
    assert outlines == ["solid", "none"]


async def test_reactions_on_a_desktop_to_look_at(site: Site, visit: Visit, screenshots: Path) -> None:
    await seeded(site)
    page = await visit(**DESKTOP, person="Ada", reduced_motion="reduce")
    await chip(page, TWO).click()
    await expect(chip(page, TWO)).to_have_text(re.compile("1$"))
    await page.keyboard.press("Tab")
    await expect(chip(page, THREE)).to_be_focused()
    await page.screenshot(path=screenshots / "reactions-desktop.png")
