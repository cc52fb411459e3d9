"""What the facts of other services mean here: contract facts become the domain's."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from gongxue_chassis.errors import Poison
from gongxue_contracts.envelope import CloudEvent
from notification.domain.activity import TOLD, ActivityFact, Card, Text
from notification.domain.delivery import Refusal
from notification.domain.letter import Contact
from notification.domain.registration import RegistrationFact
from notification.domain.sig import SigFact, SigKind

_REGISTRATION: dict[str, Literal["confirmed", "waiting", "promoted", "cancelled"]] = {
    "registration.seat_confirmed.v1": "confirmed",
    "registration.placed_on_waiting_list.v1": "waiting",
    "registration.promoted_from_waiting_list.v1": "promoted",
    "registration.registration_cancelled.v1": "cancelled",
}
_ACTIVITY: dict[str, Literal["published", "changed", "cancelled"]] = {
    "registration.activity_published.v1": "published",
    "registration.activity_changed.v1": "changed",
    "registration.activity_cancelled.v1": "cancelled",
}
_SIG: dict[str, tuple[SigKind, str]] = {
    "registration.sig_chartered.v1": ("sig_chartered", "proposer"),
    "registration.sig_sent_back.v1": ("sig_sent_back", "proposer"),
    "registration.sig_declined.v1": ("sig_declined", "proposer"),
    "registration.sig_membership_requested.v1": ("sig_asked", "convenors"),
    "registration.sig_member_joined.v1": ("sig_admitted", "person"),
    "registration.sig_member_invited.v1": ("sig_invited", "person"),
    "registration.sig_membership_ended.v1": ("sig_ended", "person"),
    "registration.sig_convenor_named.v1": ("sig_convenor", "person"),
    "registration.sig_renewed.v1": ("sig_renewed", "convenors"),
    "registration.sig_renewal_declined.v1": ("sig_not_renewed", "convenors"),
    "registration.sig_closed.v1": ("sig_closed", "convenors"),
    "registration.sig_reopened.v1": ("sig_reopened", "convenors"),
}
"""What a fact tells, and in which field it names whom."""
_REFUSAL = {"registration.command_refused.v1", "directory.command_refused.v1"}
_CONTACT = "gateway.contact_card.v1"


@dataclass(slots=True)
class Heard:
    """A batch of facts, sorted by what they speak of. What concerns nobody's mail is left out."""

    contacts: list[tuple[Contact, int]] = field(default_factory=list)
    activities: list[ActivityFact] = field(default_factory=list)
    registrations: list[RegistrationFact] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    sigs: list[SigFact] = field(default_factory=list)

    def activities_named(self) -> set[str]:
        """The activities that registrations and activities' own facts speak of."""
        return {fact.activity for fact in self.registrations} | {fact.activity for fact in self.activities}

    def people_to_tell(self) -> set[str]:
        """Whom registrations, refusals and SIGs concern."""
        of_sigs = {person for fact in self.sigs for person in fact.people}
        refused = {refusal.person for refusal in self.refusals}
        return {fact.person for fact in self.registrations} | refused | of_sigs

    def leave_out(self, people: Set[str]) -> None:
        """Pass over what concerns these people."""
        if people:
            self.registrations = [fact for fact in self.registrations if fact.person not in people]
            self.refusals = [refusal for refusal in self.refusals if refusal.person not in people]
            self.sigs = [
                replace(fact, people=tuple(one for one in fact.people if one not in people))
                for fact in self.sigs
            ]


def hear(events: Iterable[CloudEvent]) -> Heard:
    """Sort a batch whose data the contracts have read. Raises Poison on a fact without a number."""
    heard = Heard()
    for event in events:
        if event.type in _REGISTRATION:
            heard.registrations.append(_registration(event))
        elif event.type in _ACTIVITY:
            heard.activities += _activity(event)
        elif event.type in _SIG:
            heard.sigs += _sig(event)
        elif event.type in _REFUSAL:
            heard.refusals += _refusal(event)
        elif event.type == _CONTACT:
            data = event.data
            card = Contact(data["person"], data["name"], data["email"], data["language"])
            heard.contacts.append((card, data["version"]))
    return heard


def _registration(event: CloudEvent) -> RegistrationFact:
    data = event.data
    return RegistrationFact(
        id=event.id,
        registration=data["registration"],
        activity=data["activity"],
        person=data["person"],
        sequence=_sequence(event),
        time=event.time,
        kind=_REGISTRATION[event.type],
        pool=data["pool"],
        place=data.get("place", 0),
        was=data.get("was", ""),
        by=data["by"] if "was" in data else "",  # elsewhere it is who asked, which nobody is told by mail
    )


def _activity(event: CloudEvent) -> list[ActivityFact]:
    data = event.data
    changed = tuple(name for name in TOLD if name in data.get("changed", ()))
    kind = _ACTIVITY[event.type]
    if kind == "changed" and not changed:
        return []
    return [
        ActivityFact(
            id=event.id,
            activity=data["activity"],
            sequence=_sequence(event),
            time=event.time,
            kind=kind,
            card=_card(data["details"]) if "details" in data else None,
            changed=changed,
            reason=data.get("reason", ""),
        )
    ]


_INSTALLATION = "gateway"
"""Who ends what is left of the erased: nobody is mailed about that."""
_ERASED = "erased"
"""The reason given where the fact does not say who."""


def _sig(event: CloudEvent) -> list[SigFact]:
    """Nobody is told by mail what they have just done themselves, or what their own erasure does."""
    data, (kind, whom) = event.data, _SIG[event.type]
    own = data.get("by") == "person" or (kind == "sig_admitted" and data["how"] != "request")
    named = data[whom] if whom == "convenors" else [data[whom]]
    doer = data["by"]["person"] if isinstance(data.get("by"), dict) else ""
    people = tuple(person for person in named if person != doer)
    by_erasure = doer == _INSTALLATION or (data.get("by") == "center" and data.get("reason") == _ERASED)
    if own or by_erasure or not people:
        return []
    reason = "" if kind == "sig_ended" else data.get("reason", "")
    title = _text(data["title"])
    return [SigFact(event.id, data["sig"], _sequence(event), event.time, kind, people, title, reason)]


_SO_ALREADY = frozenset({"already_registered", "already_cancelled"})
"""Refused, for what was wished is so already: the person has the mail that says it."""


def _refusal(event: CloudEvent) -> list[Refusal]:
    data = event.data
    if data["person"] is None or data["code"] in _SO_ALREADY:
        return []
    aggregate, _, id = data["stream"].partition(":")
    activity = id if aggregate == "activity" else ""
    return [Refusal(event.id, data["person"], event.time, activity, data["command_type"], data["code"])]


def _card(details: dict[str, Any]) -> Card:
    venue = details["venue"]
    return Card(
        title=_text(details["title"]),
        starts_at=details["starts_at"],
        ends_at=details["ends_at"],
        venue=_text(venue) if venue else None,
    )


def _text(text: dict[str, str]) -> Text:
    return Text(text["zh"], text.get("en", ""))


def _sequence(event: CloudEvent) -> int:
    if event.sequence is None:
        raise Poison("no_sequence", event.id)
    return event.sequence
