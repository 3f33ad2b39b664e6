"""A small bot on the real discord.py that uses what the emulator offers."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import discord
from discord import app_commands, ui

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000020000000308020000003674ff53"
    "0000000c49444154789c63f8cfc000000301010018dd8db00000000049454e44ae426082"
)


class Question(ui.LayoutView):
    """A public message with two answers and a menu."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.add_item(
            ui.Container(
                ui.TextDisplay("## What is 1 + 1?"),
                ui.Section(
                    ui.TextDisplay("Choose."), accessory=ui.Thumbnail("attachment://sum.png", description="1+1")
                ),
                ui.Separator(),
                ui.ActionRow(Answer("A"), Answer("B"), Ask()),
                ui.ActionRow(Menu()),
            )
        )


class Answer(ui.Button[Any]):
    def __init__(self, label: str) -> None:
        super().__init__(label=label, custom_id=f"answer:{label}")

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message(view=Verdict(0), ephemeral=True)


class Menu(ui.Select[Any]):
    def __init__(self) -> None:
        super().__init__(custom_id="menu", placeholder="Which?", max_values=2)
        for name in ("one", "two", "three"):
            self.add_option(label=name.title(), value=name)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message("You chose " + ", ".join(self.values), ephemeral=True)


class Ask(ui.Button[Any]):
    def __init__(self) -> None:
        super().__init__(label="Explain", custom_id="explain", style=discord.ButtonStyle.primary)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_modal(Explain())


class Verdict(ui.LayoutView):
    """A private message whose button changes it in place."""

    def __init__(self, count: int) -> None:
        super().__init__(timeout=None)
        self.add_item(ui.TextDisplay(f"Pressed {count} times"))
        button: ui.Button[Any] = ui.Button(label="Again", custom_id=f"again:{count}")

        async def again(interaction: discord.Interaction[Any]) -> None:
            await interaction.response.edit_message(view=Verdict(count + 1))

        button.callback = again  # type: ignore[method-assign]
        self.add_item(ui.ActionRow(button))


class Explain(ui.Modal, title="In your own words"):
    words: ui.Label[Any] = ui.Label(
        text="Why?", description="A sentence", component=ui.TextInput(style=discord.TextStyle.paragraph, max_length=500)
    )
    level: ui.Label[Any] = ui.Label(
        text="How sure?",
        component=ui.RadioGroup(
            options=[
                discord.RadioGroupOption(label="Sure", value="sure"),
                discord.RadioGroupOption(label="Guess", value="guess"),
            ]
        ),
    )

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        words, level = self.words.component, self.level.component
        assert isinstance(words, ui.TextInput)
        assert isinstance(level, ui.RadioGroup)
        await interaction.response.send_message(f"{words.value} ({level.value})", ephemeral=True)


class TestBot(discord.AutoShardedClient):
    __test__ = False

    def __init__(self, **options: Any) -> None:
        intents = discord.Intents(guilds=True, guild_messages=True, guild_reactions=True, dm_messages=True)
        super().__init__(intents=options.pop("intents", intents), guild_ready_timeout=0.1, **options)
        self.tree: app_commands.CommandTree[Any] = app_commands.CommandTree(self)
        self.reactions: list[discord.RawReactionActionEvent] = []
        self.seen: list[discord.Message] = []
        self.resumes = 0
        self.joined: list[str] = []
        self.left: list[str] = []
        _add_commands(self.tree)

    async def before_identify_hook(self, _shard: int | None, *, initial: bool = False) -> None:
        """Don't wait 5 seconds between two: this gateway doesn't ask for it."""

    async def setup_hook(self) -> None:
        self.add_view(Question())
        await self.tree.sync()

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        self.reactions.append(event)

    async def on_message(self, message: discord.Message) -> None:
        self.seen.append(message)

    async def on_shard_resumed(self, _shard: int) -> None:
        self.resumes += 1

    async def on_guild_join(self, guild: discord.Guild) -> None:
        self.joined.append(guild.name)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self.left.append(guild.name)

    def place(self, number: str) -> discord.TextChannel:
        found = self.get_channel(int(number))
        assert isinstance(found, discord.TextChannel)
        return found

    async def ask(self, number: str) -> discord.Message:
        """Post the question."""
        return await self.place(number).send(
            view=Question(),
            file=discord.File(io.BytesIO(PNG), "sum.png", description="1+1"),
            allowed_mentions=discord.AllowedMentions.none(),
        )


def _add_commands(tree: app_commands.CommandTree[Any]) -> None:
    group = app_commands.Group(name="quiz", description="A quiz")

    @group.command(name="count", description="Say how many")
    @app_commands.describe(count="How many", deck="Which", mood="How")
    @app_commands.choices(mood=[app_commands.Choice(name="Good", value="good")])
    async def count(
        interaction: discord.Interaction[Any],
        count: app_commands.Range[int, 1, 50],
        deck: str = "all",
        mood: str = "none",
    ) -> None:
        await interaction.response.send_message(f"{count} of {deck}, {mood}", ephemeral=True)

    @count.autocomplete("deck")
    async def decks(_: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        names = ["ring", "tree", "trie"]
        return [app_commands.Choice(name=name.title(), value=name) for name in names if name.startswith(typed)]

    @group.command(name="slow", description="Think first")
    async def slow(interaction: discord.Interaction[Any]) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await asyncio.sleep(0.05)
        await interaction.edit_original_response(content="Done thinking")
        await interaction.followup.send("And one more", ephemeral=True)

    @group.command(name="file", description="Read a file")
    async def file(interaction: discord.Interaction[Any], file: discord.Attachment) -> None:
        await interaction.response.send_message(f"{file.filename}: {(await file.read()).decode()}")

    @group.command(name="silent", description="Say nothing")
    async def silent(_interaction: discord.Interaction[Any]) -> None:
        return

    tree.add_command(group)
