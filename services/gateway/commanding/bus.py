"""Commands out, answers in.

A single command goes out at once. Those of one stream gather while the stream's previous publish is not
confirmed, and while two bundles of it are out unanswered: a third would be decided no earlier on its own. A bundle
holds at most half of what is unanswered, so that the gateway and the service work at the same time.
Answers are taken in rounds, all that have come: their facts go to the read model in one go before anybody is
told, so that one reads one's own writes.

A service may answer for itself alone: an answer, or a fact in it, that is another one's is passed over. So is what the
broker knows to be from nobody.

Without a store nobody can decide, nor could the gateway remember who asked: who waits is told after a moment.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from aio_pika import DeliveryMode, Message

from gateway.actions import BusUnavailable
from gateway.commanding.broker import Broker, Reply
from gongxue_chassis.errors import Poison
from gongxue_chassis.origin import FORGED, OPERATOR, source
from gongxue_contracts import catalogue
from gongxue_contracts.catalogue import ContractError, command_key
from gongxue_contracts.envelope import (
    BATCH,
    JSON,
    CloudEvent,
    MalformedEvent,
    batch_from_json,
    from_dict,
    to_json,
)

PROVIDER = "center"
MOST_IN_BUNDLE = 200
APPLY_SECONDS = 1.0
LOOK_SECONDS = 0.25
"""Behind an answer that takes longer the store may be away."""
GATHER_SECONDS = 0.05
"""For so long commands gather behind bundles that are not answered; they may wait for a service that is away."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a command. `outcome` is accepted, refused or parked; the facts' data are read."""

    command: str
    outcome: str
    facts: tuple[CloudEvent, ...] = ()
    code: str | None = None
    details: dict[str, Any] | None = None


@dataclass(slots=True)
class _Asked:
    """A command on its way. All who ask for the same one wait for the same answer."""

    id: str
    stream: str
    key: str
    traceparent: str | None
    body: bytes
    answer: asyncio.Future[Answer]
    since: float
    confirmed: bool = False
    waiting: int = 0


Apply = Callable[[list[CloudEvent]], Awaitable[None]]
OnLate = Callable[[Answer], Awaitable[None]]
Look = Callable[[], Awaitable[None]]


