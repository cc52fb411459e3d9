"""Who is erased: opaque ids alone, kept for ever, so that no late message, no retry and no restored backup undoes it.

{"_id": "p7f3a9c0d5e2b4816a0c1", "at": datetime}
"""

from __future__ import annotations

from pymongo.asynchronous.database import AsyncDatabase

from gateway.problems import Problem
from gateway.storage import ERASED, Document


class PersonErased(Problem):
    """Nothing may be kept about this person any more."""

    def __init__(self) -> None:
        super().__init__("person_erased")


async def is_erased(database: AsyncDatabase[Document], person: str) -> bool:
    """Whether the person is. Raises PyMongoError when the store is away."""
    return await database[ERASED].find_one({"_id": person}) is not None
