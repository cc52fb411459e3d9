"""What is told to whom, as given, when, then."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from gongxue_contracts.envelope import CloudEvent
from notification.domain import delivery as deliveries
from notification.domain.activity import Text
from notification.domain.delivery import Kind
from notification.domain.letter import Entry, Letter, NotYet, Withheld
from notification.schemas import hear

from .desk import history, letter, outcome, registration_fact, standing
from .scene import (
    ALICE,
    BEGAN,
    CARD,
    ENDS,
    LIN,
    NOW,
    STARTS,
    cancelled,
    cancelled_activity,
    changed,
    confirmed,
    promoted,
    published,
    refused,
    registration_of,
    waiting,
)

LATER = STARTS + timedelta(days=1)
REGISTRATION = registration_of("lin")


def entry(method: str, sequence: int) -> Entry:
    return Entry(method, REGISTRATION, sequence, BEGAN + timedelta(minutes=sequence))  # type: ignore[arg-type]


def test_given_a_seat_that_their_window_asked_for_then_the_person_is_told_as_of_any_other() -> None:
    asked = confirmed("lin", 4)
    by = {"person": "hsu", "school": "nchu", "role": "window"}
    assert registration_fact(replace(asked, data={**asked.data, "by": by})) == registration_fact(asked)


def test_given_an_activity_when_a_seat_is_confirmed_then_a_letter_invites() -> None:
    written = letter([published()], confirmed("lin", 4))
    assert (written.delivery.kind, written.card, written.seated) == ("confirmed", CARD, True)
    assert written.entry == entry("REQUEST", 4)


def test_given_no_seat_when_placed_on_the_waiting_list_then_the_letter_tells_the_place_and_invites_to_nothing() -> (
    None
):
    written = letter([published()], waiting("lin", 4, place=7))
    assert (written.delivery.kind, written.delivery.place, written.seated) == ("waiting", 7, False)
    assert written.entry is None


def test_given_a_place_on_the_waiting_list_when_promoted_then_a_letter_invites() -> None:
    written = letter([published(), waiting("lin", 4)], promoted("lin", 9))
    assert (written.delivery.kind, written.seated) == ("promoted", True)
    assert written.entry == entry("REQUEST", 9)


def test_given_a_seat_when_cancelled_then_the_entry_is_withdrawn() -> None:
    written = letter([published(), confirmed("lin", 4)], cancelled("lin", 9, by="host"))
    assert (written.delivery.kind, written.delivery.by, written.seated) == ("cancelled", "host", False)
    assert written.entry == entry("CANCEL", 9)


def test_given_a_place_on_the_waiting_list_when_cancelled_then_there_is_no_entry_to_withdraw() -> None:
    written = letter([published(), waiting("lin", 4)], cancelled("lin", 9, was="waiting"))
    assert written.entry is None


def test_given_a_seat_when_the_time_changes_then_the_letter_tells_old_and_new_and_moves_the_entry() -> None:
    written = letter(
        [published(), confirmed("lin", 4)], changed(9, starts_at=LATER, ends_at=ENDS + timedelta(days=1))
    )
    assert written.changed == ("starts_at", "ends_at")
    assert written.before == CARD
    assert written.card is not None
    assert written.card.starts_at == LATER
    assert written.entry == entry("REQUEST", 9)


def test_given_a_place_on_the_waiting_list_when_the_venue_changes_then_the_letter_has_no_entry() -> None:
    written = letter([published(), waiting("lin", 4)], changed(9, venue=None))
    assert (written.changed, written.seated, written.entry) == (("venue",), False, None)


def test_given_an_activity_when_only_seats_and_summary_change_then_there_is_nothing_to_tell() -> None:
    facts = history(published(), changed(9, ("pools", "summary"), waiting_limit=5))
    assert facts.tidings_after(0) == []


def test_given_two_changes_when_the_second_is_told_then_old_is_what_the_first_made_it() -> None:
    given = [published(), confirmed("lin", 4), changed(6, title={"zh": "二", "en": ""})]
    written = letter(given, changed(9, title={"zh": "三", "en": ""}))
    assert written.before is not None
    assert written.card is not None
    assert (written.before.title, written.card.title) == (Text("二", ""), Text("三", ""))


@pytest.mark.parametrize(("given", "method"), [(confirmed("lin", 4), "CANCEL"), (waiting("lin", 4), None)])
def test_given_registered_when_the_activity_is_cancelled_then_it_is_told_and_an_entry_is_withdrawn(
    given: object, method: str | None
) -> None:
    written = letter([published(), given], cancelled_activity(9, "颱風"))  # type: ignore[list-item]
    assert (written.delivery.kind, written.reason, written.card) == ("activity_cancelled", "颱風", CARD)
    assert written.entry == (entry(method, 9) if method else None)


@pytest.mark.parametrize("code", ["already_registered", "already_cancelled"])
def test_given_a_refusal_of_what_is_so_already_then_nobody_is_told(code: str) -> None:
    assert hear([refused("lin", code)]).refusals == []


def test_given_a_refusal_that_nobody_waited_for_then_the_letter_tells_the_code() -> None:
    written = letter([published()], refused("lin", "closed"))
    assert (written.delivery.kind, written.delivery.code, written.card) == ("refused", "closed", CARD)
    assert letter([], refused("lin", "unknown_activity")).card is None


def test_given_an_unknown_person_or_activity_then_the_letter_has_to_wait() -> None:
    assert outcome([published()], confirmed("lin", 4), to=None) == NotYet("unknown_contact")
    assert outcome([], confirmed("lin", 4)) == NotYet("unknown_activity")
    assert outcome([published(8)], confirmed("lin", 4)) == NotYet("unknown_activity")
    assert outcome([confirmed("lin", 4)], changed(9, venue=None)) == NotYet("unknown_activity")


def test_given_the_end_was_told_when_the_confirmation_comes_late_then_it_is_withheld() -> None:
    given = [published(), cancelled("lin", 9)]
    assert outcome(given, confirmed("lin", 4), told_before={"cancelled": 9}) == Withheld("superseded")
    assert outcome(given, waiting("lin", 4), told_before={"promoted": 8}) == Withheld("superseded")


def test_given_a_newer_change_was_told_when_an_older_one_comes_late_then_it_is_withheld() -> None:
    given = [published(), confirmed("lin", 4), changed(9, starts_at=LATER)]
    assert outcome(given, changed(6, venue=None), told_before={"activity_changed": 9}) == Withheld(
        "superseded"
    )


def test_given_a_later_change_was_told_when_the_end_comes_late_then_it_is_told_and_its_entry_counts() -> None:
    given = [published(), confirmed("lin", 4), changed(9, starts_at=LATER)]
    written = outcome(given, cancelled("lin", 6), told_before={"confirmed": 4, "activity_changed": 9})
    assert isinstance(written, Letter)
    assert written.entry == replace(entry("CANCEL", 10), time=BEGAN + timedelta(minutes=6))


def test_given_the_promotion_was_told_when_an_earlier_change_comes_late_then_it_speaks_of_the_seat() -> None:
    given = [published(), waiting("lin", 4), promoted("lin", 9)]
    written = outcome(given, changed(6, venue=None), told_before={"promoted": 9})
    assert isinstance(written, Letter)
    assert written.seated
    assert written.entry == replace(entry("REQUEST", 10), time=BEGAN + timedelta(minutes=6))


def test_given_a_registration_that_has_ended_when_the_activity_changes_then_it_is_not_told() -> None:
    given = [published(), confirmed("lin", 4), cancelled("lin", 7)]
    assert outcome(given, changed(9, venue=None)) == Withheld("left")


@pytest.mark.parametrize("late", [changed(6, venue=None), promoted("lin", 6)], ids=["change", "promotion"])
def test_given_later_details_were_told_when_a_word_comes_late_then_it_shows_those_details(
    late: CloudEvent,
) -> None:
    given = [published(), waiting("lin", 4), changed(9, starts_at=LATER)]
    kind: Kind = "promoted" if late.type.endswith("activity_changed.v1") else "activity_changed"
    written = outcome(given, late, told_before={kind: 12})
    assert isinstance(written, Letter)
    assert written.card is not None
    assert written.card.starts_at == LATER


def test_the_same_fact_names_the_same_delivery_and_another_person_another() -> None:
    facts = history(published(), changed(9, venue=None))
    (tiding,) = facts.tidings_after(1)
    lin, alice = standing(confirmed("lin", 4)), standing(confirmed("alice", 5))
    first, again = deliveries.of_tiding(tiding, lin), deliveries.of_tiding(tiding, lin)
    assert first == again
    assert first.id == f"{tiding.id}/{lin.registration}/mail"
    assert deliveries.of_tiding(tiding, alice).id == f"{tiding.id}/{alice.registration}/mail"


def test_given_changes_before_and_after_when_a_registration_comes_late_then_it_is_told_what_it_missed() -> (
    None
):
    facts = history(published(), changed(3, venue=None), changed(9, starts_at=LATER), cancelled_activity(12))
    late = confirmed("lin", 4)
    told = deliveries.missed(registration_fact(late), standing(late), facts)
    assert [(one.kind, one.sequence) for one in told] == [("activity_changed", 9), ("activity_cancelled", 12)]


def test_given_it_ended_in_between_when_a_registration_comes_late_then_later_changes_are_not_told() -> None:
    facts = history(published(), changed(6, venue=None), changed(9, starts_at=LATER))
    late = waiting("lin", 4)
    told = deliveries.missed(registration_fact(late), standing(late, cancelled("lin", 7)), facts)
    assert [one.sequence for one in told] == [6]


def test_given_a_promotion_comes_late_then_it_misses_nothing_that_the_registration_has_not() -> None:
    facts = history(published(), changed(9, venue=None))
    late = promoted("lin", 6)
    assert deliveries.missed(registration_fact(late), standing(waiting("lin", 4), late), facts) == []


def test_given_registered_after_a_change_that_comes_late_then_the_correction_counts_as_newer() -> None:
    facts = history(published(), changed(3, venue=None))
    (tiding,) = facts.tidings_after(1)
    lin = standing(confirmed("lin", 4))
    assert deliveries.may_need_correction(tiding, lin, facts)
    correction = deliveries.correction(tiding, lin, NOW)
    name = f"{tiding.id}/{lin.registration}/mail"
    assert (correction.id, correction.sequence, correction.time) == (name, 4, NOW)


def test_given_registered_before_the_change_or_a_newer_change_known_then_there_is_nothing_to_correct() -> (
    None
):
    facts = history(published(), changed(3, venue=None), changed(9, starts_at=LATER))
    first, second = facts.tidings_after(1)
    assert not deliveries.may_need_correction(first, standing(confirmed("lin", 4)), facts)
    assert not deliveries.may_need_correction(second, standing(confirmed("lin", 4)), facts)
    gone = standing(confirmed("lin", 10), cancelled("lin", 11))
    assert not deliveries.may_need_correction(second, gone, facts)


@pytest.mark.parametrize(
    ("sequence", "active", "seated"),
    [(3, False, False), (4, True, False), (6, True, True), (8, True, True), (9, False, False)],
)
def test_a_standing_tells_who_was_in_when(sequence: int, active: bool, seated: bool) -> None:
    found = standing(waiting("lin", 4), promoted("lin", 6), cancelled("lin", 8))
    assert found.active_at(sequence) is active
    assert found.confirmed_at(sequence) is seated


def test_people_read_their_own_language_and_chinese_where_there_is_no_english() -> None:
    assert Text("中", "En").read_in(ALICE.language) == "En"
    assert Text("中", "").read_in(ALICE.language) == "中"
    assert Text("中", "En").read_in(LIN.language) == "中"
