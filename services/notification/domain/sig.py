"""What people are told of SIGs. The facts carry all that a mail says, so that nothing is kept of a SIG here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from notification.domain.activity import Text

SigKind = Literal[
    "sig_chartered",
    "sig_sent_back",
    "sig_declined",
    "sig_asked",
    "sig_admitted",
    "sig_invited",
    "sig_ended",
    "sig_convenor",
    "sig_renewed",
    "sig_not_renewed",
    "sig_closed",
    "sig_reopened",
]
SIG_KINDS: frozenset[str] = frozenset(get_args(SigKind))


@dataclass(frozen=True, slots=True)
class SigFact:
    """Something happened to a SIG that these `people` are to be told; `reason` where one was given."""

    id: str
    sig: str
    sequence: int
    time: datetime
    kind: SigKind
    people: tuple[str, ...]
    title: Text
    reason: str = ""
