"""How often an address may be mailed to, and a client may try: counted in the store, for all processes together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pymongo.asynchronous.collection import AsyncCollection
from starlette.requests import Request

from gateway.problems import Problem
from gateway.serving.limits import client_address
from gateway.storage import Document


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` in so many seconds."""

    most: int
    seconds: int


async def keep(tries: AsyncCollection[Document], one: Document, limits: Mapping[str, Limit]) -> None:
    """Keep a try, unless there are as many as there may be of what it has in a field of `limits`.

    Then it raises Problem too_many_attempts, and the try is not kept. However many are kept at the same moment, there
    are never more than there may be: some may be refused who would have been the last to get in.
    """
    for field, limit in limits.items():  # whoever asks without end writes nothing
        await check(tries, field, one[field], limit)
    await tries.insert_one(one)
    try:
        # Again with this one among them: of many who ask at the same moment each was the first a moment ago.
        for field, limit in limits.items():
            await check(tries, field, one[field], limit, own=1)
    except Problem:
        await tries.delete_one({"_id": one["_id"]})
        raise


async def check(tries: AsyncCollection[Document], field: str, value: str, limit: Limit, own: int = 0) -> None:
    """Raises Problem too_many_attempts if `tries` has as many of this value as there may be, besides `own`.

    Tries have the time in `at`, and an index over (`field`, `at`).
    """
    most = limit.most + own
    since = datetime.now(UTC) - timedelta(seconds=limit.seconds)
    if await tries.count_documents({field: value, "at": {"$gt": since}}, limit=most) >= most:
        raise Problem("too_many_attempts", headers={"Retry-After": str(limit.seconds)})


def client_of(request: Request) -> str:
    """Where a request comes from, as far as it can be believed."""
    return client_address(request.scope, request.app.state.settings.api.proxies)
