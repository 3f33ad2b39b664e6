"""Daily questions as admins set them up, change them, stop them, and as they are told of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot.app import COMPLETIONS, FORMS, LOOKUPS, PRESSES
from bot.commands import TREE
from bot.events import Actor, Command, Completion, MessageRef, Place, Workspace, WorkspaceChanged
from bot.messages import Answer, Buttons, Choices, Form, Message, SelectInput, Style
from bot.platform import Forbidden, Missing, Unavailable
from bot.quiz.cards import Level
from bot.quiz.selection import EVERYTHING, Selection
from bot.store import schedules
from bot.store.posts import had as had_in
from bot.store.schedules import Mode, Schedule
from bot.store.tables import posts, question_days
from tests.decks import CARDS, DECK, SHELF, shelf
from tests.stage import DIRECT, HERE, Stage, labels, said

Posted = Callable[..., Awaitable[Stage]]

HALL = Place("paper", "w1", "hall")


@pytest.fixture
async def scene(posted: Posted) -> Stage:
    """A community without any daily question, on a Monday at 09:00 UTC."""
    return await posted(shelf=SHELF, scheduled=False)


async def types(scene: Stage, text: str, place: Place = HERE) -> Answer:
    return await scene.types("Olga", text, place, admin=True)


async def presses(scene: Stage, label: str, on: Answer) -> Answer:
    return await scene.presses("Olga", label, on, admin=True)


async def fills_in(scene: Stage, form: Answer, place: Place = HERE, **fields: str) -> Answer:
    return await scene.submits(scene.actor("Olga", admin=True), form, fields, place)


async def kept(scene: Stage, number: int = 1) -> Schedule:
    async with scene.database.read() as tx:
        found = await schedules.by_id(tx, number)
    assert found is not None
    return found


async def states(scene: Stage) -> list[tuple[str, str]]:
    """Channel and state of every post, the oldest first."""
    async with scene.database.read() as tx:
        return [
            (row[0], row[1]) for row in await tx.execute(select(posts.c.channel, posts.c.state).order_by(posts.c.id))
        ]


# ---------------------------------------------------------------- setting up


async def test_a_time_is_all_that_a_daily_question_needs(scene: Stage) -> None:
    answer = said(await types(scene, "schedule set 9:30"))
    assert answer.startswith(
        "Daily question 1 is set up\n"
        "Weekdays at 09:30 UTC; next: Monday 23 November, 09:30 UTC.\n"
        "In #general, from all 8 cards; answered with buttons. Each is open until an hour before the next one, "
        "at most 23 hours. The next one is open until Tuesday 24 November, 08:30 UTC."
    )
    await scene.passes(minutes=29)
    assert await states(scene) == []
    await scene.passes(minutes=1)
    assert await states(scene) == [("general", "open")]
    await scene.passes(hours=23)
    assert await states(scene) == [("general", "closed")]


async def test_a_time_zone_is_said_in_both_clocks(scene: Stage) -> None:
    berlin = said(await types(scene, "schedule set time:9am zone:berlin"))
    assert "Weekdays at 09:00 in Berlin; next: Tuesday 24 November, 09:00 there, 08:00 UTC." in berlin
    apia = said(await types(scene, "schedule set time:7 zone:Pacific/Apia days:daily"))
    assert "Every day at 07:00 in Apia; next: Tuesday 24 November, 07:00 there, Monday 18:00 UTC." in apia


async def test_weekends_are_left_out_unless_they_are_wanted(scene: Stage) -> None:
    await types(scene, "schedule set time:10")
    await types(scene, "schedule set time:12 days:sat,sun #hall")
    for _ in range(16):
        await scene.passes(hours=12)
    days: dict[str, list[int]] = {"general": [], "hall": []}
    async with scene.database.read() as tx:
        for channel, date in await tx.execute(select(posts.c.channel, posts.c.local_date).order_by(posts.c.id)):
            days[channel].append(date.weekday())
    assert days == {"general": [0, 1, 2, 3, 4, 0], "hall": [5, 6]}


async def test_cards_are_only_those_that_were_chosen(scene: Stage) -> None:
    answer = said(await types(scene, "schedule set time:9 decks:small topic:basics days:daily"))
    assert "from 4 cards (about basics · from A small deck);" in answer
    for _ in range(5):
        await scene.passes(days=1)
    async with scene.database.read() as tx:
        had = [card for _, card in await had_in(tx, [HERE])]
    assert len(had) == 5
    basics = {f"small/{card.id}" for card in CARDS if "basics" in card.topics}
    assert set(had[:4]) == basics, "no card twice before all were there"
    assert had[4] == had[0], "then the one whose last time is longest ago"


async def test_levels_and_reactions_narrow_too(scene: Stage) -> None:
    await types(scene, "schedule set time:9:30 level:advanced mode:reactions open:2")
    schedule = await kept(scene)
    assert (schedule.selection.levels, schedule.mode, schedule.open_minutes) == ((Level.ADVANCED,), Mode.REACTIONS, 120)
    await scene.passes(minutes=30)
    assert scene.paper.seeds == {"1": ["1️⃣", "2️⃣", "3️⃣"]}
    await scene.passes(hours=2)
    assert await states(scene) == [("general", "closed")]


async def test_several_levels_and_topics_are_named_in_any_order(scene: Stage) -> None:
    answer = said(
        await types(scene, "schedule set time:9:30 level:Advanced, beginner topic:memory,Collectives, memory")
    )
    assert "from 2 cards (beginner and advanced · about memory or collectives);" in answer
    chosen = Selection(levels=(Level.BEGINNER, Level.ADVANCED), topics=("memory", "collectives"))
    assert (await kept(scene)).selection == chosen
    for minutes in (30, 24 * 60):
        await scene.passes(minutes=minutes)
    async with scene.database.read() as tx:
        assert {card for _, card in await had_in(tx, [HERE])} == {"small/ring", "small/gap"}
    narrowed = "schedule set id:1 level:advanced,beginner,intermediate"
    assert "from 3 cards (about memory or collectives);" in said(await types(scene, narrowed)), "all there are: all"
    assert "from 5 cards (beginner · about memory or basics)" in said(
        await types(scene, "schedule set id:1 level:beginner topic:memory,basics")
    )
    assert "from all 8 cards" in said(await types(scene, "schedule set id:1 level:all topic:all"))
    assert (await kept(scene)).selection == EVERYTHING


async def test_levels_stand_in_plain_order_too(scene: Stage) -> None:
    assert "from 2 cards (intermediate and advanced);" in said(
        await types(scene, "schedule set 9 advanced, intermediate")
    )


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "When shall it come? For example: /quiz schedule set time:09:00."),
        ("time:25:00", "“25:00” is no time of day. Write 09:00, 9:00, 9am or 9."),
        ("9 days:never", "“never” are no days. Write weekdays, daily, weekends, mon,wed,fri or mon-thu."),
        ("9 zone:Berln", "There is no one time zone called “Berln”. Did you mean Europe/Berlin"),
        ("9 zone:EST", "Did you mean America/New_York?"),
        ("9 zone:Louisville", "Did you mean America/Kentucky/Louisville or America/Louisville?"),
        ("9 decks:small,smal", "There is no deck “smal”. There is: small."),
        ("9 topic:memry", "No card is about “memry”. Did you mean memory?"),
        ("9 topic:memory,basic", "No card is about “basic”. Did you mean basics?"),
        ("9 topic:all,memory", "No card is about “all”."),
        ("9 level:hard", "level can be beginner, intermediate, advanced or all"),
        ("9 level:beginner,advnced", "advanced or all, not “advnced”. Did you mean advanced?"),
        (
            "9 level:advanced,intermediate topic:basics,efficiency",
            "There is no card for this: intermediate and advanced · about basics or efficiency. At any level there would be 5. On any topic there would be 2.",
        ),
        (
            "9 level:advanced topic:basics",
            "There is no card for this: advanced · about basics. At any level there would be 4. On any topic there would be 1.",
        ),
        (
            "9 topic:memory mode:reactions",
            "There is no card for this: about memory · answered with an emoji. On any topic there would be 2. With mode:buttons there would be 2.",
        ),
        ("9 open:200", "open is a number from 0 to 167"),
        ("9 channel:two,<three", "channel is a channel, such as #general, not “<three”."),
        ("id:5 time:9", "There is no daily question 5 here. /quiz schedule list shows those that there are."),
    ],
)
async def test_what_can_not_be_is_refused_with_what_can(scene: Stage, typed: str, says: str) -> None:
    assert says in said(await types(scene, f"schedule set {typed}"))
    assert "There is no daily question yet." in said(await types(scene, "schedule list"))


async def test_a_question_at_the_same_time_in_the_same_channel_is_a_slip(scene: Stage) -> None:
    await types(scene, "schedule set time:9:30 decks:small")
    twin = said(await types(scene, "schedule set time:09:30 days:fri,sat"))
    assert twin == (
        "Daily question 1 comes into that channel at that time already: weekdays at 09:30 UTC. "
        "To change it: /quiz schedule set id:1, and what shall be different."
    )
    for other in ("time:9:31", "time:9:30 #hall", "time:9:30 days:weekends", "time:9:30 zone:berlin"):
        assert "is set up" in said(await types(scene, f"schedule set {other}"))
    assert "comes into that channel" in said(await types(scene, "schedule set id:2 time:9:30"))


async def test_without_cards_nothing_is_set_up(posted: Posted) -> None:
    scene = await posted(scheduled=False)
    assert "There are no cards at all" in said(await types(scene, "schedule set time:9"))


# ---------------------------------------------------------------- where


async def test_a_channel_is_one_of_the_workspace_in_which_it_was_named(scene: Stage) -> None:
    for number, channel in enumerate(("#hall", "hall", "<#hall>", "<#hall|the-hall>"), 1):
        await types(scene, f"schedule set time:{number} channel:{channel}")
        assert (await kept(scene, number)).place == HALL
    await types(scene, "schedule set time:9 channel:#hall", Place("paper", "w2", "elsewhere", "a-thread"))
    await types(scene, "schedule set time:10", Place("paper", "w2", "elsewhere", "a-thread"))
    assert (await kept(scene, 5)).place == Place("paper", "w2", "hall")
    assert (await kept(scene, 6)).place == Place("paper", "w2", "elsewhere")


async def test_another_communitys_questions_are_out_of_reach(scene: Stage) -> None:
    await types(scene, "schedule set time:9:30")
    away = Place("paper", "w2", "general")
    assert "There is no daily question yet." in said(await types(scene, "schedule list", away))
    for deed in ("show 1", "pause 1", "resume 1", "remove 1", "now 1", "set id:1 time:8"):
        answer = said(await types(scene, f"schedule {deed}", away))
        assert "There is no daily question" in answer, deed
    ref = scene.paper.last[0] if scene.paper.shown else None
    assert ref is None, "nothing was posted"
    assert (await kept(scene)).paused is None


async def test_a_channel_that_is_closed_to_the_bot_is_told_at_once_and_only_once(scene: Stage) -> None:
    lacking = "I lack Send Messages in #hall."
    scene.paper.closed["hall"] = Forbidden(lacking)
    answer = said(await types(scene, "schedule set time:10 channel:#hall"))
    assert answer.startswith(
        f"⚠️ {lacking} Until that is mended nothing is posted; then I go on by myself.\nDaily question 1 is set up\n"
        "Weekdays at 10:00 UTC; paused until what is wrong is mended.\n"
        "In #hall, from all 8 cards; answered with buttons. Each is open until an hour before the next one, at most 23 hours. "
    )
    assert answer.count(lacking) == 1
    assert "next:" not in answer
    assert (await kept(scene)).paused == "forbidden"
    await scene.passes(minutes=1)
    assert scene.paper.told == [], "who set it up has read it already"
    moved = said(await types(scene, "schedule set id:1 channel:#general"))
    assert moved.startswith("Daily question 1 is changed")
    assert (await kept(scene)).paused is None
    await scene.passes(hours=1)
    assert await states(scene) == [("general", "open")]


async def test_a_channel_that_can_not_be_looked_at_for_now_is_set_up_all_the_same(scene: Stage) -> None:
    scene.paper.failing = Unavailable("The platform is down.")
    answer = said(await types(scene, "schedule set time:10"))
    assert answer.startswith("⚠️ I could not look whether I may post there: The platform is down.")
    assert "\nDaily question 1 is set up\nWeekdays at 10:00 UTC; next: Monday 23 November, 10:00 UTC.\n" in answer
    assert (await kept(scene)).paused is None


async def test_trouble_is_told_to_the_admin_who_made_it_and_else_to_the_owner(scene: Stage) -> None:
    owner = Actor("paper", "", "id-Omar", "Omar")
    await types(scene, "schedule set time:10")
    await scene.app.handle(WorkspaceChanged("c", Workspace("paper", "w1", "Study Hall", owner)))
    scene.paper.closed["general"] = Missing("#general is gone.")
    await scene.passes(hours=1)
    assert [actor.id for actor, _ in scene.paper.told] == ["id-Olga"]
    telling = scene.paper.tell

    async def deaf_olga(actor: Actor, message: Message) -> None:
        if actor.id == "id-Olga":
            raise Forbidden("Olga takes no messages")
        await telling(actor, message)

    scene.paper.tell = deaf_olga  # type: ignore[method-assign]
    for problem in (None, Missing("#general is gone.")):
        scene.paper.closed = {} if problem is None else {"general": problem}
        await scene.app.handle(WorkspaceChanged("c", Workspace("paper", "w1", "Study Hall", owner)))
    assert [actor.id for actor, _ in scene.paper.told] == ["id-Olga", "id-Omar"]


# ---------------------------------------------------------------- changing


async def test_a_change_changes_only_what_it_names(scene: Stage) -> None:
    await types(scene, "schedule set time:10 zone:berlin days:daily topic:basics mode:reactions open:3 channel:#hall")
    before = await kept(scene)
    assert "Daily question 1 is changed" in said(await types(scene, "schedule set id:1 time:11:15"))
    after = await kept(scene)
    assert after.time == "11:15"
    named = ("place", "zone", "days", "selection", "mode", "open_minutes", "tell")
    assert [getattr(after, name) for name in named] == [getattr(before, name) for name in named]
    await types(scene, "schedule set id:1 topic:all open:0 mode:buttons decks:all level:all")
    assert "from all 8 cards; answered with buttons. Each is open until an hour before" in said(
        await types(scene, "schedule show")
    )
    assert "Name what to change" in said(await types(scene, "schedule set id:1"))


async def test_a_date_that_has_had_its_question_gets_no_other_at_a_new_time(scene: Stage) -> None:
    await types(scene, "schedule set time:9:30")
    await scene.passes(minutes=30)
    assert "next: Tuesday 24 November, 11:00 UTC" in said(await types(scene, "schedule set id:1 time:11"))
    await scene.passes(hours=3)
    assert len(await states(scene)) == 1
    await types(scene, "schedule set id:1 zone:Pacific/Kiritimati time:1:00")
    await scene.passes(hours=23)
    async with scene.database.read() as tx:
        dates = list((await tx.execute(select(posts.c.local_date).order_by(posts.c.id))).scalars())
    assert len(dates) == len(set(dates)) == 2


async def test_a_question_that_is_due_just_now_survives_a_change_of_its_cards(scene: Stage) -> None:
    await types(scene, "schedule set time:9:30")
    scene.now = scene.now.replace(minute=30, second=1)
    assert "the next one comes at once" in said(await types(scene, "schedule set id:1 topic:basics"))
    await scene.timetable.tick()
    assert await states(scene) == [("general", "open")]


# ---------------------------------------------------------------- stopping and going on


async def test_a_pause_posts_nothing_and_going_on_catches_up_with_today(scene: Stage) -> None:
    await types(scene, "schedule set time:9:30")
    paused = await types(scene, "schedule pause")
    assert "Weekdays at 09:30 UTC; paused by an admin." in said(paused)
    await scene.passes(days=1, hours=2)
    assert await states(scene) == []
    assert "paused by an admin" in said(await types(scene, "schedule list"))
    goes = await presses(scene, "Resume", paused)
    assert "Daily question 1 goes on\nWeekdays at 09:30 UTC; the next one comes at once." in said(goes)
    await scene.timetable.tick()
    assert await states(scene) == [("general", "open")]
    assert "closes Wed 25 Nov, 08:30 UTC" in scene.paper.last[1].text
    assert "is not paused" in said(await types(scene, "schedule resume"))


async def test_what_was_missed_on_another_day_is_not_caught_up_with(scene: Stage) -> None:
    await types(scene, "schedule set time:9:30")
    await types(scene, "schedule pause")
    await scene.passes(hours=23)
    assert "next: Tuesday 24 November, 09:30 UTC" in said(await types(scene, "schedule resume"))
    await scene.timetable.tick()
    assert await states(scene) == []


async def test_an_admins_pause_outlasts_what_the_bot_had_paused_it_for(scene: Stage) -> None:
    scene.paper.closed["general"] = Forbidden("no")
    await types(scene, "schedule set time:10")
    await types(scene, "schedule pause")
    scene.paper.closed.clear()
    await scene.app.handle(WorkspaceChanged("c", Workspace("paper", "w1", "Study Hall")))
    assert (await kept(scene)).paused == "admin"


async def test_going_on_where_the_bot_may_not_post_says_so(scene: Stage) -> None:
    await types(scene, "schedule set time:10")
    await types(scene, "schedule pause")
    scene.paper.closed["general"] = Forbidden("I lack Send Messages in #general.")
    answer = await types(scene, "schedule resume")
    assert said(answer).startswith("⚠️ I lack Send Messages in #general.")
    assert "\nDaily question 1 can’t go on yet\nWeekdays at 10:00 UTC; paused until what is wrong is" in said(answer)
    assert "Resume" in labels_of(answer)
    assert (await kept(scene)).paused == "forbidden"


async def test_removing_asks_first_and_what_is_open_goes_on_to_its_close(posted: Posted) -> None:
    scene = await posted("ring", scheduled=False)
    await types(scene, "schedule set time:9:30 days:daily")
    await scene.passes(minutes=30)
    asked = await types(scene, "schedule remove")
    assert said(asked).startswith("Remove daily question 1? It comes every day at 09:30 UTC, in #general.")
    assert "Daily question 1\n" in said(await presses(scene, "Keep it", asked))
    gone = await presses(scene, "Remove it", asked)
    assert said(gone) == "Daily question 1 is removed: it came every day at 09:30 UTC, in #general."
    assert "✅ Correct" in said(await scene.presses("Ada", "B"))
    assert "There is no daily question" in said(await presses(scene, "Remove it", asked))
    await scene.passes(days=1)
    assert await states(scene) == [("general", "closed")]
    await scene.passes(days=5)
    assert await states(scene) == [("general", "closed")]


async def test_a_channel_gets_no_card_twice_through_a_removal(posted: Posted) -> None:
    scene = await posted(shelf=shelf("ring", "sync", "what"), scheduled=False)
    for _ in range(3):
        set_up = await types(scene, "schedule set time:9 days:daily")
        await scene.passes(days=1)
        await presses(scene, "Remove it", await presses(scene, "Remove", set_up))
    async with scene.database.read() as tx:
        assert len({card for _, card in await had_in(tx, [HERE])}) == 3
        numbers = list((await tx.execute(select(question_days.c.number).order_by(question_days.c.day))).scalars())
    assert numbers == [1, 2, 3]


# ---------------------------------------------------------------- by hand


async def test_a_question_by_hand_is_todays_and_not_doubled(scene: Stage) -> None:
    await types(scene, "schedule set time:12 days:daily")
    answer = said(await types(scene, "schedule now"))
    assert answer == (
        "Posted in #general. It is today’s question, so no other comes today. It is open until Tuesday 24 November, 08:00 UTC.\n"
        "Every day at 12:00 UTC; next: Tuesday 24 November, 12:00 UTC."
    )
    await scene.passes(hours=5)
    assert await states(scene) == [("general", "open")]
    more = said(await types(scene, "schedule now"))
    assert "It is one more, beside today’s. It is open until Tuesday 24 November, 11:00 UTC." in more
    assert await states(scene) == [("general", "open")] * 2
    await scene.passes(days=1)
    assert await states(scene) == [("general", "closed")] * 2 + [("general", "open")]


async def test_a_question_by_hand_comes_on_other_days_too_and_from_a_paused_schedule(scene: Stage) -> None:
    await types(scene, "schedule set time:12 days:sat")
    await types(scene, "schedule pause")
    assert "Saturdays at 12:00 UTC; paused by an admin." in said(await types(scene, "schedule now"))
    assert await states(scene) == [("general", "open")]


async def test_a_question_by_hand_that_can_not_be_posted_says_why(scene: Stage) -> None:
    await types(scene, "schedule set time:12 days:daily")
    scene.paper.failing = Unavailable("The platform is down.")
    assert said(await types(scene, "schedule now")) == (
        "I could not post that: The platform is down. I look again in a minute or two."
    )
    scene.paper.failing = None
    await scene.passes(minutes=2)
    assert await states(scene) == [("general", "open")], "it was claimed, so it comes"
    scene.paper.closed["general"] = Forbidden("I lack Send Messages.")
    assert said(await types(scene, "schedule now")) == "I could not post that: I lack Send Messages."
    await scene.passes(days=1)
    assert await states(scene) == [("general", "closed"), ("general", "failed")]


async def test_the_same_wish_told_twice_posts_once(scene: Stage) -> None:
    await types(scene, "schedule set time:9:30")
    await scene.passes(minutes=30)
    wish = Command("again", ("schedule", "now"), {}, scene.actor("Olga", admin=True), HERE)
    assert said(await scene.app.handle(wish)).startswith("Posted in #general.")
    assert said(await scene.app.handle(wish)) == "That question is posted already."
    assert len(scene.paper.shown) == 2


async def test_a_question_by_hand_that_failed_leaves_todays_to_its_time(scene: Stage) -> None:
    await types(scene, "schedule set time:12 days:daily")
    scene.paper.closed["general"] = Forbidden("I lack Send Messages.")
    assert "I could not post that" in said(await types(scene, "schedule now"))
    scene.paper.closed.clear()
    await scene.app.handle(WorkspaceChanged("c", Workspace("paper", "w1", "Study Hall")))
    assert "next: Monday 23 November, 12:00 UTC" in said(await types(scene, "schedule show"))
    await scene.passes(hours=2)
    assert await states(scene) == [("general", "failed")]
    await scene.passes(hours=1)
    assert await states(scene) == [("general", "open")]


# ---------------------------------------------------------------- no cards


async def test_a_schedule_without_cards_goes_on_and_an_admin_hears_of_it_once(
    scene: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await types(scene, "schedule set time:9 days:daily topic:basics")
    with monkeypatch.context() as fewer:
        rest = tuple(card for card in DECK.cards if "basics" not in card.topics)
        fewer.setitem(SHELF.decks, "small", DECK.model_copy(update={"cards": rest}))
        for _ in range(3):
            await scene.passes(days=1)
        assert await states(scene) == []
        why = "There is no card for this: about basics. On any topic there would be 4. Choose other cards with /quiz schedule set id:1."
        assert [(actor.id, why in message.text) for actor, message in scene.paper.told] == [("id-Olga", True)]
        assert said(await types(scene, "")).startswith(f"⚠️ #general: {why}")
        assert why in said(await types(scene, "schedule now"))
    await scene.passes(days=1)
    assert await states(scene) == [("general", "open")]
    assert (await kept(scene)).trouble is None
    assert "⚠️" not in said(await types(scene, ""))


# ---------------------------------------------------------------- who may


async def test_nobody_but_an_admin_may_do_any_of_it(scene: Stage) -> None:
    set_up = await types(scene, "schedule set time:10")
    for deed in ("set time:11", "list", "show", "pause", "resume", "remove", "now"):
        answer = said(await scene.types("Ada", f"schedule {deed}"))
        assert answer == f"/quiz schedule {deed.split()[0]} is for admins of this place."
    assert isinstance(set_up, Message)
    verbs = [verb for verb in (*PRESSES, *FORMS) if verb.startswith("schedule")]
    assert len(verbs) > 8
    for verb in verbs:
        assert (PRESSES.get(verb) or FORMS[verb]).admin, verb
    for action in set_up.actions:
        assert said(await scene.acts("Ada", action)) == "This is for admins of this place."
    form = await scene.acts("Olga", "schedule-form", admin=True)
    assert said(await scene.sends("Ada", form, time="8", days="daily", zone="")) == "This is for admins of this place."
    assert (await kept(scene)).paused is None
    assert len(scene.paper.shown) == 0


async def test_in_private_messages_nobody_is_an_admin(scene: Stage) -> None:
    await types(scene, "schedule set time:10")
    refused = "In private messages nobody is an admin. Use this in the channel that it is for."
    for place in (DIRECT, replace(HERE, channel="d1", private=True)):
        assert said(await types(scene, "schedule set time:11", place)) == refused
        assert said(await types(scene, "schedule list", place)) == refused
        on = await scene.presses("Olga", "My stats", await types(scene, "", place), place, admin=True)
        assert "went wrong" not in said(on)
        assert not {"Daily questions", "Set up a daily question"} & set(labels_of(await types(scene, "", place)))
        for deed in ("schedules", "schedule-now:1", "schedule-pause:1", "schedule-form"):
            assert said(await scene.acts("Olga", deed, MessageRef(place, "private"), admin=True)) == refused
    assert (await kept(scene)).time == "10:00"
    assert scene.paper.shown == {}


# ---------------------------------------------------------------- home


async def test_home_offers_admins_a_first_daily_question(scene: Stage) -> None:
    assert "Set up a daily question" not in labels_of(await scene.types("Ada", ""))
    home = await types(scene, "")
    assert labels_of(home)[0] == "Set up a daily question"
    assert isinstance(home, Message)
    buttons = [button for block in home.blocks if isinstance(block, Buttons) for button in block.buttons]
    assert [button.label for button in buttons if button.style is Style.PRIMARY] == ["Set up a daily question"]
    form = await presses(scene, "Set up a daily question", home)
    assert isinstance(form, Form)
    answer = said(await fills_in(scene, form, HALL, time="", days="weekdays", zone=" "))
    assert "Daily question 1 is set up\nWeekdays at 09:00 UTC" in answer
    assert (await kept(scene)).place == HALL
    assert "Set up a daily question" not in labels_of(await types(scene, ""))


async def test_home_shows_admins_the_daily_questions_and_the_way_to_them(scene: Stage) -> None:
    await types(scene, "schedule set time:10")
    scene.paper.closed["hall"] = Forbidden("I lack Send Messages in #hall.")
    await types(scene, "schedule set time:8 zone:berlin channel:#hall days:mon")
    home = await types(scene, "")
    assert said(home).startswith("⚠️ #hall: I lack Send Messages in #hall.\nWhere you stand")
    assert (
        "Daily questions\n"
        "#general · Weekdays at 10:00 UTC · next Mon 23 Nov, 10:00 UTC\n"
        "#hall · Mondays at 08:00 in Berlin · paused until what is wrong is mended\n"
    ) in said(home)
    assert said(await presses(scene, "Daily questions", home)) == said(await types(scene, "schedule list"))
    assert "Daily questions" not in said(await scene.types("Ada", ""))
    assert "Daily questions" not in labels_of(await scene.types("Ada", ""))
    for minute in range(6):
        await types(scene, f"schedule set time:11:{minute:02}")
    assert "\nand 3 more\n" in said(await types(scene, ""))


async def test_where_there_is_no_channel_a_first_question_is_set_up_in_one(scene: Stage) -> None:
    """As in Slack's Home tab, in which a person has the workspace before them."""
    tab = replace(HERE, channel="")
    home = await types(scene, "", tab)
    assert "There is no daily question yet. Type /quiz schedule set time:09:00 in the channel where it is to" in said(
        home
    )
    assert "Set up a daily question" not in labels_of(home)
    assert "stands in a channel" in said(await scene.acts("Olga", "schedule-form", MessageRef(tab, "view"), admin=True))
    form = await scene.acts("Olga", "schedule-form", admin=True)
    assert "stands in a channel" in said(await fills_in(scene, form, tab, time="", days="daily", zone=""))
    await types(scene, "schedule set time:10")
    listed = await scene.presses("Olga", "Daily questions", await types(scene, "", tab), tab, admin=True)
    shown = await scene.presses("Olga", "Show 1", listed, tab, admin=True)
    asked = await scene.presses("Olga", "Remove", shown, tab, admin=True)
    gone = await scene.presses("Olga", "Remove it", asked, tab, admin=True)
    assert labels_of(gone) == []


