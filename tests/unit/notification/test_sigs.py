"""Who is told what of SIGs, by the golden samples of the facts; and the mails, read back by a mail program."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gongxue_contracts import catalogue, envelope, samples, sig_facts
from gongxue_contracts.envelope import CloudEvent
from notification.domain import delivery as deliveries
from notification.domain.activity import History
from notification.domain.letter import Contact, Letter, compose
from notification.letters import Letters
from notification.schemas import hear

from .reading import read
from .scene import ALICE, LIN, NOW, SENDER

LETTERS = Letters(SENDER)
TOLD = {
    "sig_chartered": ["p-6c2rk9"],
    "sig_sent_back": ["p-6c2rk9"],
    "sig_declined": ["p-6c2rk9"],
    "sig_membership_requested": ["p-6c2rk9"],
    "sig_member_joined": ["p-4k7wq2"],
    "sig_member_invited": ["p-7m2c5v"],
    "sig_convenor_named": ["p-4k7wq2"],
    "sig_renewed": ["p-6c2rk9"],
    "sig_renewal_declined": ["p-6c2rk9"],
    "sig_reopened": ["p-6c2rk9"],
}
"""Of whom the samples tell. Whoever left by themselves, or closed it, knows."""


def fact(type: str, **changes: Any) -> CloudEvent:
    event = envelope.from_json(samples.sample(type))
    data = catalogue.read(type, event.data)
    return replace(event, data={**data, **changes})


def told(event: CloudEvent) -> list[str]:
    return [one.person for heard in hear([event]).sigs for one in deliveries.of_sig(heard)]


def letter(event: CloudEvent, to: Contact) -> Letter:
    (delivery,) = [one for heard in hear([event]).sigs for one in deliveries.of_sig(heard)][:1]
    written = compose(replace(delivery, person=to.person), to, None, History(), {})
    assert isinstance(written, Letter)
    return written


@pytest.mark.parametrize("type", sig_facts.FACTS)
def test_a_fact_about_a_sig_is_told_to_whom_it_concerns(type: str) -> None:
    assert told(fact(type)) == TOLD.get(type.split(".")[1], [])


@pytest.mark.parametrize("how", ["proposer", "open", "school", "invitation"])
def test_who_joins_without_asking_knows_it(how: str) -> None:
    assert told(fact("registration.sig_member_joined.v1", how=how)) == []


@pytest.mark.parametrize("by", ["convenor", "center"])
def test_whose_membership_others_end_is_told(by: str) -> None:
    assert told(fact("registration.sig_membership_ended.v1", by=by)) == ["p-4k7wq2"]


def test_what_an_erasure_ends_is_told_nobody() -> None:
    ended = fact("registration.sig_membership_ended.v1", by="center", reason="erased")
    by = {"person": "gateway", "school": "center", "role": "center"}
    declined = fact("registration.sig_declined.v1", by=by)

    assert (told(ended), told(declined)) == ([], [])


def test_whom_another_one_closes_the_sig_is_told() -> None:
    by = {"person": "p-1a6ft0", "school": "center", "role": "center"}
    assert told(fact("registration.sig_closed.v1", by=by)) == ["p-6c2rk9"]


def test_who_is_erased_is_left_out() -> None:
    heard = hear([fact("registration.sig_renewed.v1", convenors=["p-6c2rk9", "gone"])])
    heard.leave_out({"gone"})
    assert [fact.people for fact in heard.sigs] == [("p-6c2rk9",)]


@pytest.mark.parametrize("type", [f"registration.{name}.v1" for name in TOLD])
@pytest.mark.parametrize(("to", "page"), [(LIN, "議題社群頁面"), (ALICE, "The SIG’s page")])
def test_a_mail_names_the_sig_and_leads_to_it(type: str, to: Contact, page: str) -> None:
    found = read(LETTERS.write(letter(fact(type), to), NOW))
    title = (
        "里山根經濟與農林碳匯"
        if to is LIN
        else "Satoyama economies and the carbon sinks of farms and forests"
    )
    assert title in found.subject
    for text in (found.text, found.html):
        assert f"{SENDER.public_url}/sigs/satoyama-carbon" in text
        assert page in text


def test_a_reason_is_told() -> None:
    found = read(LETTERS.write(letter(fact("registration.sig_sent_back.v1"), ALICE), NOW))
    assert "請說明與既有社群的區別。" in found.text


@pytest.mark.parametrize(("to", "words"), [(LIN, "任期屆滿"), (ALICE, "ended without a renewal")])
def test_convenors_are_told_that_the_term_is_over_in_words(to: Contact, words: str) -> None:
    by = {"person": "registration", "school": "center", "role": "center"}
    closed = fact("registration.sig_closed.v1", by=by, reason="term_ended")
    assert told(closed) == ["p-6c2rk9"]
    text = read(LETTERS.write(letter(closed, to), NOW)).text
    assert words in text
    assert "term_ended" not in text
