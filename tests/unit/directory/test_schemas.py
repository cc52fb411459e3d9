"""Between wire and domain: every command of the contracts is understood, every fact keeps its contract."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from directory.domain.actor import Actor
from directory.domain.commands import (
    AdmitSchool,
    Command,
    DescribeSchool,
    GrantRole,
    MergeSchool,
    ReinstateSchool,
    RenameSchool,
    RevokeRole,
    RoleCommand,
    SuspendSchool,
)
from directory.domain.facts import (
    FACTS,
    ROLE_FACTS,
    Fact,
    Profile,
    RoleFact,
    RoleGranted,
    RoleRevoked,
    SchoolAdmitted,
    SchoolDescribed,
    SchoolMerged,
    SchoolReinstated,
    SchoolRenamed,
    SchoolSuspended,
    Text,
)
from directory.schemas import COMMANDS, ROLE_COMMANDS, ROLES, SCHOOL, contract
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
]
ROLE = {"scope": "nthu", "person": "chen", "role": "host"}
ROLE_WISHES: list[tuple[str, dict[str, Any], RoleCommand]] = [
    (
        "GrantRole",
        {**ROLE, "starts_on": "2026-03-01", "ends_on": None},
        GrantRole(ACTOR, "nthu", "chen", "host", date(2026, 3, 1), None),
    ),
    (
        "RevokeRole",
        {**ROLE, "reason": "moved away"},
        RevokeRole(ACTOR, "nthu", "chen", "host", "moved away"),
    ),
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
]
ROLES_HAPPENED: list[tuple[RoleFact, str, dict[str, Any]]] = [
    (
        RoleGranted("nthu", "chen", "host", date(2026, 3, 1), None, ACTOR),
        "role_granted",
        {**ROLE, "starts_on": "2026-03-01", "ends_on": None, "by": BY},
    ),
    (
        RoleRevoked("nthu", "chen", "host", "moved away", ACTOR),
        "role_revoked",
        {**ROLE, "reason": "moved away", "by": BY},
    ),
]
STORED_FACTS = [fact for fact, _, _ in (*HAPPENED, *ROLES_HAPPENED)]


@pytest.mark.parametrize(("name", "data", "command"), WISHES, ids=[name for name, _, _ in WISHES])
def test_a_command_is_understood(name: str, data: dict[str, Any], command: Command) -> None:
    wire_type = f"directory.{name}.v1"
    read = catalogue.read(wire_type, {"by": BY, "school": "nthu", **data})
    assert COMMANDS[wire_type](read) == command


@pytest.mark.parametrize(("name", "data", "command"), ROLE_WISHES, ids=[name for name, _, _ in ROLE_WISHES])
def test_a_command_about_a_role_is_understood(name: str, data: dict[str, Any], command: RoleCommand) -> None:
    wire_type = f"directory.{name}.v1"
    read = catalogue.read(wire_type, {"by": BY, **data})
    assert ROLE_COMMANDS[wire_type](read) == command


@pytest.mark.parametrize(("fact", "name", "data"), HAPPENED, ids=[name for _, name, _ in HAPPENED])
def test_a_fact_keeps_its_contract(fact: Fact, name: str, data: dict[str, Any]) -> None:
    wire_type, written = contract(fact)
    assert (wire_type, written) == (f"directory.{name}.v1", {"school": "nthu", **data})
    assert catalogue.write(wire_type, written) == written


@pytest.mark.parametrize(
    ("fact", "name", "data"), ROLES_HAPPENED, ids=[name for _, name, _ in ROLES_HAPPENED]
)
def test_a_fact_about_a_role_keeps_its_contract(fact: RoleFact, name: str, data: dict[str, Any]) -> None:
    wire_type, written = contract(fact)
    assert (wire_type, catalogue.write(wire_type, written)) == (f"directory.{name}.v1", data)


def test_a_profile_without_a_summary_says_so() -> None:
    _, data = contract(SchoolDescribed("nthu", PROFILE, ("ror",)))
    assert data["profile"] == {**WIRE_PROFILE, "summary": None}


def test_every_command_and_fact_of_the_contracts_is_the_directorys() -> None:
    entries = [entry for entry in catalogue.entries() if entry.service == "directory"]
    commands = {entry.type for entry in entries if entry.kind == "command"}
    assert commands == COMMANDS.keys() | ROLE_COMMANDS.keys()
    assert {entry.type for entry in entries if entry.kind == "fact"} == {
        contract(fact)[0] for fact in STORED_FACTS
    }
    assert {type(fact) for fact in STORED_FACTS} == {*FACTS, *ROLE_FACTS}


@pytest.mark.parametrize("fact", STORED_FACTS, ids=lambda fact: type(fact).__name__)
def test_what_was_stored_once_can_be_read_for_ever(fact: Fact | RoleFact) -> None:
    """The samples are what logs hold: a sample is never edited, and a fact whose form changes gets a new class."""
    sample = json.loads((STORED / f"{type(fact).__name__}.json").read_text(encoding="utf-8"))
    codec = FactCodec(SCHOOL.facts if isinstance(fact, FACTS) else ROLES.facts)
    assert (codec.restore(sample), codec.store(fact)) == (fact, sample)


def test_facts_about_schools_and_roles_belong_to_the_center() -> None:
    assert SCHOOL.tenant(SCHOOL.initial()) == "center"
    assert ROLES.tenant(ROLES.initial()) == "center"


def test_each_stream_is_named_after_what_it_is_about() -> None:
    assert (SCHOOL.name, SCHOOL.id_of(ReinstateSchool(ACTOR, "nthu"))) == ("school", "nthu")
    assert (ROLES.name, ROLES.id_of(ROLE_WISHES[0][2])) == ("roles", "nthu")


def test_a_late_refusal_is_told_to_whoever_asked() -> None:
    assert SCHOOL.person(ReinstateSchool(ACTOR, "nthu")) == "lin"
