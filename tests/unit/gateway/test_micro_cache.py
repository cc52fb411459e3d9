"""The cache for a breath: one read for all who ask, never older than what this process wrote."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from pymongo.errors import AutoReconnect

from gateway.read_model.micro_cache import MicroCache


class Source:
    """Counts reads; each waits until it is let go."""

    def __init__(self) -> None:
        self.reads = 0
        self.go = asyncio.Event()
        self.go.set()

    async def read(self) -> int:
        self.reads += 1
        number = self.reads
        await self.go.wait()
        return number


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(scenario())  # type: ignore[arg-type]


def test_many_who_ask_at_once_are_one_read() -> None:
    async def scenario() -> None:
        cache, source = MicroCache(), Source()
        source.go.clear()
        asked = [asyncio.create_task(cache.get("k", source.read)) for _ in range(50)]
        await asyncio.sleep(0)
        source.go.set()
        assert await asyncio.gather(*asked) == [1] * 50
        assert await cache.get("k", source.read) == 1
        assert cache.fresh("k") == 1

    run(scenario)


def test_what_is_not_fresh_is_read_again() -> None:
    async def scenario() -> None:
        cache, source = MicroCache(seconds=0), Source()
        assert [await cache.get("k", source.read) for _ in range(3)] == [1, 2, 3]
        assert cache.fresh("k") is None

    run(scenario)


def test_who_asks_after_a_write_does_not_get_a_read_that_began_before_it() -> None:
    async def scenario() -> None:
        cache, source = MicroCache(), Source()
        source.go.clear()
        before = asyncio.create_task(cache.get("k", source.read))
        await asyncio.sleep(0)
        cache.drop("k")
        after = asyncio.create_task(cache.get("k", source.read))
        await asyncio.sleep(0)
        source.go.set()
        assert (await before, await after) == (1, 2)
        assert await cache.get("k", source.read) == 2

    run(scenario)


def test_a_caller_who_goes_away_does_not_take_the_read_from_the_others() -> None:
    async def scenario() -> None:
        cache, source = MicroCache(), Source()
        source.go.clear()
        gone, stays = (asyncio.create_task(cache.get("k", source.read)) for _ in range(2))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.sleep(0)
        source.go.set()
        assert await stays == 1

    run(scenario)


def test_while_the_store_is_away_what_was_known_is_shown() -> None:
    async def away() -> int:
        raise AutoReconnect("away")

    async def scenario() -> None:
        cache, source = MicroCache(seconds=0), Source()
        with pytest.raises(AutoReconnect):
            await cache.get("k", away)
        assert await cache.get("k", source.read) == 1
        assert await cache.get("k", away) == 1
        source.go.clear()
        async with asyncio.timeout(5):
            assert await cache.get("k", source.read) == 1
        source.go.set()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert await cache.get("k", source.read) == 3

    run(scenario)


def test_after_the_first_read_that_failed_nobody_waits_for_another() -> None:
    async def scenario() -> None:
        cache, source = MicroCache(seconds=0), Source()
        assert [await cache.get(key, source.read) for key in "ab"] == [1, 2]

        async def away() -> int:
            raise AutoReconnect("away")

        with pytest.raises(AutoReconnect):
            await cache.get("nothing is known of this", away)
        source.go.clear()
        async with asyncio.timeout(5):
            assert [await cache.get(key, source.read) for key in "ab"] == [1, 2]
        source.go.set()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert [await cache.get(key, source.read) for key in "ab"] == [5, 6]

    run(scenario)


def test_memory_is_bounded() -> None:
    async def scenario() -> None:
        cache, source = MicroCache(most=10), Source()
        for number in range(100):
            await cache.get(number, source.read)
        assert sum(cache.fresh(number) is not None for number in range(100)) <= 10

    run(scenario)
