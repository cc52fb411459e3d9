"""Tokens with which programs act for a person, or for a school.

    {"_id": sha256 of the secret, "id": "t3f…", "kind": "personal" | "school", "person", "school",
     "scopes": ["read"], "name", "created", "expires", "used": datetime | None, "revoked": datetime | None}

The secret is told once, to whoever made the token, and is not kept. It follows from the maker's idempotency key, so
that a lost answer can be asked for again for some minutes. A token acts as its person in those of their roles that it
has the scopes of: whoever loses a role, or is no more, takes that from all their tokens.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError, PyMongoError

from gateway.access import roles
from gateway.actions import Person
from gateway.identity.notices import Notices
from gateway.problems import Problem
from gateway.read_model.micro_cache import MicroCache
from gateway.storage import TOKENS, Document

SCOPES = ("read", "register", "host", "window", "center", "operator")
OF_SCHOOLS = ("read", "host", "window")
"""Nobody registers as a school."""
ROLES_OF_SCOPES = frozenset({"host", "window", "center"})
"""As whom a token may change something: one that watches the installation must not name who runs it."""
MOST = 20
"""Tokens that a person, or a school, may have at a time."""
MOST_DAYS = 366
SHOWN_AGAIN = timedelta(minutes=10)
USED_TO_THE = timedelta(minutes=5)
HELD_SECONDS = 300.0
"""For so long a token that was found is not looked for again, unless a notice says that it is to be."""
FRESH_SECONDS = 1.0
"""However many requests show the same token, it is looked for once in so long."""
MOST_HELD = 5_000

_is_secret = re.compile(r"gx_[A-Za-z0-9_-]{43}").fullmatch
_log = logging.getLogger(__name__)

LookUp = Callable[[str], Awaitable[Person | None]]


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token, without its secret. `scopes` in the order of `SCOPES`."""

    id: str
    kind: str
    person: str
    school: str
    scopes: tuple[str, ...]
    name: str
    created: datetime
    expires: datetime
    used: datetime | None = None
    revoked: datetime | None = None


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whoever shows a token: its person, in the roles that it lets them act in."""

    token: Token
    person: Person


@dataclass(frozen=True, slots=True)
class Wish:
    """A token that somebody wants. `days` is for how long."""

    name: str
    scopes: Sequence[str]
    days: int


class Tokens:
    """`request.app.state.tokens`. `look_up` says who a person is now. Raises PyMongoError when the store is away.

    A token that is good costs no look-up, but every five minutes and when a day begins, as roles do. Revoking one
    writes a notice, as everything does that changes what a person may do: within two seconds it is looked for again at
    every process.
    """

    def __init__(
        self, database: AsyncDatabase[Document], secret: str, look_up: LookUp, notices: Notices
    ) -> None:
        self._tokens = database[TOKENS]
        self._secret = secret.encode()
        self._look_up = look_up
        self._notices = notices
        self._held: dict[str, tuple[Bearer, float]] = {}
        self._cache = MicroCache(FRESH_SECONDS)

    async def make(
        self, person: Person, wish: Wish, key: str, school: str | None = None
    ) -> tuple[Token, str]:
        """A new token and its secret; `school` for one of a school.

        The same wish under the same key gets them again, for ten minutes. Raises Problem: too_many_tokens,
        idempotency_key_reused.
        """
        secret = self._secret_of(person.id, school, key)
        now = datetime.now(UTC).replace(microsecond=0)
        token = Token(
            id=f"t{_hash(secret)[:20]}",
            kind="school" if school else "personal",
            person=person.id,
            school=school or person.school,
            scopes=tuple(scope for scope in SCOPES if scope in wish.scopes),
            name=wish.name,
            created=now,
            expires=now + timedelta(days=wish.days),
        )
        known = await self._tokens.find_one({"_id": _hash(secret)})
        if known is None:
            if len(await self.of(person.id, school)) >= MOST:
                raise Problem("too_many_tokens")
            try:
                await self._tokens.insert_one({"_id": _hash(secret), **_document(token)})
                return token, secret
            except DuplicateKeyError:
                known = await self._tokens.find_one({"_id": _hash(secret)})
        return _again(known, token), secret

    async def of(self, person: str, school: str | None = None) -> list[Token]:
        """The personal tokens of a person, or those of a school; the latest first, without revoked and expired ones."""
        found = [_token(document) for document in await self._tokens.find(_owner(person, school)).to_list()]
        now = datetime.now(UTC)
        good = [token for token in found if token.revoked is None and token.expires > now]
        return sorted(good, key=lambda token: (token.created, token.id), reverse=True)

    async def revoke(self, token: str, *, person: str, school: str | None = None) -> None:
        """Never again. Raises Problem unknown_token if the person, or the school, never had such a token."""
        known = await self._tokens.find(_owner(person, school)).to_list()
        digest = next((document["_id"] for document in known if document["id"] == token), None)
        if digest is None:
            raise Problem("unknown_token")
        await self._tokens.update_one({"_id": digest}, {"$set": {"revoked": datetime.now(UTC)}})
        self._held.pop(digest, None)
        self._cache.drop(digest)
        await self._notices.mark_stale(session=token)

    async def bearer(self, secret: str) -> Bearer | None:
        """Whose token that is; None if it is none that is good now."""
        if not _is_secret(secret):
            return None
        digest = _hash(secret)
        found = self._known(digest)
        if found is None:
            found, began = await self._cache.get(digest, lambda: self._found(digest))
            self._hold(digest, found, began)
        return found if found and found.token.expires > datetime.now(UTC) else None

    def _known(self, digest: str) -> Bearer | None:
        held, at = self._held.get(digest, (None, 0.0))
        now = time.time()
        if held is None or at < now - HELD_SECONDS or roles.another_day(at, now):
            return None
        return None if self._notices.is_stale(held.token.id, held.token.person, at) else held

    def _hold(self, digest: str, found: Bearer | None, at: float) -> None:
        if found is None:
            self._held.pop(digest, None)
            return
        if len(self._held) >= MOST_HELD:
            self._held.clear()
        self._held[digest] = (found, at)

    async def _found(self, digest: str) -> tuple[Bearer | None, float]:
        """Whose it is, and since when that is known."""
        began = time.time()
        return await self._looked_up(digest), began

    async def _looked_up(self, digest: str) -> Bearer | None:
        document = await self._tokens.find_one({"_id": digest})
        token = _token(document) if document else None
        if token is None or token.revoked is not None:
            return None
        person = await self._look_up(token.person)
        if person is None:
            return None
        await self._note_use(digest, token)
        return Bearer(token, replace(person, roles=person.roles & {"staff", *token.scopes}))

    async def _note_use(self, digest: str, token: Token) -> None:
        now = datetime.now(UTC)
        if token.used and token.used > now - USED_TO_THE:
            return
        try:
            await self._tokens.update_one({"_id": digest}, {"$set": {"used": now}})
        except PyMongoError as error:
            _log.warning("not noted that a token is used: %s", error)

    def _secret_of(self, person: str, school: str | None, key: str) -> str:
        wish = f"token\n{person}\n{school or ''}\n{key}".encode()
        made = hmac.digest(self._secret, wish, hashlib.sha256)
        return "gx_" + base64.urlsafe_b64encode(made).decode().rstrip("=")


def _owner(person: str, school: str | None) -> Document:
    return {"school": school, "kind": "school"} if school else {"person": person, "kind": "personal"}


def _again(known: Document | None, wanted: Token) -> Token:
    """The token that was made before, if it was the same wish. Raises Problem idempotency_key_reused."""
    token = _token(known) if known else None
    same = token and (token.name, token.scopes) == (wanted.name, wanted.scopes)
    if token is None or not same or token.revoked or token.created < wanted.created - SHOWN_AGAIN:
        raise Problem("idempotency_key_reused")
    return token


def _hash(secret: str) -> str:
    """Of 256 bits that nobody can guess: a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _document(token: Token) -> dict[str, Any]:
    return {
        "id": token.id,
        "kind": token.kind,
        "person": token.person,
        "school": token.school,
        "scopes": list(token.scopes),
        "name": token.name,
        "created": token.created,
        "expires": token.expires,
        "used": token.used,
        "revoked": token.revoked,
    }


def _token(document: Document) -> Token:
    known = {name: document.get(name) for name in Token.__slots__}
    return Token(**known | {"scopes": tuple(document["scopes"])})
