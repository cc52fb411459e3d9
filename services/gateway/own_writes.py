"""The facts of this process's own answers in the read model, before anybody hears of them."""

from __future__ import annotations

import asyncio

from pymongo.asynchronous.database import AsyncDatabase

from gateway.queries import Queries
from gateway.read_model import puts
from gateway.storage import ACTIVITIES, REGISTRATIONS, SCHOOLS, Document
from gongxue_chassis.projection import AsyncFacets
from gongxue_contracts.envelope import CloudEvent


class OwnWrites:
    """The worker will come to the same; this is only so that one reads one's own writes."""

    def __init__(self, database: AsyncDatabase[Document], queries: Queries) -> None:
        self._facets = {name: AsyncFacets(database[name]) for name in (ACTIVITIES, REGISTRATIONS, SCHOOLS)}
        self._queries = queries

    async def apply(self, facts: list[CloudEvent]) -> None:
        """Write what is new, one bulk a collection. Raises PyMongoError when the store is away."""
        changed: dict[tuple[str, str], set[str]] = {}
        for put in puts(facts):
            self._facets[put.collection].put(put.id, put.facet, put.sequence, put.fields, starts=put.starts)
            changed.setdefault((put.collection, put.id), set()).add(put.facet)
        touched = {collection for collection, _ in changed}
        try:
            await asyncio.gather(*(self._facets[collection].flush() for collection in touched))
        finally:
            for (collection, id), facets in changed.items():
                self._queries.forget(collection, id, facets)
