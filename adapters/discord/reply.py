"""One interaction's reply: at once where the answer is there in time, else a deferral that the answer follows."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import discord

from adapters.discord import callbacks, errors, parse, render, views
from adapters.discord.arrival import Arrival
from adapters.discord.callbacks import Callbacks
from adapters.discord.render import Drawing
from bot.events import Event, Press
from bot.messages import Answer, Button, Buttons, Choices, Form, Message, Picture
from bot.platform import Forbidden, Handle, Missing, PlatformError, SignedOut, Unavailable
from bot.words import ENGLISH, N_, _, known, speaking

log = logging.getLogger(__name__)

PATIENCE = 1.5
"""Seconds for an answer before the interaction is deferred; Discord waits for 3."""

WITHIN = 12.0
"""Seconds of trying to bring one reply out."""

_LATE_FORM = N_("That took me too long, so Discord would not let me open the form. Please try again.")


class Reply:
    """What one person gets to see of one interaction: in the place of a private message that they acted on, else anew."""

    def __init__(self, arrival: Arrival, callbacks: Callbacks) -> None:
        self._arrival = arrival
        self._callbacks = callbacks
        self._deferring: asyncio.Task[None] | None = None
        self._deferred = False

    async def run(self, handle: Handle) -> None:
        """Answer, whatever happens. Nothing but the end of the process leaves a person without a reply."""
        with speaking(known(self._arrival.locale) or ENGLISH):
            await self._run(handle)

    async def _run(self, handle: Handle) -> None:
        completes = self._arrival.kind is discord.InteractionType.autocomplete
        timer = None if completes else asyncio.get_running_loop().call_later(PATIENCE, self._late)
        event: Event | None = None
        try:
            event = self._arrival.to_event()
            answer = await handle(event)
        except parse.Unclear as unclear:
            answer = Message.of(str(unclear))
        except Exception:
            answer = _apology("while reading an interaction")
        if timer is not None:
            timer.cancel()
        try:
            await self._show(answer, event)
        except (Unavailable, Missing, Forbidden, SignedOut) as error:
            self._unheard(error)
        except Exception:  # the message is at fault, not the moment: another one may pass
            await self._try(self._message(_apology("while showing an answer")))

    # ------------------------------------------------ before the answer

    def _late(self) -> None:
        self._deferring = asyncio.create_task(self._try(self._defer(thinking=not self._arrival.in_place)))

    async def _defer(self, *, thinking: bool) -> None:
        """Say that an answer will come; without `thinking` nothing is seen of that, as it will stand where one stands."""
        if thinking:
            await self._respond(callbacks.DEFERRED_MESSAGE, {"flags": callbacks.EPHEMERAL})
        else:
            await self._respond(callbacks.DEFERRED_UPDATE, None)
        self._deferred = True

    # ------------------------------------------------ the answer

    async def _show(self, answer: Answer, event: Event | None) -> None:
        if self._deferring is not None:
            await self._deferring
        match answer:
            case Message():
                await self._message(answer)
            case Form():
                await self._form(answer, event)
            case Choices() | None if self._arrival.kind is discord.InteractionType.autocomplete:
                await self._suggest(answer or Choices())
            case _:
                await self._nothing()

    async def _message(self, message: Message) -> None:
        if self._arrival.kind is discord.InteractionType.autocomplete:
            await self._suggest(Choices())
            return
        drawing = render.to_components(message)
        if self._deferred:
            await self._send(
                lambda: self._arrival.interaction.edit_original_response(
                    view=views.Layout(drawing), attachments=views.files(drawing), allowed_mentions=views.NO_PINGS
                )
            )
        elif self._arrival.in_place:
            await self._respond(callbacks.UPDATE, _body(drawing), drawing)
        else:
            body = _body(drawing)
            body["flags"] |= callbacks.EPHEMERAL
            await self._respond(callbacks.MESSAGE, body, drawing)

    async def _form(self, form: Form, event: Event | None) -> None:
        """Open a form. Discord takes none after a deferral or on top of another: then a button that asks for it again."""
        opens = self._arrival.kind in (
            discord.InteractionType.application_command,
            discord.InteractionType.component,
        )
        if opens and not self._deferred:
            await self._respond(callbacks.MODAL, render.to_modal(form))
            return
        again = [Buttons.of(Button(_("Open the form"), event.action))] if isinstance(event, Press) else []
        late = Message.of(_(_LATE_FORM), *again)
        if not (self._deferred and self._arrival.in_place):
            await self._message(late)
            return
        drawing = render.to_components(late)  # beside the message that was pressed, whose buttons still work
        await self._send(
            lambda: self._arrival.interaction.followup.send(
                view=views.Layout(drawing), files=views.files(drawing), ephemeral=True, allowed_mentions=views.NO_PINGS
            )
        )

    async def _suggest(self, choices: Choices) -> None:
        await self._respond(callbacks.SUGGESTIONS, {"choices": render.to_choices(choices)})

    async def _nothing(self) -> None:
        """There is nothing to say: leave a message alone, and let no 'thinking …' stand."""
        thinking = not self._arrival.in_place
        if not self._deferred:
            thinking = not self._arrival.on_message
            await self._defer(thinking=thinking)
        if thinking:
            await self._send(self._arrival.interaction.delete_original_response)

    # ------------------------------------------------ to Discord

    async def _respond(self, kind: int, body: Mapping[str, Any] | None, drawing: Drawing | None = None) -> None:
        await self._send(
            lambda: self._callbacks.respond(
                self._arrival.id, self._arrival.token, kind, body, views.files(drawing) if drawing else ()
            )
        )

    async def _send(self, request: Callable[[], Awaitable[object]]) -> None:
        """One request, insisted upon. That a reply is there already, an attempt before or a second delivery made it."""

        async def attempt() -> None:
            try:
                await request()
            except discord.HTTPException as error:
                if error.code != errors.ACKNOWLEDGED:
                    raise

        await errors.insist(attempt, WITHIN)

    async def _try(self, showing: Awaitable[None]) -> None:
        try:
            await showing
        except PlatformError as error:
            self._unheard(error)

    def _unheard(self, error: PlatformError) -> None:
        log.warning("no reply to interaction %s: %s", self._arrival.id, error)


def _body(drawing: Drawing) -> dict[str, Any]:
    """A message of ours, for a response; pictures and files of before are gone."""
    return {
        "components": drawing.components,
        "flags": callbacks.COMPONENTS_V2,
        "allowed_mentions": {"parse": []},
        "attachments": [
            {"id": number, "filename": name} | ({"description": each.alt} if isinstance(each, Picture) else {})
            for number, (name, each) in enumerate(drawing.attached)
        ],
    }


def _apology(when: str) -> Message:
    problem = secrets.token_hex(3)
    log.exception("error %s %s", problem, when)  # noqa: LOG004 - called while one is handled
    return Message.of(
        _(
            "Something went wrong on my side (error {problem}). Please try once more; if it happens again, tell "
            "whoever runs this bot that number.",
            problem=problem,
        )
    )
