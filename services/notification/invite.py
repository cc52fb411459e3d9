"""The calendar entry that a mail carries: iCalendar (RFC 5545) by the rules of invitations (RFC 5546).

The person's own address is the only attendee, and has accepted: calendars then show the entry as theirs, ask for no
answer, and nobody learns who else is coming. The library writes and escapes what people have written; what is the
same for all people of an activity is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from functools import lru_cache

from icalendar import Event, vCalAddress

from notification.dates import TAIPEI
from notification.domain.activity import Card
from notification.domain.letter import Entry
from notification.mime import NAME_AT_MOST, line

_HEAD = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Gongxue//Notification//EN\r\nCALSCALE:GREGORIAN\r\n"
# Taipei has kept UTC+8 without summer time since 1979.
_ZONE = (
    b"BEGIN:VTIMEZONE\r\nTZID:Asia/Taipei\r\nBEGIN:STANDARD\r\nDTSTART:19791001T000000\r\n"
    b"TZNAME:CST\r\nTZOFFSETFROM:+0800\r\nTZOFFSETTO:+0800\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
)
_METHOD = {"REQUEST": b"METHOD:REQUEST\r\n", "CANCEL": b"METHOD:CANCEL\r\n"}
_TAIL = b"END:VEVENT\r\nEND:VCALENDAR\r\n"
_EVENT, _END = b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n"


@dataclass(frozen=True, slots=True)
class Occasion:
    """What the entries of all people of an activity have in common, in one language.

    `organizer` and `sender` are a name and the address that mails come from, `url` the activity's page.
    """

    card: Card
    location: str
    url: str
    organizer: str
    sender: str
    language: str


def calendar(entry: Entry, occasion: Occasion, name: str, email: str, host: str) -> bytes:
    """The whole calendar object for one person. The gateway's calendars name the entry by the same UID."""
    person = Event()
    person.add("uid", f"{entry.registration}@{host}")
    attendee = _mailbox(name, email)
    attendee.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"})
    person.add("attendee", attendee)
    return b"".join(
        (
            _HEAD,
            _METHOD[entry.method],
            _ZONE,
            _EVENT,
            _version(entry),
            _lines(person),
            _common(occasion),
            _TAIL,
        )
    )


def _version(entry: Entry) -> bytes:
    """What needs no escaping: the library takes as long for these three lines as for all the others."""
    status = "CANCELLED" if entry.method == "CANCEL" else "CONFIRMED"
    stamp = f"{entry.time.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f"SEQUENCE:{entry.sequence}\r\nDTSTAMP:{stamp}\r\nSTATUS:{status}\r\n".encode("ascii")


@lru_cache(maxsize=512)
def _common(occasion: Occasion) -> bytes:
    event = Event()
    event.add("summary", _text(occasion.card.title.read_in(occasion.language)))
    event.add("dtstart", occasion.card.starts_at.astimezone(TAIPEI))
    event.add("dtend", occasion.card.ends_at.astimezone(TAIPEI))
    if occasion.location:
        event.add("location", _text(occasion.location))
    event.add("url", occasion.url)
    event.add("description", occasion.url)
    event.add("organizer", _mailbox(occasion.organizer, occasion.sender))
    return _lines(event)


def _text(text: str) -> str:
    """One line. The library, and who knows who else, takes «\\N» for a line break however it is escaped."""
    return line(text).replace("\\", "\uff3c")


def _mailbox(name: str, email: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    address.params["CN"] = line(name, NAME_AT_MOST).replace('"', "'") or email
    return address


def _lines(event: Event) -> bytes:
    written: bytes = event.to_ical()
    return written.removeprefix(_EVENT).removesuffix(_END)
