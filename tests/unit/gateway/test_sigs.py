"""SIGs in the read model: the same documents whatever order the facts come in; and who acts for one, as the domain."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from gateway.read_model.facts import puts
from gateway.read_model.sigs import Sig, acting, membership_of
from gateway.storage import SIG_MEMBERS, SIGS
from gongxue_chassis.projection import Plan, nested
from gongxue_contracts import catalogue, envelope, samples, sig_facts
from gongxue_contracts.envelope import CloudEvent
from registration.domain.sig.parts import Convenor
from registration.domain.sig.state import Sig as State
from registration.domain.sig.state import convenes, day

NOW = datetime(2026, 9, 1, 4, 0, tzinfo=UTC)


def facts() -> list[CloudEvent]:
    """One of every kind, in the order of the catalogue, as if all had happened to one SIG."""
    events = [envelope.from_json(samples.sample(type)) for type in sig_facts.FACTS]
    return [replace(one, data=catalogue.read(one.type, one.data)) for one in events]


def told(events: list[CloudEvent]) -> dict[tuple[str, str], dict[str, Any]]:
    """The documents after the facts: of each facet the newest wins, as `projection` has it."""
    newest: dict[tuple[str, str, str], tuple[int, dict[str, Any]]] = {}
    for put in puts(events):
        place = (put.collection, put.id, put.facet)
        if place not in newest or newest[place][0] < put.sequence:
            newest[place] = (put.sequence, put.fields)
    documents: dict[tuple[str, str], dict[str, Any]] = {}
    for (collection, id, _), (_, fields) in newest.items():
        documents.setdefault((collection, id), {}).update(fields)
    return {place: nested(fields) for place, fields in documents.items()}


def test_in_whatever_order_the_facts_come_they_make_the_same_documents() -> None:
    expected, events = told(facts()), facts()
    for seed in range(20):
        random.Random(seed).shuffle(events)
        assert told(events) == expected


def test_after_all_that_can_happen_the_last_word_counts() -> None:
    documents = told(facts())
    sig = documents[SIGS, "satoyama-carbon"]
    assert (sig["status"], sig["until"], sig["submitted"]) == ("active", "2026-03-05", None)
    assert (sig["members"], sig["schools"]) == (26, ["npust"])
    assert sig["meetings"] == {"sig-112-11-13": None}
    assert sig["records"] == {"minutes-1121113": None}
    assert [sig["history"][number]["act"] for number in sorted(sig["history"])] == [
        "proposed", "revised", "supported", "withdrew", "chartered", "sent_back", "declined", "school_joined",
        "school_withdrew", "submitted", "renewed", "not_renewed", "closed", "reopened",
    ]  # fmt: skip
    assert documents[SIG_MEMBERS, "satoyama-carbon/p-7m2c5v"]["status"] == "invited"
    assert documents[SIG_MEMBERS, "satoyama-carbon/p-4k7wq2"]["status"] == "ended"


def test_from_when_until_when_somebody_was_on_the_list() -> None:
    started = {
        "sig": "soil", "person": "lin", "school": "nchu", "how": "request", "title": {"zh": "土", "en": ""},
        "members": 2, "was": "member", "by": "person", "reason": "", "convenors": [],
    }  # fmt: skip
    kinds = ("sig_membership_requested", "sig_member_joined", "sig_membership_ended", "sig_member_invited")
    events = [
        CloudEvent(
            f"e{number}", "/x", f"registration.{kind}.v1", "sig:soil", NOW.replace(hour=number), started,
            sequence=number,
        )
        for number, kind in enumerate(kinds, start=1)
    ]  # fmt: skip
    random.Random(3).shuffle(events)

    document = told(events)[SIG_MEMBERS, "soil/lin"]

    assert membership_of(document)["listed"] == [
        (NOW.replace(hour=1), NOW.replace(hour=3)),
        (NOW.replace(hour=4), None),
    ]
    document.pop("history")
    assert membership_of(document)["listed"] == [(NOW.replace(hour=4), None)]


def test_every_facet_can_be_a_part_of_a_document() -> None:
    for put in puts(facts()):
        plan = Plan()
        plan.put(put.id, put.facet, put.sequence, put.fields)
        plan.learn([put.id], [])
        assert plan.writes()


@pytest.mark.parametrize(
    "terms",
    [
        [("hung", "2026-03-02", "2027-03-01")],
        [("hung", "2026-03-02", "2026-08-31")],
        [("hung", "2026-03-02", "2026-08-31"), ("lee", "2026-09-01", "2027-08-31")],
        [("hung", "2026-03-02", "2026-08-31"), ("lee", "2026-09-02", "2027-08-31")],
        [],
    ],
)
def test_the_door_knows_who_convenes_as_the_service_does(terms: list[tuple[str, str, str]]) -> None:
    today = day(NOW)
    convenors = tuple(
        Convenor(person, today.fromisoformat(starts_on), today.fromisoformat(ends_on))
        for person, starts_on, ends_on in terms
    )
    shown: Any = {
        "status": "active",
        "convenors": [dict(zip(("person", "starts_on", "ends_on"), term, strict=True)) for term in terms],
    }
    sig: Sig = shown
    state = State(phase="active", convenors=convenors)
    for person in ("hung", "lee", "chiu"):
        assert (person in acting(sig, NOW)) == convenes(state, person, today)


def test_a_proposal_is_its_proposers() -> None:
    shown: Any = {"status": "sent_back", "proposer": {"person": "hung"}, "convenors": []}
    assert acting(shown, NOW) == {"hung"}
