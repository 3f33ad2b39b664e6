"""The app in many workspaces: agreed to, kept sealed, its tokens changed in time, removed; tenants stay apart."""

from __future__ import annotations

import asyncio
import json
import time

import httpx
import pytest

from adapters.slack import many
from adapters.slack.api import Api
from adapters.slack.client import SlackPlatform
from adapters.slack.installs import Installation
from adapters.slack.many import ManyInstalls
from adapters.slack.sealed import Sealed, WrongKey, cipher
from adapters.slack.ways import INSTALL_PATH, REDIRECT_PATH, Credentials, Way
from bot.events import Command, Place, Press, Roster, WorkspaceChanged, WorkspaceLeft
from bot.messages import Message
from bot.platform import Forbidden, PlatformError, SignedOut
from tests.adapters.contract import ADA, QUESTION, VERDICT
from tests.adapters.slack.bench import SECRET_KEY, SlackBench, Vault
from tests.emulators.slack.people import Person
from tests.emulators.slack.workspaces import Channel, Workspace

pytestmark = pytest.mark.parametrize("bench", [Way.MANY], indirect=True)


async def second(bench: SlackBench) -> tuple[Workspace, Channel, Person]:
    """Another workspace that has installed the app, its channel, and someone in it."""
    elsewhere = await bench.slack.workspace("Elsewhere")
    eve = await elsewhere.person("Eve", is_admin=True)
    channel = await elsewhere.channel("daily", members=[eve])
    status, page = await bench.agree(eve)
    assert (status, "installed" in page) == (200, True)
    await channel.invite_bot()
    return elsewhere, channel, eve


async def until_happened(bench: SlackBench, kind: type, count: int = 1) -> None:
    async with asyncio.timeout(15):
        while sum(isinstance(event, kind) for event in bench.happened) < count:
            await asyncio.sleep(0.02)


async def test_an_installation_is_kept_sealed_and_told(bench: SlackBench) -> None:
    await until_happened(bench, WorkspaceChanged)
    changed = next(event for event in bench.happened if isinstance(event, WorkspaceChanged))
    assert (changed.workspace.id, changed.workspace.name) == (bench.workspace.id, "Study Hall")
    assert changed.workspace.owner is not None
    kept = b"".join(bench.vault.kept.values())
    assert bench.vault.kept
    assert b"xox" not in kept
    assert bench.workspace.id.encode() not in kept
    await bench.restart()
    roster = bench.happened[-1]
    assert isinstance(roster, Roster)
    assert [each.id for each in roster.workspaces] == [bench.workspace.id]


async def test_two_workspaces_are_kept_apart(bench: SlackBench) -> None:
    elsewhere, channel, eve = await second(bench)
    here = await bench.platform.post(bench.place, QUESTION, "daily:1")
    there = await bench.platform.post(Place("slack", elsewhere.id, channel.id), QUESTION, "daily:1")
    bench.answer = lambda _: VERDICT
    await bench.press(ADA, here.message, "A")
    await eve.press((await channel.messages())[0], "A")
    one, two = bench.events
    assert isinstance(one, Press)
    assert isinstance(two, Press)
    assert (one.place.workspace, one.actor.workspace) == (bench.workspace.id, bench.workspace.id)
    assert (two.place.workspace, two.actor.workspace) == (elsewhere.id, elsewhere.id)
    assert two.ref == there
    teams = {each["team"] for each in await bench.slack.requests("chat.postMessage")}
    assert teams == {bench.workspace.id, elsewhere.id}
    with pytest.raises(PlatformError):
        await bench.platform.post(Place("slack", elsewhere.id, bench.channel.id), QUESTION, "daily:2")
    with pytest.raises(Forbidden, match=INSTALL_PATH):
        await bench.platform.check(Place("slack", "T0NOWHERE", bench.channel.id))


async def test_a_person_of_another_workspace_in_a_shared_channel_is_a_stranger_there(bench: SlackBench) -> None:
    partner = await bench.slack.workspace("Partner")
    pat = await partner.person("Pat", is_admin=True)
    shared = await bench.workspace.channel("shared", members=[pat], shared_with=[partner])
    await shared.invite_bot()
    place = Place("slack", bench.workspace.id, shared.id)
    await bench.platform.post(place, QUESTION, "daily:1")
    bench.answer = lambda _: VERDICT
    await pat.press((await shared.messages())[0], "A")
    (event,) = bench.events
    assert isinstance(event, Press)
    assert event.place == place
    assert (event.actor.workspace, event.actor.is_admin) == (partner.id, False)


