"""How much a SIG may have, and that it says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from registration.domain.sig import bounds
from registration.domain.sig.commands import (
    AddRecord,
    AdmitMember,
    Command,
    InviteMember,
    JoinSig,
    LinkMeeting,
    NameConvenor,
)
from registration.domain.sig.parts import Convenor, Joining, Text
from registration.domain.sig.refusal import Refused
from registration.domain.sig.state import Sig

from .tale import PROPOSER, SIG, STRANGER, TODAY, UNTIL, Given, chartered, given, record


def people(number: int) -> dict[str, str]:
    return {f"p{one}": "pu" for one in range(number)}


def with_convenors(sig: Sig, number: int) -> None:
    sig.members |= people(number) | {"lee": "nchu"}
    sig.convenors = tuple(Convenor(one, TODAY, UNTIL) for one in ["hung", *people(number - 1)])


def with_meetings(sig: Sig, number: int) -> None:
    sig.meetings |= {f"m{one}": TODAY for one in range(number)}


def with_records(sig: Sig, number: int, **changes: Any) -> None:
    sig.records |= {f"r{one}": record(record=f"r{one}", **changes) for one in range(number)}


def full(sig: Sig, what: str, less: int) -> None:
    match what:
        case "members":
            sig.members |= people(bounds.MEMBERS - 1 - less)
            sig.requested["asking"] = "pu"
        case "requested":
            sig.requested |= people(bounds.REQUESTS - less)
        case "invited":
            sig.invited |= people(bounds.INVITATIONS - less)
        case "convenors":
            with_convenors(sig, bounds.CONVENORS - less)
        case "meetings":
            with_meetings(sig, bounds.MEETINGS - less)
        case "records":
            with_records(sig, bounds.RECORDS - less)


@pytest.mark.parametrize(
    ("joining", "what", "command", "code", "most"),
    [
        ("open", "members", JoinSig(STRANGER, SIG), "too_many_members", bounds.MEMBERS),
        ("request", "members", AdmitMember(PROPOSER, SIG, "asking"), "too_many_members", bounds.MEMBERS),
        ("request", "requested", JoinSig(STRANGER, SIG), "too_many_asking", bounds.REQUESTS),
        (
            "open",
            "invited",
            InviteMember(PROPOSER, SIG, "lee", "nchu"),
            "too_many_invited",
            bounds.INVITATIONS,
        ),
        (
            "open",
            "convenors",
            NameConvenor(PROPOSER, SIG, "lee", TODAY, UNTIL),
            "too_many_convenors",
            bounds.CONVENORS,
        ),
        (
            "open",
            "meetings",
            LinkMeeting(PROPOSER, SIG, "one-more", TODAY),
            "too_many_meetings",
            bounds.MEETINGS,
        ),
        ("open", "records", AddRecord(PROPOSER, SIG, record()), "too_many_records", bounds.RECORDS),
    ],
)
def test_what_would_be_too_much_is_refused_and_the_last_is_not(
    joining: Joining, what: str, command: Command, code: str, most: int
) -> None:
    for less in (0, 1):
        story = given(*chartered(joining))
        full(story.state, what, less)
        if less:
            assert not isinstance(story.when(command).answer, Refused)
        else:
            story.when(command).then_refused(code, most=most)


def test_a_meeting_moved_and_a_convenor_named_anew_are_no_more_than_before() -> None:
    story = given(*chartered())
    with_meetings(story.state, bounds.MEETINGS)
    with_convenors(story.state, bounds.CONVENORS)
    assert not isinstance(story.when(LinkMeeting(PROPOSER, SIG, "m1", UNTIL)).answer, Refused)
    assert not isinstance(story.when(NameConvenor(PROPOSER, SIG, "p1", UNTIL, UNTIL)).answer, Refused)


def test_the_words_of_all_records_together_are_bounded() -> None:
    text = Text("長" * 10_000, "l" * 10_000)
    story: Given = given(*chartered())
    with_records(story.state, bounds.CHARACTERS // 20_000, text=text)
    story.when(AddRecord(PROPOSER, SIG, record(text=Text("再", "")))).then_refused(
        "records_too_long", most=bounds.CHARACTERS
    )
    assert not isinstance(story.when(AddRecord(PROPOSER, SIG, record())).answer, Refused)
    longest = replace(next(iter(story.state.records.values())), text=None)
    story.state.records["r0"] = longest
    assert not isinstance(story.when(AddRecord(PROPOSER, SIG, record(text=text))).answer, Refused)
