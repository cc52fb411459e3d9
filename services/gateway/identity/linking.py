"""Who is who: each (issuer, sub) is one person, and a person may have several.

    {"_id": "<sha256 of issuer, newline, sub>", "issuer", "sub", "person": "p0123…", "linked_at", "formerly": None}

Two accounts become one only when somebody is signed in to the one, signs in to the other, and says so.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from pymongo import WriteConcern
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from gateway.identity.proofs import Proven
from gateway.problems import Problem
from gateway.storage import IDENTITIES, Document

ON_DISK = WriteConcern(w="majority", j=True)


@dataclass(frozen=True, slots=True)
class Linked:
    """One way in which a person comes in. `formerly`: whom it stood for before two accounts became one."""

    id: str
    issuer: str
    sub: str
    person: str
    linked_at: datetime
    formerly: str | None = None


class Identities:
    """Raises PyMongoError when the store is away."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._identities = database.get_collection(IDENTITIES, write_concern=ON_DISK)

    async def person(self, proven: Proven) -> str | None:
        """Whom that is; None for somebody new."""
        found = await self._identities.find_one({"_id": name(proven.issuer, proven.sub)})
        return found["person"] if found else None

    async def claim(self, proven: Proven, person: str) -> str:
        """Who that is from now on: this person, or who it was before."""
        document = {
            "_id": name(proven.issuer, proven.sub),
            "issuer": proven.issuer,
            "sub": proven.sub,
            "person": person,
            "linked_at": datetime.now(UTC),
            "formerly": None,
        }
        try:
            await self._identities.insert_one(document)
        except DuplicateKeyError:
            return await self.person(proven) or person
        return person

    async def link(self, proven: Proven, person: str, other: str | None) -> None:
        """Let this way in lead to the person, which led to `other` or to nobody. Raises Problem link_changed."""
        if other is None:
            if await self.claim(proven, person) != person:
                raise Problem("link_changed")
            return
        moved = await self._identities.update_one(
            {"_id": name(proven.issuer, proven.sub), "person": other},
            {"$set": {"person": person, "formerly": other, "linked_at": datetime.now(UTC)}},
        )
        if moved.matched_count != 1:
            raise Problem("link_changed")

    async def of(self, person: str) -> list[Linked]:
        """The ways in which a person comes in, the oldest first."""
        found = await self._identities.find({"person": person}).to_list()
        ways = [
            Linked(one["_id"], one["issuer"], one["sub"], person, one["linked_at"], one["formerly"])
            for one in found
        ]
        return sorted(ways, key=lambda way: way.linked_at)

    async def remove(self, person: str, way: str) -> None:
        """One way less. Raises Problem: not_found, last_way."""
        ways = await self.of(person)
        if way not in {one.id for one in ways}:
            raise Problem("not_found")
        if len(ways) == 1:
            raise Problem("last_way")
        await self._identities.delete_one({"_id": way, "person": person})


def name(issuer: str, sub: str) -> str:
    """The id of an identity."""
    return hashlib.sha256(f"{issuer}\n{sub}".encode("utf-8", "surrogatepass")).hexdigest()


def new_person() -> str:
    """An id that says nothing of whose it is."""
    return f"p{secrets.token_hex(10)}"
