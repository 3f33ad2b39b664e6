"""`/quiz settings`: who may change what, what it does, and in which language things are said."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import commands
from bot.events import Actor, Command, MessageRef, Place, Press, Submit
from bot.messages import Action, Answer, Form, SelectInput, TextInput
from bot.store import settings
from bot.store.settings import Hosts, TeamMode
from tests.decks import shelf as shelf_with
from tests.stage import DIRECT, HERE, Stage, button, labels, said

Posted = Callable[..., Awaitable[Stage]]

ELSEWHERE = Place("paper", "w2", "general")


async def types(scene: Stage, who: Actor, text: str, place: Place = HERE) -> Answer:
    try:
        path, options = commands.read(text)
        return await scene.app.handle(Command(f"e{next(scene.ids)}", path, options, who, place))
    except commands.Misread as misread:
        raise AssertionError(misread) from misread


async def changed(scene: Stage, text: str) -> str:
    answer = said(await scene.types("Olga", f"settings {text}", admin=True))
    assert answer.startswith("Settings saved"), answer
    return answer


# ---------------------------------------------------------------- the page and its forms


async def test_the_page_shows_what_is_set(posted: Posted) -> None:
    scene = await posted(scheduled=False)
    page = await scene.types("Olga", "settings", admin=True)
    assert said(page) == (
        "Settings\n"
        "Time zone: UTC, where it is 09:00 now\n"
        "Language of posts: English\n"
        "Admins: Admins of this place\n"
        "Teams: People make teams and join them\n"
        "Teams compare by: Fair accuracy, whatever their size\n"
        "Leaderboards: On\n"
        "Streaks: On\n"
        "Live rounds are begun by: Everyone\n"
        "/quiz settings admins:@role makes the members of a role or user group admins, too."
    )
    assert labels(page) == ["Time and language", "Teams", "Boards, streaks, live"]  # type: ignore[arg-type]


async def test_a_form_shows_what_is_set_and_sets_what_is_sent(posted: Posted) -> None:
    scene = await posted(scheduled=False)
    page = await changed(
        scene, "zone:Berlin language:english teams:admins scoring:top3 boards:off streaks:off hosts:admins"
    )
    assert "Time zone: Europe/Berlin, where it is 10:00 now\nLanguage of posts: English\n" in page
    community = await scene.desk.community(HERE, scene.now)
    async with scene.database.read() as tx:
        kept = await settings.of(tx, community.id)
    assert (kept.zone, kept.language, kept.team_mode, kept.hosts) == (
        "Europe/Berlin",
        "en",
        TeamMode.ADMINS,
        Hosts.ADMINS,
    )
    chosen = {}
    for part in ("place", "teams", "shown"):
        form = await scene.acts("Olga", f"settings-form:{part}", admin=True)
        assert isinstance(form, Form)
        for field in form.inputs:
            chosen[field.name] = field.chosen if isinstance(field, SelectInput) else field.value
    assert chosen == {
        "zone": "Europe/Berlin",
        "language": "en",
        "teams": "admins",
        "scoring": "top3",
        "boards": "off",
        "streaks": "off",
        "hosts": "admins",
    }
    olga = scene.actor("Olga", admin=True)
    form = await scene.acts("Olga", "settings-form:shown", admin=True)
    after = await scene.submits(olga, form, {"boards": "on", "streaks": "off", "hosts": "everyone"})
    assert "Leaderboards: On\nStreaks: Off\nLive rounds are begun by: Everyone" in said(after)
    assert "Europe/Berlin" in said(after)


async def test_forms_fit_every_platform(posted: Posted) -> None:
    scene = await posted(scheduled=False)
    for part in ("place", "teams", "shown", "anything"):
        form = await scene.acts("Olga", f"settings-form:{part}", admin=True)
        assert isinstance(form, Form)
        assert len(form.inputs) <= 5
        assert any(isinstance(field, TextInput) for field in form.inputs) == (part in ("place", "anything"))


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("zone:Berlni", "There is no one time zone called “Berlni”. Did you mean Europe/Berlin"),
        ("zone:nowhere-at-all", "Write a big city near you, or a name such as Europe/Berlin."),
        ("zone:EST", "Did you mean America/New_York?"),
        ("language:Deutch", "I don’t speak “Deutch” yet. I speak Deutsch."),
        ("language:klingon", "I don’t speak “klingon” yet. I speak English or Deutsch."),
        ("scoring:avg", "scoring can be fair, mean, top3 or sum, not “avg”."),
        ("streaks:maybe", "streaks can be on or off, not “maybe”."),
        ("admins:@mods", "admins is a role or user group that is here, chosen from the list that opens, not “@mods”."),
        ("admins:<@&1|@everyone>", "That is everyone here"),
    ],
)
async def test_what_can_not_be_is_refused_with_what_can(posted: Posted, typed: str, says: str) -> None:
    scene = await posted(scheduled=False)
    assert says in said(await scene.types("Olga", f"settings {typed}", admin=True))
    assert "Time zone: UTC" in said(await scene.types("Olga", "settings", admin=True))


async def test_a_form_that_can_not_be_leads_back_to_itself(posted: Posted) -> None:
    scene = await posted(scheduled=False)
    form = await scene.acts("Olga", "settings-form:place", admin=True)
    answer = await scene.submits(scene.actor("Olga", admin=True), form, {"zone": "Atlantis", "language": "de"})
    assert "no one time zone called “Atlantis”" in said(answer)
    assert isinstance(await scene.presses("Olga", "Try again", answer, admin=True), Form)


async def test_forged_values_change_nothing(posted: Posted) -> None:
    scene = await posted(scheduled=False)
    olga = scene.actor("Olga", admin=True)
    for fields in ({"boards": "perhaps"}, {"scoring": "all"}, {"language": "xx"}, {"teams": ""}):
        event = Submit(f"e{next(scene.ids)}", Action.of("settings-set", "shown"), fields, olga, HERE)
        assert said(await scene.app.handle(event))
    assert "Leaderboards: On" in said(await scene.types("Olga", "settings", admin=True))


# ---------------------------------------------------------------- who may


async def test_settings_are_for_admins_at_every_step(posted: Posted) -> None:
    scene = await posted(scheduled=False)
    form = await scene.acts("Olga", "settings-form:shown", admin=True)
    for answer in (
        await scene.types("Ada", "settings"),
        await scene.types("Ada", "settings boards:off"),
        await scene.acts("Ada", "settings"),
        await scene.acts("Ada", "settings-form:shown"),
        await scene.acts("Ada", "settings-nobody"),
        await scene.sends("Ada", form, boards="off"),
    ):
        assert "for admins of this place" in said(answer)
    assert "In private messages nobody is an admin" in said(await scene.types("Olga", "settings", DIRECT, admin=True))
    assert "Leaderboards: On" in said(await scene.types("Olga", "settings", admin=True))


async def test_members_of_the_admin_role_are_admins_there_until_they_or_the_role_are_not(posted: Posted) -> None:
    scene = await posted(scheduled=False)
    mod = replace(scene.actor("Mo"), groups=("7", "8"))
    assert "for admins" in said(await types(scene, mod, "schedule list"))
    assert "everyone in Moderators" in await changed(scene, "admins:<@&8|Moderators>")
    assert "no daily question yet" in said(await types(scene, mod, "schedule list"))
    form = await scene.app.handle(
        Press("p1", Action.of("settings-form", "shown"), (), mod, MessageRef(HERE, "private"))
    )
    assert "Leaderboards: Off" in said(await scene.submits(mod, form, {"boards": "off"}))
    gone = replace(mod, groups=("7",))
    assert "for admins" in said(await scene.submits(gone, form, {"boards": "on"}))
    assert "for admins" in said(await types(scene, mod, "schedule list", ELSEWHERE))
    assert "In private messages" in said(await types(scene, mod, "settings", replace(HERE, private=True)))
    page = await scene.types("Olga", "settings", admin=True)
    assert "Admins: Admins of this place\n" in said(await scene.presses("Olga", "No admin role", page, admin=True))
    assert "for admins" in said(await types(scene, mod, "settings"))
    await changed(scene, "admins:<!subteam^S8|@mods>")
    assert "Admins of this place, and everyone in mods" in said(await scene.types("Olga", "settings", admin=True))
    await changed(scene, "admins:none")


# ---------------------------------------------------------------- what each does


async def test_where_boards_are_off_nobody_is_ranked(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.presses("Ada", "B")
    await changed(scene, "boards:off")
    off = "Leaderboards are switched off here."
    for answer in (
        await scene.types("Ada", "leaderboard"),
        await scene.types("Ada", "leaderboard public"),
        await scene.acts("Ada", "board:week"),
        await scene.acts("Ada", "hide"),
    ):
        assert off in said(answer)
    home = await scene.types("Ada", "")
    assert "Leaderboard" not in labels(home)  # type: ignore[arg-type]
    assert "This week" not in said(home)
    await scene.passes(hours=23)
    assert "First right" not in scene.paper.last[1].text
    await changed(scene, "boards:on")
    assert "Ada" in said(await scene.types("Ada", "leaderboard"))


async def test_where_streaks_are_off_none_is_shown_broken_or_spent(posted: Posted) -> None:
    scene = await posted(shelf=shelf_with("ring", "sync"))
    await scene.presses("Ada", labels(scene.paper.last[1])[0])
    await scene.passes(hours=24)
    verdict = await scene.presses("Ada", labels(scene.paper.last[1])[0])
    assert "2 days in a row" in said(verdict)
    await changed(scene, "streaks:off")
    for _day in range(3):
        await scene.passes(hours=24)
    verdict = await scene.presses("Bo", labels(scene.paper.last[1])[0])
    assert "row" not in said(verdict)
    assert "treak" not in said(await scene.types("Ada", "")) + said(await scene.types("Ada", "stats"))
    await scene.passes(hours=23)
    closed = [message.text for message in scene.paper.shown.values() if "closed" in message.text]
    assert "kept a streak" not in closed[-1]
    await changed(scene, "streaks:on")
    await scene.passes(hours=1)
    verdict = await scene.presses("Ada", labels(scene.paper.last[1])[0])
    assert "3 days in a row" in said(verdict)


async def test_team_modes_say_who_may_put_people_into_teams(posted: Posted) -> None:
    scene = await posted(scheduled=False)
    await changed(scene, "teams:admins")
    assert "Admins put people into teams here." in said(await scene.types("Ada", "team create Pandas"))
    assert "everyone to join" in said(await scene.types("Olga", "team create Pandas", admin=True))
    assert "Admins put people into teams here." in said(await scene.types("Ada", "team join Pandas"))
    assert "Pandas" in said(await scene.types("Ada", "team list"))
    await changed(scene, "teams:off")
    for answer in (
        await scene.types("Ada", "team list"),
        await scene.types("Olga", "team create Cats", admin=True),
        await scene.acts("Ada", "team-join:1"),
        await scene.acts("Ada", "teams"),
    ):
        assert "There are no teams here" in said(answer)
    await changed(scene, "teams:open")
    assert "You are in Pandas" in said(await scene.types("Ada", "team join Pandas"))


async def test_another_zone_changes_days_to_come_and_none_that_were(posted: Posted) -> None:
    scene = await posted("ring")
    await scene.presses("Ada", "B")
    before = said(await scene.types("Ada", "stats")), said(await scene.types("Ada", "leaderboard today"))
    page = await changed(scene, "zone:Auckland")
    assert "From now on a day here begins at midnight in Auckland. Days that were counted stay" in page
    assert (said(await scene.types("Ada", "stats")), said(await scene.types("Ada", "leaderboard today"))) == before
    scene.now += timedelta(hours=3)  # 12:00 UTC: Tuesday in Auckland
    assert "Ada" not in said(await scene.types("Ada", "leaderboard today")).split("You")[0]
    assert "Ada" in said(await scene.types("Ada", "leaderboard week"))
    listed = said(await scene.types("Olga", "schedule list", admin=True))
    assert "09:00 UTC" in listed


# ---------------------------------------------------------------- languages


async def test_people_are_answered_in_their_language_and_channels_are_told_in_theirs(posted: Posted) -> None:
    scene = await posted("ring", scheduled=False)
    await changed(scene, "language:de")
    assert said(await scene.types("Olga", "schedule set 9:30", admin=True)).startswith("Tagesfrage 1 ist eingerichtet")
    await scene.passes(minutes=30)
    ref, post = scene.paper.last
    assert post.text.startswith("Tagesfrage\n")
    says = {
        locale: said(
            await scene.app.handle(
                Press(
                    f"e{next(scene.ids)}", button(post, "B"), (), replace(scene.actor(f"P{locale}"), locale=locale), ref
                )
            )
        )
        for locale in ("en-US", "de-DE", "fr", None)
    }
    assert says["en-US"].startswith("✅ Correct · +20 points · 🔥 1 day in a row")
    assert says["de-DE"].startswith("✅ Richtig · +20 Punkte · 🔥 1 Tag in Folge")
    assert says["fr"] == says[None] == says["de-DE"]
    await scene.passes(hours=23)
    closed = next(message.text for message in scene.paper.shown.values() if "geschlossen" in message.text)
    assert "4 Leute haben geantwortet, 4 davon richtig." in closed


async def test_everything_that_is_refused_is_refused_in_the_persons_language(posted: Posted) -> None:
    scene = await posted(scheduled=False)
    karl = replace(scene.actor("Karl"), locale="de")
    assert said(await types(scene, karl, "settings")) == "/quiz settings ist nur für Admins."
    assert "Wo du stehst" in said(await types(scene, karl, ""))
    event = Command("e-x", ("play",), {"level": "expert"}, karl, HERE)
    assert said(await scene.app.handle(event)) == (
        "level kann beginner, intermediate, advanced oder all sein, nicht „expert“."
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("leaderboard", "Rangliste, diese Woche\n"),
        ("leaderboard by:teams", "Rangliste der Teams, diese Woche\n"),
        ("leaderboard period:today public:yes", "Noch hat heute niemand Punkte"),
        ("team list", "In dieser Saison gibt es noch keine Teams."),
        ("team create Eulen", "Das Team Eulen ist da, und alle können beitreten."),
        ("team balance teams:2", "Es gibt 2 Teams und 1 Person zu verteilen."),
        ("stats", "Deine Statistik\n"),
        ("stats Zed", "Niemand, der „Zed“ heißt, teilt hier seine Statistik."),
        ("link", "Tipp das auf deiner anderen Plattform ein: /quiz link code:"),
        ("link code:ABCDEFGH", "Den Code kenne ich nicht."),
        ("community", "Diese Community: w1, 1 Person."),
        ("community link", "Das tippt ein Admin des anderen Workspace dort ein:"),
        ("privacy show", "Was ich über dich gespeichert habe\n"),
        ("privacy export", "Das ist alles, was ich über dich gespeichert habe"),
        ("fix", "Karte korrigieren\n"),
        ("fix C", "B → C; 1 Antwort von 1 ändert sich."),
        ("fix F", "Sag mit Buchstaben, was richtig ist: A bis C, etwa C oder AC."),
    ],
)
async def test_every_feature_speaks_german(posted: Posted, text: str, told: str) -> None:
    scene = await posted("ring")
    scene.draws = False
    karl = replace(scene.actor("Karl", admin=True), locale="de")
    await scene.app.handle(Press("e-b", button(scene.paper.last[1], "B"), (), karl, scene.paper.last[0]))
    if "today" in text:
        scene.now += timedelta(days=3)
    assert told in said(await types(scene, karl, text))


async def test_a_board_for_all_to_read_is_in_the_channels_language(posted: Posted) -> None:
    scene = await posted("ring")
    scene.draws = False
    karl = replace(scene.actor("Karl"), locale="de")
    await scene.app.handle(Press("e-b", button(scene.paper.last[1], "B"), (), karl, scene.paper.last[0]))
    assert said(await types(scene, karl, "leaderboard public:yes")) == "Für alle hier gepostet."
    assert scene.paper.last[1].text.startswith("Leaderboard, this week\n")
    await changed(scene, "language:de")
    ada = replace(scene.actor("Ada"), locale="en")
    assert said(await types(scene, ada, "leaderboard public:yes")) == "Posted for everyone here."
    assert scene.paper.last[1].text.startswith("Rangliste, diese Woche\n")
