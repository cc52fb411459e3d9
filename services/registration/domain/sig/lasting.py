"""Whether a SIG goes on: its yearly renewal, its end, and its coming back."""

from __future__ import annotations

from datetime import date
from typing import assert_never

from registration.domain.sig.commands import (
    CloseSig,
    DeclineRenewal,
    EndTerm,
    Lasting,
    RenewSig,
    ReopenSig,
    SubmitRenewal,
)
from registration.domain.sig.facts import (
    Fact,
    SigClosed,
    SigRenewalDeclined,
    SigRenewalSubmitted,
    SigRenewed,
    SigReopened,
)
from registration.domain.sig.founding import not_the_center, wrong_term
from registration.domain.sig.parts import Charter, Dossier
from registration.domain.sig.refusal import Refused
from registration.domain.sig.state import Sig, convenes

TERM_ENDED = "term_ended"
"""The reason why a SIG is closed that nobody closed."""


def last(sig: Sig, charter: Charter, command: Lasting, today: date) -> list[Fact] | Refused:
    """What follows for the term of a SIG. Only a closed one can be reopened, and nothing else becomes of it."""
    acts = convenes(sig, command.by.person, today)
    match command:
        case SubmitRenewal():
            if not acts:
                return Refused("not_a_convenor")
            return _submit(sig, charter, command, today)
        case CloseSig():
            if not acts and command.by.role != "center":
                return Refused("not_a_convenor")
            told = (command.sig, charter.title, _convenors(sig), command.reason, command.by)
            return [SigClosed(*told)]
        case EndTerm():
            return not_the_center(command.by) or _end(sig, charter, command, today)
        case RenewSig() | DeclineRenewal() | ReopenSig():
            return not_the_center(command.by) or _decide(sig, charter, command, today)
        case _:
            assert_never(command)


def dossier(sig: Sig, today: date) -> Dossier:
    """What the SIG has done since it was chartered, renewed or reopened."""
    since = sig.since or today
    records = [one for one in sig.records.values() if since <= one.held_on <= today]
    minutes = [one for one in records if one.kind == "minutes"]
    linked = {activity for activity, held_on in sig.meetings.items() if since <= held_on <= today}
    told = {one.activity for one in minutes if one.activity is not None}
    others = sum(one.activity is None for one in minutes)
    counted = [one.attended for one in minutes if one.attended is not None]
    came_from = {school for one in minutes for school in one.schools}
    return Dossier(
        since=since,
        until=today,
        meetings=len(linked | told) + others,
        schools=len(came_from | set(sig.members.values())),
        attendance=sum(counted) if counted else None,
        outputs=len(records) - len(minutes),
        members=len(sig.members),
    )


def _end(sig: Sig, charter: Charter, command: EndTerm, today: date) -> list[Fact] | Refused:
    """Not what was renewed meanwhile; and who has asked in time does not lose the SIG while the Center decides."""
    if sig.until != command.until or today <= command.until:
        return Refused("term_not_over")
    if sig.submitted:
        return Refused("renewal_pending")
    return [SigClosed(command.sig, charter.title, _convenors(sig), TERM_ENDED, command.by)]


def _submit(sig: Sig, charter: Charter, command: SubmitRenewal, today: date) -> list[Fact] | Refused:
    if sig.submitted:
        return Refused("renewal_pending")
    found = dossier(sig, today)
    return [SigRenewalSubmitted(command.sig, charter.title, found, command.statement)]


def _decide(
    sig: Sig, charter: Charter, command: RenewSig | DeclineRenewal | ReopenSig, today: date
) -> list[Fact] | Refused:
    told = (command.sig, charter.title, _convenors(sig))
    if isinstance(command, ReopenSig):
        if sig.phase != "closed":
            return Refused("not_closed")
        return wrong_term(command.until, today) or [SigReopened(*told, today, command.until, command.by)]
    if not sig.submitted:
        return Refused("no_renewal_pending")
    if isinstance(command, DeclineRenewal):
        return [SigRenewalDeclined(*told, command.reason, command.by)]
    return wrong_term(command.until, today) or [SigRenewed(*told, today, command.until, command.by)]


def _convenors(sig: Sig) -> tuple[str, ...]:
    return tuple(one.person for one in sig.convenors)
