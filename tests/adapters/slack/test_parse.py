"""What Slack sends, as the bot's events."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack import ids, parse
from adapters.slack.origin import HOME, Origin
from bot.events import Command, Completion, Event, Happening, MessageRef, Place, Press, Submit
from bot.messages import Action
from tests.adapters.contract import HOSTILE
from tests.adapters.slack import payloads
from tests.adapters.slack.payloads import ADA, CHANNEL, DIRECT, ORG, TEAM, TRIGGER, TS, button, menu, press

HERE = Place("slack", TEAM, CHANNEL)


def command(text: str, **more: Any) -> Command:
    found = parse.to_event(payloads.command(text, **more))
    assert isinstance(found, Command)
    return found


def pressed(payload: dict[str, Any]) -> Press:
    found = parse.to_event(payload)
    assert isinstance(found, Press)
    return found


def submitted(values: dict[str, Any], **more: Any) -> Submit:
    found = parse.to_event(payloads.submission(values, **more))
    assert isinstance(found, Submit)
    return found


def test_a_command_says_who_where_and_what() -> None:
    found = command("leaderboard month public")
    assert (found.id, found.path, found.place) == (TRIGGER, ("leaderboard",), HERE)
    assert dict(found.options) == {"period": "month", "public": "yes"}
    assert (found.actor.platform, found.actor.workspace, found.actor.id) == ("slack", TEAM, ADA)
    assert (found.actor.name, found.actor.is_admin) == ("ada", False)


@pytest.mark.parametrize(
    ("typed", "path", "options"),
    [
        ("", (), {}),
        ("  ", (), {}),
        ("help", ("help",), {}),
        ("play deck:zero level:advanced", ("play",), {"deck": "zero", "level": "advanced"}),
        ("play zero advanced 5", ("play",), {"deck": "zero", "level": "advanced", "count": "5"}),
        ('deck show "Large models"', ("deck", "show"), {"deck": "Large models"}),
        ("deck show deck:“Large models”", ("deck", "show"), {"deck": "Large models"}),
        ("deck show R&amp;D", ("deck", "show"), {"deck": "R&D"}),
        ("deck show &amp;lt;", ("deck", "show"), {"deck": "&lt;"}),
        ("deck show <#C123|general>", ("deck", "show"), {"deck": "<#C123|general>"}),
        ("deck show <@U1|ada>", ("deck", "show"), {"deck": "<@U1|ada>"}),
        ("deck show payload", ("deck", "show"), {"deck": "payload"}),
    ],
)
def test_a_command_is_read_as_everywhere(typed: str, path: tuple[str, ...], options: dict[str, str]) -> None:
    found = command(typed)
    assert (found.path, dict(found.options)) == (path, options)


@pytest.mark.parametrize(
    ("typed", "said"), [("paly", "/quiz play"), ("play levle:advanced", "level"), ("<!channel>", "no /quiz <!channel>")]
)
def test_a_command_that_is_none_is_answered_with_the_nearest(typed: str, said: str) -> None:
    with pytest.raises(parse.Unclear, match=said):
        parse.to_event(payloads.command(typed))


@pytest.mark.parametrize("channel", ["<#C0123456789|two>,tow", "#tow", "tow", "<#C1", "<#C1|a>b", "c0123456789"])
def test_a_channel_that_slack_does_not_know_is_refused(channel: str) -> None:
    """As a name it would be taken for an id, and nobody's press would be found to belong to what was posted there."""
    with pytest.raises(parse.Unclear, match="I know no channel"):
        parse.to_event(payloads.command(f"schedule set 9:00 channel:{channel}"))


@pytest.mark.parametrize(
    "channel", ["<#C1|a>,<#C2|b>", "<#C1|a>, <#C2|b>", "<#C0123456789|two>", "<#C0123456789>", "C0123456789", "<#G1|>"]
)
def test_a_channel_that_slack_knows_is_taken(channel: str) -> None:
    assert command(f"schedule set 9:00 channel:{channel}").options["channel"] == channel


def test_a_command_in_private_messages_belongs_to_the_workspace() -> None:
    place = command("", channel_id=DIRECT).place
    assert place == Place("slack", TEAM, DIRECT)
    assert place.direct
    assert pressed(press(button("home"), channel_id=DIRECT)).place.direct
    assert submitted({}, private_metadata=Origin(place).write()).place.direct
    assert not command("").place.direct
    assert not pressed(press(button("home"), thread="1548261200.000100")).place.direct


