"""Addresses that people enter lead to the open network over TLS, or nowhere."""

from __future__ import annotations

import asyncio
from ipaddress import ip_address
from typing import Any

import pytest

from gateway.identity import outbound
from gateway.identity.outbound import Away, NotAllowed, Outbound, is_public

IN_PRODUCTION = Outbound(here=False)
HERE = Outbound(here=True)


@pytest.mark.parametrize(
    "address",
    [
        "http://login.nchu.edu.tw",
        "ftp://login.nchu.edu.tw",
        "file:///etc/passwd",
        "https://",
        "https://user:pw@login.nchu.edu.tw",
        "https://login.nchu.edu.tw/#x",
        "https://login.nchu.edu.tw:22/",
        "https://login.nchu.edu.tw:99999/",
        "https://login.nchu.edu.tw/\n",
        "http://127.0.0.1:8000",
        "http://localhost",
        "//login.nchu.edu.tw",
        "",
    ],
)
def test_an_address_that_is_not_https_of_somebody_is_not_asked(address: str) -> None:
    with pytest.raises(NotAllowed):
        IN_PRODUCTION.check(address)


@pytest.mark.parametrize("address", ["https://login.nchu.edu.tw", "https://login.nchu.edu.tw:8443/realm"])
def test_https_is(address: str) -> None:
    IN_PRODUCTION.check(address)


def test_in_development_a_provider_may_run_beside_us_and_nowhere_else_without_tls() -> None:
    HERE.check("http://127.0.0.1:3000")
    HERE.check("http://localhost:3000")
    with pytest.raises(NotAllowed):
        HERE.check("http://192.168.1.1")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    ],
)
def test_no_address_within_is_public_also_not_through_a_tunnel(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["140.120.1.1", "2001:288:5000::1", "64:ff9b::8c78:101"])
def test_an_address_of_the_open_network_is(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("resolved", [["10.0.0.1"], ["140.120.1.1", "127.0.0.1"], []])
def test_a_name_that_leads_within_is_not_asked(monkeypatch: pytest.MonkeyPatch, resolved: list[str]) -> None:
    """A name may lead anywhere at any moment: what counts is where it leads when it is asked."""

    async def story() -> None:
        async def names(*_: Any, **__: Any) -> list[Any]:
            return [(2, 1, 6, "", (address, 443)) for address in resolved]

        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", names)
        with pytest.raises(Away, match="ConnectError"):
            await IN_PRODUCTION.get_json("https://login.nchu.edu.tw/x")

    asyncio.run(story())


def test_who_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "SECONDS", 0.2)

    async def story() -> None:
        hold = asyncio.Event()

        async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await hold.wait()
            writer.close()

        server = await asyncio.start_server(never, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(Away):
            await HERE.get_json(f"http://127.0.0.1:{port}/")
        hold.set()
        server.close()

    asyncio.run(story())
