"""Everything notification keeps, and the only module that speaks to MongoDB.

The embedded store evaluates a filter wholly before a limit and pays for each id of an `$in`: ids are looked up
`AT_ONCE`, and what is due is listed in large windows, not for each batch of mails again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from bson.codec_options import CodecOptions
from pymongo import UpdateOne
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from gongxue_chassis.projection import Facets, raise_unless_duplicates
from notification.domain.activity import ActivityFact, Card, History, Text
from notification.domain.delivery import Delivery, Kind
from notification.domain.letter import Contact
from notification.domain.registration import RegistrationFact, Standing

Document = dict[str, Any]

AT_ONCE = 50
PAGE = 200

KEPT = timedelta(days=365)
"""How long a delivery is kept after its end: far longer than any fact may come again."""
ERASED = 2**62
"""The version of the contact card of who is erased: none that comes later is newer."""

_NUMBER = {"confirmed": "joined", "waiting": "joined", "promoted": "seated", "cancelled": "left"}


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery that is due since that time, before it is claimed."""

    id: str
    person: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is ours until the lease ends. It was `due`; `attempts` counts this one."""

    delivery: Delivery
    due: datetime
    attempts: int
    token: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a claimed delivery: the state it is in now, since when or until when it waits, and why.

    The outcomes recorded together come from one claim.
    """

    claimed: Claimed
    state: str
    at: datetime
    reason: str = ""


