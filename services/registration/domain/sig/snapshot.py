"""A SIG's state in small pieces of plain values, and back.

The first piece is the head; each of the others holds people, `[person, school]` by what they are, meetings or records.
Days are ISO 8601 text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date
from itertools import islice
from typing import Any

from registration.domain.sig.parts import Actor, Charter, Convenor, Record, Text
from registration.domain.sig.state import Sig

A_PIECE = 1_000
RECORDS_A_PIECE = 50
"""Each may have words of 20,000 characters."""
PEOPLE = ("members", "requested", "invited")


def dump(sig: Sig) -> Iterator[dict[str, Any]]:
    """The pieces of a state, made as they are taken: the state must not change meanwhile."""
    yield {
        "id": sig.id,
        "phase": sig.phase,
        "charter": sig.charter and asdict(sig.charter),
        "proposer": sig.proposer and asdict(sig.proposer),
        "supporters": list(sig.supporters),
        "since": _text(sig.since),
        "until": _text(sig.until),
        "submitted": sig.submitted,
        "schools": list(sig.schools),
        "convenors": [_days_out(asdict(one), "starts_on", "ends_on") for one in sig.convenors],
    }
    for name in PEOPLE:
        yield from _pieces(name, ([*pair] for pair in getattr(sig, name).items()), A_PIECE)
    yield from _pieces("meetings", ([id, held.isoformat()] for id, held in sig.meetings.items()), A_PIECE)
    plain = (_days_out(asdict(one), "held_on") for one in sig.records.values())
    yield from _pieces("records", plain, RECORDS_A_PIECE)


def load(pieces: Iterable[dict[str, Any]]) -> Sig:
    """The state of which `dump` made the pieces. They have to come in the order in which it gave them."""
    sig = Sig()
    for piece in pieces:
        if "phase" in piece:
            _begin(sig, piece)
        for name in PEOPLE:
            getattr(sig, name).update(piece.get(name, ()))
        sig.meetings.update((id, date.fromisoformat(held)) for id, held in piece.get("meetings", ()))
        sig.records.update((one["record"], _record(one)) for one in piece.get("records", ()))
    return sig


def _pieces(name: str, lines: Iterator[Any], most: int) -> Iterator[dict[str, Any]]:
    while piece := list(islice(lines, most)):
        yield {name: piece}


def _begin(sig: Sig, head: dict[str, Any]) -> None:
    sig.id = head.get("id", "")  # older snapshots have none: the next fact tells
    sig.phase, sig.submitted = head["phase"], head["submitted"]
    sig.charter = head["charter"] and _charter(head["charter"])
    sig.proposer = head["proposer"] and Actor(**head["proposer"])
    sig.supporters, sig.schools = tuple(head["supporters"]), tuple(head["schools"])
    sig.since, sig.until = _day(head["since"]), _day(head["until"])
    sig.convenors = tuple(
        Convenor(one["person"], date.fromisoformat(one["starts_on"]), date.fromisoformat(one["ends_on"]))
        for one in head["convenors"]
    )


def _charter(plain: dict[str, Any]) -> Charter:
    return Charter(**{**plain, **{name: Text(**plain[name]) for name in ("title", "goals", "scope")}})


def _record(plain: dict[str, Any]) -> Record:
    return Record(
        **{
            **plain,
            "title": Text(**plain["title"]),
            "held_on": date.fromisoformat(plain["held_on"]),
            "text": Text(**plain["text"]) if plain["text"] else None,
            "schools": tuple(plain["schools"]),
        }
    )


def _days_out(plain: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value.isoformat() if name in names else value for name, value in plain.items()}


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
