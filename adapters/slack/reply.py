"""One person's answer: in the acknowledgement where that shows it, else through the response address, else by itself.

Whatever they pressed, they alone see it. In the place of a private message that they acted on it replaces that; in the
Home tab it replaces what stands there.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import errors, parse, render, source, spot
from adapters.slack import payload as read
from adapters.slack.access import Access
from adapters.slack.api import SpentAddress
from adapters.slack.channels import is_direct
from adapters.slack.courtesy import Courtesy
from adapters.slack.origin import Origin
from adapters.slack.payload import Payload
from adapters.slack.posts import Posts
from adapters.slack.render import Drawing
from adapters.slack.spot import HOME
from adapters.slack.uploads import Uploads
from bot.events import Command, Completion, Event, Press, Submit
from bot.messages import LIMITS, Action, Answer, Block, Button, Buttons, Choices, File, Form, Message, Text
from bot.platform import Forbidden, Missing, PlatformError, SignedOut, Unavailable
from bot.words import ENGLISH, N_, _, known, speaking

log = logging.getLogger(__name__)

Body: TypeAlias = dict[str, Any]

PATIENCE = 2.0
"""Seconds for an answer before Slack is told that the deed has arrived; it waits for 3."""

WITHIN = 12.0
"""Seconds of trying to bring one answer out."""

LATE_FORM = N_("That took me too long, so Slack would not let me open the form. Please try again.")


@dataclass(frozen=True, slots=True)
class Means:
    """What answers are brought out with."""

    access: Access
    posts: Posts
    uploads: Uploads
    courtesy: Courtesy


class Reply:
    """The answer to one deed. `acknowledged` is done when Slack can be told, with the body that it gets."""

    def __init__(self, payload: Payload, means: Means) -> None:
        self._payload = payload
        self._means = means
        self._event: Event | None = None
        self.acknowledged: asyncio.Future[Body | None] = asyncio.get_running_loop().create_future()
        means.courtesy.arrived()

    def acknowledge(self, body: Body | None = None) -> bool:
        """Tell Slack that the deed has arrived. False when it has been told before, and so no body can go along."""
        if self.acknowledged.done():
            return False
        self.acknowledged.set_result(body)
        self._means.courtesy.acknowledged()
        return True

    async def run(
        self, understand: Callable[[Payload], Awaitable[Event | None]], handle: Callable[[Event], Awaitable[Answer]]
    ) -> None:
        """Answer, whatever happens. Nothing but the end of the process leaves a person without a reply."""
        try:
            answer = await self._answer(understand, handle)
            with speaking(self._language):
                await self._show(answer)
        except (Unavailable, Missing, Forbidden, SignedOut) as error:
            log.warning("no answer brought out to %s: %s", self._payload.get("type", "a command"), error)
        except parse.Unclear as unclear:  # it doesn't even say where an answer could be shown
            log.warning("nowhere to answer %s: %s", self._payload.get("type", "a command"), unclear)
        except Exception:  # the message is at fault, not the moment: another one may pass
            await self._apologise()
        finally:
            self.acknowledge()

    @property
    def _language(self) -> str:
        """Theirs; until Slack has said which that is, English."""
        if isinstance(self._event, Command | Completion | Press | Submit):
            return known(self._event.actor.locale) or ENGLISH
        return ENGLISH

    async def _answer(
        self, understand: Callable[[Payload], Awaitable[Event | None]], handle: Callable[[Event], Awaitable[Answer]]
    ) -> Answer:
        try:
            self._event = await understand(self._payload)
            return None if self._event is None else await handle(self._event)
        except parse.Unclear as unclear:
            return Message.of(str(unclear))

    # ------------------------------------------------ the answer

    async def _show(self, answer: Answer) -> None:
        match answer:
            case _ if not spot.shows(self._payload):
                self.acknowledge()
            case _ if self._payload.get("type") == "block_suggestion":
                choices = answer if isinstance(answer, Choices) else Choices()
                self.acknowledge({"options": [each.to_dict() for each in render.to_options(choices)]})
            case Message():
                await self._message(answer)
            case Form():
                await self._form(answer)
            case _:
                self.acknowledge()

    async def _message(self, message: Message) -> None:
        origin = spot.origin(self._payload, self._event)
        if any(isinstance(block, File) for block in message.blocks):
            self.acknowledge()
            message = await self._handed_over(message, origin)
        if origin.message == HOME:
            self.acknowledge()
            await self._publish(message, origin)
            return
        if self._by_acknowledgement:
            drawing = render.to_blocks(message)
            if not drawing.uploads and self.acknowledge(_private(drawing, {}, None)):
                return
        self.acknowledge()
        await self._means.courtesy.turn()
        await self._say(render.to_blocks(message), origin)

    async def _handed_over(self, message: Message, origin: Origin) -> Message:
        """The message with a sentence for each of its files, which are in the private conversation by now."""
        blocks: list[Block] = []
        for block in message.blocks:
            if isinstance(block, File):
                blocks.append(Text.of(await self._handed(block, origin)))
            else:
                blocks.append(block)
        return replace(message, blocks=tuple(blocks))

    async def _handed(self, file: File, origin: Origin) -> str:
        try:
            await self._means.uploads.hand(origin.place.workspace, source.actor(self._payload).id, file)
        except PlatformError as error:
            log.warning("a file was not handed over: %s", error)
            return _("⚠️ I could not send you {file}: {problem}", file=file.name, problem=error.reason)
        return _("{file} is in our private conversation: you find it under Apps.", file=file.name)

    @property
    def _by_acknowledgement(self) -> bool:
        """A command's acknowledgement is shown to its asker."""
        return "command" in self._payload

    async def _say(self, drawing: Drawing, origin: Origin) -> None:
        files = await self._means.uploads.send(origin.place.workspace, drawing)
        if origin.response_url and time.time() < origin.until:
            body = _private(drawing, files, origin)
            try:
                await errors.insist(lambda: self._means.access.api.respond(origin.response_url, body), WITHIN)
            except SpentAddress as spent:
                log.info("%s The answer is a message of its own.", spent)
            else:
                return
        await self._anew(drawing, files, origin)

    async def _anew(self, drawing: Drawing, files: Mapping[int, str], origin: Origin) -> None:
        """A private message without a response address. In a channel it needs the bot to be there."""
        place, user = origin.place, source.actor(self._payload).id
        if is_direct(place.channel):
            await self._means.posts.say(place.workspace, place.channel, drawing)
            return
        await self._means.access.ask(
            place.workspace,
            lambda client: client.chat_postEphemeral(
                channel=place.channel,
                user=user,
                thread_ts=place.thread,
                text=drawing.text,
                blocks=drawing.payload(files),
            ),
            WITHIN,
        )

    async def _publish(self, message: Message, origin: Origin) -> None:
        """Show it in the Home tab, with a way back to where it begins."""
        view = render.to_home(self._with_way_back(message), replace(origin, response_url="").write())
        user = source.actor(self._payload).id
        await self._means.access.ask(
            origin.place.workspace, lambda client: client.views_publish(user_id=user, view=view), WITHIN
        )

    def _with_way_back(self, message: Message) -> Message:
        home = Action.of(HOME)
        begins = isinstance(self._event, Command) or (isinstance(self._event, Press) and self._event.action == home)
        if begins or home in message.actions or len(message.blocks) >= LIMITS.BLOCKS:
            return message
        return replace(message, blocks=(*message.blocks, Buttons.of(Button(_("Back to the start"), home))))

    async def _form(self, form: Form) -> None:
        """Open a form. What was sent may be answered by another form in its place; a trigger is good for three seconds."""
        origin = spot.origin(self._payload, self._event)
        modal = render.to_modal(form, origin.write())
        if isinstance(self._event, Submit):
            if self.acknowledge({"response_action": "update", "view": modal.to_dict()}):
                return
            await self._late(Message.of(_(LATE_FORM)), origin)
            return
        self.acknowledge()
        trigger = read.text(self._payload, "trigger_id")

        async def opened(client: AsyncWebClient) -> None:
            await client.views_open(trigger_id=trigger, view=modal)

        try:
            await self._means.access.once(origin.place.workspace, opened)
        except (errors.Unheard, Missing) as error:
            log.info("a form was not opened: %s", error)
            again = (
                [Buttons.of(Button(_("Open the form"), self._event.action))] if isinstance(self._event, Press) else []
            )
            await self._late(Message.of(_(LATE_FORM), *again), origin)

    async def _late(self, message: Message, origin: Origin) -> None:
        """In the Home tab, or beside the message that they acted on."""
        if origin.message == HOME:
            await self._publish(message, origin)
        else:
            await self._say(render.to_blocks(message), replace(origin, message=""))

    async def _apologise(self) -> None:
        problem = secrets.token_hex(3)
        log.exception("error %s while answering", problem)  # noqa: LOG004 - called while one is handled
        try:
            await self._show(
                Message.of(
                    _(
                        "Something went wrong on my side (error {problem}). Please try once more; if it happens again, "
                        "tell whoever runs this bot that number.",
                        problem=problem,
                    )
                )
            )
        except Exception:  # there is nothing left to try
            log.exception("error %s: no apology brought out", problem)


def _private(drawing: Drawing, files: Mapping[int, str], origin: Origin | None) -> Body:
    """A message for one person: in the place of the private one that they acted on, or anew."""
    body: Body = {"text": drawing.text, "blocks": drawing.payload(files)}
    if origin is not None and origin.message:
        return {"replace_original": True, **body}
    body |= {"response_type": "ephemeral"}
    if origin is not None:
        body |= {"replace_original": False}
        if origin.place.thread is not None:
            body |= {"thread_ts": origin.place.thread}
    return body
