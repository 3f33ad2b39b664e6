"""What the doctor finds, and the mend it names."""

from __future__ import annotations

from adapters.discord import doctor
from bot.events import Place
from tests.adapters.discord.bench import DiscordBench
from tests.emulators.discord.client import Discord


async def test_all_is_well_where_it_is(discord: Discord) -> None:
    guild = await discord.guild()
    channel = await guild.channel()
    found = await doctor.examine(discord.token, discord.api, [Place("discord", guild.id, channel.id)])
    assert [each.what for each in found if not each.well] == []
    assert len(found) == 4
    assert found[-1].what == f"In #general of Study Hall ({channel.id}) the bot may do all that it needs."


async def test_a_refused_token_is_named_with_its_mend(discord: Discord) -> None:
    (finding,) = await doctor.examine("wrong.token.here", discord.api)
    assert "refuses" in finding.what
    assert "STUDYBOT_DISCORD_TOKEN" in finding.mend
    await discord.violations(clear=True)


async def test_an_address_that_is_none_of_discord_s_is_named(discord: Discord) -> None:
    (finding,) = await doctor.examine(discord.token, "http://127.0.0.1:9/api/v10")
    assert "http://127.0.0.1:9" in finding.mend


async def test_what_a_channel_does_not_allow_is_named(bench: DiscordBench) -> None:
    await bench.channel.permit(deny=["ATTACH_FILES", "READ_MESSAGE_HISTORY"])
    *_, finding = await doctor.examine(bench.discord.token, bench.discord.api, [bench.place])
    assert "lacks Attach Files, Read Message History" in finding.what
    assert "Permissions" in finding.mend


async def test_a_channel_that_is_gone_is_named(bench: DiscordBench) -> None:
    gone = Place("discord", bench.guild.id, "123456789012345678")
    *_, finding = await doctor.examine(bench.discord.token, bench.discord.api, [gone])
    assert not finding.well
    assert "remove its schedule" in finding.mend
    await bench.discord.violations(clear=True)


async def test_the_invitation_is_for_this_bot(discord: Discord) -> None:
    assert f"client_id={discord.application_id}&" in await doctor.invitation(discord.token, discord.api)
