"""A partner's own queue on the bus hears of a registration, and nothing in it tells who the person is."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from toys.waiting import eventually

from gongxue_chassis.publisher import connect
from onemachine.stack import Stack

QUEUE = "partner.ntu.test"


@pytest.fixture
def partner(demo_stack: Stack) -> Iterator[Any]:
    """A channel whose queue hears all that belongs to National Chung Hsing University."""
    with connect(demo_stack.broker.amqp_uri, "partner") as connection:
        channel = connection.channel()
        channel.queue_declare(QUEUE, durable=True, auto_delete=False)
        channel.queue_bind(QUEUE, "events", "nchu.registration.#")
        yield channel
        channel.queue_delete(QUEUE)


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    """The contracts as a partner without Python has them."""
    subprocess.run([sys.executable, "-m", "gongxue_contracts", "export", str(tmp_path)], check=True)
    return tmp_path


def test_a_partners_queue_hears_the_fact_and_no_personal_data(
    demo_stack: Stack, partner: Any, schemas: Path
) -> None:
    with httpx.Client(base_url=demo_stack.url) as person:
        me = person.post("/api/v1/session", json={"person": "fju-staff-1"}).json()["person"]
        answer = person.post(
            "/api/v1/activities/co-training-nchu/registrations",
            json={"pool": "online"},
            headers={"Idempotency-Key": "heard-by-a-partner"},
        )
    assert answer.status_code == 201
    message = eventually(lambda: partner.basic_get(QUEUE, no_ack=True))
    fact = json.loads(message.body)
    jsonschema.validate(fact, json.loads((schemas / f"{fact['type']}.json").read_text()))
    assert message.delivery_info["routing_key"] == "nchu.registration.seat_confirmed.v1"
    assert (fact["type"], fact["tenant"]) == ("registration.seat_confirmed.v1", "nchu")
    assert fact["data"]["registration"] == answer.json()["id"]
    assert fact["data"]["person"] == me["id"]
    for personal in (me["name"], me["email"]):
        assert personal not in json.dumps(fact, ensure_ascii=False)
