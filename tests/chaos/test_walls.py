"""R8: whatever API and pages offer, asked by everybody of everybody's: nobody sees or changes what is another school's.

The requests are made of the API's own description and of the list of all pages (`toys.page_routes`, which a test holds
against the routes), so that an operation or a page that is new is tried as well. Two judges look
at each answer. One knows nothing of permissions: each school has words that only it may be shown, and what is kept of
a school must not change by what people of another one ask. The other is the table of permissions: whom it does not
let do something is refused at the door, and whom it does is not.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from bench.bars import Bar, Form
from chaos.page_deeds import PageDeed, page_deeds
from chaos.tenants import Document, Tenant, World, activity
from toys.page_routes import PAGES
from toys.visitors import Visitor

from gateway.access import permissions
from gateway.actions import Person
from gateway.api.bodies import PREFIX
from onemachine.services import Settings
from onemachine.stack import Stack

BAR = "R8"
UNLIMITED = {
    "GATEWAY_RATE_LIMIT_ADDRESS": "1000000 per second",
    "GATEWAY_RATE_LIMIT_PERSON": "1000000 per second",
}
OF_DEVELOPMENT = {"list_people", "sign_in"}
"""They let anybody be anybody, on one's own machine alone."""
AT_THE_LOCK = {
    "wrong_school",
    "not_a_host",
    "not_the_center",
    "not_yours",
    "not_yours_to_grant",
    "not_a_window",
    "not_a_convenor",
    "not_the_proposer",
}
"""The services' own refusals: whoever meets one has come through the door."""
REFUSED = {401, 403, 404}
BODIES: dict[str, Document] = {
    "NewName": {"name": {"zh": "新名", "en": ""}},
    "SchoolChanges": {"county": "taichung"},
    "Term": {},
    "SignIn": {"person": ""},
    "NewSignIn": {"issuer": None, "mail_domains": ["other.example"], "mail_links": True},
    "NewConsents": {},
    "NewErasure": {},
}
"""For those without an example in the description. Nobody is erased: everybody is still needed."""


@dataclass(frozen=True)
class Deed:
    """An operation of the description, done to something of a tenant's."""

    operation: str
    method: str
    path: str
    body: Document | None
    target: Tenant
    draft: bool
    particular: bool

    @property
    def name(self) -> str:
        return f"{self.operation} {'draft of ' if self.draft else ''}{self.target.school}"


def deeds(description: Document, target: Tenant) -> Iterator[Deed]:
    """Every operation with what it needs of the tenant's, those on activities with a published one and a draft."""
    for path, methods in description["paths"].items():
        for method, said in methods.items():
            for draft in (False, True) if "{activity}" in path else (False,):
                body = _body(description, said, target)
                where = PREFIX + "".join(
                    _of(target, part[1:-1], path, said, draft) if part.startswith("{") else part
                    for part in re.split(r"({\w+})", path)
                )
                yield Deed(said["operationId"], method.upper(), where, body, target, draft, "{" in path)


def _of(target: Tenant, parameter: str, path: str, said: Document, draft: bool) -> str:
    known = {
        "activity": target.draft if draft else target.published,
        "registration": target.registration,
        "school": target.school,
        "scope": target.school,
        "person": target.people["staff"].id,
        "role": "host",
        "sig": target.sig,
        "command": target.registration,
        "session": target.session,
        "token": target.school_token if path.startswith("/schools/") else target.own_token,
    }
    if parameter in known:
        return known[parameter]
    return next(str(one["example"]) for one in said["parameters"] if one["name"] == parameter)