async def test_an_organisation_s_installation_serves_its_workspaces(bench: SlackBench) -> None:
    grid = await bench.slack.enterprise()
    one = await bench.slack.workspace("Physics", enterprise=grid)
    two = await bench.slack.workspace("Chemistry", enterprise=grid)
    owner = await one.person("Olga", is_admin=True)
    status, _ = await bench.agree(owner, org_wide=True)
    assert status == 200
    cem = await two.person("Cem")
    channel = await two.channel("daily", members=[cem])
    bench.answer = lambda _: VERDICT
    answered = await cem.command(channel, "/quiz today")
    assert answered.message.ephemeral
    assert bench.events[-1].place == Place("slack", two.id, channel.id)
    await bench.restart()
    roster = bench.happened[-1]
    assert isinstance(roster, Roster)
    assert {each.id for each in roster.workspaces} == {bench.workspace.id, two.id}


async def test_someone_of_an_organisation_is_told_through_the_workspace_that_has_the_app(bench: SlackBench) -> None:
    grid = await bench.slack.enterprise()
    physics = await bench.slack.workspace("Physics", enterprise=grid)
    olga = await physics.person("Olga", is_admin=True)
    channel = await physics.channel("daily", members=[olga])
    await bench.agree(olga)
    await olga.command(channel, "/quiz today", until="acked")
    await bench.quiet()
    (event,) = bench.events
    assert isinstance(event, Command)
    assert (event.actor.workspace, event.actor.is_admin, event.place.workspace) == (grid, True, physics.id)
    await bench.platform.tell(event.actor, Message.of("Your score was corrected."))
    assert [message.text for message in await olga.direct_messages()] == ["Your score was corrected."]


async def test_when_the_app_is_removed_nothing_of_it_is_kept(bench: SlackBench) -> None:
    await bench.workspace.uninstall()
    await until_happened(bench, WorkspaceLeft)
    async with asyncio.timeout(5):
        while bench.vault.kept:
            await asyncio.sleep(0.02)
    with pytest.raises(Forbidden, match=INSTALL_PATH):
        await bench.platform.post(bench.place, QUESTION, "daily:1")


async def test_a_goodbye_that_comes_after_the_app_is_back_changes_nothing(bench: SlackBench) -> None:
    await bench.workspace.uninstall()
    await until_happened(bench, WorkspaceLeft)
    await bench.agree(await bench.workspace.person("Ingo", is_admin=True))
    bench.happened.clear()
    body = (await bench.slack.events("app_uninstalled"))[-1]["payload"] | {"event_id": "Ev0LATE"}
    said = await bench.slack.post_raw("events", json.dumps(body), content_type="application/json")
    assert said.status == 200
    await bench.channel.invite_bot()
    await bench.platform.post(bench.place, QUESTION, "daily:1")
    assert not [event for event in bench.happened if isinstance(event, WorkspaceLeft)]


async def test_a_token_revoked_unheard_is_found_out_by_its_first_use(bench: SlackBench) -> None:
    await bench.workspace.revoke_tokens(quietly=True)
    with pytest.raises(Forbidden, match=INSTALL_PATH):
        await bench.platform.post(bench.place, QUESTION, "daily:1")
    await until_happened(bench, WorkspaceLeft)
    assert not bench.running.done(), "the other workspaces go on"


# ---------------------------------------------------------------- tokens that change


def stored(bench: SlackBench) -> Installation:
    sealed = bench.vault.kept[f"installation:{bench.workspace.id}"]
    return Installation.read(cipher(SECRET_KEY).decrypt(sealed))


async def test_an_expired_token_is_changed_and_the_request_made_again(bench: SlackBench) -> None:
    before = stored(bench)
    await bench.slack.advance(13 * 3600)
    await bench.platform.post(bench.place, QUESTION, "daily:1")
    after = stored(bench)
    assert after.token != before.token
    assert after.refresh not in ("", before.refresh)


async def test_a_token_is_changed_in_passing_before_its_end(bench: SlackBench, monkeypatch: pytest.MonkeyPatch) -> None:
    before = stored(bench)
    monkeypatch.setattr(many, "EARLY", 13 * 3600.0)
    await bench.platform.check(bench.place)
    monkeypatch.setattr(many, "EARLY", 0.0)
    async with asyncio.timeout(5):
        while stored(bench).token == before.token:
            await asyncio.sleep(0.01)
    await bench.platform.post(bench.place, QUESTION, "daily:1")


def worker(bench: SlackBench, vault: Vault) -> tuple[ManyInstalls, Api]:
    """Another worker with the same database."""
    given = bench.credentials
    api = Api(given.api_url)
    api.open()
    return ManyInstalls(api, Sealed(vault, cipher(SECRET_KEY)), given.client_id, given.client_secret, "…"), api


