"""Calendars to subscribe to: iCalendar (RFC 5545), the same bytes for the same read model.

An entry keeps its UID for ever, that of a registration being the one of the mails about it. Whatever changes it gives
it a higher SEQUENCE and a later LAST-MODIFIED, and what is called off stays, as CANCELLED: a calendar that only misses
an entry does not know whether to delete it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Literal
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone

TAIPEI = ZoneInfo("Asia/Taipei")
REFRESH = timedelta(hours=1)
"""How often a calendar program should look again; most look as often as they like."""

Status = Literal["CONFIRMED", "TENTATIVE", "CANCELLED"]

# Taipei has kept UTC+8 without summer time since 1979.
_ZONE = Timezone.from_ical(
    "BEGIN:VTIMEZONE\r\nTZID:Asia/Taipei\r\nBEGIN:STANDARD\r\nDTSTART:19791001T000000\r\n"
    "TZNAME:CST\r\nTZOFFSETFROM:+0800\r\nTZOFFSETTO:+0800\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a calendar shows. Times are aware; `changed_at` is None where that was not kept.

    `sequence` is the number of the newest fact that the entry tells of.
    """

    uid: str
    sequence: int
    changed_at: datetime | None
    status: Status
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str
    location: str
    url: str
    category: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar with its name, in one language (a BCP 47 tag)."""

    name: str
    description: str
    language: str
    entries: tuple[Entry, ...]


def registration_uid(registration: str, host: str) -> str:
    """Of what a person is registered for: the same in mails, see notification's `invite`."""
    return f"{registration}@{host}"


def activity_uid(activity: str, host: str) -> str:
    """Of what anybody may come to."""
    return f"{activity}.activity@{host}"


def write(feed: Feed) -> bytes:
    """The calendar as it is sent."""
    calendar = Calendar()
    calendar.add("prodid", "-//Gongxue//Gateway//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    # RFC 7986, and what came before it and is still read more widely.
    calendar.add("name", _text(feed.name), parameters={"LANGUAGE": feed.language})
    calendar.add("x-wr-calname", _text(feed.name))
    calendar.add("description", feed.description, parameters={"LANGUAGE": feed.language})
    calendar.add("x-wr-caldesc", feed.description)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    calendar.add_component(_ZONE)
    for entry in feed.entries:
        calendar.add_component(_event(entry, feed.language))
    written: bytes = calendar.to_ical()
    return written


def tag(content: bytes) -> str:
    """The entity tag of what is sent: another one whenever a byte is different."""
    return f'"{sha256(content).hexdigest()[:32]}"'


def _event(entry: Entry, language: str) -> Event:
    event = Event()
    words = {"LANGUAGE": language}
    changed_at = (entry.changed_at or entry.starts_at).astimezone(UTC).replace(microsecond=0)
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    # Never the time of this answer: then every look would find another calendar.
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("status", entry.status)
    event.add("transp", "OPAQUE" if entry.status == "CONFIRMED" else "TRANSPARENT")
    event.add("dtstart", entry.starts_at.astimezone(TAIPEI).replace(microsecond=0))
    event.add("dtend", entry.ends_at.astimezone(TAIPEI).replace(microsecond=0))
    event.add("summary", _text(entry.summary), parameters=words)
    event.add("description", _text(entry.description), parameters=words)
    if entry.location:
        event.add("location", _text(entry.location), parameters=words)
    event.add("categories", [entry.category])
    event.add("url", entry.url)
    return event


def _text(text: str) -> str:
    """The library, and who knows who else, takes «\\N» for a line break however it is escaped."""
    return "\n".join(text.splitlines()).replace("\\", "\uff3c")
