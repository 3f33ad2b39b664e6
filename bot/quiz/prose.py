"""An answer in its writer's own words: its words where they stand, its sentences, what it denies, what is only a list."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby, pairwise

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
neural network layers'. Small words that the rubric asks for end no run, and add nothing to its length."""

GLUE_SHARE = 1 / 8
"""The least share of small words in a sentence. English prose has nearly a half, terse notes about a fifth."""

NOTE = 6
"""The most words of a note."""

NOTE_RUN = 3
"""Words in a row, without a small word, a comma or an 'and', that a note may hold: 'smaller pipeline bubble'. The first
salads have four: 'batch larger sync once'."""

ECHO_SHARE = 0.8


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
    stopped = 0
    for found in _WORD.finditer(folded):
        first, last = found.span()
        start, end = origins[first], origins[last - 1] + 1
        stops = pauses = False
        if words and (gap := text[stopped:start]) not in ("", " "):
            stops = bool(_STOP.search(gap + text[start])) and not (gap.startswith(".") and len(words[-1]) == 1)
            pauses = stops or bool(_PAUSE.search(gap))
        sentence += stops
        stopped = end
        word = found[0]
        words.append(word if word.isalnum() else _APOSTROPHE.sub("", word))
        spans.append((start, end))
        sentences.append(sentence)
        paused.append(pauses)
    return Prose(text, tuple(words), tuple(spans), tuple(sentences), tuple(paused))


def _fold(text: str) -> tuple[str, range | list[int]]:
    """The text folded character by character, and where each character of the result comes from."""
    if text.isascii():
        return text.lower(), range(len(text))
    folded = {char: fold_char(char) for char in set(text)}
    pieces = [folded[char] for char in text]
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


def legible(prose: Prose, language: Language | None, asked: Collection[int], keywords: Collection[str]) -> list[bool]:
    """For each word whether it stands in something like a sentence, so that a list of key words earns nothing.

    A sentence has small words (articles, prepositions, pronouns, everyday verbs: `Language.glue`), at least `GLUE_SHARE`
    of its words, and one of them none of the rubric's (`keywords`: every word in it); 'and' and 'or' count for the share
    alone. Small words that the rubric asks for where they stand (`asked`: positions) don't count. Even in a sentence a
    run of more than `BARE_RUN` words without one is a list. In a language that we don't know, a third of the words must
    not be asked for.

    An answer may hold one note instead of a sentence (`_is_note`): 'same model, different data'.

    What holds: key words alone, four or more without a comma, one by one between commas, or on lines of their own, are
    not legible, whatever their order. What does not: two or three key words in the wrong order pass for a note, and key
    words with small words strewn among them, or an honest sentence shuffled, for sentences.
    """
    result: list[bool] = []
    unread: list[list[int]] = []
    for _, group in groupby(range(len(prose.words)), key=prose.sentences.__getitem__):
        sentence = list(group)
        if language is None:
            others = sum(at not in asked for at in sentence)
            result += [others * 3 >= len(sentence)] * len(sentence)
            continue
        small = [prose.words[at] in language.glue for at in sentence]
        links = [prose.words[at] in language.links for at in sentence]
        glue = [is_small and at not in asked for is_small, at in zip(small, sentence, strict=True)]
        free = [is_glue and prose.words[at] not in keywords for is_glue, at in zip(glue, sentence, strict=True)]
        ties = [is_glue or is_link for is_glue, is_link in zip(glue, links, strict=True)]
        counted = sum(not prose.words[at].isdecimal() for at in sentence)
        if any(free) and sum(ties) >= counted * GLUE_SHARE:
            bare = _bare_runs(prose, sentence, ties, [s or link for s, link in zip(small, links, strict=True)])
            result += [length <= BARE_RUN for length in bare]
        else:
            result += [False] * len(sentence)
            note_ties = [is_free or is_link for is_free, is_link in zip(free, links, strict=True)]
            unread.append(sentence if _is_note(prose, sentence, note_ties) else [])
    if len(unread) == 1:
        for at in unread[0]:
            result[at] = True
    return result


def _bare_runs(prose: Prose, sentence: list[int], ties: list[bool], free: list[bool]) -> list[int]:
    """For each word of a sentence how many stand in its run, which ends at a tie or a comma; those that are free aside."""
    runs = 0
    lengths: dict[int, int] = {}
    run_of: list[int] = []
    for at, is_tie, is_free in zip(sentence, ties, free, strict=True):
        runs += is_tie or prose.paused[at]
        run_of.append(runs)
        lengths[runs] = lengths.get(runs, 0) + (not is_free)
    return [lengths[run] for run in run_of]


def _is_note(prose: Prose, sentence: list[int], ties: list[bool]) -> bool:
    """Whether words that make no sentence may yet be an answer: few, few in a row, and none alone between two commas."""
    if len(sentence) > NOTE:
        return False
    starts = [i for i, at in enumerate(sentence) if i == 0 or prose.paused[at]]
    clauses = [end - start for start, end in pairwise([*starts, len(sentence)])]
    return min(clauses) > 1 and max(_bare_runs(prose, sentence, ties, ties)) <= NOTE_RUN


def echoed(prose: Prose, prompt: Prose) -> list[bool]:
    """For each word whether its sentence only says the question again: `ECHO_SHARE` of its words are the question's."""
    theirs = frozenset(prompt.words)
    result: list[bool] = []
    for _, group in groupby(range(len(prose.words)), key=prose.sentences.__getitem__):
        sentence = list(group)
        result += [sum(prose.words[at] in theirs for at in sentence) >= ECHO_SHARE * len(sentence)] * len(sentence)
    return result
