"""The AsyncAPI document: what partners may hear and send, and nothing else; AsyncAPI's own parser accepts it."""

from __future__ import annotations

import copy
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from toys.node import node

from gongxue_contracts import asyncapi, catalogue

HERE = Path(__file__).parent / "asyncapi"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return asyncapi.document()


def complaints(document: dict[str, Any]) -> list[str]:
    told = subprocess.run(
        [node(HERE), str(HERE / "validate.mjs")],
        input=json.dumps(document),
        capture_output=True,
        text=True,
        check=True,
    )
    return [f"{said['path']}: {said['message']}" for said in json.loads(told.stdout)]


def test_its_parser_has_nothing_to_complain_of(document: dict[str, Any]) -> None:
    assert complaints(document) == []


def test_its_parser_notices_what_is_wrong(document: dict[str, Any]) -> None:
    wrong = copy.deepcopy(document)
    wrong["channels"]["registration.seat_confirmed.v1"]["bindings"]["amqp"]["exchange"]["durable"] = "always"

    assert any(
        said.startswith("channels/registration.seat_confirmed.v1/bindings/amqp") for said in complaints(wrong)
    )


def test_what_is_published_is_received_and_what_is_wished_is_sent(document: dict[str, Any]) -> None:
    told = {name: operation["action"] for name, operation in document["operations"].items()}

    actions = {"fact": "receive", "command": "send"}
    public = [entry for entry in catalogue.entries() if entry.kind in actions]
    assert told == {f"{actions[entry.kind]}.{entry.type}": actions[entry.kind] for entry in public}
    assert list(document["channels"]) == [entry.type for entry in public]


def test_a_channel_says_where_on_the_bus_it_is(document: dict[str, Any]) -> None:
    heard = document["channels"]["registration.seat_confirmed.v1"]
    sent = document["channels"]["registration.Register.v1"]

    assert (heard["address"], heard["bindings"]["amqp"]["exchange"]["name"]) == (
        "{tenant}.registration.seat_confirmed.v1",
        "events",
    )
    assert (sent["address"], sent["bindings"]["amqp"]["exchange"]["name"]) == (
        "{provider}.registration.Register",
        "commands",
    )
