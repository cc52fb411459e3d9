"""The state of a SIG, and what it becomes through facts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Literal, assert_never

from registration.domain.sig.facts import (
    Fact,
    OfConvenors,
    OfMembership,
    OfSchools,
    OfStanding,
    OfSupport,
    OfWork,
    SigChartered,
    SigClosed,
    SigConvenorEnded,
    SigConvenorNamed,
    SigDeclined,
    SigMeetingLinked,
    SigMeetingUnlinked,
    SigMemberInvited,
    SigMemberJoined,
    SigMembershipEnded,
    SigMembershipRequested,
    SigProposed,
    SigRecordAdded,
    SigRecordRemoved,
    SigRenewalDeclined,
    SigRenewalSubmitted,
    SigRenewed,
    SigReopened,
    SigRevised,
    SigSchoolJoined,
    SigSchoolWithdrawn,
    SigSentBack,
    SigSupported,
    SigSupportWithdrawn,
)
from registration.domain.sig.parts import Actor, Charter, Convenor, Record

Phase = Literal["unknown", "proposed", "sent_back", "declined", "active", "closed"]
TAIPEI = timezone(timedelta(hours=8))


@dataclass(slots=True)
class Sig:
    """`members`, `requested` and `invited` map people to their schools; `meetings` maps activities to their days.

    `since` is the day from which on the next dossier counts; `submitted`: one waits for the Center. Before the first
    fact the phase is `unknown`, without charter and proposer.
    """

    id: str = ""
    phase: Phase = "unknown"
    charter: Charter | None = None
    proposer: Actor | None = None
    supporters: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    submitted: bool = False
    members: dict[str, str] = field(default_factory=dict)
    requested: dict[str, str] = field(default_factory=dict)
    invited: dict[str, str] = field(default_factory=dict)
    schools: tuple[str, ...] = ()
    convenors: tuple[Convenor, ...] = ()
    meetings: dict[str, date] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)


def initial() -> Sig:
    """A SIG nobody has heard of."""
    return Sig()


def day(now: datetime) -> date:
    """The day it is in Taipei."""
    return now.astimezone(TAIPEI).date()


def in_term(convenor: Convenor, today: date) -> bool:
    """Whether the term has begun and is not over."""
    return convenor.starts_on <= today <= convenor.ends_on


def convenes(sig: Sig, person: str, today: date) -> bool:
    """Whether the person acts for the SIG: in their term, or as one of its convenors if nobody is in theirs."""
    mine = [one for one in sig.convenors if one.person == person]
    if any(in_term(one, today) for one in mine):
        return True
    return bool(mine) and not any(in_term(one, today) for one in sig.convenors)


def evolve(sig: Sig, fact: Fact) -> Sig:
    """The SIG after the fact; the same object, changed. Raises KeyError if the fact cannot follow on the state."""
    sig.id = fact.sig
    match fact:
        case SigProposed():
            sig.phase, sig.charter, sig.proposer = "proposed", fact.charter, fact.by
        case SigRevised():
            sig.charter = fact.charter
            if fact.again:
                sig.phase = "proposed"
        case SigSupported() | SigSupportWithdrawn():
            _support(sig, fact)
        case SigSchoolJoined() | SigSchoolWithdrawn():
            _enrol(sig, fact)
        case SigConvenorNamed() | SigConvenorEnded():
            _convene(sig, fact)
        case SigMemberJoined() | SigMembershipRequested() | SigMemberInvited() | SigMembershipEnded():
            _belong(sig, fact)
        case SigMeetingLinked() | SigMeetingUnlinked() | SigRecordAdded() | SigRecordRemoved():
            _work(sig, fact)
        case _:
            _stand(sig, fact)
    return sig


def _support(sig: Sig, fact: OfSupport) -> None:
    sig.supporters = fact.supporters


def _enrol(sig: Sig, fact: OfSchools) -> None:
    sig.schools = fact.schools


def _convene(sig: Sig, fact: OfConvenors) -> None:
    sig.convenors = fact.convenors


def _belong(sig: Sig, fact: OfMembership) -> None:
    match fact:
        case SigMemberJoined():
            sig.requested.pop(fact.person, None)
            sig.invited.pop(fact.person, None)
            sig.members[fact.person] = fact.school
        case SigMembershipRequested():
            sig.requested[fact.person] = fact.school
        case SigMemberInvited():
            sig.invited[fact.person] = fact.school
        case SigMembershipEnded():
            held = {"member": sig.members, "requested": sig.requested, "invited": sig.invited}
            del held[fact.was][fact.person]
        case _:
            assert_never(fact)


def _work(sig: Sig, fact: OfWork) -> None:
    match fact:
        case SigMeetingLinked():
            sig.meetings[fact.activity] = fact.held_on
        case SigMeetingUnlinked():
            del sig.meetings[fact.activity]
        case SigRecordAdded():
            sig.records[fact.record.record] = fact.record
        case SigRecordRemoved():
            del sig.records[fact.record]
        case _:
            assert_never(fact)


def _stand(sig: Sig, fact: OfStanding) -> None:
    match fact:
        case SigChartered():
            sig.phase, sig.until = "active", fact.until
            sig.since = fact.since
        case SigSentBack():
            sig.phase = "sent_back"
        case SigDeclined():
            sig.phase = "declined"
        case SigRenewalSubmitted():
            sig.submitted = True
        case SigRenewalDeclined():
            sig.submitted = False
        case SigRenewed() | SigReopened():
            sig.phase, sig.since, sig.until, sig.submitted = "active", fact.since, fact.until, False
        case SigClosed():
            sig.phase, sig.submitted = "closed", False
        case _:
            assert_never(fact)
