"""Where the wire meets a SIG: what is read becomes a command, and a fact becomes what is published."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime, time, timedelta
from typing import Any

from gongxue_chassis.aggregate import Aggregate, Timer
from gongxue_contracts.sig_facts import ENDED
from registration.domain.sig import commands, facts, snapshot
from registration.domain.sig.commands import Command
from registration.domain.sig.deciding import decide
from registration.domain.sig.facts import FACTS, Fact
from registration.domain.sig.parts import Actor, Charter, Record, Text
from registration.domain.sig.state import TAIPEI, Sig, evolve, initial

Data = dict[str, Any]

CENTER = "center"
TIME = {"person": "registration", "school": CENTER, "role": CENTER}
"""In whose name the service does what time alone asks for: nobody's."""
_TEXTS = ("title", "goals", "scope", "text", "statement")


def _typed(data: Data) -> Data:
    """Some or all fields in the domain's types."""
    texts = {name: Text(**data[name]) for name in _TEXTS if data.get(name)}
    return {**data, **texts}


def _by(data: Data) -> Data:
    return {**data, "by": Actor(**data["by"])}


def propose_sig(data: Data) -> commands.ProposeSig:
    """From registration.ProposeSig.v1."""
    return commands.ProposeSig(**{**_by(data), "charter": Charter(**_typed(data["charter"]))})


def revise_sig(data: Data) -> commands.ReviseSig:
    """From registration.ReviseSig.v1."""
    return commands.ReviseSig(**{**_by(data), "changes": _typed(data["changes"])})


def add_record(data: Data) -> commands.AddRecord:
    """From registration.AddRecord.v1."""
    record = _typed(data["record"])
    return commands.AddRecord(
        **{**_by(data), "record": Record(**{**record, "schools": tuple(record["schools"])})}
    )


def submit_renewal(data: Data) -> commands.SubmitRenewal:
    """From registration.SubmitRenewal.v1."""
    return commands.SubmitRenewal(**_typed(_by(data)))


def _as(command: type[Command]) -> Callable[[Data], Command]:
    """For commands that hold nothing but plain values besides who gives them."""

    def make(data: Data) -> Command:
        return command(**_by(data))

    return make


COMMANDS: dict[str, Callable[[Data], Command]] = {
    "registration.ProposeSig.v1": propose_sig,
    "registration.ReviseSig.v1": revise_sig,
    "registration.SupportSig.v1": _as(commands.SupportSig),
    "registration.WithdrawSupport.v1": _as(commands.WithdrawSupport),
    "registration.CharterSig.v1": _as(commands.CharterSig),
    "registration.SendBackSig.v1": _as(commands.SendBackSig),
    "registration.DeclineSig.v1": _as(commands.DeclineSig),
    "registration.JoinSig.v1": _as(commands.JoinSig),
    "registration.InviteMember.v1": _as(commands.InviteMember),
    "registration.AdmitMember.v1": _as(commands.AdmitMember),
    "registration.EndMembership.v1": _as(commands.EndMembership),
    "registration.EnrolSchool.v1": _as(commands.EnrolSchool),
    "registration.WithdrawSchool.v1": _as(commands.WithdrawSchool),
    "registration.NameConvenor.v1": _as(commands.NameConvenor),
    "registration.EndConvenor.v1": _as(commands.EndConvenor),
    "registration.HandOver.v1": _as(commands.HandOver),
    "registration.LinkMeeting.v1": _as(commands.LinkMeeting),
    "registration.UnlinkMeeting.v1": _as(commands.UnlinkMeeting),
    "registration.AddRecord.v1": add_record,
    "registration.RemoveRecord.v1": _as(commands.RemoveRecord),
    "registration.SubmitRenewal.v1": submit_renewal,
    "registration.RenewSig.v1": _as(commands.RenewSig),
    "registration.DeclineRenewal.v1": _as(commands.DeclineRenewal),
    "registration.CloseSig.v1": _as(commands.CloseSig),
    "registration.EndTerm.v1": _as(commands.EndTerm),
    "registration.ReopenSig.v1": _as(commands.ReopenSig),
}

_NAMES: dict[type[Fact], str] = {
    facts.SigProposed: "registration.sig_proposed.v1",
    facts.SigRevised: "registration.sig_revised.v1",
    facts.SigSupported: "registration.sig_supported.v1",
    facts.SigSupportWithdrawn: "registration.sig_support_withdrawn.v1",
    facts.SigChartered: "registration.sig_chartered.v1",
    facts.SigSentBack: "registration.sig_sent_back.v1",
    facts.SigDeclined: "registration.sig_declined.v1",
    facts.SigMemberJoined: "registration.sig_member_joined.v1",
    facts.SigMembershipRequested: "registration.sig_membership_requested.v1",
    facts.SigMemberInvited: "registration.sig_member_invited.v1",
    facts.SigMembershipEnded: "registration.sig_membership_ended.v1",
    facts.SigSchoolJoined: "registration.sig_school_joined.v1",
    facts.SigSchoolWithdrawn: "registration.sig_school_withdrawn.v1",
    facts.SigConvenorNamed: "registration.sig_convenor_named.v1",
    facts.SigConvenorEnded: "registration.sig_convenor_ended.v1",
    facts.SigMeetingLinked: "registration.sig_meeting_linked.v1",
    facts.SigMeetingUnlinked: "registration.sig_meeting_unlinked.v1",
    facts.SigRecordAdded: "registration.sig_record_added.v1",
    facts.SigRecordRemoved: "registration.sig_record_removed.v1",
    facts.SigRenewalSubmitted: "registration.sig_renewal_submitted.v1",
    facts.SigRenewed: "registration.sig_renewed.v1",
    facts.SigRenewalDeclined: "registration.sig_renewal_declined.v1",
    facts.SigClosed: "registration.sig_closed.v1",
    facts.SigReopened: "registration.sig_reopened.v1",
}


def contract(fact: Fact) -> tuple[str, Data]:
    """The wire type and data of a fact. What the log stores and what is published agree but for tuples; what is new in
    the one and not in the other breaks the contract, which the runner checks. Raises KeyError for what is none."""
    plain: Data = _plain(asdict(fact))
    if isinstance(fact, facts.SigMembershipEnded) and fact.reason not in ENDED:
        plain["reason"] = ""  # older logs hold words about people here
    return _NAMES[type(fact)], plain


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def timers(sig: Sig) -> Mapping[str, Timer]:
    """The end of the term, when its last day is over in Taipei; not while a renewal waits to be decided."""
    if sig.phase != "active" or sig.until is None or sig.submitted:
        return {}
    over = datetime.combine(sig.until + timedelta(days=1), time(), TAIPEI)
    data = {"by": TIME, "sig": sig.id, "until": sig.until}
    return {"term": Timer(over, "registration.EndTerm.v1", data)}


def _center(_: Sig) -> str:
    """A SIG belongs to no school: its facts are the Center's."""
    return CENTER


def _asker(command: Command) -> str:
    return command.by.person


SIG = Aggregate(
    name="sig",
    service="registration",
    initial=initial,
    decide=decide,
    evolve=evolve,
    dump=snapshot.dump,
    load=snapshot.load,
    facts=FACTS,
    commands=COMMANDS,
    contract=contract,
    id_of=lambda command: command.sig,
    tenant=_center,
    person=_asker,
    timers=timers,
)
