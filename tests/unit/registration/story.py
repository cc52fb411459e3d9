"""The words in which these tests are told: given facts, when a command comes, then facts or a refusal follow.

A standing is written as three numbers, `onsite=(limit, taken, waiting)`. Facts of the past may leave it out:
what becomes of an activity through a fact never depends on the standing the fact carries.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Any

from registration.domain.activity import Activity, decide, evolve, initial
from registration.domain.commands import Actor, CancelRegistration, ChangeActivity, Command, Register
from registration.domain.details import Details, Pool, Text
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
from registration.domain.seats import Seats, Standing

ACTIVITY = "usr-co-training-1120813"
NOW = datetime(2024, 8, 1, 1, 0, tzinfo=UTC)
STARTS = datetime(2024, 8, 13, 1, 0, tzinfo=UTC)
ENDS = datetime(2024, 8, 13, 9, 0, tzinfo=UTC)
AFTER_THE_END = ENDS + timedelta(minutes=1)

ORGANISER = Actor(person="lin", school="nchu", role="host")
WINDOW_OF_THE_HOST = Actor(person="hsu", school="nchu", role="window")
COLLEAGUE_OF_THE_ORGANISER = Actor(person="wu", school="nchu", role="staff")
CENTER = Actor(person="chen", school="center", role="center")
OUTSIDER = Actor(person="kao", school="pu", role="window")


@dataclass(frozen=True)
class Given:
    """An activity with a past."""

    state: Activity

    def when(self, command: Command, now: datetime = NOW) -> Outcome:
        return Outcome(decide(self.state, command, now))


@dataclass(frozen=True)
class Outcome:
    """What the activity makes of a command."""

    answer: list[Fact] | Refused

    def then(self, *facts: Fact) -> None:
        assert self.answer == list(facts)

    def then_refused(self, code: str, **details: Any) -> None:
        assert self.answer == Refused(code, details)  # type: ignore[arg-type]


def given(*facts: Fact) -> Given:
    return Given(reduce(evolve, facts, initial()))


def details(**given_fields: Any) -> Details:
    plain = Details(
        kind="co_training",
        host="nchu",
        title=Text("113年USR共同培力活動", "USR co-training 2024"),
        summary=Text("實體與線上同步", "On site and online"),
        venue=Text("國立中興大學", "National Chung Hsing University"),
        theme="local_care",
        starts_at=STARTS,
        ends_at=ENDS,
        pools={"onsite": 1},
        waiting_limit=2,
    )
    return replace(plain, **given_fields)


def standing(**pools: tuple[int, int, int]) -> Seats:
    return {name: Standing(*numbers) for name, numbers in pools.items()}  # type: ignore[misc]


def registration_of(person: str) -> str:
    return f"registration-of-{person}"


# -- facts


def drafted(**fields: Any) -> ActivityDrafted:
    return ActivityDrafted(ACTIVITY, details(**fields))


def published(**fields: Any) -> tuple[ActivityDrafted, ActivityPublished]:
    draft = drafted(**fields)
    empty = {name: Standing(limit, 0, 0) for name, limit in draft.details.pools.items()}
    return draft, ActivityPublished(ACTIVITY, draft.details, empty)


def changed(*names: str, onsite: Any = None, online: Any = None, **fields: Any) -> ActivityChanged:
    return ActivityChanged(ACTIVITY, details(**fields), names, _seats(onsite, online))


def closed() -> ActivityClosed:
    return ActivityClosed(ACTIVITY)


def activity_cancelled() -> ActivityCancelled:
    return ActivityCancelled(ACTIVITY, "typhoon")


def confirmed(person: str, pool: Pool = "onsite", onsite: Any = None, online: Any = None) -> SeatConfirmed:
    return SeatConfirmed(registration_of(person), ACTIVITY, person, "npust", pool, _seats(onsite, online))


def waits(
    person: str, pool: Pool = "onsite", *, place: int = 1, onsite: Any = None, online: Any = None
) -> PlacedOnWaitingList:
    seats = _seats(onsite, online)
    return PlacedOnWaitingList(registration_of(person), ACTIVITY, person, "npust", pool, place, seats)


def promoted(
    person: str, pool: Pool = "onsite", onsite: Any = None, online: Any = None
) -> PromotedFromWaitingList:
    seats = _seats(onsite, online)
    return PromotedFromWaitingList(registration_of(person), ACTIVITY, person, "npust", pool, seats)


def cancelled(
    person: str,
    pool: Pool = "onsite",
    *,
    was: Any = "confirmed",
    by: Any = "person",
    onsite: Any = None,
    online: Any = None,
) -> RegistrationCancelled:
    seats = _seats(onsite, online)
    return RegistrationCancelled(registration_of(person), ACTIVITY, person, "npust", pool, was, by, seats)


def _seats(onsite: Any, online: Any) -> Seats:
    pools = {"onsite": onsite, "online": online}
    return standing(**{name: numbers for name, numbers in pools.items() if numbers is not None})


# -- commands


def register(person: str, pool: Pool = "onsite", *, waiting_list: bool = True) -> Register:
    return Register(ACTIVITY, registration_of(person), person, "npust", pool, waiting_list)


def cancel(person: str, by: Actor | None = None) -> CancelRegistration:
    return CancelRegistration(by or Actor(person, "npust", "staff"), ACTIVITY, registration_of(person))


def change(by: Actor = ORGANISER, **changes: Any) -> ChangeActivity:
    return ChangeActivity(by, ACTIVITY, changes)
