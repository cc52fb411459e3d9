"""Whatever commands come in whatever order: the activity answers as a paper list would, and keeps its promises."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from functools import reduce
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from registration.domain.activity import decide, evolve, initial
from registration.domain.commands import (
    Actor,
    CancelActivity,
    CancelRegistration,
    ChangeActivity,
    CloseActivity,
    Command,
    DraftActivity,
    PublishActivity,
    Register,
)
from registration.domain.details import Text
from registration.domain.facts import (
    ActivityCancelled,
    ActivityChanged,
    ActivityClosed,
    ActivityDrafted,
    ActivityPublished,
    Fact,
    PlacedOnWaitingList,
    PromotedFromWaitingList,
    RegistrationCancelled,
    SeatConfirmed,
)
from registration.domain.refusal import Refused
from registration.domain.snapshot import dump, load

from .ledger import Ledger, Short
from .story import (
    ACTIVITY,
    AFTER_THE_END,
    CENTER,
    COLLEAGUE_OF_THE_ORGANISER,
    ENDS,
    NOW,
    ORGANISER,
    OUTSIDER,
    STARTS,
    WINDOW_OF_THE_HOST,
    details,
)

PEOPLE = ["mei", "ann", "bo", "cai", "dan", "eve", "lin"]
POOLS = ["onsite", "online"]
JUST_BEFORE_THE_END = ENDS - timedelta(milliseconds=1)
ACTORS = st.sampled_from(
    [
        ORGANISER,
        ORGANISER,
        ORGANISER,
        ORGANISER,
        CENTER,
        WINDOW_OF_THE_HOST,
        COLLEAGUE_OF_THE_ORGANISER,
        OUTSIDER,
    ]
)
FEW = st.sampled_from([1, 2, 3, 0])
LIMITS = st.sampled_from([("onsite",), ("online",), tuple(POOLS), tuple(POOLS)]).flatmap(
    lambda pools: st.fixed_dictionaries(dict.fromkeys(pools, FEW))
)
WAITING_LIMITS = FEW
WILLING = st.sampled_from([True, True, True, False])
RUSH = st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(POOLS), WILLING), min_size=4, max_size=10)
ONE_IN_THREE = st.integers(0, 2).map(lambda number: number == 2)
ONE_IN_TEN = st.integers(0, 9).map(lambda number: number == 9)


def venue(name: str) -> Text:
    return Text(name, name)


NAMES = {
    ActivityDrafted: "drafted",
    ActivityPublished: "published",
    ActivityChanged: "changed",
    ActivityClosed: "closed",
    ActivityCancelled: "cancelled",
    SeatConfirmed: "confirmed",
    PlacedOnWaitingList: "waits",
    PromotedFromWaitingList: "promoted",
    RegistrationCancelled: "cancelled",
}


def short(fact: Fact) -> Short:
    told = (getattr(fact, name, None) for name in ("registration", "place", "was", "by"))
    return NAMES[type(fact)], *(each for each in told if each is not None)


class AnyInterleaving(RuleBasedStateMachine):
    """One activity, a handful of people, few seats: every edge is near."""

    def __init__(self) -> None:
        super().__init__()
        self.state = initial()
        self.ledger = Ledger()
        self.past: list[Fact] = []
        self.now = NOW
        self.ids: list[str] = []

    def command(self, command: Command, foretold: str | list[Short]) -> None:
        before = list(dump(self.state))
        answer = decide(self.state, command, self.now)
        assert list(dump(self.state)) == before, "deciding changed the state"
        if isinstance(answer, Refused):
            assert answer.code == foretold
            return
        assert [short(fact) for fact in answer] == foretold
        for fact in answer:
            self.state = evolve(self.state, fact)
            self.past.append(fact)
            self.standing_of_the_fact_is_right(fact)

    def standing_of_the_fact_is_right(self, fact: Fact) -> None:
        """Counted anew from the registrations, with no use of what the state has counted."""
        if not hasattr(fact, "seats"):
            return
        assert self.state.details is not None
        held = [(each.pool, each.status) for each in self.state.registrations.values()]
        counted = {
            pool: (limit, held.count((pool, "confirmed")), held.count((pool, "waiting")))
            for pool, limit in self.state.details.pools.items()
        }
        told = {pool: (each.limit, each.taken, each.waiting) for pool, each in fact.seats.items()}
        assert told == counted

    @initialize(
        limits=LIMITS, waiting_limit=WAITING_LIMITS, rush=RUSH, steps=st.sampled_from([3, 3, 3, 2, 1, 0])
    )
    def begin(
        self, limits: dict[str, int], waiting_limit: int, rush: list[tuple[str, Any, bool]], steps: int
    ) -> None:
        """Mostly there is something to register for, and people have done so."""
        if steps >= 1:
            self.draft(ORGANISER, limits, waiting_limit)
        if steps >= 2:
            self.publish(ORGANISER)
        if steps >= 3:
            self.rush(rush)

    def draft(self, by: Actor, limits: dict[str, int], waiting_limit: int) -> None:
        wanted = details(pools=limits, waiting_limit=waiting_limit, venue=venue("first"))
        self.command(DraftActivity(by, ACTIVITY, wanted), self.ledger.draft(by, limits, waiting_limit))

    def publish(self, by: Actor) -> None:
        self.command(PublishActivity(by, ACTIVITY), self.ledger.step("published", by))

    @rule(by=ACTORS, limits=LIMITS, waiting_limit=WAITING_LIMITS, once_more=st.booleans())
    def draft_or_publish(
        self, by: Actor, limits: dict[str, int], waiting_limit: int, once_more: bool
    ) -> None:
        if once_more:
            self.publish(by)
        else:
            self.draft(by, limits, waiting_limit)

    @rule(by=ACTORS, call_off=st.booleans(), early=ONE_IN_TEN)
    def close_or_call_off(self, by: Actor, call_off: bool, early: bool) -> None:
        """Mostly late, so that there is something to close."""
        if len(self.past) < 20 and not early:
            return
        if call_off:
            self.command(CancelActivity(by, ACTIVITY, "typhoon"), self.ledger.step("cancelled", by))
        else:
            self.command(CloseActivity(by, ACTIVITY), self.ledger.step("closed", by))

    @rule(
        by=ACTORS,
        limits=LIMITS | st.just({}),
        waiting_limit=st.none() | WAITING_LIMITS,
        name=st.sampled_from(["first", "second"]),
        ends_at=st.none() | st.sampled_from([ENDS, ENDS + timedelta(days=3)]),
    )
    def change(
        self,
        by: Actor,
        limits: dict[str, int],
        waiting_limit: int | None,
        name: str,
        ends_at: datetime | None,
    ) -> None:
        if waiting_limit is None:
            waiting_limit = self.ledger.waiting_limit
        ends_at = ends_at or self.ledger.ends_at
        changes: dict[str, Any] = {"waiting_limit": waiting_limit, "ends_at": ends_at, "venue": venue(name)}
        if limits:
            changes["pools"] = limits
        foretold = self.ledger.change(
            by, self.now, limits=limits, waiting_limit=waiting_limit, venue=name, ends_at=ends_at
        )
        self.command(ChangeActivity(by, ACTIVITY, changes), foretold)

    @rule(rush=RUSH)
    def rush(self, rush: list[tuple[str, Any, bool]]) -> None:
        for person, pool, willing in rush:
            self.register(f"{person}-{len(self.ids)}", person, pool, willing)

    @precondition(lambda self: self.ids)
    @rule(data=st.data(), person=st.sampled_from(PEOPLE), pool=st.sampled_from(POOLS))
    def register_under_a_used_id(self, data: st.DataObject, person: str, pool: Any) -> None:
        self.register(data.draw(st.sampled_from(self.ids)), person, pool, willing=True)

    def register(self, id: str, person: str, pool: Any, willing: bool) -> None:
        self.ids.append(id)
        foretold = self.ledger.register(id, person, pool, willing=willing, now=self.now)
        self.command(Register(ACTIVITY, id, person, "npust", pool, willing), foretold)

    @rule(data=st.data(), by=st.none() | st.none() | ACTORS, stale=ONE_IN_TEN)
    def cancel(self, data: st.DataObject, by: Actor | None, stale: bool) -> None:
        """One's own registration, or as somebody else; mostly one that is there."""
        ids = [*self.state.live.values()][: 0 if stale else None] or ["nobody", *self.ids]
        id = data.draw(st.sampled_from(ids))
        held = self.state.registrations.get(id)
        by = by or Actor(held.person if held else "nobody", "npust", "staff")
        self.command(CancelRegistration(by, ACTIVITY, id), self.ledger.cancel(id, by, self.now))

    @rule(to=st.sampled_from([NOW, STARTS, JUST_BEFORE_THE_END, ENDS, AFTER_THE_END]), leap=ONE_IN_THREE)
    def tell_another_time(self, to: datetime, leap: bool) -> None:
        self.now = to if leap else NOW

    @rule()
    def begin_again_from_the_log(self) -> None:
        replayed = reduce(evolve, self.past, initial())
        assert replayed == self.state
        self.state = replayed

    @rule()
    def begin_again_from_a_snapshot(self) -> None:
        loaded = load(json.loads(json.dumps(list(dump(self.state)))))
        assert loaded == self.state
        assert list(loaded.registrations) == list(self.state.registrations)
        self.state = loaded

    @invariant()
    def pools_stay_within_their_limits_and_nobody_waits_for_a_free_seat(self) -> None:
        for pool in self.state.pools.values():
            assert 0 <= pool.taken <= pool.limit
            assert pool.taken == pool.limit or not pool.waiting

    @invariant()
    def nobody_is_in_twice(self) -> None:
        live = [each.person for each in self.state.registrations.values() if each.status != "cancelled"]
        assert sorted(live) == sorted(set(live)) == sorted(self.state.live)

    @invariant()
    def it_is_as_the_ledger_says(self) -> None:
        held = [(id, each.person, each.pool, each.status) for id, each in self.state.registrations.items()]
        assert held == [(line.id, line.person, line.pool, line.status) for line in self.ledger.lines]
        assert self.state.phase == self.ledger.phase
        for name, pool in self.state.pools.items():
            assert (pool.limit, pool.taken, len(pool.waiting)) == self.ledger.numbers()[name]
            assert list(pool.waiting) == [line.id for line in self.ledger.having("waiting", name)]

    def teardown(self) -> None:
        self.begin_again_from_the_log()
        self.begin_again_from_a_snapshot()


AnyInterleaving.TestCase.settings = settings(max_examples=200, stateful_step_count=50, deadline=None)
TestAnyInterleaving = AnyInterleaving.TestCase
