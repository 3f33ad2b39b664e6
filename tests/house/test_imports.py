from __future__ import annotations

from pathlib import Path

import pytest

from tests.house.imports import Room, breaches
from tests.house.tree import ROOT

CHAT = frozenset({"discord", "slack_bolt", "slack_sdk"})
WEB = frozenset({"starlette", "uvicorn", "jinja2"})
ADAPTER = frozenset({"bot.events", "bot.marked", "bot.messages", "bot.platform", "bot.commands", "bot.words"})
ADAPTERS = frozenset({"adapters", "adapters.discord", "adapters.slack", "adapters.web"})
OPERATORS = frozenset({"bot.cli", "bot.runtime", "bot.connections", "bot.doctor", "bot.errands", "bot.resources"})
OUTER = OPERATORS | {"bot.server"} | ADAPTERS
CORE = frozenset(
    {
        "bot.quiz", "bot.library", "bot.marked", "bot.store", "bot.events", "bot.messages", "bot.pictures", "bot.platform", "bot.words",
    }
)  # fmt: skip

# Inward only. A room that is missing here is a breach, so whoever adds one says what it may see.
ROOMS = {
    "bot": Room(theirs=frozenset()),
    "bot.quiz": Room(theirs=frozenset({"fsrs", "pydantic", "attrs", "rapidfuzz", "snowballstemmer"})),
    "bot.events": Room(frozenset({"bot.messages", "bot.platform"}), theirs=frozenset()),
    "bot.messages": Room(frozenset({"bot.events", "bot.platform"}), theirs=frozenset()),
    "bot.marked": Room(theirs=frozenset()),
    "bot.platform": Room(frozenset({"bot.events", "bot.messages", "bot.marked"}), theirs=frozenset()),
    "bot.library": Room(frozenset({"bot.quiz"}), never=CHAT | WEB | {"sqlalchemy"}),
    "bot.store": Room(
        frozenset({"bot.quiz", "bot.events", "bot.marked", "bot.platform"}),
        theirs=frozenset({"sqlalchemy", "alembic", "aiosqlite", "asyncpg", "orjson"}),
    ),
    "bot.words": Room(frozenset({"bot.marked"}), theirs=frozenset({"babel"})),
    "bot.pictures": Room(
        frozenset({"bot.quiz", "bot.messages", "bot.words"}), theirs=frozenset({"jinja2", "resvg", "resvg_py"})
    ),
    "bot.features": Room(CORE, never=CHAT | WEB | {"alembic", "aiosqlite", "asyncpg"}),
    "bot.commands": Room(
        frozenset({"bot.features", "bot.events", "bot.messages", "bot.quiz", "bot.words"}), theirs=frozenset()
    ),
    "bot.problem": Room(theirs=frozenset()),
    "bot.config": Room(
        frozenset({"bot.problem"}), theirs=frozenset({"dotenv", "pydantic", "pydantic_settings", "tzlocal"})
    ),
    "bot.world": Room(CORE | {"bot.features"}, never=CHAT | WEB | OUTER),
    "bot.steward": Room(CORE | {"bot.features", "bot.world"}, never=CHAT | WEB | OUTER),
    "bot.registrar": Room(CORE | {"bot.features", "bot.world"}, never=CHAT | WEB | OUTER),
    "bot.courier": Room(CORE | {"bot.world", "bot.steward", "bot.shielded"}, never=CHAT | WEB | OUTER),
    "bot.postman": Room(
        CORE | {"bot.features", "bot.world", "bot.steward", "bot.courier", "bot.shielded"}, never=CHAT | WEB | OUTER
    ),
    "bot.herald": Room(CORE | {"bot.features", "bot.world", "bot.steward", "bot.courier"}, never=CHAT | WEB | OUTER),
    "bot.studio": Room(frozenset({"bot.messages", "bot.pictures"}), theirs=frozenset()),
    "bot.warden": Room(CORE | {"bot.world"}, never=CHAT | WEB | OUTER),
    "bot.teller": Room(CORE | {"bot.features", "bot.world"}, never=CHAT | WEB | OUTER),
    "bot.examiner": Room(CORE | {"bot.features", "bot.world"}, never=CHAT | WEB | OUTER),
    "bot.quizmaster": Room(CORE | {"bot.features", "bot.world"}, never=CHAT | WEB | OUTER),
    "bot.history": Room(CORE | {"bot.features"}, never=CHAT | WEB | OUTER),
    "bot.app": Room(None, never=CHAT | WEB | OUTER),
    "bot.shielded": Room(theirs=frozenset()),
    "bot.turns": Room(theirs=frozenset()),
    "bot.rounds": Room(None, never=CHAT | WEB | OUTER),
    "bot.timetable": Room(None, never=CHAT | WEB | OUTER),
    "bot.server": Room(frozenset({"bot.problem"}), theirs=frozenset({"starlette", "uvicorn"})),
    "bot.resources": Room(
        frozenset({"bot.config", "bot.library", "bot.problem", "bot.store"}), theirs=frozenset(), never=CHAT | WEB
    ),
    "bot.connections": Room(None, never=CHAT | {"bot.cli", "bot.runtime", "bot.doctor", "bot.errands"}),
    "bot.errands": Room(None, never=CHAT | WEB | {"bot.cli", "bot.runtime"}),
    "bot.doctor": Room(None, never=CHAT | WEB | {"bot.cli", "bot.runtime"}),
    "bot.runtime": Room(None, never=CHAT),
    "bot.cli": Room(None, never=CHAT),
    "bot.__main__": Room(frozenset({"bot.cli"}), theirs=frozenset()),
    "adapters": Room(theirs=frozenset()),
    "adapters.discord": Room(ADAPTER, never=frozenset({"slack_bolt", "slack_sdk", "sqlalchemy"})),
    "adapters.slack": Room(ADAPTER, never=frozenset({"discord", "sqlalchemy"})),
    "adapters.web": Room(ADAPTER, never=CHAT | {"sqlalchemy"}),
    "content": Room(theirs=frozenset()),
}


