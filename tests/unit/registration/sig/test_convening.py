"""Who convenes a SIG, from when to when; and that there always is somebody."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from registration.domain.sig.commands import EndConvenor, HandOver, InviteMember, NameConvenor
from registration.domain.sig.facts import SigConvenorEnded, SigConvenorNamed
from registration.domain.sig.parts import Convenor

from .tale import (
    CENTER,
    COLLEAGUE,
    FIRST,
    NAME,
    PROPOSER,
    SIG,
    STRANGER,
    TODAY,
    UNTIL,
    chartered,
    given,
    joined,
)

LEE = Convenor("lee", date(2026, 9, 1), date(2027, 8, 31))
BOTH = [*chartered(), joined(STRANGER), SigConvenorNamed(SIG, NAME, "lee", (FIRST, LEE))]


@pytest.mark.parametrize("by", [PROPOSER, CENTER])
def test_a_member_is_named_for_a_term(by: object) -> None:
    story = given(*chartered(), joined(STRANGER))
    story.when(NameConvenor(by, SIG, "lee", LEE.starts_on, LEE.ends_on)).then(  # type: ignore[arg-type]
        SigConvenorNamed(SIG, NAME, "lee", (FIRST, LEE))
    )


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "code"),
    [
        (date(2026, 9, 2), date(2026, 9, 1), "ends_before_it_starts"),
        (date(2025, 9, 1), date(2026, 3, 1), "over_already"),
        (TODAY, date(2028, 3, 3), "term_too_long"),
    ],
)
def test_a_term_is_one_that_can_be(starts_on: date, ends_on: date, code: str) -> None:
    story = given(*chartered(), joined(STRANGER))
    story.when(NameConvenor(PROPOSER, SIG, "lee", starts_on, ends_on)).then_refused(code)


def test_who_is_no_member_does_not_convene() -> None:
    given(*chartered()).when(NameConvenor(PROPOSER, SIG, "lee", TODAY, UNTIL)).then_refused("not_a_member")


def test_the_same_term_is_no_change() -> None:
    given(*BOTH).when(NameConvenor(PROPOSER, SIG, "lee", LEE.starts_on, LEE.ends_on)).then_refused(
        "nothing_to_change"
    )


def test_others_name_nobody() -> None:
    story = given(*chartered(), joined(STRANGER))
    story.when(NameConvenor(STRANGER, SIG, "lee", TODAY, UNTIL)).then_refused("not_a_convenor")
    story.when(EndConvenor(COLLEAGUE, SIG, "hung")).then_refused("not_a_convenor")
    story.when(HandOver(CENTER, SIG, "lee", UNTIL)).then_refused("not_a_convenor")


def test_one_of_two_convenors_steps_down_the_last_does_not() -> None:
    given(*BOTH).when(EndConvenor(PROPOSER, SIG, "hung")).then(SigConvenorEnded(SIG, "hung", (LEE,)))
    given(*chartered()).when(EndConvenor(PROPOSER, SIG, "hung")).then_refused("last_convenor")
    given(*BOTH).when(EndConvenor(CENTER, SIG, "chiu")).then_refused("not_a_convenor")


def test_a_convenor_hands_over_to_a_member() -> None:
    story = given(*chartered(), joined(STRANGER))
    theirs = Convenor("lee", TODAY, UNTIL)
    story.when(HandOver(PROPOSER, SIG, "lee", UNTIL)).then(
        SigConvenorNamed(SIG, NAME, "lee", (FIRST, theirs)), SigConvenorEnded(SIG, "hung", (theirs,))
    )


def test_nobody_hands_over_to_themselves_or_to_a_stranger() -> None:
    given(*chartered()).when(HandOver(PROPOSER, SIG, "hung", UNTIL)).then_refused("hand_over_to_oneself")
    given(*chartered()).when(HandOver(PROPOSER, SIG, "lee", UNTIL)).then_refused("not_a_member")
    given(*BOTH).when(HandOver(PROPOSER, SIG, "lee", date(2026, 3, 1))).then_refused("ends_before_it_starts")


def test_before_their_term_and_after_it_a_convenor_does_not_act_as_long_as_somebody_else_is_in_theirs() -> (
    None
):
    invitation = InviteMember(STRANGER, SIG, "chiu", "npust")
    given(*BOTH).when(invitation).then_refused("not_a_convenor")
    theirs = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)
    assert isinstance(given(*BOTH).when(invitation, theirs).answer, list)
    after_mine = datetime(2027, 3, 2, 1, 0, tzinfo=UTC)
    given(*BOTH).when(InviteMember(PROPOSER, SIG, "chiu", "npust"), after_mine).then_refused("not_a_convenor")


def test_where_all_terms_are_over_their_convenors_stay_in_charge() -> None:
    later = datetime(2027, 3, 2, 1, 0, tzinfo=UTC)
    story = given(*chartered())
    assert isinstance(story.when(InviteMember(PROPOSER, SIG, "chiu", "npust"), later).answer, list)


def test_a_day_is_taipeis() -> None:
    """At 16:00 in Greenwich the next day has begun in Taipei."""
    story = given(*BOTH)
    eve = datetime(2026, 8, 31, 15, 59, tzinfo=UTC)
    invitation = InviteMember(STRANGER, SIG, "chiu", "npust")
    story.when(invitation, eve).then_refused("not_a_convenor")
    assert isinstance(story.when(invitation, eve.replace(hour=16, minute=0)).answer, list)
