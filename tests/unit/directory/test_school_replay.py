"""Whatever is asked in whatever order: the facts alone give back the school, from nothing or from a snapshot."""

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
from directory.schemas import SCHOOL

from .lives import Asked, live, replay, thawed

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
lives = st.builds(
    lambda first, rest: [(one, NOW) for one in (first, *rest)], admission, st.lists(commands, max_size=40)
)


@given(lives)
def test_replayed_from_nothing(asked: Asked) -> None:
    state, happened = live(SCHOOL, asked)
    assert replay(SCHOOL, happened) == state


@given(lives, st.integers(min_value=0, max_value=40))
def test_replayed_from_a_snapshot_that_went_through_json(asked: Asked, at: int) -> None:
    state, happened = live(SCHOOL, asked)
    snapshot = thawed(SCHOOL, replay(SCHOOL, happened[:at]))
    assert replay(SCHOOL, happened[at:], snapshot) == state


@given(lives)
def test_deciding_alone_changes_nothing(asked: Asked) -> None:
    state, _ = live(SCHOOL, asked)
    before = list(school.dump(state))
    for command, now in asked:
        school.decide(state, command, now)
    assert list(school.dump(state)) == before


@given(lives)
def test_nothing_happens_after_a_merger(asked: Asked) -> None:
    _, happened = live(SCHOOL, asked)
    kinds = [type(fact) for fact in happened]
    assert SchoolMerged not in kinds[:-1]


def test_every_fact_is_listed_for_the_log() -> None:
    assert set(FACTS) == set(Fact.__args__)