class Store:
    """The collections `contacts`, `activities`, `registrations`, `deliveries` and `sign_in_mails` of one database.

    Their indexes are declared by the installation: `activities` and `registrations` by (activity), `deliveries` by
    (state, due) and by (person).
    """

    def __init__(self, database: Database[Document]) -> None:
        aware: Database[Document] = database.with_options(codec_options=CodecOptions(tz_aware=True))
        self._contacts = aware["contacts"]
        self._activities = aware["activities"]
        self._registrations = aware["registrations"]
        self._deliveries = aware["deliveries"]
        self._sign_in_mails = aware["sign_in_mails"]

    def save_contacts(self, cards: Iterable[tuple[Contact, int]]) -> None:
        """Keep contact cards with their versions; the highest version of a person wins."""
        facets = Facets(self._contacts)
        for card, version in cards:
            fields = {"name": card.name, "email": card.email, "language": card.language}
            facets.put(card.person, "card", version, fields)
        facets.flush()

    def contacts(self, people: Iterable[str]) -> dict[str, Contact | None]:
        """The contact cards known of these people; None for those who are erased."""
        return {d["_id"]: _contact(d) for d in self._by_id(self._contacts, people)}

    def forget(self, person: str, asked_at: datetime) -> None:
        """Delete what is kept of the person. What stays is their opaque id, so that nothing brings them back."""
        tombstone = {"erased": asked_at, "v": {"card": ERASED}}
        self._contacts.replace_one({"_id": person}, tombstone, upsert=True)
        self._deliveries.delete_many({"person": person})
        self._registrations.delete_many({"person": person})

    def deliveries_of(self, person: str) -> list[Document]:
        """All that the person was told or is to be told, as it is stored, the oldest first."""
        return sorted(self._deliveries.find({"person": person}), key=lambda document: document["time"])

    def delete_old(self, now: datetime) -> int:
        """Delete the deliveries that have been kept long enough; how many that were."""
        deleted: int = self._deliveries.delete_many({"done": {"$lt": now - KEPT}}).deleted_count
        return deleted

    def save_activity_facts(self, facts: Sequence[ActivityFact]) -> None:
        """Keep facts of activities; one that is there already stays as it is."""
        self._insert_new(self._activities, [_activity_document(fact) for fact in facts])

    def histories(self, activities: Iterable[str]) -> dict[str, History]:
        """What is known of each of these activities; of an unknown one, nothing."""
        wanted = sorted(set(activities))
        facts = defaultdict(list)
        for document in self._found(self._activities, "activity", wanted):
            facts[document["activity"]].append(_activity_fact(document))
        return {activity: History(facts[activity]) for activity in wanted}

    def told_everyone(self, facts: Sequence[ActivityFact]) -> set[str]:
        """Those of the facts of which everyone concerned is told already, by id."""
        found = self._by_id(self._activities, [fact.id for fact in facts])
        return {document["_id"] for document in found if document.get("told_everyone")}

    def mark_told_everyone(self, fact: ActivityFact) -> None:
        """All deliveries of this fact are kept: when it comes again nothing has to be done."""
        self._activities.update_one({"_id": fact.id}, {"$set": {"told_everyone": True}})

    def save_registrations(self, facts: Iterable[RegistrationFact]) -> None:
        """Keep what each fact says of its registration, in whatever order they come."""
        facets = Facets(self._registrations)
        for fact in facts:
            fields = {"activity": fact.activity, "person": fact.person, "pool": fact.pool}
            facets.put(fact.registration, _NUMBER[fact.kind], fact.sequence, fields)
            if fact.kind == "confirmed":
                facets.put(fact.registration, "seated", fact.sequence, fields)
        facets.flush()

    def standings(self, registrations: Iterable[str]) -> dict[str, Standing]:
        """What is known of these registrations."""
        return {d["_id"]: _standing(d) for d in self._by_id(self._registrations, registrations)}

    def standings_of(self, activity: str) -> Iterator[list[Standing]]:
        """All registrations of an activity, a page at a time."""
        page: list[Standing] = []
        for document in self._registrations.find({"activity": activity}, batch_size=PAGE):
            page.append(_standing(document))
            if len(page) == PAGE:
                yield page
                page = []
        if page:
            yield page

    def add_deliveries(self, deliveries: Iterable[Delivery], now: datetime) -> None:
        """Keep what is to be told, due at once; what is there already stays as it is, sent or not.

        They come due in the order in which things happened, also when we hear of that in another order.
        """
        documents = []
        for delivery in deliveries:
            fields = {name: value for name, value in asdict(delivery).items() if value and name != "id"}
            due = min(delivery.time, now)
            fields |= {"_id": delivery.id, "state": "due", "due": due, "attempts": 0, "made": now}
            documents.append(fields)
        self._insert_new(self._deliveries, documents)

    def due(self, now: datetime, most: int) -> list[Due]:
        """What is due, the oldest first."""
        fields = {"person": 1, "due": 1, "sequence": 1}
        found = self._deliveries.find({"state": "due", "due": {"$lte": now}}, fields).sort("due", 1)
        ordered = sorted(
            found.limit(most), key=lambda document: (document["due"], document.get("sequence", 0))
        )
        return [Due(document["_id"], document["person"], document["due"]) for document in ordered]

    def claim(self, due: Sequence[Due], now: datetime, until: datetime) -> list[Claimed]:
        """Make these ours, in their order, for as long as the lease. What another sender has taken is left out.

        A claimed delivery stays in the state `due`, with the lease's end as the time when it is due again: what a
        crashed sender has claimed comes back by itself.
        """
        token = uuid4().hex
        ids = [delivery.id for delivery in due]
        self._deliveries.update_many(
            {"_id": {"$in": ids}, "state": "due", "due": {"$lte": now}},
            {"$set": {"due": until, "claim": token}, "$inc": {"attempts": 1}},
        )
        ours = {d["_id"]: d for d in self._deliveries.find({"_id": {"$in": ids}, "claim": token})}
        return [
            Claimed(_delivery(ours[one.id]), one.due, ours[one.id]["attempts"], token)
            for one in due
            if one.id in ours
        ]

    def release(self, claimed: Sequence[Claimed]) -> None:
        """Give back what was not tried, due as it was before."""
        writes = [
            UpdateOne(
                {"_id": one.delivery.id, "claim": one.token},
                {"$set": {"due": one.due}, "$unset": {"claim": ""}, "$inc": {"attempts": -1}},
            )
            for one in claimed
        ]
        if writes:
            self._deliveries.bulk_write(writes, ordered=False)

    def record(self, outcomes: Sequence[Outcome]) -> None:
        """Keep what became of claimed deliveries, unless the lease has ended and another has taken them."""
        sent = [outcome for outcome in outcomes if outcome.state == "sent"]
        others = [outcome for outcome in outcomes if outcome.state != "sent"]
        if sent:
            # One update for all costs the store half of what one for each does.
            self._deliveries.update_many(
                {"_id": {"$in": [one.claimed.delivery.id for one in sent]}, "claim": sent[0].claimed.token},
                {
                    "$set": {"state": "sent", "done": sent[-1].at},
                    "$unset": {"due": "", "claim": "", "reason": ""},
                },
            )
        if others:
            self._deliveries.bulk_write([_recorded(outcome) for outcome in others], ordered=False)

    def told(self, people: Iterable[str]) -> dict[str, dict[Kind, int]]:
        """What these people have been told, by registration and kind the highest sequence."""
        told: dict[str, dict[Kind, int]] = defaultdict(dict)
        filters = {"state": "sent"}
        for document in self._found(self._deliveries, "person", sorted(set(people)), filters):
            kinds, kind = told[document.get("registration", "")], document["kind"]
            kinds[kind] = max(kinds.get(kind, 0), document.get("sequence", 0))
        return told

    def sign_in_mail_sent(self, fact: str) -> bool:
        """Whether the mail that a fact asks for has gone."""
        return self._sign_in_mails.find_one({"_id": fact}) is not None

    def note_sign_in_mail(self, fact: str, until: datetime) -> None:
        """It has gone; that is remembered until then."""
        self._sign_in_mails.update_one({"_id": fact}, {"$set": {"expires": until}}, upsert=True)

    def _by_id(self, collection: Any, ids: Iterable[str]) -> Iterator[Document]:
        return self._found(collection, "_id", sorted(set(ids)))

    def _found(
        self, collection: Any, name: str, values: Sequence[str], filters: Mapping[str, Any] | None = None
    ) -> Iterator[Document]:
        for start in range(0, len(values), AT_ONCE):
            yield from collection.find({name: {"$in": values[start : start + AT_ONCE]}, **(filters or {})})

    def _insert_new(self, collection: Any, documents: list[Document]) -> None:
        if not documents:
            return
        try:
            collection.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            raise_unless_duplicates(error)


