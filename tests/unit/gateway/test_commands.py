"""Wishes as commands: ids that follow from the key, the actor's role, the trace of the request."""

from __future__ import annotations

import pytest

from gateway.actions import Person
from gateway.commanding.commands import actor, command, command_id
from gateway.serving import trace
from gongxue_contracts.catalogue import WrongSchema


def test_the_same_key_is_the_same_command() -> None:
    assert command_id("lin", "activity:a", "k") == command_id("lin", "activity:a", "k")


def test_an_id_never_changes() -> None:
    """People keep keys, and the log keeps ids: after an upgrade the same key must still mean the same command."""
    assert command_id("lin", "activity:a", "k") == "c06c7bb6-a619-53c1-8968-ea18089ce15c"


def test_another_person_stream_or_key_is_another_command() -> None:
    ids = {
        command_id(*wish)
        for wish in (
            ("lin", "activity:a", "k"),
            ("lin", "activity:b", "k"),
            ("wu", "activity:a", "k"),
            ("lin", "activity:a", "l"),
        )
    }
    assert len(ids) == 4


def test_a_command_says_in_which_role_it_is_given() -> None:
    person = Person("lin", "Lin", "lin@nchu.example", "en", "nchu", frozenset({"staff", "host", "center"}))
    assert actor(person, "host") == {"person": "lin", "school": "nchu", "role": "host"}


def test_a_command_travels_with_the_trace_of_its_request() -> None:
    parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    token = trace.current.set(parent)
    try:
        event = command(
            "registration.PublishActivity.v1",
            "activity:a1",
            {"by": {"person": "lin", "school": "nchu", "role": "host"}, "activity": "a1"},
            id=command_id("lin", "activity:a1", "k"),
            wait=5,
        )
    finally:
        trace.current.reset(token)
    assert event.traceparent == parent
    assert event.correlationid == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert event.deadline is not None
    assert (event.deadline - event.time).total_seconds() == 5


def test_a_command_that_breaks_its_contract_is_not_made() -> None:
    with pytest.raises(WrongSchema) as wrong:
        command("registration.PublishActivity.v1", "activity:a1", {"activity": "A!"}, id="x", wait=5)
    assert set(wrong.value.errors) == {"by", "activity"}


@pytest.mark.parametrize(
    "given",
    [
        None,
        b"",
        b"00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        b"00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        b"00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        b"ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\nx: y",
    ],
)
def test_a_trace_that_is_none_is_begun_anew(given: bytes | None) -> None:
    made = trace.parent(given)
    assert trace.parent(made.encode()) == made
    assert made != trace.parent(given)
