"""What a SIG does: its meetings, and what comes of them."""

from __future__ import annotations

from datetime import date

from registration.domain.sig import bounds
from registration.domain.sig.commands import AddRecord, LinkMeeting, UnlinkMeeting, Working
from registration.domain.sig.facts import (
    Fact,
    SigMeetingLinked,
    SigMeetingUnlinked,
    SigRecordAdded,
    SigRecordRemoved,
)
from registration.domain.sig.refusal import Refused
from registration.domain.sig.state import Sig, convenes


def work(sig: Sig, command: Working, today: date) -> list[Fact] | Refused:
    """What follows for meetings and records, which are the convenors' to keep."""
    if not convenes(sig, command.by.person, today):
        return Refused("not_a_convenor")
    if isinstance(command, LinkMeeting | UnlinkMeeting):
        return _meet(sig, command)
    if isinstance(command, AddRecord):
        return _add(sig, command, today)
    if command.record not in sig.records:
        return Refused("unknown_record")
    return [SigRecordRemoved(command.sig, command.record)]


def _meet(sig: Sig, command: LinkMeeting | UnlinkMeeting) -> list[Fact] | Refused:
    known = sig.meetings.get(command.activity)
    if isinstance(command, LinkMeeting):
        if known == command.held_on:
            return Refused("meeting_linked")
        if known is None and (full := bounds.no_more_meetings(sig)):
            return full
        return [SigMeetingLinked(command.sig, command.activity, command.held_on)]
    if known is None:
        return Refused("unknown_meeting")
    return [SigMeetingUnlinked(command.sig, command.activity)]


def _add(sig: Sig, command: AddRecord, today: date) -> list[Fact] | Refused:
    record = command.record
    if record.record in sig.records:
        return Refused("record_exists")
    if record.link is None and record.text is None:
        return Refused("nothing_recorded")
    if record.held_on > today:
        return Refused("not_held_yet")
    if record.activity is not None and record.activity not in sig.meetings:
        return Refused("unknown_meeting")
    return bounds.no_room_for(sig, record) or [SigRecordAdded(command.sig, record)]
