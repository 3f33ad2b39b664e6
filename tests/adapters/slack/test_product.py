"""The product on Slack, over Socket Mode and over HTTP: real features, a real store, the real library, people who use it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.slack import groups
from adapters.slack.client import SlackPlatform
from adapters.slack.emoji import to_name
from adapters.slack.manifest import manifest
from adapters.slack.ways import Credentials, Way
from bot.app import App
from bot.events import Place
from bot.examiner import Examiner
from bot.features.desk import Desk
from bot.platform import Platform
from bot.quizmaster import Quizmaster
from bot.steward import Steward
from bot.store import schedules
from bot.store.ballots import Ballots
from bot.store.database import Database
from bot.store.schedules import Mode, Plan
from bot.timetable import Timetable
from bot.world import World
from tests.adapters.slack.bench import Server, Vault
from tests.decks import SHELF, shelf
from tests.emulators.slack.client import Slack
from tests.emulators.slack.people import Person
from tests.emulators.slack.seen import Answer, Message
from tests.emulators.slack.workspaces import Channel, Workspace

WAYS = (Way.SOCKET, Way.HTTP)


@dataclass
class Town:
    """A workspace with a running bot, whose clock the test sets."""

    workspace: Workspace
    channel: Channel
    timetable: Timetable
    place: Place
    now: datetime
    examiner: Examiner
    quizmaster: Quizmaster

    async def post(self) -> Message:
        """The newest public message."""
        return (await self.channel.messages())[-1]

    async def ticks(self, **later: float) -> None:
        self.now += timedelta(**later)
        await self.timetable.tick()
        await self.quizmaster.tick()

    async def person(self, name: str, **about: Any) -> Person:
        return await self.workspace.person(name, channels=[self.channel], **about)


async def signed_in(slack: Slack, way: Way, server: Server | None) -> tuple[Workspace, Credentials]:
    """A workspace with the app as its manifest says, and what the operator has set."""
    url = server.url if server else ""
    await slack.manifest(manifest(way, Credentials(public_url=url)))
    workspace = await slack.workspace("Study Hall")
    token = (await workspace.install()).token
    secret = {"app_token": slack.app_token} if way is Way.SOCKET else {"signing_secret": slack.signing_secret}
    return workspace, Credentials(bot_token=token, api_url=slack.api, public_url=url, **secret)


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> Way:
    found: Way = request.param
    return found


@pytest.fixture
def cards() -> tuple[str, ...]:
    """Of which the deck consists; empty: all of the small deck."""
    return ()


@pytest.fixture
def mode() -> Mode:
    return Mode.BUTTONS


@pytest.fixture
async def town(slack: Slack, way: Way, cards: tuple[str, ...], mode: Mode, tmp_path: Path) -> AsyncIterator[Town]:
    decks = shelf(*cards) if cards else SHELF
    server = Server() if way is Way.HTTP else None
    workspace, credentials = await signed_in(slack, way, server)
    database = await Database.open(f"sqlite:///{tmp_path / 'studybot.db'}")
    ballots = Ballots(database)
    desk = Desk(database, ballots, "UTC")
    platform = SlackPlatform(credentials, Vault())
    platforms: dict[str, Platform] = {platform.name: platform}
    town: Town
    world = World(database, desk, decks, platforms, lambda: town.now, random.Random(7))
    steward = Steward(world)
    app, timetable = App(world, steward), Timetable(world, steward)
    channel = await workspace.channel("daily")
    place = Place("slack", workspace.id, channel.id)
    town = Town(
        workspace,
        channel,
        timetable,
        place,
        datetime.now(UTC).replace(second=0, microsecond=0),
        app.examiner,
        app.quizmaster,
    )
    community = await desk.community(place, town.now)
    async with database.write() as tx:
        plan = Plan(place, f"{town.now:%H:%M}", "UTC", mode=mode, open_minutes=23 * 60)
        await schedules.make(tx, community.id, plan, (town.now.date(), town.now), town.now)
    if server is not None:
        await server.start(platform)
    running = asyncio.create_task(platform.run(app.handle))
    if way is Way.SOCKET:
        await slack.until_connected()
    await channel.invite_bot()
    yield town
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    if server is not None:
        await server.stop()
    await ballots.stop()
    await database.close()


async def heard(slack: Slack, *kinds: str) -> None:
    """Wait until the bot is through with all events of these kinds."""
    for kind in kinds:
        async with asyncio.timeout(10):
            while not all(event["replies"] for event in await slack.events(kind)):
                await asyncio.sleep(0.02)


async def answered(person: Person, town: Town, opened: Answer) -> Message:
    """The private message that answers a form, once it is there: what was said to who opened it."""
    before = (await person.look(opened)).raw["changes"]
    async with asyncio.timeout(10):
        while not (now := await person.look(opened)).messages and now.raw["changes"] == before:
            await asyncio.sleep(0.02)
    return (await person.private_messages(town.channel))[-1]


async def ann(town: Town) -> Person:
    return await town.person("Ann")


@pytest.mark.parametrize("cards", [("ring",)])
async def test_the_daily_question_from_its_posting_to_its_results(town: Town) -> None:
    await town.ticks()
    post = await town.post()
    assert post.text.startswith("Question of the day\nA small deck · advanced · closes ")
    assert "A\u2002S / N\nB\u20022(N−1)/N · S\nC\u2002N · S" in post.text
    assert "2(N−1)/N · S" in post.fallback
    assert post.buttons == ["A", "B", "C", "Hint"]
    one, two = await ann(town), await town.person("*Bob* <!channel>")
    right = await one.press(post, "B")
    assert right.message.ephemeral
    assert right.message.text.startswith("✅ Correct · +20 points · 🔥 1 day in a row")
    assert "2(N−1)/N · S" in right.message.text
    wrong = await two.press(post, "C")
    assert "That is everything to everyone." in wrong.message.text
    again = await two.press(post, "B")
    assert "That answer stands" in again.message.text
    guessed = await one.press(right.message, "I guessed")
    assert guessed.message.ts == right.message.ts
    await town.ticks(hours=23)
    closed = await town.post()
    assert closed.ts == post.ts
    assert "Question of the day · closed" in closed.text
    assert "2 people answered, 1 got it right" in closed.text
    board = await two.command(town.channel, "/quiz leaderboard period:all public:yes", until="message")
    assert "Posted for everyone here." in [message.text for message in board.messages]
    public = await town.post()
    assert "Leaderboard, all time" in public.text
    assert "*Bob* <!channel>" in public.text
    assert public.pings == []


@pytest.mark.parametrize("cards", [("sync",)])
async def test_a_live_round_from_its_lobby_to_the_podium(town: Town) -> None:
    host, player = await ann(town), await town.person("Bob")
    begun = await host.command(town.channel, "/quiz live small seconds:10")
    assert "The lobby is open" in begun.message.text
    lobby = await town.post()
    assert lobby.text.startswith("Live round: A small deck\n1 question · 10 seconds each\nHost: Ann")
    assert lobby.buttons == ["Join", "Start", "Stop"]
    joined = await player.press(lobby, "Join")
    assert joined.message.ephemeral
    assert "Only who began this round" in (await player.press(lobby, "Start")).message.text
    await host.press(lobby, "Start", until="acked")
    await town.quizmaster.tick()
    question = await town.post()
    assert question.ts == lobby.ts
    assert question.text.startswith("Question 1 of 1\n⏳ 10 seconds · ends ")
    assert question.buttons == ["True", "False"]
    town.now += timedelta(seconds=6)
    await player.press(question, "True", until="acked")
    town.now += timedelta(seconds=2)
    await town.quizmaster.tick()
    assert "🔒 1 answer: " in (await town.post()).text
    town.now += timedelta(seconds=4)
    await town.quizmaster.tick()
    reveal = await town.post()
    assert "1 person answered, 1 got it right." in reveal.text
    assert "750" in reveal.fallback
    mine = await player.press(reveal, "How I did")
    assert mine.message.text.startswith("✅ Correct · +750\nYou are 1 of 1 with 750 points")
    town.now += timedelta(seconds=13)
    await town.quizmaster.tick()
    podium = await town.post()
    assert podium.ts == lobby.ts
    assert "🏆 Bob won with 750 points." in podium.text


@pytest.mark.parametrize("cards", [("ring",)])
async def test_a_corrected_key_is_shown_and_whom_it_concerns_is_told(town: Town) -> None:
    await town.ticks()
    person, admin = await ann(town), await town.person("Olga", is_admin=True)
    post = await town.post()
    wrong = await person.press(post, "C")
    assert "Report a problem" in wrong.message.buttons
    link = f"<https://study.slack.com/archives/{town.channel.id}/p{post.ts.replace('.', '')}>"
    asked = await admin.command(town.channel, f"/quiz fix C post:{link}")
    assert "B → C; 1 answer of 1 changes." in asked.message.text
    done = await admin.press(asked.message, "Correct it")
    assert done.message.text.startswith("Corrected. 1 answer of 1 got another grade")
    await town.examiner.look()
    (told,) = await person.direct_messages()
    assert "It is right after all: +20 points." in told.text
    await town.ticks(hours=23)
    assert "Corrected: an admin has changed the right answer" in (await town.post()).text


@pytest.mark.parametrize("cards", [("ring",)])
@pytest.mark.parametrize("mode", [Mode.REACTIONS])
async def test_reactions_are_answers(town: Town, slack: Slack) -> None:
    await town.ticks()
    post = await town.post()
    one, two, three = await ann(town), await town.person("Bob"), await town.person("Cem")
    assert list(await town.channel.reactions(post)) == [to_name(emoji) for emoji in ("1️⃣", "2️⃣", "3️⃣")]
    await one.react(post, "two")
    await two.react(post, "one")
    await three.react(post, "two")
    await three.unreact(post, "two")
    await heard(slack, "reaction_removed", "reaction_added")
    await town.ticks(hours=23)
    closed = await town.post()
    assert "2 people answered, 1 got it right" in closed.text


@pytest.mark.parametrize("cards", [("why",)])
async def test_an_answer_in_ones_own_words_goes_through_a_form(town: Town) -> None:
    await town.ticks()
    person = await ann(town)
    opened = await person.press(await town.post(), "Answer")
    assert opened.view.title == "Your answer"
    words = {"text": "The batch is split and every device has a full copy of the model."}
    sent = await person.submit(opened, words, until="acked")
    assert sent.error is None
    answer = await answered(person, town, opened)
    assert answer.ephemeral
    assert "You got 2 of 2" in answer.text


async def test_practice_goes_from_card_to_card_in_one_message(town: Town) -> None:
    person = await ann(town)
    shown = (await person.command(town.channel, "/quiz play count:8")).message
    first = shown.ts
    for _ in range(60):
        assert (shown.ts, shown.ephemeral) == (first, True)
        labels = shown.buttons
        if "Retry the missed ones" in labels or "Practise more" in labels:
            break
        if "Answer" in labels:
            opened = await person.press(shown, "Answer")
            fields = [block["block_id"] for block in opened.view.blocks if block["type"] == "input"]
            await person.submit(opened, dict.fromkeys(fields, "DCBA"), until="acked")
            shown = await answered(person, town, opened)
        else:
            ways = ("Next", "Summary", "Send", "Reveal", "Good", "True", "A")
            shown = (await person.press(shown, next(way for way in ways if way in labels))).message
    assert "Practice done" in shown.text
    assert len(await person.private_messages(town.channel)) == 1


async def test_every_command_is_answered_in_private(town: Town) -> None:
    await town.ticks()
    before = len(await town.channel.messages())
    person = await ann(town)
    for command in (
        "",
        " help",
        " help schedule",
        " today",
        " review",
        " leaderboard",
        " stats",
        " deck",
        ' deck show "small"',
    ):
        assert (await person.command(town.channel, f"/quiz{command}")).message.ephemeral
    slip = await person.command(town.channel, "/quiz leaderbord")
    assert "Did you mean /quiz leaderboard?" in slip.message.text
    hostile = await person.command(town.channel, "/quiz payload=<!channel>&command=x")
    assert "There is no /quiz payload=" in hostile.message.text
    assert len(await town.channel.messages()) == before


async def test_an_admin_sets_up_a_question_for_another_channel_and_nobody_else_does(town: Town) -> None:
    other = await town.workspace.channel("other")
    await other.invite_bot()
    typed = f"/quiz schedule set time:09:00 channel:<#{other.id}|other>"
    anyone = await ann(town)
    refused = await anyone.command(town.channel, typed)
    assert "admin" in refused.message.text
    olga = await town.person("Olga", is_admin=True)
    done = await olga.command(town.channel, typed, until="message")
    assert "#other" in done.message.text
    assert "If it can’t be posted, you are told." in done.message.text
    telling = f"/quiz schedule set id:2 tell:<@{anyone.id}|ann>"
    assert "I haven’t met them yet." in (await olga.command(town.channel, telling, until="message")).message.text
    await anyone.command(town.channel, "/quiz")
    named = await olga.command(town.channel, telling, until="message")
    assert "If it can’t be posted, Ann is told." in named.message.text
    away = await town.workspace.channel("away")
    absent = await olga.command(town.channel, typed.replace(other.id, away.id), until="message")
    assert "/invite @Studybot" in absent.message.text
    failed = await olga.press(absent.message, "Post one now", until="message")
    assert "I could not post that: I am not in the channel." in failed.message.text
    await away.invite_bot()
    again = await olga.press(failed.message, "Try again", until="message")
    assert "Posted in #away" in again.message.text
    assert len(await away.messages()) == 1


async def test_an_admin_sets_up_one_question_for_several_channels(town: Town) -> None:
    hall, talk = await town.workspace.channel("hall"), await town.workspace.channel("talk")
    await hall.invite_bot()
    olga = await town.person("Olga", is_admin=True)
    typed = f"/quiz schedule set time:09:00 channel:<#{hall.id}|hall>, <#{talk.id}|talk>"
    done = await olga.command(town.channel, typed, until="message")
    assert "#hall and #talk, from" in done.message.text
    assert "⚠️ #talk: I am not in the channel." in done.message.text
    now = await olga.press(done.message, "Post one now", until="message")
    assert "⚠️ Not in #talk: I am not in the channel." in now.message.text
    assert "Posted in #hall. It is" in now.message.text
    assert [len(await channel.messages()) for channel in (hall, talk)] == [1, 0]


@pytest.mark.parametrize("cards", [("ring",)])
async def test_the_home_tab_shows_where_one_stands_and_what_is_pressed_there_stays_there(town: Town) -> None:
    await town.ticks()
    person = await ann(town)
    home = (await person.open_home()).view
    assert "Where you stand" in home.text
    decks = (await person.press(home, "Decks")).view
    assert "A small deck" in decks.text
    back = (await person.press(decks, "Back to the start")).view
    assert "Where you stand" in back.text
    assert "Back to the start" not in back.buttons
    assert await person.direct_messages() == []
    assert len(await town.channel.messages()) == 1


@pytest.mark.parametrize("cards", [("ring",)])
async def test_an_admin_sees_the_daily_questions_in_the_home_tab_and_nobody_is_one_in_private_messages(
    town: Town,
) -> None:
    olga, person = await town.person("Olga", is_admin=True), await ann(town)
    home = (await olga.open_home()).view
    assert "Daily questions\n#daily · Every day at" in home.text
    listed = (await olga.press(home, "Daily questions")).view
    assert "1 · #daily · Every day at" in listed.text
    shown = (await olga.press(listed, "Show 1")).view
    paused = (await olga.press(shown, "Pause")).view
    assert "paused by an admin" in paused.text
    assert "Daily question 1 goes on" in (await olga.press(paused, "Resume")).view.text
    plain = (await person.open_home()).view
    assert "Daily questions" not in plain.text
    refused = "In private messages nobody is an admin. Use this in the channel that it is for."
    for typed in ("schedule set time:11", "schedule list", "schedule pause"):
        answer = await olga.command(None, f"/quiz {typed}")
        assert answer.message.text == refused
    asked = await olga.command(None, "/quiz")
    assert "Daily questions" not in asked.message.buttons
    assert "1 · #daily" in (await olga.command(town.channel, "/quiz schedule list")).message.text


@pytest.mark.parametrize("cards", [("ring",)])
async def test_who_mentions_the_bot_is_shown_home_in_private(town: Town, slack: Slack) -> None:
    await town.ticks()
    person = await ann(town)
    bot = (await slack.until_event("member_joined_channel"))["authorizations"][0]["user_id"]
    await person.say(town.channel, f"<@{bot}> what is this?")
    await slack.until_event("app_mention")
    async with asyncio.timeout(10):
        while not (shown := await person.private_messages(town.channel)):
            await asyncio.sleep(0.02)
    assert "Where you stand" in shown[0].text
    assert "Daily questions" not in shown[0].buttons
    assert (
        "✅ Correct"
        in (await person.press((await person.press(shown[0], "Today’s question")).message, "B")).message.text
    )
    assert len(await town.channel.messages()) == 2, "the question, and what was said"


FORGED = ("answer:1:Z", "answer:999:B", "answer:x:B", "answer:1", "sent:1", "nonsense", "pick:1:A:B", "")


@pytest.mark.parametrize("cards", [("ring",)])
async def test_a_forged_press_is_answered_and_records_nothing(town: Town) -> None:
    await town.ticks()
    person = await ann(town)
    for value in FORGED:
        forged = await person.forge_press(town.channel, value or "none", value=value, message=await town.post())
        assert "nothing was recorded" in forged.message.text
    right = await person.press(await town.post(), "B")
    assert "✅ Correct" in right.message.text, "the first answer that counts"


@pytest.mark.parametrize("cards", [("ring",)])
async def test_a_question_whose_answer_was_lost_on_the_way_stands_once(town: Town, slack: Slack) -> None:
    await slack.dropped("chat.postMessage", after_effect=True, times=2)
    await town.ticks()
    await town.ticks(minutes=2)
    assert len(await town.channel.messages()) == 1
    answer = await (await ann(town)).press(await town.post(), "B")
    assert "✅ Correct" in answer.message.text


@pytest.mark.parametrize("cards", [("ring",)])
async def test_a_channel_that_the_bot_was_put_out_of_is_paused_and_goes_on_when_it_is_invited(
    town: Town, slack: Slack
) -> None:
    await town.ticks()
    person = await ann(town)
    await person.press(await town.post(), "B")
    await town.channel.kick_bot()
    shown = await person.command(town.channel, "/quiz leaderboard public:yes", until="message")
    assert "/invite @Studybot" in shown.message.text
    assert "Where you stand" in (await person.command(town.channel, "/quiz")).message.text
    await town.ticks(days=1)
    assert len(await town.channel.messages()) == 1
    await town.channel.invite_bot()
    async with asyncio.timeout(20):
        while len(await town.channel.messages()) == 1:
            await town.ticks(seconds=1)
            await asyncio.sleep(0.2)


@pytest.mark.parametrize("cards", [("ring",)])
async def test_a_hundred_presses_by_one_person_at_once_count_once(town: Town) -> None:
    await town.ticks()
    post, person = await town.post(), await ann(town)
    presses = (person.press(post, "ABC"[n % 3], until="message", wait=20) for n in range(100))
    answers = [answer.message.text for answer in await asyncio.gather(*presses)]
    assert sum("That answer stands" in answer for answer in answers) == 99


async def test_a_user_groups_members_are_admins_as_slack_and_the_settings_say(town: Town) -> None:
    olga, mo = await town.person("Olga", is_admin=True), await town.person("Mo")
    mods = await town.workspace.usergroup("mods", [mo])
    named = await olga.command(town.channel, f"/quiz settings admins:<!subteam^{mods}|@mods>")
    assert "Admins of this place, and everyone in mods" in named.message.text
    page = await mo.command(town.channel, "/quiz settings")
    assert page.message.text.startswith("Settings\n")
    opened = await mo.press(page.message, "Boards, streaks, live")
    sent = await mo.submit(opened, {"boards": "Off"}, until="acked")
    assert sent.error is None
    assert "Leaderboards  Off" in (await answered(mo, town, opened)).text
    board = await mo.command(town.channel, "/quiz leaderboard")
    assert "Leaderboards are switched off here." in board.message.text


@pytest.mark.parametrize("cards", [("ring",)])
async def test_a_user_groups_members_are_a_team_as_slack_says(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "BELIEVED", 0.0)
    olga, mo, ann = await town.person("Olga", is_admin=True), await town.person("Mo"), await town.person("Ann")
    red = await town.workspace.usergroup("red", [mo])
    await olga.command(town.channel, "/quiz team create Red Pandas")
    bound = await olga.command(town.channel, f"/quiz team bind Red Pandas <!subteam^{red}|@red>")
    assert bound.message.text.startswith("Whoever is in @red is in Red Pandas from now on")
    await town.ticks(minutes=1)
    for person in (mo, ann):
        await person.press(await town.post(), "B")
    assert "In it: Mo." in (await olga.command(town.channel, "/quiz team show Red Pandas")).message.text
    await town.workspace.change_usergroup(red, [ann])
    await town.ticks(minutes=11)
    assert "In it: Ann." in (await olga.command(town.channel, "/quiz team show Red Pandas")).message.text
    refused = await mo.command(town.channel, "/quiz team join Red Pandas")
    assert "Red Pandas goes by @red" in refused.message.text
    await town.workspace.disable_usergroup(red)
    await town.ticks(minutes=11)
    assert (
        "You are in Red Pandas, with 1 other."
        in (await mo.command(town.channel, "/quiz team join Red Pandas")).message.text
    )


async def test_an_admin_closes_a_season_and_lets_it_go_on(town: Town) -> None:
    town.now = town.now.replace(month=11, day=10)  # on a quarter's last day there is nothing to close
    anyone, olga = await ann(town), await town.person("Olga", is_admin=True)
    assert "is for admins" in (await anyone.command(town.channel, "/quiz season close")).message.text
    asked = await olga.command(town.channel, "/quiz season close")
    done = await olga.press(asked.message, "Close it")
    assert "Its last day is 10 November, and the next one begins" in done.message.text
    shown = await anyone.command(town.channel, "/quiz season")
    assert "An admin has closed it: its last day is 10 November" in shown.message.text
    assert (await olga.press(done.message, "Undo")).message.text.startswith("The season goes on")


async def test_slack_is_answered_in_the_persons_language(town: Town) -> None:
    karl = await town.person("Karl", locale="de-DE", is_admin=True)
    home = await karl.command(town.channel, "/quiz")
    assert "Wo du stehst" in home.message.text
    mistyped = await karl.command(town.channel, "/quiz stts")
    assert mistyped.message.text.startswith("/quiz stts gibt es nicht. Meinst du /quiz stats")
    page = await karl.command(town.channel, "/quiz settings")
    opened = await karl.press(page.message, "Zeit und Sprache")
    assert opened.view.title == "Zeit und Sprache"
    assert opened.view.raw["close"]["text"] == "Abbrechen"
