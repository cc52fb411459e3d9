"""A SIG's term ends by itself: set by a commit, told when its day is over, closed once."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from toys.waiting import eventually

from gongxue_chassis.log.mongo import MongoCommitStore, connect
from gongxue_chassis.log.runner import Runner
from gongxue_chassis.memory_bus import MemoryBroker
from gongxue_chassis.relay import Relay
from gongxue_chassis.timekeeping import Timekeeper
from gongxue_contracts import catalogue
from gongxue_contracts.envelope import CloudEvent, batch_from_json
from installation.bus import PARTITIONS, USERS, Bus, definitions
from registration.domain.sig.state import Sig
from registration.sig_schemas import SIG

NAME = f"soil-{uuid.uuid4().hex[:6]}"
STREAM = f"sig:{NAME}"
CENTER = {"person": "lin", "school": "center", "role": "center"}
PROPOSER = {"person": "hung", "school": "npust", "role": "staff"}
TEXT = {"zh": "里山", "en": ""}
CHARTER = {"title": TEXT, "theme": "environment", "goals": TEXT, "scope": TEXT, "joining": "open"}


@dataclass
class Clock:
    """Tells the time that it is set to."""

    now: datetime = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def wish(name: str, clock: Clock, by: dict[str, str], **data: Any) -> CloudEvent:
    type, now = f"registration.{name}.v1", clock()
    return CloudEvent(
        id=str(uuid.uuid4()),
        source="/center/gateway",
        type=type,
        subject=STREAM,
        time=now,
        data=catalogue.write(type, {"by": by, "sig": NAME, **data}),
        deadline=now + timedelta(seconds=5),
    )


def test_a_sig_whose_term_is_over_closes_and_can_be_reopened(mongo_uri: str) -> None:
    database, clock = connect(mongo_uri), Clock()
    store = MongoCommitStore(database)
    broker = MemoryBroker(definitions(Bus(passwords=dict.fromkeys(USERS, "-"))))
    runner: Runner[Sig] = Runner(SIG, store, clock)
    keeper = Timekeeper("registration", store, broker, clock)
    relay = Relay(store, lambda _: runner.translation, broker)
    runner.on_commit, relay.on_timers = relay.committed, keeper.look
    loops = [threading.Thread(target=one.run) for one in (relay, keeper)]
    for loop in loops:
        loop.start()
    until = (clock() + timedelta(days=300)).date()

    def ask(name: str, by: dict[str, str], **data: Any) -> None:
        [answer] = runner.answer(STREAM, [wish(name, clock, by, **data)])
        assert answer.outcome == "accepted", answer

    def told() -> CloudEvent | None:
        queues = [f"commands.registration.{number}" for number in range(PARTITIONS["registration"])]
        found = [delivery for queue in queues if (delivery := broker.take_one(queue))]
        return batch_from_json(found[0].body)[0] if found else None

    try:
        ask("ProposeSig", PROPOSER, charter=CHARTER)
        for school in ("nchu", "pu", "npust"):
            ask("SupportSig", {"person": f"w-{school}", "school": school, "role": "window"}, school=school)
        ask("CharterSig", CENTER, until=until)
        eventually(lambda: store.armed(1))
        [armed] = store.armed(1)
        assert armed.next == datetime(until.year, until.month, until.day, 16, tzinfo=UTC)
        clock.now = armed.next
        keeper.look()
        command = eventually(told)
        assert command
        answers = runner.answer(STREAM, [command, command])
        assert [answer.outcome for answer in answers] == ["accepted", "accepted"]
        state = runner.streams.get(STREAM).state
        assert (state.phase, store.armed(1)) == ("closed", [])
        ask("ReopenSig", CENTER, until=until + timedelta(days=300))
        eventually(lambda: store.armed(1))
    finally:
        for one in (relay, keeper):
            one.stop()
        for loop in loops:
            loop.join(10)
        database.client.close()
