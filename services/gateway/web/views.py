"""What the pages show, made of what the read model answers: texts in the page's language, days, words, numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup, escape

from gateway.documents import Activity, Registration, School, Seats, Text
from gateway.web import dates
from gateway.web.speech import Speech
from gateway.web.words import KINDS, POOLS, REGISTRATIONS, STATUSES, THEMES


@dataclass(frozen=True, slots=True)
class PoolView:
    """The standing of a pool. `state` is free, waiting (only its waiting list is open) or full."""

    id: str
    name: str
    words: str
    waiting_words: str | None
    percent: int
    state: str


@dataclass(frozen=True, slots=True)
class ActivityView:
    """An activity as a card and as a page show it. `status` is a key of `words.STATUSES`."""

    id: str
    address: str
    kind: str
    title: Markup
    plain_title: str
    other_title: Markup | None
    summary: tuple[Markup, ...]
    host: Markup
    host_address: str
    venue: Markup | None
    theme: str | None
    leaf: dates.Leaf
    when: str
    starts_iso: str
    status: str
    status_words: str
    reason: Markup | None
    pools: tuple[PoolView, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class RegistrationView:
    """A registration. `status` is a key of `words.REGISTRATIONS`; `place` is None unless waiting."""

    id: str
    address: str
    status: str
    status_words: str
    pool: str
    place: int | None
    can_cancel: bool
    registered: str
    activity: ActivityView


def activity_view(activity: Activity, host: School | None, speech: Speech, now: datetime) -> ActivityView:
    """The activity in the words of `speech`, as it stands at `now`."""
    say, language = speech.say, speech.language
    pools = tuple(_pool(name, seats, activity, speech) for name, seats in activity["seats"].items())
    status = _status(activity, pools, now)
    theme = activity["theme"]
    return ActivityView(
        id=activity["id"],
        address=f"/activities/{activity['id']}",
        kind=say(KINDS[activity["kind"]]),
        title=speech.phrase(activity["title"]),
        plain_title=speech.plain(activity["title"]),
        other_title=speech.other(activity["title"]),
        summary=paragraphs(activity["summary"], speech),
        host=school_name(activity["host"], host, speech),
        host_address=f"/schools/{activity['host']}",
        venue=speech.phrase(activity["venue"]) if activity["venue"] else None,
        theme=say(THEMES[theme]) if theme else None,
        leaf=dates.leaf(dates.in_taipei(activity["starts_at"]), language),
        when=dates.span(activity["starts_at"], activity["ends_at"], language),
        starts_iso=activity["starts_at"].isoformat(),
        status=status,
        status_words=say(STATUSES[status]),
        reason=speech.written(activity["reason"]) if activity["reason"] else None,
        pools=pools,
        rule=_rule(activity, speech),
    )


def registration_view(registration: Registration, activity: ActivityView, speech: Speech) -> RegistrationView:
    """A registration with its activity; a cancelled activity voids it."""
    status = "cancelled" if activity.status == "cancelled" else registration["status"]
    return RegistrationView(
        id=registration["id"],
        address=f"/registrations/{registration['id']}",
        status=status,
        status_words=speech.say(REGISTRATIONS[status]),
        pool=speech.say(POOLS[registration["pool"]]),
        place=registration["place"] if status == "waiting" else None,
        can_cancel=status != "cancelled" and activity.status != "over",
        registered=dates.moment(registration["registered_at"], speech.language),
        activity=activity,
    )


def school_name(school_id: str, school: School | None, speech: Speech) -> Markup:
    """A school's name; its id as long as the directory has not told of it."""
    return speech.phrase(school["name"]) if school else escape(school_id)


def by_id(schools: Sequence[School]) -> Mapping[str, School]:
    """Schools to look hosts up in."""
    return {school["id"]: school for school in schools}


def paragraphs(text: Text, speech: Speech) -> tuple[Markup, ...]:
    """A stored text of several lines; none of an empty one."""
    english = speech.key == "en" and bool(text["en"])
    lines = (text["en"] if english else text["zh"]).splitlines()
    return tuple(
        speech.phrase({"zh": "", "en": line} if english else {"zh": line, "en": ""})
        for line in lines
        if line.strip()
    )


def _pool(pool: str, seats: Seats, activity: Activity, speech: Speech) -> PoolView:
    limit, waiting = seats["limit"], seats["waiting"]
    left = max(0, limit - seats["taken"])
    state = "free" if left else ("waiting" if waiting < activity["waiting_limit"] else "full")
    if not limit:
        words = speech.gettext("No seats")
    elif left:
        words = speech.ngettext("%(num)s seat left of %(limit)s", "%(num)s seats left of %(limit)s", left)
    else:
        words = speech.ngettext("The only seat is taken", "All %(limit)s seats are taken", limit)
    waiting_words = None
    if waiting:
        waiting_words = speech.ngettext("%(num)s is waiting", "%(num)s are waiting", waiting) % {
            "num": waiting
        }
    return PoolView(
        id=pool,
        name=speech.say(POOLS[pool]),
        words=words % {"num": left, "limit": limit},
        waiting_words=waiting_words,
        percent=100 if not left else 100 * seats["taken"] // limit,
        state=state,
    )


def _status(activity: Activity, pools: Sequence[PoolView], now: datetime) -> str:
    stored = activity["status"]
    if stored in ("draft", "cancelled"):
        return stored
    if activity["ends_at"] <= now:
        return "over"
    if stored == "closed":
        return "closed"
    states = {pool.state for pool in pools}
    if "free" in states:
        return "open"
    return "waiting" if "waiting" in states else "full"


def _rule(activity: Activity, speech: Speech) -> str:
    limit = activity["waiting_limit"]
    if not limit:
        return speech.gettext("First come, first served. There is no waiting list.")
    return speech.ngettext(
        "First come, first served. When the seats of a kind are taken, the next person may wait for one; "
        "whoever waits first gets the seat that somebody gives back.",
        "First come, first served. When the seats of a kind are taken, the next %(num)s people may wait for one; "
        "whoever waits first gets the seat that somebody gives back.",
        limit,
    ) % {"num": limit}
