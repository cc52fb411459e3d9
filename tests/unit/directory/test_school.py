"""The directory's rules for one school, told as given facts, when a command, then facts or a refusal."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

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
from directory.domain.facts import (
    Fact,
    Profile,
    SchoolAdmitted,
    SchoolDescribed,
    SchoolMerged,
    SchoolReinstated,
    SchoolRenamed,
    SchoolSuspended,
    Text,
)
from directory.domain.refusal import Refused

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CENTER = Actor("lin", "center", "center")
WINDOW = Actor("chen", "nctu", "window")

NAME = Text("國立交通大學", "National Chiao Tung University")
NEW_NAME = Text("國立陽明交通大學", "National Yang Ming Chiao Tung University")
PROFILE = Profile(name=NAME, county="hsinchu-city", website="https://www.nctu.edu.tw")
ADMITTED = SchoolAdmitted("nctu", PROFILE)
SUSPENDED = SchoolSuspended("nctu", "closed for a year")
MERGED = SchoolMerged("nctu", "nycu")


def given(*facts: Fact) -> school.School:
    state = school.initial()
    for fact in facts:
        state = school.evolve(state, fact)
    return state


def when(state: school.School, command: Command) -> list[Fact] | Refused:
    return school.decide(state, command, NOW)


def test_the_center_admits_a_school() -> None:
    assert when(given(), AdmitSchool(CENTER, "nctu", PROFILE)) == [ADMITTED]


def test_a_school_is_admitted_once() -> None:
    assert when(given(ADMITTED), AdmitSchool(CENTER, "nctu", PROFILE)) == Refused("school_exists")


def test_a_merged_schools_id_is_not_free_again() -> None:
    assert when(given(ADMITTED, MERGED), AdmitSchool(CENTER, "nctu", PROFILE)) == Refused("school_exists")


def test_no_school_is_called_like_the_center() -> None:
    assert when(given(), AdmitSchool(CENTER, "center", PROFILE)) == Refused("school_exists")


def test_describing_says_the_whole_profile_and_what_is_new_in_it() -> None:
    changes: dict[str, str | Text | None] = {
        "county": "hsinchu-city",
        "website": "https://www.nycu.edu.tw",
        "summary": Text("共學", ""),
    }
    assert when(given(ADMITTED), DescribeSchool(CENTER, "nctu", changes)) == [
        SchoolDescribed(
            "nctu",
            replace(PROFILE, website="https://www.nycu.edu.tw", summary=Text("共學", "")),
            changed=("website", "summary"),
        )
    ]


def test_a_value_can_be_taken_away() -> None:
    assert when(given(ADMITTED), DescribeSchool(CENTER, "nctu", {"website": None})) == [
        SchoolDescribed("nctu", replace(PROFILE, website=None), changed=("website",))
    ]


def test_a_schools_own_window_describes_it() -> None:
    assert when(given(ADMITTED), DescribeSchool(WINDOW, "nctu", {"website": None})) == [
        SchoolDescribed("nctu", replace(PROFILE, website=None), changed=("website",))
    ]


def test_another_schools_window_does_not_describe_it() -> None:
    command = DescribeSchool(replace(WINDOW, school="nthu"), "nctu", {"website": None})
    assert when(given(ADMITTED), command) == Refused("wrong_school")


@pytest.mark.parametrize("changes", [{}, {"website": "https://www.nctu.edu.tw", "ror": None}])
def test_describing_it_as_it_is_changes_nothing(changes: dict[str, str | Text | None]) -> None:
    assert when(given(ADMITTED), DescribeSchool(CENTER, "nctu", changes)) == Refused("nothing_to_change")


def test_renaming_keeps_the_former_name() -> None:
    assert when(given(ADMITTED), RenameSchool(CENTER, "nctu", NEW_NAME)) == [
        SchoolRenamed("nctu", NEW_NAME, former_name=NAME)
    ]


def test_every_former_name_is_kept_in_order() -> None:
    older = Text("國立交通大學籌備處", "")
    state = given(
        SchoolAdmitted("nctu", replace(PROFILE, name=older)),
        SchoolRenamed("nctu", NAME, former_name=older),
        SchoolRenamed("nctu", NEW_NAME, former_name=NAME),
    )
    assert (state.former_names, state.profile) == ([older, NAME], replace(PROFILE, name=NEW_NAME))


def test_a_former_name_may_be_taken_up_again() -> None:
    state = given(ADMITTED, SchoolRenamed("nctu", NEW_NAME, former_name=NAME))
    assert when(state, RenameSchool(CENTER, "nctu", NAME)) == [
        SchoolRenamed("nctu", NAME, former_name=NEW_NAME)
    ]


def test_the_same_name_is_no_renaming() -> None:
    assert when(given(ADMITTED), RenameSchool(CENTER, "nctu", NAME)) == Refused("same_name")


def test_the_center_suspends_a_school() -> None:
    assert when(given(ADMITTED), SuspendSchool(CENTER, "nctu", "closed for a year")) == [SUSPENDED]


def test_a_suspended_school_is_not_suspended_again() -> None:
    command = SuspendSchool(CENTER, "nctu", "again")
    assert when(given(ADMITTED, SUSPENDED), command) == Refused("already_suspended")


def test_the_center_reinstates_a_suspended_school() -> None:
    assert when(given(ADMITTED, SUSPENDED), ReinstateSchool(CENTER, "nctu")) == [SchoolReinstated("nctu")]


@pytest.mark.parametrize("facts", [(ADMITTED,), (ADMITTED, SUSPENDED, SchoolReinstated("nctu"))])
def test_a_school_that_takes_part_is_not_reinstated(facts: tuple[Fact, ...]) -> None:
    assert when(given(*facts), ReinstateSchool(CENTER, "nctu")) == Refused("not_suspended")


def test_a_suspended_school_may_still_be_described() -> None:
    assert when(given(ADMITTED, SUSPENDED), DescribeSchool(WINDOW, "nctu", {"ror": "00se2k293"})) == [
        SchoolDescribed("nctu", replace(PROFILE, ror="00se2k293"), changed=("ror",))
    ]


@pytest.mark.parametrize("facts", [(ADMITTED,), (ADMITTED, SUSPENDED)])
def test_the_center_merges_a_school_into_another(facts: tuple[Fact, ...]) -> None:
    assert when(given(*facts), MergeSchool(CENTER, "nctu", "nycu")) == [MERGED]


def test_a_school_is_not_merged_into_itself() -> None:
    assert when(given(ADMITTED), MergeSchool(CENTER, "nctu", "nctu")) == Refused("merge_into_itself")


def commands(by: Actor) -> list[Command]:
    """Each command once, none of which an admitted school would refuse the Center."""
    return [
        DescribeSchool(by, "nctu", {"website": None}),
        RenameSchool(by, "nctu", NEW_NAME),
        SuspendSchool(by, "nctu", "closed"),
        MergeSchool(by, "nctu", "nycu"),
        ReinstateSchool(by, "nctu"),
    ]


@pytest.mark.parametrize("command", commands(CENTER), ids=lambda c: type(c).__name__)
def test_a_school_that_was_never_admitted_is_unknown(command: Command) -> None:
    assert when(given(), command) == Refused("unknown_school")


@pytest.mark.parametrize("command", commands(CENTER), ids=lambda c: type(c).__name__)
def test_a_merged_school_refuses_everything(command: Command) -> None:
    state = given(ADMITTED, SUSPENDED, MERGED)
    assert when(state, command) == Refused("school_merged", {"into": "nycu"})


def test_a_merged_school_can_still_be_read() -> None:
    state = given(ADMITTED, MERGED)
    assert state == school.School(profile=PROFILE, merged_into="nycu")


@pytest.mark.parametrize("role", ["staff", "host", "operator"])
@pytest.mark.parametrize(
    "command",
    [*commands(CENTER), AdmitSchool(CENTER, "nctu", PROFILE)],
    ids=lambda c: type(c).__name__,
)
def test_only_the_center_may(command: Command, role: str) -> None:
    command = replace(command, by=Actor("chen", "nctu", role))
    assert when(given(ADMITTED), command) == Refused("not_the_center")


@pytest.mark.parametrize(
    "command",
    [*commands(WINDOW)[1:], AdmitSchool(WINDOW, "nctu", PROFILE)],
    ids=lambda c: type(c).__name__,
)
def test_a_schools_own_window_may_describe_and_nothing_else(command: Command) -> None:
    assert when(given(ADMITTED), command) == Refused("not_the_center")
