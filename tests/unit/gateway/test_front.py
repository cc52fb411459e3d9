"""What every request passes first: host, size, origin; and what every answer carries."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gateway.problems import Described
from gateway.serving import trace
from gateway.serving.answering import HANDLERS
from gateway.serving.front import LONGEST_ADDRESS, MOST_BYTES, Front

ORIGIN = "https://gongxue.example.org"
JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}


async def echo(request: Request) -> Response:
    body = await request.body()
    return PlainTextResponse(f"{request.state.language} {len(body)} {trace.current.get()}")


def page(request: Request, problem: Described) -> Response:
    return PlainTextResponse(f"page: {problem.title}")


def app(origin: str = ORIGIN) -> Starlette:
    settings: Any = SimpleNamespace(
        public_url=origin, authority=origin.partition("//")[2], secure=origin.startswith("https:")
    )
    made = Starlette(
        routes=[
            Route("/echo", echo, methods=["GET", "POST"]),
            Route("/api/v1/echo", echo, methods=["GET", "POST"]),
            Route("/health/live", echo),
        ],
        middleware=[Middleware(Front, settings=settings)],
        exception_handlers=dict(HANDLERS),
    )
    made.state.problem_page = page
    return made


def ask(
    method: str,
    path: str = "/api/v1/echo",
    *,
    headers: Mapping[str, str] | None = None,
    content: bytes | AsyncIterator[bytes] | None = None,
    origin: str = ORIGIN,
    base: str | None = None,
) -> httpx.Response:
    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app(origin))
        async with httpx.AsyncClient(transport=transport, base_url=base or origin) as client:
            return await client.request(method, path, headers=dict(headers or {}), content=content)

    return asyncio.run(asked())


def code(response: httpx.Response) -> str:
    return str(response.json()["code"])


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        (ORIGIN, "gongxue.example.org"),
        (ORIGIN, "GONGXUE.example.org"),
        (ORIGIN, "gongxue.example.org:443"),
        ("https://gongxue.example.org:443", "gongxue.example.org"),
        ("http://localhost:8000", "localhost:8000"),
        ("http://localhost", "localhost:80"),
    ],
)
def test_the_public_name_is_answered(origin: str, host: str) -> None:
    assert ask("GET", headers={"host": host}, origin=origin).status_code == 200


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        (ORIGIN, "evil.example"),
        (ORIGIN, "gongxue.example.org.evil.example"),
        (ORIGIN, "gongxue.example.org:8000"),
        (ORIGIN, "gongxue.example.org:80"),
        ("http://localhost:8000", "127.0.0.1:8000"),
        ("http://localhost:8000", "localhost"),
    ],
)
def test_another_name_is_refused(origin: str, host: str) -> None:
    response = ask("GET", headers={"host": host}, origin=origin)
    assert (response.status_code, code(response)) == (421, "misdirected")


def test_no_host_and_two_hosts_are_refused() -> None:
    for hosts in ([], [(b"host", b"gongxue.example.org")] * 2):
        statuses: list[int] = []

        async def send(message: Any, statuses: list[int] = statuses) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        scope = {"type": "http", "method": "GET", "path": "/echo", "query_string": b"", "headers": hosts}
        asyncio.run(app()(scope, None, send))  # type: ignore[arg-type]
        assert statuses == [400]


def test_health_is_answered_under_any_name() -> None:
    assert ask("GET", "/health/live", headers={"host": "10.0.0.7:8000"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": ORIGIN, **FORM},
        {"sec-fetch-site": "same-origin", **FORM},
        {"sec-fetch-site": "same-origin", "origin": ORIGIN, **JSON},
        JSON,
        {"content-type": "application/json; charset=utf-8"},
        {"idempotency-key": "k"},
    ],
)
def test_our_own_pages_and_programs_may_write(headers: dict[str, str]) -> None:
    assert ask("POST", headers=headers, content=b"{}").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        FORM,
        {},
        {"content-type": "text/plain"},
        {"origin": "https://evil.example", **JSON},
        {"origin": "http://gongxue.example.org", **JSON},
        {"origin": "null", "idempotency-key": "k", **JSON},
        {"sec-fetch-site": "cross-site", **JSON},
        {"sec-fetch-site": "same-site", "origin": ORIGIN, **JSON},
        {"sec-fetch-site": "same-origin", "origin": "https://evil.example", **FORM},
    ],
)
def test_another_site_may_not_write(headers: dict[str, str]) -> None:
    response = ask("POST", headers=headers, content=b"{}")
    assert (response.status_code, code(response)) == (403, "cross_site")


def test_nothing_echoes_a_request() -> None:
    assert ask("TRACE").status_code == 403


def test_another_site_may_link() -> None:
    assert ask("GET", headers={"sec-fetch-site": "cross-site"}).status_code == 200


def test_a_body_that_says_that_it_is_too_large_is_not_read() -> None:
    async def never() -> AsyncIterator[bytes]:
        raise AssertionError("read")
        yield b""

    length = str(MOST_BYTES + 1)
    response = ask("POST", headers={"content-length": length, **JSON}, content=never())
    assert (response.status_code, code(response)) == (413, "too_large")


def test_a_body_that_turns_out_too_large_is_left() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield b"x" * (MOST_BYTES // 4)

    response = ask("POST", headers=JSON, content=pieces())
    assert (response.status_code, code(response)) == (413, "too_large")


def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.serving.front.BODY_SECONDS", 0.01)

    async def never() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    response = ask("POST", headers=JSON, content=never())
    assert (response.status_code, code(response)) == (408, "too_slow")


def test_an_address_that_is_too_long_is_refused() -> None:
    response = ask("GET", "/api/v1/echo?q=" + "x" * LONGEST_ADDRESS)
    assert (response.status_code, code(response)) == (414, "address_too_long")


def test_a_body_of_just_the_size_is_taken() -> None:
    response = ask("POST", headers=JSON, content=b"x" * MOST_BYTES)
    assert response.text.split()[1] == str(MOST_BYTES)


@pytest.mark.parametrize("path", ["/api/v1/echo", "/nowhere"])
def test_every_answer_keeps_the_browser_careful(path: str) -> None:
    headers = ask("GET", path).headers
    assert headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    assert {"camera=()", "geolocation=()"} <= {*headers["permissions-policy"].split(", ")}
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"] == "private, no-cache"
    assert headers["strict-transport-security"] == "max-age=63072000; includeSubDomains"
    assert "server" not in headers


def test_without_tls_browsers_are_not_told_to_insist_on_it() -> None:
    assert "strict-transport-security" not in ask("GET", origin="http://localhost:8000").headers


def test_a_problem_is_a_page_for_a_browser_and_json_for_a_program() -> None:
    browser = {"accept": "text/html,application/xhtml+xml", "accept-language": "en"}
    page_of = ask("GET", "/nowhere", headers=browser)
    assert (page_of.status_code, page_of.text) == (404, "page: Not found")
    assert ask("GET", "/nowhere").json()["title"] == "找不到"
    assert ask("GET", "/api/v1/nowhere", headers=browser).json()["title"] == "Not found"


@pytest.mark.parametrize(
    ("path", "headers", "language"),
    [
        ("/echo?lang=en", {}, "en"),
        ("/echo?x=1&lang=en", {"cookie": "language=zh-Hant"}, "en"),
        ("/echo", {"cookie": "a=b; language=en; c=d"}, "en"),
        ("/echo", {"cookie": "language=xx", "accept-language": "en"}, "en"),
        ("/echo?lang=%ff", {}, "zh-Hant"),
    ],
)
def test_the_language_of_the_request(path: str, headers: dict[str, str], language: str) -> None:
    assert ask("GET", path, headers=headers).text.split()[0] == language


def test_the_trace_of_the_request() -> None:
    parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    assert ask("GET", headers={"traceparent": parent}).text.split()[2] == parent
