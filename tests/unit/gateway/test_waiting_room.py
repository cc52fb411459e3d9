"""The waiting room: in order of arrival, at the rate, one admission a ticket, and nothing to forge."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from gateway.actions import InLine
from gateway.rush.waiting_room import BURST_SECONDS, FEWEST_INSIDE, STAY_SECONDS, WaitingRoom

SECRET = "s" * 32
NOON = 1_800_000_000.0


@dataclass
class Clock:
    now: float = NOON

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def room_of(clock: Clock, rate: float = 4.0, secret: str = SECRET) -> WaitingRoom:
    return WaitingRoom(rate, secret, clock)


def come(room: WaitingRoom, person: str, ticket: str | None = None, activity: str = "talk") -> InLine | None:
    """None: let in, and answered at once."""
    try:
        with room.inside(activity, person, ticket):
            return None
    except InLine as in_line:
        return in_line


def has_to_wait(room: WaitingRoom, person: str, ticket: str | None = None) -> InLine:
    told = come(room, person, ticket)
    assert told is not None
    return told


def test_above_the_rate_people_stand_in_line_in_the_order_in_which_they_came(clock: Clock) -> None:
    room = room_of(clock, rate=4)
    assert come(room, "first") is None
    told = [has_to_wait(room, f"p{number}") for number in range(8)]
    assert [one.place for one in told] == [2, 3, 4, 5, 6, 7, 8, 9]
    assert [one.seconds for one in told] == pytest.approx([number / 4 for number in range(1, 9)])
    assert told[-1].retry_after == 2


def test_at_the_rate_nobody_waits(clock: Clock) -> None:
    room = room_of(clock, rate=4)
    for number in range(100):
        assert come(room, f"p{number}") is None
        clock.now += 0.25


def test_a_burst_of_a_quarter_of_a_second_is_let_in(clock: Clock) -> None:
    room = room_of(clock, rate=80)
    let_in = 0
    with room.inside("talk", "a"), room.inside("talk", "b"), room.inside("talk", "c"):
        pass
    for number in range(40):
        with room.inside("talk", f"p{number}"):
            let_in += 1
    assert let_in == 40  # nobody is inside for long: the service keeps up


def test_more_than_the_burst_wait_while_the_service_does_not_keep_up(clock: Clock) -> None:
    room = room_of(clock, rate=80)
    inside = [room.inside("talk", f"p{number}") for number in range(200)]
    let_in = 0
    for one in inside:
        try:
            one.__enter__()
            let_in += 1
        except InLine:
            pass
    assert let_in in (19, 20)


def test_while_the_service_is_slower_than_the_rate_nobody_else_comes_in(clock: Clock) -> None:
    room = room_of(clock, rate=FEWEST_INSIDE * 10)
    with ExitStack() as inside:
        for number in range(int(FEWEST_INSIDE * 10 * BURST_SECONDS)):
            inside.enter_context(room.inside("talk", f"p{number}"))
            clock.now += 1
        told = has_to_wait(room, "lin")
        clock.now += 5
        assert has_to_wait(room, "lin", told.ticket).seconds == 1
        assert has_to_wait(room, "wu").place >= 1
    clock.now += 1.5
    assert come(room, "lin", told.ticket) is None


def test_who_finds_the_room_full_when_it_is_their_turn_is_not_overtaken(clock: Clock) -> None:
    room = room_of(clock, rate=FEWEST_INSIDE * 10)
    with ExitStack() as inside:
        for number in range(int(FEWEST_INSIDE * 10 * BURST_SECONDS)):
            inside.enter_context(room.inside("talk", f"p{number}"))
            clock.now += 1
        told = has_to_wait(room, "lin")
        clock.now += 5
        has_to_wait(room, "lin", told.ticket)
    has_to_wait(room, "newcomer")
    assert come(room, "lin", told.ticket) is None


def test_who_comes_after_the_appointment_is_let_in_and_nobody_before_it(clock: Clock) -> None:
    room = room_of(clock)
    come(room, "first")
    told = has_to_wait(room, "lin")
    clock.now += told.seconds - 0.01
    assert has_to_wait(room, "lin", told.ticket).place == 1
    clock.now += 0.02
    assert come(room, "lin", told.ticket) is None


def test_who_asks_again_without_a_ticket_keeps_their_place(clock: Clock) -> None:
    room = room_of(clock)
    for person in ("first", "second", "lin", "wu"):
        come(room, person)
    assert [has_to_wait(room, "lin").place for _ in range(3)] == [3, 3, 3]


def test_newcomers_do_not_overtake_who_waits(clock: Clock) -> None:
    room = room_of(clock)
    for person in ("first", "second", "third"):
        come(room, person)
    assert has_to_wait(room, "late").place == 4
    clock.now += 0.5
    assert has_to_wait(room, "later").place == 3


def test_a_ticket_admits_once(clock: Clock) -> None:
    room = room_of(clock)
    for person in ("first", "second"):
        come(room, person)
    told = has_to_wait(room, "lin")
    clock.now += told.seconds
    assert come(room, "lin", told.ticket) is None
    for number in range(5):
        come(room, f"p{number}")
    assert has_to_wait(room, "lin", told.ticket).place > 1


def test_a_ticket_is_for_its_person_and_its_activity(clock: Clock) -> None:
    room = room_of(clock)
    come(room, "first")
    told = has_to_wait(room, "lin")
    for number in range(8):
        come(room, f"p{number}")
        come(room, f"p{number}", activity="forum")
    clock.now += told.seconds
    assert has_to_wait(room, "thief", told.ticket).place > 1
    assert come(room, "lin", told.ticket, activity="forum") is not None


@pytest.mark.parametrize("ticket", ["", "x", "W10.abc", "." * 400, "W10"])
def test_what_we_have_not_signed_is_no_ticket(clock: Clock, ticket: str) -> None:
    room = room_of(clock)
    for number in range(4):
        come(room, f"p{number}")
    assert has_to_wait(room, "lin", ticket).place == 5


def test_a_ticket_of_another_secret_is_none(clock: Clock) -> None:
    elsewhere = room_of(clock, secret="t" * 32)
    come(elsewhere, "first")
    told = has_to_wait(elsewhere, "lin")
    room = room_of(clock)
    for number in range(8):
        come(room, f"p{number}")
    clock.now += told.seconds
    assert has_to_wait(room, "lin", told.ticket).place > 1


def test_another_process_reads_the_ticket(clock: Clock) -> None:
    here, there = room_of(clock), room_of(clock)
    for person in ("first", "second"):
        come(here, person)
    told = has_to_wait(here, "lin")
    for number in range(20):
        come(there, f"p{number}")
    assert has_to_wait(there, "lin", told.ticket).place == told.place
    clock.now += told.seconds
    assert come(there, "lin", told.ticket) is None


def test_a_ticket_does_not_keep_for_ever(clock: Clock) -> None:
    room = room_of(clock)
    come(room, "first")
    told = has_to_wait(room, "lin")
    clock.now += told.seconds + STAY_SECONDS + 1
    for number in range(3):
        come(room, f"p{number}")
    assert has_to_wait(room, "lin", told.ticket).place > 1


def test_it_closes_by_itself_and_leaves_nothing_behind(clock: Clock) -> None:
    room = room_of(clock)
    for number in range(50):
        come(room, f"p{number}")
    clock.now += 50 / 4 + 3 * STAY_SECONDS
    for number in range(50):
        assert come(room, f"q{number}") is None
        clock.now += 0.25
    clock.now += 1
    assert come(room, "last") is None
    clock.now += 1
    assert come(room, "very last") is None
    line = room._lines.get("talk")
    assert line is None or not (line.places or line.used)


def test_another_activity_has_a_line_of_its_own(clock: Clock) -> None:
    room = room_of(clock)
    for number in range(50):
        come(room, f"p{number}")
    assert come(room, "lin", activity="forum") is None


def test_how_it_stands_with_somebody_in_line(clock: Clock) -> None:
    room = room_of(clock)
    for person in ("first", "second"):
        come(room, person)
    told = has_to_wait(room, "lin")
    stands = room.waits("talk", "lin", told.ticket)
    assert stands is not None
    assert stands.place == told.place
    clock.now += told.seconds
    assert room.waits("talk", "lin", told.ticket) is None
    assert room.waits("talk", "lin", "nonsense") is None
