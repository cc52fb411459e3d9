"""What commands, facts and the state of a SIG are made of. The log keeps these for ever: names and fields stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Role = Literal["staff", "window", "host", "center", "operator"]
Joining = Literal["open", "request", "invitation"]
"""Whoever wants joins; a convenor admits who asks; a convenor invites."""
RecordKind = Literal["minutes", "output"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who wishes: a person in an office (`role`) of a school. Who convenes is the SIG's own to know."""

    person: str
    school: str
    role: Role


@dataclass(frozen=True, slots=True)
class Text:
    """Words in both languages; `en` may be empty."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Charter:
    """What a SIG is about, what it wants, what belongs to it, and how one becomes a member."""

    title: Text
    theme: str
    goals: Text
    scope: Text
    joining: Joining


CHARTER: tuple[str, ...] = tuple(Charter.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Convenor:
    """Somebody who convenes, from the first to the last day, both in it; days are Taipei's."""

    person: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Record:
    """Minutes or an output: words, a link or both. Only minutes have `attended` (None: not counted) and `schools`."""

    record: str
    kind: RecordKind
    title: Text
    held_on: date
    activity: str | None
    link: str | None
    text: Text | None
    attended: int | None
    schools: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    """What a SIG has done from a day to a day, counted in its log.

    `meetings` are linked activities, and minutes of what was none. `schools` have members or came to a meeting.
    `attendance` is the sum of what minutes tell, None where none does.
    """

    since: date
    until: date
    meetings: int
    schools: int
    attendance: int | None
    outputs: int
    members: int
