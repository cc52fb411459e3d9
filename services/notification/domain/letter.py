"""What a mail says: a delivery, the activity as it stood at that fact, and the person's contact card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from notification.domain.activity import Card, History
from notification.domain.delivery import Delivery
from notification.domain.registration import Standing


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
    """All that one mail says, before it is put in words. `card` is missing only from refusals.

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


def compose(
    delivery: Delivery, contact: Contact | None, standing: Standing | None, history: History, told: int
) -> Letter | Withheld | NotYet:
    """The letter for a delivery, or why there is none.

    `told` is the highest sequence that this registration's person has been told of, 0 if none: an older word after
    a newer one ("your seat is confirmed" after "your registration is cancelled") would mislead.
    """
    if contact is None:
        return NotYet("unknown_contact")
    if delivery.kind == "refused":
        return Letter(delivery, contact, history.newest_card())
    if standing is None:
        return NotYet("unknown_registration")
    if told > delivery.sequence:
        return Withheld("superseded")
    of = _of_activity if delivery.kind in {"activity_changed", "activity_cancelled"} else _of_registration
    return of(delivery, contact, standing, history)


def _of_registration(
    delivery: Delivery, contact: Contact, standing: Standing, history: History
) -> Letter | Withheld | NotYet:
    card = history.card_at(delivery.sequence)
    if card is None:
        return NotYet("unknown_activity")
    seated = delivery.kind in {"confirmed", "promoted"}
    return Letter(
        delivery,
        contact,
        card,
        pool=standing.pool,
        seated=seated,
        entry=_entry(delivery, invites=seated, withdraws=delivery.was == "confirmed"),
    )


def _of_activity(
    delivery: Delivery, contact: Contact, standing: Standing, history: History
) -> Letter | Withheld | NotYet:
    tiding = history.fact(delivery.fact)
    before = history.card_at(tiding.sequence - 1) if tiding else None
    if tiding is None or before is None:
        return NotYet("unknown_activity")
    if standing.ended_before(delivery.sequence):
        return Withheld("left")
    seated = standing.confirmed_at(delivery.sequence)
    over = tiding.kind == "cancelled"
    return Letter(
        delivery,
        contact,
        tiding.card or before,
        pool=standing.pool,
        seated=seated,
        before=None if over else before,
        changed=tiding.changed,
        reason=tiding.reason,
        entry=_entry(delivery, invites=seated and not over, withdraws=seated and over),
    )


def _entry(delivery: Delivery, *, invites: bool, withdraws: bool) -> Entry | None:
    if not invites and not withdraws:
        return None
    method: Literal["REQUEST", "CANCEL"] = "REQUEST" if invites else "CANCEL"
    return Entry(method, delivery.registration, delivery.sequence, delivery.time)
