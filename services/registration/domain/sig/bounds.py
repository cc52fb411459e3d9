"""How much a SIG may have. What keeps all of it in one document of the pages stays far below the 16 MB of one."""

from __future__ import annotations

from registration.domain.sig.parts import Record
from registration.domain.sig.refusal import Refused, TooMany
from registration.domain.sig.state import Sig

MEMBERS = 10_000
REQUESTS = 1_000
INVITATIONS = 500
CONVENORS = 20
MEETINGS = 1_000
RECORDS = 1_000
CHARACTERS = 1_500_000
"""In the words of all records together: 4.5 MB of Chinese."""


def no_more_members(sig: Sig) -> Refused | None:
    """Why nobody can join."""
    return _full("too_many_members", len(sig.members), MEMBERS)


def no_more_requests(sig: Sig) -> Refused | None:
    """Why nobody can ask to join."""
    return _full("too_many_asking", len(sig.requested), REQUESTS)


def no_more_invitations(sig: Sig) -> Refused | None:
    """Why nobody can be invited."""
    return _full("too_many_invited", len(sig.invited), INVITATIONS)


def too_many_convenors(number: int) -> Refused | None:
    """Why there cannot be so many of them."""
    return _full("too_many_convenors", number - 1, CONVENORS)


def no_more_meetings(sig: Sig) -> Refused | None:
    """Why no other meeting can be linked."""
    return _full("too_many_meetings", len(sig.meetings), MEETINGS)


def no_room_for(sig: Sig, record: Record) -> Refused | None:
    """Why that cannot be put on record."""
    if refused := _full("too_many_records", len(sig.records), RECORDS):
        return refused
    written = sum(map(_length, sig.records.values())) + _length(record)
    return Refused("records_too_long", {"most": CHARACTERS}) if written > CHARACTERS else None


def _length(record: Record) -> int:
    return len(record.text.zh) + len(record.text.en) if record.text else 0


def _full(code: TooMany, there: int, most: int) -> Refused | None:
    return Refused(code, {"most": most}) if there >= most else None
