"""What a mail says: a delivery, the activity as it stood at that fact, and the person's contact card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from notification.domain.activity import Card, History
from notification.domain.delivery import Delivery, Kind
from notification.domain.registration import Standing
from notification.domain.sig import SIG_KINDS


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a person is reached: personal data, which lives in the contacts alone."""

    person: str
    name: str
    email: str
    language: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What happens to the calendar entry. Of two of one registration the one with the higher sequence counts."""

    method: Literal["REQUEST", "CANCEL"]
    registration: str
    sequence: int
    time: datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """All that one mail says, before it is put in words. `card` is missing from refusals, and where it is about a SIG.

    `before` and `changed` tell of a change, `reason` of the activity's cancellation; `seated`: the seat is theirs.
    """

    delivery: Delivery
    to: Contact
    card: Card | None
    pool: str = ""
    seated: bool = False
    before: Card | None = None
    changed: tuple[str, ...] = ()
    reason: str = ""
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Withheld:
    """Not to be told: something newer was told already, or it concerns the person no more."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotYet:
    """Something that the letter needs is not known."""

    reason: str


Told = Mapping[Kind, int]
"""Of one registration, by kind, the highest sequence of which its person has been told already."""

_STATUS: frozenset[Kind] = frozenset({"confirmed", "waiting", "promoted", "cancelled", "activity_cancelled"})
_OUTDATED_BY: dict[Kind, frozenset[Kind]] = {
    "confirmed": _STATUS,
    "waiting": _STATUS,
    "promoted": _STATUS,
    "cancelled": frozenset({"activity_cancelled"}),
    "activity_changed": frozenset({"activity_changed", "cancelled", "activity_cancelled"}),
    "activity_cancelled": frozenset(),
}
"""What, newer and told before, makes a word outdated: «your seat is confirmed» after «cancelled» would mislead."""


def compose(
    delivery: Delivery, contact: Contact | None, standing: Standing | None, history: History, told: Told
) -> Letter | Withheld | NotYet:
    """The letter for a delivery, or why there is none.

    A letter shows things as they stood at its fact. One that is late, because something newer was told before it,
    shows them as they stood then, and its calendar entry counts as newer than the one sent with that.
    """
    if contact is None:
        return NotYet("unknown_contact")
    if delivery.kind == "refused":
        return Letter(delivery, contact, history.newest_card())
    if delivery.kind in SIG_KINDS:
        return Letter(delivery, contact, None, reason=delivery.why)
    if standing is None:
        return NotYet("unknown_registration")
    outdated_by = _OUTDATED_BY[delivery.kind]
    if any(told[kind] > delivery.sequence for kind in told.keys() & outdated_by):
        return Withheld("superseded")
    as_of = max((delivery.sequence, *told.values()))
    of = _of_activity if delivery.kind in {"activity_changed", "activity_cancelled"} else _of_registration
    return of(delivery, contact, standing, history, as_of)


def _of_registration(
    delivery: Delivery, contact: Contact, standing: Standing, history: History, as_of: int
) -> Letter | Withheld | NotYet:
    if history.card_at(delivery.sequence) is None:
        return NotYet("unknown_activity")
    seated = delivery.kind in {"confirmed", "promoted"}
    return Letter(
        delivery,
        contact,
        history.card_at(as_of),
        pool=standing.pool,
        seated=seated,
        entry=_entry(delivery, as_of, invites=seated, withdraws=delivery.was == "confirmed"),
    )


def _of_activity(
    delivery: Delivery, contact: Contact, standing: Standing, history: History, as_of: int
) -> Letter | Withheld | NotYet:
    tiding = history.fact(delivery.fact)
    before = history.card_at(tiding.sequence - 1) if tiding else None
    if tiding is None or before is None:
        return NotYet("unknown_activity")
    if standing.ended_before(delivery.sequence):
        return Withheld("left")
    seated = standing.confirmed_at(as_of)
    over = tiding.kind == "cancelled"
    return Letter(
        delivery,
        contact,
        history.card_at(as_of),
        pool=standing.pool,
        seated=seated,
        before=None if over else before,
        changed=tiding.changed,
        reason=tiding.reason,
        entry=_entry(delivery, as_of, invites=seated and not over, withdraws=seated and over),
    )


def _entry(delivery: Delivery, as_of: int, *, invites: bool, withdraws: bool) -> Entry | None:
    if not invites and not withdraws:
        return None
    method: Literal["REQUEST", "CANCEL"] = "REQUEST" if invites else "CANCEL"
    sequence = delivery.sequence if as_of == delivery.sequence else as_of + 1
    return Entry(method, delivery.registration, sequence, delivery.time)