async def test_two_workers_who_change_a_token_at_once_both_have_a_good_one(
    bench: SlackBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many, "LAST", 13 * 3600.0)
    monkeypatch.setattr(many, "EARLY", 13 * 3600.0)
    workers = [worker(bench, bench.vault) for _ in range(3)]
    try:
        found = await asyncio.gather(*(each.of(bench.workspace.id) for each, _ in workers))
        assert stored(bench).token in {each.token for each in found}
        for installation in found:
            await workers[0][1].client(installation.token).auth_test()
    finally:
        for each, api in workers:
            await each.close()
            await api.close()
    await bench.slack.violations(clear=True)


async def test_who_goes_away_while_a_token_is_changed_does_not_lose_it(
    bench: SlackBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many, "LAST", 13 * 3600.0)
    monkeypatch.setattr(many, "EARLY", 13 * 3600.0)
    await bench.stop()
    before = stored(bench)
    await bench.slack.delayed("oauth.v2.access", seconds=0.3)
    one, api = worker(bench, bench.vault)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(one.of(bench.workspace.id), 0.1)
    await one.close()
    await api.close()
    assert stored(bench).token != before.token


async def test_a_token_that_has_ended_for_good_says_where_to_install_again(
    bench: SlackBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many, "OTHERS", (0.0,))
    old = stored(bench)
    spent = Installation(**{**{name: getattr(old, name) for name in old.__slots__}, "expires": time.time() - 1})
    await bench.slack.refused("oauth.v2.access", "invalid_refresh_token")
    one, api = worker(bench, bench.vault)
    await one.save(spent)
    with pytest.raises(Forbidden, match="install me again"):
        await one.of(bench.workspace.id)
    await api.close()


# ---------------------------------------------------------------- the link, and the way back


async def test_who_does_not_agree_or_comes_back_otherwise_installs_nothing(bench: SlackBench) -> None:
    address = bench.credentials.address
    person = await bench.workspace.person("Ida", is_admin=True)
    kept = dict(bench.vault.kept)
    async with httpx.AsyncClient() as browser:
        link = await browser.get(address(INSTALL_PATH))
        assert link.status_code == 302
        assert link.headers["location"].startswith(bench.slack.authorize_url)
        cookie = {"Cookie": link.headers["set-cookie"].partition(";")[0]}
        refused = await browser.get(await person.authorize(link.headers["location"], agrees=False), headers=cookie)
        assert (refused.status_code, "did not agree" in refused.text) == (200, True)
        agreed = await person.authorize(link.headers["location"])
        assert (await browser.get(agreed)).status_code == 400, "another browser"
        forged = agreed.replace("state=", "state=x")
        assert (await browser.get(forged, headers={"Cookie": "slack-app-oauth-state=x"})).status_code == 400
        made_up = {"Cookie": "slack-app-oauth-state=made-up"}
        assert (await browser.get(address(REDIRECT_PATH) + "?code=1&state=made-up", headers=made_up)).status_code == 401
        scripted = await browser.get(address(REDIRECT_PATH) + "?error=<script>alert(1)</script>")
        assert "<script>" not in scripted.text
    assert bench.vault.kept == kept


async def test_slack_s_trouble_while_installing_is_a_page_and_no_500(bench: SlackBench) -> None:
    await bench.slack.failing("oauth.v2.access", 503)
    status, page = await bench.agree(await bench.workspace.person("Ida", is_admin=True))
    assert (status, "try again" in page) == (401, True)
    await bench.slack.dropped("oauth.v2.access")
    status, page = await bench.agree(await bench.workspace.person("Ido", is_admin=True))
    assert (status, "can’t be reached" in page) == (502, True)


async def test_another_key_is_refused_at_the_start(bench: SlackBench) -> None:
    await bench.stop()
    given = bench.credentials
    wrong = Credentials(**{**{name: getattr(given, name) for name in given.__slots__}, "secret_key": "x" * 20})
    platform = SlackPlatform(wrong, bench.vault)

    async def handle(_: object) -> Message | None:
        return None

    with pytest.raises(SignedOut, match="STUDYBOT_SECRET_KEY"):
        await platform.run(handle)


async def test_a_value_of_another_key_is_not_taken_for_nothing(bench: SlackBench) -> None:
    vault = Vault()
    await Sealed(vault, cipher("one passphrase of many words")).put("key", b"value")
    with pytest.raises(WrongKey):
        await Sealed(vault, cipher("another passphrase of many words")).get("key")
