"""Believable documents of the read model, for pages to show."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from toys.web_side import settings

from gateway.actions import InLine, Outcome, Pending, Person
from gateway.app import create
from gateway.config import Settings
from gateway.finding.search import Entry, Page, Wanted, by_county, entry, matching, search
from gateway.identity.sessions import Session, Sessions, Way, remember
from gateway.people import Card
from gateway.read_model.documents import Activity, Registration, School
from gateway.read_model.freshness import Tidings

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
NEXT_WEEK = datetime.now(UTC).replace(microsecond=0) + timedelta(days=7)
ORIGIN = "http://127.0.0.1:8000"
REGISTRATION = "0b6cbb1e-3a0e-4f8e-9d0c-6f6a3a5c2b11"


@pytest.fixture
def now() -> datetime:
    """The day on which the pages are looked at."""
    return NOW


@pytest.fixture
def person() -> Person:
    return a_person()


@pytest.fixture
def activity() -> Callable[..., Activity]:
    """An activity with seats left, changed as named."""
    return an_activity


@pytest.fixture
def registration() -> Callable[..., Registration]:
    """A confirmed registration for that activity, changed as named."""
    return a_registration


@pytest.fixture
def school() -> Callable[..., School]:
    """The host of that activity, changed as named."""
    return a_school


@pytest.fixture
def network() -> Network:
    """What stands behind the pages: one school, one activity, one person."""
    return Network()


@pytest.fixture(scope="session")
def app() -> Starlette:
    """The application as it is assembled; it is not started and connects to nothing."""
    return create(_settings())


@pytest.fixture
def site(app: Starlette, network: Network) -> Iterator[Site]:
    """The application in front of that network."""
    with asyncio.Runner() as runner:
        app.state.queries = app.state.gateway = app.state.people = network
        app.state.door = replace(app.state.door, sessions=SignedIn())
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN)
        yield Site(client, runner)
        runner.run(client.aclose())


@dataclass
class Sigs:
    """SIGs of a read model, as `queries.sigs`."""

    stored: list[Any] = field(default_factory=list)
    standings: list[Any] = field(default_factory=list)

    async def of_meeting(self, activity: str) -> list[Any]:
        return [one for one in self.stored if activity in {held["activity"] for held in one["meetings"]}]

    async def of_person(self, person: str) -> list[Any]:
        return [one for one in self.standings if one["person"] == person]

    async def all(self) -> list[Any]:
        return self.stored


@dataclass
class Network:
    """A read model, actions and people in memory, with the interfaces of the real ones."""

    stored_activities: dict[str, Activity] = field(default_factory=dict)
    stored_registrations: dict[str, Registration] = field(default_factory=dict)
    stored_schools: list[School] = field(default_factory=list)
    persons: dict[str, Person] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    answer: Outcome | Exception = field(default_factory=lambda: Pending(REGISTRATION))
    asked: list[dict[str, Any]] = field(default_factory=list)
    available: bool = True
    in_line: InLine | None = None
    tidings: Tidings = field(default_factory=Tidings)
    sigs: Sigs = field(default_factory=Sigs)

    def __post_init__(self) -> None:
        self.add(an_activity(starts_at=NEXT_WEEK, ends_at=NEXT_WEEK + timedelta(hours=3)))
        self.stored_schools.append(a_school())
        self.persons["lin-mei-hui"] = a_person()

    def add(self, activity: Activity) -> Activity:
        """Put an activity on show."""
        self.stored_activities[activity["id"]] = activity
        return activity

    def register_for(self, **changes: Any) -> Registration:
        """Let somebody be registered."""
        registration = a_registration(**changes)
        self.stored_registrations[registration["id"]] = registration
        return registration

    async def activities(self, wanted: Wanted, cursor: str | None = None, limit: int = 20) -> Page:
        return search(self._entries(), wanted, datetime.now(UTC), cursor, limit)

    async def counties(self, wanted: Wanted) -> Mapping[str, int]:
        return by_county(matching(self._entries(), wanted, datetime.now(UTC)))

    async def activity(self, activity: str) -> Activity | None:
        return self.stored_activities.get(activity)

    async def registration(self, registration: str) -> Registration | None:
        return self.stored_registrations.get(registration)

    async def registrations_of(self, person: str) -> list[Registration]:
        return [
            {**one, "about": self.stored_activities.get(one["activity"])}
            for one in self.stored_registrations.values()
            if one["person"] == person
        ]

    async def registration_at(self, person: str, activity: str) -> Registration | None:
        standing = (one for one in self.stored_registrations.values() if one["status"] != "cancelled")
        return next((one for one in standing if (one["person"], one["activity"]) == (person, activity)), None)

    async def going(self, activity: str, school: str) -> int:
        seated = (one for one in self.stored_registrations.values() if one["status"] == "confirmed")
        return sum((one["activity"], one["school"]) == (activity, school) for one in seated)

    async def schools(self) -> list[School]:
        return self.stored_schools

    async def school(self, school: str) -> School | None:
        return next((one for one in self.stored_schools if one["id"] == school), None)

    async def is_suspended(self, school: str) -> bool:
        found = await self.school(school)
        return found is not None and found["status"] == "suspended"

    async def register(self, person: Person, activity: str, **wish: Any) -> Outcome:
        return self._answer({"person": person.id, "activity": activity, **wish})

    async def cancel_registration(self, person: Person, registration: str, *, key: str) -> Outcome:
        return self._answer({"person": person.id, "registration": registration, "key": key})

    def waits(self, person: Person, activity: str, ticket: str) -> InLine | None:
        return self.in_line

    async def outcome(self, person: Person, command: str) -> Outcome | None:
        return self.outcomes.get(command)

    async def card(self, person: str) -> Card | None:
        return Card(self.persons[person], 1, untold=False) if person in self.persons else None

    async def roles_of(self, person: Person) -> frozenset[str]:
        return person.roles

    async def with_roles(self, people: Iterable[Person]) -> list[Person]:
        return list(people)

    async def everyone(self) -> list[Person]:
        return list(self.persons.values())

    async def tell(self, card: Card) -> None:
        """Everybody knows already."""

    def _entries(self) -> list[Entry]:
        hosts = {school["id"]: school for school in self.stored_schools}
        listed = [one for one in self.stored_activities.values() if one["status"] != "draft"]
        return sorted((entry(one, hosts.get(one["host"])) for one in listed), key=lambda one: one.sort)

    def _answer(self, wish: dict[str, Any]) -> Outcome:
        self.asked.append(wish)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class SignedIn(Sessions):
    """Sessions of which nothing is kept but the cookies."""

    def __init__(self) -> None:
        """Without a store."""

    async def begin(self, request: Request, card: Card, way: Way, asked_at: float) -> None:
        remember(request.session, "a secret", card, datetime.now(UTC) + timedelta(hours=1), asked_at)

    async def sign_out(self, request: Request) -> Session | None:
        request.session.clear()
        return None


@dataclass
class Site:
    """A browser that does what forms do."""

    client: httpx.AsyncClient
    runner: asyncio.Runner

    def get(self, address: str, language: str | None = None, **headers: str) -> httpx.Response:
        """A page, in the language that the browser prefers."""
        wanted = {"accept": "text/html"} | ({"accept-language": language} if language else {}) | headers
        return self.runner.run(self.client.get(address, headers=wanted))

    def send(self, address: str, fields: dict[str, str], language: str | None = None) -> httpx.Response:
        """Send a form of one of our pages."""
        headers = {"accept": "text/html", "origin": ORIGIN, "sec-fetch-site": "same-origin"}
        if language:
            headers["accept-language"] = language
        return self.runner.run(self.client.post(address, data=fields, headers=headers))

    def send_raw(self, address: str, body: bytes, kind: str) -> httpx.Response:
        """Send what is no form of ours from one of our pages. `kind` is its content type."""
        headers = {"accept": "text/html", "origin": ORIGIN, "sec-fetch-site": "same-origin"}
        return self.runner.run(
            self.client.post(address, content=body, headers={**headers, "content-type": kind})
        )

    def sign_in(self, person: str = "lin-mei-hui") -> Site:
        """Be somebody."""
        assert self.send("/sign-in", {"person": person}).status_code == 303
        return self


def an_activity(**changes: Any) -> Activity:
    return {
        "id": "co-training-2026-winter",
        "kind": "co_training",
        "host": "nchu",
        "title": {
            "zh": "115年USR共同培力活動:敘事力與地方共學",
            "en": "USR co-training 2026: the power of telling",
        },
        "summary": {
            "zh": "上午談如何把計畫的成果說成一個人人聽得懂的故事,下午分組實作。\n歡迎帶著自己學校的案例來,彼此觀摩。",
            "en": "In the morning: how to tell what a project achieved so that everyone understands. In the afternoon: "
            "try it in groups.\nBring a case of your own school and learn from each other.",
        },
        "venue": {
            "zh": "國立中興大學 圖書館七樓國際會議廳",
            "en": "NCHU Library, conference hall on the 7th floor",
        },
        "theme": "local_care",
        "county": None,
        "sdgs": [],
        "starts_at": datetime(2026, 12, 9, 1, 30, tzinfo=UTC),
        "ends_at": datetime(2026, 12, 9, 8, 30, tzinfo=UTC),
        "waiting_limit": 20,
        "status": "published",
        "reason": None,
        "seats": {
            "onsite": {"limit": 80, "taken": 68, "waiting": 0},
            "online": {"limit": 300, "taken": 112, "waiting": 0},
        },
        **changes,  # type: ignore[typeddict-item]
    }


def a_registration(**changes: Any) -> Registration:
    return {
        "id": REGISTRATION,
        "activity": "co-training-2026-winter",
        "person": "lin-mei-hui",
        "school": "nchu",
        "pool": "onsite",
        "status": "confirmed",
        "place": None,
        "registered_at": datetime(2026, 11, 20, 3, 4, 5, tzinfo=UTC),
        "changed_at": datetime(2026, 11, 20, 3, 4, 5, tzinfo=UTC),
        **changes,  # type: ignore[typeddict-item]
    }


def a_school(**changes: Any) -> School:
    return {
        "id": "nchu",
        "name": {"zh": "國立中興大學", "en": "National Chung Hsing University"},
        "summary": {"zh": "", "en": ""},
        "county": "taichung",
        "ror": "05vn3ca78",
        "moe_code": "0005",
        "website": "https://www.nchu.edu.tw",
        "status": "admitted",
        "reason": None,
        "merged_into": None,
        "former_names": [],
        **changes,  # type: ignore[typeddict-item]
    }


def a_person(**changes: Any) -> Person:
    known: dict[str, Any] = {
        "id": "lin-mei-hui",
        "name": "林美惠",
        "email": "lin@nchu.example",
        "language": "zh-Hant",
        "school": "nchu",
        "roles": frozenset({"staff", "window"}),
    }
    return Person(**(known | changes))


def _settings() -> Settings:
    """Broker and store are where nobody listens."""
    return settings(
        "amqp://nobody:nothing@127.0.0.1:9/gongxue",
        "mongodb://127.0.0.1:9/gateway",
        public_url=ORIGIN,
        instance="tests",
        command_wait=0.1,
    )
