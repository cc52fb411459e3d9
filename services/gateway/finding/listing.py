"""All listed activities in memory, for searching: read anew at most once a second, and only when somebody looks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from gateway.finding.search import Entry, entry
from gateway.read_model.documents import Activity, School
from gateway.read_model.standings import Standing
from gateway.storage import Document

MOST_OF_THE_TIME = 20
"""Reading takes at most one in so many seconds, however many activities there are."""
AT_A_STRETCH = 100
"""Documents, before others get their turn."""

Read = Callable[[], Awaitable[list[Document]]]
Understand = Callable[[Document], Activity | None]


class Listing:
    """The entries by id and in the order of time.

    An entry whose document has not changed stays the very same object, and so does its activity: pages that are
    made of it stay as they are.
    """

    def __init__(self, read: Read, understand: Understand) -> None:
        self._read = read
        self._understand = understand
        self._written: dict[str, object] = {}
        self._entries: dict[str, Entry] = {}
        self._order: list[str] = []
        self._noted: dict[str, Standing] = {}
        self._hosts: Mapping[str, School] = {}
        self._not_before = 0.0
        self._reading = asyncio.Lock()

    async def refresh(self, schools: Sequence[School]) -> None:
        """Read again, unless the last time took so long that it is too early. Raises PyMongoError."""
        async with self._reading:
            await self._refresh(schools)

    async def _refresh(self, schools: Sequence[School]) -> None:
        clock = asyncio.get_running_loop().time
        begun = clock()
        if begun < self._not_before:
            return
        hosts = {school["id"]: school for school in schools}
        if hosts != self._hosts:
            self._hosts, self._written = hosts, {}
        self._noted.clear()
        self._not_before = begun  # so that a hurry from now on is not forgotten
        await self._replace(await self._read())
        if self._not_before:
            self._not_before = clock() + (clock() - begun) * MOST_OF_THE_TIME

    def hurry(self) -> None:
        """Something has changed here: the next refresh reads."""
        self._not_before = 0.0

    def forget(self) -> None:
        """The next refresh makes every entry anew."""
        self._written = {}
        self.hurry()

    def note_seats(self, activity: str, standing: Standing) -> None:
        """Newer than what was read."""
        self._noted[activity] = standing
        known = self._entries.get(activity)
        if known is not None:
            self._entries[activity] = replace(known, activity={**known.activity, "seats": standing})

    def entries(self) -> list[Entry]:
        """All of them, in the order of time."""
        return [self._entries[id] for id in self._order]

    def items(self, ids: Sequence[str]) -> list[Activity]:
        """The activities of these ids as they are known now; without those that are gone."""
        return [found.activity for id in ids if (found := self._entries.get(id))]

    async def _replace(self, documents: Sequence[Document]) -> None:
        entries: dict[str, Entry] = {}
        written: dict[str, object] = {}
        for number, document in enumerate(documents):
            id, version = document["_id"], document.get("v")
            known = self._entries.get(id)
            if known is None or version is None or self._written.get(id) != version:
                activity = self._understand(document)
                if activity is None:
                    continue
                known = entry(activity, self._hosts.get(activity["host"]))
            entries[id], written[id] = known, version
            if number % AT_A_STRETCH == 0:
                await asyncio.sleep(0)
        self._entries, self._written = entries, written
        self._order = sorted(entries, key=lambda id: entries[id].sort)
        for id, standing in self._noted.copy().items():
            self.note_seats(id, standing)
