"""How a SIG comes to be: proposed by anybody, supported by schools, chartered by the Center."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import assert_never

from registration.domain.sig.commands import (
    CharterSig,
    DeclineSig,
    Founding,
    ProposeSig,
    ReviseSig,
    SendBackSig,
    SupportSig,
    WithdrawSupport,
)
from registration.domain.sig.facts import (
    Fact,
    SigChartered,
    SigConvenorNamed,
    SigDeclined,
    SigMemberJoined,
    SigProposed,
    SigRevised,
    SigSentBack,
    SigSupported,
    SigSupportWithdrawn,
)
from registration.domain.sig.parts import CHARTER, Actor, Charter, Convenor
from registration.domain.sig.refusal import Refused
from registration.domain.sig.state import Sig, convenes

SUPPORTERS = 3
"""Schools without which there is no SIG."""
LONGEST = timedelta(days=731)
"""A term may be two years, and no longer: it is to be asked for again."""


def propose(sig: Sig, command: ProposeSig) -> list[Fact] | Refused:
    """The proposal, unless there is one of this id."""
    if sig.charter is not None:
        return Refused("sig_exists")
    return [SigProposed(command.sig, command.charter, command.by)]


def found(
    sig: Sig, charter: Charter, proposer: Actor, command: Founding, today: date
) -> list[Fact] | Refused:
    """What follows for a proposal; of a chartered SIG only the charter may still be revised."""
    match command:
        case ReviseSig():
            return _revise(sig, charter, proposer, command, today)
        case SupportSig() | WithdrawSupport():
            return _support(sig, command)
        case CharterSig():
            return _charter(sig, charter, proposer, command, today)
        case SendBackSig() | DeclineSig():
            return _send_away(sig, charter, proposer, command)
        case _:
            assert_never(command)


def wrong_term(until: date, today: date) -> Refused | None:
    """Why a SIG cannot go on from today until that day."""
    if until < today:
        return Refused("over_already")
    return Refused("term_too_long") if until - today > LONGEST else None


def not_the_center(by: Actor) -> Refused | None:
    """For what the Promotion Center alone decides."""
    return None if by.role == "center" else Refused("not_the_center")


def not_the_window(by: Actor, school: str) -> Refused | None:
    """For what a school says by its window."""
    if by.role != "window":
        return Refused("not_a_window")
    return None if by.school == school else Refused("wrong_school")


def _revise(
    sig: Sig, charter: Charter, proposer: Actor, command: ReviseSig, today: date
) -> list[Fact] | Refused:
    if sig.phase == "active":
        if not convenes(sig, command.by.person, today):
            return Refused("not_a_convenor")
    elif command.by.person != proposer.person:
        return Refused("not_the_proposer")
    after = replace(charter, **command.changes)
    changed = tuple(name for name in CHARTER if getattr(after, name) != getattr(charter, name))
    if not changed:
        return Refused("nothing_to_change")
    return [SigRevised(command.sig, after, changed, again=sig.phase == "sent_back")]


def _support(sig: Sig, command: SupportSig | WithdrawSupport) -> list[Fact] | Refused:
    if refused := not_the_window(command.by, command.school):
        return refused
    if sig.phase == "active":
        return Refused("sig_chartered")
    supports = command.school in sig.supporters
    if isinstance(command, SupportSig):
        if supports:
            return Refused("already_supporting")
        all_of_them = (*sig.supporters, command.school)
        return [SigSupported(command.sig, command.school, all_of_them, len(all_of_them) >= SUPPORTERS)]
    if not supports:
        return Refused("not_supporting")
    rest = tuple(school for school in sig.supporters if school != command.school)
    return [SigSupportWithdrawn(command.sig, command.school, rest, len(rest) >= SUPPORTERS)]


def _charter(
    sig: Sig, charter: Charter, proposer: Actor, command: CharterSig, today: date
) -> list[Fact] | Refused:
    """Who proposed it is its first member and convenes, so that it never is without."""
    if refused := not_the_center(command.by):
        return refused
    if sig.phase == "active":
        return Refused("sig_chartered")
    if sig.phase == "sent_back":
        return Refused("already_sent_back")
    if len(sig.supporters) < SUPPORTERS:
        return Refused("too_few_supporters", {"needed": SUPPORTERS, "there": len(sig.supporters)})
    if refused := wrong_term(command.until, today):
        return refused
    person, title = proposer.person, charter.title
    first = Convenor(person, today, command.until)
    return [
        SigChartered(command.sig, title, person, today, command.until, command.by),
        SigMemberJoined(command.sig, title, person, proposer.school, "proposer", 1),
        SigConvenorNamed(command.sig, title, person, (first,)),
    ]


def _send_away(
    sig: Sig, charter: Charter, proposer: Actor, command: SendBackSig | DeclineSig
) -> list[Fact] | Refused:
    if refused := not_the_center(command.by):
        return refused
    if sig.phase == "active":
        return Refused("sig_chartered")
    told = (command.sig, charter.title, proposer.person, command.reason, command.by)
    if isinstance(command, DeclineSig):
        return [SigDeclined(*told)]
    return Refused("already_sent_back") if sig.phase == "sent_back" else [SigSentBack(*told)]
