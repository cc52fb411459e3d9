"""People: who they are and how to reach them, in documents that can be erased.

    {"_id": "lin-yating", "name", "email", "language", "school", "roles": ["staff"], "version": 3, "untold": True,
     "kept": datetime}

`untold` is the outbox: a new version is told to our other services as a contact card, then the mark is
taken away. What a crash leaves marked is told by the worker.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from gateway.actions import Person
from gateway.personal.tombstones import PersonErased, is_erased
from gateway.storage import PEOPLE, Document
from gongxue_contracts import catalogue
from gongxue_contracts.envelope import CloudEvent

CONTACT_CARD = "gateway.contact_card.v1"
SOURCE = "/center/gateway"
ATTEMPTS = 10


@dataclass(frozen=True, slots=True)
class Card:
    """A version of what is known of a person."""

    person: Person
    version: int
    untold: bool


Tell = Callable[[CloudEvent], Awaitable[None]]
"""Publishes to `private` and returns when the broker has it. Raises BusUnavailable."""


Outdate = Callable[[str], Awaitable[None]]
"""Called with the id of a person after a change, for what their cookies say of them. Raises PyMongoError."""


class People:
    """The people of this gateway. Raises PyMongoError when the store is away."""

    def __init__(self, database: AsyncDatabase[Document], tell: Tell, outdate: Outdate | None = None) -> None:
        self._database = database
        self._people = database[PEOPLE]
        self._tell = tell
        self._outdate = outdate

    async def card(self, person: str) -> Card | None:
        """What is known of a person."""
        return card_of(await self._people.find_one({"_id": person}))

    async def by_address(self, email: str) -> Card | None:
        """The card of the one person of this mail address; None if there is nobody, or more than one."""
        found = await self._people.find({"email": email}).limit(2).to_list()
        return card_of(found[0]) if len(found) == 1 else None

    async def everyone(self) -> list[Person]:
        """All people in the order of their ids."""
        found = [card_of(document) for document in await self._people.find().to_list()]
        return sorted((card.person for card in found if card), key=lambda person: person.id)

    async def keep(self, person: Person) -> Card:
        """Make this what is known of the person. A change is a new version, still to be told. Raises PersonErased."""
        if await is_erased(self._database, person.id):
            raise PersonErased
        for _ in range(ATTEMPTS):
            known = await self.card(person.id)
            if known and known.person == person:
                return known
            card = Card(person, known.version + 1 if known else 1, untold=True)
            if await self._write(card):
                if known and self._outdate:
                    await self._outdate(person.id)
                return card
        raise RuntimeError(f"{ATTEMPTS} other writers were faster")

    async def keep_words(self, person: Person, name: str | None, language: str | None) -> None:
        """What somebody filled into a form: a new name or language is kept and told before this returns.

        Raises BusUnavailable when it could not be told; it is kept nevertheless.
        """
        if (name or person.name) == person.name and (language or person.language) == person.language:
            return
        card = await self.card(person.id)
        if card is None:
            return
        known = card.person
        card = await self.keep(replace(known, name=name or known.name, language=language or known.language))
        await self.tell(card)

    async def tell(self, card: Card) -> None:
        """Tell our other services of a version that is not told yet. Raises BusUnavailable."""
        if card.untold:
            await self._tell(contact_card(card, datetime.now(UTC)))
            told = {"_id": card.person.id, "version": card.version}
            await self._people.update_one(told, {"$unset": {"untold": ""}})

    async def _write(self, card: Card) -> bool:
        """Whether nobody else has written this version."""
        document = document_of(card) | {"kept": datetime.now(UTC)}
        if card.version == 1:
            try:
                await self._people.insert_one(document)
            except DuplicateKeyError:
                return False
            return True
        before = {"_id": card.person.id, "version": card.version - 1}
        del document["_id"]
        return (await self._people.update_one(before, {"$set": document})).matched_count == 1


def contact_card(card: Card, now: datetime) -> CloudEvent:
    """The message that tells how to reach a person. The version is its number in the stream of the person."""
    person = card.person
    data = {
        "person": person.id,
        "name": person.name,
        "email": person.email,
        "language": person.language,
        "school": person.school,
        "version": card.version,
    }
    stream = f"person:{person.id}"
    return CloudEvent(
        id=f"{stream}@{card.version}.0",
        source=SOURCE,
        type=CONTACT_CARD,
        subject=stream,
        time=now,
        data=catalogue.write(CONTACT_CARD, data),
        sequence=card.version,
    )


def document_of(card: Card) -> Document:
    """A card as it is stored."""
    person = card.person
    return {
        "_id": person.id,
        "name": person.name,
        "email": person.email,
        "language": person.language,
        "school": person.school,
        "roles": sorted(person.roles),
        "version": card.version,
        "untold": card.untold,
    }


def card_of(document: Document | None) -> Card | None:
    """A stored card; None for none."""
    if document is None:
        return None
    return Card(person_of(document), document["version"], bool(document.get("untold")))


def person_of(document: dict[str, Any]) -> Person:
    """A person as stored, or as their own signed cookie holds them."""
    roles: Iterable[str] = document["roles"]
    return Person(
        id=document["_id"],
        name=document["name"],
        email=document["email"],
        language=document["language"],
        school=document["school"],
        roles=frozenset(roles),
    )
