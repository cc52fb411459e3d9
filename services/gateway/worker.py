"""What the worker does with facts and people, in blocking calls."""

from __future__ import annotations

from datetime import UTC, datetime

from pymongo.database import Database

from gateway.identity.notices import notice
from gateway.people import CONTACT_CARD, Card, card_of, contact_card
from gateway.read_model.facts import OF_ROLES, puts
from gateway.read_model.generations import read_pointer
from gateway.read_model.rebuilding import REPLAYED, note_applied, note_done
from gateway.storage import PEOPLE, READ_MODEL, STALE, Document
from gongxue_chassis.log.mongo import reachable
from gongxue_chassis.projection import Facets
from gongxue_chassis.publisher import MessageSink, Outgoing
from gongxue_contracts.envelope import JSON, CloudEvent, to_json

CARDS_AT_ONCE = 200


class ReadModel:
    """Applies facts, however often and in whatever order they come."""

    def __init__(self, database: Database[Document]) -> None:
        self._database = database
        self.in_hand: datetime | None = None
        self.applied: datetime | None = None

    def apply(self, facts: list[CloudEvent]) -> None:
        """Return when what they say is on disk, in every generation. Raises Unavailable when the store is away."""
        times = [fact.time for fact in facts]
        self.in_hand = min(times, default=None)
        with reachable():
            self._write(facts, read_pointer(self._database).fed)
            self._tell_who_has_other_roles(facts)
        self.in_hand = None
        self.applied = max(times, default=self.applied)

    def apply_replayed(self, events: list[CloudEvent]) -> None:
        """The same for facts that are replayed for the next generation, and for word that these were all."""
        facts = [event for event in events if event.type != REPLAYED]
        with reachable():
            pointer = read_pointer(self._database)
            if pointer.next is None:  # left of a rebuild that is done or was begun afresh
                self._write(facts, pointer.fed)
            else:
                self._write(facts, (pointer.next,), new=True)
            note_applied(self._database, pointer, len(facts))
            for event in events:
                if event.type == REPLAYED:
                    note_done(self._database, event.data)

    def _tell_who_has_other_roles(self, facts: list[CloudEvent]) -> None:
        """Now that the read model has them: what cookies say of these people is looked up anew."""
        people = {fact.data["person"] for fact in facts if fact.type in OF_ROLES}
        if people:
            now = datetime.now(UTC)
            self._database[STALE].insert_many([notice(now, person=person) for person in sorted(people)])

    def _write(self, facts: list[CloudEvent], generations: tuple[str, ...], *, new: bool = False) -> None:
        wanted = puts(facts)
        for generation in generations:
            facets = {name: Facets(self._database[f"{name}{generation}"], new=new) for name in READ_MODEL}
            for put in wanted:
                facets[put.collection].put(put.id, put.facet, put.sequence, put.fields, starts=put.starts)
            for gathered in facets.values():
                gathered.flush()


class Outbox:
    """Contact cards that the web side has kept but not told: it crashed, or the broker was away."""

    def __init__(self, database: Database[Document], sink: MessageSink) -> None:
        self._people = database[PEOPLE]
        self._sink = sink

    def sweep(self) -> int:
        """Tell them all; the number told. Raises Unavailable when broker or store is away."""
        told = 0
        while cards := self._untold():
            now = datetime.now(UTC)
            events = [contact_card(card, now) for card in cards]
            self._sink.publish(
                [Outgoing("private", CONTACT_CARD, to_json(event), JSON, event.id) for event in events]
            )
            with reachable():
                for card in cards:
                    mark = {"_id": card.person.id, "version": card.version}
                    self._people.update_one(mark, {"$unset": {"untold": ""}})
            told += len(cards)
        return told

    def _untold(self) -> list[Card]:
        with reachable():
            found = list(self._people.find({"untold": True}).limit(CARDS_AT_ONCE))
        return [card for card in map(card_of, found) if card]
