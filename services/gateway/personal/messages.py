"""What the gateway tells about people's data: to our own services on `private`, to everybody on `events`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gateway.people import SOURCE
from gongxue_contracts import catalogue
from gongxue_contracts.envelope import CloudEvent

ERASURE_ASKED = "gateway.erasure_asked.v1"
EXPORT_ASKED = "gateway.export_asked.v1"
PERSON_ERASED = "gateway.person_erased.v1"


def erasure_asked(person: str, erasure: str, asked_at: datetime, now: datetime) -> CloudEvent:
    """Our services are to forget the person."""
    data = {"person": person, "erasure": erasure, "asked_at": asked_at}
    return _private(ERASURE_ASKED, f"{erasure}.asked", person, data, now)


def export_asked(person: str, export: str, now: datetime) -> CloudEvent:
    """Our services are to say what they hold about the person."""
    return _private(EXPORT_ASKED, f"{export}.asked", person, {"person": person, "export": export}, now)


def person_erased(person: str, number: int, now: datetime) -> CloudEvent:
    """Everybody is to forget the person. `number` is the fact's in the stream of the person."""
    stream = f"person:{person}"
    return CloudEvent(
        id=f"{stream}@{number}.0",
        source=SOURCE,
        type=PERSON_ERASED,
        subject=stream,
        time=now,
        data=catalogue.write(PERSON_ERASED, {"person": person}),
        sequence=number,
    )


def _private(type: str, id: str, person: str, data: Mapping[str, Any], now: datetime) -> CloudEvent:
    written = catalogue.write(type, data)
    return CloudEvent(id=id, source=SOURCE, type=type, subject=f"person:{person}", time=now, data=written)
