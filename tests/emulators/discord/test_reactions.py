"""Reactions: put, read in pages, told, and refused."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.emulators.discord.client import Discord
from tests.emulators.discord.rawbot import RawBot, raw_bot
from tests.emulators.discord.servers import Channel, Guild


@pytest.fixture
async def raw(discord: Discord, channel: Channel) -> AsyncIterator[RawBot]:
    async with raw_bot(discord) as bot:
        yield bot


def posts(channel: Channel, rest: str = "") -> str:
    return f"/channels/{channel.id}/messages{rest}"


async def test_reactions_are_put_read_in_pages_and_told(raw: RawBot, guild: Guild, channel: Channel) -> None:
    _, made = await raw.request("POST", posts(channel), {"content": "x"})
    here = posts(channel, f"/{made['id']}/reactions/1%EF%B8%8F%E2%83%A3")
    assert (await raw.request("PUT", here + "/@me"))[0] == 204
    (message,) = await channel.messages()
    people = [await guild.person(name) for name in ("Ann", "Bob", "Cid")]
    for person in people:
        await person.react(message, "1️⃣")
    told = await raw.event("MESSAGE_REACTION_ADD", skip=1)
    assert (told["user_id"], told["emoji"], told["message_author_id"]) == (
        people[0].id,
        {"id": None, "name": "1️⃣"},
        raw.discord.application_id,
    )
    _, page = await raw.request("GET", f"{here}?limit=2")
    _, rest = await raw.request("GET", f"{here}?limit=2&after={page[-1]['id']}")
    assert [one["global_name"] for one in page + rest] == [None, "Ann", "Bob", "Cid"]
    assert await raw.discord.redeliver("MESSAGE_REACTION_ADD") == 1
    assert (await raw.event("MESSAGE_REACTION_ADD", skip=4))["user_id"] == people[2].id
    await people[0].unreact(message, "1️⃣")
    assert (await raw.event("MESSAGE_REACTION_REMOVE"))["user_id"] == people[0].id
    assert len((await channel.reactions(message))["1️⃣"]) == 3


async def test_a_first_reaction_needs_its_permission_and_an_emoji(raw: RawBot, channel: Channel) -> None:
    _, made = await raw.request("POST", posts(channel), {"content": "x"})
    assert (await raw.request("PUT", posts(channel, f"/{made['id']}/reactions/hello/@me")))[1]["code"] == 10014
    await channel.permit(deny=["ADD_REACTIONS"])
    status, error = await raw.request("PUT", posts(channel, f"/{made['id']}/reactions/%E2%9C%85/@me"))
    assert (status, error["code"]) == (403, 50013)
