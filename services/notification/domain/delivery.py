"""Who is told what: each fact gives deliveries, named so that a fact told again gives the same ones.

The facts may come in any order, so who hears of a change of an activity is settled from two sides. When the change
becomes known, everyone who had a seat or a place on the waiting list then is told (`of_tiding`). When a registration
becomes known only afterwards, it is told what it has missed (`missed`). One case remains: somebody registered after
a change that was still under way to us, and was told the old details (`correction`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from notification.domain.activity import ActivityFact, History
from notification.domain.registration import RegistrationFact, Standing
from notification.domain.sig import SigFact, SigKind

Kind = (
    Literal[
        "confirmed", "waiting", "promoted", "cancelled", "activity_changed", "activity_cancelled", "refused"
    ]
    | SigKind
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A command was refused when nobody waited for the answer any more. `activity` is empty if it was not about one."""

    id: str
    person: str
    time: datetime
    activity: str
    command_type: str
    code: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One thing to tell one person by mail.

    `sequence` orders what is told of one registration, `time` is when it happened. It holds nothing that names
    the person: name and address are looked up when the mail is written. `activity` is empty if it is not about one;
    what is about a SIG holds its title and, where one was given, the reason (`why`).
    """

    id: str
    kind: Kind
    person: str
    fact: str
    sequence: int
    time: datetime
    activity: str = ""
    registration: str = ""
    place: int = 0
    was: str = ""
    by: str = ""
    command_type: str = ""
    code: str = ""
    sig: str = ""
    title_zh: str = ""
    title_en: str = ""
    why: str = ""


def of_registration(fact: RegistrationFact) -> Delivery:
    """Tell the person what became of their registration."""
    return Delivery(
        id=_name(fact.id, fact.person),
        kind=fact.kind,
        person=fact.person,
        fact=fact.id,
        sequence=fact.sequence,
        time=fact.time,
        activity=fact.activity,
        registration=fact.registration,
        place=fact.place,
        was=fact.was,
        by=fact.by,
    )


def of_refusal(refusal: Refusal) -> Delivery:
    """Tell the person why their wish was not granted."""
    return Delivery(
        id=_name(refusal.id, refusal.person),
        kind="refused",
        person=refusal.person,
        fact=refusal.id,
        sequence=0,
        time=refusal.time,
        activity=refusal.activity,
        command_type=refusal.command_type,
        code=refusal.code,
    )


def of_sig(fact: SigFact) -> list[Delivery]:
    """Tell each whom it concerns."""
    return [
        Delivery(
            id=_name(fact.id, person),
            kind=fact.kind,
            person=person,
            fact=fact.id,
            sequence=fact.sequence,
            time=fact.time,
            sig=fact.sig,
            title_zh=fact.title.zh,
            title_en=fact.title.en,
            why=fact.reason,
        )
        for person in fact.people
    ]


def of_tiding(tiding: ActivityFact, standing: Standing) -> Delivery:
    """Tell one of its people that the activity has changed or is cancelled."""
    return _of_tiding(tiding, standing, tiding.sequence, tiding.time)


def missed(fact: RegistrationFact, standing: Standing, history: History) -> list[Delivery]:
    """What the others were told while the fact that began this registration was under way."""
    if fact.kind not in {"confirmed", "waiting"}:
        return []
    tidings = history.tidings_after(fact.sequence)
    return [of_tiding(tiding, standing) for tiding in tidings if standing.active_at(tiding.sequence)]


def correction(tiding: ActivityFact, standing: Standing, now: datetime) -> Delivery:
    """Tell one who registered after the change but heard the old details.

    For them it happens now: calendars would pass over an entry that is older than the one they have.
    """
    return _of_tiding(tiding, standing, standing.newest, now)


def may_need_correction(tiding: ActivityFact, standing: Standing, history: History) -> bool:
    """Whether what this person has been told, if anything, lacked the change that has just become known."""
    registered_later = standing.left is None and standing.since > tiding.sequence
    return registered_later and not history.tidings_after(tiding.sequence)


def _of_tiding(tiding: ActivityFact, standing: Standing, sequence: int, time: datetime) -> Delivery:
    return Delivery(
        # Not the person, who may have come back since: the word meant for a registration that had ended by then, as
        # we learn too late, must not stand in the way of the one for the new.
        id=_name(tiding.id, standing.registration),
        kind="activity_cancelled" if tiding.kind == "cancelled" else "activity_changed",
        person=standing.person,
        fact=tiding.id,
        sequence=sequence,
        time=time,
        activity=tiding.activity,
        registration=standing.registration,
    )


def _name(fact: str, whom: str) -> str:
    return f"{fact}/{whom}/mail"