def test_a_member_of_an_organisation_is_one_person_in_all_its_workspaces() -> None:
    org = {"enterprise_id": ORG, "enterprise_name": "Example"}
    assert command("", **org).actor.workspace == ORG
    assert command("", **org).place.workspace == TEAM
    member = {"id": ADA, "name": "ada", "team_id": TEAM}
    enterprise = {"id": ORG, "name": "Example"}
    assert pressed(press(button("home"), user=member, enterprise=enterprise)).actor.workspace == ORG
    assert pressed(press(button("home"), user=member | {"team_id": ORG}, enterprise=enterprise)).actor.workspace == ORG


def test_a_stranger_in_a_shared_channel_keeps_a_workspace_of_their_own() -> None:
    found = pressed(press(button("home"), user={"id": "U9", "name": "eve", "team_id": "T0009"}))
    assert (found.actor.workspace, found.place.workspace) == ("T0009", TEAM)


def test_where_an_organisation_installed_the_bot_a_press_may_name_the_workspace_only_with_the_person() -> None:
    assert pressed(press(button("home"), team=None)).place == HERE


def test_a_press_names_its_action_and_message() -> None:
    found = pressed(press(button("answer:17:B")))
    assert (found.id, found.action, found.values) == (TRIGGER, Action.of("answer", 17, "B"), ())
    assert found.ref == MessageRef(HERE, TS)
    assert found.actor.name == "ada.l"


def test_a_second_button_of_the_same_action_presses_it_too() -> None:
    assert pressed(press(button("home", "home#1"))).action == Action.of("home")


def test_a_choice_in_a_menu_is_a_press_with_its_value() -> None:
    found = pressed(press(menu("deck#2", "networks")))
    assert (found.action, found.values) == (Action.of("deck"), ("networks",))
    assert pressed(press(menu("deck", None))).values == ()


def test_an_ephemeral_message_is_known_by_its_container() -> None:
    payload = press(button("home"), ephemeral=True)
    assert pressed(payload).ref == MessageRef(HERE, TS)
    assert parse.is_private(payload)


@pytest.mark.parametrize(("thread", "expected"), [(None, None), (TS, None), ("1548261200.000100", "1548261200.000100")])
def test_a_message_in_a_thread_stands_there_and_one_that_began_it_does_not(
    thread: str | None, expected: str | None
) -> None:
    assert pressed(press(button("home"), thread=thread)).ref.place == Place("slack", TEAM, CHANNEL, expected)


@pytest.mark.parametrize(
    ("payload", "private"),
    [
        (press(button("home")), False),
        (press(button("home"), channel_id=DIRECT), True),
        (payloads.press_in_view(button("home")), True),
    ],
)
def test_a_message_is_private_in_private_messages_and_a_view_always(payload: dict[str, Any], private: bool) -> None:
    assert parse.is_private(payload) is private


def test_the_home_tab_is_no_channel_and_not_private_messages() -> None:
    origin = Origin(Place("slack", TEAM, ""), HOME)
    found = pressed(payloads.press_in_view(button("schedules"), private_metadata=origin.write()))
    assert found.place == Place("slack", TEAM, "")
    assert not found.place.direct
    assert Origin.read(Origin(Place("slack", TEAM, "")).write()) is None, "all else stands in a channel"


def test_a_press_in_a_view_happens_where_the_view_came_from() -> None:
    origin = Origin(Place("slack", TEAM, DIRECT))
    found = pressed(payloads.press_in_view(button("home"), private_metadata=origin.write()))
    assert found.ref == MessageRef(Place("slack", TEAM, DIRECT), "V0001")
    assert pressed(payloads.press_in_view(button("home"))).ref.place == Place("slack", TEAM, ADA)


@pytest.mark.parametrize("value", ["Not an Action!", "", "answer:💥", "x" * 101, "#1", "answer:<!channel>"])
def test_a_button_that_no_version_wrote_is_stale(value: str) -> None:
    with pytest.raises(parse.Unclear, match="older version"):
        parse.to_event(press(button(value)))


def test_a_form_gives_each_input_s_text_and_where_it_was_opened() -> None:
    origin = Origin(Place("slack", TEAM, CHANNEL, "1.2"), TS, "https://hooks.slack.com/x", 1600000000)
    found = submitted(
        {
            "text": {"text": {"type": "plain_text_input", "value": "one\r\ntwo\x00"}},
            "level": {"level": {"type": "static_select", "selected_option": {"value": "beginner"}}},
            "empty": {"empty": {"type": "plain_text_input", "value": None}},
        },
        private_metadata=origin.write(),
    )
    assert (found.id, found.action, found.place) == (TRIGGER, Action.of("sent", 17), origin.place)
    assert dict(found.fields) == {"text": "one\ntwo\N{REPLACEMENT CHARACTER}", "level": "beginner", "empty": ""}


