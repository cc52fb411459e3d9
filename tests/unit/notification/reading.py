"""Mails as their readers' programs take them apart."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from icalendar import Calendar

from notification.letters import Mail


@dataclass(frozen=True)
class Read:
    """A mail as read: `types` are the content types of its leaves in their order."""

    message: EmailMessage
    types: list[str]
    text: str
    html: str
    calendar: Any
    file: bytes | None

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def event(self) -> Any:
        (event,) = self.calendar.walk("VEVENT")
        return event


def read(content: bytes | Mail) -> Read:
    raw = content.content if isinstance(content, Mail) else content
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(len(one) for one in raw.split(b"\r\n")) <= 998
    message = message_from_bytes(raw, policy=policy.default)
    leaves = [part for part in message.walk() if not part.is_multipart()]
    assert [defect for part in message.walk() for defect in part.defects] == []
    bodies = {part.get_content_type(): part for part in leaves}
    calendar = bodies.get("text/calendar")
    file = bodies.get("application/ics")
    return Read(
        message=message,
        types=[part.get_content_type() for part in leaves],
        text=bodies["text/plain"].get_content().replace("\r\n", "\n"),
        html=bodies["text/html"].get_content(),
        calendar=Calendar.from_ical(calendar.get_content()) if calendar else None,
        file=file.get_content() if file else None,
    )
