"""Giving people roles in a running network, as the operator of its machine does."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from pymongo import MongoClient
from toys.waiting import eventually

from gateway.access.roles import OF_NETWORK, id_of
from gateway.read_model.generations import read_pointer
from gongxue_chassis.publisher import Outgoing, Publisher
from gongxue_contracts import catalogue
from gongxue_contracts.envelope import BATCH, CloudEvent, batch_to_json
from onemachine.stack import Stack

GRANT = "directory.GrantRole.v1"

Role = tuple[str, str, str]
"""Scope (a school, or `center`), person, role."""


def give(stack: Stack, *roles: Role) -> None:
    """Let people hold roles for good; return when whoever signs in has them."""
    publisher = Publisher(stack.broker.amqp_uri, "offices")
    try:
        publisher.publish([_wish(*role) for role in roles])
    finally:
        publisher.close()
    with MongoClient[dict[str, Any]](stack.store.mongo_uri, tz_aware=True) as client:
        database = client["gateway"]
        wanted = {"_id": {"$in": [id_of(*role) for role in roles]}, "revoked": False}
        held = database[f"roles{read_pointer(database).active}"]
        eventually(lambda: held.count_documents(wanted) == len(set(roles)), 30)


def _wish(scope: str, person: str, role: str) -> Outgoing:
    acts_as = "operator" if role in OF_NETWORK else "center"
    by = {"person": "operator", "school": "center", "role": acts_as}
    term = {"starts_on": None, "ends_on": None}
    command = CloudEvent(
        id=str(uuid.uuid4()),
        source="/center/gateway",
        type=GRANT,
        subject=f"roles:{scope}",
        time=datetime.now(UTC),
        data=catalogue.write(GRANT, {"by": by, "scope": scope, "person": person, "role": role, **term}),
    )
    key = catalogue.command_key("center", GRANT)
    return Outgoing("commands", key, batch_to_json([command]), BATCH, command.id, {"stream": command.subject})
