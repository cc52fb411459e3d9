"""Tokens in the store: told once, found by their hash, refused when they are revoked, expired or nobody's."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest

from gateway import storage
from gateway.access.tokens import MOST, Tokens, Wish
from gateway.actions import Person
from gateway.identity.notices import Notices
from gateway.problems import Problem

LIN = Person("lin", "Lin", "lin@x.example", "en", "nchu", frozenset({"staff", "host", "center"}))
WU = replace(LIN, id="wu")
WISH = Wish("calendar", ("read", "host"), 30)
SECRET = "s" * 32

Done = TypeVar("Done")
Run = Callable[[Callable[[Tokens, Any], Awaitable[Done]]], Done]


@pytest.fixture
def people() -> dict[str, Person]:
    """Who there is."""
    return {"lin": LIN, "wu": WU}


@pytest.fixture
def run(mongo_uri: str, people: dict[str, Person]) -> Run[Any]:
    """Run something with tokens and their collection, which stays for the next."""

    async def look_up(person: str) -> Person | None:
        return people.get(person)

    def run(story: Callable[[Tokens, Any], Awaitable[Any]]) -> Any:
        async def whole() -> Any:
            database = storage.open_for_web(mongo_uri)
            try:
                tokens = Tokens(database, SECRET, look_up, Notices(database))
                return await story(tokens, database["tokens"])
            finally:
                await database.client.close()

        return asyncio.run(whole())

    return run


def test_a_token_acts_as_its_person_in_the_roles_of_its_scopes(run: Run[Any]) -> None:
    async def story(tokens: Tokens, kept: Any) -> None:
        token, secret = await tokens.make(LIN, WISH, "k")
        found = await tokens.bearer(secret)
        assert found
        assert found.person == replace(LIN, roles=frozenset({"staff", "host"}))
        assert (found.token.id, found.token.scopes) == (token.id, ("read", "host"))
        assert [one.used is not None for one in await tokens.of("lin")] == [True]
        assert secret not in str(await kept.find().to_list())

    run(story)


def test_the_same_wish_gets_the_same_token_for_a_while(run: Run[Any]) -> None:
    async def story(tokens: Tokens, kept: Any) -> None:
        first = await tokens.make(LIN, WISH, "k")
        assert await tokens.make(LIN, WISH, "k") == first
        assert (await tokens.make(WU, WISH, "k"))[1] != first[1]
        assert (await tokens.make(LIN, WISH, "k", school="nchu"))[1] != first[1]
        with pytest.raises(Problem, match="idempotency_key_reused"):
            await tokens.make(LIN, replace(WISH, scopes=("read",)), "k")
        long_ago = datetime.now(UTC) - timedelta(minutes=11)
        await kept.update_one({"id": first[0].id}, {"$set": {"created": long_ago}})
        with pytest.raises(Problem, match="idempotency_key_reused"):
            await tokens.make(LIN, WISH, "k")

    run(story)


def test_a_revoked_token_is_refused_here_at_once_and_elsewhere_within_two_seconds(run: Run[Any]) -> None:
    async def story(tokens: Tokens, kept: Any) -> None:
        token, secret = await tokens.make(LIN, WISH, "k")
        notices = Notices(kept.database)
        elsewhere = Tokens(kept.database, SECRET, tokens._look_up, notices)
        assert await elsewhere.bearer(secret)
        following = asyncio.create_task(notices.follow())
        with pytest.raises(Problem, match="unknown_token"):
            await tokens.revoke(token.id, person="wu")
        await tokens.revoke(token.id, person="lin")
        await tokens.revoke(token.id, person="lin")
        assert await tokens.bearer(secret) is None
        assert await tokens.of("lin") == []
        async with asyncio.timeout(2):
            while await elsewhere.bearer(secret):  # noqa: ASYNC110 - what another process knows
                await asyncio.sleep(0.05)
        following.cancel()
        with pytest.raises(Problem, match="idempotency_key_reused"):
            await tokens.make(LIN, WISH, "k")

    run(story)


def test_a_token_is_not_looked_for_at_each_request(run: Run[Any]) -> None:
    async def story(tokens: Tokens, kept: Any) -> None:
        _, secret = await tokens.make(LIN, WISH, "k")
        assert await tokens.bearer(secret)
        await kept.delete_many({})
        assert await tokens.bearer(secret)

    run(story)


def test_a_token_ends_with_its_time_and_with_its_person(run: Run[Any], people: dict[str, Person]) -> None:
    async def story(tokens: Tokens, kept: Any) -> str:
        token, secret = await tokens.make(LIN, WISH, "k")
        assert await tokens.bearer(secret)
        await kept.update_one({"id": token.id}, {"$set": {"expires": datetime.now(UTC)}})
        await tokens._notices.mark_stale(person="lin")
        tokens._cache.clear()
        assert await tokens.bearer(secret) is None
        assert await tokens.of("lin") == []
        return str((await tokens.make(WU, WISH, "k"))[1])

    of_wu = run(story)
    people["wu"] = replace(WU, roles=frozenset({"staff"}))

    async def later(tokens: Tokens, kept: Any) -> None:
        found = await tokens.bearer(of_wu)
        assert found
        assert found.person.roles == {"staff"}

    run(later)
    del people["wu"]

    async def gone(tokens: Tokens, kept: Any) -> None:
        assert await tokens.bearer(of_wu) is None

    run(gone)


def test_tokens_of_a_school_are_its_own(run: Run[Any]) -> None:
    async def story(tokens: Tokens, kept: Any) -> None:
        token, _ = await tokens.make(LIN, WISH, "k", school="nchu")
        assert await tokens.of("lin") == []
        assert [one.id for one in await tokens.of("wu", "nchu")] == [token.id]
        with pytest.raises(Problem, match="unknown_token"):
            await tokens.revoke(token.id, person="lin")
        await tokens.revoke(token.id, person="wu", school="nchu")
        assert await tokens.of("wu", "nchu") == []

    run(story)


def test_there_are_only_so_many(run: Run[Any]) -> None:
    async def story(tokens: Tokens, kept: Any) -> None:
        for number in range(MOST):
            await tokens.make(LIN, WISH, str(number))
        with pytest.raises(Problem, match="too_many_tokens"):
            await tokens.make(LIN, WISH, "one more")

    run(story)


def test_what_is_no_token_is_not_looked_for(run: Run[Any]) -> None:
    async def story(tokens: Tokens, kept: Any) -> None:
        await kept.database.client.close()
        for nonsense in ("", "gx_", "gx_" + "é" * 43, "x" * 10_000):
            assert await tokens.bearer(nonsense) is None

    run(story)
