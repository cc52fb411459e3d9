"""My SIGs, on my page: what one is to each, and when it meets next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from markupsafe import Markup

from gateway.actions import Person
from gateway.read_model.documents import Activity
from gateway.read_model.queries import Queries
from gateway.read_model.sigs import Membership, Sig, acting
from gateway.web import dates
from gateway.web.sig_words import BADGES, STATUSES
from gateway.web.speech import Speech, mark

_ORDER = ("active", "proposed", "sent_back", "closed")
ROLES = {
    "convenes": mark("You convene it"),
    "member": mark("Member"),
    "requested": mark("You asked to join"),
    "invited": mark("You are invited"),
    "proposed": mark("You proposed it"),
}


@dataclass(frozen=True, slots=True)
class MeetingView:
    """The next meeting."""

    address: str
    title: Markup
    when: str


@dataclass(frozen=True, slots=True)
class MySig:
    """A SIG that one belongs to, wants to, or has proposed."""

    address: str
    title: Markup
    badge: str
    status_words: str
    role: str
    next: MeetingView | None


async def my_sigs(reading: Queries, person: Person, say: Speech) -> tuple[MySig, ...]:
    """Those that are active first. Raises PyMongoError when the store is away."""
    mine = {one["sig"]: one for one in await reading.sigs.of_person(person.id) if one["status"] != "ended"}
    now = datetime.now(UTC)
    found = [
        (sig, role)
        for sig in await reading.sigs.all()
        if sig["status"] in _ORDER and (role := role_in(sig, person, mine.get(sig["id"]), now))
    ]
    found.sort(key=lambda one: _ORDER.index(one[0]["status"]))
    return tuple([await _view(reading, sig, role, say, now) for sig, role in found])


def role_in(sig: Sig, person: Person, mine: Membership | None, now: datetime) -> str | None:
    """What the person is to it: a key of `ROLES`; None if nothing."""
    acts = person.id in acting(sig, now)
    if sig["status"] in ("proposed", "sent_back"):
        return "proposed" if acts else None
    if mine is None:
        return None
    return "convenes" if acts and sig["status"] == "active" else mine["status"]


def next_meeting(meetings: Sequence[Activity], now: datetime) -> Activity | None:
    """The earliest that is neither over nor called off."""
    to_come = [one for one in meetings if one["status"] in ("published", "closed") and one["ends_at"] > now]
    return min(to_come, key=lambda one: one["starts_at"], default=None)


async def _view(reading: Queries, sig: Sig, role: str, say: Speech, now: datetime) -> MySig:
    known = [await reading.activity(one["activity"]) for one in sig["meetings"]]
    following = next_meeting([one for one in known if one], now)
    return MySig(
        address=f"/sigs/{sig['id']}",
        title=say.phrase(sig["title"]),
        badge=BADGES[sig["status"]],
        status_words=say.say(STATUSES[sig["status"]]),
        role=say.say(ROLES[role]),
        next=following
        and MeetingView(
            f"/activities/{following['id']}",
            say.phrase(following["title"]),
            dates.span(following["starts_at"], following["ends_at"], say.language),
        ),
    )
