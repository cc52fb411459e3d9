"""The runner: commands in, one commit a stream, answers out.

All commands that wait for one stream are decided in the order of their arrival on the evolving state and committed
with one insert (group commit). Nothing is answered before that insert is on disk. Whatever goes wrong in between,
the state is thrown away and read again from what was committed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from gongxue_chassis import faults
from gongxue_chassis.aggregate import Aggregate
from gongxue_chassis.errors import ChassisError, Conflict, Unreadable
from gongxue_chassis.log.commit import Answer, Document, Translation, commit_id, fingerprint
from gongxue_chassis.log.store import CommitStore
from gongxue_chassis.log.timers import command as command_of
from gongxue_chassis.log.timers import written
from gongxue_chassis.log.warm import Warm, WarmStreams, key
from gongxue_chassis.origin import source
from gongxue_contracts import catalogue
from gongxue_contracts.catalogue import ContractError
from gongxue_contracts.envelope import CloudEvent, to_json

State = TypeVar("State")
_log = logging.getLogger(__name__)
_LOST_RACES = 20


class TooManyLostRaces(ChassisError):
    """Other writers kept committing first: two processes decide on one stream."""


@dataclass(frozen=True, slots=True)
class Committed:
    """A commit that is on disk, with its facts in the form in which they are published."""

    document: Document
    facts: list[CloudEvent]


class Undecidable(ChassisError):
    """This command does not fit its contract, or deciding it raised: it is parked and the others go on."""

    def __init__(self, command: CloudEvent, reason: str, detail: str) -> None:
        super().__init__(f"{command.type} {command.id}: {reason}: {detail}")
        self.command = command
        self.reason = reason
        self.detail = detail


class UnfitTimers(ChassisError):
    """What the state wants to be told cannot be found out or could not be told. Some command of the batch led there."""


def utc_now() -> datetime:
    """Now, to the millisecond, as the log can hold it."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


@dataclass
class Runner(Generic[State]):
    """Decides commands of one aggregate's streams; never two calls at once for one stream.

    `on_commit` hears of each commit once it is on disk.
    """

    aggregate: Aggregate[State]
    store: CommitStore
    clock: Callable[[], datetime] = utc_now
    on_commit: Callable[[Committed], None] = lambda _: None
    translation: Translation = field(init=False)
    streams: WarmStreams[State] = field(init=False)

    def __post_init__(self) -> None:
        self.translation = Translation(self.aggregate)
        self.streams = WarmStreams(self.aggregate, self.store)

    def answer(self, stream: str, commands: Sequence[CloudEvent]) -> list[Answer]:
        """Answer each command, in order. Raises Unavailable when the store is away: nothing is lost, ask again."""
        parked: dict[str, Answer] = {}
        for _ in range(_LOST_RACES + len(commands)):
            try:
                return self._attempt(stream, commands, parked)
            except Conflict:
                self.streams.forget(stream)
            except Undecidable as problem:
                self.streams.forget(stream)
                _log.error("parked: %s", problem)
                parked[problem.command.id] = Answer(
                    problem.command.id, "parked", code=problem.reason, detail=problem.detail
                )
            except UnfitTimers as problem:
                self.streams.forget(stream)
                if len(commands) > 1:  # whose they are shows when each is decided alone
                    return [told for command in commands for told in self.answer(stream, [command])]
                _log.error("parked, for its timers are unfit: %s %s: %s", stream, commands[0].id, problem)
                return [Answer(commands[0].id, "parked", code="unfit_timers", detail=str(problem))]
            except Unreadable as problem:
                # Neither these commands nor a restart can help; other streams must not wait for it.
                _log.error("parked, for the stream cannot be read: %s", problem)
                return [
                    Answer(command.id, "parked", code="unreadable_stream", detail=str(problem))
                    for command in commands
                ]
            except BaseException:
                self.streams.forget(stream)
                raise
        raise TooManyLostRaces(stream)

    def _attempt(
        self, stream: str, commands: Sequence[CloudEvent], parked: dict[str, Answer]
    ) -> list[Answer]:
        warm = self.streams.get(stream)
        draft = _Draft(self.aggregate, self.translation, warm, self._now(commands))
        prints = [fingerprint(command) for command in commands]
        for command, print_ in zip(commands, prints, strict=True):
            if command.id not in parked:
                draft.decide(command, print_)
        faults.point("decided")
        facts: list[CloudEvent] = []
        if draft.answers:
            facts = draft.finish()
            self.store.append(draft.commit)
            faults.point("committed")
            warm.note(draft.commit)
            self.on_commit(Committed(draft.commit, facts))
        told = _Told(self.store, self.translation, warm, draft.commit, facts)
        return [
            parked.get(command.id) or told.answer(command, print_)
            for command, print_ in zip(commands, prints, strict=True)
        ]

    def _now(self, commands: Sequence[CloudEvent]) -> datetime:
        """What a timer asks for is never decided before its moment, even if the clock of who told it is fast."""
        own = source(self.aggregate.service)
        return max([self.clock(), *(command.time for command in commands if command.source == own)])


