"""The services as programs on this machine: how each is started, with what settings, and when it is ready."""

from __future__ import annotations

import sys
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from installation import bus
from onemachine.broker import Broker
from onemachine.folder import Folder
from onemachine.processes import Program, Ready
from onemachine.store import Store

ROOT = Path(__file__).resolve().parents[2]
CONSUMERS = ("registration", "directory", "notification", "gateway-worker")
"""Processes that answer for their health on a port of its own."""
SERVICES = ("mails", *CONSUMERS, "gateway")
"""In the order in which they are started; they are stopped together."""
PORTS = ("gateway", "mails", "smtp", *CONSUMERS)
_MAY_LAG = ("mails", "notification", "gateway-worker")
"""Nobody waits for these: in a rush on a small machine they leave the processor to those for whom somebody does."""
GRACE_SECONDS = 5.0
"""What services get to finish what is in hand. The broker takes six seconds after them, whatever it has in hand."""
_ADDRESS = "127.0.0.1"
_UNLIMITED = "1000000 per second"
_PYTHON = {
    "PYTHONSAFEPATH": "1",
    "PYTHONWARNINGS": "ignore::DeprecationWarning",
    "EVENTLET_NO_GREENDNS": "yes",  # a resolver that takes time to load, for names that nobody has here
}


@dataclass(frozen=True)
class Settings:
    """What may differ from one stack to another. `more`: service -> further settings, which win."""

    services: tuple[str, ...] = SERVICES
    partitions: Mapping[str, int] = field(default_factory=lambda: dict(bus.PARTITIONS))
    retry_delays: Mapping[str, float] = field(default_factory=lambda: dict(bus.RETRY_DELAYS))
    log_level: str = "INFO"
    more: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def gateway_url(folder: Folder) -> str:
    """Where people and programs come in. Requests for any other name of this machine are refused."""
    return f"http://{_ADDRESS}:{folder.port('gateway')}"


def mails_url(folder: Folder) -> str:
    """Where the mails that were sent can be read."""
    return f"http://{_ADDRESS}:{folder.port('mails')}"


def passwords(folder: Folder, where: str) -> dict[str, str]:
    """The password of each service on the `bus` or in the `store`."""
    return {name: folder.secret(f"{where}-{name}") for name in bus.USERS}


def topology(folder: Folder, settings: Settings) -> bus.Bus:
    """What the broker of this folder must have."""
    return bus.Bus(
        passwords(folder, "bus"), partitions=settings.partitions, retry_delays=settings.retry_delays
    )


def programs(folder: Folder, settings: Settings, broker: Broker, store: Store) -> Iterator[Program]:
    """The programs that these settings ask for. Passwords reach them in files that are theirs alone."""
    for name in settings.services:
        own = _own_settings(folder, name)
        if name != "mails":
            own |= _plumbing(folder, name, settings, broker, store)
        yield Program(
            name,
            [sys.executable, "-m", *_MODULES[name]],
            own | _PYTHON | dict(settings.more.get(name, {})),
            ready=_readiness(folder, name),
            grace=GRACE_SECONDS + 2.0,
            cwd=ROOT,
            nice=10 if name in _MAY_LAG else 0,
        )


_MODULES = {
    "mails": ("onemachine.mailcatcher",),
    "registration": ("registration",),
    "directory": ("directory",),
    "notification": ("notification",),
    "gateway-worker": ("gateway", "worker"),
    "gateway": ("gateway", "web"),
}


def _plumbing(folder: Folder, name: str, settings: Settings, broker: Broker, store: Store) -> dict[str, str]:
    user = name.removesuffix("-worker")
    amqp = broker.uri_of(user, folder.secret(f"bus-{user}"))
    mongo = store.uri_of(user, folder.secret(f"store-{user}"), user)
    found = {
        "AMQP_URI_FILE": str(folder.hand(f"{name}-amqp-uri", amqp)),
        "MONGO_URI_FILE": str(folder.hand(f"{name}-mongo-uri", mongo)),
        "LOG_LEVEL": settings.log_level,
        "GRACEFUL_SECONDS": str(GRACE_SECONDS),
    }
    if name in CONSUMERS:
        found["HEALTH_PORT"] = str(folder.port(name))
    if user in settings.partitions:
        found["COMMAND_PARTITIONS"] = str(settings.partitions[user])
    return found


def _own_settings(folder: Folder, name: str) -> dict[str, str]:
    if name == "mails":
        return {
            "MAILS_ADDRESS": _ADDRESS,
            "MAILS_PORT": str(folder.port("mails")),
            "MAILS_SMTP_PORT": str(folder.port("smtp")),
        }
    if name == "notification":
        return {
            "NOTIFICATION_FROM": "Gongxue <no-reply@gongxue.test>",
            "PUBLIC_URL": gateway_url(folder),
            "SMTP_HOST": _ADDRESS,
            "SMTP_PORT": str(folder.port("smtp")),
        }
    if name.startswith("gateway"):
        folder.secret("gateway-secret")
        return {
            "GATEWAY_HOST": _ADDRESS,
            "GATEWAY_PORT": str(folder.port("gateway")),
            "GATEWAY_PUBLIC_URL": gateway_url(folder),
            "GATEWAY_SECRET_FILE": str(folder.path / "secrets" / "gateway-secret"),
            "GATEWAY_DEVELOPMENT_SIGN_IN": "anyone-may-be-anyone",
            "GATEWAY_RATE_LIMIT_ADDRESS": _UNLIMITED,  # a whole crowd signs in from this machine when it is measured
            "GATEWAY_RATE_LIMIT_PERSON": _UNLIMITED,
        }
    return {}


def _readiness(folder: Folder, name: str) -> Ready:
    path = "/api/v1/info" if name == "mails" else "/health/ready"
    return answers(f"http://{_ADDRESS}:{folder.port(name)}{path}")


def answers(url: str) -> Callable[[], bool]:
    """A condition: this address answers 200."""

    def check() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - an address of our own
                return bool(answer.status == 200)
        except OSError:
            return False

    return check
