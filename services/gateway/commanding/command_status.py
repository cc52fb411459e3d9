"""Commands whose answer did not come in time: kept with all they say, and asked about again.

    {"_id": command id, "person", "command": its JSON, "asked": datetime, "created": datetime,
     "status": "pending" | "accepted" | "refused" | "parked", "facts": [JSON], "code", "details"}

Asking again means sending the same command again: the log answers a known id with its first answer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from gateway.actions import Accepted, BusUnavailable, Outcome, Pending, Refused
from gateway.commanding.bus import Answer
from gateway.storage import COMMANDS, Document
from gongxue_contracts import catalogue
from gongxue_contracts.envelope import CloudEvent, from_json, to_json

ASK_AGAIN = timedelta(seconds=10)
WAIT_SECONDS = 1.0


Send = Callable[[CloudEvent, float], Awaitable[Answer | None]]
"""`CommandBus.send`."""


class CommandStatuses:
    """What has become of commands. Raises PyMongoError when the store is away."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._commands = database[COMMANDS]

    async def keep(self, command: CloudEvent, person: str) -> None:
        """Remember a command that nobody could wait for."""
        now = datetime.now(UTC)
        document = {
            "_id": command.id,
            "person": person,
            "command": to_json(command),
            "created": now,
            "asked": now,
            "status": "pending",
        }
        try:
            await self._commands.insert_one(document)
        except DuplicateKeyError:
            return

    async def kept(self, commands: Collection[str]) -> set[str]:
        """Those of the commands that are remembered."""
        found = await self._commands.find({"_id": {"$in": list(commands)}}, {"_id": 1}).to_list()
        return {document["_id"] for document in found}

    async def note(self, answer: Answer) -> None:
        """A late answer. Of a command that is not kept nothing is noted."""
        facts = [to_json(_as_sent(fact)) for fact in answer.facts]
        noted = {"status": answer.outcome, "facts": facts, "code": answer.code, "details": answer.details}
        await self._commands.update_one({"_id": answer.command}, {"$set": noted})

    async def outcome(self, command: str, person: str, send: Send) -> Outcome | None:
        """What became of the person's command; None if they gave no such one. `send` asks again."""
        document = await self._commands.find_one({"_id": command})
        if document is None or document["person"] != person:
            return None
        if document["status"] == "pending" and await self._ask_again(document, send):
            document = await self._commands.find_one({"_id": command}) or document
        return _outcome(document)

    async def _ask_again(self, document: Document, send: Send) -> bool:
        """Whether there may be news. However many look, the command is sent once in ten seconds at most."""
        now = datetime.now(UTC)
        if document["asked"] > now - ASK_AGAIN:
            return False
        mine = {"_id": document["_id"], "asked": document["asked"]}
        if not (await self._commands.update_one(mine, {"$set": {"asked": now}})).matched_count:
            return False
        try:
            answer = await send(from_json(document["command"]), WAIT_SECONDS)
        except BusUnavailable:
            return False
        if answer is not None:
            await self.note(answer)
        return True


def _as_sent(fact: CloudEvent) -> CloudEvent:
    return replace(fact, data=catalogue.write(fact.type, fact.data))


def _as_read(fact: CloudEvent) -> CloudEvent:
    return replace(fact, data=catalogue.read(fact.type, fact.data))


def outcome_of(answer: Answer) -> Outcome:
    """An answer in the words of the actions."""
    if answer.outcome == "accepted":
        return Accepted(answer.command, answer.facts)
    if answer.outcome == "refused":
        return Refused(answer.command, answer.code or "", answer.details or {})
    return Pending(answer.command, parked=True)


def _outcome(document: Document) -> Outcome:
    if document["status"] == "pending":
        return Pending(document["_id"])
    facts = tuple(_as_read(from_json(fact)) for fact in document["facts"])
    return outcome_of(
        Answer(document["_id"], document["status"], facts, document["code"], document["details"])
    )
