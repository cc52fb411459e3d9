"""Settings of the API: who may call it from other sites, how often, and how many streams may be open."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from environs import ValidationError
from limits import RateLimitItem, parse

from gongxue_chassis.settings import Env

PER_ADDRESS = "6000 per minute"
"""An office of a school may share one address."""
PER_PERSON = "600 per minute"


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """`origins` of other sites whose pages may call the API, with a token and never with cookies.

    `proxies`: networks from which `X-Forwarded-For` is believed. Limits are of each process; times in seconds.
    """

    origins: tuple[str, ...] = ()
    proxies: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = ()
    per_address: RateLimitItem = field(default_factory=lambda: parse(PER_ADDRESS))
    per_person: RateLimitItem = field(default_factory=lambda: parse(PER_PERSON))
    streams: int = 2_000
    streams_of_one: int = 10
    stream_seconds: float = 3600.0

    @classmethod
    def read(cls, env: Env) -> ApiSettings:
        """Read the settings; what is missing or wrong is kept in `env` until it is sealed."""
        origins: list[str] | None = env.list("GATEWAY_CORS_ORIGINS", [], validate=_origins)
        proxies: list[str] | None = env.list("GATEWAY_TRUSTED_PROXIES", [], validate=_networks)
        return cls(
            origins=tuple(origin.strip().lower() for origin in origins or ()),
            proxies=tuple(ipaddress.ip_network(name.strip()) for name in _valid(proxies)),
            per_address=_limit(env, "GATEWAY_RATE_LIMIT_ADDRESS", PER_ADDRESS),
            per_person=_limit(env, "GATEWAY_RATE_LIMIT_PERSON", PER_PERSON),
            streams=env.int("GATEWAY_STREAMS", 2_000, validate=_some),
            streams_of_one=env.int("GATEWAY_STREAMS_OF_ONE", 10, validate=_some),
            stream_seconds=env.float("GATEWAY_STREAM_SECONDS", 3600.0, validate=_some),
        )


def _limit(env: Env, name: str, default: str) -> RateLimitItem:
    """As the library writes them: `600 per minute`, `10/second`."""
    given = env.str(name, default, validate=_rate)
    try:
        return parse(given)
    except (TypeError, ValueError):  # told by `env.seal()`
        return parse(default)


def _rate(value: str) -> None:
    try:
        parse(value)
    except ValueError as error:
        raise ValidationError("must be like: 600 per minute") from error


def _valid(names: list[str] | None) -> list[str]:
    """The networks, or none where one of them is wrong, which `env.seal()` tells."""
    try:
        _networks(names or [])
    except ValidationError:
        return []
    return names or []


def _networks(names: list[str]) -> None:
    for name in names:
        try:
            ipaddress.ip_network(name.strip())
        except ValueError as error:
            raise ValidationError("must be addresses or networks, like 10.0.0.0/8,192.0.2.1") from error


def _origins(values: list[str]) -> None:
    for value in values:
        parts = urlsplit(value.strip())
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
            raise ValidationError("must be origins like https://usr.example.edu, without a path")


def _some(value: float) -> None:
    if value <= 0:
        raise ValidationError("must be more than 0")
