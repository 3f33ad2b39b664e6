"""A message or a modal as plain text, for a test to read as a person would."""

from __future__ import annotations

from tests.emulators.discord import components as c
from tests.emulators.discord.errors import Json


def text(message: Json) -> str:
    """What a message shows, line by line: `[A]` is a button, `(A)` a disabled one, `<a | b>` a menu, `{alt}` a picture."""
    lines = [message["content"]] if message.get("content") else []
    for embed in message.get("embeds") or ():
        lines += [embed[name] for name in ("title", "description") if embed.get(name)]
        lines += [f"{one['name']}: {one['value']}" for one in embed.get("fields") or ()]
    shown: set[str] = set()
    for component in message.get("components") or ():
        lines += _lines(component, shown)
    left = [one for one in message.get("attachments") or () if one["url"] not in shown]
    lines += [f"{{{one.get('description') or one['filename']}}}" for one in left]
    return "\n".join(lines)


def modal_text(modal: Json) -> str:
    """A modal's title and what it asks."""
    lines = [modal["title"]]
    for component in modal["components"]:
        lines += _lines(component, set())
    return "\n".join(lines)


def _lines(component: Json, shown: set[str]) -> list[str]:
    kind = component["type"]
    if kind == c.TEXT_DISPLAY:
        return [component["content"]]
    if kind == c.SEPARATOR:
        return ["---"]
    if kind == c.ROW:
        return [" ".join(_control(one) for one in component["components"])]
    if kind == c.CONTAINER:
        return [line for one in component["components"] for line in _lines(one, shown)]
    if kind == c.SECTION:
        lines = [line for one in component["components"] for line in _lines(one, shown)]
        return [*lines, *_lines(component["accessory"], shown)]
    if kind == c.GALLERY:
        return [_picture(one["media"], one, shown) for one in component["items"]]
    if kind in (c.THUMBNAIL, c.FILE):
        return [_picture(component.get("media") or component["file"], component, shown)]
    if kind == c.LABEL:
        described = f" ({component['description']})" if component.get("description") else ""
        return [f"{component['label']}{described}: {_control(component['component'])}"]
    return [_control(component)]


def _picture(media: Json, component: Json, shown: set[str]) -> str:
    shown.add(media["url"])
    return f"{{{component.get('description') or component.get('name') or media['url']}}}"


def _control(component: Json) -> str:
    if component["type"] == c.BUTTON:
        label = " ".join(one for one in ((component.get("emoji") or {}).get("name"), component.get("label")) if one)
        return f"({label})" if component.get("disabled") else f"[{label}]"
    if component.get("options"):
        options = " | ".join(one["label"] for one in component["options"])
        return f"<{component['placeholder']}: {options}>" if component.get("placeholder") else f"<{options}>"
    return f"<{component.get('label') or component.get('placeholder') or component.get('custom_id', '')}>"
