"""A small app on the real slack_bolt that uses what the emulator offers."""

from __future__ import annotations

import asyncio
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

QUESTION: list[dict[str, Any]] = [
    {"type": "header", "text": {"type": "plain_text", "text": "What is 1 + 1?"}},
    {"type": "section", "text": {"type": "mrkdwn", "text": "*Choose* one &amp; only one."}},
    {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": f"answer:{name}",
                "value": name,
                "text": {"type": "plain_text", "text": name},
            }
            for name in "AB"
        ]
        + [
            {"type": "button", "action_id": "explain", "text": {"type": "plain_text", "text": "Explain"}},
            {
                "type": "static_select",
                "action_id": "menu",
                "placeholder": {"type": "plain_text", "text": "Which?"},
                "options": [
                    {"text": {"type": "plain_text", "text": name.title()}, "value": name} for name in ("one", "two")
                ],
            },
        ],
    },
]


def again(count: int) -> list[dict[str, Any]]:
    """A private message whose button changes it in place."""
    button = {
        "type": "button",
        "action_id": "again",
        "value": str(count),
        "text": {"type": "plain_text", "text": "Again"},
    }
    return [
        {"type": "section", "text": {"type": "plain_text", "text": f"Pressed {count} times"}},
        {"type": "actions", "elements": [button]},
    ]


def form(title: str = "Explain", **more: Any) -> dict[str, Any]:
    """A modal with a text, a choice and a menu that asks the app."""
    options = [{"text": {"type": "plain_text", "text": name}, "value": name.lower()} for name in ("Sure", "Guess")]
    elements: dict[str, dict[str, Any]] = {
        "Why?": {"type": "plain_text_input", "action_id": "why", "multiline": True, "max_length": 500},
        "How sure?": {"type": "radio_buttons", "action_id": "sure", "options": options},
        "Deck": {"type": "external_select", "action_id": "deck", "min_query_length": 1},
    }
    return {
        "type": "modal",
        "callback_id": "explain",
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [
            {
                "type": "input",
                "block_id": label.strip("?").lower(),
                "label": {"type": "plain_text", "text": label},
                "element": element,
                "optional": label != "Why?",
            }
            for label, element in elements.items()
        ],
        **more,
    }


class TestBot:
    """`heard` are the events, `closed` the modals that people closed."""

    __test__ = False

    def __init__(self, **options: Any) -> None:
        self.app = AsyncApp(**options)
        self.heard: list[dict[str, Any]] = []
        self.closed: list[dict[str, Any]] = []
        self.held = asyncio.Event()
        _commands(self)
        _actions(self)
        _views(self)
        for event in _EVENTS:
            self.app.event(event)(self._hear)

    async def _hear(self, body: dict[str, Any]) -> None:
        self.heard.append(body)

    @property
    def client(self) -> AsyncWebClient:
        return self.app.client

    async def ask(self, channel: str) -> str:
        """Post the question; its ts."""
        sent = await self.client.chat_postMessage(channel=channel, text="What is 1 + 1?", blocks=QUESTION)
        return str(sent["ts"])


_EVENTS = (
    *("app_mention", "app_uninstalled", "tokens_revoked", "message"),
    *("channel_archive", "channel_unarchive", "channel_deleted", "channel_rename", "channel_left"),
    *("group_archive", "group_left", "group_rename"),
    *("member_joined_channel", "member_left_channel", "reaction_added", "reaction_removed"),
    *("team_rename", "user_change"),
)


def _commands(bot: TestBot) -> None:
    @bot.app.command("/quiz")
    async def quiz(ack: Any, respond: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        verb = body["text"]
        if verb == "now":
            await ack({"text": "At once", "response_type": "ephemeral"})
        elif verb == "all":
            await ack({"text": "For all", "response_type": "in_channel"})
        elif verb == "form":
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=form())
        elif verb == "bad":
            await ack({"blocks": [{"type": "header", "text": {"type": "mrkdwn", "text": "No"}}], "text": "x"})
        elif verb == "silent":
            await bot.held.wait()
        elif verb == "many":
            await ack()
            for number in range(5):
                await respond(f"Part {number}")
        else:
            await ack()
            await respond(f"You said {verb}")


def _actions(bot: TestBot) -> None:
    @bot.app.action("answer:A")
    async def right(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="Pressed 0 times", blocks=again(0))

    @bot.app.action("answer:B")
    async def wrong(ack: Any, client: AsyncWebClient, body: dict[str, Any]) -> None:
        await ack()
        await client.chat_postEphemeral(channel=body["channel"]["id"], user=body["user"]["id"], text="Wrong")

    @bot.app.action("again")
    async def more(ack: Any, respond: Any, action: dict[str, Any]) -> None:
        await ack()
        count = int(action["value"]) + 1
        await respond(text=f"Pressed {count} times", blocks=again(count), replace_original=True)

    @bot.app.action("explain")
    async def explain(ack: Any, client: AsyncWebClient, body: dict[str, Any]) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form())

    @bot.app.action("menu")
    async def menu(ack: Any, respond: Any, action: dict[str, Any]) -> None:
        await ack()
        await respond(f"You chose {action['selected_option']['text']['text']}")

    @bot.app.action("more")
    async def push(ack: Any, client: AsyncWebClient, body: dict[str, Any]) -> None:
        await ack()
        await client.views_push(trigger_id=body["trigger_id"], view=form("More"))


def _views(bot: TestBot) -> None:
    @bot.app.view("explain")
    async def explained(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        values = body["view"]["state"]["values"]
        why = values["why"]["why"]["value"]
        if why == "because":
            await ack(response_action="errors", errors={"why": "Say more."})
        elif why == "next":
            await ack(response_action="update", view=form("Once more", notify_on_close=True))
        elif why == "push":
            await ack(response_action="push", view=form("On top"))
        elif why == "clear":
            await ack(response_action="clear")
        elif why == "nonsense":
            await ack(response_action="errors", errors={"elsewhere": "No such input"})
        else:
            await ack()
            await client.chat_postMessage(channel=body["user"]["id"], text=f"Thank you: {why}")

    @bot.app.view_closed("explain")
    async def closed(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        bot.closed.append(body)

    @bot.app.options("deck")
    async def decks(ack: Any, payload: dict[str, Any]) -> None:
        names = [name for name in ("Ring", "Tree", "Trie") if name.lower().startswith(payload["value"])]
        await ack(options=[{"text": {"type": "plain_text", "text": name}, "value": name.lower()} for name in names])

    @bot.app.event("app_home_opened")
    async def home(event: dict[str, Any], client: AsyncWebClient) -> None:
        button = {"type": "button", "action_id": "explain", "text": {"type": "plain_text", "text": "Explain"}}
        text = f"Welcome{' back' if 'view' in event else ''}"
        section = {"type": "section", "text": {"type": "plain_text", "text": text}, "accessory": button}
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [section]})

    @bot.app.shortcut("ask")
    async def ask(ack: Any, client: AsyncWebClient, body: dict[str, Any]) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form("Ask"))
