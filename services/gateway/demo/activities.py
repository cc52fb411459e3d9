"""The demo's activities and roles as commands, the same ones whenever they are made.

`activities.json` has the activities. Of the real ones, titles, hosts and days are true; times of day and numbers of
seats are made up. The others take place some days after the demo was first loaded, so that one can register.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from gateway.access.roles import scope_of
from gateway.actions import Person
from gateway.demo import sigs
from gongxue_contracts import catalogue
from gongxue_contracts.envelope import CloudEvent

TAIPEI = ZoneInfo("Asia/Taipei")
CENTER = "center"
MACHINE = {"person": "operator", "school": CENTER, "role": "operator"}
FOR_GOOD = {"starts_on": None, "ends_on": None}
DETAILS = ("kind", "title", "summary", "venue", "theme", "sdgs", "pools", "waiting_limit")

_FILE = Path(__file__).parent / "activities.json"
_DEMO = UUID("0e6a7f0c-3f1d-5b0e-8f0a-64b8a3c4d1e2")


class Wishes:
    """Makes the commands of a demo with these people, at this moment."""

    def __init__(self, people: list[Person], now: datetime) -> None:
        self._people = {person.id: person for person in people}
        self._now = now

    def bundles(self) -> Iterator[list[CloudEvent]]:
        """What is wished of one stream each, in order: roles of the network, of the schools, activities, SIGs."""
        center = next(person for person in self._people.values() if CENTER in person.roles)
        for role in ("operator", CENTER):
            yield from self._grants(role, MACHINE)
        for role in ("window", "host"):
            yield from self._grants(role, _actor(center))
        for activity in json.loads(_FILE.read_text(encoding="utf-8")):
            yield list(self._activity(activity))
        yield from sigs.bundles(self._people, self._now, self._command)

    def _grants(self, role: str, by: dict[str, str]) -> Iterator[list[CloudEvent]]:
        for person in self._people.values():
            if role in person.roles:
                scope = scope_of(role, person.school)
                data = {"by": by, "scope": scope, "person": person.id, "role": role, **FOR_GOOD}
                yield [self._command("directory.GrantRole.v1", f"roles:{scope}", data, f"{person.id} {role}")]

    def _activity(self, activity: dict[str, Any]) -> Iterator[CloudEvent]:
        host = self._people[activity["by"]]
        stream = f"activity:{activity['id']}"
        by = {"by": _actor(host), "activity": activity["id"]}
        starts_at = _starts_at(activity["when"], self._now)
        details = {name: activity[name] for name in DETAILS} | {
            "host": host.school,
            "county": activity.get("county"),
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=activity["when"]["hours"]),
        }
        yield self._command("registration.DraftActivity.v1", stream, by | {"details": details})
        then = activity.get("then", "published")
        if then != "draft":
            yield self._command("registration.PublishActivity.v1", stream, by)
        for registration in activity.get("registrations", ()):
            yield self._register(stream, activity["id"], **registration)
        if then == "closed":
            yield self._command("registration.CloseActivity.v1", stream, by)
        if then == "cancelled":
            reason = {"reason": activity["reason"]}
            yield self._command("registration.CancelActivity.v1", stream, by | reason)

    def _register(self, stream: str, activity: str, person: str, pool: str) -> CloudEvent:
        data = {
            "activity": activity,
            "registration": _id("registration.Register.v1", stream, person),
            "person": person,
            "school": self._people[person].school,
            "pool": pool,
            "waiting_list": True,
        }
        return self._command("registration.Register.v1", stream, data, person)

    def _command(self, wire_type: str, stream: str, data: dict[str, Any], whose: str = "") -> CloudEvent:
        id_ = _id(wire_type, stream, whose)
        return CloudEvent(
            id=id_,
            source="/center/gateway",
            type=wire_type,
            subject=stream,
            time=self._now,
            data=catalogue.write(wire_type, data),
            correlationid=id_,
        )


def _id(wire_type: str, stream: str, person: str) -> str:
    """The same wish has the same id for ever, so that whoever decides it does so once."""
    return str(uuid5(_DEMO, f"{wire_type} {stream} {person}"))


def _actor(person: Person) -> dict[str, str]:
    role = CENTER if CENTER in person.roles else "host"
    return {"person": person.id, "school": person.school, "role": role}


def _starts_at(when: dict[str, Any], now: datetime) -> datetime:
    if "on" in when:
        day = date.fromisoformat(when["on"])
    else:
        day = now.astimezone(TAIPEI).date() + timedelta(days=when["in_days"])
    return datetime.combine(day, time.fromisoformat(when["at"]), TAIPEI)
