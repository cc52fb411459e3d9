"""Workshops that a host offers through the API, to be registered for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from toys.visitors import Visitor

SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)
"""When they begin, unless another time is given."""


def workshop(host: str, **changed: Any) -> dict[str, Any]:
    """What a host of this school sends; some of it `changed`."""
    return {
        "kind": "workshop",
        "host": host,
        "title": {"zh": "敘事工作坊", "en": "Telling stories"},
        "summary": {"zh": "說故事。", "en": ""},
        "venue": None,
        "theme": "culture",
        "starts_at": SOON.isoformat(),
        "ends_at": (SOON + timedelta(hours=3)).isoformat(),
        "pools": {"onsite": 1},
        "waiting_limit": 2,
        **changed,
    }


def drafted(organiser: Visitor, host: str, **changed: Any) -> str:
    """A new one that only its host sees: its address below the API's prefix."""
    made = organiser.want("POST", "/activities", workshop(host, **changed), 201)
    return f"/activities/{made['id']}"


def published(organiser: Visitor, host: str, **changed: Any) -> str:
    """A new one that one can register for: its address below the API's prefix."""
    path = drafted(organiser, host, **changed)
    assert organiser.want("POST", f"{path}/publish")["status"] == "published"
    return path
