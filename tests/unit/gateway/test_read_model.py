"""The read model: what each fact makes of the documents, in any order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toys.collection import MemoryCollection
from toys.stories import STARTED, a_school, an_activity, golden, roles, seats

from gateway.read_model.facts import puts
from gateway.storage import ACTIVITIES, READ_MODEL, REGISTRATIONS, ROLES, SCHOOLS
from gongxue_chassis.errors import Poison
from gongxue_chassis.projection import Facets
from gongxue_contracts import catalogue, moment
from gongxue_contracts.envelope import CloudEvent

Documents = dict[str, dict[str, dict[str, Any]]]


def apply(facts: Iterable[CloudEvent]) -> Documents:
    collections = {name: MemoryCollection() for name in READ_MODEL}
    writers = {name: Facets(collection) for name, collection in collections.items()}  # type: ignore[arg-type]
    for fact in facts:
        for put in puts([fact]):
            writers[put.collection].put(put.id, put.facet, put.sequence, put.fields)
        for writer in writers.values():
            writer.flush()
    return {name: collection.documents for name, collection in collections.items()}


def test_a_fact_without_a_number_is_poison() -> None:
    with pytest.raises(Poison, match="no_sequence"):
        puts([replace(an_activity().facts[0], sequence=None)])


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


def test_a_published_activity_is_whole_without_its_draft() -> None:
    talk = apply(an_activity().facts[1:2])[ACTIVITIES]["talk"]
    assert (talk["status"], talk["listed"], talk["seats"]) == ("published", True, seats(1, 0, 0))
    assert talk["sort"] == f"{moment.write(talk['ends_at'])}~talk"


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


def test_roles_as_they_were_granted_and_revoked() -> None:
    documents = apply(roles().facts)[ROLES]
    lin, wu = documents["nchu/lin/host"], documents["nchu/wu/window"]
    assert (lin["scope"], lin["person"], lin["role"], lin["revoked"]) == ("nchu", "lin", "host", True)
    assert (wu["revoked"], wu["starts_on"], wu["ends_on"]) == (False, None, None)
    acts = [lin["history"][number] for number in sorted(lin["history"])]
    assert [(act["act"], act["by"]["person"], act["ends_on"], act["reason"]) for act in acts] == [
        ("granted", "wang", "2026-12-31", None),
        ("granted", "huang", None, None),
        ("revoked", "wang", None, "轉任他校"),
    ]
    assert [act["at"] for act in acts] == [STARTED + timedelta(minutes=n) for n in (1, 3, 4)]


def test_a_role_that_was_granted_again_is_not_revoked() -> None:
    story = roles()
    by = {"person": "wang", "school": "nchu", "role": "window"}
    again = {"starts_on": date(2027, 1, 1), "ends_on": None}
    story.tell("directory.role_granted.v1", scope="nchu", person="lin", role="host", **again, by=by)
    lin = apply(story.facts)[ROLES]["nchu/lin/host"]
    assert (lin["revoked"], lin["starts_on"], lin["ends_on"]) == (False, "2027-01-01", None)


def test_a_merged_school_names_the_other() -> None:
    story = a_school()
    story.tell("directory.school_merged.v1", school="nchu", into="ncku")
    nchu = apply(story.facts)[SCHOOLS]["nchu"]
    assert (nchu["status"], nchu["merged_into"]) == ("merged", "ncku")


@pytest.mark.parametrize(
    "type",
    sorted(
        one.type
        for one in catalogue.entries()
        if (one.kind == "fact" or "drafted" in one.type) and one.service != "gateway"
    ),
)
def test_every_fact_of_the_network_has_a_place(type: str) -> None:
    assert puts([golden(type)])


def test_facts_of_others_are_passed_over() -> None:
    assert puts([golden("registration.command_refused.v1"), golden("gateway.contact_card.v1")]) == []


FACTS = [*an_activity().facts, *a_school().facts, *roles().facts]
WANTED = apply(FACTS)


@given(st.permutations(FACTS * 2))
def test_any_order_and_any_repetition_come_to_the_same(facts: list[CloudEvent]) -> None:
    assert apply(facts) == WANTED
