"""Drawings of numbers in a real browser: whole, legible on a phone, in the colours of its screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.async_api import expect

from bot.pictures.palette import PALETTES, Theme
from tests.browser.conftest import DESKTOP, PHONE, Visit
from tests.browser.scene import DRAWINGS

pytestmark = pytest.mark.asyncio(loop_scope="session")

WRONG = """
drawing => {
  const box = drawing.getBoundingClientRect();
  const found = [];
  for (const text of drawing.querySelectorAll("text")) {
    const at = text.getBoundingClientRect();
    const size = parseFloat(text.getAttribute("font-size")) * box.width / drawing.viewBox.baseVal.width;
    if (at.left < box.left - 1 || at.right > box.right + 1 || at.bottom > box.bottom + 1) found.push(["outside", text.textContent]);
    if (size < 12) found.push(["small", size, text.textContent]);
  }
  if (document.documentElement.scrollWidth > innerWidth) found.push(["wider than the screen"]);
  return found;
}
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_drawing_is_whole_and_legible_in_the_screen_s_own_colours(
    visit: Visit, screenshots: Path, scheme: Literal["light", "dark"]
) -> None:
    sizes: dict[str, dict[str, Any]] = {"desktop": DESKTOP, "phone": PHONE}
    for size, options in sizes.items():
        page = await visit(color_scheme=scheme, **options)
        for name in DRAWINGS:
            await page.get_by_role("combobox").fill(f"/quiz stats {name}")
            await page.keyboard.press("Escape")
            await page.keyboard.press("Enter")
            drawing = page.locator(".entry.private").last.get_by_role("img", name=DRAWINGS[name].alt[:40])
            await expect(drawing).to_be_visible()
            assert await drawing.evaluate(WRONG) == []
            await page.locator(".entry.private").last.screenshot(path=screenshots / f"{name}-{scheme}-{size}.png")
        ground = await drawing.locator("rect.ground").first.evaluate("rect => getComputedStyle(rect).fill")
        wanted = bytes.fromhex(PALETTES[Theme(scheme)].ground[1:])
        assert ground == f"rgb({', '.join(map(str, wanted))})"