async def test_a_form_that_was_filled_in_wrongly_can_be_opened_again(scene: Stage) -> None:
    form = await scene.acts("Olga", "schedule-form", admin=True)
    wrong = await fills_in(scene, form, time="half past", days="daily", zone="Berlin")
    assert "“half past” is no time of day" in said(wrong)
    again = await presses(scene, "Try again", wrong)
    answer = said(await fills_in(scene, again, time="7:30", days="daily", zone="Berlin", level="all"))
    assert "Every day at 07:30 in Berlin" in answer
    assert "from all 8 cards" in answer


async def test_the_form_offers_levels(scene: Stage) -> None:
    form = await scene.acts("Olga", "schedule-form", admin=True)
    assert isinstance(form, Form)
    menu = next(each for each in form.inputs if each.name == "level")
    assert isinstance(menu, SelectInput)
    assert [(choice.label, choice.value) for choice in menu.options] == [
        ("All levels", "all"),
        ("Beginner", "beginner"),
        ("Beginner and intermediate", "beginner,intermediate"),
        ("Intermediate", "intermediate"),
        ("Intermediate and advanced", "intermediate,advanced"),
        ("Advanced", "advanced"),
    ]
    sent = await fills_in(scene, form, time="10", days="daily", zone="", level="intermediate,advanced")
    assert "from 2 cards (intermediate and advanced);" in said(sent)


