"""Facts become the read model: the worker applies them, in blocking calls."""

from __future__ import annotations

from datetime import UTC, datetime

from pymongo.database import Database

from gateway.identity.notices import notice
from gateway.read_model.facts import OF_ROLES, puts
from gateway.read_model.generations import read_pointer
from gateway.read_model.rebuilding import REPLAYED, note_applied, note_done
from gateway.storage import READ_MODEL, STALE, Document
from gongxue_chassis.log.mongo import reachable
from gongxue_chassis.projection import Facets
from gongxue_contracts.envelope import CloudEvent


class ReadModel:
    """Applies facts, however often and in whatever order they come."""

    def __init__(self, database: Database[Document]) -> None:
        self._database = database
        self.in_hand: datetime | None = None
        self.applied: datetime | None = None

    def apply(self, facts: list[CloudEvent]) -> None:
        """Return when what they say is on disk, in every generation. Raises Unavailable when the store is away."""
        times = [fact.time for fact in facts]
        self.in_hand = min(times, default=None)
        with reachable():
            self._write(facts, read_pointer(self._database).fed)
            self._tell_who_has_other_roles(facts)
        self.in_hand = None
        self.applied = max(times, default=self.applied)

    def apply_replayed(self, events: list[CloudEvent]) -> None:
        """The same for facts that are replayed for the next generation, and for word that these were all."""
        facts = [event for event in events if event.type != REPLAYED]
        with reachable():
            pointer = read_pointer(self._database)
            if pointer.next is None:  # left of a rebuild that is done or was begun afresh
                self._write(facts, pointer.fed)
            else:
                self._write(facts, (pointer.next,), new=True)
            note_applied(self._database, pointer, len(facts))
            for event in events:
                if event.type == REPLAYED:
                    note_done(self._database, event.data)

    def _tell_who_has_other_roles(self, facts: list[CloudEvent]) -> None:
        """Now that the read model has them: what cookies say of these people is looked up anew."""
        people = {fact.data["person"] for fact in facts if fact.type in OF_ROLES}
        if people:
            now = datetime.now(UTC)
            self._database[STALE].insert_many([notice(now, person=person) for person in sorted(people)])

    def _write(self, facts: list[CloudEvent], generations: tuple[str, ...], *, new: bool = False) -> None:
        wanted = puts(facts)
        for generation in generations:
            facets = {name: Facets(self._database[f"{name}{generation}"], new=new) for name in READ_MODEL}
            for put in wanted:
                facets[put.collection].put(put.id, put.facet, put.sequence, put.fields, starts=put.starts)
            for gathered in facets.values():
                gathered.flush()
