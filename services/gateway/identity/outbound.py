"""Asking the providers of schools: their addresses come from people, so none may lead into our own network.

https only, to public addresses only, as the name resolves at this very moment; no redirects, no proxy of the
environment, no long answers, no long waits. Only where Gongxue itself runs on one machine for development may a
provider do so too.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import urlsplit

import httpx2

MOST_BYTES = 512 * 1024
SECONDS = 6.0

_NAT64 = IPv6Network("64:ff9b::/96")


class NotAllowed(Exception):
    """An address that is not to be asked: not https, not public, not an address."""


class Away(Exception):
    """No answer, or none that can be used. The message says why, for the log and for whoever sets a provider up."""


class Outbound:
    """`here`: this is development on one machine, where providers may run beside us."""

    def __init__(self, *, here: bool) -> None:
        self._here = here

    def transport(self) -> httpx2.AsyncBaseTransport:
        """Of a client for one provider."""
        return _Guarded(self._here)

    def check(self, address: str) -> None:
        """Raises NotAllowed for an address that may not be asked, as far as it can be seen from the address."""
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError as error:
            raise NotAllowed("not an address") from error
        host = parts.hostname
        if not host or parts.username is not None or parts.fragment or not address.isprintable():
            raise NotAllowed("not an address")
        if self._here and parts.scheme == "http" and is_loopback(host):
            return
        if parts.scheme != "https":
            raise NotAllowed("not https")
        if port is not None and port != 443 and port < 1024:
            raise NotAllowed("a port that no provider has")

    async def get_json(self, address: str) -> dict[str, Any]:
        """The JSON object at the address. Raises NotAllowed, Away."""
        self.check(address)
        async with httpx2.AsyncClient(
            transport=self.transport(), timeout=SECONDS, trust_env=False, follow_redirects=False
        ) as client:
            try:
                async with asyncio.timeout(SECONDS):
                    response = await client.get(address, headers={"accept": "application/json"})
            except FAILURES as error:
                raise Away(type(error).__name__) from error
        return read_object(response)


FAILURES = (httpx2.HTTPError, httpx2.InvalidURL, OSError, TimeoutError)
"""What asking may end with, besides an answer."""


def read_object(response: httpx2.Response) -> dict[str, Any]:
    """The JSON object of an answer. Raises Away."""
    if response.status_code != 200:
        raise Away(f"status {response.status_code}")
    try:
        found = json.loads(response.content)
    except (ValueError, RecursionError) as error:
        raise Away("not JSON") from error
    if not isinstance(found, dict):
        raise Away("not a JSON object")
    return found


def is_loopback(host: str) -> bool:
    """Whether the name or number is that of this very machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether it is an address of the open network, also when it is looked at through a tunnel."""
    if isinstance(address, IPv6Address):
        within = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if within is not None:
            return is_public(within)
        if address in _NAT64:
            return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return address.is_global and not address.is_multicast


class _Guarded(httpx2.AsyncHTTPTransport):
    """Connects to the address that it has checked: a name cannot lead elsewhere a moment later."""

    def __init__(self, here: bool) -> None:
        # Kept connections are found by address, not by name: with several names at one address they are not told apart.
        super().__init__(limits=httpx2.Limits(max_connections=4, max_keepalive_connections=0))
        self._here = here

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        host = request.url.host
        address = await self._checked(
            host, request.url.port or (443 if request.url.scheme == "https" else 80)
        )
        request.extensions = {**request.extensions, "sni_hostname": host}
        request.url = request.url.copy_with(host=address)
        response = await super().handle_async_request(request)
        assert isinstance(response.stream, httpx2.AsyncByteStream)  # noqa: S101 - for the type checker
        response.stream = _Short(response.stream)
        return response

    async def _checked(self, host: str, port: int) -> str:
        """Raises httpx2.ConnectError for a name that leads to what is not public."""
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=1)
        addresses = [ip_address(one[4][0]) for one in found]
        for address in addresses:
            if not is_public(address) and not (self._here and address.is_loopback):
                raise httpx2.ConnectError("the address is not public")
        if not addresses:
            raise httpx2.ConnectError("no address")
        return str(addresses[0])


class _Short(httpx2.AsyncByteStream):
    """An answer that ends when it has become too long."""

    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        taken = 0
        async for part in self._stream:
            taken += len(part)
            if taken > MOST_BYTES:
                raise httpx2.ReadError("the answer is too long")
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()
