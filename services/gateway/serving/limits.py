"""How often one may ask: each person, each token, and each address of those who are nobody.

Counted in this process, with the library `limits`. Its own memory looks through all it knows at each request, which
takes half a millisecond when 5,000 people come: `Windows` looks through it once a minute.

Reading pages without signing in is not counted, for that is answered from memory. What is counted says so in the
headers `RateLimit` and `RateLimit-Policy`, and what is too much is answered 429 with `Retry-After`.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address

from limits import RateLimitItem
from limits.aio.storage import Storage
from limits.aio.strategies import FixedWindowRateLimiter
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.api_settings import ApiSettings
from gateway.problems import Problem
from gateway.serving.answering import respond

SWEEP_SECONDS = 60.0
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Windows(Storage):
    """Counts by key, each until its window ends."""

    STORAGE_SCHEME: list[str] | None = None

    def __init__(self) -> None:
        super().__init__()
        self._counts: dict[str, tuple[int, float]] = {}
        self._swept = time.time()

    @property
    def base_exceptions(self) -> type[Exception]:
        """None of its own."""
        return ValueError

    async def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """The count after this one. The first one begins a window of `expiry` seconds."""
        now = time.time()
        if now > self._swept + SWEEP_SECONDS:
            self._counts = {known: count for known, count in self._counts.items() if count[1] > now}
            self._swept = now
        count, until = self._counts.get(key, (0, 0.0))
        if until <= now:
            count, until = 0, now + expiry
        self._counts[key] = (count + amount, until)
        return count + amount

    async def get(self, key: str) -> int:
        """The count in the window that runs."""
        count, until = self._counts.get(key, (0, 0.0))
        return count if until > time.time() else 0

    async def get_expiry(self, key: str) -> float:
        """When the window ends, as `time.time()` has it."""
        return self._counts.get(key, (0, time.time()))[1]

    async def check(self) -> bool:
        """There is nothing that could be away."""
        return True

    async def reset(self) -> int:
        """Forget all counts; how many they were."""
        forgotten = len(self._counts)
        self._counts.clear()
        return forgotten

    async def clear(self, key: str) -> None:
        """Forget one count."""
        self._counts.pop(key, None)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a policy says to one client now: `left` of `most` in the `seconds` until its window ends."""

    policy: str
    most: int
    window: int
    left: int
    seconds: int
    within: bool

    def headers(self) -> list[tuple[bytes, bytes]]:
        """As draft-ietf-httpapi-ratelimit-headers writes it."""
        return [
            (b"ratelimit-policy", f'"{self.policy}";q={self.most};w={self.window}'.encode()),
            (b"ratelimit", f'"{self.policy}";r={self.left};t={self.seconds}'.encode()),
        ]


class Limits:
    """The policies and the counts."""

    def __init__(self, settings: ApiSettings) -> None:
        self._settings = settings
        self._limiter = FixedWindowRateLimiter(Windows())

    async def take(self, policy: str, client: str) -> Standing:
        """Count one request of a client."""
        item = self._item(policy)
        within = await self._limiter.hit(item, policy, client)
        reset, left = await self._limiter.get_window_stats(item, policy, client)
        seconds = max(0, math.ceil(reset - time.time()))
        return Standing(policy, item.amount, item.get_expiry(), left, seconds, within)

    async def of(self, scope: Scope) -> Standing | None:
        """Count a request; None for what is not counted."""
        path: str = scope["path"]
        state = scope["state"]
        if state.get("token") is not None:
            return await self.take("token", state["token"].id)
        if path.startswith(("/static/", "/health/")):
            return None
        if state.get("person") is not None:
            return await self.take("person", state["person"].id)
        if path.startswith("/api/") or scope["method"] not in _SAFE:
            return await self.take("address", client_address(scope, self._settings.proxies))
        return None

    def _item(self, policy: str) -> RateLimitItem:
        return self._settings.per_address if policy == "address" else self._settings.per_person


class RateLimited:
    """Counts what comes behind `Identity` and `Bearer`, which know whose it is."""

    def __init__(self, app: ASGIApp, settings: ApiSettings) -> None:
        self._app = app
        self._limits = Limits(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        standing = await self._limits.of(scope)
        problem: Problem | None = scope["state"].get("refused")
        if standing is None:
            await self._app(scope, receive, send)
            return
        if not standing.within:
            problem = Problem("rate_limited", headers={"Retry-After": str(max(1, standing.seconds))})
        telling = _telling(send, standing.headers())
        if problem is not None:
            response = respond(Request(scope), problem)
            await response(scope, receive, telling)
            return
        await self._app(scope, receive, telling)


def _telling(send: Send, headers: list[tuple[bytes, bytes]]) -> Send:
    async def telling(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"].extend(headers)
        await send(message)

    return telling


def client_address(scope: Scope, proxies: tuple[IPv4Network | IPv6Network, ...]) -> str:
    """Where a request comes from: the last hop that is no proxy of ours. A whole /64 of IPv6 is one client."""
    client = scope.get("client")
    told = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
    hops = [hop for value in told for hop in value.split(",")] if proxies else []
    for hop in reversed([*hops, client[0] if client else ""]):
        try:
            address = ip_address(hop.strip())
        except ValueError:
            return "unknown"
        if not any(address in proxy for proxy in proxies):
            break
    return str(address) if address.version == 4 else str(IPv6Network((int(address) >> 64 << 64, 64)))
