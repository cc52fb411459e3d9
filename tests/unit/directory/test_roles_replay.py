"""Whatever is asked in whatever order: the facts alone give back who holds what, and nobody has more than was given."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from directory.domain import roles
from directory.domain.actor import Actor
from directory.domain.commands import GrantRole, RevokeRole, RoleCommand
from directory.domain.facts import ROLE_FACTS, RoleFact, RoleGranted, RoleRevoked
from directory.schemas import ROLES

from .lives import Asked, live, replay, thawed

FIRST = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
SCOPES = ("nchu", "center")
MAY_GRANT = {
    ("center", "host"),
    ("center", "window"),
    ("center", "center"),
    ("window", "host"),
    ("operator", "center"),
    ("operator", "operator"),
}

names = st.sampled_from(["host", "window", "center", "operator"])
people = st.sampled_from(["chen", "wang"])
actors = st.builds(
    Actor,
    person=st.just("lin"),
    school=st.sampled_from(["nchu", "ncue", "center"]),
    role=st.sampled_from(["staff", "host", "window", "center", "operator"]),
)
moments = st.integers(0, 9).map(lambda number: FIRST + timedelta(days=number))
days = st.none() | st.integers(0, 9).map(lambda number: date(2026, 3, 1) + timedelta(days=number))


def wishes(scope: str) -> st.SearchStrategy[RoleCommand]:
    grants = st.builds(
        GrantRole, by=actors, scope=st.just(scope), person=people, role=names, starts_on=days, ends_on=days
    )
    revocations = st.builds(
        RevokeRole, by=actors, scope=st.just(scope), person=people, role=names, reason=st.just("left")
    )
    return grants | revocations


lives: st.SearchStrategy[Asked] = st.sampled_from(SCOPES).flatmap(
    lambda scope: st.lists(st.tuples(wishes(scope), moments), max_size=60)
)


@given(lives)
def test_replayed_from_nothing(asked: Asked) -> None:
    state, happened = live(ROLES, asked)
    assert replay(ROLES, happened) == state


@given(lives, st.integers(min_value=0, max_value=60))
def test_replayed_from_a_snapshot_that_went_through_json(asked: Asked, at: int) -> None:
    state, happened = live(ROLES, asked)
    snapshot = thawed(ROLES, replay(ROLES, happened[:at]))
    assert replay(ROLES, happened[at:], snapshot) == state


@given(lives)
def test_deciding_alone_changes_nothing(asked: Asked) -> None:
    state, _ = live(ROLES, asked)
    before = list(roles.dump(state))
    for command, _ in asked:
        roles.decide(state, command, FIRST)
    assert list(roles.dump(state)) == before


@given(lives)
def test_nobody_is_given_what_was_not_the_givers_to_give(asked: Asked) -> None:
    _, happened = live(ROLES, asked)
    for fact in happened:
        assert (fact.by.role, fact.role) in MAY_GRANT
        assert fact.by.role != "window" or fact.by.school == fact.scope
        assert (fact.scope == "center") == (fact.role in ("center", "operator"))


@given(lives)
def test_nothing_is_taken_that_was_not_there(asked: Asked) -> None:
    _, happened = live(ROLES, asked)
    held: set[tuple[str, str]] = set()
    for fact in happened:
        if isinstance(fact, RoleGranted):
            held.add((fact.person, fact.role))
        else:
            held.remove((fact.person, fact.role))


def test_a_snapshot_of_many_roles_is_in_small_pieces() -> None:
    state = roles.initial()
    by = Actor("lin", "center", "center")
    for number in range(2_500):
        roles.evolve(state, RoleGranted("nchu", f"person-{number}", "host", None, date(2026, 6, 30), by))
    pieces = list(roles.dump(state))
    assert [len(piece["held"]) for piece in pieces] == [1_000, 1_000, 500]
    assert roles.load(reversed(pieces)) == state


def test_every_fact_is_listed_for_the_log() -> None:
    assert set(ROLE_FACTS) == set(RoleFact.__args__) == {RoleGranted, RoleRevoked}
