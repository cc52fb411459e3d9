"""The demo's SIGs as commands: one that works already, and a proposal that still looks for a school."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from gateway.actions import Person
from gongxue_contracts.envelope import CloudEvent

TAIPEI = ZoneInfo("Asia/Taipei")
CENTER = {"person": "center-1", "school": "center", "role": "center"}

_FILE = Path(__file__).parent / "sigs.json"

Command = Callable[[str, str, dict[str, Any], str], CloudEvent]
"""Makes a command of its name, stream and data; the last one tells apart several of a name."""


def bundles(people: Mapping[str, Person], now: datetime, command: Command) -> Iterator[list[CloudEvent]]:
    """What is wished of each SIG, in order."""
    today = now.astimezone(TAIPEI).date()
    for sig in json.loads(_FILE.read_text(encoding="utf-8")):
        yield list(_sig(sig, people, today, command))


def _sig(
    sig: dict[str, Any], people: Mapping[str, Person], today: date, command: Command
) -> Iterator[CloudEvent]:
    stream, proposer = f"sig:{sig['id']}", _as(people[sig["by"]], "staff")

    def ask(name: str, by: Mapping[str, str], whose: str = "", **data: Any) -> CloudEvent:
        whole = {"by": dict(by), "sig": sig["id"], **data}
        return command(f"registration.{name}.v1", stream, whole, whose)

    yield ask("ProposeSig", proposer, charter=sig["charter"])
    for id in sig["supporters"]:
        window = _as(people[id], "window")
        yield ask("SupportSig", window, id, school=window["school"])
    if "until" not in sig:
        return
    yield ask("CharterSig", CENTER, until=today + timedelta(days=sig["until"]["in_days"]))
    for id in sig["schools"]:
        window = _as(people[id], "window")
        yield ask("EnrolSchool", window, id, school=window["school"])
    for id in sig["members"]:
        yield ask("JoinSig", _as(people[id], "staff"), id)
    for meeting in sig["meetings"]:
        when = meeting["held_on"]
        to_come = isinstance(when, dict)
        held_on = today + timedelta(days=when["in_days"]) if to_come else date.fromisoformat(when)
        yield ask("LinkMeeting", proposer, meeting["activity"], activity=meeting["activity"], held_on=held_on)
    for record in sig["records"]:
        yield ask("AddRecord", proposer, record["record"], record={**record, "held_on": today})


def _as(person: Person, role: str) -> dict[str, str]:
    return {"person": person.id, "school": person.school, "role": role}
