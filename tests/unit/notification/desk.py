"""The domain of notification at work, without store or mail server: facts in, letters out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from gongxue_contracts.envelope import CloudEvent
from notification.domain import delivery as deliveries
from notification.domain.activity import History
from notification.domain.delivery import Delivery
from notification.domain.letter import Contact, Letter, NotYet, Told, Withheld, compose
from notification.domain.registration import RegistrationFact, Standing
from notification.schemas import hear

from .scene import LIN

_NUMBER = {"confirmed": "joined", "waiting": "joined", "promoted": "seated", "cancelled": "left"}


def history(*events: CloudEvent) -> History:
    return History(hear(events).activities)


def standing(*events: CloudEvent) -> Standing:
    """What these facts say of the one registration that they speak of."""
    facts = hear(events).registrations
    found = Standing(facts[0].registration, facts[0].activity, facts[0].person, facts[0].pool)
    for fact in facts:
        numbers: dict[str, Any] = {_NUMBER[fact.kind]: fact.sequence}
        if fact.kind == "confirmed":
            numbers["seated"] = fact.sequence
        found = replace(found, **numbers)
    return found


def registration_fact(event: CloudEvent) -> RegistrationFact:
    return hear([event]).registrations[0]


def told(event: CloudEvent, given: Sequence[CloudEvent]) -> Delivery:
    """What the fact gives to tell the person whose registration is among the given facts."""
    heard = hear([event])
    if heard.registrations:
        return deliveries.of_registration(heard.registrations[0])
    if heard.refusals:
        return deliveries.of_refusal(heard.refusals[0])
    return deliveries.of_tiding(heard.activities[0], standing(*given))


def outcome(
    given: Sequence[CloudEvent], when: CloudEvent, to: Contact | None = LIN, told_before: Told | None = None
) -> Letter | Withheld | NotYet:
    """What comes of a fact when the given ones are known."""
    known = [*given, when]
    facts = hear(known).registrations
    found = standing(*[one for one in known if hear([one]).registrations]) if facts else None
    registered = [one for one in known if hear([one]).registrations]
    return compose(told(when, registered), to, found, history(*known), told_before or {})


def letter(given: Sequence[CloudEvent], when: CloudEvent, to: Contact = LIN) -> Letter:
    """The letter that a fact gives when the given ones are known."""
    written = outcome(given, when, to)
    assert isinstance(written, Letter), written
    return written
