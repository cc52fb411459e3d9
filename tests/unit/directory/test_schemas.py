"""Between wire and domain: every command of the contracts is understood, every fact keeps its contract."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from directory.domain.commands import (
    Actor,
    AdmitSchool,
    AppointWindow,
    Command,
    DescribeSchool,
    DismissWindow,
    MergeSchool,
    ReinstateSchool,
    RenameSchool,
    SuspendSchool,
)
from directory.domain.facts import (
    FACTS,
    Fact,
    Profile,
    SchoolAdmitted,
    SchoolDescribed,
    SchoolMerged,
    SchoolReinstated,
    SchoolRenamed,
    SchoolSuspended,
    Text,
    WindowAppointed,
    WindowDismissed,
)
from directory.schemas import AGGREGATE, COMMANDS, contract
from gongxue_chassis.log.codec import FactCodec
from gongxue_contracts import catalogue

STORED = Path(__file__).parent / "stored"
BY = {"person": "lin", "school": "center", "role": "center"}
ACTOR = Actor("lin", "center", "center")
NAME = {"zh": "國立清華大學", "en": "National Tsing Hua University"}
WIRE_PROFILE = {
    "name": NAME,
    "county": "hsinchu-city",
    "ror": "00zdnkx70",
    "moe_code": None,
    "website": "https://www.nthu.edu.tw",
}
PROFILE = Profile(Text(**NAME), "hsinchu-city", "00zdnkx70", None, "https://www.nthu.edu.tw")
SUMMARY = Text("竹塹的大學", "A university in Hsinchu")

WISHES: list[tuple[str, dict[str, Any], Command]] = [
    ("AdmitSchool", {"profile": WIRE_PROFILE}, AdmitSchool(ACTOR, "nthu", PROFILE)),
    (
        "DescribeSchool",
        {"changes": {"ror": None, "summary": {"zh": SUMMARY.zh, "en": SUMMARY.en}}},
        DescribeSchool(ACTOR, "nthu", {"ror": None, "summary": SUMMARY}),
    ),
    ("RenameSchool", {"name": NAME}, RenameSchool(ACTOR, "nthu", Text(**NAME))),
    ("SuspendSchool", {"reason": "closed"}, SuspendSchool(ACTOR, "nthu", "closed")),
    ("ReinstateSchool", {}, ReinstateSchool(ACTOR, "nthu")),
    ("MergeSchool", {"into": "ntu"}, MergeSchool(ACTOR, "nthu", "ntu")),
    ("AppointWindow", {"person": "chen"}, AppointWindow(ACTOR, "nthu", "chen")),
    ("DismissWindow", {"person": "chen"}, DismissWindow(ACTOR, "nthu", "chen")),
]
HAPPENED: list[tuple[Fact, str, dict[str, Any]]] = [
    (SchoolAdmitted("nthu", PROFILE), "school_admitted", {"profile": WIRE_PROFILE}),
    (
        SchoolDescribed("nthu", replace(PROFILE, summary=SUMMARY), ("summary",)),
        "school_described",
        {
            "profile": {**WIRE_PROFILE, "summary": {"zh": SUMMARY.zh, "en": SUMMARY.en}},
            "changed": ["summary"],
        },
    ),
    (
        SchoolRenamed("nthu", Text(**NAME), Text("清華學院", "")),
        "school_renamed",
        {"name": NAME, "former_name": {"zh": "清華學院", "en": ""}},
    ),
    (SchoolSuspended("nthu", "closed"), "school_suspended", {"reason": "closed"}),
    (SchoolReinstated("nthu"), "school_reinstated", {}),
    (SchoolMerged("nthu", "ntu"), "school_merged", {"into": "ntu"}),
    (WindowAppointed("nthu", "chen"), "window_appointed", {"person": "chen"}),
    (WindowDismissed("nthu", "chen"), "window_dismissed", {"person": "chen"}),
]


@pytest.mark.parametrize(("name", "data", "command"), WISHES, ids=[name for name, _, _ in WISHES])
def test_a_command_is_understood(name: str, data: dict[str, Any], command: Command) -> None:
    wire_type = f"directory.{name}.v1"
    read = catalogue.read(wire_type, {"by": BY, "school": "nthu", **data})
    assert COMMANDS[wire_type](read) == command


@pytest.mark.parametrize(("fact", "name", "data"), HAPPENED, ids=[name for _, name, _ in HAPPENED])
def test_a_fact_keeps_its_contract(fact: Fact, name: str, data: dict[str, Any]) -> None:
    wire_type, written = contract(fact)
    assert (wire_type, written) == (f"directory.{name}.v1", {"school": "nthu", **data})
    assert catalogue.write(wire_type, written) == written


def test_a_profile_without_a_summary_says_so() -> None:
    _, data = contract(SchoolDescribed("nthu", PROFILE, ("ror",)))
    assert data["profile"] == {**WIRE_PROFILE, "summary": None}


def test_every_command_and_fact_of_the_contracts_is_the_directorys() -> None:
    entries = [entry for entry in catalogue.entries() if entry.service == "directory"]
    assert {entry.type for entry in entries if entry.kind == "command"} == set(COMMANDS)
    assert {entry.type for entry in entries if entry.kind == "fact"} == {
        contract(f)[0] for f, _, _ in HAPPENED
    }
    assert {type(fact) for fact, _, _ in HAPPENED} == set(FACTS)


@pytest.mark.parametrize("fact", [fact for fact, _, _ in HAPPENED], ids=lambda fact: type(fact).__name__)
def test_what_was_stored_once_can_be_read_for_ever(fact: Fact) -> None:
    """The samples are what logs hold: a sample is never edited, and a fact whose form changes gets a new class."""
    sample = json.loads((STORED / f"{type(fact).__name__}.json").read_text(encoding="utf-8"))
    codec = FactCodec(AGGREGATE.facts)
    assert (codec.restore(sample), codec.store(fact)) == (fact, sample)


def test_facts_about_schools_belong_to_the_center() -> None:
    assert AGGREGATE.tenant(AGGREGATE.initial()) == "center"


def test_a_late_refusal_is_told_to_whoever_asked() -> None:
    assert AGGREGATE.person(ReinstateSchool(ACTOR, "nthu")) == "lin"
