"""The commit document, and the messages that follow from it.

{"_id": "activity:x@12", "stream": "activity:x", "seq": 12, "tenant": "nchu", "time": datetime (UTC, ms),
 "first": 34,                                       number of its first fact in the stream
 "facts": [{"type", "data", "answer": 0}, ...],     `answer`: which of `answers` asked for it
 "answers": [{"id", "fingerprint", "type", "first": 0, "count": 1,             accepted: a slice of `facts`
              "refused": {"code", "details"}, "late": {"person"},              or refused; late: nobody waited
              "correlationid", "traceparent"}, ...],
 "timers": [...],                                   if they changed: all that the stream now wants (see `timers.py`)
 "pending": True}                                   until the relay has published it
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gongxue_chassis.aggregate import Aggregate
from gongxue_chassis.log.codec import FactCodec
from gongxue_contracts import catalogue
from gongxue_contracts.envelope import CloudEvent

Document = dict[str, Any]


def commit_id(stream: str, seq: int) -> str:
    """The `_id` of a stream's commit."""
    return f"{stream}@{seq}"


def fingerprint(event: CloudEvent) -> str:
    """What a command asks for, in 16 hex digits: tells a repeated command from a reused id."""
    body = json.dumps(
        [event.type, event.subject, event.data], sort_keys=True, separators=(",", ":"), default=str
    )
    return hashlib.blake2b(body.encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a command: accepted with its facts, refused, or parked because it could not be handled."""

    command: str
    outcome: str
    facts: tuple[CloudEvent, ...] = ()
    code: str | None = None
    details: dict[str, Any] | None = None
    detail: str = ""


class Translation:
    """From commit documents to what others hear: facts in their contract form, answers and late refusals."""

    def __init__(self, aggregate: Aggregate[Any], provider: str = "center") -> None:
        self._aggregate = aggregate
        self.codec = FactCodec(aggregate.facts)
        self._source = f"/{provider}/{aggregate.service}"

    def facts(self, commit: Document) -> list[CloudEvent]:
        """The commit's facts as they are published, in order."""
        return [
            self.fact(commit, index, self.codec.restore(stored))
            for index, stored in enumerate(commit["facts"])
        ]

    def fact(self, commit: Document, index: int, fact: Any) -> CloudEvent:
        """One domain fact of the commit as it is published. Raises ContractError if it breaks its contract."""
        wire_type, data = self._aggregate.contract(fact)
        cause = commit["answers"][commit["facts"][index]["answer"]]
        return CloudEvent(
            id=f"{commit['_id']}.{index}",
            source=self._source,
            type=wire_type,
            subject=commit["stream"],
            time=commit["time"],
            data=catalogue.write(wire_type, data),
            tenant=commit["tenant"],
            sequence=commit["first"] + index,
            correlationid=cause["correlationid"],
            causationid=cause["id"],
            traceparent=cause["traceparent"],
        )

    def late_refusals(self, commit: Document) -> Iterator[CloudEvent]:
        """Refusals whose asker no longer waited, so that the person can still be told."""
        wire_type = f"{self._aggregate.service}.command_refused.v1"
        for index, answer in enumerate(commit["answers"]):
            if "late" not in answer:
                continue
            data = {
                "command": answer["id"],
                "command_type": answer["type"],
                "stream": commit["stream"],
                "person": answer["late"]["person"],
                "code": answer["refused"]["code"],
                "details": answer["refused"]["details"],
            }
            yield CloudEvent(
                id=f"{commit['_id']}.r{index}",
                source=self._source,
                type=wire_type,
                subject=commit["stream"],
                time=commit["time"],
                data=catalogue.write(wire_type, data),
                tenant=commit["tenant"],
                correlationid=answer["correlationid"],
                causationid=answer["id"],
                traceparent=answer["traceparent"],
            )

    def answer(self, commit: Document, index: int, facts: list[CloudEvent] | None = None) -> Answer:
        """The answer at `index` of a commit; `facts` are all of the commit's, when the caller has them already."""
        told = commit["answers"][index]
        if "refused" in told:
            return Answer(
                told["id"], "refused", code=told["refused"]["code"], details=told["refused"]["details"]
            )
        every = self.facts(commit) if facts is None else facts
        return Answer(
            told["id"], "accepted", facts=tuple(every[told["first"] : told["first"] + told["count"]])
        )
