"""What the browser gets to see: the page, its live stream, pictures and files, and every way of saying no."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse

from adapters.web import gate, parse, render
from adapters.web.assets import Assets
from adapters.web.channel import PAGE, Channel, Full, OpenForm, Person
from adapters.web.desk import Desk
from adapters.web.entries import Entry
from adapters.web.live import Streams
from bot.messages import File, Picture
from bot.words import N_, _

log = logging.getLogger(__name__)

_FOR_EVER = "public, max-age=31536000, immutable"

_TITLES = {
    404: N_("Nothing here"),
    413: N_("Too long"),
    421: N_("Not this address"),
    503: N_("One moment"),
}


_OURS = {"Not Found": N_("There is no such page."), "Method Not Allowed": N_("That can’t be done here.")}
"""Starlette's own words, as sentences."""


class Elsewhere(Exception):
    """The page was someone's, and this browser has become someone else since."""


def wants_json(request: Request) -> bool:
    """Whether the page's script asks, which shows what changed by itself."""
    return "application/json" in request.headers.get("accept", "")


def _as_person(person: Person) -> Response:
    """From now on this browser is `person`."""
    response = RedirectResponse("/", 303)
    response.set_cookie("who", str(person.id), max_age=365 * 24 * 3600, httponly=True, samesite="strict")
    return response


