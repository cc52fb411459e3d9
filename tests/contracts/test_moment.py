"""Times on the wire: in UTC, to the millisecond, and nowhere near the end of anybody's calendar."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from gongxue_contracts import moment


@pytest.mark.parametrize(
    "text",
    [
        "9999-12-31T16:00:00Z",
        "9999-12-31T23:59:59-12:00",
        "0001-01-01T00:00:00+14:00",
        "1899-12-31T23:59:59Z",
        "3000-01-01T00:00:00Z",
    ],
)
def test_a_time_that_some_time_zone_could_not_show_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Outside of the years 1900 to 2999"):
        moment.read(text)


def test_the_last_time_can_be_shown_everywhere() -> None:
    last = moment.read("2999-12-31T23:59:59.999Z")
    assert last.astimezone(ZoneInfo("Pacific/Kiritimati")).year == 3000
    assert moment.read(moment.write(last)) == last


def test_what_no_reader_would_take_is_not_written() -> None:
    with pytest.raises(ValueError, match="Outside of the years 1900 to 2999"):
        moment.write(datetime(9999, 12, 31, tzinfo=UTC))