def labels_of(answer: Answer) -> list[str]:
    assert isinstance(answer, Message)
    return labels(answer)


# ---------------------------------------------------------------- which one


async def test_the_list_says_when_where_and_what_is_wrong(scene: Stage) -> None:
    assert "There is no daily question yet." in said(await types(scene, "schedule show"))
    await types(scene, "schedule set time:10")
    scene.paper.closed["hall"] = Forbidden("I lack Send Messages in #hall.")
    await types(scene, "schedule set time:8 zone:berlin channel:#hall days:mon")
    listed = await types(scene, "schedule list")
    assert said(listed) == (
        "Daily questions\n"
        "1 · #general · Weekdays at 10:00 UTC\nnext: Monday 23 November, 10:00 UTC\n"
        "2 · #hall · Mondays at 08:00 in Berlin\npaused until what is wrong is mended\n⚠️ I lack Send Messages in #hall."
    )
    assert "Daily question 2" in said(await presses(scene, "Show 2", listed))
    asked = await types(scene, "schedule pause")
    assert said(asked).startswith("Which of these?")
    assert labels(asked) == ["Pause 1", "Pause 2"]  # type: ignore[arg-type]
    assert said(await types(scene, "schedule show 9")).startswith("There is no daily question 9")
    assert "Daily question 1 is paused" in said(await presses(scene, "Pause 1", asked))