def _contact(document: Document) -> Contact | None:
    if "erased" in document:
        return None
    return Contact(document["_id"], document["name"], document["email"], document["language"])


def _recorded(outcome: Outcome) -> UpdateOne:
    unset = {"claim": ""} if outcome.state == "due" else {"claim": "", "due": ""}
    change: Document = {"state": outcome.state, "reason": outcome.reason}
    change["due" if outcome.state == "due" else "done"] = outcome.at
    guard = {"_id": outcome.claimed.delivery.id, "claim": outcome.claimed.token}
    return UpdateOne(guard, {"$set": change, "$unset": unset})


def _activity_document(fact: ActivityFact) -> Document:
    document = asdict(fact)
    document["_id"] = document.pop("id")
    document["changed"] = list(fact.changed)
    return document


def _activity_fact(document: Document) -> ActivityFact:
    card = document["card"]
    return ActivityFact(
        id=document["_id"],
        activity=document["activity"],
        sequence=document["sequence"],
        time=document["time"],
        kind=document["kind"],
        card=Card(
            title=Text(**card["title"]),
            starts_at=card["starts_at"],
            ends_at=card["ends_at"],
            venue=Text(**card["venue"]) if card["venue"] else None,
        )
        if card
        else None,
        changed=tuple(document["changed"]),
        reason=document["reason"],
    )


def _standing(document: Document) -> Standing:
    return Standing(
        document["_id"], document["activity"], document["person"], document["pool"], **document["v"]
    )


_FIELDS = {name for name in Delivery.__dataclass_fields__ if name not in {"id", "sequence"}}


def _delivery(document: Document) -> Delivery:
    fields = {name: value for name, value in document.items() if name in _FIELDS}
    return Delivery(id=document["_id"], sequence=document.get("sequence", 0), **fields)
