"""What is told of SIGs, on the real store and to a mail server: once each, with the reason, however late."""

from __future__ import annotations

from typing import Any

import pytest
from pymongo.database import Database
from unit.notification.test_sigs import fact

from gongxue_chassis.errors import TryLater
from notification import intake
from notification.dispatch import Dispatch
from notification.storage import Store

from .mailserver import MailServer
from .office import NOW, Clock, hear

SENT_BACK = fact("registration.sig_sent_back.v1", proposer="lin")


def test_a_reason_outlives_a_mail_server_that_is_away(
    store: Store, database: Database[dict[str, Any]], mail_server: MailServer, sending: Dispatch, clock: Clock
) -> None:
    mail_server.leave()
    hear(store, SENT_BACK, SENT_BACK)
    assert sending.send_due() == 0
    [waits] = list(database["deliveries"].find())
    clock.now = waits["due"]
    mail_server.listen()
    assert sending.send_due() == 1
    [mail] = mail_server.received
    assert "請說明與既有社群的區別。" in mail.mail.text
    assert "server away" not in mail.mail.text


def test_whoever_is_not_known_yet_is_told_later_and_the_others_now(store: Store, sending: Dispatch) -> None:
    asked = fact("registration.sig_membership_requested.v1", convenors=["lin", "not-known-yet"])
    hear(store)
    with pytest.raises(TryLater):
        intake.take(store, [asked], NOW)
    assert sending.send_due() == 1