class CommandBus:
    """`apply` takes facts to the read model, `on_late` an answer that nobody waits for any more.

    `look` raises when there is no use in waiting; `send` raises the same. `operator`: who may answer as any service.
    """

    def __init__(
        self,
        uri: str,
        instance: str,
        apply: Apply,
        on_late: OnLate,
        look: Look | None = None,
        operator: str = OPERATOR,
    ) -> None:
        self._instance = instance
        self._apply = apply
        self._on_late = on_late
        self._look = look
        self._operator = operator
        self._broker = Broker(uri, instance, self._ask_again)
        self._asked: dict[str, _Asked] = {}
        self._gathered: dict[str, list[_Asked]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def up(self) -> bool:
        """Whether the broker is connected."""
        return self._broker.up

    @property
    def unconfirmed(self) -> bool:
        """Whether a publish is still to be confirmed."""
        return bool(self._gathered)

    async def open(self) -> None:
        """Connect, and go on connecting whenever the broker was away."""
        await self._broker.open()
        self._spawn(self._rounds())
        if self._look:
            self._spawn(self._watch(self._look))

    async def close(self) -> None:
        """Stop listening. Commands that are out are decided all the same."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._broker.close()

    async def send(self, command: CloudEvent, wait: float) -> Answer | None:
        """The answer to the command, None if there is none after `wait` seconds although the broker has it.

        Raises BusUnavailable if the broker has not taken it, MalformedEvent if it is too large to travel, and
        what `look` raises.
        """
        asked = self._asked.get(command.id)
        if asked is None:
            asked = self._ask(command)
        asked.waiting += 1
        try:
            async with asyncio.timeout(wait):
                return await asyncio.shield(asked.answer)
        except TimeoutError:
            if not asked.confirmed:
                raise BusUnavailable from None
            return None
        finally:
            asked.waiting -= 1
            if not asked.waiting and self._asked.get(command.id) is asked:
                del self._asked[command.id]

    async def tell(self, event: CloudEvent) -> None:
        """Publish to our own services on `private`. Raises BusUnavailable."""
        message = Message(
            to_json(event), content_type=JSON, message_id=event.id, delivery_mode=DeliveryMode.PERSISTENT
        )
        await self._broker.publish("private", event.type, message)

    def _ask(self, command: CloudEvent) -> _Asked:
        if not self._broker.up:
            raise BusUnavailable
        loop = asyncio.get_running_loop()
        asked = _Asked(
            command.id,
            command.subject,
            command_key(PROVIDER, command.type),
            command.traceparent,
            to_json(command),
            loop.create_future(),
            loop.time(),
        )
        self._asked[command.id] = asked
        self._enqueue(asked)
        return asked

    def _enqueue(self, asked: _Asked) -> None:
        gathered = self._gathered.get(asked.stream)
        if gathered is None:
            self._gathered[asked.stream] = []
            self._spawn(self._publish(asked.stream, [asked]))
        else:
            gathered.append(asked)

    async def _publish(self, stream: str, bundle: list[_Asked]) -> None:
        """Publish, and then what has gathered meanwhile, until nothing has."""
        before: list[_Asked] = []
        while bundle:
            try:
                await self._broker.publish("commands", bundle[0].key, self._message(stream, bundle))
            except BaseException as error:
                # Whatever it is: what comes later must not gather behind a publish that has ended.
                for asked in [*bundle, *self._gathered.pop(stream)]:
                    if not asked.confirmed:
                        _fail(asked, BusUnavailable())
                if isinstance(error, BusUnavailable):
                    return
                raise
            for asked in bundle:
                asked.confirmed = True
            if before and not before[-1].answer.done():
                await asyncio.wait({before[-1].answer}, timeout=GATHER_SECONDS)
            before = bundle
            gathered = self._gathered[stream]
            out = sum(not asked.answer.done() for asked in bundle)
            bundle, self._gathered[stream] = _next_bundle(gathered, (out + len(gathered) + 1) // 2)
        del self._gathered[stream]

    def _message(self, stream: str, bundle: list[_Asked]) -> Message:
        headers: dict[str, Any] = {"stream": stream}
        if bundle[0].traceparent:
            headers["traceparent"] = bundle[0].traceparent
        return Message(
            b"[" + b",".join(asked.body for asked in bundle) + b"]",
            headers=headers,
            content_type=BATCH,
            message_id=bundle[0].id,
            delivery_mode=DeliveryMode.PERSISTENT,
            reply_to=self._instance,
        )

    def _ask_again(self) -> None:
        """The connection is new, and replies to the old one are lost: the log gives known commands their answer."""
        for asked in self._asked.values():
            if asked.confirmed and not asked.answer.done():
                self._enqueue(asked)

    async def _watch(self, look: Look) -> None:
        """Look after the store for all who wait at once: that costs those nothing who are answered soon."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            doubtful = asyncio.get_running_loop().time() - LOOK_SECONDS
            if all(asked.since > doubtful for asked in self._asked.values()):
                continue
            try:
                await look()
            except Exception as error:
                for asked in list(self._asked.values()):
                    if asked.since <= doubtful:
                        _fail(asked, error)

    async def _rounds(self) -> None:
        replies = self._broker.replies
        while True:
            came = [await replies.get()]
            while not replies.empty():
                came.append(replies.get_nowait())
            answers = [answer for reply in came for answer in read_answers(reply, self._operator)]
            await self._apply_in_time([fact for answer in answers for fact in answer.facts])
            for answer in answers:
                self._deliver(answer)

    async def _apply_in_time(self, facts: list[CloudEvent]) -> None:
        """What is committed is answered even if the read model cannot be written now: the worker will do that."""
        if not facts:
            return
        try:
            async with asyncio.timeout(APPLY_SECONDS):
                await self._apply(facts)
        except Exception:
            _log.exception("answering before the read model knows")

    def _deliver(self, answer: Answer) -> None:
        asked = self._asked.get(answer.command)
        if asked is None:
            self._spawn(self._on_late(answer))
        elif not asked.answer.done():
            asked.answer.set_result(answer)

    def _spawn(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error("a task of the bus failed", exc_info=error)


def read_answers(reply: Reply, operator: str = OPERATOR) -> list[Answer]:
    """The answers of one reply, their facts' data read by contract. What is none of ours is logged and left out."""
    try:
        events = batch_from_json(reply.body)
    except MalformedEvent:
        _log.exception("a reply that cannot be read")
        return []
    answers = []
    for event in events:
        try:
            answers.append(_read_answer(event, reply.user, operator))
        except (MalformedEvent, ContractError, LookupError, TypeError):
            _log.exception("an answer that cannot be read: %s", event.id)
        except Poison as error:
            _log.error("an answer that is not believed: %s: %s", event.id, error)
    return answers


def _read_answer(event: CloudEvent, user: str, operator: str) -> Answer:
    # Not by the contract of answers as a whole: it looks through every fact, and so does what follows.
    service = event.source.rpartition("/")[2]
    if not user or user not in (service, operator):
        raise Poison(FORGED, f"{event.source} from {user or 'nobody that the broker knows'}")
    data = event.data
    refusal = data["refusal"] or {"code": None, "details": None}
    facts = tuple(_read_fact(fact, service) for fact in data["facts"])
    return Answer(event.causationid or "", data["outcome"], facts, refusal["code"], refusal["details"])


def _read_fact(document: dict[str, Any], service: str) -> CloudEvent:
    fact = from_dict(document)
    if fact.source != source(service) or not fact.type.startswith(f"{service}."):
        raise Poison(FORGED, f"{fact.type} with the source {fact.source} from {service}")
    return replace(fact, data=catalogue.read(fact.type, fact.data))


def _next_bundle(gathered: list[_Asked], half: int) -> tuple[list[_Asked], list[_Asked]]:
    """At most `half` of the gathered, and the rest. A bundle has one routing key: it holds commands of one type."""
    end = 1
    while end < min(len(gathered), MOST_IN_BUNDLE, half) and gathered[end].key == gathered[0].key:
        end += 1
    return gathered[:end], gathered[end:]


def _fail(asked: _Asked, error: Exception) -> None:
    if not asked.answer.done():
        asked.answer.set_exception(error)
        asked.answer.exception()  # looked at here, for whoever asked may be gone
