"""Facts as they really follow on each other: lives of activities, schools and SIGs, decided by the services' domains.

Nothing runs here: commands are drawn by chance and decided on a log in memory; what comes out are the messages that
the relay would publish, in their order.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import gongxue_contracts
from directory.schemas import ROLES, SCHOOL
from gongxue_chassis.aggregate import Aggregate
from gongxue_chassis.log.memory import MemoryCommitStore
from gongxue_chassis.log.runner import Committed, Runner
from gongxue_chassis.publisher import Outgoing
from gongxue_chassis.relay import outgoing
from gongxue_contracts import catalogue
from gongxue_contracts.envelope import CloudEvent, from_dict
from registration.schemas import AGGREGATE as ACTIVITY
from registration.sig_schemas import SIG

GOLDEN = Path(gongxue_contracts.__file__).parent / "golden"
BEGAN = datetime(2026, 9, 1, 1, tzinfo=UTC)
HOST = {"person": "p-host", "school": "nchu", "role": "host"}
CENTER = {"person": "p-center", "school": "center", "role": "center"}
PEOPLE = 12
NOT_FACTS = {"bus.answer.v1"}


@dataclass
class Life:
    """One stream from its first fact to its last. `chance` draws what is wished and how much time passes."""

    stream: str
    aggregate: Aggregate[Any]
    chance: random.Random
    messages: list[Outgoing] = field(default_factory=list)
    now: datetime = BEGAN

    def __post_init__(self) -> None:
        self._runner = Runner(self.aggregate, MemoryCommitStore(), lambda: self.now, self._publish)

    def ask(self, wish: str, /, *, late: bool = False, **data: Any) -> None:
        """Have it decided, a while later; `late`: when nobody waits for the answer any more."""
        self.now += timedelta(seconds=self.chance.randrange(1, 3_600))
        wire_type = f"{self.aggregate.service}.{wish}.v1"
        id = data.get("registration") if wish == "Register" else self.new_id()
        command = CloudEvent(
            id=id or "",
            source="/center/gateway",
            type=wire_type,
            subject=self.stream,
            time=self.now,
            data=catalogue.write(wire_type, data),
            deadline=self.now - timedelta(seconds=1) if late else None,
        )
        [answer] = self._runner.answer(self.stream, [command])
        assert answer.outcome != "parked", answer

    def new_id(self) -> str:
        """A UUID by chance."""
        return str(UUID(int=self.chance.getrandbits(128), version=4))

    @property
    def state(self) -> Any:
        """How it stands now, as the domain sees it."""
        return self._runner.streams.get(self.stream).state

    def _publish(self, commit: Committed) -> None:
        facts = [*commit.facts, *self._runner.translation.late_refusals(commit.document)]
        self.messages += [outgoing(fact) for fact in facts]


def golden() -> list[Outgoing]:
    """A message of every fact there is a golden sample of, after what they take for granted: cards, an activity."""
    samples = [from_dict(json.loads(path.read_text())) for path in sorted(GOLDEN.glob("*.json"))]
    kinds = {entry.type: entry.kind for entry in catalogue.entries()}
    facts = [one for one in samples if kinds[one.type] != "command" and one.type not in NOT_FACTS]
    published = next(one for one in facts if one.type == "registration.activity_published.v1")
    cancelled = next(one for one in facts if one.type == "registration.activity_cancelled.v1")
    of_the_cancelled = replace(
        published,
        id=f"{cancelled.subject}@1.0",
        subject=cancelled.subject,
        data={**published.data, "activity": cancelled.data["activity"]},
    )
    named = {str(one.data["person"]) for one in facts if one.data.get("person")}
    own = {str(one.data["person"]) for one in facts if one.type == "gateway.contact_card.v1"}
    ordered = sorted(facts, key=lambda one: (one.subject, one.sequence or 0))
    return [*map(card, sorted(named - own)), *map(outgoing, [of_the_cancelled, *ordered])]


def card(person: str, version: int = 1) -> Outgoing:
    """How to reach somebody, in that version."""
    data = {
        "person": person,
        "name": f"林 {person} {version}",
        "email": f"{person}@x.example",
        "language": "en" if person[-1] in "02468" else "zh-Hant",
        "school": "ntu",
        "version": version,
    }
    event = CloudEvent(
        id=f"person:{person}@{version}.0",
        source="/center/gateway",
        type="gateway.contact_card.v1",
        subject=f"person:{person}",
        time=BEGAN,
        data=data,
        sequence=version,
    )
    return outgoing(event)


def activity(chance: random.Random, name: str, wishes: int = 90) -> list[Outgoing]:
    """The life of an activity with few seats and a short line, whose host keeps changing it."""
    life = Life(f"activity:{name}", ACTIVITY, chance)
    people = [f"{name}-{number}" for number in range(PEOPLE)]
    mover = f"{name}-mover"
    life.messages += [*map(card, people), card(mover), card(mover, 2), card(mover, 3)]
    life.ask("DraftActivity", by=HOST, activity=name, details=_details(name))
    life.ask("PublishActivity", by=HOST, activity=name)
    for _ in range(wishes):
        _wish(life, name, people)
    life.ask("CloseActivity", by=HOST, activity=name)
    if chance.random() < 0.5:
        life.ask("CancelActivity", by=HOST, activity=name, reason="颱風")
    return life.messages


def _wish(life: Life, name: str, people: list[str]) -> None:
    chance = life.chance
    draw = chance.random()
    live = list(life.state.live.values())
    if draw < 0.55 or not live:
        person, id = chance.choice(people), life.new_id()
        who = {"activity": name, "registration": id, "person": person, "school": "ntu"}
        willing, late = chance.random() < 0.8, chance.random() < 0.2
        life.ask("Register", late=late, **who, pool=chance.choice(["onsite", "online"]), waiting_list=willing)
    elif draw < 0.88:
        held = chance.choice(live)
        own = {"person": life.state.registrations[held].person, "school": "ntu", "role": "staff"}
        life.ask("CancelRegistration", by=chance.choice([own, HOST]), activity=name, registration=held)
    else:
        life.ask("ChangeActivity", by=HOST, activity=name, changes=_change(chance))


def _change(chance: random.Random) -> dict[str, Any]:
    number = chance.randrange(1_000)
    days = timedelta(days=60 + number)
    return chance.choice(
        [
            {"venue": {"zh": f"教室 {number}", "en": f"Room {number}"}},
            {"title": {"zh": f"題目 {number}", "en": ""}},
            {"summary": {"zh": f"摘要 {number}", "en": ""}},
            {"pools": {"onsite": 5 + number % 3}},
            {"starts_at": BEGAN + days, "ends_at": BEGAN + days + timedelta(hours=3)},
        ]
    )


def _details(name: str) -> dict[str, Any]:
    return {
        "kind": "workshop",
        "host": "nchu",
        "title": {"zh": f"工作坊 {name}", "en": f"Workshop {name}"},
        "summary": {"zh": "摘要", "en": ""},
        "venue": {"zh": "臺中", "en": "Taichung"},
        "theme": "culture",
        "starts_at": BEGAN + timedelta(days=60),
        "ends_at": BEGAN + timedelta(days=60, hours=3),
        "pools": {"onsite": 4, "online": 2},
        "waiting_limit": 3,
    }


def school(chance: random.Random, name: str, wishes: int = 25) -> list[Outgoing]:
    """The life of a school that is renamed, suspended and reinstated."""
    life = Life(f"school:{name}", SCHOOL, chance)
    profile = {
        "name": {"zh": "大學", "en": "University"},
        "county": "taichung",
        "ror": None,
        "moe_code": None,
        "website": None,
    }
    by = {"by": CENTER, "school": name}
    life.ask("AdmitSchool", **by, profile=profile)
    for number in range(wishes):
        wish, data = chance.choice(list(_of_schools(number)))
        life.ask(wish, **by, **data)
    return life.messages


def _of_schools(number: int) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "RenameSchool", {"name": {"zh": f"大學 {number}", "en": f"University {number}"}}
    yield "DescribeSchool", {"changes": {"summary": {"zh": f"簡介 {number}", "en": ""}}}
    yield "SuspendSchool", {"reason": f"{number}"}
    yield "ReinstateSchool", {}


def roles(chance: random.Random, name: str, wishes: int = 25) -> list[Outgoing]:
    """The roles of a school: hosts and windows that come and go, for terms that become longer."""
    life = Life(f"roles:{name}", ROLES, chance)
    for number in range(wishes):
        whose = {"person": f"{name}-{chance.randrange(3)}", "role": chance.choice(["host", "window"])}
        term = {"starts_on": None, "ends_on": (BEGAN + timedelta(days=365 + number)).date()}
        wish, data = chance.choice([("GrantRole", term), ("RevokeRole", {"reason": f"{number}"})])
        life.ask(wish, by=CENTER, scope=name, **whose, **data)
    return life.messages


def sig(chance: random.Random, name: str, wishes: int = 150) -> list[Outgoing]:
    """The life of a SIG, from the proposal, which is sent back once, over renewals to its end; or to a no."""
    life = Life(f"sig:{name}", SIG, chance)
    people = [f"{name}-{number}" for number in range(5)]
    life.messages += map(card, people)
    proposer = {"by": _staff(people[0]), "sig": name}
    center = {"by": CENTER, "sig": name}
    life.ask("ProposeSig", **proposer, charter=_charter(chance))
    for school in ("nchu", "pu", "npust"):
        life.ask("SupportSig", **_of_window(name, school))
    life.ask("WithdrawSupport", **_of_window(name, "pu"))
    life.ask("SendBackSig", **center, reason="目標")
    life.ask("ReviseSig", **proposer, changes={"goals": {"zh": "里山根經濟", "en": ""}})
    if chance.random() < 0.4:
        life.ask("DeclineSig", **center, reason="重複")
        return life.messages
    life.ask("SupportSig", **_of_window(name, "pu"))
    life.ask("CharterSig", **center, until=life.now.date() + timedelta(days=365))
    for number in range(wishes):
        wish, data = chance.choice(list(_of_sigs(life, name, people, number)))
        life.ask(wish, **({"by": CENTER, "sig": name} | data))
    return life.messages


def _of_sigs(life: Life, name: str, people: list[str], number: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """What may be wished of a SIG; who convenes it at the moment wishes what convenors may."""
    chance, today = life.chance, life.now.date()
    one, other = chance.choice(people), chance.choice(people)
    convenors = [each.person for each in life.state.convenors] or people
    own = {"by": _staff(chance.choice(convenors))}
    later = today + timedelta(days=100 + number)
    meeting = {"activity": f"r6-meeting-{number % 3}"}
    yield "JoinSig", {"by": _staff(one)}
    yield "InviteMember", {**own, "person": other, "school": "ntu"}
    yield "AdmitMember", {**own, "person": other}
    yield "EndMembership", {**own, "person": other, "reason": ""}
    yield chance.choice(["EnrolSchool", "WithdrawSchool"]), _of_window(name, "ntu")
    yield "NameConvenor", {**own, "person": other, "starts_on": today, "ends_on": later}
    yield chance.choice(
        [("EndConvenor", {"person": other}), ("HandOver", {**own, "to": other, "ends_on": later})]
    )
    yield chance.choice(
        [("LinkMeeting", {**own, **meeting, "held_on": today}), ("UnlinkMeeting", {**own, **meeting})]
    )
    yield chance.choice(
        [
            ("AddRecord", {**own, "record": _record(number)}),
            ("RemoveRecord", {**own, "record": "r6-minutes-1"}),
        ]
    )
    yield "SubmitRenewal", {**own, "statement": {"zh": "續辦", "en": ""}}
    yield chance.choice([("RenewSig", {"until": later}), ("DeclineRenewal", {"reason": f"{number}"})])
    yield chance.choice([("ReopenSig", {"until": later}), ("CloseSig", {"reason": f"{number}"})])
    yield "ReopenSig", {"until": later}
    revised = {"scope": {"zh": f"範圍 {number}", "en": ""}, "joining": chance.choice(["open", "request"])}
    yield "ReviseSig", {**own, "changes": revised}


def _staff(person: str) -> dict[str, str]:
    return {"person": person, "school": "ntu", "role": "staff"}


def _of_window(name: str, school: str) -> dict[str, Any]:
    by = {"person": f"w-{school}", "school": school, "role": "window"}
    return {"by": by, "sig": name, "school": school}


def _charter(chance: random.Random) -> dict[str, Any]:
    return {
        "title": {"zh": "農林碳匯", "en": "Carbon sinks"},
        "theme": "environment",
        "goals": {"zh": "交流", "en": ""},
        "scope": {"zh": "里山", "en": ""},
        "joining": chance.choice(["open", "request", "invitation"]),
    }


def _record(number: int) -> dict[str, Any]:
    return {
        "record": f"r6-minutes-{number % 4}",
        "kind": "minutes",
        "title": {"zh": f"會議 {number}", "en": ""},
        "held_on": BEGAN.date(),
        "activity": None,
        "link": None,
        "text": {"zh": "紀錄", "en": ""},
        "attended": number,
        "schools": ["nchu", "pu"],
    }


def story(seed: int, lives: int) -> list[Outgoing]:
    """The golden samples and so many lives of each kind, each in its order."""
    chance = random.Random(seed)
    messages = golden()
    for number in range(lives):
        messages += activity(chance, f"r6-{number}")
        name = f"r-six-{chr(97 + number // 26)}{chr(97 + number % 26)}"
        messages += school(chance, name)
        messages += roles(chance, name)
        messages += sig(chance, f"r6-sig-{number}")
    return messages
