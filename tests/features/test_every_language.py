"""A walk through everything that people can do, in each language: nothing fails, and nothing is left in English."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot import commands
from bot.commands import TREE
from bot.events import Actor, Command, MessageRef, Press, Submit
from bot.marked import PLACE
from bot.messages import Answer, Buttons, Form, Message, Picture, Select, SelectInput
from bot.words import ENGLISH, languages
from bot.words.language import FOLDER
from tests.decks import DECK, SHELF
from tests.stage import HERE, Stage, stage

OTHERS = [language for language in languages() if language != ENGLISH]
DEPTH = 2
"""How many buttons are pressed one after the other, from each command on."""

TYPED = (
    *(" ".join(entry.path) for entry in TREE if not any(option.required for option in entry.options)),
    "today", "play", "play level:expert", "play topic:nothing", "play memory", "review", "stats Zed", "stats @Zed",
    "deck show small", "deck show nothing", "deck list", "leaderboard month", "leaderboard by:teams", "leaderboard all",
    "leaderboard by:live", "live small", "live nothing", "live small level:intermediate", "live small seconds:2",
    "leaderboard public:ja", "leaderboard by:teams public:yes", "leaderboard public:vielleicht",
    "team create Red Pandas", "team create Blue", "team create Red Pandas", "team join Blue", "team join nothing",
    "team rename Green", "team show Green", "team assign Zed Green", "team balance teams:2", "team size 1", "team size 0",
    "team remove Green", "team continue", "team list public",
    "schedule set 9:30", "schedule set 25:00", "schedule set time:10:00 days:never", "schedule set id:9 time:10:00",
    "schedule set id:1 mode:reactions feedback:at_close open:3", "schedule show 1", "schedule pause 1", "schedule pause 1",
    "schedule resume 1", "schedule now 1", "schedule remove 1", "schedule set time:11:00 topic:nothing",
    "schedule set time:12:00 zone:Nowhere", "fix", "fix C", "fix right:F", "fix post:999", "settings zone:Nowhere",
    "settings language:xx", "settings admins:@everyone", "settings boards:off", "leaderboard", "settings boards:on",
    "settings streaks:off", "settings teams:admins", "team join Blue", "settings teams:off", "team list",
    "link", "link code:ABCDEFGH", "unlink", "community", "community link", "community link code:ABCDEFGH",
    "community leave", "privacy show", "privacy export", "privacy export csv", "privacy forget",
    *(f"help {entry.path[0]}" for entry in TREE if entry.path and not entry.group and len(entry.path) == 1), "help schedule",
    "nothing", "plai", "deck shwo", "play count:many",
)  # fmt: skip
WORDS = {"a": "Ja.", "name": "Owls", "right": "B", "words": "?", "time": "10:00", "zone": "Berlin", "order": "ABCD"}
"""What is written into a form's boxes."""


@cache
def english(language: str) -> tuple[re.Pattern[str], frozenset[str]]:
    """Pieces of English sentences that the language says otherwise, and whole short texts."""
    catalog = read_po(io.BytesIO((FOLDER / f"{language}.po").read_bytes()), locale=language)
    pieces, whole, theirs = set[str](), set[str](), set[str]()
    for entry in catalog:
        ids, said = (each if isinstance(each, tuple | list) else (each,) for each in (entry.id, entry.string))
        theirs |= {text for text in said if text}
        for text in filter(None, ids):
            whole.add(text)
            pieces |= {piece.strip() for piece in re.split(rf"{PLACE.pattern}|\*\*|`[^`]*`", text) if piece}
    every = "\n".join(theirs)
    long = sorted(each for each in pieces if len(each) > 9 and " " in each and each not in every)
    assert len(long) > 500
    return re.compile("|".join(rf"\b{re.escape(each)}" for each in long)), frozenset(whole - theirs)


def told(answer: Answer) -> Iterator[str]:
    """All that is read, piece by piece."""
    if isinstance(answer, Form):
        yield from (answer.title, answer.intro, answer.send)
        for each in answer.inputs:
            yield each.label
            yield from (
                (option.label for option in each.options) if isinstance(each, SelectInput) else (each.placeholder,)
            )
    if isinstance(answer, Message):
        for block in answer.blocks:
            match block:
                case Buttons(buttons):
                    yield from (text for each in buttons for text in (each.label, each.hint))
                case Select():
                    yield block.placeholder
                    yield from (option.label for option in block.options)
                case Picture():
                    yield block.alt
                case _:
                    yield from block.text.splitlines()


@dataclass
class Walk:
    """Somebody who presses whatever there is, once each, and reads it all."""

    scene: Stage
    who: Actor
    pressed: set[str] = field(default_factory=set)
    read: dict[str, str] = field(default_factory=dict)
    """What was read, with what it came of."""

    async def types(self, text: str) -> None:
        try:
            path, options = commands.read(text)
        except commands.Misread:
            return  # the adapters say that
        command = Command(f"e{next(self.scene.ids)}", path, options, self.who, HERE)
        await self.follows(await self.scene.app.handle(command), f"/quiz {text}", MessageRef(HERE, "private"))

    async def follows(self, answer: Answer, came: str, ref: MessageRef, depth: int = 0) -> None:
        self.read |= dict.fromkeys(told(answer), came)
        if isinstance(answer, Form):
            fields = {
                each.name: each.chosen or str(each.options[0].value)
                if isinstance(each, SelectInput)
                else WORDS.get(each.name, "?")
                for each in answer.inputs
            }
            sent = Submit(f"e{next(self.scene.ids)}", answer.action, fields, self.who, HERE)
            await self.follows(await self.scene.app.handle(sent), f"{came} → sent", ref, depth + 1)
        if not isinstance(answer, Message) or depth >= DEPTH:
            return
        for action in answer.actions:
            if str(action) not in self.pressed and action.verb not in ("community-left", "privacy-forget"):
                self.pressed.add(str(action))
                press = Press(f"e{next(self.scene.ids)}", action, (), self.who, ref)
                await self.follows(await self.scene.app.handle(press), f"{came} → {action}", ref, depth + 1)


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path, SHELF) as scene:
        yield scene


@pytest.mark.parametrize("language", OTHERS)
async def test_all_that_can_be_done_speaks_the_language(scene: Stage, language: str) -> None:
    await scene.types("Olga", f"settings language:{language}", admin=True)
    await scene.timetable.tick()
    walk = Walk(scene, replace(scene.actor("Karl", admin=True), locale=language))
    for scene.draws, typed in ((False, TYPED), (True, ("stats", "leaderboard", "leaderboard by:teams public:yes"))):
        for text in typed:
            await walk.types(text)
        for ref, message in [(MessageRef(HERE, number), shown) for number, shown in scene.paper.shown.items()]:
            await walk.follows(message, f"post {ref.message}", ref)
        await scene.types("Olga", "settings boards:on streaks:on teams:people", admin=True)
        await scene.passes(days=1)
    pieces, whole = english(language)
    own = {DECK.title, DECK.description, *(topic for card in DECK.cards for topic in card.topics)}
    left = {
        text: came
        for text, came in walk.read.items()
        if text not in own and (pieces.search(text) or text.strip(" .:") in whole or "schiefgegangen" in text)
    }
    assert left == {}
    assert len(walk.read) > 400, "the walk came about"
    assert len(walk.pressed) > 100
