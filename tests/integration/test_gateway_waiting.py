"""Commands that are not answered in time: taken, looked up, asked about again, decided late."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import aio_pika
import httpx
import pytest
from pymongo import MongoClient
from toys.played_service import PlayedService, accepted, seat_confirmed
from toys.proxy import Wire, wire
from toys.web_side import LIN, fill, visiting

from gateway.identity import middleware


async def register(client: httpx.AsyncClient, key: str = "k") -> httpx.Response:
    return await client.post(
        "/api/v1/activities/talk/registrations", json={"pool": "onsite"}, headers={"idempotency-key": key}
    )


@pytest.fixture
def store(mongo_uri: str) -> Any:
    with MongoClient[dict[str, Any]](mongo_uri, tz_aware=True) as client:
        fill(client)
        yield client.get_default_database()


Scenario = Callable[[httpx.AsyncClient, PlayedService], Awaitable[None]]


def play(amqp_uri: str, mongo_uri: str, scenario: Scenario) -> None:
    async def played() -> None:
        async with await aio_pika.connect(amqp_uri) as connection:
            service = PlayedService(await connection.channel())
            await service.listen()
            async with visiting(amqp_uri, mongo_uri, command_wait=0.4) as client:
                await scenario(client, service)

    asyncio.run(played())


def test_taken_and_decided_late(amqp_uri: str, mongo_uri: str, store: Any) -> None:
    async def scenario(client: httpx.AsyncClient, service: PlayedService) -> None:
        taken = await register(client)
        status = taken.json()
        assert (taken.status_code, status["status"], status["location"]) == (202, "pending", None)
        assert taken.headers["location"] == f"/api/v1/commands/{status['id']}"
        assert taken.headers["retry-after"] == "2"
        looked = await client.get(taken.headers["location"])
        assert looked.json() == status
        message, [command] = await service.next()
        await service.answer(message.reply_to, (command, accepted(seat_confirmed(command, 3))))
        decided = await _decided(client, taken.headers["location"])
        assert decided == {
            "id": status["id"],
            "status": "accepted",
            "location": f"/api/v1/registrations/{status['id']}",
            "problem": None,
        }
        assert (await client.get(decided["location"])).json()["status"] == "confirmed"
        assert service.idle

    play(amqp_uri, mongo_uri, scenario)


def test_refused_late(amqp_uri: str, mongo_uri: str, store: Any) -> None:
    async def scenario(client: httpx.AsyncClient, service: PlayedService) -> None:
        taken = await register(client)
        message, [command] = await service.next()
        refusal = {"code": "pool_full", "details": {"pool": "onsite"}}
        await service.answer(
            message.reply_to, (command, {"outcome": "refused", "facts": [], "refusal": refusal})
        )
        decided = await _decided(client, taken.headers["location"])
        assert (decided["status"], decided["problem"]["code"]) == ("refused", "pool_full")
        assert decided["problem"]["title"] == "No seat left"

    play(amqp_uri, mongo_uri, scenario)


def test_a_command_that_the_service_parks(amqp_uri: str, mongo_uri: str, store: Any) -> None:
    async def scenario(client: httpx.AsyncClient, service: PlayedService) -> None:
        asking = asyncio.create_task(register(client))
        message, [command] = await service.next()
        await service.answer(message.reply_to, (command, {"outcome": "parked", "facts": [], "refusal": None}))
        parked = await asking
        assert (parked.status_code, parked.json()["status"]) == (202, "parked")
        assert "retry-after" not in parked.headers

    play(amqp_uri, mongo_uri, scenario)


def test_asked_again_when_nothing_was_heard_for_ten_seconds(
    amqp_uri: str, mongo_uri: str, store: Any
) -> None:
    """The answer was lost with an instance that is no more: the log gives it again to whoever asks."""

    async def scenario(client: httpx.AsyncClient, service: PlayedService) -> None:
        taken = await register(client)
        _, [first] = await service.next()
        long_ago = datetime.now(UTC) - timedelta(seconds=11)
        store["commands"].update_one({"_id": first.id}, {"$set": {"asked": long_ago}})
        looking = [asyncio.create_task(client.get(taken.headers["location"])) for _ in range(5)]
        message, [again] = await service.next()
        assert again == first
        await service.answer(message.reply_to, (again, accepted(seat_confirmed(again, 3))))
        found = [response.json()["status"] for response in await asyncio.gather(*looking)]
        assert found.count("accepted") == 1
        assert service.idle

    play(amqp_uri, mongo_uri, scenario)


def test_nobody_elses_command(amqp_uri: str, mongo_uri: str, store: Any) -> None:
    async def scenario(client: httpx.AsyncClient, service: PlayedService) -> None:
        taken = await register(client)
        store["people"].insert_one({**LIN, "_id": "wu"})
        assert (await client.post("/api/v1/session", json={"person": "wu"})).status_code == 200
        response = await client.get(taken.headers["location"])
        assert (response.status_code, response.json()["code"]) == (404, "unknown_command")
        nothing = await client.get(f"/api/v1/commands/{uuid.uuid4()}")
        assert (nothing.status_code, nothing.json()["code"]) == (404, "unknown_command")

    play(amqp_uri, mongo_uri, scenario)


def test_without_a_broker_one_reads_and_is_told_to_come_back(mongo_uri: str, store: Any) -> None:
    async def story() -> None:
        nowhere = "amqp://nobody:nothing@127.0.0.1:9/none"
        async with visiting(nowhere, mongo_uri, command_wait=0.4) as client:
            response = await register(client)
            assert (response.status_code, response.json()["code"]) == (503, "unavailable")
            assert response.headers["retry-after"] == "2"
            assert (await client.get("/api/v1/activities/talk")).status_code == 200
            assert (await client.get("/")).status_code == 200

    asyncio.run(story())


def test_without_a_store_what_was_known_is_shown(amqp_uri: str, mongo_uri: str, store: Any) -> None:
    async def story() -> None:
        async with wire(mongo_uri) as (between, through):
            direct = _direct(through)
            async with visiting(amqp_uri, direct) as client:
                before = (await client.get("/api/v1/activities/talk")).json()
                await _away(between)
                await asyncio.sleep(1.1)  # longer than anything is fresh
                assert (await client.get("/api/v1/activities/talk")).json() == before
                response = await client.get("/api/v1/activities/another")
                assert (response.status_code, response.json()["code"]) == (503, "unavailable")
                assert "retry-after" in response.headers

    asyncio.run(story())


def test_who_is_signed_in_stays_so_without_a_store(
    amqp_uri: str, mongo_uri: str, store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(middleware, "LOOKED_UP_SECONDS", -10)

    async def story() -> None:
        async with wire(mongo_uri) as (between, through), visiting(amqp_uri, _direct(through)) as client:
            await _away(between)
            assert (await client.get("/api/v1/me")).json()["id"] == "lin"

    asyncio.run(story())


def test_who_is_erased_is_nobody_when_looked_up(
    amqp_uri: str, mongo_uri: str, store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        async with visiting(amqp_uri, mongo_uri) as client:
            store["people"].delete_one({"_id": "lin"})
            assert (await client.get("/api/v1/me")).status_code == 200
            monkeypatch.setattr(middleware, "LOOKED_UP_SECONDS", -10)
            assert (await client.get("/api/v1/me")).status_code == 401
            assert "session" not in client.cookies

    asyncio.run(story())


async def _decided(client: httpx.AsyncClient, address: str) -> dict[str, Any]:
    async with asyncio.timeout(10):
        while True:
            status: dict[str, Any] = (await client.get(address)).json()
            if status["status"] != "pending":
                return status
            await asyncio.sleep(0.02)


def _direct(uri: str) -> str:
    """Through the wire only: the store would tell where it really is."""
    return uri.replace("replicaSet=secantus", "directConnection=true")


async def _away(between: Wire) -> None:
    between.hold()
    between.cut()
