"""What every platform must do, whatever it is made of: one suite, run by each adapter on a bench of its own.

An adapter's test module derives `class TestX(PlatformContract)` and gives it a `bench` fixture; one whose platform
delivers events again derives from `RedeliveryContract`. A bench plays the platform's people: what they see on their
screens and what they press, through the adapter's real way in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeAlias

import pytest

from bot.events import Command, Completion, Event, MessageRef, Place, Press, Reaction, Submit
from bot.messages import (
    Action,
    Answer,
    Button,
    Buttons,
    Choice,
    Fields,
    Form,
    Heading,
    Message,
    Select,
    Style,
    Table,
    Text,
    TextInput,
    Tone,
    bold,
    code,
)
from bot.platform import Missing, Platform

ADA, GRACE = "Ada", "Grace"


Deed: TypeAlias = Command | Completion | Press | Submit | Reaction
"""What somebody did."""


@dataclass(frozen=True)
class Seen:
    """A message on someone's screen. `text` as it is read there, `buttons` by their labels."""

    id: str
    private: bool
    text: str
    buttons: tuple[str, ...]


class Bench(Protocol):
    """A platform with its adapter, and two people on it, Ada and Grace."""

    platform: Platform
    place: Place
    gone: MessageRef
    """Where no message of ours is."""

    events: list[Deed]
    """What people did, as it reached `handle`, in order; nothing that merely happened."""

    answer: Callable[[Event], Answer]
    """What `handle` answers; a test sets it."""

    async def seen(self, person: str) -> list[Seen]:
        """Every message on someone's screen in the place, from top to bottom."""

    async def form(self, person: str) -> str | None:
        """The title of the form that is open on someone's screen."""

    async def command(self, person: str, text: str) -> None:
        """Someone types `/quiz …`, or chooses the same from the platform's menus."""

    async def press(self, person: str, message: str, label: str) -> None: ...

    async def forge(self, person: str, message: str, action: str) -> None:
        """Someone sends the press of a button that is not there."""

    async def choose(self, person: str, message: str, label: str) -> None:
        """Someone chooses in the message's menu."""

    async def fill(self, person: str, fields: dict[str, str]) -> None:
        """Someone fills the open form, by the inputs' names, and sends it."""

    async def react(self, person: str, message: str, emoji: str) -> None: ...

    async def unreact(self, person: str, message: str, emoji: str) -> None:
        """Someone takes their emoji away."""

    async def emojis(self, person: str, message: str) -> tuple[str, ...]:
        """The emojis that stand under a message as someone sees it, each once, in order."""

    async def restart(self) -> None:
        """The bot stops and starts again; the platform and what people see stay."""


class RedeliveringBench(Bench, Protocol):
    async def redeliver(self) -> None:
        """The platform delivers the last event once more."""


HOSTILE = "<b>@everyone</b> <!channel> <@U1> **x** `y` [z](https://e.example) &amp; \u202egnp.exe {{7*7}}"

QUESTION = Message.of(
    Heading("Question of the day"),
    Text.of("What does ", bold("ZeRO stage 3"), " shard? See ", code("fsdp.py"), "."),
    Buttons.of(
        Button("A", Action.of("answer", 7, "A"), Style.PRIMARY, "Parameters, gradients and optimizer states"),
        Button("B", Action.of("answer", 7, "B")),
    ),
)
VERDICT = Message.of(
    "✅ Correct",
    Buttons.of(Button("I guessed", Action.of("guessed", 7)), Button("Explain", Action.of("explain", 7))),
    tone=Tone.GOOD,
)
EXPLAIN = Form("In your own words", (TextInput("answer", "Your answer", long=True),), Action.of("sent", 7))


def now() -> datetime:
    return datetime.now(UTC)


async def reacted(events: Sequence[Deed], count: int = 1) -> list[Reaction]:
    """The reactions among a bench's `events`, once there are so many."""
    async with asyncio.timeout(10):
        while len(found := [event for event in events if isinstance(event, Reaction)]) < count:
            await asyncio.sleep(0.01)
    return found


