"""What happens to a message that could not be handled: again after 5 s, 1 min and 10 min, then parked with the reason.

Nothing is acknowledged and dropped: a copy is confirmed by the broker before the original is acknowledged.
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from gongxue_chassis.errors import Poison, TryLater
from gongxue_chassis.inbox import Delivery
from gongxue_chassis.publisher import Outgoing

TIERS = ("5s", "1m", "10m")
"""Names of the delays between attempts; how long each lasts is set by the installation."""
_DETAIL = 500


def attempts(delivery: Delivery) -> int:
    """How often this message has been tried, this time included."""
    value = delivery.headers.get("x-attempt", 1)
    return value if isinstance(value, int) and value > 0 else 1


def after(delivery: Delivery, service: str, error: Exception) -> Outgoing:
    """Where this message goes after `error`: to a delay, or to parking when trying again cannot help or did not."""
    tried = attempts(delivery)
    if isinstance(error, Poison):
        return park(delivery, service, error.reason, error.detail)
    reason, detail = (
        (error.reason, error.detail) if isinstance(error, TryLater) else ("handler_raised", repr(error))
    )
    if tried > len(TIERS):
        return park(delivery, service, reason, detail)
    return _copy(delivery, "retry", f"{delivery.queue}.retry.{TIERS[tried - 1]}", reason, detail, tried + 1)


def park(delivery: Delivery, service: str, reason: str, detail: str = "") -> Outgoing:
    """The parked copy: the same body, with where it came from, why it is here and how often it was tried."""
    return _copy(delivery, "parking", service, reason, detail, attempts(delivery))


def _copy(
    delivery: Delivery, exchange: str, routing_key: str, reason: str, detail: str, attempt: int
) -> Outgoing:
    headers = {
        **{name: value for name, value in delivery.headers.items() if not name.startswith("x-death")},
        "x-queue": delivery.queue,
        "x-reason": reason,
        "x-detail": detail[:_DETAIL],
        "x-attempt": attempt,
        "x-first-seen": delivery.headers.get("x-first-seen")
        or datetime.now(UTC).isoformat(timespec="seconds"),
        "x-parked-id": str(uuid4()),
    }
    return Outgoing(exchange, routing_key, delivery.body, delivery.content_type, delivery.message_id, headers)
