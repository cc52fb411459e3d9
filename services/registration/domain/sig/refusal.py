"""How a SIG says no."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

TooMany = Literal[
    "too_many_members",
    "too_many_asking",
    "too_many_invited",
    "too_many_convenors",
    "too_many_meetings",
    "too_many_records",
    "records_too_long",
]
Plain = Literal[
    "unknown_sig",
    "sig_exists",
    "sig_declined",
    "sig_closed",
    "sig_chartered",
    "not_chartered",
    "not_closed",
    "term_not_over",
    "not_the_proposer",
    "not_a_window",
    "not_the_center",
    "not_a_convenor",
    "wrong_school",
    "already_supporting",
    "not_supporting",
    "too_few_supporters",
    "already_sent_back",
    "nothing_to_change",
    "over_already",
    "ends_before_it_starts",
    "term_too_long",
    "already_member",
    "already_requested",
    "already_invited",
    "by_invitation",
    "not_requested",
    "not_a_member",
    "last_convenor",
    "hand_over_to_oneself",
    "school_joined_already",
    "school_not_joined",
    "meeting_linked",
    "unknown_meeting",
    "record_exists",
    "unknown_record",
    "nothing_recorded",
    "not_held_yet",
    "renewal_pending",
    "no_renewal_pending",
]
Code = Plain | TooMany


@dataclass(frozen=True, slots=True)
class Refused:
    """A command that changes nothing, with a code for programs; the words for people are found at the edge.

    `details`: of too_few_supporters `needed` and `there`; of those in TooMany `most`; the others have none.
    """

    code: Code
    details: dict[str, Any] = field(default_factory=dict)
