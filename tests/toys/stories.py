"""Facts of one stream as they follow on each other, told by data."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import gongxue_contracts
from gongxue_contracts import catalogue
from gongxue_contracts.envelope import CloudEvent, from_dict

GOLDEN = Path(gongxue_contracts.__file__).parent / "golden"
STARTED = datetime(2023, 11, 9, 1, tzinfo=UTC)


def golden(type: str) -> CloudEvent:
    event = from_dict(json.loads((GOLDEN / f"{type}.json").read_text(encoding="utf-8")))
    return replace(event, data=catalogue.read(event.type, event.data))


class Story:
    """Facts of one stream, numbered and dated as they are told."""

    def __init__(self, stream: str) -> None:
        self.stream = stream
        self.facts: list[CloudEvent] = []

    def tell(self, type: str, **data: Any) -> CloudEvent:
        sample = golden(type)
        number = len(self.facts) + 1
        fact = replace(
            sample,
            id=f"{self.stream}@{number}.0",
            subject=self.stream,
            sequence=number,
            time=STARTED + timedelta(minutes=number),
            data={**sample.data, **data},
        )
        self.facts.append(fact)
        return fact


def seats(limit: int, taken: int, waiting: int) -> dict[str, Any]:
    return {"onsite": {"limit": limit, "taken": taken, "waiting": waiting}}


def an_activity() -> Story:
    story = Story("activity:talk")
    details = {**golden("registration.activity_published.v1").data["details"], "pools": {"onsite": 1}}
    changed = {**details, "title": {"zh": "新題目", "en": "New title"}}
    lin = {"registration": "r-lin", "person": "lin", "school": "nchu", "pool": "onsite", "activity": "talk"}
    wu = {"registration": "r-wu", "person": "wu", "school": "ncku", "pool": "onsite", "activity": "talk"}
    story.tell("registration.activity_drafted.v1", activity="talk", details=details)
    story.tell("registration.activity_published.v1", activity="talk", details=details, seats=seats(1, 0, 0))
    story.tell("registration.seat_confirmed.v1", **lin, seats=seats(1, 1, 0))
    story.tell("registration.placed_on_waiting_list.v1", **wu, place=1, seats=seats(1, 1, 1))
    story.tell(
        "registration.activity_changed.v1",
        activity="talk",
        details=changed,
        changed=["title"],
        seats=seats(1, 1, 1),
    )
    story.tell(
        "registration.registration_cancelled.v1", **lin, was="confirmed", by="person", seats=seats(1, 0, 1)
    )
    story.tell("registration.promoted_from_waiting_list.v1", **wu, seats=seats(1, 1, 0))
    story.tell("registration.activity_closed.v1", activity="talk")
    return story


def a_school() -> Story:
    story = Story("school:nchu")
    profile = {
        "name": {"zh": "甲", "en": "A"},
        "county": "taichung",
        "ror": None,
        "moe_code": "0005",
        "website": None,
    }
    described = {**profile, "county": "nantou", "summary": {"zh": "關於", "en": ""}}
    story.tell("directory.school_admitted.v1", school="nchu", profile=profile)
    story.tell(
        "directory.school_described.v1", school="nchu", profile=described, changed=["county", "summary"]
    )
    for former, name in (("甲", "乙"), ("乙", "丙")):
        story.tell(
            "directory.school_renamed.v1",
            school="nchu",
            name={"zh": name, "en": ""},
            former_name={"zh": former, "en": ""},
        )
    story.tell("directory.school_suspended.v1", school="nchu", reason="合併中")
    story.tell("directory.school_reinstated.v1", school="nchu")
    return story


def roles() -> Story:
    """At nchu: lin becomes host for a year, then for good, and loses it; wu becomes window."""
    story = Story("roles:nchu")
    center = {"person": "huang", "school": "center", "role": "center"}
    window = {"person": "wang", "school": "nchu", "role": "window"}
    lin = {"scope": "nchu", "person": "lin", "role": "host"}
    wu = {"scope": "nchu", "person": "wu", "role": "window"}
    year = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}
    ever = {"starts_on": None, "ends_on": None}
    story.tell("directory.role_granted.v1", **lin, **year, by=window)
    story.tell("directory.role_granted.v1", **wu, **ever, by=center)
    story.tell("directory.role_granted.v1", **lin, **ever, by=center)
    story.tell("directory.role_revoked.v1", **lin, reason="轉任他校", by=window)
    return story
