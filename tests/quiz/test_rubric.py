"""Own words graded against a rubric."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.quiz import rubric
from bot.quiz.cards import Concept, Explain
from tests.quiz.decks import ACCUMULATION, PARALLELISM


def covered(card: Explain, text: str) -> list[str]:
    return [mark.id for mark in rubric.read(card, text).marks if mark.covered]


def card(
    *slots: str, reference: str = "This is what the author says about it.", veto: tuple[object, ...] = ()
) -> Explain:
    concept = Concept.model_validate({"id": "idea", "text": "The idea", "match": [list(slots)], "not": list(veto)})
    return Explain(id="card", kind="explain", prompt="Why is that so?", reference=reference, concepts=(concept,))


def keywords(explain: Explain) -> list[str]:
    return [
        phrase
        for concept in explain.concepts
        for group in concept.match
        for slot in group
        for phrase in slot.split("|")
    ]


def test_every_concept_is_found_in_the_reference_with_the_words_that_say_it() -> None:
    marks = rubric.read(PARALLELISM, PARALLELISM.reference).marks
    assert [mark.evidence for mark in marks] == [
        ("data", "split"),
        ("each", "copy", "model"),
        ("model parallelism", "split"),
        ("fit", "one device"),
    ]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("It splits the data, each device keeps the full model", ["data", "copy"]),
        ("Data parallelism splits data; model parallelism splits model.", ["data", "model"]),
        ("every gpu gets a shard of the batch and has the same model on it", ["data", "copy"]),
        (
            "MP: layers on different GPUs (model parallelism), since it's too big for the memory of one",
            ["model", "fit"],
        ),
        ("The model itself is split because it doesn't fit in memory.", ["model", "fit"]),
        ("DATASETS are PARTITIONED among the workers!!", ["data"]),
        ("the data is devided... no, it is shardded: we partitoin the datasets", ["data"]),
        ("dataset\nis split\nacross nodes", []),
    ],
)
def test_terse_and_honest_answers_are_read_as_a_person_would(text: str, ids: list[str]) -> None:
    assert covered(PARALLELISM, text) == ids


@pytest.mark.parametrize(
    "text",
    [
        "Larger effective batch and fewer syncs per step.",
        "You get a bigger batch. The workers sync only once.",
        "bigger batch in the same memory, and the all-reduce happens just once",
        "The AllReduce runs fewer times, and it makes the batch larger",
        "Because the batch is larger and they synchronize once",
    ],
)
def test_the_same_idea_in_other_words_is_found(text: str) -> None:
    assert covered(ACCUMULATION, text) == ["batch", "sync"]


# ---------------------------------------------------------------- salads


@pytest.mark.parametrize(
    "text",
    [
        "batch larger sync once optimizer gradient",
        "larger, bigger, effective, batch, sync, allreduce, once, fewer",
        "batch larger and sync once and optimizer gradient",
        "larger batch\nsync once\ngradient",
        "- larger batch\n- sync once",
        "Batch. Larger. Sync. Once.",
        "BATCH LARGER!!! SYNC ONCE!!!",
        "I think so. batch larger sync once optimizer gradient",
        "batch/larger/sync/once",
        "batch, larger, effective, bigger, sync, once, the, fewer, allreduce, gradient",
        "#batch #larger #sync #once",
    ],
)
def test_a_list_of_key_words_earns_nothing_and_is_told_why(text: str) -> None:
    reading = rubric.read(ACCUMULATION, text)
    assert not any(mark.covered for mark in reading.marks)
    assert reading.note == rubric.Note.UNREADABLE


@pytest.mark.parametrize("between", [" ", ", ", "\n", " and ", "; ", " | "])
def test_the_rubric_itself_in_any_order_is_not_an_answer(between: str) -> None:
    chance = random.Random(7)
    for explain, _ in itertools.product((PARALLELISM, ACCUMULATION), range(20)):
        salad = keywords(explain)
        chance.shuffle(salad)
        assert covered(explain, between.join(salad)) == []


def test_a_long_list_inside_a_sentence_earns_nothing() -> None:
    text = "I am sure that it is because of this: batch larger sync once optimizer gradient memory device. That is it."
    assert covered(ACCUMULATION, text) == []


def test_an_enumeration_in_a_sentence_is_not_a_list_of_key_words() -> None:
    explain = card("shard", "optimizer states", "gradients", "parameters")
    assert covered(
        explain, "ZeRO-3 shards optimizer states, gradients and model parameters across data parallel ranks."
    ) == ["idea"]


def test_an_answer_that_is_merely_wrong_is_not_told_to_write_sentences() -> None:
    assert rubric.read(ACCUMULATION, "It is faster.").note is None


# ---------------------------------------------------------------- notes


@pytest.mark.parametrize(
    "text",
    [
        "same model, different data",
        "Same model, different data.",
        "same model; different data",
        "It is easy. Same model, different data.",
        "same model vs different data",
    ],
)
def test_a_note_of_a_few_words_is_read(text: str) -> None:
    explain = card("same", "model")
    assert covered(explain, text.replace(";", ",")) == ["idea"]


@pytest.mark.parametrize(
    ("slots", "text"),
    [
        (("communication",), "More communication."),
        (("more", "communication"), "More communication."),
        (("use", "more", "microbatches"), "use more microbatches"),
        (("idle", "gpu|gpus"), "idle GPUs"),
        (("shard", "optimizer"), "shards optimizer states"),
        (("part of model",), "part of model"),
    ],
)
def test_a_note_that_is_all_key_words_is_read_where_it_is_short_enough(slots: tuple[str, ...], text: str) -> None:
    assert covered(card(*slots), text) == ["idea"]


@pytest.mark.parametrize(
    "text",
    [
        "larger batch sync once",
        "larger batch\nsync once",
        "larger batch. sync once.",
        "- larger batch\n- sync once",
        "larger, batch, sync, once",
        "larger batch, optimizer, sync once",
        "larger batch, sync once, optimizer gradient, memory device",
        "larger batch optimizer gradient. That is what I think.",
        "sync",
    ],
)
def test_a_note_is_one_and_short_and_has_no_lone_words(text: str) -> None:
    assert covered(ACCUMULATION, text) == []


def test_two_or_three_key_words_in_the_wrong_order_pass_for_a_note() -> None:
    """Known and accepted: it takes grammar to tell them from 'larger batch', and they earn what that earns."""
    assert covered(ACCUMULATION, "batch larger") == ["batch"]
    assert covered(ACCUMULATION, "batch larger, once sync") == ["batch", "sync"]


def test_a_note_in_a_language_that_we_do_not_know_is_a_list() -> None:
    turkish = card("büyük", "yığın", reference="Böylece daha fazla bellek gerekmeden etkin yığın boyutu büyük olur.")
    assert covered(turkish, "daha büyük yığın boyutu") == ["idea"]
    assert covered(turkish, "büyük yığın") == []


# ---------------------------------------------------------------- small words that are asked for


def test_a_small_word_inside_a_phrase_still_holds_other_sentences_together() -> None:
    explain = card("part of model|share of model")
    assert covered(explain, "With MP different GPUs store different parts of the model.") == ["idea"]
    both = Explain(
        id="card",
        kind="explain",
        prompt="Why is that so?",
        reference="This is what the author says about it.",
        concepts=(
            Concept(id="copy", text="The same model", match=(("copy of model|same model|all of model",),)),
            Concept(id="idle", text="Idle", match=(("stages", "idle"),)),
        ),
    )
    assert covered(both, "Pipeline stages sit idle most of batch time.") == ["idle"]


@pytest.mark.parametrize("between", [" ", ", ", "\n", " and ", "; ", " | ", ". "])
def test_phrases_with_small_words_in_a_row_are_a_list_too(between: str) -> None:
    explain = card("part of model|piece of model|share of model", "one device|each of devices")
    phrases = ["part of model", "one device", "piece of model", "each of devices", "share of model"]
    assert covered(explain, between.join(phrases)) == []


def test_small_words_left_over_from_phrases_make_no_sentence() -> None:
    explain = card("part of model|out of sync|one model|own model", "model|samples")
    assert covered(explain, "own model samples part of slice out section") == []
    assert covered(explain, "The own model has samples that are out of sight.") == ["idea"]


@pytest.mark.parametrize(
    "text",
    ["data split model copy device consistent average accuracy", "same device split data model full every batch"],
)
def test_a_row_of_key_words_earns_nothing_either(text: str) -> None:
    assert covered(PARALLELISM, text) == []


def test_a_small_word_that_is_asked_for_by_itself_holds_nothing_together() -> None:
    explain = card("once|fewer|less", "sync")
    assert covered(explain, "gradient optimizer memory sync once") == []
    assert covered(explain, "gradient optimizer memory will sync once") == ["idea"]


# ---------------------------------------------------------------- the question said again


@pytest.mark.parametrize(
    "text",
    [
        "Why use gradient accumulation? It makes a batch.",
        "Why use gradient accumulation with a batch?",
        "we use gradient accumulation with batch",
        "Gradient accumulation! Use gradient accumulation?",
    ],
)
def test_what_only_says_the_question_again_earns_nothing(text: str) -> None:
    explain = card("gradient", "accumulation").model_copy(
        update={"prompt": "Why use gradient accumulation with a batch?"}
    )
    assert covered(explain, text) == []
    assert covered(explain, "A gradient needs its accumulation since memory is small.") == ["idea"]


def test_whoever_says_the_question_again_is_told_so() -> None:
    reading = rubric.read(PARALLELISM, "explain the difference between model parallelism and data parallelism")
    assert reading.note == rubric.Note.REPEATED
    assert rubric.read(PARALLELISM, PARALLELISM.prompt + " The data is split.").note is None


def test_the_answer_after_the_repeated_question_counts() -> None:
    assert covered(PARALLELISM, PARALLELISM.prompt + " The data is split.") == ["data"]


def test_the_concepts_that_a_prompt_would_cover_are_known() -> None:
    explain = card("gradient", "accumulation").model_copy(update={"prompt": "Why is gradient accumulation used?"})
    assert [mark.evidence for mark in rubric.prompted(explain) if mark.covered] == [("gradient", "accumulation")]
    assert not any(mark.covered for mark in rubric.prompted(PARALLELISM))


# ---------------------------------------------------------------- denials and vetoes


@pytest.mark.parametrize(
    "text",
    [
        "Data parallelism does not split the data.",
        "It doesn't split the data.",
        "it doesnt even split the data",
        "We never partition the dataset.",
        "It works without splitting the data.",
        "Instead of splitting the data, it splits layers.",
        "There is no data split.",
        "It can’t split the batch",
    ],
)
def test_what_is_directly_denied_is_not_said(text: str) -> None:
    assert "data" not in covered(PARALLELISM, text)


@pytest.mark.parametrize(
    "text",
    [
        "It not only splits the data, it copies the model.",
        "No, the data is split.",
        "It does not split the layers, the data is split.",
        "It is not the layers but the data that is split.",
    ],
)
def test_a_denial_of_something_else_takes_nothing_away(text: str) -> None:
    assert "data" in covered(PARALLELISM, text)


def test_a_denial_that_is_asked_for_counts() -> None:
    assert covered(card("no|without", "bubble"), "It runs without any bubble.") == ["idea"]
    assert covered(card("not wait|no waiting", "worker"), "The workers do not wait for each other.") == ["idea"]


def test_a_denial_that_the_author_uses_too_counts() -> None:
    said = "The model does not fit into the memory."
    assert covered(card("fit", "memory"), said) == []
    assert covered(card("fit", "memory", reference="When the model doesn't fit into memory."), said) == ["idea"]


def test_a_veto_holds_in_its_sentence_alone() -> None:
    assert covered(ACCUMULATION, "It syncs once since it needs no communication.") == []
    assert covered(ACCUMULATION, "It needs no communication. It syncs once.") == ["sync"]
    assert covered(ACCUMULATION, "They sync once in every single micro-batch.") == []
    assert covered(ACCUMULATION, "They sync once and not every micro-batch.") == ["sync"]


# ---------------------------------------------------------------- how words are found


@pytest.mark.parametrize(
    ("slot", "written", "found"),
    [
        ("synchronise", "synchronization", True),
        ("synchronous", "asynchronous", False),
        ("consistent", "inconsistent", False),
        ("shard", "shares", False),
        ("sharding", "sharing", False),
        ("intralayer", "interlayer", False),
        ("gradient", "gradeint", False),
        ("parameters", "paramaters", True),
        ("all-reduce", "allreduce", True),
        ("allreduce", "all-reduces", True),
        ("batch size", "batchsize", True),
        ("full model", "full big model", True),
        ("full model", "model full", False),
        ("behaviour", "behaviors", True),
        ("naive", "naïve", True),
        ("batch", "batch\u200bes", True),
        ("whole model", "while model", False),
        ("whole model", "whale model", False),
        ("whole model", "wholemodel", True),
        ("throughput", "through put", True),
        ("throughout", "though out", False),
        ("micro-batch", "microbacth", True),
        ("stale", "stable", False),
        ("sparse", "spare", False),
        ("splitting", "spliting", True),
        ("gpu", "gpus", True),
        ("gpus", "GPU", True),
        ("different", "difference", False),
        ("differ", "different", True),
        ("difference", "differences", True),
        ("part model", "parts of the model", True),
        ("part of model", "part of the model", True),
        ("part of model", "part of the whole model", True),
        ("part of model", "part model", False),
        ("model split", "model has been split", True),
        ("model split", "model large enough split", False),
        ("model split", "model not split", False),
        ("model split", "model is not split", False),
        ("model split", "model. Split", False),
        ("model split", "model, and in the split", False),
        ("model same", "models at the same", False),
        ("model same", "model is the same", True),
    ],
)
def test_a_word_is_found_by_its_stem_or_but_for_a_slip(slot: str, written: str, found: bool) -> None:
    assert (covered(card(slot), f"I say that it is about the {written} of it.") == ["idea"]) is found


def test_the_words_of_a_group_must_be_close_together() -> None:
    near, far = ("the batch " + "it is so and " * n + "is larger" for n in (7, 8))
    assert covered(card("batch", "larger"), near) == ["idea"]
    assert covered(card("batch", "larger"), far) == []


def test_the_closest_words_in_one_sentence_are_the_evidence() -> None:
    text = "The batch is there. It makes it larger. Batching is good. Then the Batches are what is LARGER."
    assert rubric.read(card("batch", "larger"), text).marks[0].evidence == ("Batches", "LARGER")


def test_a_deck_in_another_language_is_read_in_that_language() -> None:
    german = card(
        "grösser|größere",
        "Batch",
        reference="Damit wird der effektive Batch größer, ohne dass man mehr Speicher braucht.",
    )
    assert covered(german, "Weil damit ein größerer Batch möglich ist.") == ["idea"]
    assert covered(german, "Batch größer Speicher Gradient") == []
    assert covered(german, "Es gibt keinen größeren Batch.") == []


def test_a_language_that_we_do_not_know_is_read_without_small_words() -> None:
    turkish = card(
        "büyük",
        "yığın",
        reference="Böylece daha fazla bellek gerekmeden etkin yığın boyutu büyük olur ve eğitim hızlanır.",
    )
    assert covered(turkish, "Bellek yetmediğinde yığın boyutu daha büyük olur.") == ["idea"]
    assert covered(turkish, "büyük yığın") == []


def test_chinese_is_read_by_its_characters() -> None:
    chinese = card("数据", "切分|分割", reference="数据并行把数据切分到每个设备上。")
    assert covered(chinese, "它把数据切分给所有的设备。") == ["idea"]
    assert covered(chinese, "它把模型切分给所有的设备。") == []


# ---------------------------------------------------------------- whatever people send


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\u200b" * 10_000,
        "\u202e" + "שלום עולם " * 1_000,
        "data " * 2_000,
        "e" + "\u0301" * 10_000,
        "(" * 10_000,
        "n" * 9_999 + "'t",
        "'" * 10_000,
        "a." * 5_000,
        "\ufffd" * 10_000,
        "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 1_400,
        "ﷺ" * 3_000,
        "split the data " * 660,
    ],
)
def test_a_hostile_text_is_just_an_answer(text: str) -> None:
    reading = rubric.read(PARALLELISM, text)
    assert [mark.id for mark in reading.marks] == ["data", "copy", "model", "fit"]


@settings(max_examples=200)
@given(
    st.lists(
        st.sampled_from(
            ["data", "split", "not", "the", "is", ".", ",", "\n", "e\u0301", "ﬁt", "İ", "\u200d", "模", "ß"]
        ),
        max_size=40,
    )
)
def test_evidence_is_always_words_of_the_answer(parts: list[str]) -> None:
    text = " ".join(parts)
    for mark in rubric.read(PARALLELISM, text).marks:
        assert all(words and words in text for words in mark.evidence)
