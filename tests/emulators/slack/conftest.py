"""An emulator for all of these tests, empty again for each of them, and the real slack_bolt pointed at it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack

import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.web.async_client import AsyncWebClient

from tests.emulators.slack.client import Slack, connected, started
from tests.emulators.slack.errors import Json
from tests.emulators.slack.manifest import usual
from tests.emulators.slack.people import Person
from tests.emulators.slack.testbot import TestBot
from tests.emulators.slack.workspaces import Channel, Installed, Workspace


@pytest.fixture(scope="session")
def emulator() -> Iterator[Json]:
    with started() as ready:
        yield ready


@pytest.fixture
async def slack(emulator: Json) -> AsyncIterator[Slack]:
    """The emulator, empty. A violation that the test didn't expect fails it."""
    async with connected(emulator) as control:
        await control.reset()
        # A busy machine's pauses are nobody's silence; the tests of the rules themselves move the clock.
        await control.settings(acknowledge=60, trigger_life=60)
        yield control
        await control.assert_no_violations()


@pytest.fixture
async def workspace(slack: Slack) -> Workspace:
    await slack.manifest(usual())
    return await slack.workspace()


@pytest.fixture
async def installed(workspace: Workspace) -> Installed:
    return await workspace.install()


@pytest.fixture
async def ann(workspace: Workspace) -> Person:
    return await workspace.person("Ann", is_admin=True)


@pytest.fixture
async def channel(workspace: Workspace, installed: Installed, ann: Person) -> Channel:
    """A public channel with Ann and the app in it."""
    made = await workspace.channel(members=[ann])
    await made.invite_bot(by=ann)
    return made


@pytest.fixture
def web_client(slack: Slack, installed: Installed) -> AsyncWebClient:
    """The real client with the bot's token, which repeats nothing by itself."""
    return AsyncWebClient(installed.token, base_url=slack.api, retry_handlers=[])


@pytest.fixture
async def connect(slack: Slack) -> AsyncIterator[Callable[[Installed], Awaitable[TestBot]]]:
    """Start the test app over Socket Mode."""
    async with AsyncExitStack() as stack:

        async def start(installed: Installed) -> TestBot:
            client = AsyncWebClient(installed.token, base_url=slack.api)
            bot = TestBot(client=client)
            handler = AsyncSocketModeHandler(bot.app, slack.app_token, ping_interval=0.3)
            stack.push_async_callback(handler.close_async)
            await handler.connect_async()  # type: ignore[no-untyped-call]
            await slack.until_connected()
            return bot

        yield start


@pytest.fixture
async def bot(connect: Callable[[Installed], Awaitable[TestBot]], installed: Installed) -> TestBot:
    """The test app over Socket Mode."""
    return await connect(installed)


@pytest.fixture
async def web_bot(slack: Slack, installed: Installed) -> AsyncIterator[TestBot]:
    """The test app over HTTP."""
    bot = TestBot(
        client=AsyncWebClient(installed.token, base_url=slack.api),
        signing_secret=slack.signing_secret,
    )

    async def answer(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await bot.app.async_dispatch(await to_bolt_request(request)))

    application = web.Application()
    application.router.add_post("/slack/events", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    await slack.manifest(usual(f"http://127.0.0.1:{port}/slack/events"))
    yield bot
    bot.held.set()
    await runner.cleanup()


@pytest.fixture(params=["bot", "web_bot"])
def any_bot(request: pytest.FixtureRequest, channel: Channel) -> TestBot:
    """The same app over either transport."""
    bot: TestBot = request.getfixturevalue(request.param)
    return bot
