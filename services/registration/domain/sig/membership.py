"""Who belongs to a SIG, and how one comes to."""

from __future__ import annotations

from datetime import date
from typing import assert_never

from registration.domain.sig import bounds
from registration.domain.sig.commands import (
    AdmitMember,
    EndMembership,
    EnrolSchool,
    InviteMember,
    JoinSig,
    Membership,
    WithdrawSchool,
)
from registration.domain.sig.facts import (
    EndedBy,
    Fact,
    How,
    SigConvenorEnded,
    SigMemberInvited,
    SigMemberJoined,
    SigMembershipEnded,
    SigMembershipRequested,
    SigSchoolJoined,
    SigSchoolWithdrawn,
    Was,
)
from registration.domain.sig.founding import not_the_window
from registration.domain.sig.parts import Charter
from registration.domain.sig.refusal import Refused
from registration.domain.sig.state import Sig, convenes


def belong(sig: Sig, charter: Charter, command: Membership, today: date) -> list[Fact] | Refused:
    """What follows for who is in, wants in, or leaves."""
    match command:
        case JoinSig():
            return _join(sig, charter, command)
        case EndMembership():
            return _end(sig, charter, command, today)
        case EnrolSchool() | WithdrawSchool():
            return _enrol(sig, charter, command)
        case InviteMember() | AdmitMember():
            # The Center too: a SIG by invitation that nobody convenes any more must be able to begin anew.
            if not convenes(sig, command.by.person, today) and command.by.role != "center":
                return Refused("not_a_convenor")
            return _let_in(sig, charter, command)
        case _:
            assert_never(command)


def _join(sig: Sig, charter: Charter, command: JoinSig) -> list[Fact] | Refused:
    person, school = command.by.person, command.by.school
    if person in sig.members:
        return Refused("already_member")
    if how := _way_in(sig, charter, person, school):
        joined = SigMemberJoined(command.sig, charter.title, person, school, how, len(sig.members) + 1)
        return bounds.no_more_members(sig) or [joined]
    if charter.joining == "invitation":
        return Refused("by_invitation")
    if person in sig.requested:
        return Refused("already_requested")
    asked = tuple(one.person for one in sig.convenors)
    return bounds.no_more_requests(sig) or [
        SigMembershipRequested(command.sig, charter.title, person, school, asked)
    ]


def _way_in(sig: Sig, charter: Charter, person: str, school: str) -> How | None:
    """As what somebody joins without asking; None if they have to ask, or cannot."""
    if person in sig.invited:
        return "invitation"
    if school in sig.schools:
        return "school"
    return "open" if charter.joining == "open" else None


def _let_in(sig: Sig, charter: Charter, command: InviteMember | AdmitMember) -> list[Fact] | Refused:
    person = command.person
    if person in sig.members:
        return Refused("already_member")
    if isinstance(command, AdmitMember):
        if person not in sig.requested:
            return Refused("not_requested")
        school, members = sig.requested[person], len(sig.members) + 1
        return bounds.no_more_members(sig) or [
            SigMemberJoined(command.sig, charter.title, person, school, "request", members)
        ]
    if person in sig.requested:
        return Refused("already_requested")
    if person in sig.invited:
        return Refused("already_invited")
    return bounds.no_more_invitations(sig) or [
        SigMemberInvited(command.sig, charter.title, person, command.school)
    ]


def _end(sig: Sig, charter: Charter, command: EndMembership, today: date) -> list[Fact] | Refused:
    """A convenor who leaves convenes no longer; the last one has to hand over before."""
    person = command.person
    by = _on_whose_part(sig, command, today)
    if by is None:
        return Refused("not_a_convenor")
    held = _held(sig, person)
    if held is None:
        return Refused("not_a_member")
    was, school = held
    members = len(sig.members) - (was == "member")
    why = "erased" if command.reason == "erased" else "left" if by == "person" else "removed"
    gone = SigMembershipEnded(command.sig, charter.title, person, school, was, by, why, members)
    rest = tuple(one for one in sig.convenors if one.person != person)
    if rest == sig.convenors:
        return [gone]
    if not rest and sig.phase == "active" and by != "center":
        return Refused("last_convenor")
    return [SigConvenorEnded(command.sig, person, rest), gone]


def _on_whose_part(sig: Sig, command: EndMembership, today: date) -> EndedBy | None:
    """The Center may let everybody go, also where nobody would be left to convene: people leave for good."""
    if command.by.person == command.person:
        return "person"
    if command.by.role == "center":
        return "center"
    return "convenor" if convenes(sig, command.by.person, today) else None


def _held(sig: Sig, person: str) -> tuple[Was, str] | None:
    if person in sig.members:
        return "member", sig.members[person]
    if person in sig.requested:
        return "requested", sig.requested[person]
    return ("invited", sig.invited[person]) if person in sig.invited else None


def _enrol(sig: Sig, charter: Charter, command: EnrolSchool | WithdrawSchool) -> list[Fact] | Refused:
    if refused := not_the_window(command.by, command.school):
        return refused
    joined = command.school in sig.schools
    if isinstance(command, EnrolSchool):
        if joined:
            return Refused("school_joined_already")
        if charter.joining == "invitation":
            return Refused("by_invitation")
        return [SigSchoolJoined(command.sig, command.school, (*sig.schools, command.school))]
    if not joined:
        return Refused("school_not_joined")
    rest = tuple(school for school in sig.schools if school != command.school)
    return [SigSchoolWithdrawn(command.sig, command.school, rest)]
