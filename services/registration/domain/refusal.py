"""How the domain says no."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Code = Literal[
    "unknown_activity",
    "activity_exists",
    "not_published",
    "closed",
    "activity_cancelled",
    "activity_over",
    "already_registered",
    "waiting_list_full",
    "pool_full",
    "no_such_pool",
    "wrong_school",
    "not_a_host",
    "unknown_registration",
    "not_yours",
    "already_cancelled",
    "limit_below_taken",
    "nothing_to_change",
    "invalid_details",
]


@dataclass(frozen=True, slots=True)
class Refused:
    """A command that changes nothing, with a code for programs; the words for people are found at the edge.

    `details`, plain and ready for JSON, by code:
    already_registered: `registration` (the live one, which stands in the way);
    waiting_list_full, pool_full, no_such_pool: `pool`; limit_below_taken: `pool` and `taken`;
    invalid_details: `field`; the others have none.
    """

    code: Code
    details: dict[str, Any] = field(default_factory=dict)
