"""Hearing facts: what they give to tell is kept as deliveries, each once, however often and in whatever order."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import datetime

from gongxue_chassis.errors import TryLater
from gongxue_chassis.log.mongo import reachable
from gongxue_contracts.envelope import CloudEvent
from notification.domain import delivery as deliveries
from notification.domain.activity import ActivityFact, History
from notification.domain.delivery import Delivery
from notification.domain.registration import RegistrationFact
from notification.schemas import Heard, hear
from notification.storage import Store


def take(store: Store, events: Sequence[CloudEvent], now: datetime) -> int:
    """Keep what these facts give to tell, and return how many deliveries that is, the ones kept before included.

    Raises TryLater if something about a person or an activity has not arrived yet, after everything else of the
    batch is kept; Unavailable while the store is away.
    """
    heard = hear(events)
    with reachable():
        store.save_contacts(heard.contacts)
        contacts = store.contacts(heard.people_to_tell())
        heard.leave_out({person for person, contact in contacts.items() if contact is None})
        store.save_activity_facts(heard.activities)
        # Before the activities are read: of a registration and a change, whoever comes second sees the other.
        store.save_registrations(heard.registrations)
        histories = store.histories(heard.activities_named())
        due, missing = _sort(heard, histories, contacts.keys())
        due += _missed(store, heard.registrations, histories)
        store.add_deliveries(due, now)
        count = len(due)
        for tiding in _untold(store, heard.activities):
            history = histories[tiding.activity]
            if history.card_at(tiding.sequence - 1) is None:
                missing.append(TryLater("unknown_activity", tiding.activity))
            else:
                count += _tell_everyone(store, tiding, history, now)
    if missing:
        raise missing[0]
    return count


def _sort(
    heard: Heard, histories: dict[str, History], known: Set[str]
) -> tuple[list[Delivery], list[TryLater]]:
    """What can be told, and what is missing for the rest. `known`: of whom there is a contact card."""
    due: list[Delivery] = []
    missing: list[TryLater] = []
    for fact in heard.registrations:
        if histories[fact.activity].card_at(fact.sequence) is None:
            missing.append(TryLater("unknown_activity", fact.activity))
        elif fact.person not in known:
            missing.append(TryLater("unknown_contact", fact.person))
        else:
            due.append(deliveries.of_registration(fact))
    for delivery in (one for fact in heard.sigs for one in deliveries.of_sig(fact)):
        if delivery.person in known:
            due.append(delivery)
        else:
            missing.append(TryLater("unknown_contact", delivery.person))
    for refusal in heard.refusals:
        if refusal.person in known:
            due.append(deliveries.of_refusal(refusal))
        else:
            missing.append(TryLater("unknown_contact", refusal.person))
    return due, missing


def _missed(store: Store, facts: Sequence[RegistrationFact], histories: dict[str, History]) -> list[Delivery]:
    late = [fact for fact in facts if histories[fact.activity].tidings_after(fact.sequence)]
    if not late:
        return []
    standings = store.standings(fact.registration for fact in late)
    return [
        delivery
        for fact in late
        for delivery in deliveries.missed(fact, standings[fact.registration], histories[fact.activity])
    ]


def _untold(store: Store, facts: Sequence[ActivityFact]) -> list[ActivityFact]:
    tidings = [fact for fact in facts if fact.kind != "published"]
    told = store.told_everyone(tidings) if tidings else set()
    return [tiding for tiding in tidings if tiding.id not in told]


def _tell_everyone(store: Store, tiding: ActivityFact, history: History, now: datetime) -> int:
    """Page after page. If the process dies in between all is done again, under the same names."""
    count = 0
    for page in store.standings_of(tiding.activity):
        due = [deliveries.of_tiding(tiding, one) for one in page if one.active_at(tiding.sequence)]
        later = [one for one in page if deliveries.may_need_correction(tiding, one, history)]
        told = store.told(one.person for one in later)
        due += [deliveries.correction(tiding, one, now) for one in later if one.registration in told]
        store.add_deliveries(due, now)
        count += len(due)
    store.mark_told_everyone(tiding)
    return count
