from __future__ import annotations

from email.message import EmailMessage

import pytest

from onemachine.mailbox import Mail, Mailbox

CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


def letter(subject: str = "您有座位了") -> bytes:
    message = EmailMessage()
    message["From"] = "共學 <no-reply@gongxue.test>"
    message["To"] = "王小明 <wang@nchu.test>"
    message["Subject"] = subject
    message["Message-ID"] = "<1@gongxue.test>"
    message.set_content("您好\n")
    message.add_alternative("<p>您好</p>\n", subtype="html")
    message.add_attachment(CALENDAR, maintype="text", subtype="calendar", filename="活動.ics")
    return message.as_bytes()


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


def kept(mailbox: Mailbox, raw: bytes, *to: str) -> Mail:
    mail = mailbox.get(mailbox.add("no-reply@gongxue.test", to or ("wang@nchu.test",), raw))
    assert mail is not None
    return mail


def test_a_mail_is_shown_with_all_its_parts(mailbox: Mailbox) -> None:
    mail = kept(mailbox, letter())
    detail = mail.detail()
    assert detail["From"] == {"Name": "共學", "Address": "no-reply@gongxue.test"}
    assert detail["To"] == [{"Name": "王小明", "Address": "wang@nchu.test"}]
    assert (detail["Subject"], detail["MessageID"]) == ("您有座位了", "1@gongxue.test")
    assert (detail["Text"], detail["HTML"]) == ("您好\n", "<p>您好</p>\n")
    (part,) = detail["Attachments"]
    assert (part["FileName"], part["ContentType"], part["Size"]) == (
        "活動.ics",
        "text/calendar",
        len(CALENDAR),
    )
    assert mail.part(part["PartID"]) == ("活動.ics", "text/calendar", CALENDAR)
    assert mail.part("99") is None


@pytest.mark.parametrize(
    "raw", [b"", b"\r\n", b"Subject: \xff\xfe\r\n\r\n\xff", b"no header at all", b"To: <<>>,\r\n\r\nx"]
)
def test_a_mail_that_makes_no_sense_is_shown_all_the_same(mailbox: Mailbox, raw: bytes) -> None:
    mail = kept(mailbox, raw)
    assert mail.detail()["To"] == [{"Name": "", "Address": "wang@nchu.test"}]
    assert mail.raw == raw


def test_the_newest_come_first_and_can_be_found_by_recipient(mailbox: Mailbox) -> None:
    first = kept(mailbox, letter(), "a@b.test")
    second = kept(mailbox, letter(), "c@d.test", "A@b.test")
    assert [mail.id for mail in mailbox.newest()] == [second.id, first.id]
    assert [mail.id for mail in mailbox.newest("a@B.test")] == [second.id, first.id]
    assert [mail.id for mail in mailbox.newest("c@d.test")] == [second.id]


def test_the_oldest_make_room_when_there_are_too_many() -> None:
    mailbox = Mailbox(most_mails=3)
    ids = [mailbox.add("", ["a@b.test"], b"x") for _ in range(5)]
    assert [mail.id for mail in mailbox.newest()] == ids[:1:-1]
    assert (len(mailbox), mailbox.received) == (3, 5)


def test_the_oldest_make_room_when_they_are_too_large() -> None:
    mailbox = Mailbox(most_bytes=100)
    for _ in range(5):
        mailbox.add("", ["a@b.test"], b"x" * 40)
    assert len(mailbox) == 2
    mailbox.add("", ["a@b.test"], b"x" * 1000)
    assert [len(mail.raw) for mail in mailbox.newest()] == [1000]


def test_forgetting_leaves_room_for_as_much_again() -> None:
    mailbox = Mailbox(most_bytes=100)
    mailbox.add("", ["a@b.test"], b"x" * 90)
    mailbox.clear()
    mailbox.add("", ["a@b.test"], b"x" * 90)
    mailbox.add("", ["a@b.test"], b"x" * 10)
    assert len(mailbox) == 2
