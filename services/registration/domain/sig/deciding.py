"""What a SIG makes of a wish: first whether it is in a phase for it, then what each part of the rules says."""

from __future__ import annotations

from datetime import date, datetime
from typing import get_args

from registration.domain.sig.commands import (
    Command,
    Convening,
    EndMembership,
    Founding,
    Lasting,
    Membership,
    ProposeSig,
    ReopenSig,
    Working,
)
from registration.domain.sig.convening import convene
from registration.domain.sig.facts import Fact
from registration.domain.sig.founding import found, propose
from registration.domain.sig.lasting import last
from registration.domain.sig.membership import belong
from registration.domain.sig.parts import Actor, Charter
from registration.domain.sig.refusal import Refused
from registration.domain.sig.state import Sig, day
from registration.domain.sig.working import work

_FOUNDING = get_args(Founding)
_AFTER_THE_END = (ReopenSig, EndMembership)
"""Nobody has to stay in what is over."""


def decide(sig: Sig, command: Command, now: datetime) -> list[Fact] | Refused:
    """The facts that follow from a command, at least one; or why there are none. Leaves `sig` as it is."""
    if isinstance(command, ProposeSig):
        return propose(sig, command)
    if sig.charter is None or sig.proposer is None:
        return Refused("unknown_sig")
    return _not_now(sig, command) or _decide(sig, sig.charter, sig.proposer, command, day(now))


def _not_now(sig: Sig, command: Command) -> Refused | None:
    if sig.phase == "declined":
        return Refused("sig_declined")
    if sig.phase == "closed":
        return None if isinstance(command, _AFTER_THE_END) else Refused("sig_closed")
    if sig.phase != "active" and not isinstance(command, _FOUNDING):
        return Refused("not_chartered")
    return None


def _decide(
    sig: Sig,
    charter: Charter,
    proposer: Actor,
    command: Founding | Membership | Convening | Lasting | Working,
    today: date,
) -> list[Fact] | Refused:
    if isinstance(command, Founding):
        return found(sig, charter, proposer, command, today)
    if isinstance(command, Membership):
        return belong(sig, charter, command, today)
    if isinstance(command, Convening):
        return convene(sig, charter, command, today)
    if isinstance(command, Lasting):
        return last(sig, charter, command, today)
    return work(sig, command, today)
