"""Which roles somebody has on a day, by what the read model keeps."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from gateway.access import roles
from gateway.actions import Person

TODAY = "2026-03-02"
LIN = Person("lin", "Lin", "lin@nchu.example", "en", "nchu")


def granted(role: str = "host", **changes: Any) -> dict[str, Any]:
    scope = "center" if role in ("center", "operator") else "nchu"
    whole = {"scope": scope, "person": "lin", "role": role, "starts_on": None, "ends_on": None}
    return {**whole, "revoked": False, **changes}


def test_everybody_is_staff_and_what_was_granted() -> None:
    assert roles.now_of(LIN, [], TODAY) == {"staff"}
    held = [granted(role) for role in ("host", "window", "center", "operator")]
    assert roles.now_of(LIN, held, TODAY) == {"staff", "host", "window", "center", "operator"}


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "held"),
    [
        ("2026-03-02", "2026-03-02", True),
        ("2026-03-03", None, False),
        (None, "2026-03-01", False),
        ("2025-01-01", "2026-12-31", True),
    ],
)
def test_a_role_is_held_for_its_term(starts_on: str | None, ends_on: str | None, held: bool) -> None:
    found = roles.now_of(LIN, [granted(starts_on=starts_on, ends_on=ends_on)], TODAY)
    assert ("host" in found) == held


def test_what_was_revoked_or_is_somebody_elses_is_not_held() -> None:
    assert roles.now_of(LIN, [granted(revoked=True), granted("window", person="wu")], TODAY) == {"staff"}


def test_a_role_of_another_school_does_not_go_along() -> None:
    """Whoever moves to another school leaves the keys behind."""
    assert roles.now_of(LIN, [granted(scope="ncue"), granted("window", scope="ncue")], TODAY) == {"staff"}


def test_a_role_of_the_network_holds_wherever_one_belongs() -> None:
    assert roles.now_of(LIN, [granted("center")], TODAY) == {"staff", "center"}
    assert roles.now_of(LIN, [granted("center", scope="nchu")], TODAY) == {"staff"}


def test_a_role_whose_term_was_not_heard_is_not_held_yet() -> None:
    early = {"scope": "nchu", "person": "lin", "role": "host", "revoked": False}
    assert roles.now_of(LIN, [early], TODAY) == {"staff"}
    assert roles.held(early) is None


def test_the_day_is_that_of_taipei() -> None:
    assert roles.day(datetime(2026, 3, 1, 15, 59, tzinfo=UTC)) == "2026-03-01"
    assert roles.day(datetime(2026, 3, 1, 16, 0, tzinfo=UTC)) == "2026-03-02"


def test_acts_are_shown_in_their_order() -> None:
    acts = {"000000000010": {"act": "revoked"}, "000000000002": {"act": "granted"}}
    found = roles.held(granted(history=acts))
    assert found is not None
    assert [act["act"] for act in found["history"]] == ["granted", "revoked"]


@pytest.mark.parametrize(
    ("then", "now", "another"),
    [
        ("2026-03-02T15:59:59.999+00:00", "2026-03-02T16:00:00+00:00", True),
        ("2026-03-01T16:00:00+00:00", "2026-03-02T15:59:59.999+00:00", False),
        ("2026-03-01T23:59:00+00:00", "2026-03-02T00:01:00+00:00", False),
    ],
)
def test_a_day_begins_at_midnight_in_taipei(then: str, now: str, another: bool) -> None:
    seconds = [datetime.fromisoformat(one).timestamp() for one in (then, now)]
    assert roles.another_day(*seconds) == another
