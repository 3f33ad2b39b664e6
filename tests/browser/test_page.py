"""The channel's page in a real browser."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from adapters.web.client import PLACE
from bot.messages import Message, Text, When
from tests.browser import scene
from tests.browser.conftest import CHECKS, DESKTOP, PHONE, Site, Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")


def private(page: Page) -> Any:
    return page.locator(".entry.private")


async def test_a_press_is_answered_to_the_presser_alone(site: Site, visit: Visit) -> None:
    await site.channel.post(PLACE, scene.question(), "daily")
    ada, grace = await visit(person="Ada"), await visit(person="Grace")
    await ada.get_by_role("button", name="B: 2(N−1)/N · S").click()
    await expect(private(ada)).to_contain_text("✅ Correct")
    await expect(private(ada)).to_contain_text("Only you can see this")
    await site.channel.post(PLACE, Message.of("For all."), "later")
    await expect(grace.get_by_text("For all.")).to_be_visible()
    await expect(private(grace)).to_have_count(0)


async def test_a_press_on_a_private_message_replaces_it_and_keeps_the_focus_in_it(site: Site, visit: Visit) -> None:
    await site.channel.post(PLACE, scene.question(), "daily")
    page = await visit()
    await page.get_by_role("button", name="B: 2(N").click()
    await page.get_by_role("button", name="I guessed").focus()
    await page.keyboard.press("Enter")
    await expect(private(page)).to_contain_text("Noted as a guess")
    await expect(private(page)).to_have_count(1)
    await expect(page.get_by_role("button", name="Explain it")).to_be_focused()
    await page.get_by_role("button", name="Dismiss").click()
    await expect(private(page)).to_have_count(0)
    await page.reload()
    await expect(page.get_by_text("Question of the day")).to_be_visible()
    await expect(private(page)).to_have_count(0)


async def test_what_people_wait_for_counts_down(site: Site, visit: Visit) -> None:
    page = await visit()
    at = datetime.now(UTC) + timedelta(hours=1)
    await site.channel.post(PLACE, Message.of(Text.of("It begins ", When(at, soon=True))), "soon")
    timer = page.get_by_role("timer")
    await expect(timer).to_have_text(re.compile(r"in 3,?[0-9]{3} seconds"))
    first = await timer.text_content()
    await expect(timer).not_to_have_text(first or "")
    await site.channel.post(PLACE, Message.of(Text.of("It began ", When(at - timedelta(hours=2), soon=True))), "over")
    await expect(timer.last).to_have_text("now")


async def test_the_composer_completes_by_keyboard_alone(visit: Visit) -> None:
    page = await visit()
    box = page.get_by_role("combobox", name="Command for Studybot")
    options = page.get_by_role("option")
    await page.keyboard.press("/")
    await expect(box).to_be_focused()
    await expect(box).to_have_attribute("aria-expanded", "true")
    await page.keyboard.type("quiz pl")
    await expect(options).to_have_count(1)
    await page.keyboard.press("Tab")
    await expect(box).to_have_value("/quiz play ")
    await expect(options).to_have_count(4)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowUp")
    active = await box.get_attribute("aria-activedescendant")
    await expect(page.locator(f"#{active}")).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("Enter")
    await expect(box).to_have_value("/quiz play deck:")
    await expect(options).to_have_count(2)
    await page.keyboard.type("net")
    await expect(options).to_have_count(1)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(box).to_have_value("/quiz play deck:networks ")
    await expect(options).to_have_count(3)
    await page.keyboard.press("Escape")
    await expect(options).to_have_count(0)
    await expect(box).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(private(page)).to_contain_text("Practice: networks, any level")
    await expect(page.locator(".said")).to_contain_text("/quiz play deck:networks")
    await expect(box).to_have_value("")
    await expect(box).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await expect(box).to_have_value("/quiz play deck:networks ")


RING = """(() => {
  const e = document.activeElement;
  return e.id === "composer" ? getComputedStyle(e.closest("form")).boxShadow : getComputedStyle(e).outlineStyle;
})()"""
NAME = "(e => e.getAttribute('aria-label') || e.id || e.innerText.trim())(document.activeElement)"


async def test_everything_is_reached_by_tab_in_reading_order(site: Site, visit: Visit) -> None:
    await site.channel.post(PLACE, scene.question(), "daily")
    page = await visit()
    reached = []
    for _ in range(8):
        await page.keyboard.press("Tab")
        reached.append(await page.evaluate(NAME))
        ring = await page.evaluate(RING)
        assert ring != "none", f"no visible focus on {reached[-1]}"
    assert reached[0] == "Skip to the message box"
    assert [name[0] for name in reached[2:6]] == ["A", "B", "C", "D"]
    assert reached[6:] == ["composer", "Send"]
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Space")
    await expect(private(page)).to_contain_text("Not right")


async def test_a_form_opens_as_a_dialog_keeps_a_draft_and_sends(site: Site, visit: Visit) -> None:
    await site.channel.post(PLACE, scene.question(), "daily")
    page = await visit()
    await page.get_by_role("button", name="B: 2(N").click()
    await page.get_by_role("button", name="Explain it").click()
    dialog = page.get_by_role("dialog", name="In your own words")
    await expect(dialog.get_by_label("Your explanation")).to_be_focused()
    await page.keyboard.type("A bigger batch")
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(page.get_by_role("button", name="Explain it")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(dialog.get_by_label("Your explanation")).to_have_value("A bigger batch")
    await dialog.get_by_label("How sure are you?").select_option("guess")
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog).to_have_count(0)
    await expect(private(page)).to_have_count(1)
    await expect(private(page)).to_contain_text("3 of 4 concepts")
    await expect(page.get_by_role("button", name="I said that")).to_be_focused()


async def test_the_focus_comes_home_even_when_the_stream_is_quicker_than_the_answer(site: Site, visit: Visit) -> None:
    await site.channel.post(PLACE, scene.question(), "daily")
    page = await visit()
    await page.get_by_role("button", name="B: 2(N").click()
    await page.get_by_role("button", name="Explain it").click()

    async def late(route: Route) -> None:
        response = await route.fetch()
        await expect(private(page)).to_contain_text("3 of 4 concepts")
        await route.fulfill(response=response)

    await page.route("**/submit", late)
    await page.get_by_label("Your explanation").fill("A bigger batch")
    await page.get_by_role("button", name="Send").last.click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.get_by_role("button", name="I said that")).to_be_focused()


async def test_a_menu_in_a_message_is_chosen_from(visit: Visit) -> None:
    page = await visit()
    await page.get_by_role("combobox", name="Command for Studybot").fill("/quiz leaderboard")
    await page.keyboard.press("Enter")
    await page.get_by_role("combobox", name="Another period").select_option("This month")
    await page.get_by_role("button", name="Choose").click()
    await expect(private(page)).to_contain_text("The board of month is still empty.")


async def test_a_second_tab_follows_live_and_survives_the_bot_being_away(site: Site, visit: Visit) -> None:
    page = await visit()
    second = await page.context.new_page()
    await second.goto(site.url)
    await page.get_by_role("button", name="Practise now").click()
    await expect(private(second)).to_contain_text("Practice: all decks")
    ref = await site.channel.post(PLACE, scene.question(), "daily")
    await expect(second.get_by_text("Question of the day")).to_be_visible()
    await site.channel.edit(ref, Message.of("Closed: the answer was B."))
    await expect(second.get_by_text("Closed: the answer was B.")).to_be_visible()
    await expect(second.get_by_text("Question of the day")).to_have_count(0)
    await second.close()


async def test_while_the_bot_is_away_the_page_says_so_and_then_catches_up(
    site: Site, visit: Visit, complaints: list[str]
) -> None:
    page = await visit()
    await site.channel.post(PLACE, Message.of("Before."), "k1")
    await expect(page.get_by_text("Before.")).to_be_visible()
    await site.stop()
    notice = page.get_by_text("The bot is not reachable; trying again…")
    await expect(notice).to_be_visible()
    await site.start()
    await site.channel.post(PLACE, Message.of("After."), "k2")
    await expect(page.get_by_text("After.")).to_be_visible(timeout=15_000)
    await expect(notice).to_be_hidden()
    complaints[:] = [line for line in complaints if "ERR_" not in line]  # the browser's own note of a lost connection


async def test_new_messages_move_nobody_who_reads_further_up(site: Site, visit: Visit) -> None:
    for number in range(12):
        await site.channel.post(PLACE, Message.of(f"Message {number}.\n\n\n\nIts end."), f"k{number}")
    page = await visit(**DESKTOP)
    await expect(page.get_by_text("Message 11.")).to_be_in_viewport()
    await page.get_by_text("Message 3.").scroll_into_view_if_needed()
    top = "e => Math.round(e.getBoundingClientRect().top)"
    before = await page.get_by_text("Message 3.").evaluate(top)
    await site.channel.post(PLACE, Message.of("The newest."), "new")
    await expect(page.get_by_role("button", name="New messages")).to_be_visible()
    assert abs(before - await page.get_by_text("Message 3.").evaluate(top)) <= 1
    await page.get_by_role("button", name="New messages").click()
    await expect(page.get_by_text("The newest.")).to_be_in_viewport()
    await site.channel.post(PLACE, Message.of("The very newest."), "newer")
    await expect(page.get_by_text("The very newest.")).to_be_in_viewport()


async def test_the_page_works_without_scripts(site: Site, visit: Visit) -> None:
    await site.channel.post(PLACE, scene.question(), "daily")
    page = await visit(java_script_enabled=False)
    await page.get_by_role("button", name="B: 2(N").click()
    await expect(private(page)).to_contain_text("✅ Correct")
    await page.get_by_role("button", name="Explain it").click()
    dialog = page.get_by_role("dialog", name="In your own words")
    await dialog.get_by_label("Your explanation").fill("A bigger batch")
    await dialog.get_by_role("button", name="Send").click()
    await expect(private(page)).to_contain_text("3 of 4 concepts")
    await page.get_by_role("textbox", name="Command for Studybot").fill("/quiz play")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_text("Practice: all decks")).to_be_in_viewport()
    await page.locator("#who summary").click()
    await page.get_by_label("Add a person…").fill("Radia")
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.locator("#who summary")).to_contain_text("Radia")
    await expect(private(page)).to_have_count(0)


async def test_a_hostile_name_and_text_stay_text(site: Site, visit: Visit) -> None:
    attack = "<img src=x onerror=alert(1)>\"'"
    page = await visit()
    await page.locator("#who summary").click()
    await page.get_by_label("Add a person…").fill(attack)
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.locator("#who summary bdi")).to_have_text(attack)
    await site.channel.post(PLACE, Message.of(attack), "attack")
    await expect(page.locator(".entry .text")).to_have_text(attack)
    assert await page.locator("img[src=x]").count() == 0


async def test_another_tab_that_became_someone_else_takes_this_one_along(visit: Visit, site: Site) -> None:
    page = await visit()
    second = await page.context.new_page()
    await second.goto(site.url)
    await second.locator("#who summary").click()
    await second.get_by_role("button", name="Grace", exact=True).click()
    await expect(page.locator("#who summary")).to_contain_text("Grace")
    await second.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_text_has_contrast_and_every_control_room_and_a_name(site: Site, visit: Visit, scheme: str) -> None:
    for number, message in enumerate((scene.picture(), scene.question(), scene.verdict("A"), scene.GRADED)):
        await site.channel.post(PLACE, message, f"k{number}")
    page = await visit(**PHONE, color_scheme=scheme)
    await page.get_by_role("combobox", name="Command for Studybot").fill("/quiz leaderboard")
    await page.keyboard.press("Enter")
    await expect(private(page)).to_be_visible()
    await page.get_by_role("button", name="B: 2(N").click()
    await expect(private(page)).to_have_count(2)
    await page.evaluate("Promise.all(document.getAnimations().map((each) => each.finished))")
    assert await page.evaluate(CHECKS) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    await page.get_by_role("button", name="Explain it").last.click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    assert await page.evaluate(CHECKS) == []


async def test_a_german_phone_gets_a_german_page_that_fits(site: Site, visit: Visit) -> None:
    await site.channel.post(PLACE, scene.question(), "daily")
    page = await visit(**PHONE, locale="de-DE")
    assert await page.evaluate("document.documentElement.lang") == "de"
    await expect(page.get_by_role("combobox", name="Befehl für Studybot")).to_have_attribute(
        "placeholder", "Schreib /quiz, um zu beginnen"
    )
    await page.get_by_role("button", name="B: 2(N").click()
    await expect(private(page)).to_contain_text("Das siehst nur du")
    await expect(page.locator(".entry.public time").last).to_have_text(re.compile(r"Mo\., 23\. Nov\., 01:00"))
    await page.locator("#who summary").click()
    assert await page.evaluate(CHECKS) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360


async def test_nothing_moves_for_those_who_asked_for_stillness(site: Site, visit: Visit) -> None:
    page = await visit(reduced_motion="reduce")
    await site.channel.post(PLACE, scene.question(), "daily")
    entry = page.locator(".entry.fresh")
    await expect(entry).to_be_visible()
    assert await entry.evaluate("e => parseFloat(getComputedStyle(e).animationDuration)") < 0.001


async def test_times_are_shown_in_the_readers_own_zone(site: Site, visit: Visit) -> None:
    await site.channel.post(PLACE, scene.question(), "daily")
    page = await visit()
    await expect(page.locator(".quiet time")).to_have_text(re.compile(r"Mon,? 23 Nov, 01:00"))


async def test_pictures_to_look_at(site: Site, visit: Visit, screenshots: Path) -> None:
    """The page as people see it, for README and reviewers; the assertions are in the other tests."""
    empty = await visit(**DESKTOP)
    await empty.screenshot(path=screenshots / "desktop-light-empty.png")
    await site.channel.post(PLACE, scene.picture(), "picture")
    await site.channel.post(PLACE, scene.question(), "daily")
    desktop = await visit(**DESKTOP, reduced_motion="reduce")
    await desktop.get_by_role("button", name="B: 2(N").click()
    await expect(private(desktop)).to_be_visible()
    await desktop.mouse.move(5, 400)
    await desktop.screenshot(path=screenshots / "desktop-light.png")
    await desktop.emulate_media(color_scheme="dark", reduced_motion="reduce")
    await desktop.get_by_role("combobox", name="Command for Studybot").fill("/quiz leaderboard")
    await desktop.keyboard.press("Enter")
    await expect(private(desktop)).to_have_count(2)
    await desktop.screenshot(path=screenshots / "desktop-dark.png")
    await desktop.keyboard.type("/quiz play ")
    await expect(desktop.locator("#suggestions [role=option]")).to_have_count(4)
    await desktop.keyboard.press("ArrowDown")
    await desktop.screenshot(path=screenshots / "completion.png")
    phone = await visit(**PHONE, person="Ada", reduced_motion="reduce")
    await phone.get_by_role("button", name="A: (N").click()
    await expect(private(phone)).to_be_visible()
    await phone.screenshot(path=screenshots / "phone-light.png")
    await phone.emulate_media(color_scheme="dark", reduced_motion="reduce")
    await phone.get_by_role("button", name="Explain it").click()
    await expect(phone.get_by_role("dialog")).to_be_visible()
    await phone.screenshot(path=screenshots / "phone-dark.png")
    assert len(list(screenshots.glob("*.png"))) >= 6
