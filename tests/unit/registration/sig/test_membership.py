"""Who belongs to a SIG: openly, on request, by invitation, with their school."""

from __future__ import annotations

import pytest

from registration.domain.sig.commands import (
    AdmitMember,
    Command,
    EndMembership,
    EnrolSchool,
    InviteMember,
    JoinSig,
    WithdrawSchool,
)
from registration.domain.sig.facts import (
    EndedBy,
    SigClosed,
    SigConvenorEnded,
    SigMemberInvited,
    SigMemberJoined,
    SigMembershipEnded,
    SigMembershipRequested,
    SigSchoolJoined,
    SigSchoolWithdrawn,
)
from registration.domain.sig.parts import Actor

from .tale import (
    CENTER,
    COLLEAGUE,
    NAME,
    PROPOSER,
    SIG,
    STRANGER,
    WINDOW,
    WINDOW_OF_NPUST,
    chartered,
    given,
    joined,
)

REQUESTED = SigMembershipRequested(SIG, NAME, "lee", "nchu", ("hung",))
INVITED = SigMemberInvited(SIG, NAME, "lee", "nchu")
NCHU_JOINED = SigSchoolJoined(SIG, "nchu", ("nchu",))
CLOSED = SigClosed(SIG, NAME, ("hung",), "完成", CENTER)


def ended(was: str, by: EndedBy, members: int) -> SigMembershipEnded:
    reason = "left" if by == "person" else "removed"
    return SigMembershipEnded(SIG, NAME, "lee", "nchu", was, by, reason, members)  # type: ignore[arg-type]


def test_anybody_joins_an_open_sig() -> None:
    given(*chartered()).when(JoinSig(STRANGER, SIG)).then(joined(STRANGER))


def test_one_joins_once() -> None:
    given(*chartered(), joined(STRANGER)).when(JoinSig(STRANGER, SIG)).then_refused("already_member")


def test_where_one_asks_a_convenor_admits() -> None:
    given(*chartered("request")).when(JoinSig(STRANGER, SIG)).then(REQUESTED)
    asked = given(*chartered("request"), REQUESTED)
    asked.when(JoinSig(STRANGER, SIG)).then_refused("already_requested")
    asked.when(InviteMember(PROPOSER, SIG, "lee", "nchu")).then_refused("already_requested")
    asked.when(AdmitMember(PROPOSER, SIG, "lee")).then(
        SigMemberJoined(SIG, NAME, "lee", "nchu", "request", 2)
    )


def test_who_did_not_ask_is_not_admitted() -> None:
    given(*chartered("request")).when(AdmitMember(PROPOSER, SIG, "lee")).then_refused("not_requested")
    given(*chartered(), joined(STRANGER)).when(AdmitMember(PROPOSER, SIG, "lee")).then_refused(
        "already_member"
    )


def test_where_one_is_invited_nobody_else_joins() -> None:
    closed_circle = given(*chartered("invitation"))
    closed_circle.when(JoinSig(STRANGER, SIG)).then_refused("by_invitation")
    closed_circle.when(InviteMember(PROPOSER, SIG, "lee", "nchu")).then(INVITED)
    invited = given(*chartered("invitation"), INVITED)
    invited.when(InviteMember(PROPOSER, SIG, "lee", "nchu")).then_refused("already_invited")
    invited.when(JoinSig(STRANGER, SIG)).then(SigMemberJoined(SIG, NAME, "lee", "nchu", "invitation", 2))


@pytest.mark.parametrize("by", [COLLEAGUE, WINDOW])
def test_others_let_nobody_in(by: Actor) -> None:
    for command in (InviteMember(by, SIG, "lee", "nchu"), AdmitMember(by, SIG, "lee")):
        given(*chartered("request"), REQUESTED).when(command).then_refused("not_a_convenor")


def test_where_nobody_convenes_any_more_the_center_lets_people_in() -> None:
    left_alone = [*chartered("invitation"), SigConvenorEnded(SIG, "hung", ())]
    given(*left_alone).when(InviteMember(CENTER, SIG, "lee", "nchu")).then(INVITED)


