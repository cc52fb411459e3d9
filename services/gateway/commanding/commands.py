"""Wishes as commands for the bus."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from gateway.actions import Person
from gateway.people import SOURCE
from gateway.serving import trace
from gongxue_contracts import catalogue
from gongxue_contracts.envelope import CloudEvent

KEYS = uuid.UUID("6d5a6a9e-6f0e-5c57-9d0c-5f3c5a1b7e11")
"""Name space of command ids. It never changes: ids made of the same key must stay the same."""


def command_id(person: str, stream: str, key: str) -> str:
    """The id of what a person asks of a stream under an idempotency key.

    The stream is part of it: the same key used for two activities must never name one registration.
    """
    return str(uuid.uuid5(KEYS, f"{person}\n{stream}\n{key}"))


def command(type: str, stream: str, data: Mapping[str, Any], *, id: str, wait: float) -> CloudEvent:
    """The command of the request in hand. `wait` seconds from now nobody waits for the answer any more.

    Raises WrongSchema when the data break the contract.
    """
    now = datetime.now(UTC)
    traceparent = trace.current.get(None) or trace.parent(None)
    return CloudEvent(
        id=id,
        source=SOURCE,
        type=type,
        subject=stream,
        time=now,
        data=catalogue.write(type, data),
        correlationid=traceparent[3:35],
        traceparent=traceparent,
        deadline=now + timedelta(seconds=wait),
    )


def actor(person: Person, role: str) -> dict[str, str]:
    """Who gives a command, in the role that the table of permissions names for it."""
    return {"person": person.id, "school": person.school, "role": role}
