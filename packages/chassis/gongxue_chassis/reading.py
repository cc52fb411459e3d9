"""Any message can be read: without this, one that py-amqp cannot decode ends its consumer, again after each restart.

The broker passes on what it was given: names that are no UTF-8, times beyond the calendar. Properties of which one
cannot be read are left out, all of them, so that nobody vouches for such a message; a routing key loses what is wrong
with it. What becomes of the message is for its reader to say.
"""

from __future__ import annotations

from struct import pack
from typing import Any

from amqp import serialization, spec
from amqp.method_framing import frame_handler

_decode = serialization.decode_properties_basic
_TAG_END = 4 + 8 + 1
"""Class and method, delivery tag, redelivered; what comes between is the consumer's tag, which is ours."""


def _properties(buffer: Any, offset: int) -> tuple[dict[str, Any], int]:
    try:
        found: tuple[dict[str, Any], int] = _decode(buffer, offset)
    except Exception:  # whatever it is: the next reader would meet it too
        return {}, len(buffer)
    return found


serialization.PROPERTY_CLASSES[spec.Basic.CLASS_ID] = _properties


def handler(connection: Any, callback: Any) -> Any:
    """py-amqp's handler of frames, for names of exchange and routing key that may be anything."""

    def readable(channel: int, method: tuple[int, int], payload: Any, content: Any) -> Any:
        if method == spec.Basic.Deliver:
            payload = _named(payload, _TAG_END + 1 + payload[4])
        elif method == spec.Basic.GetOk:
            payload = _named(payload, _TAG_END)
        return callback(channel, method, payload, content)

    return frame_handler(connection, readable)


def _named(payload: Any, start: int) -> Any:
    """The payload with names that can be decoded: exchange and routing key, each with its length before it."""
    try:
        bytes(payload[start:]).decode()
    except UnicodeDecodeError:
        pass
    else:
        return payload
    middle = start + 1 + payload[start]
    end = middle + 1 + payload[middle]
    names = (bytes(payload[start + 1 : middle]), bytes(payload[middle + 1 : end]))
    plain = [name.decode("ascii", "replace").replace("\ufffd", "?").encode() for name in names]
    return b"".join(
        [bytes(payload[:start]), *(pack("B", len(one)) + one for one in plain), bytes(payload[end:])]
    )
