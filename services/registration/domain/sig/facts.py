"""What happened to a SIG. These classes are what the log stores: their names and fields are for ever.

A fact about one of several carries how many, or who, there are after it: of two facts the later one is right. One that
somebody has to be told of carries the SIG's title and whom that is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from registration.domain.sig.parts import Actor, Charter, Convenor, Dossier, Record, Text

How = Literal["proposer", "open", "school", "request", "invitation"]
Was = Literal["member", "requested", "invited"]
EndedBy = Literal["person", "convenor", "center"]


@dataclass(frozen=True, slots=True)
class SigProposed:
    """A proposal that schools may support."""

    sig: str
    charter: Charter
    by: Actor


@dataclass(frozen=True, slots=True)
class SigRevised:
    """The charter as it is from now on; `changed` names its fields that are new."""

    sig: str
    charter: Charter
    changed: tuple[str, ...]
    again: bool


@dataclass(frozen=True, slots=True)
class SigSupported:
    """A school supports the proposal. `supporters` are all that do, `stands` whether they are enough."""

    sig: str
    school: str
    supporters: tuple[str, ...]
    stands: bool


@dataclass(frozen=True, slots=True)
class SigSupportWithdrawn:
    """A school supports it no longer."""

    sig: str
    school: str
    supporters: tuple[str, ...]
    stands: bool


@dataclass(frozen=True, slots=True)
class SigChartered:
    """The proposal is a SIG from the day `since` to the day `until`."""

    sig: str
    title: Text
    proposer: str
    since: date
    until: date
    by: Actor


@dataclass(frozen=True, slots=True)
class SigSentBack:
    """Who proposed it shall revise it."""

    sig: str
    title: Text
    proposer: str
    reason: str
    by: Actor


@dataclass(frozen=True, slots=True)
class SigDeclined:
    """It will not become a SIG. Nothing happens to it after this."""

    sig: str
    title: Text
    proposer: str
    reason: str
    by: Actor


@dataclass(frozen=True, slots=True)
class SigMemberJoined:
    """A person is a member. `members`: how many there are."""

    sig: str
    title: Text
    person: str
    school: str
    how: How
    members: int


@dataclass(frozen=True, slots=True)
class SigMembershipRequested:
    """A person wants to become a member; a convenor decides."""

    sig: str
    title: Text
    person: str
    school: str
    convenors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SigMemberInvited:
    """A person may become a member."""

    sig: str
    title: Text
    person: str
    school: str


@dataclass(frozen=True, slots=True)
class SigMembershipEnded:
    """A membership, a request or an invitation ended. `reason`: `left`, `removed` or `erased`; in older logs words."""

    sig: str
    title: Text
    person: str
    school: str
    was: Was
    by: EndedBy
    reason: str
    members: int


@dataclass(frozen=True, slots=True)
class SigSchoolJoined:
    """Everybody of the school may join without asking. `schools` are all such."""

    sig: str
    school: str
    schools: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SigSchoolWithdrawn:
    """They may no longer; who has joined stays."""

    sig: str
    school: str
    schools: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SigConvenorNamed:
    """A member convenes. `convenors` are all who do, with their terms."""

    sig: str
    title: Text
    person: str
    convenors: tuple[Convenor, ...]


@dataclass(frozen=True, slots=True)
class SigConvenorEnded:
    """Somebody convenes no longer."""

    sig: str
    person: str
    convenors: tuple[Convenor, ...]


@dataclass(frozen=True, slots=True)
class SigMeetingLinked:
    """An activity is a meeting of the SIG."""

    sig: str
    activity: str
    held_on: date


@dataclass(frozen=True, slots=True)
class SigMeetingUnlinked:
    """It is not, after all."""

    sig: str
    activity: str


@dataclass(frozen=True, slots=True)
class SigRecordAdded:
    """Minutes or an output are on record."""

    sig: str
    record: Record


@dataclass(frozen=True, slots=True)
class SigRecordRemoved:
    """They are off the record."""

    sig: str
    record: str


@dataclass(frozen=True, slots=True)
class SigRenewalSubmitted:
    """The SIG asks to go on; `dossier` is what it has done."""

    sig: str
    title: Text
    dossier: Dossier
    statement: Text


@dataclass(frozen=True, slots=True)
class SigRenewed:
    """It goes on, until the end of that day; what is counted for the next time begins on `since`."""

    sig: str
    title: Text
    convenors: tuple[str, ...]
    since: date
    until: date
    by: Actor


@dataclass(frozen=True, slots=True)
class SigRenewalDeclined:
    """It was not let go on. Its term stays what it was."""

    sig: str
    title: Text
    convenors: tuple[str, ...]
    reason: str
    by: Actor


@dataclass(frozen=True, slots=True)
class SigClosed:
    """The SIG has ended and stays to be read. `reason`: words, or `term_ended` if nobody closed it."""

    sig: str
    title: Text
    convenors: tuple[str, ...]
    reason: str
    by: Actor


@dataclass(frozen=True, slots=True)
class SigReopened:
    """It goes on, until the end of that day."""

    sig: str
    title: Text
    convenors: tuple[str, ...]
    since: date
    until: date
    by: Actor


OfSupport = SigSupported | SigSupportWithdrawn
OfMembership = SigMemberJoined | SigMembershipRequested | SigMemberInvited | SigMembershipEnded
OfSchools = SigSchoolJoined | SigSchoolWithdrawn
OfConvenors = SigConvenorNamed | SigConvenorEnded
OfWork = SigMeetingLinked | SigMeetingUnlinked | SigRecordAdded | SigRecordRemoved
OfStanding = (
    SigChartered
    | SigSentBack
    | SigDeclined
    | SigRenewalSubmitted
    | SigRenewed
    | SigRenewalDeclined
    | SigClosed
    | SigReopened
)
Fact = SigProposed | SigRevised | OfSupport | OfMembership | OfSchools | OfConvenors | OfWork | OfStanding
FACTS: tuple[type, ...] = get_args(Fact)