def test_the_people_of_a_school_that_joined_need_not_ask() -> None:
    given(*chartered("request")).when(EnrolSchool(WINDOW, SIG, "nchu")).then(NCHU_JOINED)
    given(*chartered("request"), NCHU_JOINED).when(JoinSig(STRANGER, SIG)).then(
        SigMemberJoined(SIG, NAME, "lee", "nchu", "school", 2)
    )
    given(*chartered("request"), NCHU_JOINED).when(JoinSig(COLLEAGUE, SIG)).then(
        SigMembershipRequested(SIG, NAME, "chiu", "npust", ("hung",))
    )


def test_a_school_that_withdraws_leaves_its_members() -> None:
    member = SigMemberJoined(SIG, NAME, "lee", "nchu", "school", 2)
    story = given(*chartered("request"), NCHU_JOINED, member)
    story.when(WithdrawSchool(WINDOW, SIG, "nchu")).then(SigSchoolWithdrawn(SIG, "nchu", ()))
    after = given(*chartered("request"), NCHU_JOINED, member, SigSchoolWithdrawn(SIG, "nchu", ()))
    assert after.state.members == {"hung": "npust", "lee": "nchu"}


def test_a_school_joins_once_by_its_window_and_not_where_one_is_invited() -> None:
    story = given(*chartered(), NCHU_JOINED)
    story.when(EnrolSchool(WINDOW, SIG, "nchu")).then_refused("school_joined_already")
    story.when(EnrolSchool(WINDOW_OF_NPUST, SIG, "nchu")).then_refused("wrong_school")
    story.when(EnrolSchool(STRANGER, SIG, "nchu")).then_refused("not_a_window")
    story.when(WithdrawSchool(WINDOW_OF_NPUST, SIG, "npust")).then_refused("school_not_joined")
    given(*chartered("invitation")).when(EnrolSchool(WINDOW, SIG, "nchu")).then_refused("by_invitation")


@pytest.mark.parametrize(
    ("fact", "was", "members"),
    [(joined(STRANGER), "member", 1), (REQUESTED, "requested", 1), (INVITED, "invited", 1)],
)
@pytest.mark.parametrize(("by", "whose"), [(STRANGER, "person"), (PROPOSER, "convenor"), (CENTER, "center")])
def test_a_membership_a_request_and_an_invitation_end(
    fact: SigMemberJoined, was: str, members: int, by: Actor, whose: EndedBy
) -> None:
    given(*chartered("request"), fact).when(EndMembership(by, SIG, "lee", "why")).then(
        ended(was, whose, members)
    )


def test_others_end_nothing() -> None:
    given(*chartered(), joined(STRANGER)).when(EndMembership(COLLEAGUE, SIG, "lee", "")).then_refused(
        "not_a_convenor"
    )


def test_who_is_no_member_cannot_leave() -> None:
    given(*chartered()).when(EndMembership(STRANGER, SIG, "lee", "")).then_refused("not_a_member")


def test_the_last_convenor_does_not_leave() -> None:
    given(*chartered()).when(EndMembership(PROPOSER, SIG, "hung", "")).then_refused("last_convenor")


def test_the_center_may_let_even_the_last_convenor_go() -> None:
    given(*chartered()).when(EndMembership(CENTER, SIG, "hung", "erased")).then(
        SigConvenorEnded(SIG, "hung", ()),
        SigMembershipEnded(SIG, NAME, "hung", "npust", "member", "center", "erased", 0),
    )


def test_one_may_leave_what_is_closed_and_do_nothing_else() -> None:
    story = given(*chartered(), joined(STRANGER), CLOSED)
    story.when(EndMembership(STRANGER, SIG, "lee", "")).then(ended("member", "person", 1))
    others: list[Command] = [JoinSig(COLLEAGUE, SIG), EnrolSchool(WINDOW, SIG, "nchu")]
    for command in others:
        story.when(command).then_refused("sig_closed")
