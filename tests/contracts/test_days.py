"""Days of the calendar on the wire: exact, and there or not there."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from gongxue_contracts import catalogue
from gongxue_contracts.catalogue import WrongSchema

GRANT = "directory.GrantRole.v1"


def grant(ends_on: Any) -> dict[str, Any]:
    by = {"person": "lin", "school": "center", "role": "center"}
    return {"by": by, "scope": "nchu", "person": "wu", "role": "host", "starts_on": None, "ends_on": ends_on}


def test_a_day_is_a_date_here_and_text_there() -> None:
    read = catalogue.read(GRANT, grant("2024-02-29"))
    assert read == grant(date(2024, 2, 29))
    assert catalogue.write(GRANT, read) == grant("2024-02-29")


@pytest.mark.parametrize(
    "wrong",
    ["2023-02-29", "2024-2-29", "20240229", "2024-02-29T00:00:00Z", "", 20240229, "2024-W09-4", "٢٠٢٤-٠٢-٢٩"],
)
def test_what_is_no_day_is_not_read(wrong: Any) -> None:
    with pytest.raises(WrongSchema) as raised:
        catalogue.read(GRANT, grant(wrong))
    assert set(raised.value.errors) == {"ends_on"}


@pytest.mark.parametrize("wrong", ["2024-02-29", datetime(2024, 2, 29, tzinfo=UTC), 1])
def test_what_is_no_date_is_not_written(wrong: Any) -> None:
    with pytest.raises(WrongSchema) as raised:
        catalogue.write(GRANT, grant(wrong))
    assert set(raised.value.errors) == {"ends_on"}
