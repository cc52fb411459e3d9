"""The commit log as a nameko dependency: `log = CommitLog(ACTIVITY)`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import eventlet
from nameko.extensions import DependencyProvider

from gongxue_chassis import replaying
from gongxue_chassis.aggregate import Aggregate
from gongxue_chassis.log.commit import Answer, Translation
from gongxue_chassis.log.mongo import MongoCommitStore, connect
from gongxue_chassis.log.notes import MongoReplayNotes, ReplayNotes
from gongxue_chassis.log.runner import Committed, Runner
from gongxue_chassis.log.snapshots import Snapshotter
from gongxue_chassis.log.store import CommitStore
from gongxue_chassis.publisher import MessageSink, Publisher
from gongxue_chassis.relay import Relay
from gongxue_chassis.replaying import Replayer
from gongxue_chassis.settings import Plumbing
from gongxue_chassis.timekeeping import Timekeeper
from gongxue_contracts.catalogue import ContractError
from gongxue_contracts.envelope import CloudEvent

COMMANDS_A_COMMIT = 500
"""Keeps a commit far below the 16 MB that a document may have."""


class Log:
    """The runners of a service's aggregates over one store, with relay, timers, snapshots and replays behind them."""

    def __init__(
        self,
        aggregates: Sequence[Aggregate[Any]],
        store: CommitStore,
        notes: ReplayNotes,
        sink: MessageSink,
        replays: MessageSink,
        timers: MessageSink,
    ) -> None:
        self._runners = {aggregate.name: Runner(aggregate, store) for aggregate in aggregates}
        self.relay = Relay(store, self._translation, sink)
        self.timekeeper = Timekeeper(aggregates[0].service, store, timers)
        self.relay.on_timers = self.timekeeper.look
        self.snapshotter = Snapshotter(store)
        self.replayer = Replayer(aggregates[0].service, store, notes, self._translation, replays)
        for runner in self._runners.values():
            runner.on_commit = self._committed

    def answer(self, commands: Sequence[CloudEvent]) -> list[Answer]:
        """The answers in the order of the commands; those of one stream share a commit. Raises Unavailable."""
        streams: dict[str, list[CloudEvent]] = defaultdict(list)
        for command in commands:
            streams[command.subject].append(command)
        answers: dict[int, Answer] = {}
        pool = eventlet.GreenPool(len(streams) or 1)
        for asked, given in zip(streams.values(), pool.imap(self._answer, streams.items()), strict=True):
            answers |= {id(command): answer for command, answer in zip(asked, given, strict=True)}
        return [answers[id(command)] for command in commands]

    def _answer(self, stream_and_commands: tuple[str, list[CloudEvent]]) -> list[Answer]:
        stream, commands = stream_and_commands
        if all(command.type == replaying.ASKED for command in commands):
            return [self._asked_to_replay(command) for command in commands]
        runner = self._runners.get(stream.partition(":")[0])
        if runner is None:
            return [
                Answer(command.id, "parked", code="unknown_stream", detail=stream) for command in commands
            ]
        answers: list[Answer] = []
        for start in range(0, len(commands), COMMANDS_A_COMMIT):
            answers += runner.answer(stream, commands[start : start + COMMANDS_A_COMMIT])
        return answers

    def _asked_to_replay(self, command: CloudEvent) -> Answer:
        try:
            self.replayer.ask(command)
        except ContractError as error:
            return Answer(command.id, "parked", code="wrong_schema", detail=str(error))
        return Answer(command.id, "accepted")

    def _translation(self, stream: str) -> Translation:
        return self._runners[stream.partition(":")[0]].translation

    def _committed(self, commit: Committed) -> None:
        self.relay.committed(commit)
        stream = commit.document["stream"]
        runner = self._runners[stream.partition(":")[0]]
        self.snapshotter.consider(runner.aggregate, runner.streams.get(stream))


class CommitLog(DependencyProvider):  # type: ignore[misc]
    """Gives service methods a `Log` on the service's own database."""

    def __init__(self, *aggregates: Aggregate[Any]) -> None:
        self._aggregates = aggregates

    def setup(self) -> None:
        """Called by nameko before the service starts."""
        plumbing: Plumbing = self.container.config["plumbing"]
        self._publisher = Publisher(plumbing.amqp_uri, f"{self.container.service_name} relay")
        self._replays = Publisher(plumbing.amqp_uri, f"{self.container.service_name} replays")
        self._timers = Publisher(plumbing.amqp_uri, f"{self.container.service_name} timers")
        database = connect(plumbing.mongo_uri)
        store, notes = MongoCommitStore(database), MongoReplayNotes(database)
        self._log = Log(self._aggregates, store, notes, self._publisher, self._replays, self._timers)

    def start(self) -> None:
        """Called by nameko when all dependencies are ready."""
        self._relay = self.container.spawn_managed_thread(self._log.relay.run, identifier="relay")
        self._timekeeper = self.container.spawn_managed_thread(self._log.timekeeper.run, identifier="timers")
        self.container.spawn_managed_thread(self._log.snapshotter.run, identifier="snapshots")
        self._replayer = self.container.spawn_managed_thread(self._log.replayer.run, identifier="replays")

    def stop(self) -> None:
        """Called by nameko after the last command was answered: let the relay finish what it holds."""
        self._log.snapshotter.stop()
        self._log.timekeeper.stop()
        self._log.replayer.stop()
        self._log.relay.stop()
        self._relay.wait()
        self._timekeeper.wait()
        self._replayer.wait()
        self._publisher.close()
        self._replays.close()
        self._timers.close()

    def get_dependency(self, worker_ctx: Any) -> Log:
        """What the service's methods see."""
        return self._log
