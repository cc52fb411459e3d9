"""What one command costs does not grow with what came before it: ratios, measured in one run.

A hundred activities of a thousand registrations stand against one of a hundred thousand: as much memory on both
sides, so that what differs is our work and not how often the processor misses its caches.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, islice
from time import perf_counter

from registration.domain.activity import Activity, decide, evolve
from registration.domain.commands import Command
from registration.domain.refusal import Refused

from .story import NOW, cancel, given, published, register

Work = Iterator[tuple[Activity, Command]]

ACTIVITIES, FEW = 100, 1_000
MANY = ACTIVITIES * FEW
AT_MOST = 1.2
ATTEMPTS, BATCHES = 4, 15


def registering(*activities: Activity) -> Work:
    """Newcomers without end, one for each activity in turn."""
    return ((activity, register(f"late-{number}")) for number in count() for activity in activities)


def giving_up(*activities: Activity) -> Work:
    """Everybody leaves in the order in which they came, one of each activity in turn."""
    everybody = zip(
        *([held.person for held in each.registrations.values()] for each in activities), strict=True
    )
    return (
        (activity, cancel(person))
        for people in everybody
        for activity, person in zip(activities, people, strict=True)
    )


def carry_out(work: Work, number: int) -> float:
    """Seconds it takes to decide and evolve that many commands, without making them."""
    some = list(islice(work, number))
    assert len(some) == number
    begun = perf_counter()
    for activity, command in some:
        answer = decide(activity, command, NOW)
        assert not isinstance(answer, Refused)
        for fact in answer:
            evolve(activity, fact)
    return perf_counter() - begun


def with_registrations(number: int, seats: int = 10 * MANY) -> Activity:
    activity = given(*published(pools={"onsite": seats, "online": 5}, waiting_limit=MANY)).state
    carry_out(((activity, register(f"early-{one}")) for one in range(number)), number)
    return activity


def growth(little: Work, much: Work, a_batch: int = 100) -> float:
    """The cost of the second over that of the first.

    Other work on the machine makes a batch slower and never faster: so the fastest of interleaved batches count,
    and the least of some attempts.
    """
    ratios = []
    for _ in range(ATTEMPTS):
        costs = [(carry_out(little, a_batch), carry_out(much, a_batch)) for _ in range(BATCHES)]
        ratios.append(min(cost for _, cost in costs) / min(cost for cost, _ in costs))
        if ratios[-1] <= AT_MOST:
            break
    return min(ratios)


def test_given_many_registrations_when_people_register_then_it_costs_as_with_few() -> None:
    few, many = [with_registrations(FEW) for _ in range(ACTIVITIES)], with_registrations(MANY)
    assert growth(registering(*few), registering(many)) <= AT_MOST


def test_given_many_registrations_when_people_give_up_then_it_costs_as_with_few() -> None:
    few, many = [with_registrations(FEW) for _ in range(ACTIVITIES)], with_registrations(MANY)
    assert growth(giving_up(*few), giving_up(many)) <= AT_MOST


def test_given_thousands_moved_up_when_the_next_do_then_it_costs_as_at_first() -> None:
    fresh = giving_up(with_registrations(41_000, seats=1_000))
    worn = giving_up(with_registrations(41_000, seats=1_000))
    carry_out(worn, 38_000)
    assert growth(fresh, worn, a_batch=20) <= AT_MOST
