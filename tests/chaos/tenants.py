"""Two schools with all that only they may see, and the people who would like to: for the walls between schools."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import MongoClient
from toys.residents import settle
from toys.visitors import Visitor

from gateway.actions import Person
from gateway.storage import READ_MODEL
from onemachine.stack import Stack

Document = dict[str, Any]

OF_SCHOOL = ("staff", "host", "window")
OF_NETWORK = ("center", "operator")
EPHEMERAL = {
    "sessions",
    "stale",
    "sign_in_attempts",
    "mail_links",
    "read_model",
    "commands",
    "people",
    "exports",
}
"""Collections of the gateway that change by themselves, or by being signed in."""
SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)


@dataclass
class Tenant:
    """A school, its people by role, and what it has. `secrets` are words that nobody else may ever be shown."""

    school: str
    people: Mapping[str, Person]
    draft: str = ""
    published: str = ""
    registration: str = ""
    school_token: str = ""
    own_token: str = ""
    session: str = ""
    sig: str = ""
    secrets: list[str] = field(default_factory=list)

    def secret(self, what: str) -> str:
        """A new word that is this school's alone."""
        self.secrets.append(f"{what}-{uuid.uuid4().hex}")
        return self.secrets[-1]


class World:
    """`tenants` are two schools that are not to see each other, `network` the people of the network by role."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        run = uuid.uuid4().hex[:6]
        self.network = {role: _person(f"{role}-{run}", "center", role) for role in OF_NETWORK}
        self.tenants = [_tenant(f"wall-{side}-{run}") for side in ("a", "b")]
        third = _person(f"wall-c-{run}-window", f"wall-c-{run}", "window")
        self.windows = [third, *(each.people["window"] for each in self.tenants)]
        everyone = [
            third,
            *self.network.values(),
            *(one for each in self.tenants for one in each.people.values()),
        ]
        settle(stack, {one.id: (one.school, sorted(one.roles - {"staff"})) for one in everyone})
        center = self.visitor(self.network["center"])
        for tenant in self.tenants:
            center.want("POST", "/schools", _school(tenant.school), 201)
            self._furnish(tenant)
        for tenant in self.tenants:
            self._charter(tenant)
        center.http.close()

    def visitor(self, person: Person | None) -> Visitor:
        """Somebody who has just signed in, or nobody."""
        return Visitor(self.stack.url, person.id if person else None)

    def _furnish(self, tenant: Tenant) -> None:
        host, window, staff = (self.visitor(tenant.people[role]) for role in ("host", "window", "staff"))
        tenant.draft = host.want("POST", "/activities", activity(tenant.school, tenant.secret("draft")), 201)[
            "id"
        ]
        tenant.published = host.want("POST", "/activities", activity(tenant.school, "open to all"), 201)["id"]
        host.want("POST", f"/activities/{tenant.published}/publish")
        registered = staff.want(
            "POST", f"/activities/{tenant.published}/registrations", {"pool": "onsite"}, 201
        )
        tenant.registration = registered["id"]
        tenant.secrets.append(tenant.registration)
        token = {"name": tenant.secret("school-token"), "scopes": ["read"], "days": 30}
        tenant.school_token = window.want("POST", f"/schools/{tenant.school}/tokens", token, 201)["id"]
        own = {"name": tenant.secret("own-token"), "scopes": ["read"], "days": 30}
        tenant.own_token = staff.want("POST", "/me/tokens", own, 201)["id"]
        tenant.session = staff.get("/me/sessions")["items"][0]["id"]
        sign_in = {"issuer": None, "mail_domains": [f"{tenant.secret('domain')}.example"], "mail_links": True}
        window.want("PUT", f"/schools/{tenant.school}/sign-in", sign_in)
        role = f"/roles/{tenant.school}/{tenant.people['staff'].id}/host"
        window.want("PUT", role, {})
        window.want("POST", f"{role}/revoke", {"reason": tenant.secret("reason")})
        for one in (host, window, staff):
            one.http.close()

    def _charter(self, tenant: Tenant) -> None:
        """A SIG of which the tenant's staff is the only member, and convenes; schools of all sides support it."""
        with self.visitor(tenant.people["staff"]) as staff:
            tenant.sig = staff.want("POST", "/sigs", sig(tenant.school), 201)["id"]
        for window in self.windows:
            with self.visitor(window) as supporter:
                supporter.want("POST", f"/sigs/{tenant.sig}/supporters/{window.school}")
        with self.visitor(self.network["center"]) as center:
            center.want(
                "POST",
                f"/sigs/{tenant.sig}/charter",
                {"until": (SOON + timedelta(days=300)).date().isoformat()},
            )

    def strangers(self, tenant: Tenant) -> Iterator[Person | None]:
        """Nobody, and the people of the other school."""
        yield None
        for other in self.tenants:
            if other is not tenant:
                yield from other.people.values()

    def treasure(self, tenant: Tenant, but_of: Callable[[Document], bool]) -> dict[str, str]:
        """All that is kept of the tenant: the facts of its streams, and what the gateway has besides the read model.

        `but_of` says what does not count. Place -> content.
        """
        mine = {
            tenant.school,
            tenant.draft,
            tenant.published,
            tenant.sig,
            *(one.id for one in tenant.people.values()),
        }
        with MongoClient[Document](self.stack.store.uri_for("admin"), tz_aware=True) as client:
            kept = dict(_facts(client, mine))
            names = [
                name
                for name in client["gateway"].list_collection_names()
                if not name.startswith((*READ_MODEL, "system.")) and name not in EPHEMERAL
            ]
            for name in names:
                for document in client["gateway"][name].find():
                    kept[f"{name} {document['_id']}"] = json.dumps(document, default=str, sort_keys=True)
        return {
            place: content
            for place, content in kept.items()
            if any(word in content for word in mine) and not but_of(json.loads(content))
        }


def activity(school: str, title: str) -> Document:
    """One of the school's that one can register for."""
    return {
        "kind": "workshop",
        "host": school,
        "title": {"zh": title, "en": ""},
        "summary": {"zh": "摘要", "en": ""},
        "venue": None,
        "theme": None,
        "starts_at": SOON.isoformat(),
        "ends_at": (SOON + timedelta(hours=3)).isoformat(),
        "pools": {"onsite": 50},
        "waiting_limit": 5,
    }


def sig(title: str) -> Document:
    """One that anybody may join."""
    words = {"zh": title, "en": ""}
    return {"title": words, "theme": "other", "goals": words, "scope": words, "joining": "open"}


def _facts(client: MongoClient[Document], mine: set[str]) -> Iterator[tuple[str, str]]:
    for service in ("registration", "directory"):
        for commit in client[service]["commits"].find():
            if commit["stream"].partition(":")[2] in mine:
                for number, fact in enumerate(commit.get("facts", [])):
                    whole = {"stream": commit["stream"], **fact}
                    yield f"{commit['_id']}.{number}", json.dumps(whole, default=str, sort_keys=True)


def _tenant(school: str) -> Tenant:
    return Tenant(school, {role: _person(f"{school}-{role}", school, role) for role in OF_SCHOOL})


def _person(id: str, school: str, role: str) -> Person:
    return Person(id, "Lin", f"{id}@school.example", "en", school, frozenset({"staff", role}))


def _school(id: str) -> Document:
    profile = {"county": "yilan", "ror": None, "moe_code": None, "website": None}
    return {"id": id, "name": {"zh": f"大學 {id}", "en": ""}, **profile}
