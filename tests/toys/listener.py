"""A toy service that hears facts: `python -m toys.listener`. It misbehaves for some people."""

from __future__ import annotations

from typing import Any

from gongxue_chassis import process

# isort: split
from nameko.extensions import DependencyProvider

from gongxue_chassis.errors import Poison, TryLater
from gongxue_chassis.facts import facts
from gongxue_chassis.log.mongo import connect, reachable
from gongxue_chassis.settings import Env, Plumbing
from gongxue_contracts.envelope import CloudEvent


class Effects(DependencyProvider):
    """The collections of the toy."""

    def setup(self) -> None:
        self.database = connect(self.container.config["plumbing"].mongo_uri)

    def get_dependency(self, worker_ctx: Any) -> Any:
        return self.database


class Listener:
    """Reads the queue that is notification's in life."""

    name = "notification"
    database = Effects()

    @facts(queue="notification.facts")
    def on_facts(self, events: list[CloudEvent]) -> None:
        for event in events:
            person = event.data["person"]
            with reachable():
                self.database["tries"].insert_one(
                    {"event": event.id, "person": person, "together": len(events)}
                )
            if person == "p-bug":
                raise RuntimeError("a bug")
            if person == "p-poison":
                raise Poison("no_such_person", person)
            if person == "p-late" and self.database["tries"].count_documents({"event": event.id}) < 4:
                raise TryLater("unknown_contact", person)
            with reachable():
                self.database["effects"].update_one(
                    {"_id": event.id}, {"$set": {"person": person}}, upsert=True
                )


if __name__ == "__main__":
    process.serve(Listener, Plumbing.read(Env()))
