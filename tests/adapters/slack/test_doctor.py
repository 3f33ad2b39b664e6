"""What the doctor finds, and the mend it names."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from adapters.slack import doctor
from adapters.slack.installs import Installation
from adapters.slack.many import INSTALLATION
from adapters.slack.sealed import Sealed, cipher
from adapters.slack.ways import INSTALL_PATH, Credentials, Way
from bot.events import Place
from tests.adapters.slack.bench import SECRET_KEY, SlackBench


async def found(bench: SlackBench, *places: Place) -> dict[str, str]:
    """What was looked at, and the mend."""
    return {each.what: each.mend for each in await doctor.examine(bench.credentials, bench.vault, places)}


@pytest.mark.parametrize("bench", list(Way), indirect=True)
async def test_where_all_is_well_nothing_is_to_be_mended(bench: SlackBench) -> None:
    findings = await found(bench, bench.place)
    assert set(findings.values()) == {""}
    assert any("Study Hall, with every scope" in what for what in findings)
    assert f"In #daily ({bench.channel.id}) of Study Hall the bot may do all that it needs." in findings


async def test_a_channel_without_the_bot_is_named_with_the_invitation(bench: SlackBench) -> None:
    await bench.channel.kick_bot()
    findings = await found(bench, bench.place, Place("slack", "T0ELSEWHERE", "C1"))
    mends = [mend for mend in findings.values() if mend]
    assert len(mends) == 2
    assert "/invite @Studybot" in mends[0]
    assert "not installed" in mends[1]


async def test_a_scope_that_lacks_is_named_with_what_it_is_for(bench: SlackBench) -> None:
    await bench.workspace.change_scopes(drop=["groups:history"])
    findings = await found(bench)
    (what,) = [what for what, mend in findings.items() if mend]
    assert "groups:history: the same in private channels" in what


async def test_tokens_that_are_refused_are_told_apart(bench: SlackBench) -> None:
    wrong = replace(bench.credentials, app_token="xapp-1-wrong")
    (one,) = [each for each in await doctor.examine(wrong, bench.vault) if each.mend]
    assert "STUDYBOT_SLACK_APP_TOKEN" in one.mend
    wrong = replace(bench.credentials, bot_token="xoxb-wrong")
    (two,) = await doctor.examine(wrong, bench.vault)
    assert "STUDYBOT_SLACK_BOT_TOKEN" in two.mend
    await bench.slack.violations(clear=True)  # the refused tokens themselves


async def test_a_slack_out_of_reach_and_a_setting_by_half_are_no_riddle(bench: SlackBench) -> None:
    away = replace(bench.credentials, api_url="http://127.0.0.1:9/api/")
    (one,) = await doctor.examine(away, bench.vault)
    assert "127.0.0.1:9" in one.mend
    (two,) = await doctor.examine(Credentials(bot_token="xoxb-1"), bench.vault)
    assert "STUDYBOT_SLACK_APP_TOKEN" in two.mend


@pytest.mark.parametrize("bench", [Way.MANY], indirect=True)
async def test_a_look_changes_no_token_and_forgets_none(bench: SlackBench) -> None:
    """A running bot uses the same: a token that is changed behind its back is lost to it."""
    key = f"{INSTALLATION}{bench.workspace.id}"
    sealed = Sealed(bench.vault, cipher(SECRET_KEY))
    written = await sealed.get(key)
    assert written is not None
    short = replace(Installation.read(written), expires=time.time() + 1)
    await sealed.put(key, short.write())
    before = dict(bench.vault.kept)
    assert set((await found(bench, bench.place)).values()) == {""}
    assert bench.vault.kept == before
    await bench.slack.advance(13 * 3600)
    findings = await found(bench, bench.place)
    assert "The token for Study Hall has ended: the bot changes it when it runs." in findings
    assert not [what for what in findings if "#daily" in what]
    await bench.workspace.revoke_tokens(quietly=True)
    assert any("is refused" in what for what in await found(bench, bench.place))
    assert bench.vault.kept == before
    await bench.slack.violations(clear=True)


@pytest.mark.parametrize("bench", [Way.MANY], indirect=True)
async def test_a_workspace_whose_token_is_refused_is_named_with_the_link(bench: SlackBench) -> None:
    await bench.workspace.revoke_tokens(quietly=True)
    (one,) = [each for each in await doctor.examine(bench.credentials, bench.vault) if each.mend]
    assert "Study Hall" in one.what
    assert INSTALL_PATH in one.mend
