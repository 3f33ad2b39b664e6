"""A browser channel with people who use it without scripts: plain forms, cookies and redirects."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from adapters.web.client import PLACE, WebChannel
from bot.events import Event, MessageRef
from bot.messages import Answer
from tests.adapters.contract import Seen
from tests.adapters.web import screen

PORT = 8080
HOME = f"http://127.0.0.1:{PORT}"
FORM = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin", "origin": "null"}


class WebBench:
    place = PLACE
    gone = MessageRef(PLACE, "999999")

    def __init__(self, path: Path) -> None:
        self.path = path
        self.events: list[Event] = []
        self.answer: Callable[[Event], Answer] = lambda _: None
        self._browsers: dict[str, httpx.AsyncClient] = {}
        self._screens: dict[str, screen.Node] = {}

    async def start(self) -> None:
        self.platform = WebChannel(self.path, PORT)
        self._running = asyncio.create_task(self.platform.run(self.handle))
        self._browsers.clear()
        await asyncio.sleep(0)

    async def stop(self) -> None:
        self._running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._running
        for browser in self._browsers.values():
            await browser.aclose()

    async def restart(self) -> None:
        kept = {person: browser.cookies for person, browser in self._browsers.items()}
        await self.stop()
        await self.start()
        for person, cookies in kept.items():
            self._browsers[person] = self.stranger()
            self._browsers[person].cookies = cookies

    async def handle(self, event: Event) -> Answer:
        self.events.append(event)
        return self.answer(event)

    # ------------------------------------------------ a browser

    def stranger(self) -> httpx.AsyncClient:
        """A browser that has never been here."""
        transport = httpx.ASGITransport(app=self.platform.app)
        return httpx.AsyncClient(transport=transport, base_url=HOME, follow_redirects=True)

    async def browser(self, person: str) -> httpx.AsyncClient:
        if person not in self._browsers:
            browser = self._browsers[person] = self.stranger()
            page = screen.read((await browser.get("/")).text)
            buttons = [b for b in page.named("menu")[0].all("button") if b.attrs.get("name") == "person"]
            value = next(b.attrs["value"] for b in buttons if b.all("bdi")[0].label == person)
            await browser.post("/who", data={"person": value}, headers=FORM)
        return self._browsers[person]

    async def look(self, person: str, path: str = "/") -> screen.Node:
        response = await (await self.browser(person)).get(path)
        assert response.status_code == 200, response.text
        self._screens[person] = screen.read(response.text)
        return self._screens[person]

    async def send(self, person: str, form: screen.Node, **fields: Any) -> httpx.Response:
        """Send a form as it stands on someone's page, with these fields besides its hidden ones."""
        browser = await self.browser(person)
        response = await browser.post(form.attrs["action"], data={**form.hidden, **fields}, headers=FORM)
        self._screens[person] = screen.read(response.text)
        return response

    async def article(self, person: str, message: str) -> screen.Node:
        articles = (await self.look(person)).all("article")
        return next(article for article in articles if article.attrs["id"] == f"m{message}")

    # ------------------------------------------------ what the contract asks

    async def seen(self, person: str) -> list[Seen]:
        return [
            Seen(
                article.attrs["id"].removeprefix("m"),
                "Only you can see this" in article.text,
                article.named("card")[0].text,
                tuple(button.label for form in article.named("buttons") for button in form.all("button")),
            )
            for article in (await self.look(person)).all("article")
        ]

    async def form(self, person: str) -> str | None:
        if person not in self._screens:
            await self.look(person)
        dialogs = self._screens[person].all("dialog")
        return dialogs[0].all("h2")[0].label if dialogs else None

    async def command(self, person: str, text: str) -> None:
        composer = (await self.look(person)).named("composer")[0]
        await self.send(person, composer, text=text)

    async def press(self, person: str, message: str, label: str) -> None:
        for form in (await self.article(person, message)).named("buttons"):
            for button in form.all("button"):
                if button.label == label:
                    await self.send(person, form, action=button.attrs["value"])
                    return
        raise AssertionError(f"{person} sees no button {label}")

    async def forge(self, person: str, message: str, action: str) -> None:
        form = (await self.article(person, message)).named("buttons")[0]
        await self.send(person, form, action=action)

    async def choose(self, person: str, message: str, label: str) -> None:
        form = (await self.article(person, message)).named("select")[0]
        value = next(o.attrs["value"] for o in form.all("option") if o.label == label)
        await self.send(person, form, value=value)

    async def fill(self, person: str, fields: dict[str, str]) -> None:
        form = self._screens[person].all("dialog")[0].all("form")[0]
        typed = {f"field.{name}": text.replace("\n", "\r\n") for name, text in fields.items()}
        await self.send(person, form, **typed)

    async def react(self, person: str, message: str, emoji: str) -> None:
        """The page offers what stands under a message and nothing else, so the bot puts it there first where need be."""
        if emoji not in await self.emojis(person, message):
            await self.platform.react(MessageRef(PLACE, message), emoji)
        await self._toggle("add", person, message, emoji)

    async def unreact(self, person: str, message: str, emoji: str) -> None:
        await self._toggle("remove", person, message, emoji)

    async def emojis(self, person: str, message: str) -> tuple[str, ...]:
        return tuple(button.attrs["value"] for button in await self.chips(person, message))

    async def chips(self, person: str, message: str) -> list[screen.Node]:
        """The buttons under a message, one for each emoji."""
        return [
            button for form in (await self.article(person, message)).named("reactions") for button in form.all("button")
        ]

    async def _toggle(self, name: str, person: str, message: str, emoji: str) -> None:
        (form,) = (await self.article(person, message)).named("reactions")
        for button in form.all("button"):
            if (button.attrs["name"], button.attrs["value"]) == (name, emoji):
                await self.send(person, form, **{name: emoji})
                return
        raise AssertionError(f"{person} sees no {emoji} to {name}")
