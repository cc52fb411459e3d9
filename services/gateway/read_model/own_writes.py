"""The facts of this process's own answers in the read model, before anybody hears of them."""

from __future__ import annotations

import asyncio

from pymongo.asynchronous.database import AsyncDatabase

from gateway.read_model.facts import puts
from gateway.read_model.following import Following
from gateway.read_model.queries import Queries
from gateway.storage import ACTIVITIES, READ_MODEL, Document
from gongxue_chassis.projection import AsyncFacets, Put
from gongxue_contracts.envelope import CloudEvent

_SEATS = frozenset({"seats"})
_MAKES_ROOM = "registration.registration_cancelled.v1"


class OwnWrites:
    """The worker will come to the same; this is only so that one reads one's own writes."""

    def __init__(
        self, database: AsyncDatabase[Document], queries: Queries, following: Following | None = None
    ) -> None:
        self._following = following or Following(database)
        self._facets: dict[str, dict[str, AsyncFacets]] = {}
        self._queries = queries

    async def apply(self, facts: list[CloudEvent]) -> None:
        """Write what is new, one bulk a collection of each generation. Raises PyMongoError when the store is away.

        An activity of which only the seats are different is not written: this process remembers them, and the worker
        writes them once for the many who register meanwhile. Room that was made is written all the same: at every
        door it shall be seen from the moment at which anybody is told of it.
        """
        generations = self._generations()
        written: dict[tuple[str, str], set[str]] = {}
        with_room = {fact.data["activity"] for fact in facts if fact.type == _MAKES_ROOM}
        for (collection, id), changes in _by_document(facts).items():
            if collection == ACTIVITIES and changes.keys() == _SEATS:
                newest = changes["seats"]
                self._queries.note_seats(id, newest.sequence, newest.fields["seats"])
                if id not in with_room:
                    continue
            written[collection, id] = set(changes)
            for facets_of in generations:
                for put in changes.values():
                    facets_of[collection].put(id, put.facet, put.sequence, put.fields, starts=put.starts)
        touched = {collection for collection, _ in written}
        try:
            await asyncio.gather(
                *(facets_of[collection].flush() for facets_of in generations for collection in touched)
            )
        finally:
            for (collection, id), facets in written.items():
                self._queries.forget(collection, id, facets)

    def _generations(self) -> list[dict[str, AsyncFacets]]:
        """What gathers writes, for each generation that is fed now."""
        self._facets = {
            generation: self._facets.get(generation)
            or {name: AsyncFacets(self._following.collection(name, generation)) for name in READ_MODEL}
            for generation in self._following.fed
        }
        return list(self._facets.values())


def _by_document(facts: list[CloudEvent]) -> dict[tuple[str, str], dict[str, Put]]:
    """What the facts say, by collection and id, of each facet the newest."""
    found: dict[tuple[str, str], dict[str, Put]] = {}
    for put in puts(facts):
        facets = found.setdefault((put.collection, put.id), {})
        if put.facet not in facets or facets[put.facet].sequence < put.sequence:
            facets[put.facet] = put
    return found
