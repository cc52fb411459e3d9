"""`kill -9` exactly between decide and commit, commit and reply, reply and acknowledgement, publish and mark.

Whatever the point, after a restart: the command took effect once, whoever asked is answered, and the facts are told.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from toys.waiting import eventually

from gongxue_chassis.inbox import BrokerInbox
from gongxue_chassis.log.mongo import connect
from gongxue_chassis.publisher import Outgoing, Publisher
from gongxue_chassis.publisher import connect as connect_bus
from gongxue_contracts.envelope import BATCH, CloudEvent, batch_from_json, batch_to_json, from_json

SCHOOL = "nchu"
STREAM = f"school:{SCHOOL}"
CENTER = {"person": "p-center", "school": "center", "role": "center"}
PROFILE = {"name": {"zh": "國立中興大學", "en": "National Chung Hsing University"}, "county": "taichung"}


def command(name: str, **data: Any) -> CloudEvent:
    return CloudEvent(
        id=str(uuid4()),
        source="/center/gateway",
        type=f"directory.{name}.v1",
        subject=STREAM,
        time=datetime.now(UTC),
        data={"by": CENTER, "school": SCHOOL, **data},
    )


class Gateway:
    """Asks as the gateway does, hears answers on a reply queue of its own and facts on `gateway.facts`."""

    def __init__(self, uri: str) -> None:
        self.answers: list[CloudEvent] = []
        self.facts: list[CloudEvent] = []
        self._publisher = Publisher(uri, "test")
        self._connection = connect_bus(uri, "test replies")
        self._channel = self._connection.channel()
        self._channel.queue_declare("replies.test", exclusive=True, auto_delete=True)
        self._channel.queue_bind("replies.test", "replies", "test")
        self._inbox = BrokerInbox(uri, "test facts", ["gateway.facts"], prefetch=100)
        self._loops = [threading.Thread(target=self._inbox.run), threading.Thread(target=self._hear_facts)]
        for loop in self._loops:
            loop.start()

    def ask(self, *commands: CloudEvent) -> None:
        key = f"center.directory.{commands[0].type.split('.')[1]}"
        body = batch_to_json(list(commands))
        self._publisher.publish(
            [Outgoing("commands", key, body, BATCH, headers={"stream": STREAM}, reply_to="test")]
        )

    def answered(self) -> list[CloudEvent]:
        while message := self._channel.basic_get("replies.test", no_ack=True):
            self.answers += batch_from_json(message.body)
        return self.answers

    def close(self) -> None:
        self._inbox.stop()
        self._inbox.close()
        for loop in self._loops:
            loop.join()
        self._connection.release()
        self._publisher.close()

    def _hear_facts(self) -> None:
        while deliveries := self._inbox.take(100):
            self.facts += [from_json(delivery.body) for delivery in deliveries]
            self._inbox.ack(deliveries)


@pytest.fixture
def gateway(amqp_uri: str) -> Iterator[Gateway]:
    gateway = Gateway(amqp_uri)
    yield gateway
    gateway.close()


@pytest.fixture
def commits(mongo_uri: str) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    database = connect(mongo_uri)
    yield lambda: list(database["commits"].find({"stream": STREAM}).sort("seq", 1))
    database.client.close()


@pytest.mark.parametrize(
    ("point", "answers_before", "pending_before"),
    [("decided", 0, []), ("committed", 0, [True]), ("replied", 1, None), ("published", None, [True])],
)
def test_after_a_kill_at_any_point_the_command_took_effect_once(
    start: Callable[..., Any],
    gateway: Gateway,
    commits: Any,
    point: str,
    answers_before: int | None,
    pending_before: list[bool] | None,
) -> None:
    admit = command("AdmitSchool", profile={**PROFILE, "ror": None, "moe_code": None, "website": None})
    doomed = start("directory", CRASH_AT=point)
    gateway.ask(admit)
    assert doomed.wait() == -signal.SIGKILL
    if answers_before is not None:
        assert len(gateway.answered()) == answers_before
    if pending_before is not None:
        assert [commit.get("pending", False) for commit in commits()] == pending_before

    start("directory")
    eventually(lambda: gateway.answered() and gateway.facts)
    eventually(lambda: [commit.get("pending") for commit in commits()] == [None])
    [commit] = commits()
    assert [fact["type"] for fact in commit["facts"]] == ["SchoolAdmitted"]
    assert {answer.data["outcome"] for answer in gateway.answers} == {"accepted"}
    assert {answer.causationid for answer in gateway.answers} == {admit.id}
    assert {fact.id for fact in gateway.facts} == {f"{STREAM}@1.0"}


def test_asked_again_after_the_crash_it_gets_the_first_answer(
    start: Callable[..., Any], gateway: Gateway, commits: Any
) -> None:
    admit = command("AdmitSchool", profile={**PROFILE, "ror": None, "moe_code": None, "website": None})
    doomed = start("directory", CRASH_AT="replied")
    gateway.ask(admit)
    doomed.wait()
    gateway.ask(admit)
    start("directory")
    first, *others = eventually(lambda: found if len(found := gateway.answered()) == 3 else None)
    assert [answer.data for answer in others] == [first.data, first.data]
    assert len(commits()) == 1
