"""Messages as nobody should send them, made of good ones by hypothesis."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from gongxue_chassis.publisher import Outgoing

_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
    | st.sampled_from(
        ["", "0", "a" * 400, "2026-02-30T00:00:00.000Z", "activity:", "registration:x", "../..", "$where"]
    )
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def damaged(message: Outgoing, number: int) -> Outgoing:
    """The message with something in it another thing, or left out, or bytes that are none; the same for a number."""
    found: list[bytes] = []

    @seed(number)
    @settings(
        max_examples=1,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def draw(data: st.DataObject) -> None:
        found.append(_body(message.body, data))

    draw()
    return replace(message, body=found[-1])


def _body(body: bytes, data: st.DataObject) -> bytes:
    if data.draw(st.integers(0, 9)) == 0:
        start = data.draw(st.integers(0, len(body)))
        return (
            body[:start] + data.draw(st.binary(max_size=20)) + body[start + data.draw(st.integers(0, 20)) :]
        )
    document = json.loads(body)
    for _ in range(data.draw(st.integers(1, 3))):
        within, key = data.draw(st.sampled_from(list(_places(document))))
        if isinstance(within, dict) and data.draw(st.booleans()):
            within.pop(key, None)
        else:
            within[key] = data.draw(_VALUES)
        if not list(_places(document)):
            break
    return json.dumps(document).encode()


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every field of every object and every item of every list."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield value, key
        yield from _places(inner)