class Pages:
    def __init__(self, desk: Desk, streams: Streams, community: str) -> None:
        self._desk = desk
        self._streams = streams
        self._assets = Assets()
        self._community = community

    # ------------------------------------------------ who asks, and with what

    async def people(self, request: Request) -> tuple[Person, list[Person]]:
        """Whom the cookie names, or the first person; and everyone."""
        everyone = await self._desk.ask(Channel.people)
        who = parse.number(request.cookies.get("who", ""))
        return next((person for person in everyone if person.id == who), everyone[0]), everyone

    async def fields(self, request: Request) -> parse.Sent:
        try:
            return parse.Sent(await gate.body(request))
        except ValueError:
            raise HTTPException(400, _("That form has more fields than any of ours.")) from None

    async def sent(self, request: Request) -> tuple[parse.Sent, Person]:
        """What a form of the page sent, and who sent it. Elsewhere when the page was made for someone else."""
        sent = await self.fields(request)
        me, _all = await self.people(request)
        if sent.number("who") != me.id:
            raise Elsewhere
        return sent, me

    async def become(self, request: Request) -> Response:
        sent = await self.fields(request)
        _me, everyone = await self.people(request)
        if (person := next((each for each in everyone if each.id == sent.number("person")), None)) is None:
            raise HTTPException(404, _("There is nobody like that here."))
        return _as_person(person)

    async def add_person(self, request: Request) -> Response:
        name = (await self.fields(request)).one("name").strip()
        if not name:
            raise HTTPException(422, _("A person needs a name."))
        try:
            return _as_person(await self._desk.ask(Channel.add_person, name))
        except Full:
            raise HTTPException(409, _("There are as many people here as there can be.")) from None

    # ------------------------------------------------ what they get

    async def page(self, request: Request) -> Response:
        me, _all = await self.people(request)
        form = parse.number(request.query_params.get("form", ""))
        opened = await self._desk.ask(Channel.form, form, me.id)
        return await self._whole(request, None if opened is None else render.Dialog(opened, {}, {}))

    async def stream(self, request: Request) -> Response:
        """Everything that changes for this person from `since` on."""
        me, _all = await self.people(request)
        if self._streams.full:
            raise HTTPException(503, _("The channel is open in too many tabs."), {"retry-after": "15"})
        asked = request.query_params
        same = parse.number(asked.get("who", "")) == me.id

        async def changes(since: int) -> Sequence[dict[str, Any]] | None:
            news = await self._desk.ask(Channel.changes, me.id, since) if same else None
            return None if news is None else [self._change(entry, me) for entry in news]

        events = self._streams.events(self._assets.root, parse.number(asked.get("since", "")), changes)
        return StreamingResponse(events, media_type="text/event-stream", headers={"x-accel-buffering": "no"})

    async def picture(self, request: Request) -> Response:
        me, _all = await self.people(request)
        name = request.path_params["name"]
        entry = await self._desk.ask(Channel.entry, parse.number(request.path_params["entry"]), me.id)
        for block in entry.message.blocks if entry and entry.message else ():
            if isinstance(block, Picture) and render.picture_name(block) == name:
                headers = {"cache-control": "private, max-age=31536000, immutable"}
                return Response(block.content, media_type=block.media_type, headers=headers)
        raise HTTPException(404, _("This picture is no longer shown."))

    async def file(self, request: Request) -> Response:
        """A file to keep; it is never shown as a page of ours, whatever is in it."""
        me, _all = await self.people(request)
        name = request.path_params["name"]
        entry = await self._desk.ask(Channel.entry, parse.number(request.path_params["entry"]), me.id)
        for block in entry.message.blocks if entry and entry.message else ():
            if isinstance(block, File) and block.name == name:
                kept = {"cache-control": "private, no-store", "content-disposition": f'attachment; filename="{name}"'}
                return Response(block.content, media_type=block.media_type, headers=kept)
        raise HTTPException(404, _("This file is no longer here."))

    async def static(self, request: Request) -> Response:
        name = request.path_params["name"]
        content = self._assets.files.get(name)
        if content is None or request.path_params["version"] != self._assets.version:
            raise HTTPException(404, _("There is no such file."))
        headers = {"cache-control": _FOR_EVER, "content-type": self._assets.media_type(name)}
        return Response(content, headers=headers)

    async def done(
        self,
        request: Request,
        sent: parse.Sent,
        me: Person,
        *,
        shown: int | None = None,
        at: int | None = None,
        opened: OpenForm | None = None,
        faulty: parse.Faulty | None = None,
    ) -> Response:
        """After a form was sent: what changed and the form to fill, for the script; otherwise the page again, at the
        message `shown`, or where the person was: `at`.
        """
        dialog = None
        if opened is not None:
            dialog = render.Dialog(opened, faulty.faults if faulty else {}, faulty.typed if faulty else {})
        status = 422 if faulty else 200
        if wants_json(request):
            news = await self._desk.ask(Channel.changes, me.id, sent.number("since"))
            return JSONResponse(
                {
                    "changes": [self._change(entry, me) for entry in news or ()],
                    "shown": shown,
                    "dialog": None if dialog is None else render.dialog(dialog, me),
                },
                status,
            )
        if faulty:
            return await self._whole(request, dialog, status)
        if opened is not None:
            return RedirectResponse(f"/?form={opened.id}", 303)
        return RedirectResponse(f"/#m{shown or at}" if shown or at else "/", 303)

    async def _whole(self, request: Request, dialog: render.Dialog | None, status: int = 200) -> Response:
        me, everyone = await self.people(request)
        before = parse.number(request.query_params.get("before", "")) or None
        entries, latest = await self._desk.ask(Channel.shown, me.id, before)
        view = render.View(
            community=_(self._community),
            channel=parse.PLACE.channel,
            me=me,
            people=everyone,
            entries=entries,
            latest=latest,
            static=self._assets.root,
            earlier=entries[0].id if len(entries) == PAGE else None,
            past=before is not None,
            dialog=dialog,
        )
        return HTMLResponse(render.page(view), status)

    def _change(self, entry: Entry, me: Person) -> dict[str, Any]:
        html = render.entry(entry, me, self._assets.root) if entry.message else None
        return {"id": entry.id, "changed": entry.changed, "html": html}

    # ------------------------------------------------ saying no

    def error(self, request: Request, status: int, sentence: str) -> Response:
        if wants_json(request):
            return JSONResponse({"error": sentence}, status)
        title = _(_TITLES.get(status, N_("That didn’t work")))
        return HTMLResponse(render.error(title, sentence, self._assets.root), status)

    async def refused(self, request: Request, why: Exception) -> Response:
        assert isinstance(why, HTTPException)
        response = self.error(request, why.status_code, _(_OURS[why.detail]) if why.detail in _OURS else why.detail)
        response.headers.update(why.headers or {})
        return response

    async def elsewhere(self, request: Request, why: Exception) -> Response:
        return JSONResponse({"reload": True}, 409) if wants_json(request) else RedirectResponse("/", 303)

    async def unavailable(self, request: Request, why: Exception) -> Response:
        log.error("%s", why)
        return self.error(
            request, 503, _("The channel’s memory can’t be reached just now. Please try again in a moment.")
        )

    async def broken(self, request: Request, why: Exception) -> Response:
        """A bug of ours. The log gets its trace from the server, under the id that the person sees."""
        number = secrets.token_hex(4)
        log.error("error %s in the browser channel", number)
        return self.error(
            request,
            500,
            _("Something went wrong here, and it was logged as {number}. Please try again.", number=number),
        )
