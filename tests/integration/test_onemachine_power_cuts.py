"""Broker and store of one machine after `kill -9`: what they had confirmed is there, and goes where it went before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import amqp
import pytest
from pymongo import MongoClient
from toys.waiting import eventually

from onemachine.broker import OPERATOR, VHOST
from onemachine.services import Settings
from onemachine.stack import Stack
from onemachine.store import Outdated

STREAMS = [f"activity:a{number}" for number in range(40)]


@pytest.fixture(scope="module")
def bare(new_stack: Callable[..., Stack]) -> Stack:
    """Broker and store, without services."""
    return new_stack(Settings(services=()))


def connection(stack: Stack) -> Any:
    address = f"127.0.0.1:{stack.folder.port('amqp')}"
    opened = amqp.Connection(
        address, OPERATOR, stack.broker.password, virtual_host=VHOST, confirm_publish=True
    )
    opened.connect()
    return opened


def send(stack: Stack) -> None:
    """One command to each stream, confirmed."""
    with connection(stack) as opened:
        channel = opened.channel()
        for stream in STREAMS:
            message = amqp.Message(stream, delivery_mode=2, application_headers={"stream": stream})
            channel.basic_publish(message, exchange="commands", routing_key="center.registration.Register")


def received(stack: Stack) -> dict[str, str]:
    """Stream -> the partition that its command was in. Takes them away."""
    found: dict[str, str] = {}
    with connection(stack) as opened:
        channel = opened.channel()
        for number in range(4):
            queue = f"commands.registration.{number}"
            channel.basic_consume(queue, no_ack=True, callback=lambda m, to=queue: found.update({m.body: to}))
        while len(found) < len(STREAMS):
            opened.drain_events(timeout=20)
    return found


def test_commands_survive_the_broker_and_streams_keep_their_partitions(bare: Stack) -> None:
    send(bare)
    before = received(bare)
    assert set(before) == set(STREAMS)
    send(bare)
    bare.broker.kill()
    assert not bare.broker.process.running
    bare.broker.start()
    bare.wait_ready()
    assert received(bare) == before
    send(bare)
    assert received(bare) == before


def test_acknowledged_writes_survive_the_store(bare: Stack) -> None:
    def count() -> int:
        with MongoClient[dict[str, Any]](bare.store.uri_for("trial")) as client:
            return client.get_default_database()["kept"].count_documents({})

    for killed in range(1, 4):
        with MongoClient[dict[str, Any]](bare.store.uri_for("trial")) as client:
            kept = client.get_default_database()["kept"]
            for _ in range(20):
                kept.insert_one({})
        bare.store.kill()
        bare.store.start()
        bare.wait_ready()
        assert count() == 20 * killed


def test_the_port_mapper_may_die_without_the_broker_noticing(bare: Stack) -> None:
    bare.broker.mapper.kill9()
    bare.broker.mapper.start()
    bare.wait_ready()
    send(bare)
    assert len(received(bare)) == len(STREAMS)


def test_a_store_of_another_version_is_refused(bare: Stack) -> None:
    made_by = bare.store.data / "made-by"
    said = made_by.read_text()
    bare.store.stop()
    made_by.write_text("secantusdb==0.0.1")
    try:
        with pytest.raises(Outdated, match=r"was written by secantusdb==0\.0\.1, this is secantusdb==0\.7"):
            bare.store.start()
    finally:
        made_by.write_text(said)
    bare.store.start()
    bare.wait_ready()


def test_a_store_whose_making_was_interrupted_is_made_anew(bare: Stack) -> None:
    bare.store.kill()
    (bare.store.data / "made-by").unlink()
    bare.store.start()
    bare.wait_ready()
    with MongoClient[dict[str, Any]](bare.store.mongo_uri) as client:
        assert eventually(lambda: client.admin.command("ping")["ok"]) == 1
