"""Points in time on the wire: RFC 3339 in UTC, to the millisecond, always 24 characters when written.

The fixed width lets two written times be compared as text. What is finer than a millisecond is cut, not
rounded: nothing ever moves into the future.
"""

import re
from datetime import UTC, datetime
from typing import Any

PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$"
_matches = re.compile(PATTERN).fullmatch


def write(value: datetime) -> str:
    """`2023-11-09T01:00:00.000Z`. Raises ValueError when the time is naive or not in the years 1 to 9999."""
    if value.tzinfo is not UTC:
        value = _to_utc(value)
    return value.isoformat(timespec="milliseconds")[:-6] + "Z"


def read(text: Any) -> datetime:
    """An aware time in UTC, to the millisecond, from any RFC 3339 offset. Raises ValueError on all else."""
    if type(text) is not str or not _matches(text):
        raise ValueError("Not an RFC 3339 time with an offset.")
    try:
        value = datetime.fromisoformat(text)
    except ValueError:  # whose words differ from Python to Python
        raise ValueError("No such date or time of day.") from None
    if value.tzinfo is not UTC:
        value = _to_utc(value)
    finer = value.microsecond % 1000
    return value.replace(microsecond=value.microsecond - finer) if finer else value


def _to_utc(value: datetime) -> datetime:
    if value.utcoffset() is None:
        raise ValueError("A time without an offset from UTC.")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("Outside of the years 1 to 9999.") from None
