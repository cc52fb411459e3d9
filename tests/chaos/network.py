"""A running network as its tests see it: people to sign in, activities to register for, and what is in its stores."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from chaos.replay import Replay
from chaos.visitor import Visitor
from pymongo import MongoClient
from pymongo.database import Database
from toys.offices import give

from gateway.actions import Person
from gateway.people import Card, document_of
from gateway.rush.door import START_SECONDS
from gongxue_chassis.parking import Parked, ParkingLot
from gongxue_chassis.publisher import Outgoing, Publisher, connect
from gongxue_contracts import moment
from installation.bus import DECIDING, FACT_QUEUES, PARKING, RETRY_DELAYS
from onemachine.stack import Stack

Document = dict[str, Any]

HOST = Person("p-host", "林主辦", "p-host@nchu.example", "zh-Hant", "nchu")
SCHOOLS = ("ntu", "ncku", "npust", "pu", "thu")
_AT_ONCE = 32
_FACTS = [queue.name for queue in FACT_QUEUES]
FACTS_AND_DELAYS = [*_FACTS, *(f"{queue}.retry.{tier}" for queue in _FACTS for tier in RETRY_DELAYS)]
"""The queues in which facts wait to be heard, for the first time or again."""


class Network:
    """`databases` are opened as the operator. Close it when done."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self._client: MongoClient[Document] | None = None
        self.publisher = Publisher(stack.broker.amqp_uri, "chaos")

    def close(self) -> None:
        """Let go of broker and store."""
        self.publisher.close()
        self.let_go_of_the_store()

    def let_go_of_the_store(self) -> None:
        """Before it is killed: the driver leaves the socket of a broken handshake to the garbage collector."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def database(self, service: str) -> Database[Document]:
        """The database of a service."""
        if self._client is None:
            self._client = MongoClient(self.stack.store.uri_for("admin"), tz_aware=True)
        return self._client[service]

    def all_running(self) -> bool:
        """Whether no process has ended by itself."""
        return all(process.running for process in self.stack.processes)

    def door_is_open(self) -> bool:
        """Whether the gateway has run for so long that it may refuse by itself."""
        (gateway,) = (process for process in self.stack.processes if process.name == "gateway")
        return time.monotonic() - gateway.started > START_SECONDS

    # people and activities

    async def sign_in(self, people: Iterable[Person]) -> list[Visitor]:
        """Make them known and let them in; their contact cards are told on the way."""
        known = list(people)
        cards = [document_of(Card(person, 1, untold=True)) for person in known]
        self.database("gateway")["people"].insert_many(cards)
        visitors = [Visitor(self.stack.url, person.id) for person in known]
        door = asyncio.Semaphore(_AT_ONCE)

        async def enter(visitor: Visitor) -> None:
            async with door:
                await visitor.sign_in()
                visitor.leave()  # the door closes a connection that is idle for long

        await asyncio.gather(*map(enter, visitors))
        return visitors

    async def host(self) -> Visitor:
        """Who runs the activities."""
        if self.database("gateway")["people"].find_one({"_id": HOST.id}) is None:
            give(self.stack, (HOST.school, HOST.id, "host"))
            return (await self.sign_in([HOST]))[0]
        host = Visitor(self.stack.url, HOST.id)
        await host.sign_in()
        return host

    async def publish_activity(self, id: str, seats: int, waiting_limit: int) -> None:
        """An activity that one can register for now."""
        host = await self.host()
        starts_at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)
        details = {
            "id": id,
            "kind": "co_training",
            "host": HOST.school,
            "title": {"zh": f"共同培力 {id}", "en": f"Co-training {id}"},
            "summary": {"zh": "摘要", "en": ""},
            "venue": {"zh": "臺中", "en": "Taichung"},
            "theme": None,
            "starts_at": moment.write(starts_at),
            "ends_at": moment.write(starts_at + timedelta(hours=3)),
            "pools": {"onsite": seats},
            "waiting_limit": waiting_limit,
        }
        for path, body in (("/activities", details), (f"/activities/{id}/publish", {})):
            answer = await host.ask("POST", path, body, key=f"{id}{path}"[:200])
            assert answer.status in (200, 201), answer
        host.leave()

    # what is kept

    def log(self, activity: str) -> Replay:
        """The activity's log, replayed."""
        return Replay().read(self.commits(activity))

    def commits(self, activity: str) -> list[Document]:
        """The activity's log as it is."""
        found = self.database("registration")["commits"].find({"stream": f"activity:{activity}"})
        return list(found.sort("seq", 1))

    def pending(self) -> int:
        """Commits whose facts are not published yet, of all services."""
        return sum(
            self.database(service)["commits"].count_documents({"pending": True}) for service in DECIDING
        )

    def shown(self, activities: Iterable[str]) -> dict[str, str]:
        """Registration → status, as the read model has it."""
        found = self.database("gateway")["registrations"].find({"activity": {"$in": list(activities)}})
        return {document["_id"]: document.get("status", "") for document in found}

    def deliveries(self, activities: Iterable[str]) -> list[Document]:
        """What notification has told or has to tell about these activities."""
        return list(self.database("notification")["deliveries"].find({"activity": {"$in": list(activities)}}))

    def claims(self) -> set[str]:
        """What senders hold now, or held when they were killed: a name for each batch of mails under way."""
        return set(self.database("notification")["deliveries"].distinct("claim", {"state": "due"}))

    def end_leases(self, claims: set[str]) -> None:
        """Let the minutes pass for which these batches stay with whoever claimed them."""
        mails = self.database("notification")["deliveries"]
        mails.update_many(
            {"state": "due", "claim": {"$in": list(claims)}}, {"$set": {"due": datetime.now(UTC)}}
        )

    def end_pauses(self) -> None:
        """Let the minutes pass after which mails that could not be sent are tried again, first things first.

        Nobody may be sending.
        """
        mails = self.database("notification")["deliveries"]
        for mail in mails.find({"state": "due"}):
            mails.update_one({"_id": mail["_id"]}, {"$set": {"due": mail["time"]}})

    def mails_to_send(self) -> int:
        """Deliveries that are not settled yet."""
        return self.database("notification")["deliveries"].count_documents({"state": "due"})

    # the bus

    def send(self, messages: list[Outgoing]) -> None:
        """Publish as the operator, who may publish anything anywhere."""
        self.publisher.publish(messages)

    def parked(self) -> dict[str, list[Parked]]:
        """What is parked, by service, where anything is."""
        found = {service: self._lot(service).all() for service in (*PARKING, "unroutable")}
        return {service: parked for service, parked in found.items() if parked}

    def waiting(self, *queues: str) -> int:
        """Messages that wait in these queues, without those that somebody holds."""
        with self._channel() as channel:
            return sum(channel.queue_declare(queue, passive=True).message_count for queue in queues)

    def is_quiet(self) -> bool:
        """Whether nothing is on its way: no fact to publish or to hear, no mail to send."""
        return not (self.pending() or self.waiting(*FACTS_AND_DELAYS) or self.mails_to_send())

    def clear_parking(self) -> None:
        """Throw away what an earlier test has parked."""
        with self._channel() as channel:
            for service in (*PARKING, "unroutable"):
                channel.queue_purge(f"parking.{service}")

    def _lot(self, service: str) -> ParkingLot:
        return ParkingLot(self.stack.broker.amqp_uri, service, "chaos")

    @contextmanager
    def _channel(self) -> Iterator[Any]:
        with connect(self.stack.broker.amqp_uri, "chaos") as connection:
            yield connection.channel()


def crowd(name: str, count: int) -> list[Person]:
    """People of several schools, half of whom read English."""
    return [
        Person(
            id=f"{name}-{number}",
            name=f"陳 {name} {number}",
            email=f"{name}-{number}@{SCHOOLS[number % len(SCHOOLS)]}.example",
            language="en" if number % 2 else "zh-Hant",
            school=SCHOOLS[number % len(SCHOOLS)],
        )
        for number in range(count)
    ]
