"""What a browser without scripts has on its screen: the page's HTML, read into messages and forms."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"img", "input", "link", "meta", "br", "hr"}
_BLOCKS = {"p", "h1", "h2", "div", "li", "tr", "td", "th", "dt", "dd", "pre", "article", "header", "footer", "form"}


@dataclass
class Node:
    tag: str
    attrs: dict[str, str]
    children: list[Node | str] = field(default_factory=list)

    def all(self, tag: str) -> list[Node]:
        """Every element of this kind inside, in order."""
        found: list[Node] = []
        for child in self.children:
            if isinstance(child, Node):
                found += [child] if child.tag == tag else []
                found += child.all(tag)
        return found

    def named(self, css_class: str) -> list[Node]:
        return [
            node
            for child in self.children
            if isinstance(child, Node)
            for node in ([child] if css_class in child.attrs.get("class", "").split() else []) + child.named(css_class)
        ]

    @property
    def text(self) -> str:
        parts: list[str] = []
        for child in self.children:
            if isinstance(child, str):
                parts.append(child)
            elif child.tag == "br":
                parts.append("\n")
            elif child.tag not in ("button", "option", "svg"):
                parts.append(f"\n{child.text}\n" if child.tag in _BLOCKS else child.text)
        return "".join(parts)

    @property
    def label(self) -> str:
        return self._inside.strip()

    @property
    def _inside(self) -> str:
        return "".join(child if isinstance(child, str) else child._inside for child in self.children)

    @property
    def hidden(self) -> dict[str, str]:
        """A form's hidden fields."""
        return {i.attrs["name"]: i.attrs["value"] for i in self.all("input") if i.attrs.get("type") == "hidden"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Node("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in _VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Node(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"<{self.open[-1].tag}> ends with </{tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read(html: str) -> Node:
    """The page as a tree; AssertionError when its tags don't match, as they would after an injection."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert len(reader.open) == 1, f"<{reader.open[-1].tag}> is never closed"
    return reader.open[0]


def who(html: str) -> str:
    """Whom the page is for, as its menu says it."""
    return read(html).named("as")[0].label
