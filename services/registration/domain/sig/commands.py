"""What may be wished of a SIG. Each wish names who wishes, and may be refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from registration.domain.sig.parts import Actor, Charter, Record, Text


@dataclass(frozen=True, slots=True)
class ToSig:
    """What every wish has."""

    by: Actor
    sig: str


@dataclass(frozen=True, slots=True)
class ProposeSig(ToSig):
    """Propose a SIG, for schools to support."""

    charter: Charter


@dataclass(frozen=True, slots=True)
class ReviseSig(ToSig):
    """Give some fields of the charter other values; what was sent back is proposed again by it."""

    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SupportSig(ToSig):
    """Let the window's school support the proposal."""

    school: str


@dataclass(frozen=True, slots=True)
class WithdrawSupport(ToSig):
    """Let the window's school support it no longer."""

    school: str


@dataclass(frozen=True, slots=True)
class CharterSig(ToSig):
    """Let the proposal be a SIG until that day; who proposed it convenes."""

    until: date


@dataclass(frozen=True, slots=True)
class SendBackSig(ToSig):
    """Ask who proposed it to revise it."""

    reason: str


@dataclass(frozen=True, slots=True)
class DeclineSig(ToSig):
    """Say no to the proposal, for good."""

    reason: str


@dataclass(frozen=True, slots=True)
class JoinSig(ToSig):
    """Become a member, or ask for it where that is the way."""


@dataclass(frozen=True, slots=True)
class InviteMember(ToSig):
    """Let somebody of `school` join without asking."""

    person: str
    school: str


@dataclass(frozen=True, slots=True)
class AdmitMember(ToSig):
    """Grant somebody's request to join."""

    person: str


@dataclass(frozen=True, slots=True)
class EndMembership(ToSig):
    """End a membership, a request or an invitation: one's own, or as a convenor somebody's."""

    person: str
    reason: str


@dataclass(frozen=True, slots=True)
class EnrolSchool(ToSig):
    """Let everybody of the window's school join without asking."""

    school: str


@dataclass(frozen=True, slots=True)
class WithdrawSchool(ToSig):
    """End that. Who has joined stays."""

    school: str


@dataclass(frozen=True, slots=True)
class NameConvenor(ToSig):
    """Let a member convene from a day to a day, in place of any term they have."""

    person: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class EndConvenor(ToSig):
    """Let somebody convene no longer; they stay a member."""

    person: str


@dataclass(frozen=True, slots=True)
class HandOver(ToSig):
    """Let another member convene in one's own place, from today until that day."""

    to: str
    ends_on: date


@dataclass(frozen=True, slots=True)
class LinkMeeting(ToSig):
    """Call an activity, which takes place on that day, a meeting of this SIG."""

    activity: str
    held_on: date


@dataclass(frozen=True, slots=True)
class UnlinkMeeting(ToSig):
    """Call it that no longer."""

    activity: str


@dataclass(frozen=True, slots=True)
class AddRecord(ToSig):
    """Put minutes or an output on record."""

    record: Record


@dataclass(frozen=True, slots=True)
class RemoveRecord(ToSig):
    """Take minutes or an output off the record."""

    record: str


@dataclass(frozen=True, slots=True)
class SubmitRenewal(ToSig):
    """Ask to go on, with what was done since; the numbers are counted here."""

    statement: Text


@dataclass(frozen=True, slots=True)
class RenewSig(ToSig):
    """Let it go on until that day."""

    until: date


@dataclass(frozen=True, slots=True)
class DeclineRenewal(ToSig):
    """Do not grant it for now; its convenors may ask again."""

    reason: str


@dataclass(frozen=True, slots=True)
class CloseSig(ToSig):
    """End the SIG; it stays to be read."""

    reason: str


@dataclass(frozen=True, slots=True)
class EndTerm(ToSig):
    """Close the SIG, for that day, the last of its term, is over; what time alone asks for."""

    until: date


@dataclass(frozen=True, slots=True)
class ReopenSig(ToSig):
    """Let a closed SIG go on until that day."""

    until: date


Founding = ReviseSig | SupportSig | WithdrawSupport | CharterSig | SendBackSig | DeclineSig
Membership = JoinSig | InviteMember | AdmitMember | EndMembership | EnrolSchool | WithdrawSchool
Convening = NameConvenor | EndConvenor | HandOver
Working = LinkMeeting | UnlinkMeeting | AddRecord | RemoveRecord
Lasting = SubmitRenewal | RenewSig | DeclineRenewal | CloseSig | EndTerm | ReopenSig
Command = ProposeSig | Founding | Membership | Convening | Working | Lasting
