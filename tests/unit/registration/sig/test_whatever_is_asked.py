"""Whatever is asked in whatever order: what always holds of a SIG, its snapshot, and its replay."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from functools import reduce
from typing import Any, get_args

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from registration.domain.sig import commands as wishes
from registration.domain.sig.commands import Command
from registration.domain.sig.deciding import decide
from registration.domain.sig.facts import (
    FACTS,
    Fact,
    SigChartered,
    SigClosed,
    SigMemberJoined,
    SigMembershipEnded,
    SigRenewalSubmitted,
    SigReopened,
)
from registration.domain.sig.lasting import dossier
from registration.domain.sig.parts import Actor, Text
from registration.domain.sig.refusal import Plain, Refused, TooMany
from registration.domain.sig.snapshot import dump, load
from registration.domain.sig.state import day, evolve, initial

from .tale import SIG, charter, record

FIRST = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PEOPLE = {"hung": "npust", "chiu": "npust", "lee": "nchu", "wang": "nchu", "lin": "center"}
SCHOOLS = ("npust", "nchu", "ndhu", "pu")

people = st.sampled_from(sorted(PEOPLE))
schools = st.sampled_from(SCHOOLS)
staff = people.map(lambda person: Actor(person, PEOPLE[person], "staff"))
windows = schools.map(lambda school: Actor(f"window-{school}", school, "window"))
center = st.just(Actor("lin", "center", "center"))
anybody = staff | staff | windows | center
days = st.integers(-40, 500).map(lambda number: date(2026, 3, 2) + timedelta(days=number))
activities = st.sampled_from(["meeting-1", "meeting-2", "meeting-3"])
records = st.builds(
    lambda id, kind, held_on, activity, attended: record(
        record=id, kind=kind, held_on=held_on, activity=activity, attended=attended, schools=("pu",)
    ),
    st.sampled_from(["r1", "r2", "r3", "r4"]),
    st.sampled_from(["minutes", "output"]),
    days,
    st.none() | activities,
    st.none() | st.integers(0, 50),
)
OF_FIELDS: dict[str, Any] = {
    "by": anybody,
    "sig": st.just(SIG),
    "charter": st.sampled_from([charter("open"), charter("request"), charter("invitation")]),
    "changes": st.sampled_from(["open", "request", "invitation"]).map(lambda joining: {"joining": joining}),
    "school": schools,
    "person": people,
    "to": people,
    "reason": st.just("why"),
    "until": days,
    "starts_on": days,
    "ends_on": days,
    "activity": activities,
    "held_on": days,
    "statement": st.just(Text("明年繼續", "")),
}
COMMANDS: tuple[type, ...] = tuple(
    one for group in get_args(Command) for one in (get_args(group) or (group,))
)


def of(kind: type) -> st.SearchStrategy[Any]:
    made: dict[str, Any] = {one.name: OF_FIELDS.get(one.name) for one in fields(kind)}
    if "record" in made:
        made["record"] = records if kind is wishes.AddRecord else st.sampled_from(["r1", "r2", "r3", "r4"])
    return st.builds(kind, **made)


class Life(RuleBasedStateMachine):
    """One SIG, asked for all there is, by everybody, over a year and a half."""

    def __init__(self) -> None:
        super().__init__()
        self.sig = initial()
        self.happened: list[Fact] = []
        self.now = FIRST

    def ask(self, command: Command) -> list[Fact] | Refused:
        before = list(dump(self.sig))
        decision = decide(self.sig, command, self.now)
        assert list(dump(self.sig)) == before
        if isinstance(decision, Refused):
            assert decision.code in {*get_args(Plain), *get_args(TooMany)}
            return decision
        assert decision
        for fact in decision:
            assert isinstance(fact, FACTS)
            self.sig = evolve(self.sig, fact)
        self.happened += decision
        return decision

    @initialize(chartered=st.booleans(), joining=st.sampled_from(["open", "request", "invitation"]))
    def begin(self, *, chartered: bool, joining: Any) -> None:
        """Half of them begin as SIGs, so that there is time for what comes then."""
        if not chartered:
            return
        self.ask(wishes.ProposeSig(Actor("hung", "npust", "staff"), SIG, charter(joining)))
        for school in SCHOOLS[:3]:
            self.ask(wishes.SupportSig(Actor(f"window-{school}", school, "window"), SIG, school))
        self.ask(wishes.CharterSig(Actor("lin", "center", "center"), SIG, date(2027, 3, 1)))
        assert self.sig.phase == "active"

    @rule(command=st.sampled_from(COMMANDS).flatmap(of))
    def whatever(self, command: Command) -> None:
        self.ask(command)

    @rule(data=st.data(), kind=st.sampled_from(COMMANDS))
    def by_somebody_who_convenes(self, data: Any, kind: type) -> None:
        if self.sig.convenors:
            person = data.draw(st.sampled_from([one.person for one in self.sig.convenors]))
            command = data.draw(of(kind))
            self.ask(replace(command, by=Actor(person, self.sig.members[person], "staff")))

    @rule(person=people, kind=st.sampled_from([wishes.JoinSig, wishes.EndMembership]))
    def somebody_comes_or_goes(self, person: str, kind: Any) -> None:
        by = Actor(person, PEOPLE[person], "staff")
        self.ask(kind(by, SIG) if kind is wishes.JoinSig else kind(by, SIG, person, "why"))

    @rule(person=people)
    def a_convenor_admits_whoever_asks(self, person: str) -> None:
        for one in self.sig.convenors[:1]:
            self.ask(wishes.AdmitMember(Actor(one.person, "nchu", "staff"), SIG, person))

    @rule()
    def what_is_closed_is_reopened(self) -> None:
        if self.sig.phase == "closed":
            until = day(self.now) + timedelta(days=365)
            self.ask(wishes.ReopenSig(Actor("lin", "center", "center"), SIG, until))

    @rule(number=st.integers(1, 90))
    def time_goes_by(self, number: int) -> None:
        self.now += timedelta(days=number)

    @invariant()
    def nobody_is_two_things_at_once(self) -> None:
        members, requested, invited = {*self.sig.members}, {*self.sig.requested}, {*self.sig.invited}
        assert not members & requested
        assert not members & invited
        assert not requested & invited

    @invariant()
    def convenors_are_members_once_each(self) -> None:
        convening = [one.person for one in self.sig.convenors]
        assert len(convening) == len({*convening})
        assert {*convening} <= {*self.sig.members}
        assert all(one.starts_on <= one.ends_on for one in self.sig.convenors)

    @invariant()
    def nobody_convenes_only_if_the_center_let_the_last_one_go_or_opened_it_again(self) -> None:
        if self.sig.phase == "active" and not self.sig.convenors:
            gone = [fact for fact in self.happened if isinstance(fact, SigMembershipEnded)]
            again = any(isinstance(fact, SigReopened) for fact in self.happened)
            assert again or any(fact.by == "center" for fact in gone)

    @invariant()
    def a_sig_had_three_supporters_when_it_was_chartered(self) -> None:
        if any(isinstance(fact, SigChartered) for fact in self.happened):
            assert len({*self.sig.supporters}) >= 3
            assert self.sig.since is not None
            assert self.sig.until is not None

    @invariant()
    def the_number_of_members_told_is_the_one_there_is(self) -> None:
        told = [fact.members for fact in self.happened if isinstance(fact, SigMemberJoined)]
        assert not told or len(told) >= len(self.sig.members)
        assert len(self.sig.members) == sum(
            {"SigMemberJoined": 1}.get(type(fact).__name__, 0) - (getattr(fact, "was", "") == "member")
            for fact in self.happened
        )

    @invariant()
    def a_dossier_is_what_can_be_counted_again(self) -> None:
        if self.happened and isinstance(self.happened[-1], SigRenewalSubmitted):
            assert self.happened[-1].dossier == dossier(
                reduce(evolve, self.happened, initial()), self.happened[-1].dossier.until
            )

    @invariant()
    def after_the_end_only_people_leave(self) -> None:
        if self.sig.phase == "closed":
            last = max(n for n, fact in enumerate(self.happened) if isinstance(fact, SigClosed))
            later = {type(fact).__name__ for fact in self.happened[last + 1 :]}
            assert later <= {"SigMembershipEnded", "SigConvenorEnded"}

    def teardown(self) -> None:
        """From the facts alone, and from a snapshot that went through JSON, it is the same SIG."""
        assert reduce(evolve, self.happened, initial()) == self.sig
        half = len(self.happened) // 2
        pieces = json.loads(json.dumps(list(dump(reduce(evolve, self.happened[:half], initial())))))
        assert reduce(evolve, self.happened[half:], load(pieces)) == self.sig


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=60, deadline=None)


def test_a_snapshot_of_a_large_sig_is_in_small_pieces() -> None:
    sig = initial()
    for number in range(2_500):
        sig.members[f"p{number}"] = "nchu"
    for number in range(120):
        sig.records[f"r{number}"] = record(record=f"r{number}", text=Text("長", ""))
    pieces = list(dump(sig))
    assert [len(piece.get("members", ())) for piece in pieces] == [0, 1_000, 1_000, 500, 0, 0, 0]
    assert [len(piece.get("records", ())) for piece in pieces][-3:] == [50, 50, 20]
    assert load(pieces) == sig
