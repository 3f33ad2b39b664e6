"""A person at the page without scripts, and what a person who means harm can send."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

import pytest

from adapters.web.client import PLACE
from bot.events import Command, Completion, Event, Press, Submit
from bot.messages import (
    Action,
    Answer,
    Button,
    Buttons,
    Choice,
    Choices,
    File,
    Form,
    Message,
    Picture,
    SelectInput,
    TextInput,
)
from tests.adapters.contract import ADA, EXPLAIN, GRACE, QUESTION, VERDICT
from tests.adapters.web import screen
from tests.adapters.web.bench import FORM, WebBench

PNG = b"\x89PNG\r\n\x1a\n picture"


async def test_the_whole_way_without_scripts(bench: WebBench) -> None:
    def answer(event: Event) -> Answer:
        match event:
            case Press(action=Action("answer")):
                return VERDICT
            case Press(action=Action("explain")):
                return EXPLAIN
            case Submit():
                return Message.of("3 of 4")
        return None

    bench.answer = answer
    ref = await bench.platform.post(PLACE, QUESTION, "daily")
    await bench.press(ADA, ref.message, "A")
    verdict = (await bench.seen(ADA))[-1]
    await bench.press(ADA, verdict.id, "Explain")
    assert await bench.form(ADA) == "In your own words"
    await bench.fill(ADA, {"answer": "Larger batches."})
    last = (await bench.seen(ADA))[-1]
    assert (last.id, "3 of 4" in last.text) == (verdict.id, True)


async def test_after_a_press_the_browser_stands_at_the_answer_and_reloading_sends_nothing_again(
    bench: WebBench,
) -> None:
    bench.answer = lambda _: VERDICT
    ref = await bench.platform.post(PLACE, QUESTION, "daily")
    browser = await bench.browser(ADA)
    browser.follow_redirects = False
    form = {"who": "2", "entry": ref.message, "action": "answer:7:A"}
    response = await browser.post("/press", data=form, headers=FORM)
    shown = (await bench.seen(ADA))[-1]
    assert (response.status_code, response.headers["location"]) == (303, f"/#m{shown.id}")


@pytest.mark.parametrize("action", ["answer:7:Z", "answer:8:A", "guessed:7", "forget", "", "A B", "a:" * 60, "\udcff"])
async def test_a_button_that_the_message_does_not_offer_reaches_nothing(bench: WebBench, action: str) -> None:
    ref = await bench.platform.post(PLACE, QUESTION, "daily")
    await bench.forge(ADA, ref.message, action.encode("utf-8", "replace").decode())
    assert bench.events == []
    assert "That button is from an older version; nothing was recorded." in (await bench.seen(ADA))[-1].text


@pytest.mark.parametrize("entry", ["", "0", "-1", "9" * 30, "1 OR 1=1", "²", "999"])
async def test_a_message_that_is_not_there_can_not_be_pressed(bench: WebBench, entry: str) -> None:
    await bench.platform.post(PLACE, QUESTION, "daily")
    browser = await bench.browser(ADA)
    await browser.post("/press", data={"who": "2", "entry": entry, "action": "answer:7:A"}, headers=FORM)
    assert bench.events == []
    assert "older version" in (await bench.seen(ADA))[-1].text


async def test_a_button_carries_no_values_and_a_menu_only_its_own(bench: WebBench) -> None:
    ref = await bench.platform.post(PLACE, QUESTION, "daily")
    browser = await bench.browser(ADA)
    form = {"who": "2", "entry": ref.message, "action": "answer:7:A", "value": "B"}
    await browser.post("/press", data=form, headers=FORM)
    assert bench.events == []


async def test_nobody_presses_reads_or_dismisses_anothers_private_message(bench: WebBench) -> None:
    picture = Message.of("Yours", Picture(PNG, "a picture"), Buttons.of(Button("Go", Action.of("go"))))
    bench.answer = lambda _: picture
    await bench.command(ADA, "/quiz stats")
    (mine,) = await bench.seen(ADA)
    source = (await bench.look(ADA)).named("picture")[0].attrs["src"]
    grace = await bench.browser(GRACE)
    assert (await grace.get(source)).status_code == 404
    bench.events.clear()
    bench.answer = lambda _: None
    await grace.post("/press", data={"who": "3", "entry": mine.id, "action": "go"}, headers=FORM)
    await grace.post("/dismiss", data={"who": "3", "entry": mine.id}, headers=FORM)
    assert bench.events == []
    assert [seen.id for seen in await bench.seen(ADA)] == [mine.id]


async def test_a_form_that_was_shown_to_another_is_not_taken(bench: WebBench) -> None:
    bench.answer = lambda _: EXPLAIN
    await bench.command(ADA, "/quiz today")
    bench.events.clear()
    grace = await bench.browser(GRACE)
    await grace.post("/submit", data={"who": "3", "form": "1", "field.answer": "mine now"}, headers=FORM)
    assert bench.events == []
    assert "That form is from an older version" in (await bench.seen(GRACE))[-1].text


async def test_a_form_opened_before_a_restart_is_still_answered(bench: WebBench) -> None:
    bench.answer = lambda event: EXPLAIN if isinstance(event, Command) else Message.of("4 of 4")
    await bench.command(ADA, "/quiz today")
    await bench.restart()
    await bench.fill(ADA, {"answer": "Larger batches."})
    assert "4 of 4" in (await bench.seen(ADA))[-1].text


async def test_a_form_that_can_not_be_taken_comes_back_with_what_was_typed(bench: WebBench) -> None:
    form = Form(
        "Settings",
        (
            TextInput("name", "Name", most=5),
            TextInput("note", "Note", long=True),
            SelectInput("level", "Level", (Choice("Easy", "easy"), Choice("Hard", "hard"))),
        ),
        Action.of("save"),
    )
    bench.answer = lambda event: form if isinstance(event, Command) else None
    await bench.command(ADA, "/quiz today")
    bench.events.clear()
    await bench.fill(ADA, {"name": "too long", "note": " ", "level": "other"})
    assert bench.events == []
    dialog = bench._screens[ADA].all("dialog")[0]
    assert [fault.label for fault in dialog.named("fault")] == [
        "This has 8 characters; 5 can be sent.",
        "Please write something here.",
        "Please choose one of these.",
    ]
    assert any(field.attrs.get("value") == "too long" for field in dialog.all("input"))
    await bench.fill(ADA, {"name": "Ada", "note": "a\nb", "level": "hard"})
    (event,) = bench.events
    assert isinstance(event, Submit)
    assert dict(event.fields) == {"name": "Ada", "note": "a\nb", "level": "hard"}


async def test_a_dismissed_message_is_gone_and_its_buttons_with_it(bench: WebBench) -> None:
    bench.answer = lambda _: VERDICT
    await bench.command(ADA, "/quiz today")
    (article,) = (await bench.look(ADA)).all("article")
    await bench.send(ADA, article.named("only")[0].all("form")[0])
    assert await bench.seen(ADA) == []
    await bench.send(ADA, article.named("buttons")[0], action="guessed:7")
    assert len(bench.events) == 1
    assert "older version" in (await bench.seen(ADA))[-1].text


async def test_the_command_is_echoed_to_the_asker(bench: WebBench) -> None:
    bench.answer = lambda _: VERDICT
    await bench.command(ADA, "/quiz today")
    assert "You used /quiz today" in (await bench.look(ADA)).named("said")[0].label


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("hello there", "I only understand commands here. Type /quiz"),
        ("/play", "There is no /play here. Every command starts with /quiz."),
        ("/quiz pley", "Did you mean /quiz play?"),
        ("/quiz play colour:red", "/quiz play doesn’t know"),
        ("/quiz " + "x" * 3000, "too long for a command"),
    ],
)
async def test_what_is_no_command_is_answered_with_what_to_do(bench: WebBench, typed: str, told: str) -> None:
    await bench.command(ADA, typed)
    assert bench.events == []
    (seen,) = await bench.seen(ADA)
    assert told in seen.text


@pytest.mark.parametrize(
    "content",
    [
        b"who=2&text=%ff%fe",
        b"who=2&text=%00",
        b"who=2&text=%ED%A0%80",
        b"who=2&text=\xff\xfe\xed\xa0\x80",
        b"who=2&text=/quiz+play+" + b"a" * 10_000,
        b"who=2&text=/quiz+play+" + quote("“ ").encode() * 900,
        b"who=2&text=/quiz+leaderboard&field.x=1&__proto__=2&text=again",
        b"&&&=&who=2&=x",
        b"who=2&" + b"a=1&" * 5000,
        b"who=" + b"9" * 5000,
        b"",
    ],
)
@pytest.mark.parametrize("path", ["/command", "/press", "/react", "/submit", "/dismiss", "/who", "/people"])
async def test_broken_input_is_never_a_500(bench: WebBench, path: str, content: bytes) -> None:
    bench.answer = lambda _: VERDICT
    browser = await bench.browser(ADA)
    assert (await browser.post(path, content=content, headers=FORM)).status_code < 500
    assert (await browser.get("/")).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/?before=²&form=9999999999999999999999",
        "/?before=-1",
        "/pictures/99999999999999999999999/x.png",
        "/pictures/a/%ff",
        "/suggest?text=%ff%00",
        "/suggest",
        "/stream/x",
        "/%ff",
        "/%00",
    ],
)
async def test_broken_addresses_are_never_a_500(bench: WebBench, path: str) -> None:
    headers = {b"cookie": b"who=\xff\xb2;;=", b"accept-language": b"\xff;q=x"}
    assert (await bench.stranger().get(path, headers=headers)).status_code < 500


async def test_a_hostile_name_is_shown_as_it_is(bench: WebBench) -> None:
    browser = await bench.browser(ADA)
    name = "<script>alert(1)</script>\u202e'\""
    response = await browser.post("/people", data={"name": name}, headers=FORM)
    page = screen.read(response.text)
    assert page.named("as")[0].label == "You are <script>alert(1)</script>'\""
    assert len(page.all("script")) == 1


async def test_a_known_name_is_the_same_person_and_an_empty_one_nobody(bench: WebBench) -> None:
    browser = await bench.browser(ADA)
    await browser.post("/people", data={"name": "grace"}, headers=FORM)
    assert "Grace" in screen.who((await browser.get("/")).text)
    assert (await browser.post("/people", data={"name": "  "}, headers=FORM)).status_code == 422
    assert (await browser.post("/who", data={"person": "77"}, headers=FORM)).status_code == 404


async def test_no_more_people_than_the_channel_holds(bench: WebBench) -> None:
    browser = await bench.browser(ADA)
    statuses = [(await browser.post("/people", data={"name": f"n{i}"}, headers=FORM)).status_code for i in range(48)]
    assert statuses == [200] * 47 + [409]


async def test_a_page_made_for_one_person_does_not_speak_for_another(bench: WebBench) -> None:
    ref = await bench.platform.post(PLACE, QUESTION, "daily")
    browser = await bench.browser(ADA)
    form = {"who": "3", "entry": ref.message, "action": "answer:7:A"}
    assert (await browser.post("/press", data=form, headers=FORM)).status_code == 200
    answer = await browser.post("/press", data=form, headers={**FORM, "accept": "application/json"})
    assert (answer.status_code, answer.json()) == (409, {"reload": True})
    assert bench.events == []


async def test_the_actor_speaks_the_browsers_language_and_may_do_everything(bench: WebBench) -> None:
    browser = await bench.browser(ADA)
    headers = {**FORM, "accept-language": "de-AT,de;q=0.9,en;q=0.8"}
    await browser.post("/command", data={"who": "2", "text": "/quiz"}, headers=headers)
    (event,) = bench.events
    assert isinstance(event, Command)
    actor = event.actor
    assert (actor.platform, actor.workspace, actor.id, actor.name) == ("web", "local", "2", "Ada")
    assert (actor.locale, actor.is_admin, actor.tz) == ("de-AT", True, None)


async def test_a_picture_is_served_as_what_it_is(bench: WebBench) -> None:
    await bench.platform.post(PLACE, Message.of(Picture(PNG, 'He said "4 > 3"')), "picture")
    (image,) = (await bench.look(ADA)).named("picture")
    assert image.attrs["alt"] == 'He said "4 > 3"'
    response = await (await bench.browser(ADA)).get(image.attrs["src"])
    assert (response.content, response.headers["content-type"]) == (PNG, "image/png")
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_a_file_is_a_download_of_its_asker_alone(bench: WebBench) -> None:
    page = b"<script>alert(1)</script>"
    bench.answer = lambda _: Message.of("Yours", File(page, "all.html", "text/html"))
    await bench.command(ADA, "/quiz today")
    (mine,) = await bench.seen(ADA)
    assert "all.html" in mine.text
    address = f"/files/{mine.id}/all.html"
    response = await (await bench.browser(ADA)).get(address)
    assert response.content == page
    assert response.headers["content-disposition"] == 'attachment; filename="all.html"'
    assert response.headers["x-content-type-options"] == "nosniff"
    assert (await (await bench.browser(GRACE)).get(address)).status_code == 404
    assert (await (await bench.browser(ADA)).get(f"/files/{mine.id}/other.html")).status_code == 404


async def test_the_composer_is_completed_from_the_commands(bench: WebBench) -> None:
    browser = bench.stranger()
    found = (await browser.get("/suggest", params={"text": "/quiz le"})).json()
    assert [each["text"] for each in found] == ["/quiz leaderboard "]
    assert (await browser.get("/suggest", params={"text": "hello"})).json() == []
    assert len((await browser.get("/suggest", params={"text": "/"})).json()) > 3
    assert bench.events == []


async def test_a_value_that_only_a_feature_knows_is_asked_for(bench: WebBench) -> None:
    bench.answer = lambda _: Choices((Choice("Big networks", "big networks"),))
    browser = await bench.browser(ADA)
    found = (await browser.get("/suggest", params={"text": "/quiz play deck:ne"})).json()
    assert found == [{"label": "Big networks", "text": '/quiz play deck:"big networks" ', "note": ""}]
    (event,) = bench.events
    assert isinstance(event, Completion)
    assert (event.path, event.option, event.typed, event.actor.name) == (("play",), "deck", "ne", ADA)


async def test_a_slow_answer_holds_up_nobody_else(bench: WebBench) -> None:
    wait = asyncio.Event()
    quick = bench.handle

    async def handle(event: Event) -> Answer:
        if isinstance(event, Command) and event.actor.name == ADA:
            await wait.wait()
        return await quick(event)

    bench.platform._handle = handle
    bench.answer = lambda _: VERDICT
    await bench.browser(ADA)
    slow = asyncio.create_task(bench.command(ADA, "/quiz today"))
    await bench.command(GRACE, "/quiz today")
    assert len(await bench.seen(GRACE)) == 1
    assert not slow.done()
    wait.set()
    await slow
    assert len(await bench.seen(ADA)) == 1


async def test_while_the_bot_is_not_running_the_page_says_so(bench: WebBench) -> None:
    bench._running.cancel()
    await asyncio.wait([bench._running])
    response = await (await bench.browser(ADA)).post("/command", data={"who": "2", "text": "/quiz"}, headers=FORM)
    assert response.status_code == 503
    assert "nothing was recorded" in response.text


async def test_a_bug_is_told_with_an_id_that_the_log_has(bench: WebBench, caplog: pytest.LogCaptureFixture) -> None:
    def fail(_: Event) -> Answer:
        raise ZeroDivisionError

    bench.answer = fail
    browser = await bench.browser(ADA)
    browser._transport.raise_app_exceptions = False  # type: ignore[attr-defined]
    response = await browser.post("/command", data={"who": "2", "text": "/quiz"}, headers=FORM)
    assert response.status_code == 500
    assert response.headers["x-content-type-options"] == "nosniff"
    number = response.text.partition("logged as ")[2].partition(".")[0]
    assert len(number) == 8
    assert number in caplog.text


async def test_the_scripts_answer_has_what_changed_and_the_form(bench: WebBench) -> None:
    bench.answer = lambda event: VERDICT if isinstance(event, Command) else EXPLAIN
    browser = await bench.browser(ADA)
    headers = {**FORM, "accept": "application/json"}
    first = (await browser.post("/command", data={"who": "2", "text": "/quiz", "since": "0"}, headers=headers)).json()
    (change,) = first["changes"]
    assert (change["id"], change["changed"], first["dialog"]) == (first["shown"], 1, None)
    assert "✅ Correct" in screen.read(change["html"]).text
    form = {"who": "2", "entry": str(change["id"]), "action": "explain:7", "since": "1"}
    second = (await browser.post("/press", data=form, headers=headers)).json()
    assert second["changes"] == []
    assert screen.read(second["dialog"]).all("h2")[0].label == "In your own words"


async def test_older_messages_stand_on_pages_of_their_own(bench: WebBench) -> None:
    for number in range(103):
        await bench.platform.post(PLACE, Message.of(f"Message {number}."), f"k{number}")
    page = await bench.look(ADA)
    assert len(page.all("article")) == 100
    earlier = page.named("pages")[0].all("a")[0].attrs["href"]
    older = await bench.look(ADA, earlier)
    assert [article.named("card")[0].text.strip() for article in older.all("article")] == [
        "Message 0.",
        "Message 1.",
        "Message 2.",
    ]
