"""Attempts to sign in, from the moment somebody sets out until it is known who they are.

    {"_id": "<hash of the state>", "browser": "<hash of its cookie>", "school", "stage": "asked", "return": "/me",
     "nonce", "verifier", "client", "at", "expires", "person": None, "session": None}

An attempt belongs to the browser in which it began and is used once. When it is proven who somebody is, and there is
something to ask them yet (a first sign-in, the linking of two accounts), it waits in the stage `proven`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase
from starlette.requests import Request
from starlette.responses import Response

from gateway.identity import throttling
from gateway.identity.proofs import Proven
from gateway.identity.sealing import fingerprint, fresh
from gateway.problems import Problem
from gateway.serving import cookies
from gateway.storage import SIGN_IN_ATTEMPTS, Document

LASTS = timedelta(minutes=15)
PER_CLIENT = throttling.Limit(most=300, seconds=900)
"""A whole campus may come from one address, on the morning when an activity opens."""


def cookie_name(secure: bool) -> str:
    """Of the browser that signs in."""
    return "__Host-sign-in" if secure else "sign-in"


@dataclass(frozen=True, slots=True)
class Start:
    """What somebody wants. `person` and `session` are whose account another is to be linked to."""

    school: str
    back: str
    client: str
    person: str | None = None
    session: str | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt; `nonce` and `verifier` are for the provider."""

    id: str
    school: str
    back: str
    nonce: str
    verifier: str
    person: str | None
    session: str | None
    proven: Proven | None = None

    @property
    def links(self) -> bool:
        """Whether it is for linking two accounts."""
        return self.person is not None


class Attempts:
    """Raises PyMongoError when the store is away."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._attempts = database[SIGN_IN_ATTEMPTS]

    async def begin(self, start: Start, browser: str) -> tuple[Attempt, str]:
        """A new attempt of this browser (the secret of its cookie), and its state. Raises Problem too_many_attempts."""
        state, now = fresh(), datetime.now(UTC)
        document: Document = {
            "_id": fingerprint(state),
            "browser": fingerprint(browser),
            "school": start.school,
            "stage": "asked",
            "return": start.back,
            "nonce": fresh(),
            "verifier": fresh(),
            "client": start.client,
            "person": start.person,
            "session": start.session,
            "at": now,
            "expires": now + LASTS,
        }
        await throttling.keep(self._attempts, document, {"client": PER_CLIENT})
        return _attempt(document), state

    async def use(self, state: str, school: str, browser: str | None) -> Attempt:
        """The attempt of this state, used from now on.

        Raises Problem: sign_in_expired, sign_in_other_browser, sign_in_used.
        """
        return await self.use_by_id(fingerprint(state), school, browser)

    async def use_by_id(self, id: str, school: str, browser: str | None) -> Attempt:
        """The same, for who has proved to know it in another way."""
        found = await self._attempts.find_one({"_id": id})
        if found is None or found["school"] != school or found["expires"] <= datetime.now(UTC):
            raise Problem("sign_in_expired")
        _check_browser(found, browser)
        used = await self._attempts.update_one({"_id": id, "stage": "asked"}, {"$set": {"stage": "used"}})
        if used.matched_count != 1:
            raise Problem("sign_in_used")
        return _attempt(found)

    async def check(self, id: str, browser: str | None) -> None:
        """Raises Problem as `use` does; the attempt stays unused."""
        found = await self._attempts.find_one({"_id": id})
        if found is None or found["expires"] <= datetime.now(UTC):
            raise Problem("sign_in_expired")
        _check_browser(found, browser)

    async def wait(self, attempt: Attempt, proven: Proven) -> None:
        """It is known who it is; there is something to ask them yet."""
        now = datetime.now(UTC)
        told = {"stage": "proven", "proven": asdict(proven), "expires": now + LASTS}
        await self._attempts.update_one({"_id": attempt.id, "stage": "used"}, {"$set": told})

    async def waiting(self, id: str, browser: str | None) -> Attempt:
        """A proven attempt that waits for an answer. Raises Problem: sign_in_expired, sign_in_other_browser."""
        found = await self._attempts.find_one({"_id": id})
        if found is None or found["stage"] != "proven" or found["expires"] <= datetime.now(UTC):
            raise Problem("sign_in_expired")
        _check_browser(found, browser)
        return _attempt(found)

    async def end(self, attempt: Attempt) -> None:
        """The answer was given. Raises Problem sign_in_used if it was given before."""
        if (await self._attempts.delete_one({"_id": attempt.id, "stage": "proven"})).deleted_count != 1:
            raise Problem("sign_in_used")


def browser_of(request: Request) -> str | None:
    """The secret that this browser got when it first set out."""
    return request.cookies.get(cookie_name(request.app.state.settings.secure))


def mark_browser(request: Request, response: Response, secret: str) -> None:
    """Have the browser keep its secret for as long as an attempt lasts."""
    name = cookie_name(request.app.state.settings.secure)
    cookies.keep(request, response, name, secret, 2 * int(LASTS.total_seconds()))


def _check_browser(found: Mapping[str, Any], browser: str | None) -> None:
    if browser is None or found["browser"] != fingerprint(browser):
        raise Problem("sign_in_other_browser")


def _attempt(found: Document) -> Attempt:
    proven = found.get("proven")
    return Attempt(
        id=found["_id"],
        school=found["school"],
        back=found["return"],
        nonce=found["nonce"],
        verifier=found["verifier"],
        person=found["person"],
        session=found["session"],
        proven=Proven(**proven) if proven else None,
    )
