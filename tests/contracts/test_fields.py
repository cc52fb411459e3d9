"""Lines of text for people: something to see, and nothing that changes what stands beside it."""

from __future__ import annotations

import pytest
from marshmallow import ValidationError

from gongxue_contracts.fields import Address, Line, Prose


@pytest.mark.parametrize("text", ["王小明", "O'Brien – Łódź", "𠮷野家", "👩‍🏫 teacher", " one "])
def test_what_people_write_is_a_line(text: str) -> None:
    assert Line(40).deserialize(text) == text


NOTHING_TO_SEE = ("", " ", "\u3164", "\u2800 \u115f", "\u200b", "\ufe0f", "\u200d", "\u00ad", "\u034f")
BEYOND_THE_FIRST_PLANE = ("\U000e0041\U000e0042", "\U000e0100")
HIDES_OR_REORDERS = ("a\u202eb", "a\u2067b", "\ufeffa", "a\u061cb", "a\ufff9b", "a\uffff", "a\nb", "a\x07")


@pytest.mark.parametrize("text", [*NOTHING_TO_SEE, *BEYOND_THE_FIRST_PLANE, *HIDES_OR_REORDERS])
def test_what_nobody_sees_or_hides_its_neighbours_is_none(text: str) -> None:
    with pytest.raises(ValidationError):
        Line(40).deserialize(text)


def test_prose_has_lines_and_no_overrides() -> None:
    assert Prose(40).deserialize("first\n\nsecond") == "first\n\nsecond"
    with pytest.raises(ValidationError):
        Prose(40).deserialize("first\n\u202esecond")


@pytest.mark.parametrize(
    "link", ["https://usr.nchu.edu.tw", "https://nchu.example/a@b?c=d#e", "http://nchu.example?q=1"]
)
def test_a_website_is_an_address_to_go_to(link: str) -> None:
    assert Address("website").deserialize(link) == link


@pytest.mark.parametrize(
    "link",
    [
        "https://nchu.example@elsewhere.example/",
        "https://user:word@elsewhere.example",
        "ftp://nchu.example",
        "nchu",
    ],
)
def test_a_website_that_looks_like_another_is_none(link: str) -> None:
    with pytest.raises(ValidationError):
        Address("website").deserialize(link)
