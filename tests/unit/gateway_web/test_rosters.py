"""Rosters as files: what a spreadsheet would run is text, and letters of all languages arrive."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gateway.access.rosters import Entry
from gateway.web.console.rosters import as_csv, harmless
from gateway.web.speech import speeches

ENTRY = Entry(
    registration="0b6cbb1e-3a0e-4f8e-9d0c-6f6a3a5c2b11",
    activity="talk",
    person="p-1",
    name="林曉青",
    email="lin@nchu.example",
    school="nchu",
    pool="onsite",
    status="waiting",
    place=2,
    registered_at=datetime(2026, 11, 23, 1, 2, 3, tzinfo=UTC),
)


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+886", "-2", "@SUM(A1)", "\t=1", "\r=1", "  =HYPERLINK(1)", "＝1", "\n=1", "＋1", "－1", "＠1"],
)
def test_what_begins_a_formula_is_made_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["林曉青", "O'Brien = Smith", "a-b", "", "3"])
def test_all_else_stays_as_it_is(cell: str) -> None:
    assert harmless(cell) == cell


def test_a_line_has_everything_in_the_words_of_the_page() -> None:
    speech = speeches()["zh-Hant"]
    written = as_csv(
        [ENTRY, replace(ENTRY, name='=cmd|" /C calc"!A0', status="confirmed", place=None)], {}, speech
    )
    head, first, second = csv.reader(io.StringIO(written))
    assert head[:3] == ["序號", "姓名", "電子郵件"]
    assert first == [
        "1", "林曉青", "lin@nchu.example", "nchu", "現場", "候補中", "2", "2026-11-23 09:02:03", ENTRY.registration
    ]  # fmt: skip
    assert second[1] == '\'=cmd|" /C calc"!A0'


def test_names_in_a_file_are_without_marks_of_the_page() -> None:
    speech = speeches()["en"]
    written = as_csv([replace(ENTRY, name="A & B <b>")], {}, speech)
    assert list(csv.reader(io.StringIO(written)))[1][1] == "A & B <b>"
