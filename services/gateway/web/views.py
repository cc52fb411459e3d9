"""What the pages show, made of what the read model answers: texts in the page's language, days, words, numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from markupsafe import Markup, escape

from gateway.finding.search import county_of
from gateway.read_model.documents import Activity, Registration, School, Seats, Text
from gateway.web import dates
from gateway.web.speech import Speech
from gateway.web.words import COUNTIES, GOALS, KINDS, POOLS, REGISTRATIONS, STATUSES, THEMES

CENTER = "center"


@dataclass(frozen=True, slots=True)
class PoolView:
    """The standing of a pool. `state` is free, waiting (only its waiting list is open), full or past.

    `percent` of the seats are taken.
    """

    id: str
    name: str
    words: str
    waiting_words: str | None
    percent: int
    state: str


@dataclass(frozen=True, slots=True)
class ActivityView:
    """An activity as a card and as a page show it. `status` is a key of `words.STATUSES`.

    `host_address` is None for a host without a page, `county` for what has no venue; `goals` are number and name.
    """

    address: str
    kind: str
    title: Markup
    plain_title: str
    other_title: Markup | None
    summary: tuple[Markup, ...]
    host: Markup
    host_address: str | None
    venue: Markup | None
    theme: str | None
    county: str | None
    goals: tuple[tuple[int, str], ...]
    leaf: dates.Leaf
    when: Markup
    starts_iso: str
    status: str
    status_words: str
    reason: Markup | None
    pools: tuple[PoolView, ...]
    rule: str
    has_waiting_list: bool


@dataclass(frozen=True, slots=True)
class Live:
    """What a page needs to show seats as they change: where it hears of them, and by name the words to say."""

    address: str
    waiting_limit: int
    words: tuple[tuple[str, str], ...]


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
    ended = _status(activity, now)
    is_past = ended in ("over", "closed", "cancelled")
    pools = tuple(_pool(name, seats, activity, is_past, speech) for name, seats in activity["seats"].items())
    status = ended or _openness(pools)
    theme, county = activity["theme"], county_of(activity, host)
    return ActivityView(
        address=f"/activities/{activity['id']}",
        kind=say(KINDS[activity["kind"]]),
        title=speech.phrase(activity["title"]),
        plain_title=speech.plain(activity["title"]),
        other_title=speech.other(activity["title"]),
        summary=paragraphs(activity["summary"], speech),
        host=school_name(activity["host"], host, speech),
        host_address=f"/schools/{host['id']}" if host else None,
        venue=speech.phrase(activity["venue"]) if activity["venue"] else None,
        theme=say(THEMES[theme]) if theme else None,
        county=say(COUNTIES.get(county, county)) if county and activity["venue"] else None,
        goals=tuple((goal, say(GOALS[goal])) for goal in activity["sdgs"]),
        leaf=dates.leaf(dates.in_taipei(activity["starts_at"]), language),
        when=_unbroken(dates.span(activity["starts_at"], activity["ends_at"], language)),
        starts_iso=activity["starts_at"].isoformat(),
        status=status,
        status_words=say(STATUSES[status]),
        reason=speech.written(activity["reason"]) if activity["reason"] else None,
        pools=pools,
        rule=_rule(activity, speech),
        has_waiting_list=activity["waiting_limit"] > 0,
    )


def live(activity: Activity, speech: Speech) -> Live:
    """The words have the same places for numbers as the page's own, for one and for several."""
    words = [
        (f"{name}-{number}", say(speech, count))
        for name, say in _SAID.items()
        for number, count in (("one", 1), ("more", 2))
    ]
    address = f"/api/v1/activities/{activity['id']}/events"
    return Live(address, activity["waiting_limit"], tuple(words))


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
    """A school's name; its id as long as the directory has not told of it. The Center is no school."""
    if school is None:
        return escape(speech.gettext("USR Promotion Center") if school_id == CENTER else school_id)
    return speech.phrase(school["name"])


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


@lru_cache(maxsize=8192)
def _unbroken(words: str) -> Markup:
    """A line may end between the words, never within one: browsers break dates at their hyphens."""
    return Markup(" ").join(Markup('<span class="whole">{}</span>').format(word) for word in words.split())


def _pool(pool: str, seats: Seats, activity: Activity, is_past: bool, speech: Speech) -> PoolView:
    limit, taken, waiting = seats["limit"], seats["taken"], seats["waiting"]
    left = max(0, limit - taken)
    if is_past:
        state = "past"
        words = speech.gettext("%(taken)s of %(limit)s seats taken")
    elif not limit:
        state = "full"
        words = speech.gettext("No seats")
    elif left:
        state = "free"
        words = _left(speech, left)
    else:
        state = "full"
        words = _taken(speech, limit)
    if state == "full" and waiting < activity["waiting_limit"]:
        state = "waiting"
    queue = _queue(speech, waiting) if waiting else None
    return PoolView(
        id=pool,
        name=speech.say(POOLS[pool]),
        words=words % {"num": left, "limit": limit, "taken": taken},
        waiting_words=queue % {"num": waiting} if queue and not is_past else None,
        percent=100 * taken // limit if left else 100,
        state=state,
    )


def _left(speech: Speech, left: int) -> str:
    return speech.ngettext("%(num)s seat left of %(limit)s", "%(num)s seats left of %(limit)s", left)


def _taken(speech: Speech, limit: int) -> str:
    return speech.ngettext("The only seat is taken", "All %(limit)s seats are taken", limit)


def _queue(speech: Speech, waiting: int) -> str:
    return speech.ngettext("%(num)s is waiting", "%(num)s are waiting", waiting)


_SAID = {"left": _left, "taken": _taken, "queue": _queue}


def _status(activity: Activity, now: datetime) -> str | None:
    """The status of an activity that nobody can register for."""
    stored = activity["status"]
    if stored in ("draft", "cancelled"):
        return stored
    if activity["ends_at"] <= now:
        return "over"
    return "closed" if stored == "closed" else None


def _openness(pools: Sequence[PoolView]) -> str:
    """What may be had by registering."""
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
