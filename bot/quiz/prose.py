"""An answer in its writer's own words: its words where they stand, its sentences, what it denies, what is only a list."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby

from bot.quiz.lexicon import Language
from bot.quiz.words import fold_char

_CJK = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_VOWELS = "\u0900-\u0963\u0971-\u0dff\u0e31-\u0e4e\u0eb1-\u0ecd\u0f71-\u0fbc\u102b-\u103e\u17b4-\u17d3"
_WORD = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+?n['’ʼ]t(?![^\W_])|(?:[^\W_{_CJK}]|[{_VOWELS}])+")
"""Chinese and Japanese are written without spaces: each character is a word, and a word of several a phrase. The vowel
signs of Indic scripts belong to their words, though regular expressions take them for gaps."""

_STOP = re.compile(r"[!?;…。！？\n]|\.(?!\S)|\.(?=[A-Z])")
_APOSTROPHE = re.compile("['’ʼ]")
_PAUSE = re.compile(r"[,:()\[\]{}\"“”«»–—•]")

BARE_RUN = 6
"""Words in a row, without a small word, a comma or an 'and', that a sentence may hold: 'model parallelism partitions
neural network layers'."""

GLUE_SHARE = 1 / 8
"""The least share of small words in a sentence. English prose has nearly a half, terse notes about a fifth."""


@dataclass(frozen=True, slots=True)
class Prose:
    """`words` are folded; `spans` are where they stand in `text`; `sentences` number the sentence each belongs to;
    `paused` says whether a comma or the like stands before it.
    """

    text: str
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    sentences: tuple[int, ...]
    paused: tuple[bool, ...]

    def quote(self, first: int, last: int) -> str:
        """What stands in the text from one word to another, verbatim."""
        return self.text[self.spans[first][0] : self.spans[last][1]]


def read(text: str) -> Prose:
    folded, origins = _fold(text)
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    sentences: list[int] = []
    paused: list[bool] = []
    sentence = 0
    for found in _WORD.finditer(folded):
        start, end = origins[found.start()], origins[found.end() - 1] + 1
        gap = text[spans[-1][1] : start] if spans else ""
        stops = pauses = False
        if gap not in ("", " "):
            stops = bool(_STOP.search(gap + text[start])) and not (gap.startswith(".") and len(words[-1]) == 1)
            pauses = stops or bool(_PAUSE.search(gap))
        sentence += stops
        words.append(_APOSTROPHE.sub("", found[0]))
        spans.append((start, end))
        sentences.append(sentence)
        paused.append(pauses)
    return Prose(text, tuple(words), tuple(spans), tuple(sentences), tuple(paused))


def _fold(text: str) -> tuple[str, range | list[int]]:
    """The text folded character by character, and where each character of the result comes from."""
    if text.isascii():
        return text.lower(), range(len(text))
    pieces = [fold_char(char) for char in text]
    return "".join(pieces), [at for at, piece in enumerate(pieces) for _ in piece]


def denials(prose: Prose, language: Language, matter: Collection[int]) -> list[int | None]:
    """For each word the position of the word that directly denies it: 'does *not* split', '*without* any loss'.

    Direct means just before it, with nothing between them but articles and the like, and no comma; and from one word that
    matters (`matter`: their positions) on to the next, 'does *not* split the data'. 'Not only' denies nothing. Denials
    from further off, after the word, by meaning or by irony are not seen.
    """
    found: list[int | None] = []
    denial: int | None = None
    for at, word in enumerate(prose.words):
        if prose.paused[at] or word in language.spared:
            denial = None
        found.append(denial)
        if word in language.denials:
            denial = at
        elif word not in language.between and at not in matter:
            denial = None
    return found


def legible(prose: Prose, language: Language | None, keywords: Collection[str]) -> list[bool]:
    """For each word whether it stands in something like a sentence, so that a list of key words earns nothing.

    A sentence has small words (articles, prepositions, pronouns, everyday verbs: `Language.glue`), at least one and at
    least `GLUE_SHARE` of its words; 'and' and 'or' count for the share alone. A small word that is itself a key word of
    the rubric does not count. Even in a sentence a run of more than `BARE_RUN` words without one is a list. In a
    language that we don't know, a third of the words must not be key words.

    What holds: key words alone, in whatever order and punctuation, are not legible. What does not: key words with small
    words strewn among them, or an honest sentence shuffled, pass for sentences.
    """
    result: list[bool] = []
    for _, group in groupby(range(len(prose.words)), key=prose.sentences.__getitem__):
        sentence = list(group)
        others = sum(prose.words[at] not in keywords for at in sentence)
        if language is None:
            result += [others * 3 >= len(sentence)] * len(sentence)
            continue
        glue = [prose.words[at] in language.glue and prose.words[at] not in keywords for at in sentence]
        links = [prose.words[at] in language.links for at in sentence]
        counted = sum(not prose.words[at].isdecimal() for at in sentence)
        reads = any(glue) and sum(glue) + sum(links) >= counted * GLUE_SHARE
        runs = 0
        lengths: dict[int, int] = {}
        run_of: list[int] = []
        for at, is_glue, is_link in zip(sentence, glue, links, strict=True):
            runs += is_glue or is_link or prose.paused[at]
            run_of.append(runs)
            lengths[runs] = lengths.get(runs, 0) + (not is_glue and not is_link)
        result += [reads and lengths[run] <= BARE_RUN for run in run_of]
    return result
