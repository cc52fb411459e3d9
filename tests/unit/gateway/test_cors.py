"""Pages of other sites: only those of the list, only the API, never with cookies."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gateway.api_settings import ApiSettings
from gateway.serving.cors import Cors

FRIEND = "https://usr.example.edu"
PREFLIGHT = {"access-control-request-method": "POST", "access-control-request-headers": "authorization"}


async def echo(request: Request) -> Response:
    return PlainTextResponse("here", headers={"ETag": '"1"'})


def ask(method: str, path: str, **headers: str) -> httpx.Response:
    app = Starlette(
        routes=[Route(path, echo, methods=["GET", "POST"])],
        middleware=[Middleware(Cors, settings=ApiSettings(origins=(FRIEND,)))],
    )

    async def one() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as browser:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return await browser.request(method, path, headers=named)

    return asyncio.run(one())


def test_a_page_of_the_list_may_read_what_the_api_answers() -> None:
    headers = ask("GET", "/api/v1/x", origin=FRIEND).headers
    assert headers["access-control-allow-origin"] == FRIEND
    assert "ETag" in headers["access-control-expose-headers"]


def test_a_page_of_the_list_may_ask_first() -> None:
    answer = ask("OPTIONS", "/api/v1/x", origin=FRIEND, **PREFLIGHT)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == FRIEND
    assert "Authorization" in answer.headers["access-control-allow-headers"]


@pytest.mark.parametrize(
    ("path", "origin"),
    [("/api/v1/x", "https://evil.example"), ("/api/v1/x", f"{FRIEND}.evil.example"), ("/x", FRIEND)],
)
def test_others_are_told_nothing(path: str, origin: str) -> None:
    assert "access-control-allow-origin" not in ask("GET", path, origin=origin).headers
    preflight = ask("OPTIONS", path, origin=origin, **PREFLIGHT)
    assert "access-control-allow-origin" not in preflight.headers
    assert preflight.status_code == 405  # as anybody else who asks for what the address has


def test_cookies_are_never_asked_for() -> None:
    for method in ("GET", "OPTIONS"):
        assert (
            "access-control-allow-credentials"
            not in ask(method, "/api/v1/x", origin=FRIEND, **PREFLIGHT).headers
        )
