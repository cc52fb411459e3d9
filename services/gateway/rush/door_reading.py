"""What the door reads: the read model, and the commands that are kept."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from gateway.commanding.command_status import CommandStatuses
from gateway.read_model.documents import Activity
from gateway.read_model.queries import Queries


class DoorReading:
    """See `door.Known`."""

    def __init__(self, queries: Queries, statuses: CommandStatuses) -> None:
        self._queries = queries
        self._statuses = statuses

    async def activity(self, activity: str) -> Activity | None:
        """As it was a moment ago; None while the read model is so old that pages say so."""
        if self._queries.tidings.as_of is not None:
            return None
        return await self._queries.activity(activity)

    async def activity_now(self, activity: str) -> Activity | None:
        """As it is."""
        return await self._queries.activity_now(activity)

    async def maybe_decided(self, activity: str, wishes: Mapping[str, str]) -> set[str]:
        """Of these commands (command -> person) those that are kept, made a registration, or are of who has one."""
        registered, kept = await asyncio.gather(
            self._queries.registrations_among(activity, wishes.values()), self._statuses.kept(wishes.keys())
        )
        holders = {one.person for one in registered if one.stands}
        ids = kept | {one.registration for one in registered}
        return {command for command, person in wishes.items() if command in ids or person in holders}
