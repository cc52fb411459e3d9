"""The read model: what each fact makes of the documents, in any order."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toys.collection import MemoryCollection

import gongxue_contracts
from gateway.read_model import puts
from gateway.storage import ACTIVITIES, REGISTRATIONS, SCHOOLS
from gongxue_chassis.projection import Facets
from gongxue_contracts import catalogue
from gongxue_contracts.envelope import CloudEvent, from_dict

GOLDEN = Path(gongxue_contracts.__file__).parent / "golden"
STARTED = datetime(2023, 11, 9, 1, tzinfo=UTC)
Documents = dict[str, dict[str, dict[str, Any]]]


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


def apply(facts: Iterable[CloudEvent]) -> Documents:
    collections = {name: MemoryCollection() for name in (ACTIVITIES, REGISTRATIONS, SCHOOLS)}
    writers = {name: Facets(collection) for name, collection in collections.items()}  # type: ignore[arg-type]
    for fact in facts:
        for put in puts([fact]):
            writers[put.collection].put(put.id, put.facet, put.sequence, put.fields)
        for writer in writers.values():
            writer.flush()
    return {name: collection.documents for name, collection in collections.items()}


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
    story.tell("directory.window_appointed.v1", school="nchu", person="lin")
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
    story.tell("directory.window_dismissed.v1", school="nchu", person="lin")
    story.tell("directory.window_appointed.v1", school="nchu", person="wu")
    return story


def test_an_activity_as_it_went() -> None:
    documents = apply(an_activity().facts)
    talk = documents[ACTIVITIES]["talk"]
    assert talk["title"] == {"zh": "新題目", "en": "New title"}
    assert (talk["status"], talk["listed"], talk["reason"]) == ("closed", True, None)
    assert talk["seats"] == seats(1, 1, 0)
    assert "pools" not in talk
    lin, wu = documents[REGISTRATIONS]["r-lin"], documents[REGISTRATIONS]["r-wu"]
    assert (lin["status"], lin["order"], lin["registered_at"]) == (
        "cancelled",
        3,
        STARTED + timedelta(minutes=3),
    )
    assert (wu["status"], wu["order"], wu["changed_at"]) == ("confirmed", 4, STARTED + timedelta(minutes=7))
    assert (wu["activity"], wu["person"], wu["school"], wu["pool"]) == ("talk", "wu", "ncku", "onsite")


def test_a_draft_is_not_listed_and_has_its_seats() -> None:
    talk = apply(an_activity().facts[:1])[ACTIVITIES]["talk"]
    assert (talk["status"], talk["listed"], talk["seats"]) == ("draft", False, seats(1, 0, 0))


def test_a_cancelled_activity_says_why() -> None:
    story = an_activity()
    story.tell("registration.activity_cancelled.v1", activity="talk", reason="颱風")
    talk = apply(story.facts)[ACTIVITIES]["talk"]
    assert (talk["status"], talk["reason"], talk["listed"]) == ("cancelled", "颱風", True)


def test_a_school_as_it_went() -> None:
    nchu = apply(a_school().facts)[SCHOOLS]["nchu"]
    assert (nchu["name"]["zh"], nchu["county"], nchu["summary"]["zh"]) == ("丙", "nantou", "關於")
    assert (nchu["status"], nchu["reason"], nchu["merged_into"]) == ("admitted", None, None)
    assert [nchu["former_names"][number]["name"]["zh"] for number in sorted(nchu["former_names"])] == [
        "甲",
        "乙",
    ]
    assert nchu["windows"] == {"lin": False, "wu": True}


def test_a_merged_school_names_the_other() -> None:
    story = a_school()
    story.tell("directory.school_merged.v1", school="nchu", into="ncku")
    nchu = apply(story.facts)[SCHOOLS]["nchu"]
    assert (nchu["status"], nchu["merged_into"]) == ("merged", "ncku")


@pytest.mark.parametrize(
    "type", sorted(one.type for one in catalogue.entries() if one.kind == "fact" or "drafted" in one.type)
)
def test_every_fact_of_the_network_has_a_place(type: str) -> None:
    assert puts([golden(type)])


def test_facts_of_others_are_passed_over() -> None:
    assert puts([golden("registration.command_refused.v1"), golden("gateway.contact_card.v1")]) == []


FACTS = [*an_activity().facts, *a_school().facts]
WANTED = apply(FACTS)


@given(st.permutations(FACTS * 2))
def test_any_order_and_any_repetition_come_to_the_same(facts: list[CloudEvent]) -> None:
    assert apply(facts) == WANTED
