"""Erasures, as pages see them: begun by the person, carried out by the worker (see `erasing`), shown at an address.

    {"_id", "person", "address": SHA-256 of the secret, "asked_at", "why": "asked" | "unused", "number", "school",
     "state": "asked" | "giving_back" | "forgetting" | "done", "given_back": 2, "sigs_left": 1,
     "proposals_withdrawn": 0, "told_at", "tried_at",
     "answered": {"gateway": datetime}, "done_at"}

Only the opaque id is in it; a while after the end even the address is taken out. There is one for a person at most.
"""

from __future__ import annotations

import base64
import hmac
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from pymongo import WriteConcern
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from gateway.storage import ERASED, ERASURES, PEOPLE, Document

SERVICES = ("gateway", "registration", "directory", "notification")
"""All of ours, in the order in which they do their part."""
FORGETTING = ("notification",)
"""Those, besides this one, that have names and addresses to forget, and say that they have.

Registration and directory keep opaque ids alone. They have answered when the read model, which is made of their facts,
shows that nothing of the person stands any more.
"""
STATES = ("asked", "giving_back", "forgetting", "done")
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Erasure:
    """How far it has got. `given_back` registrations were cancelled, `sigs_left` memberships, requests
    and invitations ended, `proposals_withdrawn` proposals of SIGs; `told_at` is when partners were told last.

    `answered` says when a service had done its part. One that is not in it when all is done never gave everything back.
    """

    id: str
    state: str
    why: str
    asked_at: datetime
    done_at: datetime | None
    given_back: int
    told_at: datetime | None = None
    sigs_left: int = 0
    proposals_withdrawn: int = 0
    answered: dict[str, datetime] = field(default_factory=dict)


class Erasures:
    """`key` is the secret of the installation. Raises PyMongoError when the store is away."""

    def __init__(self, database: AsyncDatabase[Document], key: str) -> None:
        self._people = database[PEOPLE]
        kept = database.with_options(write_concern=WriteConcern(w="majority", j=True))
        self._erasures = kept[ERASURES]
        self._erased = kept[ERASED]
        self._key = key.encode()

    async def begin(self, person: str) -> str:
        """Erase the person; the secret of the address that shows how far it has got. From now on nobody can be them."""
        id = erasure_id(person)
        secret = self._secret(id)
        known = await self._people.find_one({"_id": person}) or {}
        begun = begun_erasure(person, known, "asked", datetime.now(UTC)) | {"address": _digest(secret)}
        with suppress(DuplicateKeyError):  # asked for before, and under way
            await self._erasures.insert_one(begun)
        await self._erased.update_one(
            {"_id": person}, {"$setOnInsert": {"at": begun["asked_at"]}}, upsert=True
        )
        return secret

    async def at(self, secret: str) -> Erasure | None:
        """The one that this secret address shows."""
        return _erasure(await self._erasures.find_one({"address": _digest(secret)}))

    async def latest(self) -> list[Erasure]:
        """For operators: those under way and the last ones done, the newest first."""
        found = await self._erasures.find().sort("asked_at", -1).limit(MOST_SHOWN).to_list()
        return [one for one in map(_erasure, found) if one]

    def _secret(self, id: str) -> str:
        mac = hmac.digest(self._key, f"erasure\n{id}".encode(), "sha256")
        return base64.urlsafe_b64encode(mac[:24]).decode()


def erasure_id(person: str) -> str:
    """The name of a person's erasure: an id is never given to anybody else, so there is one at most."""
    return sha256(f"erasure\n{person}".encode()).hexdigest()[:32]


def begun_erasure(person: str, known: Document, why: str, now: datetime) -> dict[str, Any]:
    """The document of one that has just been asked for. `known` is what is kept of the person."""
    id = erasure_id(person)
    return {
        "_id": id,
        "person": person,
        "address": id,
        "asked_at": now,
        "why": why,
        "number": known.get("version", 0) + 1,
        "school": known.get("school"),
        "state": "asked",
        "given_back": 0,
        "answered": {},
    }


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _erasure(document: Document | None) -> Erasure | None:
    if document is None:
        return None
    return Erasure(
        document["_id"],
        document["state"],
        document["why"],
        document["asked_at"],
        document.get("done_at"),
        document["given_back"],
        document.get("told_at"),
        document.get("sigs_left", 0),
        document.get("proposals_withdrawn", 0),
        document["answered"],
    )
