"""What somebody looks for, as it stands in an address: read, written again, and shown as a form with chips.

Whatever an address says that means nothing is passed over: a link that somebody shortened still leads somewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from gateway.finding import counties
from gateway.finding.search import FIRST_DAY, LAST_DAY, Wanted
from gateway.finding.words import LONGEST_QUERY
from gateway.read_model.documents import When
from gateway.web.words import COUNTIES, GOALS, KINDS, THEMES

LIST, CALENDAR, MAP = "/activities", "/activities/calendar", "/activities/map"


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of an address that mean something. `around`: the neighbours of the counties as well."""

    words: str = ""
    kinds: tuple[str, ...] = ()
    counties: tuple[str, ...] = ()
    around: bool = False
    schools: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    sdgs: tuple[int, ...] = ()
    since: date | None = None
    until: date | None = None
    seats_left: bool = False
    online: bool = False
    when: When = "upcoming"

    @property
    def wanted(self) -> Wanted:
        """What to search for."""
        places = counties.around(self.counties) if self.around else frozenset(self.counties)
        return Wanted(
            words=self.words,
            kinds=frozenset(self.kinds),
            counties=places,
            schools=frozenset(self.schools),
            themes=frozenset(self.themes),
            sdgs=frozenset(self.sdgs),
            since=self.since,
            until=self.until,
            seats_left=self.seats_left,
            online=self.online,
            when=self.when,
        )


def read(parameters: QueryParams, schools: Iterable[str], today: date) -> Asked:
    """What an address asks for. `schools` are those that there are; days before `today` are past."""
    since, until = _day(parameters.get("from")), _day(parameters.get("to"))
    if since and until and until < since:
        since, until = until, since
    places = _known(parameters.getlist("county"), COUNTIES)
    goals = _known(parameters.getlist("sdg"), [str(goal) for goal in GOALS])
    return Asked(
        words=" ".join(parameters.get("q", "")[:LONGEST_QUERY].split()),
        kinds=_known(parameters.getlist("kind"), KINDS),
        counties=places,
        around=bool(places) and parameters.get("around") == "yes",
        schools=_known(parameters.getlist("school"), schools),
        themes=_known(parameters.getlist("theme"), THEMES),
        sdgs=tuple(int(goal) for goal in goals),
        since=since,
        until=until,
        seats_left=parameters.get("seats") == "left",
        online=parameters.get("online") == "yes",
        when="past" if parameters.get("when") == "past" or (until and until < today) else "upcoming",
    )


def pairs(asked: Asked) -> list[tuple[str, str]]:
    """The parameters of the address, in one order."""
    found = [("q", asked.words)] if asked.words else []
    found += [("kind", kind) for kind in asked.kinds]
    found += [("county", county) for county in asked.counties]
    found += [("around", "yes")] if asked.around else []
    found += [("school", school) for school in asked.schools]
    found += [("theme", theme) for theme in asked.themes]
    found += [("sdg", str(goal)) for goal in asked.sdgs]
    found += [("from", asked.since.isoformat())] if asked.since else []
    found += [("to", asked.until.isoformat())] if asked.until else []
    found += [("seats", "left")] if asked.seats_left else []
    found += [("online", "yes")] if asked.online else []
    found += [("when", "past")] if asked.when == "past" else []
    return found


def address(asked: Asked, path: str = LIST, extra: Sequence[tuple[str, str]] = ()) -> str:
    """Where that is found. What the first page shows has no `cursor`."""
    query = urlencode([*pairs(asked), *extra])
    return f"{path}?{query}" if query else path


def without(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    """All others."""
    return tuple(other for other in values if other != value)


def _known(given: Iterable[str], possible: Iterable[str]) -> tuple[str, ...]:
    """Those of the possible ones that are given, in the order of the possible ones."""
    asked = set(given)
    return tuple(value for value in possible if value in asked)


def _day(written: str | None) -> date | None:
    try:
        day = date.fromisoformat(written or "")
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None
