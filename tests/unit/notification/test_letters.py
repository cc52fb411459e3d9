"""Letters as mails, read back by a mail program's parser and a calendar's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from gongxue_contracts.envelope import CloudEvent
from notification.domain.letter import Contact
from notification.letters import Letters

from .desk import letter
from .reading import Read, read
from .scene import (
    ALICE,
    ENDS,
    LIN,
    NOW,
    SENDER,
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

LETTERS = Letters(SENDER)
DAY = timedelta(days=1)
SEATED = [published(), confirmed("lin", 4)]


def mail(given: list[CloudEvent], when: CloudEvent, to: Contact = LIN) -> Read:
    return read(LETTERS.write(letter(given, when, to), NOW))


def test_a_confirmation_in_chinese() -> None:
    got = mail([published()], confirmed("lin", 4))
    assert got.subject == "報名成功：112年USR共同培力活動：敘事力"
    assert got.text == (
        "林曉青 您好：\n\n"
        "您已完成報名，名額已確認保留給您。\n\n"
        "隨信附上行事曆檔案，可將活動加入您的行事曆。\n\n"
        "活動：112年USR共同培力活動：敘事力\n"
        "時間：民國112年11月9日 / 2023-11-09 星期四 09:30–16:30 臺北時間\n"
        "參加方式：現場參加\n"
        "地點：靜宜大學 (臺中市沙鹿區)\n\n"
        "活動頁面：https://gongxue.example/activities/co-training-112-11-09\n"
        "我的報名：https://gongxue.example/me\n\n"
        "-- \n"
        "共學：大專校院學習網絡。本信由系統自動寄發，請勿直接回覆。\n"
    )
    assert '<html lang="zh-Hant">' in got.html
    for said in got.text.split("\n\n")[1].splitlines():
        assert said in unescape(got.html)
    assert "民國112年11月9日 / 2023-11-09 星期四 09:30–16:30 臺北時間" in got.html


def test_a_confirmation_in_english() -> None:
    got = mail([published()], confirmed("alice", 4), ALICE)
    assert got.subject == "Seat confirmed: USR co-training 2023: narrative"
    assert got.text == (
        "Dear Alice Chen,\n\n"
        "You are registered, and your seat is confirmed.\n\n"
        "The calendar entry attached brings it into your calendar.\n\n"
        "Activity: USR co-training 2023: narrative\n"
        "Time: Thursday, 9 November 2023, 09:30–16:30 (Taipei time, UTC+8)\n"
        "Taking part: on site\n"
        "Place: Providence University, Taichung\n\n"
        "The activity’s page: https://gongxue.example/activities/co-training-112-11-09\n"
        "My registrations: https://gongxue.example/me\n\n"
        "-- \n"
        "Gongxue, the learning network of universities. "
        "This mail was written by a program; please do not answer it.\n"
    )
    assert '<html lang="en">' in got.html


def test_the_headers_that_mail_programs_go_by() -> None:
    got = mail([published()], confirmed("lin", 4))
    headers = got.message
    assert str(headers["From"]) == "共學 Gongxue <notice@gongxue.example>"
    assert str(headers["To"]) == "林曉青 <lin@nchu.example>"
    assert headers["Date"].datetime == NOW
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Content-Language"] == "zh-Hant"
    assert headers["Message-ID"].endswith("@gongxue.example>")
    assert len(headers.get_all("Subject", [])) == 1


def test_the_same_delivery_has_the_same_message_id_whenever_it_is_sent() -> None:
    written = letter([published()], confirmed("lin", 4))
    first, later = (read(LETTERS.write(written, at)) for at in (NOW, NOW + DAY))
    other = mail([published()], confirmed("lin", 5))
    assert first.message["Message-ID"] == later.message["Message-ID"]
    assert first.message["Message-ID"] != other.message["Message-ID"]


def test_an_invitation_comes_as_an_alternative_and_as_a_file() -> None:
    got = mail([published()], confirmed("lin", 4))
    assert got.message.get_content_type() == "multipart/mixed"
    assert got.types == ["text/plain", "text/html", "text/calendar", "application/ics"]
    alternatives, file = got.message.iter_parts()
    assert alternatives.get_content_type() == "multipart/alternative"
    assert [part.get_param("method") for part in alternatives.iter_parts()] == [None, None, "REQUEST"]
    assert (file.get_filename(), file.get_content_disposition()) == ("invite.ics", "attachment")
    assert got.file == got.calendar.to_ical(sorted=False)


def test_the_entry_of_a_confirmed_seat() -> None:
    got = mail([published()], confirmed("lin", 4))
    event = got.event
    assert got.calendar["METHOD"] == "REQUEST"
    assert str(event["UID"]) == f"{registration_of('lin')}@gongxue.example"
    assert event["SEQUENCE"] == 4
    assert event["STATUS"] == "CONFIRMED"
    assert str(event["SUMMARY"]) == "112年USR共同培力活動：敘事力"
    assert str(event["LOCATION"]) == "靜宜大學 (臺中市沙鹿區)"
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (STARTS, ENDS)
    assert event["DTSTART"].params["TZID"] == "Asia/Taipei"
    assert event["DTSTAMP"].dt == datetime(2023, 10, 1, 4, 4, tzinfo=UTC)
    assert str(event["ORGANIZER"]) == "mailto:notice@gongxue.example"
    (zone,) = got.calendar.walk("VTIMEZONE")
    assert zone["TZID"] == "Asia/Taipei"
    assert zone.subcomponents[0]["TZOFFSETTO"].td == timedelta(hours=8)


def test_nobody_learns_from_the_entry_who_else_comes() -> None:
    got = mail([published()], confirmed("lin", 4))
    attendees = got.event["ATTENDEE"]
    assert str(attendees) == "mailto:lin@nchu.example"  # a single one: of several the library makes a list
    assert attendees.params["PARTSTAT"] == "ACCEPTED"
    assert attendees.params["RSVP"] == "FALSE"


def test_online_seats_are_nowhere_to_go_to() -> None:
    got = mail([published()], confirmed("lin", 4, pool="online"))
    assert "參加方式：線上參加\n" in got.text
    assert "靜宜" not in got.text
    assert str(got.event["LOCATION"]) == "線上"


def test_an_activity_without_a_venue_has_no_place() -> None:
    got = mail([published(venue=None)], confirmed("lin", 4))
    assert "地點" not in got.text
    assert "LOCATION" not in got.event


def test_a_place_on_the_waiting_list_and_its_rule_are_told_and_nothing_is_entered() -> None:
    got = mail([published()], waiting("lin", 4, place=3))
    assert got.subject == "候補登記：112年USR共同培力活動：敘事力"
    assert "目前名額已滿，您是候補第 3 位。" in got.text
    assert "依報名先後順序遞補" in got.text
    assert got.types == ["text/plain", "text/html"]
    assert got.message.get_content_type() == "multipart/alternative"
    english = mail([published()], waiting("alice", 4, place=3), ALICE)
    assert "You are number 3 on the waiting list." in english.text
    assert "first come, first served" in english.text


def test_a_promotion_invites() -> None:
    got = mail([published(), waiting("lin", 4)], promoted("lin", 9))
    assert got.subject == "候補遞補成功：112年USR共同培力活動：敘事力"
    assert (got.calendar["METHOD"], got.event["SEQUENCE"]) == ("REQUEST", 9)


@pytest.mark.parametrize(
    ("by", "chinese", "english"),
    [
        ("person", "已依您的要求取消報名", "As you wished, your registration is cancelled."),
        ("host", "主辦單位已取消您的報名。", "The organiser has cancelled your registration."),
    ],
)
def test_the_end_of_a_seat_takes_the_entry_out_again(by: str, chinese: str, english: str) -> None:
    got = mail(SEATED, cancelled("lin", 9, by=by))
    assert chinese in got.text
    assert got.calendar["METHOD"] == "CANCEL"
    assert (got.event["STATUS"], got.event["SEQUENCE"]) == ("CANCELLED", 9)
    assert got.event["UID"] == mail([published()], confirmed("lin", 4)).event["UID"]
    assert english in mail([published(), confirmed("alice", 4)], cancelled("alice", 9, by=by), ALICE).text


def test_the_end_of_waiting_has_no_entry() -> None:
    got = mail([published(), waiting("lin", 4)], cancelled("lin", 9, was="waiting"))
    assert "已依您的要求取消候補。" in got.text
    assert got.calendar is None


def test_a_change_tells_what_it_was_and_what_it_is() -> None:
    to = {
        "starts_at": STARTS + DAY,
        "ends_at": ENDS + DAY,
        "venue": None,
        "title": {"zh": "新題", "en": "New"},
    }
    got = mail(SEATED, changed(9, **to))
    assert got.subject == "活動異動：新題"
    assert (
        "原活動：112年USR共同培力活動：敘事力\n新活動：新題\n\n"
        "原時間：民國112年11月9日 / 2023-11-09 星期四 09:30–16:30 臺北時間\n"
        "新時間：民國112年11月10日 / 2023-11-10 星期五 09:30–16:30 臺北時間\n\n"
        "原地點：靜宜大學 (臺中市沙鹿區)\n新地點：未定\n"
    ) in got.text
    assert "<del>靜宜大學 (臺中市沙鹿區)</del>" in got.html
    assert (got.calendar["METHOD"], got.event["SEQUENCE"], got.event["DTSTART"].dt) == (
        "REQUEST",
        9,
        STARTS + DAY,
    )
    english = mail([published(), confirmed("alice", 4)], changed(9, **to), ALICE)
    assert "Activity until now: USR co-training 2023: narrative\nActivity from now on: New\n" in english.text


def test_a_change_of_the_chinese_title_alone_is_shown_to_english_readers_as_such() -> None:
    title = {"zh": "新題", "en": "USR co-training 2023: narrative"}
    got = mail([published(), confirmed("alice", 4)], changed(9, title=title), ALICE)
    assert "Activity until now: 112年USR共同培力活動：敘事力\nActivity from now on: 新題\n" in got.text


def test_who_waits_is_told_of_a_change_without_an_entry() -> None:
    got = mail([published(), waiting("lin", 4)], changed(9, venue=None))
    assert "您的候補順位不變" in got.text
    assert got.calendar is None


def test_a_cancelled_activity_is_told_with_its_reason() -> None:
    got = mail(SEATED, cancelled_activity(9, "颱風來襲。\n擇期再辦。"))
    assert got.subject == "活動取消：112年USR共同培力活動：敘事力"
    assert "原因：颱風來襲。\n擇期再辦。\n" in got.text
    assert (got.calendar["METHOD"], got.event["STATUS"]) == ("CANCEL", "CANCELLED")


def test_a_refusal_nobody_waited_for_tells_why() -> None:
    got = mail([published()], refused("lin", "waiting_list_full"))
    assert got.subject == "報名未成功：112年USR共同培力活動：敘事力"
    assert "名額與候補名額皆已滿。" in got.text
    assert "活動頁面" in got.text
    assert got.calendar is None
    assert (
        "All seats are taken, and the waiting list is full."
        in mail([published()], refused("alice", "waiting_list_full"), ALICE).text
    )


def test_a_refusal_is_not_told_as_the_readers_own_registration() -> None:
    """Whoever registered a colleague is told, and would look for a registration of their own in vain."""
    english = mail([published()], refused("alice", "pool_full"), ALICE).text

    assert "A registration that you sent could not be answered at once." in english
    assert "Your registration" not in english
    assert "您送出報名時" in mail([published()], refused("lin", "pool_full")).text


def test_a_refusal_of_something_else_with_a_code_that_is_new_to_us() -> None:
    got = mail([], refused("lin", "moon_too_bright", "registration.CloseActivity.v1"))
    assert got.subject == "申請未通過"
    assert "原因代碼：「moon_too_bright」。" in got.text
    assert "活動頁面" not in got.text


def test_an_activity_over_several_days_and_at_the_turn_of_a_day_in_taipei() -> None:
    starts, ends = datetime(2025, 9, 11, 16, 30, tzinfo=UTC), datetime(2025, 9, 13, 9, 0, tzinfo=UTC)
    got = mail([published(starts_at=starts, ends_at=ends)], confirmed("lin", 4))
    assert (
        "時間：民國114年9月12日 / 2025-09-12 星期五 00:30 – "
        "民國114年9月13日 / 2025-09-13 星期六 17:00 臺北時間\n"
    ) in got.text
    english = mail([published(starts_at=starts, ends_at=ends)], confirmed("alice", 4), ALICE)
    assert (
        "Time: Friday, 12 September 2025, 00:30 – Saturday, 13 September 2025, 17:00 (Taipei time, UTC+8)\n"
    ) in english.text


def test_markup_in_names_and_titles_stays_text() -> None:
    evil = "<script>alert(1)</script>&amp;"
    got = mail([published(title={"zh": evil, "en": ""})], confirmed("lin", 4), replace(LIN, name="<b>林</b>"))
    assert "<script>" not in got.html
    assert "<b>" not in got.html
    assert evil in got.text
    assert evil in unescape(got.html)
    assert str(got.event["SUMMARY"]) == evil


def test_an_unknown_language_reads_chinese() -> None:
    got = mail([published()], confirmed("lin", 4), replace(LIN, language="tlh"))
    assert got.subject.startswith("報名成功")
