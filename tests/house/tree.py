"""The project's own files, as Git would keep them."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]

_LEFT_BY_TOOLS = {"build", "data", "dist", "htmlcov", "screenshots", "__pycache__"}


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that is tracked or soon may be (not ignored), in order; from an unpacked archive, all but what tools leave."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split("\0")
        paths = {ROOT / name for name in listed if name}
    else:
        paths = {path for path in ROOT.rglob("*") if not _left_by_tools(path.relative_to(ROOT))}
    return tuple(sorted(path for path in paths if path.is_file()))


def _left_by_tools(path: Path) -> bool:
    hidden = path.parts[0].startswith(".") and path.parts[0] not in (
        ".ci",
        ".dockerignore",
        ".env.example",
        ".gitignore",
    )
    return hidden or bool(_LEFT_BY_TOOLS.intersection(path.parts))


def matching(pattern: str) -> list[Path]:
    """The tracked files that `pattern` (as in Path.match) names."""
    return [path for path in tracked() if path.match(pattern)]


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
