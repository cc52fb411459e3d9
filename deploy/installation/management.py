"""RabbitMQ's management HTTP API, as far as the installation needs it."""

from __future__ import annotations

import base64
import json
import re
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from installation.bus import DECIDING, Bus, definitions


class BusRefused(Exception):
    """The broker does not take the topology as it is; the message says what to do."""


class BusAway(Exception):
    """The broker does not answer (yet)."""


@dataclass(frozen=True)
class Management:
    """Where the API is and who asks."""

    url: str
    user: str
    password: str

    def apply(self, bus: Bus) -> str:
        """Bring the broker to this topology and return what was done, in one line. Doing it again changes nothing.

        Raises BusAway, and BusRefused when queues stand in the way, which only an operator may remove.
        """
        self.ask("PUT", f"/api/vhosts/{quote(bus.vhost, safe='')}", {})
        wanted = definitions(bus)
        standing = self.ask("GET", f"/api/queues/{quote(bus.vhost, safe='')}?columns=name,durable,arguments")
        if obstacles := _obstacles(wanted, standing):
            raise BusRefused("; ".join(obstacles))
        self.ask("POST", "/api/definitions", wanted)
        counts = (f"{len(wanted[part])} {part}" for part in ("exchanges", "queues", "bindings", "users"))
        return f"bus: {', '.join(counts)} in vhost {bus.vhost}"

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The answer's JSON, or None. Raises BusAway, and BusRefused with the broker's words."""
        request = urllib.request.Request(  # noqa: S310 - the address is a setting
            self.url.rstrip("/") + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": self._credentials(), "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                content = answer.read()
        except urllib.error.HTTPError as error:
            said = error.read().decode(errors="replace")[:500]
            if error.code >= 500:
                raise BusAway(f"{method} {path}: {error.code} {said}") from error
            raise BusRefused(f"{method} {path}: {error.code} {said}") from error
        except (OSError, ValueError) as error:
            raise BusAway(f"{self.url}: {error}") from error
        return json.loads(content) if content else None

    def _credentials(self) -> str:
        return "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode()


def _obstacles(wanted: dict[str, Any], standing: list[dict[str, Any]]) -> list[str]:
    """Queues that differ from the topology. Importing definitions would pass over them without a word."""
    expected = {queue["name"]: queue for queue in wanted["queues"]}
    partition = re.compile(rf"commands\.({'|'.join(DECIDING)})\.\d+")
    found = []
    for queue in standing:
        name = queue["name"]
        if name in expected and queue["arguments"] != expected[name]["arguments"]:
            found.append(
                f"queue {name} exists with the arguments {queue['arguments']} instead of "
                f"{expected[name]['arguments']}: drain it, delete it and apply again"
            )
        elif name not in expected and partition.fullmatch(name):
            found.append(
                f"queue {name} is one partition too many: "
                "stop the gateways, let it drain, delete it and apply again"
            )
    return found
