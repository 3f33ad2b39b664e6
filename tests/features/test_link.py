"""One person with several accounts, one community with several workspaces: joined by a code, and separated again."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from bot import commands
from bot.events import Actor, Command, MessageRef, Place, Press
from bot.messages import Answer, Table
from bot.store import schedules
from tests.stage import DIRECT, HERE, Stage, button, labels, said

Posted = Callable[..., Awaitable[Stage]]

SLACK = Place("slack", "T1", "c")
BEA = Actor("slack", "T1", "U1", "Bea on Slack")
BOSS = Actor("slack", "T1", "U9", "Boss", is_admin=True)


async def types(scene: Stage, who: Actor, text: str, place: Place = SLACK) -> Answer:
    path, options = commands.read(text)
    return await scene.app.handle(Command(f"t{next(scene.ids)}", path, options, who, place))


async def presses(scene: Stage, who: Actor, label: str, on: Answer, place: Place = SLACK) -> Answer:
    said(on)
    return await scene.app.handle(
        Press(f"p{next(scene.ids)}", button(on, label), (), who, MessageRef(place, "private"))  # type: ignore[arg-type]
    )


def code_in(answer: Answer) -> str:
    found = re.search(r"code:([0-9A-Z-]+)", said(answer))
    assert found is not None, said(answer)
    return found[1]


async def joint(scene: Stage) -> None:
    """The paper's workspace and Slack's are one community."""
    code = code_in(await scene.types("Root", "community link", admin=True))
    asked = await types(scene, BOSS, f"community link code:{code}")
    assert "You are one community now" in said(await presses(scene, BOSS, "Join them", asked))


async def rows(scene: Stage, name: str = "Ada") -> list[tuple[str, ...]]:
    scene.draws = False
    board = await scene.types(name, "leaderboard")
    said(board)
    return [row[1:] for block in board.blocks if isinstance(block, Table) for row in block.rows]  # type: ignore[union-attr]


async def linked(scene: Stage) -> Answer:
    """Bea, who is on paper and on Slack, has become one."""
    code = code_in(await scene.types("Bea", "link"))
    return await types(scene, BEA, f"link code:{code}")


async def test_trouble_is_told_by_an_account_of_the_questions_platform(posted: Posted) -> None:
    scene = await posted("ring")
    await joint(scene)
    alone = said(await types(scene, BOSS, "schedule set id:1 tell:me"))
    assert alone == "Boss has no account that I know where that question stands. Name somebody who has."
    await scene.types("Bea", "help")
    await types(scene, BEA, "help")
    assert "Bea on Slack has no account" in said(await types(scene, BOSS, "schedule set id:1 tell:<@U1|bea>"))
    await linked(scene)
    assert "is told." in said(await types(scene, BOSS, "schedule set id:1 tell:<@U1|bea>"))
    async with scene.database.read() as tx:
        schedule = await schedules.by_id(tx, 1)
    assert schedule is not None
    assert schedule.tell is not None
    assert (schedule.tell.platform, schedule.tell.id) == ("paper", "id-Bea")


async def test_two_accounts_become_one_person_and_two_again(posted: Posted) -> None:
    scene = await posted("ring")
    await joint(scene)
    await scene.presses("Bea", "B")
    today = await types(scene, BEA, "today")
    assert "Points: 0" not in said(await presses(scene, BEA, "A", today))
    assert await rows(scene) == [("Bea", "20", "1 of 1"), ("Bea on Slack", "0", "0 of 1")]
    done = said(await linked(scene))
    assert "Your accounts are linked." in done
    assert "Bea (paper), Bea on Slack (Slack)" in done
    assert "Both had answered 1 question: the first answer counts" in done
    assert await rows(scene) == [("Bea", "20", "1 of 1")]
    assert "You have answered today’s question." in said(await types(scene, BEA, "today"))
    assert "on its own again" in said(await types(scene, BEA, "unlink"))
    assert await rows(scene) == [("Bea", "20", "1 of 1"), ("Bea on Slack", "0", "0 of 1")]
    assert "linked with no other" in said(await types(scene, BEA, "unlink"))


async def test_who_becomes_one_hears_in_which_team_they_are(posted: Posted) -> None:
    scene = await posted("ring")
    await joint(scene)
    await scene.types("Bea", "team create Red")
    scene.now += timedelta(minutes=1)
    await types(scene, BEA, "team create Blue")
    assert "Your team is Red, which you joined first; you no longer count in Blue." in said(await linked(scene))
    assert said(await types(scene, BEA, "team show")).startswith("Red")
    assert "on its own again" in said(await scene.types("Bea", "unlink"))
    assert said(await types(scene, BEA, "team show")).startswith("Blue")


async def test_the_first_answer_counts_whoever_made_the_code(posted: Posted) -> None:
    scene = await posted("ring")
    await joint(scene)
    await presses(scene, BEA, "A", await types(scene, BEA, "today"))
    scene.now = scene.now.replace(minute=5)
    await scene.presses("Bea", "B")
    await linked(scene)
    ((_, points, right),) = await rows(scene)
    assert (points, right) == ("0", "0 of 1")


async def test_who_is_linked_answers_once_on_whichever_platform(posted: Posted) -> None:
    scene = await posted("ring")
    await joint(scene)
    await linked(scene)
    today = await types(scene, BEA, "today")
    assert "Correct" in said(await presses(scene, BEA, "B", today))
    assert "answered this one already" in said(await scene.presses("Bea", "A"))
    assert "rank 1 of 1" in said(await scene.types("Bea", ""))


async def test_a_code_works_once(posted: Posted) -> None:
    scene = await posted("ring")
    await joint(scene)
    code = code_in(await scene.types("Bea", "link"))
    assert "are linked" in said(await types(scene, BEA, f"link code:{code}"))
    assert "used already" in said(await types(scene, replace(BEA, id="U2"), f"link code:{code}"))
    assert "linked already" in said(await linked(scene))


async def test_a_code_is_read_as_people_type_it(posted: Posted) -> None:
    scene = await posted("ring")
    await joint(scene)
    code = code_in(await scene.types("Bea", "link")).lower().replace("-", " ").replace("1", "l").replace("0", "o")
    assert "are linked" in said(await types(scene, BEA, f'link code:"{code}"'))


async def test_a_code_ends_after_ten_minutes(posted: Posted) -> None:
    scene = await posted("ring")
    await joint(scene)
    code = code_in(await scene.types("Bea", "link"))
    scene.now = scene.now.replace(minute=10)
    assert "older than ten minutes" in said(await types(scene, BEA, f"link code:{code}"))


async def test_nobody_uses_their_own_code(posted: Posted) -> None:
    scene = await posted("ring")
    code = code_in(await scene.types("Bea", "link"))
    assert "with this very account" in said(await scene.types("Bea", f"link code:{code}"))


async def test_a_newer_code_ends_the_older_one(posted: Posted) -> None:
    scene = await posted("ring")
    await joint(scene)
    old, new = [code_in(await scene.types("Bea", "link")) for _ in range(2)]
    assert "don’t know that code" in said(await types(scene, BEA, f"link code:{old}"))
    assert "are linked" in said(await types(scene, BEA, f"link code:{new}"))


async def test_who_guesses_five_times_waits_even_with_the_right_code(posted: Posted) -> None:
    scene = await posted("ring")
    await joint(scene)
    code = code_in(await scene.types("Bea", "link"))
    for guess in range(5):
        assert "don’t know that code" in said(await types(scene, BEA, f"link code:GUESS-{guess}"))
    assert "too many wrong codes" in said(await types(scene, BEA, f"link code:{code}"))
    assert "are linked" in said(await types(scene, replace(BEA, id="U2"), f"link code:{code}"))
    scene.now = scene.now.replace(minute=10)
    fresh = code_in(await scene.types("Bea", "link"))
    assert "are linked" in said(await types(scene, BEA, f"link code:{fresh}"))


async def test_people_of_two_communities_are_told_how_to_become_one(posted: Posted) -> None:
    scene = await posted("ring")
    code = code_in(await scene.types("Bea", "link"))
    assert "/quiz community link" in said(await types(scene, BEA, f"link code:{code}"))
    await joint(scene)
    fresh = code_in(await scene.types("Bea", "link"))
    assert "are linked" in said(await types(scene, BEA, f"link code:{fresh}"))


async def test_who_only_talked_with_the_bot_in_private_brings_that_along(posted: Posted) -> None:
    scene = await posted("ring")
    private = replace(BEA, platform="discord", workspace="", id="7")
    direct = replace(DIRECT, platform="discord")
    session = await types(scene, private, "play count:1", direct)
    assert "1 of 1" in said(session)
    code = code_in(await scene.types("Bea", "link"))
    assert "are linked" in said(await types(scene, private, f"link code:{code}", direct))
    await scene.presses("Bea", "B")
    assert "rank 1 of 1" in said(await types(scene, private, "", direct))


async def test_linking_while_both_answer_loses_nothing(posted: Posted) -> None:
    scene = await posted("ring")
    await joint(scene)
    today = await types(scene, BEA, "today")
    code = code_in(await scene.types("Bea", "link"))
    _, *answered = await asyncio.gather(
        types(scene, BEA, f"link code:{code}"),
        scene.presses("Bea", "B"),
        presses(scene, BEA, "B", today),
    )
    assert all("Correct" in said(each) or "already" in said(each) for each in answered)
    assert [row[1:] for row in await rows(scene)] == [("20", "1 of 1")]


async def test_only_admins_join_communities_and_nobody_by_a_persons_code(posted: Posted) -> None:
    scene = await posted("ring")
    assert "for admins" in said(await scene.types("Ada", "community link"))
    code = code_in(await scene.types("Ada", "link"))
    assert "for something else" in said(await types(scene, BOSS, f"community link code:{code}"))
    code = code_in(await scene.types("Root", "community link", admin=True))
    asked = await types(scene, BOSS, f"community link code:{code}")
    plain = replace(BOSS, is_admin=False)
    assert "for admins" in said(await presses(scene, plain, "Join them", asked))


async def test_joining_says_first_what_it_does(posted: Posted) -> None:
    scene = await posted("ring")
    code = code_in(await scene.types("Root", "community link", admin=True))
    asked = await types(scene, BOSS, f"community link code:{code}")
    assert "Join T1 to w1?" in said(asked)
    assert "Days and weeks will be those of UTC" in said(asked)
    assert labels(asked) == ["Join them", "Not now"]  # type: ignore[arg-type]
    await presses(scene, BOSS, "Join them", asked)
    assert "used already" in said(await presses(scene, BOSS, "Join them", asked))
    assert "share one board already" in said(
        await types(
            scene, BOSS, f"community link code:{code_in(await scene.types('Root', 'community link', admin=True))}"
        )
    )


async def test_a_workspace_that_leaves_takes_its_people_and_leaves_the_others(posted: Posted) -> None:
    scene = await posted("ring")
    await joint(scene)
    await scene.presses("Ada", "B")
    await presses(scene, BEA, "B", await types(scene, BEA, "today"))
    assert len(await rows(scene)) == 2
    asked = await types(scene, BOSS, "community leave")
    assert "Nobody loses an answer" in said(asked)
    assert "of its own again" in said(await presses(scene, BOSS, "Leave", asked))
    assert len(await rows(scene)) == 2  # the question was the paper's, and so are the answers to it
    assert "Nobody has points yet" in said(await types(scene, BEA, "leaderboard"))
    assert "shares its community with no other" in said(await types(scene, BOSS, "community leave"))


async def test_a_question_that_is_open_goes_on_through_joining_and_leaving(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.presses("Ada", "B")
    code = code_in(await types(scene, BOSS, "community link"))
    asked = await scene.types("Root", f"community link code:{code}", admin=True)
    await scene.presses("Root", "Join them", asked, admin=True)  # the paper's post is of another community now
    assert "Correct" in said(await scene.presses("Cy", "B"))
    assert "answered this one already" in said(await scene.presses("Ada", "A"))
    left = await scene.types("Root", "community leave", admin=True)
    await scene.presses("Root", "Leave", left, admin=True)
    assert "Correct" in said(await scene.presses("Dan", "B"))
    await scene.passes(hours=23)
    assert "3 got it right" in said(scene.paper.last[1])
    assert [row[0] for row in await rows(scene)] == ["Ada", "Cy", "Dan"]
    assert HERE.workspace == "w1"


async def test_stats_are_shared_as_one_only_where_both_were(posted: Posted) -> None:
    scene = await posted("ring")
    await joint(scene)
    scene.draws = False
    await scene.presses("Bea", "B")
    mine = await scene.types("Bea", "stats")
    assert "Others here can see" in said(await scene.presses("Bea", "Share my stats", mine))
    await types(scene, BEA, "today")
    await linked(scene)
    assert "Only you can see these." in said(await scene.types("Bea", "stats"))


async def test_the_word_alone_says_which_workspaces_are_in_it_and_what_to_type(posted: Posted) -> None:
    scene = await posted("ring")
    await joint(scene)
    told = said(await scene.types("Root", "community", admin=True))
    assert "This community: T1 + w1" in told
    assert "/quiz community leave" in told
    assert "for admins" in said(await scene.types("Ada", "community"))
    assert "/quiz privacy export" in said(await scene.types("Ada", "privacy"))
