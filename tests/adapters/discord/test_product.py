"""The product on Discord: real features, a real store, the real library, and people who use it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from adapters.discord.client import DiscordPlatform
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
from bot.timetable import Timetable
from bot.world import World
from tests.adapters.discord.bench import text
from tests.decks import SHELF, shelf
from tests.emulators.discord.client import Discord
from tests.emulators.discord.people import Person
from tests.emulators.discord.seen import Message
from tests.emulators.discord.servers import Channel, Guild


@dataclass
class Town:
    """A server with a running bot, whose clock the test sets."""

    guild: Guild
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


@pytest.fixture
async def town(discord: Discord, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Town]:
    cards: tuple[str, ...] = getattr(request, "param", ())
    decks = shelf(*cards) if cards else SHELF
    guild = await discord.guild("Study Hall")
    channel = await guild.channel("daily")
    place = Place("discord", guild.id, channel.id)
    database = await Database.open(f"sqlite:///{tmp_path / 'studybot.db'}")
    ballots = Ballots(database)
    desk = Desk(database, ballots, "UTC")
    platform = DiscordPlatform(discord.token, discord.api)
    platforms: dict[str, Platform] = {platform.name: platform}
    town: Town
    chance = random.Random(7)
    world = World(database, desk, decks, platforms, lambda: town.now, chance)
    steward = Steward(world)
    app, timetable = App(world, steward), Timetable(world, steward)
    town = Town(
        guild,
        channel,
        timetable,
        place,
        datetime.now(UTC).replace(second=0, microsecond=0),
        app.examiner,
        app.quizmaster,
    )
    community = await desk.community(place, town.now)
    async with database.write() as tx:
        due = (town.now.date(), town.now)
        await schedules.ensure(tx, community.id, place, f"{town.now:%H:%M}", "UTC", 23 * 60, due, town.now)
    running = asyncio.create_task(platform.run(app.handle))
    await discord.until_connected()
    yield town
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    await ballots.stop()
    await database.close()


async def ann(town: Town) -> Person:
    return await town.guild.person("Ann")


@pytest.mark.parametrize("town", [("ring",)], indirect=True)
async def test_the_daily_question_from_its_posting_to_its_results(town: Town) -> None:
    await town.ticks()
    post = await town.post()
    assert text(post).startswith("Question of the day\nA small deck · advanced · closes <t:")
    assert "A\u2002S / N\nB\u20022(N−1)/N · S\nC\u2002N · S" in text(post)
    assert post.buttons == ["A", "B", "C", "Hint"]
    one, two = await ann(town), await town.guild.person("*Bob* @everyone")
    right = await one.press(post, "B")
    assert right.message.ephemeral
    assert text(right.message).startswith("✅ Correct · +20 points · 🔥 1 day in a row")
    assert "2(N−1)/N · S" in text(right.message)
    wrong = await two.press(post, "C")
    assert "That is everything to everyone." in text(wrong.message)
    again = await two.press(post, "B")
    assert "That answer stands" in text(again.message)
    guessed = await one.press(right.message, "I guessed")
    assert guessed.message.id == right.message.id
    await town.ticks(hours=23)
    closed = await town.post()
    assert closed.id == post.id
    assert "Question of the day · closed" in text(closed)
    assert "2 people answered, 1 got it right" in text(closed)
    board = await two.command(town.channel, "/quiz leaderboard", period="all", public=True)
    assert text(board.message) == "Posted for everyone here."
    public = text(await town.post())
    assert "Leaderboard, all time" in public
    assert "*Bob* @everyone" in public


@pytest.mark.parametrize("town", [("sync",)], indirect=True)
async def test_a_live_round_from_its_lobby_to_the_podium(town: Town) -> None:
    host, player = await ann(town), await town.guild.person("Bob")
    begun = await host.command(town.channel, "/quiz live", deck="small", seconds=10)
    assert begun.message.ephemeral
    assert "The lobby is open" in text(begun.message)
    lobby = await town.post()
    assert text(lobby).startswith("Live round: A small deck\n1 question · 10 seconds each\nHost: Ann")
    assert f"It begins <t:{int(town.now.timestamp()) + 60}:R>." in text(lobby)
    assert lobby.buttons == ["Join", "Start", "Stop"]
    joined = await player.press(lobby, "Join")
    assert joined.message.ephemeral
    assert "Only who began this round" in text((await player.press(lobby, "Start")).message)
    await host.press(lobby, "Start", until="answered")
    await town.quizmaster.tick()
    question = await town.post()
    assert question.id == lobby.id
    assert text(question).startswith("Question 1 of 1\n⏳ 10 seconds · ends <t:")
    assert question.buttons == ["True", "False"]
    town.now += timedelta(seconds=6)
    locked = await player.press(question, "True", until="answered")
    assert locked.response == 6, "nothing is said that would push the question away"
    town.now += timedelta(seconds=2)
    await town.quizmaster.tick()
    assert "🔒 1 answer: " in text(await town.post())
    town.now += timedelta(seconds=4)
    await town.quizmaster.tick()
    reveal = text(await town.post())
    assert "1 person answered, 1 got it right." in reveal
    assert "Bob" in reveal
    assert "750" in reveal
    mine = await player.press(await town.post(), "How I did")
    assert text(mine.message).startswith("✅ Correct · +750\nYou are 1 of 1 with 750 points")
    town.now += timedelta(seconds=13)
    await town.quizmaster.tick()
    podium = await town.post()
    assert podium.id == lobby.id
    assert "🏆 Bob won with 750 points." in text(podium)
    board = await player.press(podium, "Board of live rounds")
    assert board.message.ephemeral


@pytest.mark.parametrize("town", [("why",)], indirect=True)
async def test_an_answer_in_ones_own_words_goes_through_a_form(town: Town) -> None:
    await town.ticks()
    person = await ann(town)
    opened = await person.press(await town.post(), "Answer")
    assert opened.modal["title"] == "Your answer"
    answer = await person.submit(opened, {"text": "The batch is split and every device has a full copy of the model."})
    assert answer.message.ephemeral
    assert "You got 2 of 2" in text(answer.message)


async def test_an_admin_sets_up_a_daily_question_and_nobody_else_does(town: Town) -> None:
    hall = await town.guild.channel("hall")
    anyone, admin = await ann(town), await town.guild.person("Olga", manage_server=True)
    refused = await anyone.command(town.channel, "/quiz schedule set", time="9")
    assert text(refused.message) == "/quiz schedule set is for admins of this place."
    offered = await admin.complete(town.channel, "/quiz schedule set", "zone", "berlin", time="9")
    assert offered == [{"name": "Europe/Berlin", "value": "Europe/Berlin"}]
    offered = await admin.complete(town.channel, "/quiz schedule set", "level", "intermediate, b", time="9")
    assert offered == [{"name": "intermediate,beginner", "value": "intermediate,beginner"}]
    await anyone.command(town.channel, "/quiz help")
    at = town.now + timedelta(minutes=10)
    made = (
        await admin.command(
            town.channel,
            "/quiz schedule set",
            time=f"{at:%H:%M}",
            days="daily",
            zone="UTC",
            channel=hall,
            level="intermediate,beginner",
            topic="memory,efficiency",
            tell=anyone.mention,
        )
    ).message
    assert made.ephemeral
    assert "Daily question 2 is set up" in text(made)
    assert (
        f"In <#{hall.id}>, from 3 cards (beginner and intermediate · about memory or efficiency); answered with buttons."
        in text(made)
    )
    assert "If it can’t be posted, Ann is told." in text(made)
    assert made.buttons == ["Pause", "Post one now", "Remove", "All of them"]
    await town.ticks(minutes=10)
    (posted,) = await hall.messages()
    assert text(posted).startswith("Question of the day")
    paused = await admin.press(made, "Pause")
    assert paused.message.id == made.id
    assert paused.message.buttons == ["Resume", "Post one now", "Remove", "All of them"]
    now = await admin.command(town.channel, "/quiz schedule now", id=2)
    assert text(now.message).startswith(f"Posted in <#{hall.id}>. It is one more, beside today’s.")
    assert len(await hall.messages()) == 2
    direct = await admin.command(None, "/quiz schedule list")
    assert text(direct.message) == "In private messages nobody is an admin. Use this in the channel that it is for."


@pytest.mark.parametrize("town", [("ring",)], indirect=True)
async def test_a_reported_key_is_corrected_and_whom_it_concerns_is_told(town: Town) -> None:
    await town.ticks()
    person, admin = await ann(town), await town.guild.person("Olga", manage_server=True)
    wrong = await person.press(await town.post(), "C")
    opened = await person.press(wrong.message, "Report a problem")
    thanked = await person.submit(opened, {"reason": "key", "words": "@everyone C is right"})
    assert text(thanked.message).startswith("Thank you")
    offered = await admin.complete(town.channel, "/quiz fix", "post", "ring")
    assert [each["value"] for each in offered] == ["1"]
    shown = await admin.command(town.channel, "/quiz fix", post="1")
    assert "1 report: the right answer is wrong (1)\n• @everyone C is right" in text(shown.message)
    form = await admin.press(shown.message, "Correct it")
    asked = await admin.submit(form, {"right": "C"})
    assert "B → C; 1 answer of 1 changes." in text(asked.message)
    done = await admin.press(asked.message, "Correct it")
    assert text(done.message).startswith("Corrected. 1 answer of 1 got another grade")
    await town.examiner.look()
    (told,) = await person.direct_messages()
    assert "It is right after all: +20 points." in text(told)
    refused = await person.command(town.channel, "/quiz fix", right="A")
    assert text(refused.message) == "/quiz fix is for admins of this place."
    await town.ticks(hours=23)
    assert "Corrected: an admin has changed the right answer" in text(await town.post())


@pytest.mark.parametrize("town", [("ring",)], indirect=True)
async def test_an_admin_sets_up_one_question_for_several_channels(town: Town) -> None:
    hall, talk = await town.guild.channel("hall"), await town.guild.channel("talk")
    admin = await town.guild.person("Olga", manage_server=True)
    at = town.now + timedelta(minutes=10)
    wish = {"time": f"{at:%H:%M}", "days": "daily", "zone": "UTC"}
    made = await admin.command(town.channel, "/quiz schedule set", **wish, channel=hall, also=talk)
    assert f"In <#{hall.id}> and <#{talk.id}>, from the only card; answered with buttons." in text(made.message)
    await town.ticks(minutes=10)
    assert [len(await channel.messages()) for channel in (hall, talk)] == [1, 1]
    less = await admin.command(town.channel, "/quiz schedule set", id=2, without=hall)
    assert f"In <#{talk.id}>, from the only card" in text(less.message)
    await hall.permit(deny=["SEND_MESSAGES"])
    more = await admin.command(town.channel, "/quiz schedule set", id=2, also=hall)
    assert text(more.message).startswith(f"⚠️ <#{hall.id}>: I lack Send Messages in #hall.")


async def test_an_admin_is_told_at_once_that_a_channel_is_closed_to_the_bot(town: Town) -> None:
    admin = await town.guild.person("Olga", manage_server=True)
    hall = await town.guild.channel("hall")
    await hall.permit(deny=["SEND_MESSAGES"])
    made = await admin.command(town.channel, "/quiz schedule set", time="9", channel=hall)
    assert text(made.message).startswith("⚠️ I lack Send Messages in #hall.")


async def test_practice_goes_from_card_to_card_in_one_message(town: Town) -> None:
    person = await ann(town)
    shown = (await person.command(town.channel, "/quiz play", count=8)).message
    first = shown.id
    for _ in range(60):
        assert (shown.id, shown.ephemeral) == (first, True)
        labels = shown.buttons
        if "Retry the missed ones" in labels or "Practise more" in labels:
            break
        if "Answer" in labels:
            opened = await person.press(shown, "Answer")
            fields = [part["component"]["custom_id"] for part in opened.modal["components"] if "component" in part]
            shown = (await person.submit(opened, dict.fromkeys(fields, "DCBA"))).message
        else:
            ways = ("Next", "Summary", "Send", "Reveal", "Good", "True", "A")
            shown = (await person.press(shown, next(way for way in ways if way in labels))).message
    assert "Practice done" in text(shown)
    assert len(await person.private_messages(town.channel)) == 1


async def test_every_command_is_answered_in_private(town: Town) -> None:
    await town.ticks()
    before = len(await town.channel.messages())
    person = await ann(town)
    for command in ("help", "today", "leaderboard", "stats", "deck list"):
        assert (await person.command(town.channel, f"/quiz {command}")).message.ephemeral
    shown = await person.command(town.channel, "/quiz deck show", deck="small")
    assert "A small deck" in text(shown.message)
    names = [each["name"] for each in await person.complete(town.channel, "/quiz play", "deck", "sm")]
    assert len(names) == 1
    assert "A small deck" in names[0]
    assert len(await town.channel.messages()) == before


@pytest.mark.parametrize("town", [("ring",)], indirect=True)
async def test_a_button_of_another_server_s_post_does_nothing(town: Town, discord: Discord) -> None:
    await town.ticks()
    action = (await town.post()).custom_id("B")
    elsewhere = await discord.guild("Elsewhere")
    stranger, channel = await elsewhere.person("Eve"), await elsewhere.channel()
    there = await stranger.command(channel, "/quiz help")
    answer = await stranger.forge_press(channel, action, message=there.message)
    assert "nothing was recorded" in text(answer.message)


@pytest.mark.parametrize("town", [("ring",)], indirect=True)
@pytest.mark.parametrize(
    "custom_id", ["answer:1:Z", "answer:999:B", "answer:x:B", "answer:1", "sent:1", "nonsense", "pick:1:A:B"]
)
async def test_a_forged_press_is_answered_and_records_nothing(town: Town, custom_id: str) -> None:
    await town.ticks()
    person = await ann(town)
    answer = await person.forge_press(town.channel, custom_id, message=await town.post())
    assert "nothing was recorded" in text(answer.message)
    right = await person.press(await town.post(), "B")
    assert "✅ Correct" in text(right.message), "the first answer that counts"


@pytest.mark.parametrize("town", [("ring",)], indirect=True)
async def test_a_question_whose_answer_was_lost_on_the_way_stands_once(town: Town, discord: Discord) -> None:
    for _ in range(4):  # every attempt has its effect, and none is heard of
        await discord.dropped("POST", "/channels/{channel_id}/messages", after_effect=True)
    await town.ticks()
    await town.ticks(minutes=2)
    assert len(await town.channel.messages()) == 1
    answer = await (await ann(town)).press(await town.post(), "B")
    assert "✅ Correct" in text(answer.message)


async def role_of(town: Town, discord: Discord, name: str) -> str:
    """The id of a role by a part of its name."""
    bot = {"Authorization": f"Bot {discord.token}"}
    async with httpx.AsyncClient(base_url=discord.api, headers=bot) as client:
        roles = (await client.get(f"{discord.api}/guilds/{town.guild.id}/roles")).json()
    return str(next(role["id"] for role in roles if name in role["name"]))


async def test_a_roles_members_are_admins_as_long_as_they_are_in_it(town: Town, discord: Discord) -> None:
    olga = await town.guild.person("Olga", manage_server=True)
    mo = await town.guild.person("Mo", permissions=["MANAGE_MESSAGES"])
    role = await role_of(town, discord, "MANAGE_MESSAGES")
    refused = await mo.command(town.channel, "/quiz settings")
    assert text(refused.message) == "/quiz settings is for admins of this place."
    named = await olga.command(town.channel, "/quiz settings", admins=role)
    assert "Admins of this place, and everyone in May MANAGE_MESSAGES" in text(named.message)
    page = await mo.command(town.channel, "/quiz settings")
    opened = await mo.press(page.message, "Time and language")
    saved = await mo.submit(opened, {"zone": "Berlin", "language": "de"})
    assert "Europe/Berlin, where it is" in text(saved.message)
    await town.guild.delete_roles(mo)
    assert "is for admins" in text((await mo.command(town.channel, "/quiz settings")).message)


@pytest.mark.parametrize("town", [("ring",)], indirect=True)
async def test_a_roles_members_are_a_team_as_soon_as_they_do_anything(town: Town, discord: Discord) -> None:
    olga = await town.guild.person("Olga", manage_server=True)
    mo = await town.guild.person("Mo", permissions=["MANAGE_MESSAGES"])
    role = await role_of(town, discord, "MANAGE_MESSAGES")
    await olga.command(town.channel, "/quiz team create", name="Red Pandas")
    bound = await olga.command(town.channel, "/quiz team bind", role=role, team="Red Pandas")
    assert text(bound.message).startswith("Whoever is in @May MANAGE_MESSAGES is in Red Pandas from now on")
    await town.ticks(minutes=1)
    await mo.press(await town.post(), "B")
    shown = await olga.command(town.channel, "/quiz team show", team="Red Pandas")
    assert "In it: Mo." in text(shown.message)
    assert "Red Pandas goes by @May" in text((await mo.command(town.channel, "/quiz team leave")).message)
    await town.ticks(minutes=10)
    await town.guild.delete_roles(mo)
    async with asyncio.timeout(20):
        while "is no longer there" not in text(
            (await olga.command(town.channel, "/quiz team show", team="Red Pandas")).message
        ):
            await asyncio.sleep(0.1)
    assert "You have left Red Pandas." in text((await mo.command(town.channel, "/quiz team leave")).message)


async def test_an_admin_closes_a_season_and_lets_it_go_on(town: Town) -> None:
    town.now = town.now.replace(month=11, day=10)  # on a quarter's last day there is nothing to close
    anyone, olga = await ann(town), await town.guild.person("Olga", manage_server=True)
    assert "is for admins" in text((await anyone.command(town.channel, "/quiz season close")).message)
    asked = await olga.command(town.channel, "/quiz season close")
    assert asked.message.buttons == ["Close it", "Not now"]
    done = await olga.press(asked.message, "Close it")
    assert "Its last day is 10 November, and the next one begins <t:" in text(done.message)
    shown = await anyone.command(town.channel, "/quiz season show")
    assert "An admin has closed it: its last day is 10 November" in text(shown.message)
    assert shown.message.buttons == ["Leaderboard"]
    assert text((await olga.command(town.channel, "/quiz season undo")).message).startswith("The season goes on")


async def test_the_bot_speaks_to_people_in_their_own_language(town: Town, discord: Discord) -> None:
    (quiz,) = await discord.commands()
    play = next(option for option in quiz["options"] if option["name"] == "play")
    assert play["description"] == "Practise: one card after the other, just for you"
    assert play["description_localizations"]["de"] == "Üben: eine Karte nach der anderen, nur für dich"
    karl = await town.guild.person("Karl", locale="de")
    assert "Wo du stehst" in text((await karl.command(town.channel, "/quiz help")).message)
    stale = await karl.forge_press(town.channel, "nothing of ours!")
    assert "von einer älteren Version" in text(stale.message)
