"""The command tree: what people type, what it means, and what they are told when it means nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import BY_PATH, TREE, Ask, Misread, check, quoted, read, suggest
from bot.messages import LIMITS, Choice


@pytest.mark.parametrize(
    ("text", "path", "options"),
    [
        ("", (), {}),
        ("help", ("help",), {}),
        ("/quiz help", ("help",), {}),
        ("PLAY", ("play",), {}),
        ("deck", ("deck",), {}),
        ("schedule ", ("schedule",), {}),
        ("help schedule", ("help",), {"about": "schedule"}),
        ("schedule help", ("help",), {"about": "schedule"}),
        ("Play HELP", ("help",), {"about": "play"}),
        ("play deck:help", ("play",), {"deck": "help"}),
        ("play level:advanced count:5", ("play",), {"level": "advanced", "count": "5"}),
        ("play advanced 5", ("play",), {"level": "advanced", "count": "5"}),
        ("play beginner, advanced 5", ("play",), {"level": "beginner, advanced", "count": "5"}),
        ("play level:beginner,advanced topic:a, b", ("play",), {"level": "beginner,advanced", "topic": "a, b"}),
        ("play distributed-training advanced", ("play",), {"deck": "distributed-training", "level": "advanced"}),
        ("play deck:“My deck” 3", ("play",), {"deck": "My deck", "count": "3"}),
        ('deck show "Distributed training"', ("deck", "show"), {"deck": "Distributed training"}),
        ("leaderboard month public", ("leaderboard",), {"period": "month", "public": "yes"}),
        ("leaderboard public:no all", ("leaderboard",), {"public": "no", "period": "all"}),
        ("  deck   list ", ("deck", "list"), {}),
        ("schedule set 9", ("schedule", "set"), {"time": "9"}),
        ("schedule set 9:30 am", ("schedule", "set"), {"time": "9:30 am"}),
        (
            "schedule set time:9 PM days:mon,  wed, level:all",
            ("schedule", "set"),
            {"time": "9 PM", "days": "mon,  wed,", "level": "all"},
        ),
        (
            "schedule set #general mon-thu Europe/Berlin 9.30 advanced reactions",
            ("schedule", "set"),
            {
                "channel": "#general",
                "days": "mon-thu",
                "zone": "Europe/Berlin",
                "time": "9.30",
                "level": "advanced",
                "mode": "reactions",
            },
        ),
        ("schedule set <#C123|general> noon", ("schedule", "set"), {"channel": "<#C123|general>", "time": "noon"}),
        ("schedule set 9 decks:one, two", ("schedule", "set"), {"time": "9", "decks": "one, two"}),
        ("schedule show 3", ("schedule", "show"), {"id": "3"}),
        ("leaderboard teams month", ("leaderboard",), {"by": "teams", "period": "month"}),
        ("team create Red Pandas", ("team", "create"), {"name": "Red Pandas"}),
        ("team create name:Red Pandas: the best", ("team", "create"), {"name": "Red Pandas: the best"}),
        ('team join "Red Pandas"', ("team", "join"), {"team": "Red Pandas"}),
        ("team rename Blue Whales team:Red Pandas", ("team", "rename"), {"name": "Blue Whales", "team": "Red Pandas"}),
        ("team assign @Ada Red Pandas", ("team", "assign"), {"person": "@Ada", "team": "Red Pandas"}),
        ("team list public", ("team", "list"), {"public": "yes"}),
    ],
)
def test_what_people_type_is_understood(text: str, path: tuple[str, ...], options: dict[str, str]) -> None:
    assert read(text) == (path, options)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("leaderbord", "Did you mean /quiz leaderboard?"),
        ("deck lst", "/quiz deck list"),
        ("deck ls", "/quiz deck list or /quiz deck show"),
        ("schedule everything", "Did you mean /quiz schedule set, /quiz schedule list,"),
        ("help shedule", "Did you mean schedule?"),
        ("help bogus", "/quiz help doesn’t know “bogus”. It takes today, play,"),
        ("frobnicate", "/quiz help shows what there is"),
        ("play levle:advanced", "Did you mean level?"),
        ("leaderboard mnth", "Did you mean month?"),
        ("today now", "takes no options"),
        ("plya", "Did you mean /quiz play?"),
    ],
)
def test_what_means_nothing_is_answered_with_the_nearest(text: str, says: str) -> None:
    with pytest.raises(Misread) as misread:
        check(*read(text))
    assert says in str(misread.value)


def test_a_bare_value_of_the_wrong_word_goes_nowhere_else() -> None:
    with pytest.raises(Misread, match=r"There is no|doesn’t know"):
        check(*read("leaderboard yesterday"))


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"count": "0"}, "from 1 to 50"),
        ({"count": 51}, "from 1 to 50"),
        ({"count": "ten"}, "from 1 to 50"),
        ({"count": "9" * 400}, "from 1 to 50"),
        ({"level": "hard"}, "beginner, intermediate, advanced or all, not “hard”"),
        ({"level": "beginner, hard"}, "not “hard”"),
        ({"level": " , "}, "level can be"),
        ({"colour": "red"}, "doesn’t know"),
    ],
)
def test_values_are_checked_however_they_came(options: dict[str, str | int], says: str) -> None:
    with pytest.raises(Misread, match=says):
        check(("play",), options)


def test_defaults_are_filled_in_and_types_are_right() -> None:
    assert check(("leaderboard",), {"public": "yes"})[1] == {"period": "week", "by": "people", "public": True}
    assert check(("play",), {"count": "7"})[1] == {"count": 7}
    assert check(("play",), {"level": "Advanced , beginner,"})[1] == {"count": 10, "level": "advanced,beginner"}
    with pytest.raises(Misread, match=r"needs to know one thing more\. deck: Which deck"):
        check(("deck", "show"), {})


@pytest.mark.parametrize(
    ("typed", "channel"),
    [
        ("#general", "general"),
        ("general", "general"),
        ("<#C123|general>", "C123"),
        ("<#123456>", "123456"),
        ("-1", "-1"),
        ("<#C1|a>, <#C2|b>,#c", "C1,C2,c"),
        ("#a,#b,#a", "a,b"),
    ],
)
def test_a_channel_is_its_id_however_it_came(typed: str, channel: str) -> None:
    assert check(("schedule", "set"), {"channel": typed})[1] == {"channel": channel}


@pytest.mark.parametrize("typed", ["", "#", "two words", "<#>", "<#C1", "a,,b", "a,<@U1>", "<@U1>", "#" * 3])
def test_what_is_no_channel_is_refused(typed: str) -> None:
    with pytest.raises(Misread, match="channel is a channel, such as #general"):
        check(("schedule", "set"), {"channel": typed})


def test_a_number_is_taken_for_what_it_is_named() -> None:
    assert read("schedule set 9 4")[1].keys().isdisjoint({"open", "id"}), "which of them was meant can’t be told"
    assert check(*read("schedule set id:3 open:0"))[1] == {"id": 3, "open": 0}
    with pytest.raises(Misread, match="from 0 to 167"):
        check(("schedule", "set"), {"open": 168})


def values(text: str) -> list[object]:
    found = suggest(text)
    assert not isinstance(found, Ask)
    return [choice.value for choice in found]


def test_commands_are_suggested_as_they_are_typed() -> None:
    assert values("le") == ["leaderboard "]
    assert values("deck") == ["deck list", "deck show "]
    assert values("deck ") == ["deck list", "deck show "]
    assert values("schedule re") == ["schedule resume ", "schedule remove "]
    assert "help about:schedule " in values("help about:s")
    assert "today" in values("")
    assert values("xyz") == []


def test_options_and_their_values_are_suggested() -> None:
    assert values("leaderboard ") == ["leaderboard period:", "leaderboard by:", "leaderboard public:"]
    assert values("leaderboard pe") == ["leaderboard period:"]
    assert values("leaderboard period:m") == ["leaderboard period:month "]
    assert values("leaderboard period:month ") == ["leaderboard period:month by:", "leaderboard period:month public:"]
    assert values("leaderboard public:") == ["leaderboard public:yes ", "leaderboard public:no "]
    assert suggest("play deck:dis") == Ask(("play",), "deck", "dis", "play deck:")
    assert suggest("schedule set time:9 zone:ber") == Ask(
        ("schedule", "set"), "zone", "ber", "schedule set time:9 zone:"
    )
    assert suggest("schedule set decks:a,  b") == Ask(("schedule", "set"), "decks", "a,  b", "schedule set decks:")
    assert values("schedule set time:9 mode:") == [
        f"schedule set time:9 mode:{mode} " for mode in ("buttons", "reactions")
    ]
    assert suggest("play level:advanced, beg") == Ask(("play",), "level", "advanced, beg", "play level:")


def test_a_suggestion_taken_is_understood() -> None:
    for entry in TREE:
        for option in entry.options:
            for choice in option.choices:
                path, options = read(f"{' '.join(entry.path)} {option.name}:{choice}")
                assert (path, options) == (entry.path, {option.name: choice})


@given(st.text(max_size=200))
def test_any_text_is_a_command_or_misread(text: str) -> None:
    try:
        path, options = read(text)
        check(path, options)
    except Misread as misread:
        sentence = str(misread)
    else:
        sentence = f"understood as {path}"
        assert path in BY_PATH
    assert 0 < len(sentence) < LIMITS.TEXT


@given(st.text(max_size=60))
def test_any_text_can_be_completed(text: str) -> None:
    found = suggest(text)
    assert isinstance(found, Ask) or all(isinstance(choice, Choice) for choice in found)


@given(
    st.text(alphabet=st.characters(exclude_characters='"“”', exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
)
def test_a_quoted_value_comes_back_whole(value: str) -> None:
    if not value.split():
        return
    path, options = read(f"deck show deck:{quoted(value)}")
    assert path == ("deck", "show")
    assert options["deck"] == value


def test_every_command_says_what_it_does_within_the_platforms_limits() -> None:
    for entry in TREE:
        assert 0 < len(entry.help) <= 100  # Discord: description 1–100
        assert len(entry.path) <= 2
        assert all(len(word) <= 32 for word in entry.path)
        assert len(entry.options) <= 25
        for option in entry.options:
            assert 0 < len(option.help) <= 100
            assert len(option.choices) <= 25


def test_no_command_hides_behind_another() -> None:
    paths = [entry.path for entry in TREE]
    assert len(paths) == len(set(paths))
    for path in paths:
        assert read(" ".join(path)) == (path, {})
