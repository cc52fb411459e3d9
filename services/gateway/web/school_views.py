"""What the pages of the schools show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from markupsafe import Markup

from gateway.actions import Person
from gateway.read_model.documents import School
from gateway.web import dates
from gateway.web.speech import Speech, mark
from gateway.web.views import paragraphs, school_name
from gateway.web.words import COUNTIES, ROLES

_STATUSES = {"suspended": mark("Does not take part"), "merged": mark("Merged")}


@dataclass(frozen=True, slots=True)
class SchoolLink:
    """A school in a list. `status_words` is None for a school that takes part."""

    address: str
    name: Markup
    other_name: Markup | None
    status_words: str | None


@dataclass(frozen=True, slots=True)
class CountyView:
    """A county and its schools."""

    id: str
    name: str
    schools: tuple[SchoolLink, ...]


@dataclass(frozen=True, slots=True)
class FormerNameView:
    """A name a school had until the end of a day."""

    name: Markup
    until: str


@dataclass(frozen=True, slots=True)
class SchoolView:
    """A school on its own page; what is not known is None."""

    name: Markup
    plain_name: str
    other_name: Markup | None
    summary: tuple[Markup, ...]
    county: str
    website: str | None
    website_words: str | None
    moe_code: str | None
    ror: str | None
    suspended: bool
    merged_into: SchoolLink | None
    former_names: tuple[FormerNameView, ...]


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A person to sign in as."""

    id: str
    name: Markup
    roles: str


@dataclass(frozen=True, slots=True)
class DemoSchool:
    """A school and who of it one can be."""

    name: Markup
    people: tuple[DemoPerson, ...]


def counties(schools: Iterable[School], speech: Speech) -> tuple[CountyView, ...]:
    """The schools by county, from north to south; counties without a school are left out."""
    found: dict[str, list[SchoolLink]] = {county: [] for county in COUNTIES}
    for school in sorted(schools, key=lambda each: (each["moe_code"] or "~", each["id"])):
        found.setdefault(school["county"], []).append(_link(school, speech))
    return tuple(
        CountyView(county, speech.say(COUNTIES.get(county, county)), tuple(links))
        for county, links in found.items()
        if links
    )


def school_view(school: School, merged_into: School | None, speech: Speech) -> SchoolView:
    """One school. `merged_into` is the school that it lives on in, if the directory has told of it."""
    website = school["website"]
    return SchoolView(
        name=speech.phrase(school["name"]),
        plain_name=speech.plain(school["name"]),
        other_name=speech.other(school["name"]),
        summary=paragraphs(school["summary"], speech),
        county=speech.say(COUNTIES.get(school["county"], school["county"])),
        website=website,
        website_words=urlsplit(website).netloc.removeprefix("www.") if website else None,
        moe_code=school["moe_code"],
        ror=school["ror"],
        suspended=school["status"] == "suspended",
        merged_into=_link(merged_into, speech) if merged_into else None,
        former_names=tuple(
            FormerNameView(speech.phrase(former["name"]), _day(former["until"], speech))
            for former in school["former_names"]
        ),
    )


def demo_schools(
    people: Iterable[Person], schools: dict[str, School], speech: Speech
) -> tuple[DemoSchool, ...]:
    """Who one can be, by school, in the order given."""
    found: dict[str, list[DemoPerson]] = {}
    for person in people:
        roles = " · ".join(speech.say(ROLES[role]) for role in ROLES if role in person.roles)
        found.setdefault(person.school, []).append(DemoPerson(person.id, speech.written(person.name), roles))
    return tuple(
        DemoSchool(school_name(school, schools.get(school), speech), tuple(those))
        for school, those in found.items()
    )


def _link(school: School, speech: Speech) -> SchoolLink:
    status = _STATUSES.get(school["status"])
    return SchoolLink(
        address=f"/schools/{school['id']}",
        name=speech.phrase(school["name"]),
        other_name=speech.other(school["name"]),
        status_words=speech.say(status) if status else None,
    )


def _day(at: datetime, speech: Speech) -> str:
    return dates.day(dates.in_taipei(at), speech.language)
