"""The weekly recap as a channel reads it, when it comes and when it doesn't, and that its numbers are right."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from bot.events import Place
from bot.features import recap
from bot.messages import Message, Picture
from bot.platform import Unavailable
from bot.quiz.cards import LETTERS, Flashcard, MultiChoice, SingleChoice
from bot.store import cards, recaps
from bot.store.schedules import Feedback, Mode
from bot.store.settings import Settings
from bot.store.tables import answers, days, people, posts
from tests.decks import CARDS, DECK, SHELF
from tests.stage import HERE, START, Stage, labels, said

Posted = Callable[..., Awaitable[Stage]]

HALL = Place("paper", "w1", "hall")


async def sets(scene: Stage, what: str, place: Place = HERE) -> str:
    return said(await scene.types("Olga", f"schedule set {what}", place, admin=True))


async def week_goes_by(scene: Stage, *answered: dict[str, str]) -> None:
    """From one Monday to the next: on each day who presses what, under the newest question."""
    for day in range(7):
        for name, label in (answered[day] if day < len(answered) else {}).items():
            await scene.presses(name, label)
        await scene.passes(days=1)


def told(scene: Stage) -> list[Message]:
    return [message for message in scene.paper.shown.values() if message.text.startswith("Weekly recap")]


def alt(message: Message) -> str:
    return next(block.alt for block in message.blocks if isinstance(block, Picture))


# ---------------------------------------------------------------- what it says


async def test_a_week_is_told_of_in_words_and_in_a_picture_of_the_same_numbers(posted: Posted) -> None:
    scene = await posted("ring")
    await sets(scene, "id:1 recap:on")
    # Ada answers on three days, Bo on two and practises on a third, Cy on one: seven.
    for day in ({"Ada": "B", "Bo": "C"}, {"Ada": "C", "Bo": "C", "Cy": "A"}, {}, {"Ada": "B"}, {}, {}, {}):
        for name, label in day.items():
            await scene.presses(name, label)
        await scene.passes(hours=23)
        if scene.now.weekday() == 5:
            await scene.presses("Bo", "B", await scene.types("Bo", "play count:1"))
        await scene.passes(hours=1)
    (message,) = told(scene)
    assert alt(message).replace("\u202f", " ") == (
        "Weekly recap, 23–29 November 2026: 3 people took part, 7 questions asked, 7 days practised in all. Hardest question: "
        "“How many bytes does each rank send in a ring all-reduce?”: 0 % got it right (0 of 3); 67 % chose C: N · S."
    )
    assert message.text.replace(alt(message) + "\n", "").replace("\u202f", " ") == (
        "Weekly recap\n"
        "23–29 November 2026\n"
        "3 people took part; 7 questions asked, 7 days practised in all.\n"
        "Hardest question: How many bytes does each rank send in a ring all-reduce?\n"
        "0 % got it right (0 of 3); 67 % chose C: N · S.\n"
        "That is everything to everyone.\n"
        "Right answer  B\u20022(N−1)/N · S"
    )
    assert labels(message) == ["Practise it"]
    assert not {"Ada", "Bo", "Cy"} & set(message.text.replace(".", " ").split()), "nobody is named"


async def test_it_is_compared_with_the_week_before(posted: Posted) -> None:
    scene = await posted("ring")
    await sets(scene, "id:1 recap:on")
    await week_goes_by(scene, {"Ada": "B", "Bo": "B", "Cy": "B", "Di": "C"})
    await week_goes_by(scene, {}, {"Ada": "B"}, {"Bo": "B"}, {"Cy": "B"})
    first, second = (message.text.replace("\u202f", " ") for message in told(scene))
    assert "4 people took part; 7 questions asked, 4 days practised in all." in first
    assert "3 people took part (75 % of last week’s 4); 7 questions asked, 3 days practised in all." in second
    assert "100 % got it right (1 of 1)." in second


async def test_options_that_were_reactions_are_called_by_their_numbers(posted: Posted) -> None:
    scene = await posted("ring", mode=Mode.REACTIONS)
    await sets(scene, "id:1 recap:on")
    await scene.reacts("Ada", "3️⃣")
    await week_goes_by(scene)
    assert "100\u202f% chose 3: N · S" in told(scene)[0].text
    assert "Right answer  2️⃣" in told(scene)[0].text


async def test_of_written_answers_the_share_that_was_right_is_told_alone(posted: Posted) -> None:
    scene = await posted("mfu")
    await sets(scene, "id:1 recap:on")
    await scene.sends("Ada", await scene.presses("Ada", "Answer"), text="more flops used")
    await week_goes_by(scene)
    assert "0\u202f% got it right (0 of 1).\nRight answer  model FLOPs utilization" in told(scene)[0].text


async def test_a_week_of_flashcards_has_no_hardest_question(posted: Posted) -> None:
    scene = await posted("what")
    await sets(scene, "id:1 recap:on")
    await scene.presses("Ada", "Again", await scene.presses("Ada", "Reveal"))
    await week_goes_by(scene)
    (message,) = told(scene)
    assert message.text.replace(alt(message), "").rstrip() == (
        "Weekly recap\n23–29 November 2026\n1 person took part; 7 questions asked, 1 day practised in all."
    )


async def test_each_channel_is_told_of_its_own(posted: Posted) -> None:
    scene = await posted("ring")
    await sets(scene, "id:1 recap:on")
    await sets(scene, "10:00 days:daily", HALL)
    await week_goes_by(scene, {"Ada": "B", "Bo": "C"})
    await scene.passes(hours=1)
    assert len(told(scene)) == 1, "nobody took part in the hall"
    assert "2 people took part; 7 questions asked" in told(scene)[0].text


# ---------------------------------------------------------------- when it comes


async def test_it_comes_before_the_first_question_of_the_week(posted: Posted) -> None:
    scene = await posted("ring")
    await sets(scene, "id:1 recap:on open:24")  # the last question of the week closes at the very minute
    await week_goes_by(scene, {}, {}, {}, {}, {}, {}, {"Ada": "C"})
    last, recap, question = (message.text.split("\n")[0] for message in list(scene.paper.shown.values())[-3:])
    assert (last, recap, question) == ("Question of the day · closed", "Weekly recap", "Question of the day")
    assert "1 person took part" in told(scene)[0].text
    await scene.passes(days=1)
    assert len(told(scene)) == 1


async def test_answers_that_are_kept_until_the_close_are_counted_first(posted: Posted) -> None:
    scene = await posted("ring", feedback=Feedback.AT_CLOSE)
    await sets(scene, "id:1 recap:on open:24")
    for _ in range(6):
        await scene.passes(days=1)
    await scene.presses("Ada", "C")
    await scene.passes(days=1)
    assert "1 person took part" in told(scene)[0].text


async def test_it_waits_for_reactions_that_cannot_be_collected_yet(posted: Posted) -> None:
    scene = await posted("ring", mode=Mode.REACTIONS)
    await sets(scene, "id:1 recap:on")
    for _ in range(6):
        await scene.passes(days=1)
    await scene.reacts("Ada", "2️⃣")
    scene.paper.failing = Unavailable("down")
    await scene.passes(days=1)
    scene.paper.failing = None
    assert not told(scene)
    await scene.passes(minutes=2)
    assert "1 person took part" in told(scene)[0].text


async def test_what_is_still_open_is_counted_and_not_given_away(posted: Posted) -> None:
    scene = await posted("ring")
    await sets(scene, "id:1 days:sun recap:on open:30")
    for _ in range(6):
        await scene.passes(days=1)
    await scene.presses("Ada", "C")
    await scene.passes(days=1)
    (message,) = told(scene)
    assert "1 person took part; 2 questions asked" in message.text
    assert "Hardest" not in message.text


async def test_a_channel_without_a_question_on_mondays_is_told_of_its_week_all_the_same(posted: Posted) -> None:
    scene = await posted("ring", scheduled=False)
    await sets(scene, "14:00 days:tue,thu")
    await scene.passes(days=1, hours=5)
    await scene.presses("Ada", "B")
    await scene.passes(days=5, hours=23)
    assert not told(scene)
    await scene.passes(hours=1)
    assert len(told(scene)) == 1


async def test_weeks_are_those_of_the_communitys_zone(posted: Posted) -> None:
    """09:00 on Monday in Auckland is still Sunday in UTC: the recap comes with the first question of the new week."""
    scene = await posted("ring", scheduled=False)
    await sets(scene, "9:00 days:daily zone:Pacific/Auckland")
    await scene.passes(hours=11)  # Monday 20:00 UTC
    await scene.presses("Ada", "B")
    await scene.passes(days=6)
    assert not told(scene)
    await scene.passes(days=1)
    assert "23–29 November 2026" in told(scene)[0].text


@pytest.mark.parametrize(("late", "comes"), [({"days": 1, "hours": 23}, True), ({"days": 2}, False)])
async def test_after_downtime_it_comes_within_two_days_or_not_at_all(
    posted: Posted, late: dict[str, int], comes: bool
) -> None:
    scene = await posted("ring")
    await sets(scene, "id:1 recap:on")
    await scene.presses("Ada", "B")
    await scene.passes(days=1)
    scene.now = START + timedelta(days=7)
    await scene.passes(**late)
    assert len(told(scene)) == comes
    await scene.passes(days=4)
    assert len(told(scene)) == comes


async def test_a_week_in_which_nobody_answered_is_not_told_of(posted: Posted) -> None:
    scene = await posted("ring")
    await sets(scene, "id:1 recap:on")
    await week_goes_by(scene)
    await week_goes_by(scene, {"Ada": "B"})
    assert ["23–29" in message.text for message in told(scene)] == [False]


async def test_a_week_without_questions_is_not_told_of(posted: Posted) -> None:
    scene = await posted("ring")
    await sets(scene, "id:1 recap:on days:mon")
    await week_goes_by(scene, {"Ada": "B"})
    await sets(scene, "id:1 days:sun")
    await scene.types("Olga", "schedule pause", admin=True)
    await week_goes_by(scene)
    await scene.types("Olga", "schedule resume", admin=True)
    await scene.passes(minutes=1)
    assert len(told(scene)) == 1


# ---------------------------------------------------------------- on and off


async def test_it_is_on_unless_it_is_turned_off_and_can_be_turned_on_again(posted: Posted) -> None:
    scene = await posted("ring", scheduled=False)
    assert "On Mondays the channel gets a recap of its week." in await sets(scene, "9:00 days:daily")
    assert "There is no weekly recap." in await sets(scene, "id:1 recap:off")
    await scene.passes(days=1)
    await week_goes_by(scene, {"Ada": "B"})
    assert not told(scene)
    assert "On Mondays the channel gets a recap" in await sets(scene, "id:1 recap:on")
    assert "On Mondays the channel gets a recap" in await sets(scene, "id:1 topic:collectives")
    await week_goes_by(scene, {"Ada": "B"})
    assert len(told(scene)) == 1


async def test_the_questions_of_a_channel_have_one_recap_together(posted: Posted) -> None:
    scene = await posted("ring", scheduled=False)
    await sets(scene, "8:00 days:daily")
    await sets(scene, "14:00 days:daily")
    await scene.passes(days=1)
    await scene.presses("Ada", "B")
    await scene.passes(days=6)
    await scene.passes(hours=6)
    assert len(told(scene)) == 1
    assert "There is no weekly recap." in await sets(scene, "id:2 recap:off")
    assert "There is no weekly recap." in await sets(scene, "id:1 level:advanced"), (
        "it is the channel's, not the question's"
    )
    assert "There is no weekly recap." in await sets(scene, "18:00")
    assert "On Mondays the channel gets" in await sets(scene, "id:1 channel:hall recap:on")
    assert "There is no weekly recap." in await sets(scene, "id:2 topic:all")


async def test_what_is_due_already_is_not_lost_by_a_change(posted: Posted) -> None:
    scene = await posted("ring")
    await sets(scene, "id:1 recap:on")
    await scene.presses("Ada", "B")
    scene.now = START + timedelta(days=7, hours=1)  # nobody has looked yet
    await sets(scene, "id:1 time:11:00")
    await scene.passes(minutes=1)
    assert not told(scene), "its time is another now"
    await scene.passes(hours=1)
    assert len(told(scene)) == 1


async def test_the_first_recap_after_it_is_turned_on_is_the_coming_mondays(posted: Posted) -> None:
    scene = await posted("ring")
    await week_goes_by(scene, {"Ada": "B"})
    await scene.passes(hours=1)
    await sets(scene, "id:1 recap:on")
    await scene.passes(days=1)
    assert not told(scene)


# ---------------------------------------------------------------- the numbers

MONDAY = date(2026, 11, 16)
STATES = ("closed", "closed", "closed", "closing", "open", "failed", "claimed")


@pytest.mark.parametrize("seed", range(12))
async def test_the_numbers_are_those_of_a_naive_count(posted: Posted, seed: int) -> None:
    scene = await posted(shelf=SHELF)
    chance = random.Random(seed)
    async with scene.database.write() as tx:
        asked, said, active = await _random_weeks(tx, chance)
    for channel in ("a", "b"):
        place = Place("paper", "w1", channel)
        async with scene.database.read() as tx:
            week = await recaps.week(tx, 1, place, MONDAY)
            told = await recap.told(tx, 1, week, Settings("UTC"))
        here = [post for post in asked if post["channel"] == channel and post["state"] not in ("failed", "claimed")]
        mine = [post["id"] for post in here if MONDAY <= post["day"] <= MONDAY + timedelta(days=6)]
        earlier = [post["id"] for post in here if MONDAY - timedelta(days=7) <= post["day"] < MONDAY]
        who = {answer["person_id"] for answer in said if answer["post_id"] in mine}
        before = {answer["person_id"] for answer in said if answer["post_id"] in earlier}
        assert week.took_part == len(who)
        assert week.before == (len(before) if earlier else None)
        assert sorted(each.post.id for each in week.asked) == sorted(mine)
        inside = {(person, day) for person, day in active if MONDAY <= day <= MONDAY + timedelta(days=6)}
        assert week.days == sum(person in who for person, _ in inside)
        assert (told is None) == (not who)
        if told is not None:
            _is_hardest(told, [post for post in here if post["id"] in mine], said)


async def _random_weeks(tx: Any, chance: random.Random) -> tuple[list[Any], list[Any], set[tuple[int, date]]]:
    """Posts, answers and the days on which people did something, over three weeks in two channels."""
    kept = {
        card.id: row.id
        for card, row in zip(CARDS, await cards.keep(tx, 1, [(DECK, card) for card in CARDS]), strict=True)
    }
    new = insert(people).returning(people.c.id)
    crowd = [
        (await tx.execute(new.values(community_id=1, name=f"P{number}", created_at=START))).scalar_one()
        for number in range(8)
    ]
    asked: list[Any] = []
    said: list[Any] = []
    active: set[tuple[int, date]] = set()
    for channel in ("a", "b"):
        for back in range(21):
            day = MONDAY + timedelta(days=back - 7)
            for _ in range(chance.choice((0, 1, 1, 2))):
                card = chance.choice(CARDS)
                post = _post(channel, day, kept[card.id], chance.choice(STATES), len(asked))
                post["id"] = (await tx.execute(insert(posts).values(post).returning(posts.c.id))).scalar_one()
                asked.append({**post, "card": card})
                for person in chance.sample(crowd, chance.randrange(5)) if post["state"] != "failed" else ():
                    mark = (person, post["card_id"], day)
                    if mark not in {(each["person_id"], each["card_id"], each["day"]) for each in said}:
                        said.append(_answer(post, person, card, chance))
                        active.add((person, day))
    active |= {(chance.choice(crowd), MONDAY + timedelta(days=chance.randrange(-7, 14))) for _ in range(20)}
    if said:
        await tx.execute(insert(answers).values(said))
    every = [
        {"person_id": who, "day": day, "community_id": 1, "questions": 0, "practised": 1} for who, day in sorted(active)
    ]
    await tx.execute(insert(days).values(every))
    return asked, said, active


def _post(channel: str, day: date, card_id: int, state: str, number: int) -> dict[str, Any]:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return {
        "community_id": 1,
        "platform": "paper",
        "workspace": "w1",
        "channel": channel,
        "card_id": card_id,
        "key": f"test:{number}",
        "message_id": None if state in ("failed", "claimed") else f"m{number}",
        "mode": "buttons",
        "feedback": "now",
        "seeded": True,
        "state": state,
        "day": day,
        "day_number": 1,
        "opens_at": noon,
        "closes_at": noon,
        "claimed_at": noon,
    }


def _answer(post: dict[str, Any], person: int, card: Any, chance: random.Random) -> dict[str, Any]:
    given, correct = "x", chance.random() < 0.5
    if isinstance(card, SingleChoice | MultiChoice):
        letters = LETTERS[: len(card.options)]
        most = 1 if isinstance(card, SingleChoice) else len(letters)
        given = "".join(sorted(chance.sample(letters, chance.randint(1, most))))
        correct = given == "".join(
            letter for letter, option in zip(letters, card.options, strict=True) if option.correct
        )
    same = {"community_id": 1, "fraction": float(correct), "points": 0, "on_offer": 0}
    ids = {
        "post_id": post["id"],
        "card_id": post["card_id"],
        "person_id": person,
        "account_id": person,
        "day": post["day"],
    }
    return {**same, **ids, "given": given, "correct": correct, "answered_at": post["opens_at"]}


def _is_hardest(told: recap.Told, here: list[Any], said: list[Any]) -> None:
    shares = {}
    for post in here:
        of_post = [answer for answer in said if answer["post_id"] == post["id"]]
        if of_post and post["state"] in ("closed", "closing") and not isinstance(post["card"], Flashcard):
            shares[post["id"]] = sum(answer["correct"] for answer in of_post) / len(of_post)
    if not shares:
        assert told.hardest is None
        return
    assert told.hardest is not None
    hard = next(post for post in here if post["id"] == told.hardest.post.id)
    assert shares[hard["id"]] == min(shares.values())
    of_post = [answer for answer in said if answer["post_id"] == hard["id"]]
    assert (told.hardest.answered, told.hardest.correct) == (len(of_post), sum(each["correct"] for each in of_post))
    if not isinstance(hard["card"], SingleChoice | MultiChoice):
        assert told.wrong is None
        return
    chosen = Counter(letter for answer in of_post for letter in answer["given"])
    missed = {at: chosen[LETTERS[at]] for at, option in enumerate(hard["card"].options) if not option.correct}
    if not any(missed.values()):
        assert told.wrong is None
        return
    assert told.wrong is not None
    assert (missed[told.wrong.at], told.wrong.chose) == (max(missed.values()), max(missed.values()))
    assert recap.sheet(told).hardest is not None
