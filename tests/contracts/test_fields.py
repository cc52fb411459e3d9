"""Lines of text for people: something to see, and nothing that changes what stands beside it."""

from __future__ import annotations

import pytest
from marshmallow import ValidationError

from gongxue_contracts.fields import Line, Prose


@pytest.mark.parametrize("text", ["王小明", "O'Brien – Łódź", "𠮷野家", "👩‍🏫 teacher", " one "])
def test_what_people_write_is_a_line(text: str) -> None:
    assert Line(40).deserialize(text) == text


@pytest.mark.parametrize(
    "text", ["", " ", "\u3164", "\u2800 \u115f", "\u200b", "a\u202eb", "a\u2067b", "\ufeffa", "a\nb", "a\x07"]
)
def test_what_nobody_sees_or_hides_its_neighbours_is_none(text: str) -> None:
    with pytest.raises(ValidationError):
        Line(40).deserialize(text)


def test_prose_has_lines_and_no_overrides() -> None:
    assert Prose(40).deserialize("first\n\nsecond") == "first\n\nsecond"
    with pytest.raises(ValidationError):
        Prose(40).deserialize("first\n\u202esecond")
