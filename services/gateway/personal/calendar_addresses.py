"""The secret address of a person's calendar: whoever has it reads it, nobody guesses it, its person takes it away.

    {"_id": SHA-256 of the secret, "person", "seed", "made_at"}

The secret follows from the seed and the key of this installation: so it can be shown to its person again, and whoever
reads the store alone has none.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from gateway.storage import CALENDARS, Document

SECRET_BYTES = 24


class CalendarAddresses:
    """`key` is the secret of the installation. Raises PyMongoError when the store is away."""

    def __init__(self, database: AsyncDatabase[Document], key: str) -> None:
        self._calendars = database[CALENDARS]
        self._key = key.encode()

    async def secret_of(self, person: str) -> str | None:
        """The secret of the person's address, None if they have none or it was made with another key."""
        found = await self._calendars.find_one({"person": person})
        if found is None:
            return None
        secret = self._secret(person, found["seed"])
        return secret if _id(secret) == found["_id"] else None

    async def renew(self, person: str) -> str:
        """Give the person an address; one they had is good for nothing from now on."""
        await self.revoke(person)
        seed = secrets.token_hex(16)
        secret = self._secret(person, seed)
        made: dict[str, Any] = {
            "_id": _id(secret),
            "person": person,
            "seed": seed,
            "made_at": datetime.now(UTC),
        }
        with suppress(DuplicateKeyError):  # renewed twice at once: the other one counts
            await self._calendars.insert_one(made)
            return secret
        return await self.secret_of(person) or await self.renew(person)

    async def revoke(self, person: str) -> None:
        """Let their address be good for nothing."""
        await self._calendars.delete_many({"person": person})

    async def person_of(self, secret: str) -> str | None:
        """Whose address it is."""
        found = await self._calendars.find_one({"_id": _id(secret)})
        return found["person"] if found else None

    def _secret(self, person: str, seed: str) -> str:
        mac = hmac.digest(self._key, f"calendar\n{person}\n{seed}".encode(), "sha256")
        return base64.urlsafe_b64encode(mac[:SECRET_BYTES]).decode()


def _id(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