class _Draft(Generic[State]):
    """A commit in the making. The warm state evolves as it grows, and is forgotten if it is not committed."""

    def __init__(
        self, aggregate: Aggregate[State], translation: Translation, warm: Warm[State], now: datetime
    ) -> None:
        self._aggregate = aggregate
        self._translation = translation
        self._warm = warm
        self._facts: list[Any] = []
        self._commands: list[CloudEvent] = []
        self._taken: set[str] = set()
        self.answers: list[Document] = []
        self.commit: Document = {
            "_id": commit_id(warm.stream, warm.seq + 1),
            "stream": warm.stream,
            "seq": warm.seq + 1,
            "tenant": "",
            "time": now,
            "first": warm.facts + 1,
            "facts": [],
            "answers": self.answers,
            "pending": True,
        }

    def decide(self, event: CloudEvent, print_: str) -> None:
        """Decide one command, unless this stream has answered its id before."""
        if event.id in self._taken or self._key(event) in self._warm.seen:
            return
        command = self._read(event)
        answer: Document = {
            "id": event.id,
            "fingerprint": print_,
            "type": event.type,
            "correlationid": event.correlationid,
            "traceparent": event.traceparent,
        }
        try:
            decision = self._aggregate.decide(self._warm.state, command, self.commit["time"])
            if isinstance(decision, list):
                answer |= {"first": len(self._facts), "count": len(decision)}
                for fact in decision:
                    self._warm.state = self._aggregate.evolve(self._warm.state, fact)
                    stored = self._translation.codec.store(fact)
                    self.commit["facts"].append({**stored, "answer": len(self.answers)})
                self._facts.extend(decision)
            else:
                answer["refused"] = {"code": decision.code, "details": decision.details}
                if event.deadline is not None and event.deadline < self.commit["time"]:
                    answer["late"] = {"person": self._aggregate.person(command)}
        except Exception as error:
            _log.exception("deciding %s %s raised", event.type, event.id)
            raise Undecidable(event, "handler_raised", repr(error)) from error
        self._taken.add(event.id)
        self._commands.append(event)
        self.answers.append(answer)

    def finish(self) -> list[CloudEvent]:
        """Complete the commit; return its facts as they will be published, each checked against its contract."""
        self.commit["tenant"] = self._aggregate.tenant(self._warm.state)
        published = []
        for index, fact in enumerate(self._facts):
            try:
                published.append(self._translation.fact(self.commit, index, fact))
            except ContractError as error:
                asked = self._commands[self.commit["facts"][index]["answer"]]
                raise Undecidable(asked, "fact_breaks_contract", str(error)) from error
        if self._facts:
            self._note_timers()
        return published

    def _note_timers(self) -> None:
        """Write down what the state now wants to be told, unless the log has just that. Raises UnfitTimers."""
        warm, seq = self._warm, self.commit["seq"]
        try:
            timers = written(self._aggregate.timers(warm.state), warm.timers, seq)
            for timer in timers:
                if timer["since"] == seq:
                    event = command_of(self._aggregate.service, warm.stream, timer)
                    self._read(event)
                    to_json(event)
        except Exception as error:
            raise UnfitTimers(repr(error)) from error
        if timers != warm.timers:
            self.commit["timers"] = timers

    def _key(self, event: CloudEvent) -> bytes:
        try:
            return key(event.id)
        except ValueError as error:
            raise Undecidable(event, "malformed_command", "the id of a command is a UUID") from error

    def _read(self, event: CloudEvent) -> Any:
        make = self._aggregate.commands.get(event.type)
        if make is None:
            raise Undecidable(event, "unknown_type", event.type)
        try:
            command = make(catalogue.read(event.type, event.data))
        except ContractError as error:
            raise Undecidable(event, "wrong_schema", str(error)) from error
        meant = f"{self._aggregate.name}:{self._aggregate.id_of(command)}"
        if meant != event.subject or meant != self._warm.stream:
            raise Undecidable(event, "wrong_stream", f"a command for {meant} came in {event.subject}")
        return command


@dataclass
class _Told(Generic[State]):
    """Looks up what each command was answered: in the commit just made, or in an earlier one."""

    store: CommitStore
    translation: Translation
    warm: Warm[State]
    commit: Document
    facts: list[CloudEvent]

    def answer(self, command: CloudEvent, print_: str) -> Answer:
        """The first answer this id ever got; another wish under the same id is refused."""
        seq, index = self.warm.seen[key(command.id)]
        if seq == self.commit["seq"]:
            commit, facts = self.commit, self.facts
        else:
            commit, facts = self._earlier(seq), None
        if commit["answers"][index]["fingerprint"] != print_:
            return Answer(command.id, "refused", code="idempotency_key_reused", details={})
        return self.translation.answer(commit, index, facts)

    def _earlier(self, seq: int) -> Document:
        commit = self.store.commit(self.warm.stream, seq)
        if commit is None:
            raise ChassisError(f"{commit_id(self.warm.stream, seq)} is missing in the log")
        return commit
