"""The worker's part: facts of the network in the read model, contact cards that were left to tell."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import amqp
import pytest
from pymongo import MongoClient
from pymongo.database import Database
from toys.stories import a_school, an_activity
from toys.waiting import eventually

from gateway.people import CONTACT_CARD
from gateway.personal.untold import CARDS_AT_ONCE, tell_untold
from gateway.read_model.applying import ReadModel
from gateway.storage import open_for_worker
from gongxue_chassis.errors import Unavailable
from gongxue_chassis.publisher import Publisher
from gongxue_contracts.envelope import CloudEvent, from_json

Documents = dict[str, list[dict[str, Any]]]
FACTS = [*an_activity().facts, *a_school().facts]


@pytest.fixture
def database(mongo_uri: str) -> Iterator[Database[Any]]:
    opened = open_for_worker(mongo_uri)
    yield opened
    opened.client.close()


def read_model(database: Database[Any]) -> Documents:
    return {
        name: list(database[name].find().sort("_id", 1))
        for name in ("activities", "registrations", "schools")
    }


def test_facts_shuffled_and_repeated_come_to_what_they_are_in_order(
    mongo_uri: str, database: Database[Any]
) -> None:
    in_order = ReadModel(database)
    for fact in FACTS:
        in_order.apply([fact])
    wanted = read_model(database)
    assert [one["status"] for one in wanted["registrations"]] == ["cancelled", "confirmed"]
    for seed in range(5):
        for name in wanted:
            database[name].delete_many({})
        facts: list[CloudEvent] = random.Random(seed).sample(FACTS * 3, len(FACTS) * 3)
        model = ReadModel(database)
        for start in range(0, len(facts), 7):
            model.apply(facts[start : start + 7])
        assert read_model(database) == wanted


def test_without_a_store_the_facts_come_again() -> None:
    database = open_for_worker("mongodb://127.0.0.1:9/none?serverSelectionTimeoutMS=200")
    try:
        with pytest.raises(Unavailable):
            ReadModel(database).apply(FACTS)
    finally:
        database.client.close()


@pytest.fixture
def people(mongo_uri: str) -> Iterator[Any]:
    with MongoClient[dict[str, Any]](mongo_uri) as client:
        yield client.get_default_database()["people"]


def a_card(number: int, **more: Any) -> dict[str, Any]:
    return {
        "_id": f"p-{number:04}",
        "name": f"林 {number}",
        "email": f"p-{number}@nchu.example",
        "language": "zh-Hant",
        "school": "nchu",
        "roles": ["staff"],
        "version": 1,
        **more,
    }


def test_cards_that_were_not_told_are_told_once(amqp_uri: str, database: Database[Any], people: Any) -> None:
    left = CARDS_AT_ONCE + 5
    people.insert_many(a_card(number, untold=True) for number in range(left))
    people.insert_one(a_card(9_999))
    publisher = Publisher(amqp_uri, "test")
    try:
        assert (tell_untold(database, publisher), tell_untold(database, publisher)) == (left, 0)
    finally:
        publisher.close()
    assert people.count_documents({"untold": True}) == 0
    told = [from_json(body) for body in taken(amqp_uri, left)]
    assert sorted(card.data["person"] for card in told) == [f"p-{number:04}" for number in range(left)]
    assert {card.type for card in told} == {CONTACT_CARD}
    assert told[0].id == f"person:{told[0].data['person']}@1.0"


def test_a_card_that_changed_while_it_was_told_is_told_again(
    amqp_uri: str, database: Database[Any], people: Any
) -> None:
    people.insert_one(a_card(1, untold=True))

    class Meanwhile:
        """Whoever writes a new version while the old one is on its way."""

        def publish(self, messages: Any) -> None:
            people.update_one({"_id": "p-0001", "version": 1}, {"$set": {"version": 2, "name": "新名"}})

        def close(self) -> None:
            pass

    assert tell_untold(database, Meanwhile()) == 2
    assert people.find_one({"_id": "p-0001"}) == a_card(1, version=2, name="新名")


def test_without_a_broker_they_stay_to_be_told(database: Database[Any], people: Any) -> None:
    people.insert_one(a_card(1, untold=True))
    with pytest.raises(Unavailable):
        tell_untold(database, Publisher("amqp://nobody:nothing@127.0.0.1:9/none", "test"))
    assert people.count_documents({"untold": True}) == 1


def taken(uri: str, count: int) -> list[bytes]:
    """So many messages of notification's queue."""
    host, _, vhost = uri.rpartition("@")[2].partition("/")
    user, _, password = uri.partition("//")[2].rpartition("@")[0].partition(":")
    bodies: list[bytes] = []
    with amqp.Connection(host, user, password, virtual_host=vhost) as connection:
        channel = connection.channel()

        def take() -> bool:
            if message := channel.basic_get("notification.facts", no_ack=True):
                body = message.body
                bodies.append(body if isinstance(body, bytes) else body.encode())
            return len(bodies) == count

        eventually(take)
    return bodies
