"""How a SIG comes to be: proposed, supported by three schools, chartered by the Center, or not."""

from __future__ import annotations

from datetime import date

import pytest

from registration.domain.sig.commands import (
    CharterSig,
    DeclineSig,
    JoinSig,
    ProposeSig,
    ReviseSig,
    SendBackSig,
    SupportSig,
    WithdrawSupport,
)
from registration.domain.sig.facts import (
    SigChartered,
    SigConvenorNamed,
    SigDeclined,
    SigMemberJoined,
    SigProposed,
    SigRevised,
    SigSentBack,
    SigSupported,
    SigSupportWithdrawn,
)
from registration.domain.sig.parts import Actor

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
    WINDOW,
    WINDOW_OF_NDHU,
    WINDOW_OF_NPUST,
    charter,
    chartered,
    given,
    proposed,
    revised,
    supported,
)

SENT_BACK = SigSentBack(SIG, NAME, "hung", "請補充", CENTER)
DECLINED = SigDeclined(SIG, NAME, "hung", "已有", CENTER)


def test_anybody_proposes_a_sig() -> None:
    given().when(ProposeSig(PROPOSER, SIG, charter())).then(SigProposed(SIG, charter(), PROPOSER))


def test_an_id_is_proposed_once() -> None:
    given(*proposed()).when(ProposeSig(STRANGER, SIG, charter())).then_refused("sig_exists")


def test_what_nobody_has_proposed_is_unknown() -> None:
    given().when(SupportSig(WINDOW, SIG, "nchu")).then_refused("unknown_sig")


def test_the_third_school_makes_a_proposal_stand() -> None:
    two = supported()[:-1]
    given(*two).when(SupportSig(WINDOW_OF_NDHU, SIG, "ndhu")).then(
        SigSupported(SIG, "ndhu", ("nchu", "npust", "ndhu"), stands=True)
    )


def test_without_its_third_school_it_stands_no_longer() -> None:
    given(*supported()).when(WithdrawSupport(WINDOW, SIG, "nchu")).then(
        SigSupportWithdrawn(SIG, "nchu", ("npust", "ndhu"), stands=False)
    )


@pytest.mark.parametrize(
    ("by", "code"), [(STRANGER, "not_a_window"), (CENTER, "not_a_window"), (WINDOW_OF_NPUST, "wrong_school")]
)
def test_a_school_supports_by_its_own_window_alone(by: Actor, code: str) -> None:
    given(*proposed()).when(SupportSig(by, SIG, "nchu")).then_refused(code)


def test_a_school_supports_once_and_withdraws_once() -> None:
    given(*supported()).when(SupportSig(WINDOW, SIG, "nchu")).then_refused("already_supporting")
    given(*proposed()).when(WithdrawSupport(WINDOW, SIG, "nchu")).then_refused("not_supporting")


def test_support_is_for_proposals() -> None:
    given(*chartered()).when(WithdrawSupport(WINDOW, SIG, "nchu")).then_refused("sig_chartered")


def test_the_center_charters_what_stands_and_the_proposer_convenes() -> None:
    given(*supported()).when(CharterSig(CENTER, SIG, UNTIL)).then(
        SigChartered(SIG, NAME, "hung", TODAY, UNTIL, CENTER),
        SigMemberJoined(SIG, NAME, "hung", "npust", "proposer", 1),
        SigConvenorNamed(SIG, NAME, "hung", (FIRST,)),
    )


def test_two_schools_are_too_few_for_a_charter() -> None:
    given(*supported()[:-1]).when(CharterSig(CENTER, SIG, UNTIL)).then_refused(
        "too_few_supporters", needed=3, there=2
    )


@pytest.mark.parametrize(
    ("until", "code"), [(date(2026, 3, 1), "over_already"), (date(2028, 3, 3), "term_too_long")]
)
def test_a_term_ends_in_the_future_and_within_two_years(until: date, code: str) -> None:
    given(*supported()).when(CharterSig(CENTER, SIG, until)).then_refused(code)


def test_a_sig_is_chartered_once() -> None:
    given(*chartered()).when(CharterSig(CENTER, SIG, UNTIL)).then_refused("sig_chartered")


@pytest.mark.parametrize("by", [PROPOSER, WINDOW, STRANGER])
def test_the_center_alone_decides_about_a_proposal(by: Actor) -> None:
    for command in (CharterSig(by, SIG, UNTIL), SendBackSig(by, SIG, "why"), DeclineSig(by, SIG, "why")):
        given(*supported()).when(command).then_refused("not_the_center")


def test_what_was_sent_back_is_revised_and_keeps_its_supporters() -> None:
    given(*supported()).when(SendBackSig(CENTER, SIG, "請補充")).then(SENT_BACK)
    again = given(*supported(), SENT_BACK)
    again.when(CharterSig(CENTER, SIG, UNTIL)).then_refused("already_sent_back")
    again.when(SendBackSig(CENTER, SIG, "請補充")).then_refused("already_sent_back")
    changed = SigRevised(SIG, charter("request"), ("joining",), again=True)
    again.when(ReviseSig(PROPOSER, SIG, {"joining": "request"})).then(changed)
    after = given(*supported(), SENT_BACK, changed)
    assert after.state.phase == "proposed"
    assert isinstance(after.when(CharterSig(CENTER, SIG, UNTIL)).answer, list)


def test_a_proposal_is_revised_by_whoever_made_it() -> None:
    given(*proposed()).when(ReviseSig(COLLEAGUE, SIG, {"joining": "request"})).then_refused(
        "not_the_proposer"
    )
    given(*proposed()).when(ReviseSig(PROPOSER, SIG, {"joining": "request"})).then(revised("request"))


def test_the_charter_of_a_sig_is_revised_by_its_convenors() -> None:
    given(*chartered()).when(ReviseSig(PROPOSER, SIG, {"joining": "request"})).then(revised("request"))
    for by in (COLLEAGUE, CENTER):
        given(*chartered()).when(ReviseSig(by, SIG, {"joining": "request"})).then_refused("not_a_convenor")


def test_a_revision_changes_something() -> None:
    given(*proposed()).when(ReviseSig(PROPOSER, SIG, {"joining": "open"})).then_refused("nothing_to_change")


def test_nothing_becomes_of_what_was_declined() -> None:
    given(*supported()).when(DeclineSig(CENTER, SIG, "已有")).then(DECLINED)
    over = given(*supported(), DECLINED)
    for command in (SupportSig(WINDOW, SIG, "nchu"), CharterSig(CENTER, SIG, UNTIL), JoinSig(STRANGER, SIG)):
        over.when(command).then_refused("sig_declined")


def test_a_chartered_sig_is_neither_sent_back_nor_declined() -> None:
    for command in (SendBackSig(CENTER, SIG, "why"), DeclineSig(CENTER, SIG, "why")):
        given(*chartered()).when(command).then_refused("sig_chartered")


def test_nobody_joins_a_proposal() -> None:
    given(*supported()).when(JoinSig(STRANGER, SIG)).then_refused("not_chartered")