def _body(description: Document, said: Document, target: Tenant) -> Document | None:
    if "requestBody" not in said:
        return None
    schema = said["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    if schema == "NewActivity":
        return activity(target.school, "somebody else's")
    (found,) = description["components"]["schemas"][schema].get("examples", [BODIES.get(schema)])
    assert found is not None, f"{schema} has no example: give it one, or an entry in BODIES"
    body: Document = _turned_on(found, target)
    return {**body, "id": f"new-{uuid.uuid4().hex[:8]}"} if schema == "NewSchool" else body


def _turned_on(value: Any, target: Tenant) -> Any:
    """The example with the tenant's school and people in it."""
    if isinstance(value, list):
        return [_turned_on(item, target) for item in value]
    if not isinstance(value, dict):
        return value
    whose = {"person": target.people["staff"].id, "host": target.school, "into": target.school}
    return {name: whose.get(name, _turned_on(item, target)) for name, item in value.items()}


@pytest.fixture(scope="module")
def world(new_stack: Callable[..., Stack]) -> World:
    return World(new_stack(Settings(more={"gateway": UNLIMITED})))


class Crowd:
    """Everybody at their browsers."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._visitors: dict[str, Visitor] = {}

    def do(self, actor: Person | None, deed: Deed) -> tuple[int, str]:
        """Status and content of the answer; of what never ends the beginning."""
        http = self._browser(actor)
        asked = {"headers": {"idempotency-key": uuid.uuid4().hex, "accept-language": "en"}, "json": deed.body}
        with http.stream(deed.method, deed.path, **asked) as answer:
            endless = answer.headers.get("content-type", "").startswith("text/event-stream")
            content = next(answer.iter_text(), "") if endless else answer.read().decode()
        if deed.method != "GET" and deed.path.startswith((f"{PREFIX}/me", f"{PREFIX}/session")):
            self._leave(actor)
        return answer.status_code, content

    def look(self, actor: Person | None, deed: PageDeed) -> tuple[int, str, str]:
        """Status, where it leads and content of the page that comes back."""
        own = {"origin": self._world.stack.url, "sec-fetch-site": "same-origin", "accept": "text/html"}
        form = deed.form if deed.method == "POST" else None
        answer = self._browser(actor).request(deed.method, deed.address, data=form, headers=own)
        if deed.outdates:
            self._leave(actor)
        return answer.status_code, answer.headers.get("location", ""), answer.text

    def _browser(self, actor: Person | None) -> httpx.Client:
        who = actor.id if actor else "nobody"
        if who not in self._visitors:
            self._visitors[who] = self._world.visitor(actor)
        return self._visitors[who].http

    def _leave(self, actor: Person | None) -> None:
        """Who they are may be different now: the next time they come anew."""
        self._visitors.pop(actor.id if actor else "nobody").http.close()


def may(actor: Person | None, deed: Deed) -> bool:
    """What the table says."""
    action = deed.operation
    hidden = deed.draft and permissions.allowed(actor, "read_draft", school=deed.target.school) is None
    if hidden:
        return False
    whose = deed.target.people["staff"].id
    owner = whose if deed.particular or actor is None else actor.id
    if permissions.allowed(actor, action, school=deed.target.school, owner=owner) is None:
        return False
    if action in ("grant_role", "revoke_role"):
        return permissions.allowed(actor, "grant_host", school=deed.target.school) is not None
    return True


def wrong(actor: Person | None, deed: Deed, status: int, content: str) -> str | None:
    """What is wrong with an answer by the table, if anything."""
    status, code = _outcome(status, content)
    if code in AT_THE_LOCK:
        return f"came through the door: {code}"
    if not may(actor, deed):
        return None if status in REFUSED else f"not refused: {status}"
    return f"refused: {code}" if status in (401, 403) else None


def _outcome(status: int, content: str) -> tuple[int, str | None]:
    """Status and code; of many wishes in one, of which none was granted, those of the first."""
    told = json.loads(content) if content.startswith("{") else {}
    refused = [
        one["problem"] for one in told.get("items", ()) if isinstance(one, dict) and one.get("problem")
    ]
    if refused and len(refused) == len(told["items"]):
        told, status = refused[0], refused[0]["status"]
    return status, told.get("code") if status >= 400 else None


def registers_themselves(people: set[str]) -> Callable[[Document], bool]:
    """What anybody may do at another school's activity or SIG: take a seat or join for themselves, and leave."""

    def theirs(kept: Document) -> bool:
        of_anybodys = kept.get("stream", "").startswith(("activity:", "sig:"))
        return of_anybodys and (kept["data"].get("person") in people or kept["data"].get("school") in people)

    return theirs


class Judged:
    """What was tried, and what came of it that must not."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self.operations = self.pages = 0
        self.reads: list[str] = []
        self.beside_the_table: list[str] = []

    def try_operation(self, actor: Person | None, deed: Deed, *, stranger: bool) -> None:
        self.operations += 1
        status, content = self._crowd.do(actor, deed)
        secrets = deed.target.secrets if stranger and deed.operation not in OF_DEVELOPMENT else []
        self._note(actor, deed.name, status, content, secrets, wrong(actor, deed, status, content))

    def try_page(self, actor: Person | None, deed: PageDeed, *, stranger: bool) -> None:
        self.pages += 1
        status, leads_to, content = self._crowd.look(actor, deed)
        secrets = deed.forbidden_words if stranger else []
        fault = deed.wrong(actor, status, leads_to, content)
        # That one was at an address says nothing of what is there: it was theirs to know before.
        told = content.replace(deed.address, "").replace(quote(deed.address, safe=""), "")
        self._note(actor, deed.name, status, told, secrets, fault)

    def _note(
        self,
        actor: Person | None,
        deed: str,
        status: int,
        content: str,
        secrets: list[str],
        fault: str | None,
    ) -> None:
        who = actor.id if actor else "nobody"
        if any(one in content for one in secrets):
            self.reads.append(f"{who}: {deed}: {status}")
        if fault:
            self.beside_the_table.append(f"{who}: {deed}: {fault}")


def test_nobody_sees_or_changes_what_is_another_schools(world: World, form: Form, show: list[Bar]) -> None:
    description = httpx.get(f"{world.stack.url}/openapi.json").json()
    judged = Judged(Crowd(world))

    def try_all(actor: Person | None, target: Tenant, *, stranger: bool) -> None:
        for deed in deeds(description, target):
            judged.try_operation(actor, deed, stranger=stranger)
        for page in page_deeds(target):
            if stranger or page.is_gated:
                judged.try_page(actor, page, stranger=stranger)

    changed: list[str] = []
    for target in world.tenants:
        people = {word for one in world.strangers(target) if one for word in (one.id, one.school)}
        before = world.treasure(target, registers_themselves(people))
        for actor in world.strangers(target):
            try_all(actor, target, stranger=True)
        after = world.treasure(target, registers_themselves(people))
        changed += [place for place in before.keys() | after.keys() if before.get(place) != after.get(place)]
    for target in world.tenants:  # last, for those who may do change things
        for actor in (world.network["operator"], *target.people.values(), world.network["center"]):
            try_all(actor, target, stranger=False)
    across = [*judged.reads, *changed, *judged.beside_the_table]
    bar = Bar(
        id=BAR,
        form=form,
        value=len(across),
        unit="reads, writes and answers across the walls",
        goal="0",
        holds=not across,
        detail={
            "operations": sum(len(methods) for methods in description["paths"].values()),
            "pages": len(PAGES),
            "requests": {"of operations": judged.operations, "of pages": judged.pages},
            "read across": judged.reads[:30],
            "changed across": sorted(changed)[:30],
            "answered otherwise than the table says": judged.beside_the_table[:30],
        },
    )
    show.append(bar)
    assert judged.operations > 500
    assert judged.pages > 500
    assert bar.holds, bar.detail
