"""Mails with a link for signing in: at once, once, and never longer than the link is of use."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database
from unit.notification.scene import NOW

from gongxue_chassis.errors import TryLater
from gongxue_contracts import catalogue, samples
from gongxue_contracts.envelope import CloudEvent, from_json
from notification.sign_in_mails import SIGN_IN_LINK, SignInMails
from notification.smtp import Server
from notification.storage import Store

from .mailserver import MailServer
from .office import LETTERS, MINUTE, Clock

ADDRESS = "https://gongxue.example/sign-in/nchu/link?secret=abc"


def asked(language: str = "zh-Hant", **more: Any) -> CloudEvent:
    found = from_json(samples.sample(SIGN_IN_LINK))
    data = catalogue.read(SIGN_IN_LINK, found.data)
    wanted = {"language": language, "address": ADDRESS, "expires_at": NOW + 15 * MINUTE}
    return replace(found, data={**data, **wanted, **more})


@pytest.fixture
def mails(store: Store, mail_server: MailServer, clock: Clock) -> SignInMails:
    return SignInMails(store, LETTERS, mail_server.server, clock)


def test_the_mail_says_where_when_and_what_to_do(mails: SignInMails, mail_server: MailServer) -> None:
    mails.send([asked("en")])
    (sent,) = mail_server.received
    assert sent.recipient == "hsiaoching.lin@nchu.example"
    assert sent.mail.subject == "Sign in to Gongxue"
    assert ADDRESS in sent.mail.text
    assert f'href="{ADDRESS}"' in sent.mail.html
    assert "Firefox · Windows" in sent.mail.text
    assert "do nothing" in sent.mail.text


def test_in_chinese_no_word_is_missing(mails: SignInMails, mail_server: MailServer) -> None:
    mails.send([asked()])
    (sent,) = mail_server.received
    assert sent.mail.subject == "登入共學"
    assert "Somebody" not in sent.mail.text


def test_a_fact_that_comes_three_times_sends_one_mail(mails: SignInMails, mail_server: MailServer) -> None:
    for _ in range(3):
        mails.send([asked(), asked()])
    assert len(mail_server.received) == 1


def test_an_expired_link_is_not_mailed(mails: SignInMails, mail_server: MailServer, clock: Clock) -> None:
    clock.advance(timedelta(minutes=15))
    mails.send([asked()])
    assert mail_server.received == []


def test_nothing_of_the_link_or_the_address_is_kept(
    mails: SignInMails, database: Database[dict[str, Any]]
) -> None:
    mails.send([asked()])
    kept = [document for name in database.list_collection_names() for document in database[name].find()]
    assert [document.keys() for document in kept] == [{"_id", "expires"}]
    assert kept[0]["_id"] == asked().id


def test_without_a_mail_server_it_is_tried_again_as_long_as_the_link_is_of_use(
    store: Store, clock: Clock
) -> None:
    nobody = Server("127.0.0.1", 1, "none", "", "", "gongxue.test")
    mails = SignInMails(store, LETTERS, nobody, clock)
    with pytest.raises(TryLater):
        mails.send([asked()])
    clock.advance(6 * MINUTE)
    mails.send([asked()])
