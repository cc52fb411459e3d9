"""How often one may ask, and what one is told about it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any

import httpx
import pytest
from limits import parse
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.api_settings import ApiSettings
from gateway.serving.answering import HANDLERS
from gateway.serving.limits import RateLimited, Windows, client_address

SETTINGS = ApiSettings(per_address=parse("3 per minute"), per_person=parse("2 per minute"))


@dataclass(frozen=True)
class Known:
    id: str


class Who:
    """In the place of `Identity` and `Bearing`: headers say who is asking."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        person, token = headers.get(b"x-person"), headers.get(b"x-token")
        scope.setdefault("state", {})["language"] = "en"
        scope["state"]["person"] = Known(person.decode()) if person else None
        scope["state"]["token"] = Known(token.decode()) if token else None
        await self._app(scope, receive, send)


async def echo(request: Request) -> Response:
    return PlainTextResponse("here")


Ask = Callable[..., httpx.Response]


@pytest.fixture
def ask() -> Ask:
    """One application for all the requests of a test."""
    made = Starlette(
        routes=[Route(path, echo, methods=["GET", "POST"]) for path in ("/api/v1/x", "/page", "/static/x")],
        middleware=[Middleware(Who), Middleware(RateLimited, settings=SETTINGS)],
        exception_handlers=dict(HANDLERS),
    )
    made.state.problem_page = None

    def send(
        method: str = "GET", path: str = "/api/v1/x", *, client: str = "192.0.2.1", **headers: str
    ) -> Any:
        named = {f"x-{name}": value for name, value in headers.items()}

        async def one() -> httpx.Response:
            transport = httpx.ASGITransport(made, client=(client, 5))
            async with httpx.AsyncClient(transport=transport, base_url="http://x") as browser:
                return await browser.request(method, path, headers=named)

        return asyncio.run(one())

    return send


def test_one_is_told_what_is_left(ask: Ask) -> None:
    headers = ask().headers
    assert headers["ratelimit-policy"] == '"address";q=3;w=60'
    assert headers["ratelimit"].startswith('"address";r=2;t=')


def test_too_much_is_refused_with_when_to_come_back(ask: Ask) -> None:
    assert [ask().status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = ask()
    assert (refused.json()["code"], refused.headers["content-type"]) == (
        "rate_limited",
        "application/problem+json",
    )
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.headers["ratelimit"].startswith('"address";r=0;t=')


def test_each_client_has_a_count_of_its_own(ask: Ask) -> None:
    for who in ({"person": "lin"}, {"person": "wu"}, {"person": "lin", "token": "t1"}, {"token": "t2"}):
        assert [ask(**who).status_code for _ in range(3)] == [200, 200, 429]
    assert [ask(client=f"192.0.2.{n}").status_code for n in range(5)] == [200] * 5


def test_reading_pages_without_signing_in_is_not_counted(ask: Ask) -> None:
    assert [ask(path="/page").status_code for _ in range(5)] == [200] * 5
    assert "ratelimit" not in ask(path="/page").headers
    assert [ask("POST", "/page").status_code for _ in range(4)] == [200, 200, 200, 429]


def test_what_a_page_consists_of_is_not_counted(ask: Ask) -> None:
    assert [ask(path="/static/x", person="lin").status_code for _ in range(5)] == [200] * 5


def test_a_window_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("gateway.serving.limits.time.time", lambda: now)
    windows = Windows()

    async def count(key: str) -> int:
        return await windows.incr(key, 60)

    assert [asyncio.run(count("a")) for _ in range(2)] == [1, 2]
    now = 1060.0
    assert asyncio.run(windows.get("a")) == 0
    assert asyncio.run(count("a")) == 1
    now = 1130.0
    asyncio.run(count("b"))
    assert windows._counts.keys() == {"b"}


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "address"),
    [
        ("192.0.2.1", "", "", "192.0.2.1"),
        ("192.0.2.1", "203.0.113.9", "", "192.0.2.1"),
        ("10.0.0.2", "203.0.113.9", "10.0.0.0/8", "203.0.113.9"),
        ("10.0.0.2", "1.1.1.1, 203.0.113.9, 10.0.0.3", "10.0.0.0/8", "203.0.113.9"),
        ("10.0.0.2", "nonsense", "10.0.0.0/8", "unknown"),
        ("2001:db8:1:2:3:4:5:6", "", "", "2001:db8:1:2::/64"),
    ],
)
def test_the_address_is_that_of_the_last_hop_that_is_no_proxy(
    peer: str, forwarded: str, proxies: str, address: str
) -> None:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    trusted = (ip_network(proxies),) if proxies else ()
    assert client_address({"client": (peer, 1), "headers": headers}, trusted) == address