async def test_a_long_list_and_long_words_still_fit(scene: Stage) -> None:
    scene.paper.closed["c" * 80] = Forbidden("x" * 900)
    for minute in range(12):
        await types(
            scene, f"schedule set time:10:{minute:02} days:mon,tue,thu,sat zone:Comodrivadavia channel:{'c' * 80}"
        )
    listed = await types(scene, "schedule list")
    assert "And 2 more, such as /quiz schedule show id:11." in said(listed)
    assert "x" * 900 in said(await types(scene, "schedule show 11"))


# ---------------------------------------------------------------- completion


async def completed(scene: Stage, option: str, typed: str, zone: str | None = None) -> list[object]:
    olga = Actor("paper", "", "id-Olga", "Olga", is_admin=True, tz=zone)
    asked = Completion("c", ("schedule", "set"), option, typed, olga, HERE)
    answer = await scene.app.handle(asked)
    assert isinstance(answer, Choices)
    return [choice.value for choice in answer.choices]


async def test_values_are_completed_as_they_are_typed(scene: Stage) -> None:
    assert (await completed(scene, "zone", "berlin")) == ["Europe/Berlin"]
    assert (await completed(scene, "zone", "new y"))[0] == "America/New_York"
    assert (await completed(scene, "zone", "sao p"))[0] == "America/Sao_Paulo"
    assert (await completed(scene, "zone", "Lisbn"))[0] == "Europe/Lisbon"
    assert (await completed(scene, "zone", "", "Asia/Kathmandu"))[:2] == ["Asia/Kathmandu", "UTC"]
    assert await completed(scene, "decks", "SMA") == ["small"]
    assert await completed(scene, "decks", "small, ") == []
    assert await completed(scene, "topic", "mem") == ["memory"]
    assert await completed(scene, "topic", "memory, ba") == ["memory,basics"]
    assert await completed(scene, "topic", "memory,basics,") == [
        "memory,basics,collectives",
        "memory,basics,efficiency",
    ]
    assert await completed(scene, "level", "") == ["beginner", "intermediate", "advanced", "all"]
    assert await completed(scene, "level", "Inter") == ["intermediate"]
    assert await completed(scene, "level", "advanced, b") == ["advanced,beginner"]
    assert await completed(scene, "days", "week") == ["weekdays", "weekends"]
    assert await completed(scene, "days", "Tues and sat") == ["tue,sat"]
    assert await completed(scene, "time", "9") == []


def test_every_list_that_completes_an_option_is_known() -> None:
    sources = {option.source for entry in TREE for option in entry.options if option.source}
    assert sources == set(COMPLETIONS) | set(LOOKUPS)


# ---------------------------------------------------------------- the clock


async def test_a_question_set_up_just_before_its_minute_rings_the_timetable(scene: Stage) -> None:
    bell = scene.world.bell
    assert not bell.is_set()
    await types(scene, "schedule set time:9:01")
    assert bell.is_set()


async def test_months_of_a_schedule_are_as_its_words_say(scene: Stage) -> None:
    """Clocks in Berlin go back on 25 October: nine o'clock there is another hour in UTC."""
    scene.now = datetime(2026, 10, 23, 12, 0, tzinfo=UTC)
    await types(scene, "schedule set time:9 zone:berlin days:daily")
    for hour in range(24 * 4):
        scene.now = datetime(2026, 10, 23 + hour // 24, hour % 24, 1, tzinfo=UTC)
        await scene.timetable.tick()
    async with scene.database.read() as tx:
        opened = list((await tx.execute(select(posts.c.opens_at).order_by(posts.c.id))).scalars())
    assert [(at.day, at.hour) for at in opened] == [(24, 7), (25, 8), (26, 8)]
