"""Points in time on the wire: RFC 3339 in UTC, to the millisecond, always 24 characters when written.

The fixed width lets two written times be compared as text. What is finer than a millisecond is cut, not
rounded: nothing ever moves into the future. Times lie within the years 1900 to 2999, so that readers may show them in
any time zone and reckon with them without falling off the end of a calendar.
"""

import re
from datetime import UTC, datetime
from typing import Any

PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$"
_FIRST_YEAR, _LAST_YEAR = 1900, 2999
_OUTSIDE = f"Outside of the years {_FIRST_YEAR} to {_LAST_YEAR}."
_matches = re.compile(PATTERN).fullmatch


def write(value: datetime) -> str:
    """`2023-11-09T01:00:00.000Z`. Raises ValueError when the time is naive or not in the years 1900 to 2999."""
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
    value = _to_utc(value)
    finer = value.microsecond % 1000
    return value.replace(microsecond=value.microsecond - finer) if finer else value


def _to_utc(value: datetime) -> datetime:
    if value.utcoffset() is None:
        raise ValueError("A time without an offset from UTC.")
    try:
        found = value if value.tzinfo is UTC else value.astimezone(UTC)
    except OverflowError:
        raise ValueError(_OUTSIDE) from None
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise ValueError(_OUTSIDE)
    return found
