"""Timers: what a stream wants to be told, and when, until it is told.

An aggregate derives them from its state. A commit that changes them holds all of them, in the order of their names:

    "timers": [{"name": "floor", "at": datetime (UTC, ms), "type": "registration.ReleaseFloor.v1", "data": {…},
                "since": 12}, …]

`since` is the number of the commit that brought the timer as it is. Stream, `since` and name make the id of its
command: however often it is told, the stream answers it once; and what is wanted anew after it was told is another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from gongxue_chassis.aggregate import Timer
from gongxue_chassis.log.commit import Document, commit_id
from gongxue_chassis.origin import source
from gongxue_contracts import catalogue
from gongxue_contracts.envelope import CloudEvent

_TIMERS = UUID("c3f1b0de-5f0c-5e0a-8a53-6a0d1c1f4e77")


def written(wanted: Mapping[str, Timer], before: list[Document], seq: int) -> list[Document]:
    """The timers as commit `seq` writes them down; one that was there `before` stays just as it was.

    Raises ContractError for data that does not fit its type.
    """
    known = {one["name"]: one for one in before}
    found = []
    for name in sorted(wanted):
        timer = wanted[name]
        data = catalogue.write(timer.type, timer.data)
        one = {"name": name, "at": _not_before(timer.at), "type": timer.type, "data": data}
        old = known.get(name, {})
        found.append({**one, "since": old["since"] if one.items() <= old.items() else seq})
    return found


def command(service: str, stream: str, timer: Document) -> CloudEvent:
    """The command that a written timer becomes. It is of the moment that it was set to, whenever it is told."""
    id = str(uuid5(_TIMERS, f"{stream}@{timer['since']}/{timer['name']}"))
    return CloudEvent(
        id=id,
        source=source(service),
        type=timer["type"],
        subject=stream,
        time=timer["at"],
        data=timer["data"],
        correlationid=id,
        causationid=commit_id(stream, timer["since"]),
    )


def _not_before(at: datetime) -> datetime:
    """The moment, or the next that the log can hold: it has milliseconds, and nothing is told too early."""
    return at + timedelta(microseconds=-at.microsecond % 1000)
