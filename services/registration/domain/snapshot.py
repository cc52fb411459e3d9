"""An activity's state in small pieces of plain values, and back.

The first piece is the head: phase and details, times as ISO 8601 text. Each of the others holds registrations,
one list `[id, person, school, pool, status]` for each, in the order they came; all else is counted from these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from typing import Any

from registration.domain.activity import Activity, Registration
from registration.domain.details import Details, Text
from registration.domain.seats import SeatPool

REGISTRATIONS_A_PIECE = 1_000


def dump(state: Activity) -> Iterator[dict[str, Any]]:
    """The pieces of a state, made as they are taken: the state must not change meanwhile."""
    yield {"phase": state.phase, "details": _plain(state.details) if state.details else None}
    rows = ([id, *_row(held)] for id, held in state.registrations.items())
    while piece := list(islice(rows, REGISTRATIONS_A_PIECE)):
        yield {"registrations": piece}


def load(pieces: Iterable[dict[str, Any]]) -> Activity:
    """The state of which `dump` made the pieces. They have to come in the order in which it gave them."""
    state = Activity()
    for piece in pieces:
        if "phase" in piece:
            _begin(state, piece)
        for id, *row in piece.get("registrations", ()):
            _seat(state, id, Registration(*row))
    return state


def _row(held: Registration) -> tuple[str, ...]:
    return held.person, held.school, held.pool, held.status


def _begin(state: Activity, head: Mapping[str, Any]) -> None:
    state.phase = head["phase"]
    if head["details"] is None:
        return
    state.details = _details(head["details"])
    if state.phase != "draft":
        state.pools = {name: SeatPool(limit) for name, limit in state.details.pools.items()}


def _seat(state: Activity, id: str, held: Registration) -> None:
    state.registrations[id] = held
    if held.status == "cancelled":
        return
    state.live[held.person] = id
    if held.status == "confirmed":
        state.pools[held.pool].taken += 1
    else:
        # Who waits came in the order of all registrations, so that walking these forms the line anew.
        state.pools[held.pool].waiting[id] = None


def _plain(details: Details) -> dict[str, Any]:
    return {
        **asdict(details),
        "starts_at": details.starts_at.isoformat(),
        "ends_at": details.ends_at.isoformat(),
    }


def _details(plain: Mapping[str, Any]) -> Details:
    return Details(
        **{
            **plain,
            "title": Text(**plain["title"]),
            "summary": Text(**plain["summary"]),
            "venue": Text(**plain["venue"]) if plain["venue"] else None,
            "starts_at": datetime.fromisoformat(plain["starts_at"]),
            "ends_at": datetime.fromisoformat(plain["ends_at"]),
            "sdgs": tuple(plain.get("sdgs", ())),
        }
    )
