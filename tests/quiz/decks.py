"""Cards for the tests of the rules, and strategies that make valid ones."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from bot.quiz.cards import (
    Card,
    Cloze,
    Concept,
    Explain,
    Flashcard,
    Level,
    MultiChoice,
    Numeric,
    Option,
    Ordering,
    ShortAnswer,
    SingleChoice,
    TrueFalse,
)

PARALLELISM = Explain(
    id="parallelism",
    kind="explain",
    prompt="Explain the difference between data parallelism and model parallelism.",
    reference=(
        "In data parallelism the data is split across devices and each device keeps a full copy of the model. "
        "In model parallelism the model itself is split, so that a model which does not fit into one device can be trained."
    ),
    concepts=(
        Concept(id="data", text="The data is split", match=(("split|divide|shard|partition", "data|batch|dataset"),)),
        Concept(
            id="copy",
            text="Each device keeps the whole model",
            match=(("each|every|all", "full|whole|same|copy|replica", "model"),),
        ),
        Concept(
            id="model",
            text="The model is split",
            match=(("model parallel", "split|divide|layers"), ("model itself", "split")),
        ),
        Concept(
            id="fit",
            text="For models that do not fit",
            match=(("too large|too big|fit", "one device|memory|single gpu"),),
        ),
    ),
)

ACCUMULATION = Explain(
    id="accumulation",
    kind="explain",
    prompt="Why use gradient accumulation?",
    reference="It gives a larger effective batch in the same memory, and the workers synchronise only once per step.",
    concepts=(
        Concept(id="batch", text="Larger effective batch", match=(("larger|bigger|effective", "batch"),)),
        Concept.model_validate(
            {
                "id": "sync",
                "text": "One synchronisation per step",
                "match": [["sync|synchronise|allreduce", "once|fewer"]],
                "not": ["no communication", ["every", "micro batch"]],
            }
        ),
    ),
)

NAMES = st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=12)
LEVELS = st.sampled_from(Level)


def single_choice(right: int = 1, options: int = 4, **more: Any) -> SingleChoice:
    texts = tuple(
        Option(text=f"option {i}", correct=i == right, why=None if i == right else f"why not {i}")
        for i in range(options)
    )
    return SingleChoice(id="single", kind="single_choice", prompt="Which?", options=texts, **more)


def multi_choice(right: set[int], options: int = 4, **more: Any) -> MultiChoice:
    texts = tuple(
        Option(text=f"option {i}", correct=i in right, why=None if i in right else f"why not {i}")
        for i in range(options)
    )
    return MultiChoice(id="multi", kind="multi_choice", prompt="Which?", options=texts, **more)


def short_answer(
    *accept: str, reject: tuple[str, ...] = (), value: float | None = None, tolerance: float = 0
) -> ShortAnswer:
    numeric = None if value is None else Numeric(value=value, tolerance=tolerance)
    return ShortAnswer(id="short", kind="short_answer", prompt="What?", accept=accept, reject=reject, numeric=numeric)


def cloze(text: str, **accept: tuple[str, ...]) -> Cloze:
    return Cloze(id="cloze", kind="cloze", text=text, accept=accept)


def ordering(count: int, **more: Any) -> Ordering:
    return Ordering(
        id="order", kind="ordering", prompt="In what order?", items=tuple(f"item {i}" for i in range(count)), **more
    )


def flashcard(**more: Any) -> Flashcard:
    return Flashcard(id="flash", kind="flashcard", front="front", back="back", **more)


@st.composite
def _multi_choices(draw: st.DrawFn) -> MultiChoice:
    count = draw(st.integers(2, 8))
    right = draw(st.sets(st.integers(0, count - 1), min_size=1))
    return multi_choice(right, count, scoring=draw(st.sampled_from(["partial", "exact"])), level=draw(LEVELS))


@st.composite
def _clozes(draw: st.DrawFn) -> Cloze:
    gaps = draw(st.lists(NAMES, min_size=1, max_size=9))
    return cloze(" and ".join(f"{{{{c{i}::{gap}}}}}" for i, gap in enumerate(gaps, 1)), c1=(draw(NAMES),))


MULTI_CHOICES = _multi_choices()

CARDS: st.SearchStrategy[Card] = st.one_of(
    st.builds(lambda right, level: single_choice(right, level=level), st.integers(0, 3), LEVELS),
    MULTI_CHOICES,
    st.builds(
        lambda answer, level: TrueFalse(id="tf", kind="true_false", prompt="Is it?", answer=answer, level=level),
        st.booleans(),
        LEVELS,
    ),
    st.builds(short_answer, NAMES, NAMES),
    st.builds(
        lambda value, tolerance: short_answer(value=value, tolerance=tolerance),
        st.floats(allow_nan=False, allow_infinity=False),
        st.floats(0, 100),
    ),
    _clozes(),
    st.builds(lambda count, level: ordering(count, level=level), st.integers(2, 8), LEVELS),
    st.sampled_from([PARALLELISM, ACCUMULATION]),
    st.builds(lambda level: flashcard(level=level), LEVELS),
)
"""Cards of every kind that would pass the lint."""
