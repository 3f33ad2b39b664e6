"""A real server, a real browser."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, BrowserContext, Page, async_playwright
from starlette.applications import Starlette

from adapters.web.client import WebChannel
from tests.browser import scene

DESKTOP = {"viewport": {"width": 1200, "height": 860}}
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}

CHECKS = (Path(__file__).parent / "checks.js").read_text()
"""A script whose value is the list of what is wrong on the screen."""

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    found = os.environ.get("STUDYBOT_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        pytest.skip(
            "no Chromium: install it (Debian: apt-get install chromium) or set STUDYBOT_CHROMIUM to its program"
        )
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=ARGS)
        yield browser
        await browser.close()


class Site:
    """The channel, served on a port of the system's choice."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self.channel = WebChannel(self.path, self.port)
        config = uvicorn.Config(
            Starlette(routes=self.channel.routes),
            log_config=None,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=3,
        )
        self.server = uvicorn.Server(config)
        self.server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
        self.running = asyncio.create_task(self.channel.run(scene.handle))
        self.serving = asyncio.create_task(self.server.serve(sockets=[self.socket.dup()]))
        while not self.server.started:
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        self.running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.running
        self.server.should_exit = True
        await self.serving


@pytest_asyncio.fixture(loop_scope="session")
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    site = Site(tmp_path / "web.db")
    await site.start()
    yield site
    await site.stop()
    site.socket.close()


Visit = Callable[..., Awaitable[Page]]


@pytest.fixture
def complaints() -> list[str]:
    """What browsers wrote to their consoles as errors and warnings, breaches of the page's CSP among them."""
    return []


@pytest_asyncio.fixture(loop_scope="session")
async def visit(chromium: Browser, site: Site, complaints: list[str]) -> AsyncIterator[Visit]:
    """Opens the page in a browser of its own, and fails the test for any complaint in its console."""
    contexts: list[BrowserContext] = []

    async def open_page(path: str = "/", *, person: str | None = None, **options: Any) -> Page:
        context = await chromium.new_context(**{"locale": "en-GB", "timezone_id": "Europe/Vienna"} | options)
        context.set_default_timeout(8000)
        contexts.append(context)
        page = await context.new_page()
        page.on("console", lambda line: complaints.append(line.text) if line.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(site.url + path)
        if person is not None:
            await page.locator("#who summary").click()
            await page.get_by_role("button", name=person, exact=True).click()
            await page.get_by_text(f"You are {person}").wait_for(state="attached")
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def screenshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = os.environ.get("STUDYBOT_SCREENSHOTS")
    if folder is None:
        return tmp_path_factory.mktemp("screenshots")
    Path(folder).mkdir(parents=True, exist_ok=True)
    return Path(folder)
