"""What one command costs does not grow with what came before it: ratios, measured in one run."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, islice
from time import perf_counter

from registration.domain.activity import Activity, decide, evolve
from registration.domain.commands import Command
from registration.domain.refusal import Refused

from .story import NOW, cancel, given, published, register

FEW, MANY = 1_000, 100_000
ENOUGH = 1_000_000
AT_MOST = 1.2
ATTEMPTS, BATCHES, A_BATCH = 4, 12, 50


def newcomers(tag: str) -> Iterator[Command]:
    return (register(f"{tag}-{number}") for number in count())


def leavers(state: Activity) -> Iterator[Command]:
    """Everybody gives up, in the order in which they came."""
    return iter([cancel(held.person) for held in state.registrations.values()])


def carry_out(state: Activity, commands: Iterator[Command], number: int) -> float:
    """Seconds it takes to decide and evolve some commands, without making them."""
    some = list(islice(commands, number))
    begun = perf_counter()
    for command in some:
        answer = decide(state, command, NOW)
        assert not isinstance(answer, Refused)
        for fact in answer:
            evolve(state, fact)
    return perf_counter() - begun


def with_registrations(number: int, seats: int = ENOUGH) -> Activity:
    state = given(*published(pools={"onsite": seats, "online": 5}, waiting_limit=10_000)).state
    carry_out(state, newcomers("early"), number)
    return state


def growth(little: tuple[Activity, Iterator[Command]], much: tuple[Activity, Iterator[Command]]) -> float:
    """The cost of the second over that of the first.

    Other work on the machine makes a batch slower and never faster: so the fastest of interleaved batches count,
    and the least of some attempts.
    """
    ratios = []
    for _ in range(ATTEMPTS):
        costs = [(carry_out(*little, A_BATCH), carry_out(*much, A_BATCH)) for _ in range(BATCHES)]
        ratios.append(min(cost for _, cost in costs) / min(cost for cost, _ in costs))
        if ratios[-1] <= AT_MOST:
            break
    return min(ratios)


def test_given_many_registrations_when_people_register_then_it_costs_as_with_few() -> None:
    few, many = with_registrations(FEW), with_registrations(MANY)
    assert growth((few, newcomers("late")), (many, newcomers("late"))) <= AT_MOST


def test_given_many_registrations_when_people_give_up_then_it_costs_as_with_few() -> None:
    few, many = with_registrations(4 * FEW), with_registrations(MANY)
    assert growth((few, leavers(few)), (many, leavers(many))) <= AT_MOST


def test_given_thousands_moved_up_when_the_next_do_then_it_costs_as_at_first() -> None:
    fresh, worn = with_registrations(11_000, seats=1_000), with_registrations(11_000, seats=1_000)
    left_of_worn = leavers(worn)
    carry_out(worn, left_of_worn, 7_000)
    assert growth((fresh, leavers(fresh)), (worn, left_of_worn)) <= AT_MOST