def test_every_import_goes_inward_and_none_in_a_circle() -> None:
    assert breaches(ROOT, ROOMS) == []


SMALL = {
    "bot": Room(theirs=frozenset()),
    "bot.quiz": Room(theirs=frozenset({"fsrs"})),
    "bot.store": Room(frozenset({"bot.quiz"})),
    "bot.app": Room(None, never=frozenset({"discord", "bot.cli"})),
    "bot.cli": Room(None),
}


def house(root: Path, files: dict[str, str]) -> Path:
    for name, source in {"bot/__init__.py": "", **files}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(source)
    return root


def test_a_house_in_order_has_no_breach(tmp_path: Path) -> None:
    files = {
        "bot/quiz/__init__.py": "",
        "bot/quiz/cards.py": "import re\nfrom fsrs import Card\n",
        "bot/quiz/scoring.py": "from bot.quiz import cards\nfrom .cards import Card\n",
        "bot/store/__init__.py": "",
        "bot/store/posts.py": "import sqlalchemy\nfrom bot.quiz.cards import Card\n",
        "bot/app.py": "from bot.store import posts\n",
        "bot/cli.py": "import bot.app, typer\n",
    }
    assert breaches(house(tmp_path, files), SMALL) == []


@pytest.mark.parametrize(
    ("module", "source", "complaint"),
    [
        ("bot/quiz/a.py", "from bot.store import posts", "bot.quiz may not import bot.store"),
        ("bot/quiz/a.py", "import bot.store.posts", "bot.quiz may not import bot.store"),
        ("bot/quiz/a.py", "from ..store import posts", "bot.quiz may not import bot.store"),
        ("bot/quiz/a.py", "from ..store.posts import Post", "bot.quiz may not import bot.store"),
        ("bot/quiz/a.py", "def late():\n    import bot.store.posts", "bot.quiz may not import bot.store"),
        ("bot/quiz/a.py", "if TYPE_CHECKING:\n    import bot.store.posts", "bot.quiz may not import bot.store"),
        ("bot/quiz/a.py", "importlib.import_module('bot.store.posts')", "bot.quiz may not import bot.store"),
        ("bot/quiz/a.py", "import requests", "of others' packages this room takes fsrs"),
        ("bot/__init__.py", "import requests", "of others' packages this room takes none"),
        ("bot/app.py", "from discord.ext import tasks", "discord has no place here"),
        ("bot/app.py", "from bot import cli", "bot.app never imports bot.cli"),
        ("bot/app.py", "from bot.store.posts import _open", "_open is bot.store.posts's private name"),
        ("bot/app.py", "import bot.gone", "which does not exist"),
        ("bot/extra.py", "", "bot.extra is in no room of the table"),
        ("bot/quiz/a.py", "from bot.quiz import b", "a circle of imports: bot.quiz.a → bot.quiz.b → bot.quiz.a"),
        ("bot/quiz/a.py", "def late():\n    from bot.quiz import b", None),
        ("bot/quiz/a.py", "if TYPE_CHECKING:\n    from bot.quiz import b", None),
        ("bot/quiz/a.py", "if typing.TYPE_CHECKING:\n    pass\nelse:\n    from bot.quiz import b", "a circle"),
    ],
)
def test_each_kind_of_breach_is_found(tmp_path: Path, module: str, source: str, complaint: str | None) -> None:
    files = {
        "bot/quiz/__init__.py": "",
        "bot/quiz/b.py": "import bot.quiz.a\n",
        "bot/quiz/a.py": "",
        "bot/store/__init__.py": "",
        "bot/store/posts.py": "",
        "bot/cli.py": "",
    }
    found = breaches(house(tmp_path, files | {module: source}), SMALL)
    if complaint is None:
        assert found == []
    else:
        assert len(found) == 1
        assert complaint in found[0]
