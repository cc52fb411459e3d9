"""Calendars as programs fetch them, read by two libraries that know nothing of each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

from gateway.problems import Problem
from gateway.read_model.queries import Version
from notification.domain.activity import Card, Text
from notification.domain.letter import Entry
from notification.invite import Occasion, calendar

HOST = "127.0.0.1"
CHANGED = datetime(2026, 11, 20, 3, 4, 5, tzinfo=UTC)
ACTIVITY = "co-training-2026-winter"
SECRET = "a-secret"
FEEDS = (
    "/calendars/people/a-secret.ics",
    "/calendars/schools/nchu.ics",
    "/calendars/kinds/co_training.ics",
    f"/activities/{ACTIVITY}.ics",
)


class Addresses:
    """One secret address."""

    people: ClassVar = {SECRET: "lin-mei-hui"}

    async def person_of(self, secret: str) -> str | None:
        return self.people.get(secret)


class Desk:
    addresses = Addresses()


@pytest.fixture(autouse=True)
def known(app: Any, site: Any, network: Any) -> Iterator[None]:
    """The person of the secret address, and since when things are as they are."""
    versions = {ACTIVITY: Version(7, CHANGED)}

    async def found(activities: Iterable[str], person: str | None = None) -> Any:
        return {**versions, **{one: Version(9, CHANGED) for one in network.stored_registrations}}

    network.versions = found
    before, app.state.personal = app.state.personal, Desk()
    yield
    app.state.personal = before


def events(answer: Any) -> list[Any]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(answer.content).walk("VEVENT")


def event(site: Any, address: str = FEEDS[0], language: str = "zh-Hant") -> Any:
    [found] = events(site.get(f"{address}?lang={language}"))
    return found


@pytest.mark.parametrize("language", ["zh-Hant", "en"])
@pytest.mark.parametrize("address", FEEDS)
def test_two_libraries_read_the_same(site: Any, network: Any, address: str, language: str) -> None:
    network.register_for()
    answer = site.get(f"{address}?lang={language}")
    [one] = events(answer)
    [other] = IcsCalendarStream.calendar_from_ics(answer.text).events

    assert (other.uid, other.summary, other.dtstart) == (one["UID"], one["SUMMARY"], one.start)
    assert (other.sequence, str(other.status.value)) == (one["SEQUENCE"], one["STATUS"])
    assert (other.description, other.location) == (one["DESCRIPTION"], one["LOCATION"])
    assert answer.content.isascii() is False
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    assert b"\n" not in answer.content.replace(b"\r\n", b"")


def test_the_two_languages_say_the_same_thing(site: Any) -> None:
    chinese, english = event(site, FEEDS[3]), event(site, FEEDS[3], "en")

    assert (chinese["UID"], chinese.start) == (english["UID"], english.start)
    assert english["SUMMARY"] == "USR co-training 2026: the power of telling"
    assert english["SUMMARY"] in chinese["DESCRIPTION"]
    assert chinese["SUMMARY"] in english["DESCRIPTION"]
    assert str(chinese.start.tzinfo) == "Asia/Taipei"


def test_a_registration_has_the_uid_of_the_invitation_that_was_mailed(site: Any, network: Any) -> None:
    registration = network.register_for()
    card = Card(Text("題", ""), CHANGED, CHANGED + timedelta(hours=1), None)
    occasion = Occasion(card, "", "https://x", "Gongxue", "no-reply@gongxue.test", "en")
    entry = Entry("REQUEST", registration["id"], 4, CHANGED)
    [mailed] = Calendar.from_ical(calendar(entry, occasion, "林", "lin@x.test", HOST)).walk("VEVENT")

    assert event(site)["UID"] == mailed["UID"]


@pytest.mark.parametrize(
    ("status", "shown"), [("confirmed", "CONFIRMED"), ("waiting", "TENTATIVE"), ("cancelled", "CANCELLED")]
)
def test_what_became_of_a_registration_arrives(site: Any, network: Any, status: str, shown: str) -> None:
    network.register_for(status=status, place=3 if status == "waiting" else None)

    found = event(site)

    assert found["STATUS"] == shown
    assert found["SEQUENCE"] == 9
    assert found["LAST-MODIFIED"].dt == CHANGED
    assert ("候補第 3 位" in found["SUMMARY"]) == (status == "waiting")


@pytest.mark.parametrize("address", FEEDS[1:])
def test_an_activity_that_is_called_off_stays_as_cancelled(site: Any, network: Any, address: str) -> None:
    network.stored_activities[ACTIVITY]["status"] = "cancelled"

    assert event(site, address)["STATUS"] == "CANCELLED"


@pytest.mark.parametrize("address", FEEDS)
def test_who_has_it_already_is_told_so(site: Any, network: Any, address: str) -> None:
    network.register_for()
    first = site.get(address)
    tag = first.headers["etag"]

    again = site.get(address, **{"if-none-match": f'"other", W/{tag}'})

    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert "max-age=300" in first.headers["cache-control"]
    assert first.headers["last-modified"] == "Fri, 20 Nov 2026 03:04:05 GMT"
    network.stored_activities[ACTIVITY]["title"]["zh"] = "改了"
    assert site.get(address, **{"if-none-match": tag}).status_code == 200


def test_only_what_everybody_may_see_is_kept_by_proxies(site: Any) -> None:
    kept = [site.get(address).headers["cache-control"].partition(",")[0] for address in FEEDS]

    assert kept == ["private", "public", "public", "private"]


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("/calendars/people/other.ics", "unknown_calendar"),
        ("/calendars/schools/none.ics", "unknown_school"),
        ("/calendars/kinds/none.ics", "unknown_calendar"),
        ("/activities/none.ics", "unknown_activity"),
    ],
)
def test_what_is_not_there(site: Any, address: str, code: str) -> None:
    answer = site.get(address, accept="text/calendar")

    assert (answer.status_code, answer.json()["code"]) == (Problem(code).status, code)


def test_a_calendar_of_nothing_is_one_too(site: Any) -> None:
    answer = site.get(FEEDS[0])

    assert events(answer) == []
    assert IcsCalendarStream.calendar_from_ics(answer.text).events == []


def test_what_people_write_cannot_break_out(site: Any, network: Any) -> None:
    network.stored_activities[ACTIVITY]["title"] = {"zh": 'a\\Nb,c;d:"e"', "en": ""}
    network.stored_activities[ACTIVITY]["summary"] = {"zh": "x\r\nEND:VEVENT\r\nBEGIN:VEVENT", "en": ""}

    found = event(site, FEEDS[3])

    assert found["SUMMARY"] == 'a\uff3cNb,c;d:"e"'
    assert "END:VEVENT\nBEGIN:VEVENT" in found["DESCRIPTION"]
