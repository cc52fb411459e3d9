"""What happens to a message that could not be handled: again after 5 s, 1 min and 10 min, then parked with the reason.

Nothing is acknowledged and dropped: a copy is confirmed by the broker before the original is acknowledged.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from gongxue_chassis.errors import Poison, TryLater
from gongxue_chassis.inbox import Delivery
from gongxue_chassis.publisher import Outgoing

TIERS = ("5s", "1m", "10m")
"""Names of the delays between attempts; how long each lasts is set by the installation."""
_DETAIL = 500
_KEPT = ("stream", "traceparent")


def attempts(headers: dict[str, Any]) -> int:
    """How often a message of these headers has been tried, this time included."""
    value = headers.get("x-attempt", 1)
    return value if isinstance(value, int) and value > 0 else 1


def after(delivery: Delivery, service: str, error: Exception) -> Outgoing:
    """Where this message goes after `error`: to a delay, or to parking when trying again cannot help or did not."""
    tried = attempts(delivery.headers)
    if isinstance(error, Poison):
        return park(delivery, service, error.reason, error.detail)
    reason, detail = (
        (error.reason, error.detail) if isinstance(error, TryLater) else ("handler_raised", repr(error))
    )
    if tried > len(TIERS):
        return park(delivery, service, reason, detail)
    key = f"{delivery.queue}.retry.{TIERS[tried - 1]}"
    return _copy(delivery, f"retry.{service}", key, reason, detail, tried + 1)


def park(delivery: Delivery, service: str, reason: str, detail: str = "") -> Outgoing:
    """The parked copy: the same body, with where it came from, why it is here and how often it was tried."""
    return _copy(delivery, f"parking.{service}", "", reason, detail, attempts(delivery.headers))


def kept(headers: dict[str, Any]) -> dict[str, Any]:
    """Of a message's headers what its copies have too. Not all: a CC would send a copy to other queues as well."""
    return {name: headers[name] for name in _KEPT if isinstance(headers.get(name), str)}


def _copy(
    delivery: Delivery, exchange: str, routing_key: str, reason: str, detail: str, attempt: int
) -> Outgoing:
    headers = {
        **kept(delivery.headers),
        **delivery.origin.headers(),
        "x-queue": delivery.queue,
        "x-reason": reason,
        "x-detail": detail[:_DETAIL],
        "x-attempt": attempt,
        "x-first-seen": str(delivery.headers.get("x-first-seen") or "")
        or datetime.now(UTC).isoformat(timespec="seconds"),
        "x-parked-id": str(uuid4()),
    }
    return Outgoing(exchange, routing_key, delivery.body, delivery.content_type, delivery.message_id, headers)
