"""Whatever is asked in whatever order: the facts alone give back the school, from nothing or from a snapshot."""

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from directory.domain import school
from directory.domain.actor import Actor
from directory.domain.commands import (
    AdmitSchool,
    Command,
    DescribeSchool,
    MergeSchool,
    ReinstateSchool,
    RenameSchool,
    SuspendSchool,
)
from directory.domain.facts import FACTS, Fact, Profile, SchoolMerged, Text
from directory.domain.refusal import Refused

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ID = "nctu"

texts = st.builds(Text, zh=st.sampled_from(["交大", "陽明交大"]), en=st.sampled_from(["", "NCTU", "NYCU"]))
counties = st.sampled_from(["hsinchu-city", "taipei"])
codes = st.none() | st.sampled_from(["0007", "0016"])
profiles = st.builds(Profile, name=texts, county=counties, moe_code=codes, website=st.none(), ror=st.none())
actors = st.sampled_from(
    [Actor("lin", "center", "center")] * 4 + [Actor("chen", ID, "window"), Actor("wu", "nthu", "window")]
)
changes = st.fixed_dictionaries({}, optional={"county": counties, "moe_code": codes, "summary": texts})

commands: st.SearchStrategy[Command] = st.one_of(
    st.builds(AdmitSchool, by=actors, school=st.just(ID), profile=profiles),
    st.builds(DescribeSchool, by=actors, school=st.just(ID), changes=changes),
    st.builds(RenameSchool, by=actors, school=st.just(ID), name=texts),
    st.builds(SuspendSchool, by=actors, school=st.just(ID), reason=st.just("closed")),
    st.builds(ReinstateSchool, by=actors, school=st.just(ID)),
    st.builds(MergeSchool, by=actors, school=st.just(ID), into=st.sampled_from([ID, "nycu"])),
)
admission = st.builds(
    AdmitSchool, by=st.just(Actor("lin", "center", "center")), school=st.just(ID), profile=profiles
)
lives = st.builds(lambda first, rest: [first, *rest], admission, st.lists(commands, max_size=40))


def live(asked: list[Command]) -> tuple[school.School, list[Fact]]:
    state, happened = school.initial(), list[Fact]()
    for command in asked:
        decision = school.decide(state, command, NOW)
        if isinstance(decision, Refused):
            continue
        for fact in decision:
            state = school.evolve(state, fact)
        happened.extend(decision)
    return state, happened


def replay(facts: list[Fact]) -> school.School:
    state = school.initial()
    for fact in facts:
        state = school.evolve(state, fact)
    return state


@given(lives)
def test_replayed_from_nothing(asked: list[Command]) -> None:
    state, happened = live(asked)
    assert replay(happened) == state


@given(lives, st.integers(min_value=0, max_value=40))
def test_replayed_from_a_snapshot_that_went_through_json(asked: list[Command], at: int) -> None:
    state, happened = live(asked)
    pieces = json.loads(json.dumps(list(school.dump(replay(happened[:at])))))
    restored = school.load(pieces)
    for fact in happened[at:]:
        restored = school.evolve(restored, fact)
    assert restored == state


@given(lives)
def test_deciding_alone_changes_nothing(asked: list[Command]) -> None:
    state, _ = live(asked)
    before = list(school.dump(state))
    for command in asked:
        school.decide(state, command, NOW)
    assert list(school.dump(state)) == before


@given(lives)
def test_nothing_happens_after_a_merger(asked: list[Command]) -> None:
    _, happened = live(asked)
    kinds = [type(fact) for fact in happened]
    assert SchoolMerged not in kinds[:-1]


def test_every_fact_is_listed_for_the_log() -> None:
    assert set(FACTS) == set(Fact.__args__)
