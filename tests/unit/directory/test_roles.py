"""Who holds which role: given facts, when a command, then facts or a refusal."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from directory.domain import roles
from directory.domain.actor import Actor
from directory.domain.commands import GrantRole, RevokeRole, RoleCommand
from directory.domain.facts import RoleFact, RoleGranted, RoleRevoked
from directory.domain.refusal import Refused

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
YESTERDAY, TOMORROW, JUNE = date(2026, 3, 1), date(2026, 3, 3), date(2026, 6, 30)

CENTER = Actor("lin", "center", "center")
OPERATOR = Actor("root", "center", "operator")
WINDOW = Actor("wang", "nchu", "window")
HOST = Actor("hsu", "nchu", "host")
STAFF = Actor("lee", "nchu", "staff")

HOST_GRANTED = RoleGranted("nchu", "chen", "host", None, None, WINDOW)


def given(*facts: RoleFact) -> roles.Roles:
    state = roles.initial()
    for fact in facts:
        state = roles.evolve(state, fact)
    return state


def when(state: roles.Roles, command: RoleCommand, now: datetime = NOW) -> list[RoleFact] | Refused:
    return roles.decide(state, command, now)


def grant(by: Actor, role: str = "host", scope: str = "nchu", **term: date | None) -> GrantRole:
    dates: dict[str, date | None] = {"starts_on": None, "ends_on": None, **term}
    return GrantRole(by, scope, "chen", role, dates["starts_on"], dates["ends_on"])


def revoke(by: Actor, role: str = "host", scope: str = "nchu") -> RevokeRole:
    return RevokeRole(by, scope, "chen", role, "moved away")


ALLOWED = [
    (WINDOW, "host", "nchu"),
    (CENTER, "host", "nchu"),
    (CENTER, "window", "nchu"),
    (CENTER, "center", "center"),
    (OPERATOR, "center", "center"),
    (OPERATOR, "operator", "center"),
]


@pytest.mark.parametrize(("by", "role", "scope"), ALLOWED)
def test_who_may_grants_a_role_and_takes_it_back(by: Actor, role: str, scope: str) -> None:
    granted = RoleGranted(scope, "chen", role, None, None, by)
    assert when(given(), grant(by, role, scope)) == [granted]
    assert when(given(granted), revoke(by, role, scope)) == [
        RoleRevoked(scope, "chen", role, "moved away", by)
    ]


@pytest.mark.parametrize("by", [CENTER, OPERATOR, WINDOW, HOST, STAFF], ids=lambda by: by.role)
@pytest.mark.parametrize("role", ["host", "window", "center", "operator"])
def test_nobody_else_does(by: Actor, role: str) -> None:
    scope = "center" if role in ("center", "operator") else "nchu"
    if (by, role, scope) in ALLOWED:
        return
    held = given(RoleGranted(scope, "chen", role, None, None, OPERATOR))
    refused = Refused("not_yours_to_grant", {"role": role})
    assert when(given(), grant(by, role, scope)) == refused
    assert when(held, revoke(by, role, scope)) == refused


def test_a_window_does_not_grant_at_another_school() -> None:
    other = replace(WINDOW, school="ncue")
    assert when(given(), grant(other)) == Refused("wrong_school")
    assert when(given(HOST_GRANTED), revoke(other)) == Refused("wrong_school")


@pytest.mark.parametrize(
    ("by", "role", "scope"),
    [
        (CENTER, "host", "center"),
        (CENTER, "window", "center"),
        (CENTER, "center", "nchu"),
        (OPERATOR, "operator", "nchu"),
    ],
)
def test_a_role_is_held_where_it_belongs(by: Actor, role: str, scope: str) -> None:
    assert when(given(), grant(by, role, scope)) == Refused("wrong_scope", {"role": role})


def test_a_role_may_have_a_term() -> None:
    assert when(given(), grant(WINDOW, starts_on=TOMORROW, ends_on=JUNE)) == [
        RoleGranted("nchu", "chen", "host", TOMORROW, JUNE, WINDOW)
    ]


def test_a_term_of_one_day_is_one() -> None:
    assert when(given(), grant(WINDOW, starts_on=TODAY, ends_on=TODAY)) == [
        RoleGranted("nchu", "chen", "host", TODAY, TODAY, WINDOW)
    ]


def test_a_term_that_ends_before_it_starts_is_none() -> None:
    command = grant(WINDOW, starts_on=JUNE, ends_on=TOMORROW)
    assert when(given(), command) == Refused("ends_before_it_starts")


def test_a_term_that_is_over_is_not_granted() -> None:
    assert when(given(), grant(WINDOW, ends_on=YESTERDAY)) == Refused("over_already")


def test_the_day_is_that_of_taipei() -> None:
    """At 16:30 in UTC the next day has begun there."""
    evening = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
    assert when(given(), grant(WINDOW, ends_on=TODAY)) == [
        RoleGranted("nchu", "chen", "host", None, TODAY, WINDOW)
    ]
    assert when(given(), grant(WINDOW, ends_on=TODAY), evening) == Refused("over_already")


def test_a_role_that_is_held_is_not_granted_again() -> None:
    assert when(given(HOST_GRANTED), grant(CENTER)) == Refused("role_held")


def test_another_term_takes_the_place_of_the_one_there_was() -> None:
    longer = RoleGranted("nchu", "chen", "host", None, JUNE, CENTER)
    assert when(given(HOST_GRANTED), grant(CENTER, ends_on=JUNE)) == [longer]
    assert when(given(HOST_GRANTED, longer), grant(CENTER, ends_on=JUNE)) == Refused("role_held")


def test_a_role_that_was_revoked_may_be_granted_again() -> None:
    revoked = RoleRevoked("nchu", "chen", "host", "moved away", WINDOW)
    assert when(given(HOST_GRANTED, revoked), grant(WINDOW)) == [HOST_GRANTED]


def test_one_person_may_hold_several_roles_and_several_one() -> None:
    assert when(given(HOST_GRANTED), grant(CENTER, "window")) == [
        RoleGranted("nchu", "chen", "window", None, None, CENTER)
    ]
    assert when(given(HOST_GRANTED), replace(grant(WINDOW), person="wu")) == [
        replace(HOST_GRANTED, person="wu")
    ]


def test_a_role_that_is_not_held_cannot_be_revoked() -> None:
    revoked = RoleRevoked("nchu", "chen", "host", "moved away", WINDOW)
    assert when(given(), revoke(WINDOW)) == Refused("role_not_held")
    assert when(given(HOST_GRANTED, revoked), revoke(WINDOW)) == Refused("role_not_held")
    assert when(given(HOST_GRANTED), revoke(CENTER, "window")) == Refused("role_not_held")


def test_a_role_whose_term_is_over_cannot_be_revoked() -> None:
    over = replace(HOST_GRANTED, ends_on=YESTERDAY)
    assert when(given(over), revoke(WINDOW)) == Refused("role_not_held")


def test_a_role_that_has_not_begun_can_be_revoked() -> None:
    later = replace(HOST_GRANTED, starts_on=JUNE)
    assert when(given(later), revoke(WINDOW)) == [RoleRevoked("nchu", "chen", "host", "moved away", WINDOW)]


def test_who_is_refused_does_not_learn_who_holds_what() -> None:
    for state in (given(), given(HOST_GRANTED)):
        assert when(state, grant(STAFF)) == Refused("not_yours_to_grant", {"role": "host"})
        assert when(state, revoke(STAFF)) == Refused("not_yours_to_grant", {"role": "host"})
