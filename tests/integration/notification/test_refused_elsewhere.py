"""A late refusal that is about no activity: what the directory does not grant is told as well."""

from __future__ import annotations

from dataclasses import replace

from unit.notification.scene import LIN, NOW, contact_card, refused

from notification import intake
from notification.dispatch import Dispatch
from notification.storage import Store

from .mailserver import MailServer


def test_a_refusal_about_a_school_is_told(store: Store, sending: Dispatch, mail_server: MailServer) -> None:
    about_an_activity = refused("lin", "not_the_center", "directory.RenameSchool.v1")
    data = {**about_an_activity.data, "stream": "school:nchu"}
    refusal = replace(about_an_activity, id="school:nchu@6.r0", subject="school:nchu", data=data)
    intake.take(store, [contact_card(LIN), refusal], NOW)
    assert sending.send_due() == 1
    [mail] = mail_server.received
    assert (mail.recipient, "僅推動中心可辦理" in mail.mail.text) == (LIN.email, True)
