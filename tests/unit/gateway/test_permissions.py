"""The one table of permissions: who may do what where, and in which role they do it."""

from __future__ import annotations

import pytest

from gateway.access import permissions
from gateway.access.permissions import ANYONE, ROLES, TABLE, allowed, is_public, possible, require
from gateway.actions import Person
from gateway.problems import Problem


def somebody(*roles: str, school: str = "nchu") -> Person:
    return Person("lin", "Lin", "lin@nchu.example", "en", school, frozenset({"staff", *roles}))


def test_every_row_names_a_role_there_is_and_what_is_public_is_for_anyone() -> None:
    for action, rows in TABLE.items():
        assert rows, action
        for row in rows:
            assert row.role in ROLES or (row.role, row.where) == (ANYONE, "public"), action


def test_rows_for_one_school_are_of_the_roles_of_one_school() -> None:
    """Host and window are so for their own school only: a row that lets them act anywhere breaks a wall."""
    for action, rows in TABLE.items():
        for row in rows:
            assert row.where == "own_school" or row.role not in ("host", "window"), action


def test_what_is_public_is_allowed_to_whoever_is_not_signed_in() -> None:
    assert allowed(None, "list_activities") == ANYONE
    assert allowed(somebody(), "list_activities") == "staff"
    assert is_public("list_activities")
    assert not is_public("register")


def test_one_acts_in_the_first_role_that_suffices() -> None:
    everything = somebody("host", "window", "center", "operator")
    assert allowed(everything, "change_activity", school="nchu") == "host"
    assert allowed(everything, "change_activity", school="ncue") == "center"
    assert allowed(everything, "describe_school", school="nchu") == "window"


@pytest.mark.parametrize("role", ["host", "window"])
def test_a_role_of_a_school_holds_at_no_other(role: str) -> None:
    assert allowed(somebody(role), "change_activity", school="nchu") == role
    assert allowed(somebody(role), "change_activity", school="ncue") is None
    assert allowed(somebody(role), "change_activity") is None


def test_what_is_ones_own_is_nobody_elses() -> None:
    assert allowed(somebody(), "cancel_registration", owner="lin", school="ncue") == "staff"
    assert allowed(somebody(), "cancel_registration", owner="wu", school="nchu") is None
    assert allowed(somebody(), "cancel_registration") is None


def test_a_role_that_is_not_held_allows_nothing() -> None:
    assert allowed(somebody(), "admit_school") is None
    assert allowed(somebody("operator"), "admit_school") is None
    assert allowed(somebody("center"), "admit_school") == "center"


def test_who_is_refused_is_told_whether_signing_in_would_help() -> None:
    with pytest.raises(Problem, match="not_signed_in"):
        require(None, "register")
    with pytest.raises(Problem, match="forbidden"):
        require(somebody(), "admit_school")
    assert require(somebody(), "register") == "staff"


def test_what_one_may_do_somewhere_is_worth_offering() -> None:
    assert possible(somebody("host"), "draft_activity")
    assert possible(somebody(), "my_registrations")
    assert not possible(somebody(), "draft_activity")
    assert not possible(None, "draft_activity")
    assert possible(None, "read_activity")


def test_an_action_that_the_table_does_not_have_is_an_error() -> None:
    for ask in (permissions.allowed, permissions.require, permissions.possible):
        with pytest.raises(KeyError):
            ask(somebody("center", "operator"), "fly")
    with pytest.raises(KeyError):
        permissions.is_public("fly")
