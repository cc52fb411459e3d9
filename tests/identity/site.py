"""Gongxue's web side within the test, and people with browsers who sign in to it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import uvicorn
from starlette.applications import Starlette
from toys.web_side import settings

from gateway.app import create
from gateway.identity.door import Door
from gateway.identity.providers import Wanted

CLIENT = ("nchu", "gongxue-nchu", "a secret of forty characters, for tests only")
OTHER_CLIENT = ("ncue", "gongxue-ncue", "another secret of forty characters, for tests")
PAGE = {"accept": "text/html", "accept-language": "en", "user-agent": "Firefox on Windows"}


@dataclass
class Site:
    """A web side that runs."""

    app: Starlette
    url: str

    @property
    def door(self) -> Door:
        found: Door = self.app.state.door
        return found

    async def school(self, issuer: str, client: tuple[str, str, str] = CLIENT, **more: Any) -> None:
        """Let the school's people sign in there."""
        school, id, secret = client
        wanted = Wanted(issuer=issuer, client_id=id, client_secret=secret, **more)
        await self.door.providers.keep(school, wanted, "operator")


@asynccontextmanager
async def site(amqp_uri: str, mongo_uri: str, port: int, **more: Any) -> AsyncIterator[Site]:
    """The web side on this port."""
    url = f"http://localhost:{port}"
    by_provider = {"port": port, "public_url": url, "command_wait": 2.0, "development_sign_in": False}
    app = create(settings(amqp_uri, mongo_uri, **by_provider, **more))
    async with serving(app, port):
        yield Site(app, url)


@asynccontextmanager
async def serving(app: Any, port: int) -> AsyncIterator[int]:
    """An ASGI application on a port (0: any); which one."""
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, lifespan="auto", ws="none")
    )
    running = asyncio.create_task(server.serve())
    try:
        async with asyncio.timeout(20):
            while not server.started:
                if running.done():
                    running.result()
                await asyncio.sleep(0.01)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await running


@dataclass
class Person:
    """Somebody at a browser of their own, who follows where they are sent."""

    client: httpx.AsyncClient
    seen: list[str] = field(default_factory=list)

    async def get(self, address: str, **more: Any) -> httpx.Response:
        """Follow redirects, noting every address on the way."""
        answer = await self.client.get(address, headers=PAGE, **more)
        return await self.follow(answer)

    async def post(self, address: str, fields: dict[str, str]) -> httpx.Response:
        """Send a form of the page at this address, and follow."""
        base = str(self.client.base_url) if address.startswith("/") else ""
        site = urlsplit(base or address)
        headers = {**PAGE, "origin": f"{site.scheme}://{site.netloc}", "sec-fetch-site": "same-origin"}
        return await self.follow(await self.client.post(address, data=fields, headers=headers))

    async def follow(self, answer: httpx.Response) -> httpx.Response:
        """Go where one is sent."""
        while answer.is_redirect:
            assert answer.next_request is not None
            address = str(answer.next_request.url)
            self.seen.append(address)
            answer = await self.client.get(address, headers=PAGE)
        return answer

    async def at_provider(self, login: str, site: Site, school: str = "nchu", query: str = "") -> str:
        """Sign in at the provider if need be; the address that it sends one back to, not opened yet."""
        answer = await self.client.get(f"/sign-in/{school}{query}", headers=PAGE)
        while True:
            if answer.is_redirect:
                assert answer.next_request is not None
                address = str(answer.next_request.url)
                if address.startswith(site.url) and "/back?" in address:
                    return address
                answer = await self.client.get(address, headers=PAGE)
            elif 'name="login"' in answer.text:
                answer = await self._interact(answer, {"prompt": "login", "login": login, "password": "x"})
            else:
                answer = await self._interact(answer, {"prompt": "consent"})

    async def sign_in(self, login: str, site: Site, school: str = "nchu", query: str = "") -> httpx.Response:
        """Come back from the provider; a newcomer confirms what is asked."""
        page = await self.get(await self.at_provider(login, site, school, query))
        if page.url.path == "/welcome":
            fields = {"attempt": hidden(page, "attempt"), "name": login, "language": "en"}
            page = await self.post("/welcome", fields)
        return page

    async def me(self) -> dict[str, Any] | None:
        """Who one is signed in as."""
        found: dict[str, Any] | None = (await self.client.get("/api/v1/session")).json()["person"]
        return found

    async def _interact(self, page: httpx.Response, fields: dict[str, str]) -> httpx.Response:
        action = re.search(r'action="([^"]+)"', page.text)
        assert action is not None, page.text
        return await self.client.post(unescape(action[1]), data=fields, headers=PAGE)


@asynccontextmanager
async def person(site: Site) -> AsyncIterator[Person]:
    """A new browser."""
    async with httpx.AsyncClient(base_url=site.url, timeout=20) as client:
        yield Person(client)


def hidden(page: httpx.Response, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found is not None, page.text
    return unescape(found[1])


def query(address: str) -> dict[str, str]:
    """The parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


async def problem(answering: Any) -> tuple[int, str]:
    """Status and code of an answer that is asked for as JSON."""
    answer = await answering
    return answer.status_code, answer.json()["code"]
