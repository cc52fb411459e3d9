"""Where a message comes from, and who vouches for that.

The broker lets nobody set a `user_id` but their own, and it keeps that property on every detour: through dead letters,
carbon copies and alternate exchanges. So a message has the user that it names, or it names nobody and has none.

When a service sends a message on its way once more (to a delay, to its parking) the user is its own. It notes in
headers what the message had before: `x-user`, `x-exchange`, `x-routing-key`. These, and whatever else the headers say
of the message's past, are believed if the service itself or an operator has written them; of others they are dropped.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from gongxue_contracts import catalogue
from gongxue_contracts.envelope import CloudEvent

OPERATOR = "operator"
"""The bus user that applies the topology and sends back what was parked, unless an installation calls it otherwise."""
DOOR = "gateway"
"""The one service that gives commands to others."""
PROVIDER = "center"
"""Who runs the services whose facts are heard here."""
FORGED = "forged"
"""Why a message is parked that is not from whom it says, or did not come by the way that is theirs."""

_PAST = "x-"
_PRIVATE = frozenset(entry.type for entry in catalogue.entries() if entry.kind == "private")


@dataclass(frozen=True, slots=True)
class Origin:
    """The user that published a message first, and with which exchange and routing key. Empty: nobody vouches."""

    user: str = ""
    exchange: str = ""
    routing_key: str = ""

    def headers(self) -> dict[str, Any]:
        """For a copy of the message."""
        return {"x-user": self.user, "x-exchange": self.exchange, "x-routing-key": self.routing_key}


NOBODY = Origin()


def traced(seen: Origin, headers: dict[str, Any], vouchers: Collection[str]) -> tuple[Origin, dict[str, Any]]:
    """The origin of a message that was just `seen` with these headers, and of the headers what may be believed."""
    if seen.user not in vouchers:
        return seen, {name: value for name, value in headers.items() if not str(name).startswith(_PAST)}
    if "x-user" not in headers:
        return seen, headers
    names = ("x-user", "x-exchange", "x-routing-key")
    return Origin(*(str(headers.get(name, "")) for name in names)), headers


def way(event: CloudEvent) -> tuple[str, str]:
    """Exchange and routing key of a fact: on `events` under its tenant, or on `private` where no partner can listen."""
    if event.type in _PRIVATE:
        return "private", event.type
    return "events", catalogue.fact_key(event.tenant, event.type)


def source(service: str) -> str:
    """The `source` of what a service says."""
    return f"/{PROVIDER}/{service}"


def commands_of(service: str) -> str:
    """The exchange that spreads a service's commands over its partitions. Nobody but itself publishes to it."""
    return f"commands.{service}"


def may_command(command: CloudEvent, origin: Origin, service: str, operator: str) -> bool:
    """True if the service may do what whoever published this asks it for.

    The gateway may ask for anything, as itself, and an operator for anything in anybody's name. The service asks itself
    for what its timers tell: commands of its own, by the exchange that only it publishes to.
    """
    if origin.user == operator:
        return True
    if command.source != source(origin.user):
        return False
    own = origin.user == service and origin.exchange == commands_of(service)
    return origin.user == DOOR or (own and command.type.partition(".")[0] == service)
