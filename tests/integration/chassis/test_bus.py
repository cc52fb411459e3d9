"""One suite for the broker in memory and RabbitMQ, both with the topology of the installation."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any, Protocol

import pytest

from gongxue_chassis.inbox import BrokerInbox, Delivery
from gongxue_chassis.memory_bus import MemoryBroker, MemoryInbox
from gongxue_chassis.publisher import MessageSink, Outgoing, Publisher
from installation.bus import USERS, Bus, definitions

FACTS = "notification.facts"


class House(Protocol):
    sink: MessageSink

    def inbox(self, *queues: str) -> Any: ...


class InMemory:
    def __init__(self) -> None:
        self.sink = MemoryBroker(definitions(Bus(passwords=dict.fromkeys(USERS, "-"))))

    def inbox(self, *queues: str) -> MemoryInbox:
        return self.sink.inbox(queues)

    def end(self, inbox: MemoryInbox) -> None:
        inbox.stop()
        inbox.close()


class OnRabbitMQ:
    def __init__(self, uri: str) -> None:
        self._uri = uri
        self.sink = Publisher(uri, "test")
        self._loops: dict[int, threading.Thread] = {}

    def inbox(self, *queues: str) -> BrokerInbox:
        inbox = BrokerInbox(self._uri, "test", queues, prefetch=1_000)
        self._loops[id(inbox)] = threading.Thread(target=inbox.run)
        self._loops[id(inbox)].start()
        return inbox

    def end(self, inbox: BrokerInbox) -> None:
        inbox.stop()
        inbox.close()
        self._loops[id(inbox)].join(10)
        assert not self._loops[id(inbox)].is_alive()


@pytest.fixture(params=["memory", "rabbitmq"])
def house(request: pytest.FixtureRequest) -> Iterator[Any]:
    if request.param == "memory":
        yield InMemory()
        return
    on_rabbitmq = OnRabbitMQ(request.getfixturevalue("amqp_uri"))
    yield on_rabbitmq
    on_rabbitmq.sink.close()


def fact(number: int, key: str = "nchu.registration.seat_confirmed.v1") -> Outgoing:
    return Outgoing("events", key, f"{number}".encode(), "text/plain", f"m-{number}", {"n": number})


def take(inbox: Any, count: int) -> list[Delivery]:
    """Exactly this many, however they are batched."""
    taken: list[Delivery] = []
    while len(taken) < count:
        taken += inbox.take(count - len(taken))
    return taken


def bodies(deliveries: list[Delivery]) -> list[bytes]:
    return [delivery.body for delivery in deliveries]


def test_messages_come_in_order_with_all_that_they_carried(house: Any) -> None:
    inbox = house.inbox(FACTS)
    house.sink.publish([fact(n) for n in range(450)])
    taken = take(inbox, 450)
    assert bodies(taken) == [f"{n}".encode() for n in range(450)]
    last = taken[-1]
    assert (last.queue, last.content_type, last.message_id, last.headers, last.reply_to) == (
        FACTS,
        "text/plain",
        "m-449",
        {"n": 449},
        None,
    )
    inbox.ack(taken)
    house.end(inbox)


def test_take_gives_what_is_there_and_not_more_than_asked(house: Any) -> None:
    inbox = house.inbox(FACTS)
    house.sink.publish([fact(n) for n in range(5)])
    first = take(inbox, 2)
    assert bodies(first) == [b"0", b"1"]
    assert bodies(take(inbox, 3)) == [b"2", b"3", b"4"]
    house.end(inbox)


def test_a_batch_that_is_whole_waits_for_nothing(house: Any) -> None:
    inbox = house.inbox(FACTS)
    house.sink.publish([fact(n) for n in range(3)])
    assert bodies([inbox.take(1, 3_600)[0] for _ in range(3)]) == [b"0", b"1", b"2"]
    house.end(inbox)


def test_what_was_not_acknowledged_comes_again(house: Any) -> None:
    house.sink.publish([fact(n) for n in range(4)])
    inbox = house.inbox(FACTS)
    taken = take(inbox, 4)
    inbox.ack(taken[:2])
    house.end(inbox)
    again = house.inbox(FACTS)
    assert bodies(take(again, 2)) == [b"2", b"3"]
    house.end(again)


def test_what_is_acknowledged_out_of_order_takes_nothing_else_with_it(house: Any) -> None:
    house.sink.publish([fact(n) for n in range(4)])
    inbox = house.inbox(FACTS)
    taken = take(inbox, 4)
    inbox.ack(taken[2:])
    house.end(inbox)
    again = house.inbox(FACTS)
    assert bodies(take(again, 2)) == [b"0", b"1"]
    house.end(again)


def test_a_queue_hears_only_the_keys_it_asked_for(house: Any) -> None:
    notification, gateway = house.inbox(FACTS), house.inbox("gateway.facts")
    house.sink.publish([fact(1, "center.directory.school_admitted.v1"), fact(2)])
    assert bodies(take(gateway, 2)) == [b"1", b"2"]
    assert bodies(take(notification, 1)) == [b"2"]
    house.end(notification)
    house.end(gateway)


def test_commands_of_one_stream_meet_in_one_partition(house: Any) -> None:
    queues = [f"commands.registration.{number}" for number in range(4)]
    key = "center.registration.Register"
    house.sink.publish(
        [
            Outgoing(
                "commands", key, f"{stream}".encode(), "text/plain", headers={"stream": f"activity:{stream}"}
            )
            for _ in range(3)
            for stream in range(40)
        ]
    )
    inbox = house.inbox(*queues)
    where: dict[bytes, set[str]] = {}
    for delivery in take(inbox, 120):
        where.setdefault(delivery.body, set()).add(delivery.queue)
    assert all(len(partitions) == 1 for partitions in where.values())
    assert len(set.union(*where.values())) > 1
    house.end(inbox)


def test_what_a_service_asks_of_itself_meets_the_other_commands_of_the_stream(house: Any) -> None:
    queues = [f"commands.registration.{number}" for number in range(4)]
    house.sink.publish(
        [
            Outgoing(
                exchange,
                "center.registration.CloseActivity",
                f"{stream}".encode(),
                "text/plain",
                headers={"stream": f"activity:{stream}"},
            )
            for exchange in ("commands", "commands.registration")
            for stream in range(40)
        ]
    )
    inbox = house.inbox(*queues)
    where: dict[bytes, list[str]] = {}
    for delivery in take(inbox, 80):
        where.setdefault(delivery.body, []).append(delivery.queue)
    assert len(where) == 40
    assert all(first == second for first, second in where.values())
    house.end(inbox)


def test_a_command_that_no_service_takes_is_parked(house: Any) -> None:
    house.sink.publish([Outgoing("commands", "center.nobody.Register", b"lost?", "text/plain")])
    inbox = house.inbox("parking.unroutable")
    assert bodies(take(inbox, 1)) == [b"lost?"]
    house.end(inbox)


def test_a_stopped_inbox_hands_out_nothing(house: Any) -> None:
    inbox = house.inbox(FACTS)
    waiting: list[list[Delivery]] = []
    reader = threading.Thread(target=lambda: waiting.append(inbox.take(1)))
    reader.start()
    inbox.stop()
    reader.join(10)
    assert waiting == [[]]
    house.end(inbox)
