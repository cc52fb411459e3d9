"""Commands out and answers in, on the real broker; the service behind is played by the test."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import aio_pika
import pytest
from toys.played_service import PlayedService, accepted, seat_confirmed
from toys.proxy import wire

from gateway.actions import BusUnavailable
from gateway.commanding import broker
from gateway.commanding.bus import Answer, CommandBus
from gateway.commanding.commands import command
from gongxue_contracts.envelope import BATCH, CloudEvent, from_json

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def a_command(activity: str = "talk", person: str = "lin") -> CloudEvent:
    id = str(uuid.uuid4())
    data = {
        "activity": activity,
        "registration": id,
        "person": person,
        "school": "nchu",
        "pool": "onsite",
        "waiting_list": True,
    }
    return command("registration.Register.v1", f"activity:{activity}", data, id=id, wait=5)


class Gateway:
    """A bus and what it told."""

    def __init__(self, uri: str) -> None:
        self.applied: list[list[CloudEvent]] = []
        self.late: asyncio.Queue[Answer] = asyncio.Queue()
        self.trouble: Exception | None = None
        self.bus = CommandBus(uri, f"test-{uuid.uuid4().hex[:8]}", self._apply, self.late.put)

    async def _apply(self, facts: list[CloudEvent]) -> None:
        if self.trouble:
            raise self.trouble
        self.applied.append(facts)


@asynccontextmanager
async def playing(uri: str, through: str | None = None) -> AsyncIterator[tuple[Gateway, PlayedService]]:
    gateway = Gateway(through or uri)
    async with await aio_pika.connect(uri) as connection:
        service = PlayedService(await connection.channel())
        await service.listen()
        await gateway.bus.open()
        try:
            yield gateway, service
        finally:
            await gateway.bus.close()


Scenario = Callable[[Gateway, PlayedService], Awaitable[None]]


def play(uri: str, scenario: Scenario) -> None:
    async def played() -> None:
        async with playing(uri) as (gateway, service):
            await scenario(gateway, service)

    asyncio.run(played())


def test_a_command_and_its_answer(amqp_uri: str) -> None:
    async def scenario(gateway: Gateway, service: PlayedService) -> None:
        wish = a_command()
        sent = asyncio.create_task(gateway.bus.send(wish, 5))
        message, [arrived] = await service.next()
        assert (arrived.id, arrived.type, arrived.data) == (wish.id, wish.type, wish.data)
        assert message.headers["stream"] == "activity:talk"
        assert message.headers["traceparent"] == wish.traceparent
        assert (message.content_type, message.delivery_mode, message.message_id) == (BATCH, 2, wish.id)
        assert message.routing_key == "center.registration.Register"
        fact = seat_confirmed(wish)
        await service.answer(message.reply_to, (wish, accepted(fact)))
        assert await sent == Answer(wish.id, "accepted", (fact,))
        assert gateway.applied == [[fact]]

    play(amqp_uri, scenario)


def test_commands_gather_while_a_publish_is_not_confirmed_and_half_of_them_go_at_once(amqp_uri: str) -> None:
    async def scenario(gateway: Gateway, service: PlayedService) -> None:
        wishes = [a_command(person=f"p-{number}") for number in range(10)]
        elsewhere = a_command("other")
        sent = [asyncio.create_task(gateway.bus.send(wish, 5)) for wish in [*wishes, elsewhere]]
        bundles: dict[str, list[list[str]]] = {}
        messages = []
        for _ in range(4):
            message, commands = await service.next()
            messages.append((message, commands))
            bundles.setdefault(commands[0].subject, []).append([one.id for one in commands])
        assert bundles == {
            "activity:talk": [
                [wishes[0].id],
                [wish.id for wish in wishes[1:6]],
                [wish.id for wish in wishes[6:]],
            ],
            "activity:other": [[elsewhere.id]],
        }
        assert service.idle
        for message, commands in messages:
            refusal = {"outcome": "refused", "facts": [], "refusal": {"code": "closed", "details": {}}}
            await service.answer(message.reply_to, *[(one, refusal) for one in commands])
        assert {answer.code for answer in await asyncio.gather(*sent) if answer} == {"closed"}
        assert gateway.applied == []

    play(amqp_uri, scenario)


def test_a_bundle_holds_commands_of_one_type_in_their_order(amqp_uri: str) -> None:
    async def scenario(gateway: Gateway, service: PlayedService) -> None:
        by = {"person": "lin", "school": "nchu", "role": "host"}
        close = command(
            "registration.CloseActivity.v1",
            "activity:talk",
            {"by": by, "activity": "talk"},
            id=str(uuid.uuid4()),
            wait=5,
        )
        first, second, third = (a_command() for _ in range(3))
        sent = [asyncio.create_task(gateway.bus.send(one, 1)) for one in (first, second, close, third)]
        bundles = [[one.id for one in (await service.next())[1]] for _ in range(4)]
        assert bundles == [[first.id], [second.id], [close.id], [third.id]]
        assert await asyncio.gather(*sent) == [None] * 4

    play(amqp_uri, scenario)


def test_facts_of_all_answers_of_a_round_are_applied_before_anybody_hears(amqp_uri: str) -> None:
    async def scenario(gateway: Gateway, service: PlayedService) -> None:
        wishes = [a_command(person=f"p-{number}") for number in range(5)]
        known_when_told: list[bool] = []

        async def ask(wish: CloudEvent) -> None:
            answer = await gateway.bus.send(wish, 5)
            assert answer
            known_when_told.append(answer.facts[0] in [fact for facts in gateway.applied for fact in facts])

        asked = [asyncio.create_task(ask(wish)) for wish in wishes]
        for _ in range(3):
            message, commands = await service.next()
            outcomes = [
                (one, accepted(seat_confirmed(one, int(one.data["person"][2:]) + 1))) for one in commands
            ]
            await service.answer(message.reply_to, *outcomes)
        await asyncio.gather(*asked)
        assert known_when_told == [True] * 5
        assert len(gateway.applied) <= 3

    play(amqp_uri, scenario)


def test_what_is_committed_is_answered_even_if_the_read_model_fails(amqp_uri: str) -> None:
    async def scenario(gateway: Gateway, service: PlayedService) -> None:
        gateway.trouble = RuntimeError("the store is away")
        wish = a_command()
        sent = asyncio.create_task(gateway.bus.send(wish, 5))
        message, _ = await service.next()
        await service.answer(message.reply_to, (wish, accepted(seat_confirmed(wish))))
        answer = await sent
        assert answer
        assert answer.outcome == "accepted"

    play(amqp_uri, scenario)


def test_an_answer_that_comes_late_is_told_as_such(amqp_uri: str) -> None:
    async def scenario(gateway: Gateway, service: PlayedService) -> None:
        wish = a_command()
        assert await gateway.bus.send(wish, 0.3) is None
        message, _ = await service.next()
        fact = seat_confirmed(wish)
        await service.answer(message.reply_to, (wish, accepted(fact)))
        async with asyncio.timeout(5):
            assert await gateway.late.get() == Answer(wish.id, "accepted", (fact,))
        assert gateway.applied == [[fact]]

    play(amqp_uri, scenario)


def test_the_same_command_asked_twice_at_once_is_sent_once(amqp_uri: str) -> None:
    async def scenario(gateway: Gateway, service: PlayedService) -> None:
        wish = a_command()
        both = [asyncio.create_task(gateway.bus.send(wish, 5)) for _ in range(2)]
        message, [arrived] = await service.next()
        assert arrived.id == wish.id
        parked = {"outcome": "parked", "facts": [], "refusal": None}
        await service.answer(message.reply_to, (wish, parked))
        assert await asyncio.gather(*both) == [Answer(wish.id, "parked")] * 2
        assert service.idle

    play(amqp_uri, scenario)


@pytest.mark.parametrize("body", [b"", b"\xff", b"[1]", b'{"a": 1}', b"[]"])
def test_a_reply_that_cannot_be_read_harms_no_other(amqp_uri: str, body: bytes) -> None:
    async def scenario(gateway: Gateway, service: PlayedService) -> None:
        wish = a_command()
        sent = asyncio.create_task(gateway.bus.send(wish, 5))
        message, _ = await service.next()
        await service.reply(message.reply_to, body)
        await service.answer(message.reply_to, (wish, accepted(seat_confirmed(wish))))
        answer = await sent
        assert answer
        assert answer.outcome == "accepted"

    play(amqp_uri, scenario)


def test_a_reply_from_nobody_that_the_broker_knows_is_passed_over(amqp_uri: str) -> None:
    async def scenario(gateway: Gateway, service: PlayedService) -> None:
        wish = a_command()
        sent = asyncio.create_task(gateway.bus.send(wish, 5))
        message, _ = await service.next()
        refused = {"outcome": "refused", "facts": [], "refusal": {"code": "closed", "details": {}}}
        await service.answer(message.reply_to, (wish, refused), user=None)
        await service.answer(message.reply_to, (wish, accepted()))
        assert await sent == Answer(wish.id, "accepted")

    play(amqp_uri, scenario)


def test_a_contact_card_is_told_on_private(amqp_uri: str) -> None:
    async def scenario(gateway: Gateway, service: PlayedService) -> None:
        async with await aio_pika.connect(amqp_uri) as connection:
            channel = await connection.channel()
            queue = await channel.get_queue("notification.facts")
            data = {
                "person": "lin",
                "name": "林",
                "email": "lin@nchu.example",
                "language": "zh-Hant",
                "school": "nchu",
                "version": 1,
            }
            card = CloudEvent(
                "person:lin@1.0",
                "/center/gateway",
                "gateway.contact_card.v1",
                "person:lin",
                NOW,
                data,
                sequence=1,
            )
            await gateway.bus.tell(card)
            message = await queue.get(timeout=5)
            await message.ack()
            assert from_json(message.body) == card
            assert (message.message_id, message.delivery_mode) == (card.id, 2)

    play(amqp_uri, scenario)


def test_with_no_broker_one_is_told_at_once() -> None:
    async def scenario() -> None:
        gateway = Gateway("amqp://nobody:nothing@127.0.0.1:9/none")
        await gateway.bus.open()
        try:
            begun = asyncio.get_running_loop().time()
            for _ in range(3):
                with pytest.raises(BusUnavailable):
                    await gateway.bus.send(a_command(), 5)
            assert asyncio.get_running_loop().time() - begun < 1
            assert not gateway.bus.up
        finally:
            await gateway.bus.close()

    asyncio.run(scenario())


def test_an_answer_lost_with_the_connection_is_asked_for_again(amqp_uri: str) -> None:
    """The connection dies between the confirm and the answer."""

    async def scenario() -> None:
        async with wire(amqp_uri) as (between, through), playing(amqp_uri, through) as (gateway, service):
            wish = a_command()
            sent = asyncio.create_task(gateway.bus.send(wish, 20))
            await service.next()
            await _confirmed(gateway)
            between.cut()
            again, [arrived] = await service.next()
            assert arrived.id == wish.id
            await service.answer(again.reply_to, (wish, accepted(seat_confirmed(wish))))
            answer = await sent
            assert answer
            assert answer.outcome == "accepted"

    asyncio.run(scenario())


def test_a_broker_that_dies_before_it_confirms(amqp_uri: str) -> None:
    """Nobody waits for it: the same wish may be asked again at once."""

    async def scenario() -> None:
        async with wire(amqp_uri) as (between, through), playing(amqp_uri, through) as (gateway, service):
            between.hold()
            wish = a_command()
            sent = asyncio.create_task(gateway.bus.send(wish, 20))
            await service.next()
            between.cut()
            with pytest.raises(BusUnavailable):
                await sent
            between.release()
            again = asyncio.create_task(_insist(gateway, wish))
            message, [arrived] = await service.next()
            assert arrived.id == wish.id
            await service.answer(message.reply_to, (wish, accepted(seat_confirmed(wish))))
            assert await again

    asyncio.run(scenario())


def test_a_broker_that_holds_back_its_confirms(amqp_uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As behind a disk alarm: after one that tried its luck the others are told at once, and later all is well."""
    monkeypatch.setattr(broker, "CONFIRM_SECONDS", 0.5)

    async def scenario() -> None:
        async with wire(amqp_uri) as (between, through), playing(amqp_uri, through) as (gateway, service):
            between.hold()
            sent = [asyncio.create_task(gateway.bus.send(a_command(person=f"p-{n}"), 20)) for n in range(5)]
            outcomes = await asyncio.gather(*sent, return_exceptions=True)
            assert [type(outcome) for outcome in outcomes] == [BusUnavailable] * 5
            begun = asyncio.get_running_loop().time()
            with pytest.raises(BusUnavailable):
                await gateway.bus.send(a_command("other"), 20)
            assert asyncio.get_running_loop().time() - begun < 0.3
            await service.next()
            between.release()
            wish = a_command("third")
            again = asyncio.create_task(_insist(gateway, wish))
            message, [arrived] = await service.next()
            assert arrived.id == wish.id
            await service.answer(message.reply_to, (wish, accepted(seat_confirmed(wish))))
            assert await again

    asyncio.run(scenario())


async def _insist(gateway: Gateway, wish: CloudEvent) -> Answer | None:
    """As a client does that is told to come back."""
    async with asyncio.timeout(15):
        while True:
            try:
                return await gateway.bus.send(wish, 10)
            except BusUnavailable:
                await asyncio.sleep(0.05)


async def _confirmed(gateway: Gateway) -> None:
    async with asyncio.timeout(10):
        while gateway.bus.unconfirmed:  # noqa: ASYNC110 - the bus has no use for an event of it
            await asyncio.sleep(0.01)


def test_deadlines_follow_the_wait() -> None:
    wish = a_command()
    assert wish.deadline == wish.time + timedelta(seconds=5)
