"""What the worker does with facts and people, in blocking calls."""

from __future__ import annotations

from datetime import UTC, datetime

from pymongo.database import Database

from gateway.people import CONTACT_CARD, Card, card_of, contact_card
from gateway.read_model import puts
from gateway.storage import ACTIVITIES, PEOPLE, REGISTRATIONS, SCHOOLS, Document
from gongxue_chassis.log.mongo import reachable
from gongxue_chassis.projection import Facets
from gongxue_chassis.publisher import MessageSink, Outgoing
from gongxue_contracts.envelope import JSON, CloudEvent, to_json

CARDS_AT_ONCE = 200


class ReadModel:
    """Applies facts, however often and in whatever order they come."""

    def __init__(self, database: Database[Document]) -> None:
        self._facets = {name: Facets(database[name]) for name in (ACTIVITIES, REGISTRATIONS, SCHOOLS)}

    def apply(self, facts: list[CloudEvent]) -> None:
        """Return when what they say is on disk. Raises Unavailable when the store is away."""
        for put in puts(facts):
            self._facets[put.collection].put(put.id, put.facet, put.sequence, put.fields)
        with reachable():
            for facets in self._facets.values():
                facets.flush()


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
