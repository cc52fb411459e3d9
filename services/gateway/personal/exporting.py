"""The worker's part in exports, in blocking calls: keep what services answer, ask again who has not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from pymongo.database import Database

from gateway.personal import messages
from gateway.personal.exports import is_complete
from gateway.storage import EXPORTS, Document
from gongxue_chassis.log.mongo import reachable
from gongxue_chassis.publisher import MessageSink, Outgoing
from gongxue_contracts.envelope import JSON, CloudEvent, to_json

PART = "export_part"
AGAIN = timedelta(minutes=1)


class Exporting:
    """See the module."""

    def __init__(self, database: Database[Document], sink: MessageSink) -> None:
        self._exports = database[EXPORTS]
        self._sink = sink

    def hear(self, facts: Iterable[CloudEvent]) -> None:
        """Keep the parts that are among these. One of an export that is there no more is passed over."""
        for fact in facts:
            service, name, _ = fact.type.split(".")
            if name == PART:
                self._keep(service, fact)

    def go_on(self, now: datetime) -> None:
        """Ask again for exports that wait for somebody. Raises Unavailable when broker or store is away."""
        with reachable():
            waiting = list(self._exports.find({"complete": False, "told_at": {"$lte": now - AGAIN}}))
        for export in waiting:
            asked = messages.export_asked(export["person"], export["_id"], now)
            self._sink.publish([Outgoing("private", asked.type, to_json(asked), JSON, asked.id)])
            with reachable():
                self._exports.update_one({"_id": export["_id"]}, {"$set": {"told_at": now}})

    def _keep(self, service: str, fact: CloudEvent) -> None:
        data = fact.data
        fields = {f"parts.{service}.{data['part']}": data["data"]}
        if data["last"]:
            fields[f"parts.{service}.last"] = data["part"]
        with reachable():
            mine = {"_id": data["export"], "person": data["person"]}
            self._exports.update_one(mine, {"$set": fields})
            export = self._exports.find_one(mine)
            if export and is_complete(export["parts"]):
                self._exports.update_one(mine, {"$set": {"complete": True}})
