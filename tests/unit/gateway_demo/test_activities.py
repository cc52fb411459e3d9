"""The demo: that its people and activities are sound, and what becomes of them when they are decided."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from directory import schemas as directory
from directory import seeding
from gateway.access.permissions import ROLES
from gateway.access.roles import scope_of
from gateway.demo import activities
from gateway.demo.load import people
from gongxue_chassis.log.commit import Answer
from gongxue_chassis.log.memory import MemoryCommitStore
from gongxue_chassis.log.runner import Runner
from gongxue_contracts import catalogue
from gongxue_contracts.envelope import CloudEvent
from registration import schemas as registration
from registration import sig_schemas
from registration.domain.activity import Activity

NOW = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
SCHOOLS = Path(str(seeding.__file__)).parent / "seed" / "schools.csv"


def bundles(now: datetime = NOW) -> list[list[CloudEvent]]:
    return list(activities.Wishes(people(), now).bundles())


class Network:
    """Both services' decisions, over logs in memory."""

    def __init__(self) -> None:
        self.activities = Runner(registration.AGGREGATE, MemoryCommitStore(), clock=lambda: NOW)
        self.schools = Runner(directory.SCHOOL, MemoryCommitStore(), clock=lambda: NOW)
        self.roles = Runner(directory.ROLES, MemoryCommitStore(), clock=lambda: NOW)
        self.sigs = Runner(sig_schemas.SIG, MemoryCommitStore(), clock=lambda: NOW)

    def ask(self, bundle: list[CloudEvent]) -> list[Answer]:
        stream = bundle[0].subject
        kinds: dict[str, Runner[Any]] = {
            "activity": self.activities,
            "school": self.schools,
            "roles": self.roles,
            "sig": self.sigs,
        }
        runner = kinds[stream.partition(":")[0]]
        return runner.answer(stream, bundle)

    def seed(self) -> None:
        for data in seeding.read(SCHOOLS):
            self.ask([seeding.command(data, NOW)])

    def activity(self, name: str) -> Activity:
        return self.activities.streams.get(f"activity:{name}").state


@pytest.fixture(scope="module")
def network() -> Network:
    made = Network()
    made.seed()
    for bundle in bundles():
        made.ask(bundle)
    return made


def test_people_of_at_least_ten_schools_can_be_played() -> None:
    everyone = people()
    assert len({person.id for person in everyone}) == len(everyone) >= 30
    assert len({person.school for person in everyone}) >= 10
    assert {role for person in everyone for role in person.roles} == {*ROLES}
    assert {person.language for person in everyone} == {"zh-Hant", "en"}


def test_nobody_can_be_reached_at_their_address() -> None:
    reachable = [
        person.email for person in people() if not re.fullmatch(r"[a-z.]+@[a-z]+\.example", person.email)
    ]
    assert reachable == []


def test_everybody_belongs_to_a_school_of_the_seed_or_to_the_center() -> None:
    seeded = {data["school"] for data in seeding.read(SCHOOLS)}
    assert {person.school for person in people()} - seeded == {"center"}


def test_every_wish_is_granted() -> None:
    network = Network()
    network.seed()
    outcomes = Counter(answer.outcome for bundle in bundles() for answer in network.ask(bundle))
    assert outcomes.keys() == {"accepted"}


def test_loading_it_again_changes_nothing() -> None:
    network = Network()
    network.seed()
    first = [[answer.facts for answer in network.ask(bundle)] for bundle in bundles()]
    again = [[answer.facts for answer in network.ask(bundle)] for bundle in bundles()]
    assert again == first


def test_loading_it_again_another_day_moves_nothing(network: Network) -> None:
    before = network.activity("small-workshop").details
    for bundle in bundles(NOW + timedelta(days=3)):
        network.ask(bundle)
    assert network.activity("small-workshop").details == before


def test_each_bundle_is_of_one_stream_and_keeps_its_contracts() -> None:
    for bundle in bundles():
        assert len({wish.subject for wish in bundle}) == 1
        for wish in bundle:
            catalogue.read(wish.type, wish.data)


def test_days_are_taipeis(network: Network) -> None:
    details = network.activity("small-workshop").details
    assert details is not None
    # 16:30 in UTC is past midnight in Taipei: "in 21 days" counts from the third of March.
    assert details.starts_at == datetime(2026, 3, 24, 5, 30, tzinfo=UTC)
    assert details.ends_at == datetime(2026, 3, 24, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("forum-hwai-2023", "2023-11-03"),
        ("co-training-pu-2023", "2023-11-09"),
        ("sig-npust-2023", "2023-11-13"),
        ("co-training-nchu-2024", "2024-08-13"),
        ("co-training-ccu-2025", "2025-06-17"),
        ("expo-2025", "2025-09-12"),
        ("forum-ncue-2025", "2025-11-27"),
    ],
)
def test_real_activities_were_on_their_days(network: Network, name: str, day: str) -> None:
    details = network.activity(name).details
    assert details is not None
    assert details.starts_at.astimezone(activities.TAIPEI).date().isoformat() == day


def test_the_small_workshop_waits_for_whoever_tries_it(network: Network) -> None:
    small = network.activity("small-workshop")
    assert small.details is not None
    assert (small.phase, small.details.pools, small.details.waiting_limit) == ("published", {"onsite": 2}, 3)
    assert small.registrations == {}


def test_one_is_full_with_a_full_waiting_list(network: Network) -> None:
    full = network.activity("full-workshop")
    assert full.details is not None
    pool = full.pools["onsite"]
    assert (pool.taken, len(pool.waiting)) == (pool.limit, full.details.waiting_limit)


def test_there_is_one_in_every_phase(network: Network) -> None:
    phases = {
        bundle[0].subject: network.activity(bundle[0].data["activity"]).phase
        for bundle in bundles()
        if "activity" in bundle[0].data
    }
    assert set(phases.values()) == {"draft", "published", "closed", "cancelled"}


def test_there_are_seats_on_site_online_and_both(network: Network) -> None:
    pools = {
        tuple(sorted(network.activity(wish.data["activity"]).pools))
        for bundle in bundles()
        for wish in bundle
        if wish.type == "registration.PublishActivity.v1"
    }
    assert pools == {("onsite",), ("online",), ("online", "onsite")}


def test_everybody_has_the_roles_that_the_demo_says(network: Network) -> None:
    wanted = {
        (scope_of(role, person.school), person.id, role)
        for person in people()
        for role in person.roles - {"staff"}
    }
    held = {
        (scope, *held)
        for scope in {scope for scope, _, _ in wanted}
        for held in network.roles.streams.get(f"roles:{scope}").state.held
    }
    assert held == wanted


def test_every_activity_serves_goals_and_takes_place_in_some_county(network: Network) -> None:
    for bundle in bundles():
        if bundle[0].subject.startswith("activity:"):
            details = network.activity(bundle[0].data["activity"]).details
            assert details is not None
            assert details.sdgs
            assert details.county or details.host != "center"


def test_one_sig_works_and_one_looks_for_a_third_school(network: Network) -> None:
    works = network.sigs.streams.get("sig:satoyama-carbon").state
    looks = network.sigs.streams.get("sig:rural-education").state
    assert (works.phase, len(works.members), len(works.meetings), len(works.records)) == ("active", 5, 2, 2)
    assert (looks.phase, len(looks.supporters)) == ("proposed", 2)