class PlatformContract:
    # ------------------------------------------------ public messages

    async def test_a_post_is_seen_by_everyone_where_it_was_put(self, bench: Bench) -> None:
        ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
        assert ref.place == bench.place
        for person in (ADA, GRACE):
            (seen,) = await bench.seen(person)
            assert seen == Seen(ref.message, False, seen.text, ("A", "B"))
            assert "Question of the day" in seen.text
            assert "What does ZeRO stage 3 shard? See fsdp.py." in seen.text

    async def test_a_second_post_with_the_same_key_is_the_first(self, bench: Bench) -> None:
        first = await bench.platform.post(bench.place, QUESTION, "daily:1")
        assert await bench.platform.post(bench.place, Message.of("Something else"), "daily:1") == first
        assert [seen.id for seen in await bench.seen(ADA)] == [first.message]

    async def test_posts_at_the_same_moment_under_one_key_show_one_message(self, bench: Bench) -> None:
        refs = await asyncio.gather(*(bench.platform.post(bench.place, QUESTION, "daily:1") for _ in range(5)))
        assert len(set(refs)) == 1
        assert len(await bench.seen(ADA)) == 1

    async def test_another_key_is_another_message(self, bench: Bench) -> None:
        first = await bench.platform.post(bench.place, QUESTION, "daily:1")
        second = await bench.platform.post(bench.place, QUESTION, "daily:2")
        assert [seen.id for seen in await bench.seen(ADA)] == [first.message, second.message]

    async def test_a_post_is_found_by_its_key(self, bench: Bench) -> None:
        before = now() - timedelta(minutes=1)
        ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
        assert await bench.platform.find(bench.place, "daily:1", before) == [ref]
        assert await bench.platform.find(bench.place, "daily:2", before) == []
        assert await bench.platform.find(bench.place, "daily:1", now() + timedelta(minutes=1)) == []

    async def test_a_post_is_found_and_not_doubled_after_a_restart(self, bench: Bench) -> None:
        before = now() - timedelta(minutes=1)
        ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
        await bench.restart()
        assert await bench.platform.find(bench.place, "daily:1", before) == [ref]
        assert await bench.platform.post(bench.place, QUESTION, "daily:1") == ref
        assert len(await bench.seen(GRACE)) == 1

    async def test_a_deleted_post_is_gone_for_everyone_and_a_second_time_is_no_error(self, bench: Bench) -> None:
        before = now() - timedelta(minutes=1)
        ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
        await bench.platform.post(bench.place, QUESTION, "daily:2")
        for _ in range(2):
            await bench.platform.delete(ref)
        assert [len(await bench.seen(person)) for person in (ADA, GRACE)] == [1, 1]
        assert await bench.platform.find(bench.place, "daily:1", before) == []
        await bench.platform.delete(bench.gone)

    async def test_an_edit_replaces_the_message_where_it_stands(self, bench: Bench) -> None:
        ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
        await bench.platform.post(bench.place, Message.of("Something later"), "later")
        await bench.platform.edit(ref, Message.of("Closed: the answer was A."))
        first, second = await bench.seen(ADA)
        assert (first.id, first.buttons) == (ref.message, ())
        assert "Closed: the answer was A." in first.text
        assert "ZeRO" not in first.text
        assert "Something later" in second.text

    async def test_editing_what_is_gone_says_so(self, bench: Bench) -> None:
        with pytest.raises(Missing):
            await bench.platform.edit(bench.gone, QUESTION)

    async def test_who_reacted_is_told_in_order(self, bench: Bench) -> None:
        ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
        assert list(await bench.platform.reactors(ref, "1️⃣")) == []
        await bench.react(GRACE, ref.message, "1️⃣")
        await bench.react(ADA, ref.message, "1️⃣")
        await bench.react(ADA, ref.message, "2️⃣")
        assert [actor.name for actor in await bench.platform.reactors(ref, "1️⃣")] == [GRACE, ADA]
        assert {actor.platform for actor in await bench.platform.reactors(ref, "2️⃣")} == {bench.platform.name}

    async def test_reactions_to_what_is_gone_are_missing(self, bench: Bench) -> None:
        with pytest.raises(Missing):
            await bench.platform.reactors(bench.gone, "1️⃣")

    # ------------------------------------------------ reactions

    async def test_the_bot_s_own_emoji_stand_once_in_order_and_are_nobody_s_answer(self, bench: Bench) -> None:
        ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
        for emoji in ("1️⃣", "2️⃣", "1️⃣", "2️⃣"):
            await bench.platform.react(ref, emoji)
        for person in (ADA, GRACE):
            assert await bench.emojis(person, ref.message) == ("1️⃣", "2️⃣")
        assert list(await bench.platform.reactors(ref, "1️⃣")) == []
        await bench.react(ADA, ref.message, "1️⃣")
        assert [actor.name for actor in await bench.platform.reactors(ref, "1️⃣")] == [ADA]
        (event,) = await reacted(bench.events)
        assert event.actor.name == ADA

    async def test_a_reaction_reaches_the_bot_and_so_does_its_end(self, bench: Bench) -> None:
        ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
        await bench.platform.react(ref, "1️⃣")
        await bench.react(ADA, ref.message, "1️⃣")
        await bench.unreact(ADA, ref.message, "1️⃣")
        came, went = await reacted(bench.events, 2)
        (before,) = {came.actor.id, went.actor.id}
        assert (came.emoji, came.added, came.ref, came.place) == ("1️⃣", True, ref, bench.place)
        assert (went.emoji, went.added, went.ref) == ("1️⃣", False, ref)
        assert came.id != went.id
        assert list(await bench.platform.reactors(ref, "1️⃣")) == []
        assert await bench.emojis(GRACE, ref.message) == ("1️⃣",), "the bot's own stays"
        await bench.command(ADA, "/quiz today")
        assert bench.events[-1].actor.id == before

    async def test_reacting_to_what_is_gone_says_so(self, bench: Bench) -> None:
        with pytest.raises(Missing):
            await bench.platform.react(bench.gone, "1️⃣")

    # ------------------------------------------------ where the bot can work

    async def test_a_place_where_the_bot_can_do_its_work_is_well(self, bench: Bench) -> None:
        await bench.platform.check(bench.place)

    async def test_a_channel_that_is_not_there_is_missing(self, bench: Bench) -> None:
        with pytest.raises(Missing) as found:
            await bench.platform.check(replace(bench.place, channel=bench.gone.message))
        assert len(str(found.value)) > 20, "in words, with the mend"

    # ------------------------------------------------ commands

    async def test_a_command_reaches_the_bot_with_its_actor_and_place(self, bench: Bench) -> None:
        await bench.command(ADA, "/quiz leaderboard period:month")
        (event,) = bench.events
        assert isinstance(event, Command)
        assert (event.path, dict(event.options)) == (("leaderboard",), {"period": "month"})
        assert (event.actor.name, event.actor.platform) == (ADA, bench.platform.name)
        assert event.place == bench.place

    async def test_the_answer_to_a_command_is_for_the_asker_alone(self, bench: Bench) -> None:
        bench.answer = lambda _: VERDICT
        await bench.command(ADA, "/quiz today")
        (seen,) = await bench.seen(ADA)
        assert (seen.private, seen.buttons) == (True, ("I guessed", "Explain"))
        assert "✅ Correct" in seen.text
        assert await bench.seen(GRACE) == []

    async def test_a_public_answer_comes_as_a_post_and_none_to_the_asker(self, bench: Bench) -> None:
        await bench.command(ADA, "/quiz today")
        assert await bench.seen(ADA) == []

    async def test_a_form_can_answer_a_command_and_its_answer_comes_back(self, bench: Bench) -> None:
        bench.answer = lambda event: EXPLAIN if isinstance(event, Command) else Message.of("3 of 4")
        await bench.command(ADA, "/quiz today")
        assert await bench.form(ADA) == EXPLAIN.title
        assert await bench.form(GRACE) is None
        await bench.fill(ADA, {"answer": "Larger batches.\nOne synchronisation."})
        event = bench.events[-1]
        assert isinstance(event, Submit)
        assert (event.action, dict(event.fields)) == (
            EXPLAIN.action,
            {"answer": "Larger batches.\nOne synchronisation."},
        )
        assert (event.actor.name, event.place) == (ADA, bench.place)
        (seen,) = await bench.seen(ADA)
        assert seen.private
        assert "3 of 4" in seen.text

    # ------------------------------------------------ presses

    async def test_a_press_on_a_public_message_is_answered_privately(self, bench: Bench) -> None:
        ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
        bench.answer = lambda _: VERDICT
        await bench.press(GRACE, ref.message, "B")
        (event,) = bench.events
        assert isinstance(event, Press)
        assert (str(event.action), event.values, event.actor.name) == ("answer:7:B", (), GRACE)
        assert event.ref == ref
        public, private = await bench.seen(GRACE)
        assert (public.private, public.buttons) == (False, ("A", "B"))
        assert private.private
        assert "✅ Correct" in private.text
        assert [seen.id for seen in await bench.seen(ADA)] == [ref.message]

    async def test_a_press_on_a_private_message_replaces_it(self, bench: Bench) -> None:
        bench.answer = lambda event: VERDICT if isinstance(event, Command) else Message.of("Noted as a guess.")
        await bench.command(ADA, "/quiz today")
        (before,) = await bench.seen(ADA)
        await bench.press(ADA, before.id, "I guessed")
        (after,) = await bench.seen(ADA)
        assert (after.id, after.private, after.buttons) == (before.id, True, ())
        assert "Noted as a guess." in after.text
        assert "Correct" not in after.text

    async def test_a_form_opened_from_a_private_message_replaces_that_message(self, bench: Bench) -> None:
        def answer(event: Event) -> Answer:
            return (
                VERDICT if isinstance(event, Command) else EXPLAIN if isinstance(event, Press) else Message.of("4 of 4")
            )

        bench.answer = answer
        await bench.command(ADA, "/quiz today")
        (before,) = await bench.seen(ADA)
        await bench.press(ADA, before.id, "Explain")
        assert await bench.form(ADA) == EXPLAIN.title
        await bench.fill(ADA, {"answer": "Larger batches."})
        (after,) = await bench.seen(ADA)
        assert after.id == before.id
        assert "4 of 4" in after.text

    async def test_choosing_in_a_menu_is_a_press_with_its_value(self, bench: Bench) -> None:
        menu = Select(Action.of("deck"), "Which deck?", (Choice("Networks", "networks"), Choice("All", "all")))
        ref = await bench.platform.post(bench.place, Message.of("Decks", menu), "decks")
        await bench.choose(ADA, ref.message, "Networks")
        (event,) = bench.events
        assert isinstance(event, Press)
        assert (event.action, event.values) == (Action.of("deck"), ("networks",))

    async def test_every_button_still_works_after_a_restart(self, bench: Bench) -> None:
        ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
        bench.answer = lambda _: VERDICT
        await bench.press(ADA, ref.message, "A")
        await bench.restart()
        await bench.press(ADA, (await bench.seen(ADA))[-1].id, "I guessed")
        await bench.press(GRACE, ref.message, "B")
        assert [str(event.action) for event in bench.events if isinstance(event, Press)] == [
            "answer:7:A",
            "guessed:7",
            "answer:7:B",
        ]

    async def test_two_presses_are_two_events(self, bench: Bench) -> None:
        ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
        await bench.press(ADA, ref.message, "A")
        await bench.press(ADA, ref.message, "A")
        first, second = bench.events
        assert first.id
        assert first.id != second.id

    async def test_a_button_that_no_version_wrote_is_answered_and_reaches_nothing(self, bench: Bench) -> None:
        ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
        await bench.forge(ADA, ref.message, "Not an Action!")
        assert bench.events == []
        answer = (await bench.seen(ADA))[-1]
        assert answer.private
        assert "older version" in answer.text

    # ------------------------------------------------ private messages

    async def test_what_is_told_to_one_is_seen_by_no_other(self, bench: Bench) -> None:
        await bench.command(ADA, "/quiz today")
        await bench.platform.tell(bench.events[0].actor, Message.of("Your score was corrected."))
        (seen,) = await bench.seen(ADA)
        assert seen.private
        assert "Your score was corrected." in seen.text
        assert await bench.seen(GRACE) == []

    # ------------------------------------------------ hostile text

    async def test_hostile_text_is_shown_as_it_is_in_every_block(self, bench: Bench) -> None:
        message = Message.of(
            Heading(HOSTILE),
            Text.of(HOSTILE, bold(HOSTILE), code("a` <i>b</i>")),
            Fields(((HOSTILE, HOSTILE),)),
            Table(("Name",), ((HOSTILE,),)),
            Buttons.of(Button("<u>A</u> & *B*", Action.of("answer", 7, "A"))),
        )
        await bench.platform.post(bench.place, message, "hostile")
        (seen,) = await bench.seen(ADA)
        assert seen.text.count(HOSTILE) == 6
        assert "a` <i>b</i>" in seen.text
        assert seen.buttons == ("<u>A</u> & *B*",)

    async def test_hostile_text_comes_in_as_it_was_typed(self, bench: Bench) -> None:
        bench.answer = lambda event: EXPLAIN if isinstance(event, Command) else None
        await bench.command(ADA, "/quiz today")
        await bench.fill(ADA, {"answer": HOSTILE})
        event = bench.events[-1]
        assert isinstance(event, Submit)
        assert event.fields["answer"] == HOSTILE


class RedeliveryContract(PlatformContract):
    """For platforms that deliver an event again when they think that it was lost."""

    async def test_a_redelivered_event_has_the_id_of_the_first(self, bench: RedeliveringBench) -> None:
        ref = await bench.platform.post(bench.place, QUESTION, "daily:1")
        await bench.press(ADA, ref.message, "A")
        await bench.redeliver()
        assert len({event.id for event in bench.events}) == 1
