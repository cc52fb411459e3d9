"""Contact cards that the web side has kept but not told: it crashed, or the broker was away."""

from __future__ import annotations

from datetime import UTC, datetime

from pymongo.collection import Collection
from pymongo.database import Database

from gateway.people import CONTACT_CARD, Card, card_of, contact_card
from gateway.storage import PEOPLE, Document
from gongxue_chassis.log.mongo import reachable
from gongxue_chassis.publisher import MessageSink, Outgoing
from gongxue_contracts.envelope import JSON, to_json

CARDS_AT_ONCE = 200


def tell_untold(database: Database[Document], sink: MessageSink) -> int:
    """Tell them all; the number told. Raises Unavailable when broker or store is away."""
    people, told = database[PEOPLE], 0
    while cards := _untold(people):
        now = datetime.now(UTC)
        events = [contact_card(card, now) for card in cards]
        sink.publish([Outgoing("private", CONTACT_CARD, to_json(event), JSON, event.id) for event in events])
        with reachable():
            for card in cards:
                mark = {"_id": card.person.id, "version": card.version}
                people.update_one(mark, {"$unset": {"untold": ""}})
        told += len(cards)
    return told


def _untold(people: Collection[Document]) -> list[Card]:
    with reachable():
        found = list(people.find({"untold": True}).limit(CARDS_AT_ONCE))
    return [card for card in map(card_of, found) if card]
