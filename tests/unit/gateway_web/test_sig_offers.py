"""A SIG's page offers what the service would grant, and nothing that it would refuse."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from gateway.actions import Person
from gateway.web.rendering import pages
from gateway.web.sig_offers import convenes_alone, offers
from registration.domain.sig.commands import (
    Command,
    EndMembership,
    EnrolSchool,
    HandOver,
    JoinSig,
    WithdrawSchool,
)
from registration.domain.sig.deciding import decide
from registration.domain.sig.parts import Actor, Charter, Convenor, Text
from registration.domain.sig.refusal import Refused
from registration.domain.sig.state import Sig as State
from registration.domain.sig.state import day

NOW = datetime.now(UTC)
TODAY, LATER = day(NOW), day(NOW + timedelta(days=100))
WINDOW = Person("lin", "林", "l@nchu.example", "en", "nchu", frozenset({"staff", "window"}))
CONVENORS: dict[str, tuple[str, ...]] = {
    "nobody": (),
    "others": ("wu",),
    "alone": ("lin",),
    "together": ("lin", "wu"),
}


def shown(status: str, joining: str, school_is_in: bool, convenors: tuple[str, ...]) -> Any:
    """As the read model has it."""
    terms = [
        {"person": one, "starts_on": TODAY.isoformat(), "ends_on": LATER.isoformat()} for one in convenors
    ]
    return {
        "id": "soil",
        "status": status,
        "joining": joining,
        "schools": ["nchu"] if school_is_in else [],
        "convenors": terms,
        "submitted": None,
        "proposer": {"person": "wu"},
        "supporters": [],
    }


def known(
    status: Any, joining: Any, school_is_in: bool, convenors: tuple[str, ...], standing: str | None
) -> State:
    """As the service has it."""
    text = Text("土", "")
    held = {name: {"lin": "nchu"} if standing == name else {} for name in ("member", "requested", "invited")}
    return State(
        phase=status,
        charter=Charter(text, "food_health", text, text, joining),
        proposer=Actor("wu", "ncku", "staff"),
        members=held["member"] | {"wu": "ncku"},
        requested=held["requested"],
        invited=held["invited"],
        schools=("nchu",) if school_is_in else (),
        convenors=tuple(Convenor(one, TODAY, LATER) for one in convenors),
    )


def granted(state: State) -> set[str]:
    """What the service would do for Lin, of what the page of a chartered SIG may offer."""
    staff, window = Actor("lin", "nchu", "staff"), Actor("lin", "nchu", "window")
    wishes: dict[str, Command] = {
        "join": JoinSig(staff, "soil"),
        "leave": EndMembership(staff, "soil", "lin", ""),
        "enrol-school": EnrolSchool(window, "soil", "nchu"),
        "withdraw-school": WithdrawSchool(window, "soil", "nchu"),
    }
    found = {name for name, wish in wishes.items() if not isinstance(decide(state, wish, NOW), Refused)}
    if "lin" in state.members and "leave" not in found:
        assert not isinstance(decide(state, HandOver(staff, "soil", "wu", LATER), NOW), Refused)
        found.add("hand-over")
    return found


@pytest.mark.parametrize("standing", [None, "member", "requested", "invited"])
@pytest.mark.parametrize("joining", ["open", "request", "invitation"])
def test_what_is_offered_would_be_granted_and_the_other_way_round(joining: str, standing: str | None) -> None:
    say = pages().speech("en")
    for status, school_is_in, who in product(("active", "closed"), (True, False), CONVENORS):
        if "lin" in CONVENORS[who] and standing != "member":
            continue
        case = (status, joining, school_is_in, CONVENORS[who])
        mine: Any = {"person": "lin", "status": standing} if standing else None
        sig = shown(*case)

        offered = {one.address.rpartition("/")[2] for one in offers(sig, WINDOW, mine, say)}

        assert offered == granted(known(*case, standing)), case
        assert convenes_alone(sig, mine) == ("hand-over" in offered)


def test_whoever_waits_may_join_once_anybody_may() -> None:
    mine: Any = {"person": "lin", "status": "requested"}

    words = [
        one.words
        for one in offers(shown("active", "open", False, ("wu",)), WINDOW, mine, pages().speech("en"))
    ]

    assert words == ["Join", "Let my school join as a whole…", "Take my request back…"]


def test_whoever_is_not_signed_in_is_offered_nothing() -> None:
    assert offers(shown("active", "open", False, ("wu",)), None, None, pages().speech("en")) == ()
