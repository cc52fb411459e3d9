"""How often an address may be mailed to, and a client may try: counted in the store, for all processes together."""

from __future__ import annotations

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

    def with_own(self) -> Limit:
        """For who has counted their own try already."""
        return Limit(self.most + 1, self.seconds)


async def check(tries: AsyncCollection[Document], field: str, value: str, limit: Limit) -> None:
    """Raises Problem too_many_attempts if `tries` has as many of this value as there may be.

    Tries have the time in `at`, and an index over (`field`, `at`).
    """
    since = datetime.now(UTC) - timedelta(seconds=limit.seconds)
    known = await tries.count_documents({field: value, "at": {"$gt": since}}, limit=limit.most)
    if known >= limit.most:
        raise Problem("too_many_attempts", headers={"Retry-After": str(limit.seconds)})


def client_of(request: Request) -> str:
    """Where a request comes from, as far as it can be believed."""
    return client_address(request.scope, request.app.state.settings.api.proxies)