def test_hostile_text_comes_in_as_it_was_typed() -> None:
    assert submitted({"text": {"text": {"type": "plain_text_input", "value": HOSTILE}}}).fields["text"] == HOSTILE


def test_a_form_without_an_origin_is_answered_in_private_messages() -> None:
    assert submitted({}).place == Place("slack", TEAM, ADA)


def test_a_form_of_another_version_is_stale() -> None:
    with pytest.raises(parse.Unclear, match="form"):
        parse.to_event(payloads.submission({}, callback_id="Old form"))


def test_typing_in_a_menu_asks_for_suggestions() -> None:
    found = parse.to_event(payloads.suggestion(ids.suggesting(("deck", "show"), "deck"), "Net"))
    assert isinstance(found, Completion)
    assert (found.path, found.option, found.typed, found.place) == (("deck", "show"), "deck", "Net", HERE)
    assert parse.to_event(payloads.suggestion("suggest:play:deck", "Net")) != found
    with pytest.raises(parse.Unclear):
        parse.to_event(payloads.suggestion("home", "Net"))


def test_the_same_event_sent_again_has_the_same_id() -> None:
    for payload in payloads.EVERY:
        first, second = parse.to_event(copy.deepcopy(payload)), parse.to_event(copy.deepcopy(payload))
        assert first == second
        assert first is not None
        assert first.id


def test_a_closed_form_is_nobodys_concern() -> None:
    assert parse.to_event(payloads.submission({}) | {"type": "view_closed"}) is None


def test_what_happens_nowhere_cannot_be_answered() -> None:
    for payload in (press(button("home"), container={}, channel=None), payloads.command("", channel_id=None)):
        with pytest.raises(parse.Unclear, match="can’t answer here"):
            parse.to_event(payload)


@pytest.mark.parametrize("payload", [None, [], "x", {}, {"type": "shortcut"}, {"type": ["x"]}, {"command": 7}])
def test_what_no_version_of_ours_offers_is_refused_in_words(payload: object) -> None:
    with pytest.raises(parse.Unclear, match="/quiz help"):
        parse.to_event(payload)


# ------------------------------------------------------------------ whatever comes in

JUNK: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(
        [HOSTILE, "", "\x00", "\ud800", "E1", "T1", "button", "home", [], {}, [None], {"id": None}, [[]], "[" * 9999]
    ),
    st.dictionaries(st.sampled_from(["id", "value", "type", "team_id", "\ud800"]), st.text(max_size=4), max_size=3),
)


def spots(found: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a payload where something else could stand."""
    inside = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    return [path, *(each for name, one in inside for each in spots(one, (*path, name)))]


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    payload = copy.deepcopy(draw(st.sampled_from(payloads.EVERY)))
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(spots(payload)))
        if not path:
            return copy.deepcopy(draw(JUNK))
        inside: Any = payload
        for name in path[:-1]:
            inside = inside[name]
        if isinstance(inside, dict) and draw(st.booleans()):
            del inside[path[-1]]
        else:
            inside[path[-1]] = copy.deepcopy(draw(JUNK))
    return payload


def outcome(payload: Any) -> Event | str | None:
    """An event, or the sentence of Unclear; any other exception is a fault."""
    try:
        return parse.to_event(payload)
    except parse.Unclear as unclear:
        return str(unclear)


@settings(deadline=None, max_examples=200)
@given(mutated())
def test_whatever_comes_in_the_worst_is_a_sentence(payload: Any) -> None:
    found = outcome(payload)
    if isinstance(found, str):
        assert found.endswith((".", "?"))
    elif found is not None and not isinstance(found, Happening):
        assert found.id
        assert found.actor.id
        assert found.actor.workspace
        assert found.place.workspace
        in_home = payload.get("type") == "event_callback" or "view" in payload
        assert found.place.channel or in_home


@settings(deadline=None, max_examples=80)
@given(st.text(max_size=60) | st.text('playdeckshow :"“”&lt;<>@#|', max_size=60))
def test_whatever_is_typed_the_worst_is_a_sentence(typed: str) -> None:
    found = outcome(payloads.command(typed))
    assert found if isinstance(found, str) else isinstance(found, Command)
