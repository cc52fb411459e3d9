"""Seed files of schools: what is taken from them, and that each fault is told by row and column."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from directory import counties, seeding
from directory.ror import is_ror
from directory.schemas import SCHOOL
from directory.seeding import BadSeed, Problem
from gongxue_chassis.log.memory import MemoryCommitStore
from gongxue_chassis.log.runner import Runner
from gongxue_chassis.publisher import Outgoing
from gongxue_contracts.directory import COUNTIES
from gongxue_contracts.envelope import BATCH, batch_from_json

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SHIPPED = Path(str(seeding.__file__)).parent / "seed" / "schools.csv"
HEADER = "school,name_zh,name_en,county,moe_code,ror,website"
NTHU = "nthu,國立清華大學,National Tsing Hua University,hsinchu-city,0002,00zdnkx70,https://www.nthu.edu.tw"


def seed(folder: Path, *rows: str, header: str = HEADER) -> Path:
    file = folder / "schools.csv"
    file.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return file


def problems(file: Path) -> list[Problem]:
    with pytest.raises(BadSeed) as bad:
        seeding.read(file)
    return bad.value.problems


def profile(**changes: Any) -> dict[str, Any]:
    return {
        "name": {"zh": "國立清華大學", "en": "National Tsing Hua University"},
        "county": "hsinchu-city",
        "moe_code": "0002",
        "ror": "00zdnkx70",
        "website": "https://www.nthu.edu.tw",
    } | changes


def test_a_row_becomes_a_wish_of_the_center(tmp_path: Path) -> None:
    assert seeding.read(seed(tmp_path, NTHU)) == [
        {
            "by": {"person": "operator", "school": "center", "role": "center"},
            "school": "nthu",
            "profile": profile(),
        }
    ]


def test_what_is_blank_is_not_known(tmp_path: Path) -> None:
    (admission,) = seeding.read(seed(tmp_path, "nthu,國立清華大學,,hsinchu-city,,,"))
    blank = profile(name={"zh": "國立清華大學", "en": ""}, moe_code=None, ror=None, website=None)
    assert admission["profile"] == blank


@pytest.mark.parametrize("written", ["hsinchu-city", "新竹市", "Hsinchu City"])
def test_a_county_is_known_by_its_names(tmp_path: Path, written: str) -> None:
    (admission,) = seeding.read(seed(tmp_path, NTHU.replace("hsinchu-city", written)))
    assert admission["profile"] == profile()


def test_a_ror_id_may_come_as_an_address(tmp_path: Path) -> None:
    (admission,) = seeding.read(seed(tmp_path, NTHU.replace("00zdnkx70", "https://ror.org/00zdnkx70")))
    assert admission["profile"] == profile()


def test_spaces_blank_lines_and_a_byte_order_mark_do_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "schools.csv"
    file.write_text(f"{HEADER}\r\n\r\n{NTHU.replace(',', ' , ')}\r\n,,,,,,\r\n", encoding="utf-8-sig")
    assert [admission["profile"] for admission in seeding.read(file)] == [profile()]


@pytest.mark.parametrize(
    ("right", "wrong", "column"),
    [
        ("nthu,", "NTHU,", "school"),
        ("國立清華大學", "", "name_zh"),
        ("hsinchu-city", "hsinchu", "county"),
        ("0002", "2", "moe_code"),
        ("00zdnkx70", "00zdnkx7", "ror"),
        ("00zdnkx70", "00zdnkx71", "ror"),
        ("https://www.nthu.edu.tw", "nthu", "website"),
    ],
)
def test_a_wrong_value_is_told_by_row_and_column(tmp_path: Path, right: str, wrong: str, column: str) -> None:
    (problem,) = problems(seed(tmp_path, "ntu,國立臺灣大學,,taipei,,,", NTHU.replace(right, wrong, 1)))
    value, _, why = problem.message.partition(": ")
    assert (problem.file, problem.row, problem.column, value) == (
        "schools.csv",
        3,
        column,
        repr(wrong.strip(",")),
    )
    assert why


def test_check_digits_that_do_not_fit_are_said_so(tmp_path: Path) -> None:
    told = Problem("schools.csv", 2, "ror", "'00zdnkx71': The check digits do not fit.")
    assert problems(seed(tmp_path, NTHU.replace("00zdnkx70", "00zdnkx71"))) == [told]


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    file = seed(tmp_path, NTHU.replace("0002", "2").replace("nthu,", "NTHU,", 1), "ntu,國立臺灣大學,,?,,,")
    told = [(problem.row, problem.column) for problem in problems(file)]
    assert sorted(told) == [(2, "moe_code"), (2, "school"), (3, "county")]


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        ("nthu,國立臺灣大學,,taipei,,,", "school", "nthu"),
        ("ntu,國立清華大學,,taipei,,,", "name_zh", "國立清華大學"),
        ("ntu,國立臺灣大學,,taipei,0002,,", "moe_code", "0002"),
        ("ntu,國立臺灣大學,,taipei,,00zdnkx70,", "ror", "00zdnkx70"),
    ],
)
def test_what_belongs_to_one_school_is_not_given_to_two(
    tmp_path: Path, row: str, column: str, value: str
) -> None:
    told = Problem("schools.csv", 3, column, f"{value!r} is in row 2 already")
    assert problems(seed(tmp_path, NTHU, row)) == [told]


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ("ntu,國立臺灣大學", "name_en", "2 cells instead of 7"),
        (f"{NTHU},,", "website", "9 cells instead of 7"),
    ],
)
def test_a_row_with_too_few_or_too_many_cells(tmp_path: Path, row: str, column: str, message: str) -> None:
    assert problems(seed(tmp_path, row)) == [Problem("schools.csv", 2, column, message)]


@pytest.mark.parametrize(("header", "column"), [("school,name", "school,name"), ("", "-")])
def test_other_columns(tmp_path: Path, header: str, column: str) -> None:
    told = Problem("schools.csv", 1, column, f"must be {HEADER}")
    assert problems(seed(tmp_path, header=header)) == [told]


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    file = tmp_path / "schools.csv"
    file.write_bytes(f"{HEADER}\n".encode() + NTHU.encode("big5"))
    assert problems(file) == [Problem("schools.csv", 2, "-", "not UTF-8")]


def test_a_file_that_is_not_csv(tmp_path: Path) -> None:
    told = Problem("schools.csv", 2, "-", "not CSV: ',' expected after '\"'")
    assert problems(seed(tmp_path, '"nthu"x,,,,,,')) == [told]


def test_a_problem_reads_as_one_line() -> None:
    problem = Problem("schools.csv", 3, "ror", "'00zdnkx71': The check digits do not fit.")
    assert str(problem) == "schools.csv: row 3, column ror: '00zdnkx71': The check digits do not fit."


def test_seeding_twice_changes_nothing() -> None:
    store = MemoryCommitStore()
    runner = Runner(SCHOOL, store, clock=lambda: NOW)
    outcomes = []
    for _ in range(2):
        for data in seeding.read(SHIPPED):
            wish = seeding.command(data, NOW)
            outcomes += [answer.outcome for answer in runner.answer(wish.subject, [wish])]
    admitted = len(seeding.read(SHIPPED))
    assert (len(store.pending(1_000)), outcomes) == (admitted, ["accepted"] * 2 * admitted)


def test_a_changed_row_does_not_change_a_school_that_is_known(tmp_path: Path) -> None:
    runner = Runner(SCHOOL, MemoryCommitStore(), clock=lambda: NOW)
    answers = []
    for row in (NTHU, NTHU.replace("0002", "")):
        (data,) = seeding.read(seed(tmp_path, row))
        wish = seeding.command(data, NOW)
        answers += runner.answer(wish.subject, [wish])
    assert [(answer.outcome, answer.code) for answer in answers] == [
        ("accepted", None),
        ("refused", "school_exists"),
    ]


class Kept:
    """A bus that keeps what it is given."""

    def __init__(self) -> None:
        self.messages: list[Outgoing] = []

    def publish(self, messages: Sequence[Outgoing]) -> None:
        self.messages += messages

    def close(self) -> None:
        pass


def test_each_school_is_asked_for_on_its_own_stream(tmp_path: Path) -> None:
    bus = Kept()
    wishes = [seeding.command(data, NOW) for data in seeding.read(seed(tmp_path, NTHU))]
    assert seeding.publish(wishes, bus) == 1
    (message,) = bus.messages
    assert batch_from_json(message.body) == wishes
    assert message == Outgoing(
        "commands",
        "center.directory.AdmitSchool",
        message.body,
        BATCH,
        wishes[0].id,
        {"stream": "school:nthu"},
    )


def test_the_shipped_schools_are_many_and_sound() -> None:
    schools = seeding.read(SHIPPED)
    identified = [s for s in schools if s["profile"]["moe_code"] or s["profile"]["ror"]]
    assert len(identified) == len(schools) >= 60
    assert all(school["profile"]["name"]["en"] for school in schools)


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        ("00zdnkx70", True),
        ("05bqach95", True),
        ("05bqach96", False),
        ("05bqcah95", False),
        ("05bqaci95", False),
        ("15bqach95", False),
        ("05bqach9", False),
        ("05BQACH95", False),
    ],
)
def test_check_digits_of_ror_ids(text: str, sound: bool) -> None:
    assert is_ror(text) is sound


def test_the_counties_are_those_of_the_contracts() -> None:
    assert tuple(counties.COUNTIES) == COUNTIES
    assert counties.county("台中市") == "taichung"
    assert counties.county("Atlantis") is None
