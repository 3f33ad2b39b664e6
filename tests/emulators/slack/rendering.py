"""What a person reads: the words of blocks, with names in place of ids and markup gone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.emulators.slack.channels import Channel
from tests.emulators.slack.errors import Json
from tests.emulators.slack.teams import User, Usergroup

_ENTITY = re.compile(r"&(lt|gt|amp);")
_CONTROL = re.compile(r"<([^<>\n]+)>")
_CODE = re.compile(r"(```.+?```|`[^`\n]+`)", re.DOTALL)
_STYLED = re.compile(r"(?<![\w*_~])([*_~])(?=\S)(.+?)(?<=\S)\1(?![\w*_~])")


@dataclass(slots=True)
class Reader:
    """Knows names. `pings` gathers whom the text calls."""

    users: Mapping[str, User]
    channels: Mapping[str, Channel]
    usergroups: Mapping[str, Usergroup]
    pings: list[str]

    def user(self, number: str) -> str:
        self.pings.append(number)
        return f"@{self.users[number].shown}" if number in self.users else f"@{number}"

    def usergroup(self, number: str) -> str:
        self.pings.append(number)
        return f"@{self.usergroups[number].handle}" if number in self.usergroups else f"@{number}"

    def channel(self, number: str) -> str:
        return f"#{self.channels[number].name}" if number in self.channels else "#private"

    def everyone(self, name: str) -> str:
        self.pings.append(name)
        return f"@{name}"

    def mrkdwn(self, text: str) -> str:
        """Slack's markup as it is read."""
        parts = _CODE.split(text)
        read = [part.strip("`") if index % 2 else self._styled(part) for index, part in enumerate(parts)]
        return plain("".join(_CONTROL.sub(self._control, part) for part in read))

    def _styled(self, text: str) -> str:
        before = ""
        while before != text:
            before, text = text, _STYLED.sub(r"\2", text)
        return text

    def _control(self, found: re.Match[str]) -> str:
        inside, _, label = found[1].partition("|")
        if inside.startswith("@"):
            return self.user(inside[1:])
        if inside.startswith("#"):
            return self.channel(inside[1:])
        if inside.startswith("!subteam^"):
            return self.usergroup(inside.removeprefix("!subteam^"))
        if inside.startswith("!date"):
            return label
        if inside.startswith("!"):
            return self.everyone(inside[1:])
        return label or inside

    def text(self, found: Json | None) -> str:
        """A text object."""
        if not found:
            return ""
        return self.mrkdwn(found["text"]) if found["type"] == "mrkdwn" else str(found["text"])

    def blocks(self, blocks: list[Json]) -> str:
        return "\n".join(read for read in map(self.block, blocks) if read)

    def block(self, block: Json) -> str:
        kind = block["type"]
        if kind == "section":
            return "\n".join(read for one in (block.get("text"), *block.get("fields", ())) if (read := self.text(one)))
        if kind == "header":
            return self.text(block["text"])
        if kind == "context":
            return " ".join(
                f"[{one['alt_text']}]" if one["type"] == "image" else self.text(one) for one in block["elements"]
            )
        if kind == "image":
            title = self.text(block.get("title"))
            return "\n".join(one for one in (title, f"[{block['alt_text']}]") if one)
        if kind == "input":
            return "\n".join(one for one in (self.text(block["label"]), self.text(block.get("hint"))) if one)
        if kind == "markdown":
            return str(block["text"])
        if kind == "rich_text":
            return self.rich(block["elements"])
        if kind == "table":
            return "\n".join(" | ".join(self._cell(cell) for cell in row) for row in block["rows"])
        return ""

    def _cell(self, cell: Json) -> str:
        return str(cell["text"]) if cell["type"] == "raw_text" else self.rich(cell["elements"])

    def rich(self, parts: list[Json]) -> str:
        read: list[str] = []
        for part in parts:
            if part["type"] == "rich_text_list":
                offset = part.get("offset", 0)
                marks = (f"{n + 1 + offset}. " if part["style"] == "ordered" else "• " for n in range(10**6))
                read += [
                    mark + self._inline(one["elements"]) for one, mark in zip(part["elements"], marks, strict=False)
                ]
            else:
                read.append(self._inline(part["elements"]))
        return "\n".join(read)

    def _inline(self, elements: list[Json]) -> str:
        return "".join(_INLINE[one["type"]](self, one) for one in elements)


_INLINE: dict[str, Callable[[Reader, Json], str]] = {
    "text": lambda _, one: str(one["text"]),
    "link": lambda _, one: str(one.get("text") or one["url"]),
    "emoji": lambda _, one: f":{one['name']}:",
    "user": lambda reader, one: reader.user(one["user_id"]),
    "usergroup": lambda reader, one: reader.usergroup(one["usergroup_id"]),
    "channel": lambda reader, one: reader.channel(one["channel_id"]),
    "broadcast": lambda reader, one: reader.everyone(one["range"]),
    "color": lambda _, one: str(one["value"]),
    "date": lambda _, one: str(one.get("fallback", "")),
}


def plain(text: str) -> str:
    """Entities as the signs they stand for."""
    return _ENTITY.sub(lambda found: {"lt": "<", "gt": ">", "amp": "&"}[found[1]], text)
