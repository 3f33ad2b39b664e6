"""The YAML parser's complaints in plain words, with the mend that authors of decks most often need."""

from __future__ import annotations

import re

from ruamel.yaml.error import MarkedYAMLError


def reworded(broken: MarkedYAMLError, text: str) -> tuple[int, int, str]:
    """Line, column (from 1) and a sentence for a syntax error in `text`."""
    problem = str(broken.problem or "")
    context = str(broken.context or "")
    at = broken.problem_mark or broken.context_mark
    opened = broken.context_mark
    lines = text.splitlines()

    def said(mark: object, sentence: str) -> tuple[int, int, str]:
        if mark is None:
            return 1, 1, sentence
        line, column = int(getattr(mark, "line", 0)), int(getattr(mark, "column", 0))
        return line + 1, column + 1, sentence

    here = lines[at.line][at.column :] if at is not None and at.line < len(lines) else ""
    if "mapping values are not allowed" in problem:
        return said(at, "a colon in the middle of a value: put the whole text in quotes, or mend the indentation")
    if ("quoted scalar" in context and "end of stream" in problem) or "document separator" in problem:
        return said(opened, "a quote is opened here and never closed: close it")
    if unknown := re.search(r"found character '(.+?)' that cannot start", problem):
        return said(at, f"a value can’t begin with {unknown[1]} as it is: put the whole text in quotes")
    if "escape" in problem or "escape" in context or "hexa" in problem:
        return said(at, "a backslash inside double quotes begins an escape: use single quotes, or write it as \\\\")
    if "block scalar" in context:
        return said(at, "after | or > the text begins on the next line: move it there, or put it in quotes")
    if "sequence entries are not allowed" in problem:
        return said(at, "a list can’t begin behind a key: put ‘- ’ on a line of its own, or the text in quotes")
    if "expected ',' or" in problem:
        closing = "]" if "']'" in problem else "}"
        return said(
            opened,
            f"what is opened here isn’t closed where it should be: close it with {closing}, or put text that has brackets, commas or colons in quotes",
        )
    if "expected ':'" in problem or "expected ':'" in context:
        return said(
            opened or at,
            "this line is no ‘key: value’: put a colon and a space behind the key, or mend the indentation",
        )
    if "anchor" in context or "alias" in context:
        return said(at, "text that begins with * or & stands in quotes: put it in quotes")
    if "while scanning a tag" in context or "tag" in problem:
        return said(opened or at, "text that begins with ! stands in quotes: put it in quotes")
    if "directive" in context or "directive" in problem or ("<document start>" in problem and "%" in lines[0][:1]):
        return 1, 1, "a line that begins with % is a YAML directive, which decks don’t have: delete it"
    if "<scalar>" in problem:
        mend = "put the whole text in one pair of quotes, and double a quote inside it"
        return said(at, f"text goes on here, behind a closing quote or bracket: {mend}")
    if "expected <block end>" in problem:
        return said(at, "this line doesn’t stand under the ones it belongs to: give it their indentation")
    if here.startswith(("}", "]")):
        return said(at, f"this {here[0]} closes nothing: delete it, or put the text in quotes")
    if "node content" in problem:
        return said(at, "something is missing before this: a value, or the bracket that closes what was opened")
    if "URI" in problem or "'>'" in problem:
        return said(at, "text that begins with ! stands in quotes: put it in quotes")
    return said(at, "this can’t be read as YAML: compare it with the lines above, or put the whole text in quotes")
