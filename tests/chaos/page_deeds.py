"""Every page, asked for by somebody of somebody's: for the walls between schools."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from chaos.tenants import Tenant
from toys.page_routes import PAGES, Page

from gateway.access import permissions
from gateway.actions import Person
from gateway.problems import Problem, describe

REFUSED = {401, 403, 404}
LOCKS = ("wrong_school", "not_a_host", "not_the_center", "not_yours_to_grant")
"""The services' own refusals, which a page says in words."""
SAMPLES = {
    "export": "0" * 32,
    "secret": "x" * 32,
    "kind": "workshop",
    "code": "forbidden",
    "name": "page.css",
}
"""Of parameters that are nothing of a tenant's."""
BY_ANYBODY = {("POST", "/sign-in")}
"""On one's own machine alone, it lets anybody be anybody."""


@dataclass(frozen=True)
class PageDeed:
    """A page of the table, asked for with something of a tenant's."""

    method: str
    route: str
    address: str
    form: Mapping[str, str]
    page: Page
    target: Tenant
    draft: bool

    @property
    def name(self) -> str:
        return f"{self.method} {self.route} {'draft of ' if self.draft else ''}{self.target.school}"

    @property
    def outdates(self) -> bool:
        """Whether who asks may be somebody else afterwards, or read another language."""
        return self.method != "GET" and self.route.startswith(("/me", "/sign", "/language", "/welcome"))

    @property
    def is_gated(self) -> bool:
        """Whether it is for some and not for others."""
        return self.draft or any(not permissions.is_public(gate) for gate in self.page.gates)

    @property
    def forbidden_words(self) -> list[str]:
        """What of the tenant's nobody else may be shown; whose addresses its mails go to, the way in says."""
        words = self.target.secrets
        return [one for one in words if not (self.page.why and one.startswith("domain-"))]

    def may(self, actor: Person | None) -> bool:
        """What the table says."""
        target = self.target
        if self.draft and permissions.allowed(actor, "read_draft", school=target.school) is None:
            return False
        if not self.page.gates:
            return True
        if self._is_of_target():
            school: str | None = target.school
            owner: str | None = target.people["staff"].id
        else:
            school, owner = (actor.school, actor.id) if actor else (None, None)
        return any(permissions.allowed(actor, gate, school=school, owner=owner) for gate in self.page.gates)

    def wrong(self, actor: Person | None, status: int, location: str, content: str) -> str | None:
        """What is wrong with an answer by the table, if anything."""
        asked_to_sign_in = status == 303 and location.startswith("/sign-in?return=")
        if any(words in content for words in _LOCK_WORDS):
            return "came through the door"
        if self.page.leads or self.page.why:
            return None if status < 500 else f"failed: {status}"
        if not self.may(actor):
            return None if status in REFUSED or asked_to_sign_in else f"not refused: {status}"
        return f"refused: {status}" if status in (401, 403) or asked_to_sign_in else None

    def _is_of_target(self) -> bool:
        named = (self.route, self.page.query, *self.page.form.values())
        return not self.page.own and any("{" in one for one in named)


_LOCK_WORDS = [describe(Problem(code), "en").detail for code in LOCKS]


def page_deeds(target: Tenant) -> Iterator[PageDeed]:
    """Every page with what it needs of the tenant's, those of activities with a published one and a draft."""
    for (method, route), page in PAGES.items():
        if (method, route) in BY_ANYBODY:
            continue
        for draft in (False, True) if "{activity}" in route else (False,):
            named = _named(target, draft)
            query = f"?{_filled(page.query, named)}" if page.query else ""
            form = {name: _filled(value, named) for name, value in page.form.items()}
            yield PageDeed(method, route, quote(_filled(route, named)) + query, form, page, target, draft)


def _named(target: Tenant, draft: bool) -> Mapping[str, str]:
    return {
        **SAMPLES,
        "activity": target.draft if draft else target.published,
        "registration": target.registration,
        "school": target.school,
        "scope": target.school,
        "person": target.people["staff"].id,
        "role": "host",
        "session": target.session,
        "sig": target.sig,
        "token": target.own_token,
    }


def _filled(text: str, named: Mapping[str, str]) -> str:
    return re.sub(r"{(\w+)}", lambda found: named[found[1]], text)
