"""Consents: what somebody has agreed to or taken back, when, and to which words.

    {"_id": "<person>/photos", "person", "purpose": "photos", "given": True, "at", "wording": "2026-11",
     "history": [{"given", "at", "wording"}]}

What nobody was asked has no document; it counts as not given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from pymongo.asynchronous.database import AsyncDatabase

from gateway.personal.purposes import OPTIONAL
from gateway.personal.tombstones import PersonErased, is_erased
from gateway.storage import CONSENTS, Document


@dataclass(frozen=True, slots=True)
class Consent:
    """Whether it is given, since when, and to which wording. Someone who was never asked has none."""

    given: bool
    at: datetime
    wording: str


class Consents:
    """The consents of people. Raises PyMongoError when the store is away."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._database = database
        self._consents = database[CONSENTS]

    async def of(self, person: str) -> Mapping[str, Consent]:
        """By purpose, what the person has said last."""
        found = await self._consents.find({"person": person}).to_list()
        return {one["purpose"]: Consent(one["given"], one["at"], one["wording"]) for one in found}

    async def say(self, person: str, given: Mapping[str, bool]) -> None:
        """Keep what the person says now of each optional purpose. Saying the same again is not kept a second time.

        Raises PersonErased.
        """
        if await is_erased(self._database, person):
            raise PersonErased
        known = await self.of(person)
        now = datetime.now(UTC)
        for purpose in OPTIONAL:
            said = given.get(purpose.id, False)
            before = known.get(purpose.id)
            if before is None and not said:
                continue
            if before and before.given == said and (before.wording == purpose.wording or not said):
                continue
            act = {"given": said, "at": now, "wording": purpose.wording}
            await self._consents.update_one(
                {"_id": f"{person}/{purpose.id}"},
                {"$set": {"person": person, "purpose": purpose.id, **act}, "$push": {"history": act}},
                upsert=True,
            )
