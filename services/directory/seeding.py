"""A seed file of schools: read it, say exactly what is wrong with it, ask the directory to admit its schools.

The file is CSV in UTF-8 with the columns of `COLUMNS`; a county may be given as slug or by name, a ROR id with or
without its address. What is not known for sure stays blank.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from directory.counties import county
from directory.ror import is_ror
from gongxue_chassis.publisher import MessageSink, Outgoing
from gongxue_contracts import catalogue
from gongxue_contracts.envelope import BATCH, CloudEvent, batch_to_json

ADMIT = "directory.AdmitSchool.v1"
BY = {"person": "operator", "school": "center", "role": "center"}
COLUMNS = ("school", "name_zh", "name_en", "county", "moe_code", "ror", "website")
UNIQUE = ("school", "name_zh", "moe_code", "ror")

_SEEDS = UUID("6f1d3a52-8f6b-5c1e-9a57-0d2f0f6f3a11")
_COLUMN_OF = {
    "school": "school",
    "profile.name.zh": "name_zh",
    "profile.name.en": "name_en",
    "profile.county": "county",
    "profile.moe_code": "moe_code",
    "profile.ror": "ror",
    "profile.website": "website",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a seed file. `row` counts as a spreadsheet does: the header is row 1."""

    file: str
    row: int
    column: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: row {self.row}, column {self.column}: {self.message}"


class BadSeed(ValueError):
    """A seed file that cannot be used; `problems` has all that is wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def read(file: Path) -> list[dict[str, Any]]:
    """The data of one AdmitSchool command a row. Raises BadSeed with every problem of the file; OSError."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = error.object.count(b"\n", 0, error.start) + 1
        raise BadSeed([Problem(file.name, row, "-", "not UTF-8")]) from None
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    problems: list[Problem] = []
    admissions = []
    seen: dict[tuple[str, str], int] = {}
    number = 1
    try:
        _check_header(file.name, next(lines, []))
        for number, cells in enumerate(lines, start=2):
            if not any(cells):
                continue
            found, data = _admission(file.name, number, cells)
            problems += found or _repeated(file.name, number, cells, seen)
            admissions.append(data)
    except csv.Error as error:
        problems.append(Problem(file.name, number + 1, "-", f"not CSV: {error}"))
    if problems:
        raise BadSeed(problems)
    return admissions


def _check_header(file: str, header: list[str]) -> None:
    if tuple(header) != COLUMNS:
        wanted = f"must be {','.join(COLUMNS)}"
        raise BadSeed([Problem(file, 1, ",".join(header) or "-", wanted)])


def _admission(file: str, number: int, cells: list[str]) -> tuple[list[Problem], dict[str, Any]]:
    if len(cells) != len(COLUMNS):
        message = f"{len(cells)} cells instead of {len(COLUMNS)}"
        return [Problem(file, number, COLUMNS[min(len(cells), len(COLUMNS) - 1)], message)], {}
    row = dict(zip(COLUMNS, (cell.strip() for cell in cells), strict=True))
    ror = row["ror"].removeprefix("https://ror.org/")
    data = {
        "by": BY,
        "school": row["school"],
        "profile": {
            "name": {"zh": row["name_zh"], "en": row["name_en"]},
            "county": county(row["county"]) or row["county"],
            "ror": ror or None,
            "moe_code": row["moe_code"] or None,
            "website": row["website"] or None,
        },
    }
    problems = []
    try:
        catalogue.write(ADMIT, data)
    except catalogue.WrongSchema as wrong:
        problems = [
            Problem(file, number, _COLUMN_OF[path], f"{row[_COLUMN_OF[path]]!r}: {' '.join(messages)}")
            for path, messages in wrong.errors.items()
        ]
    if ror and not is_ror(ror) and not any(problem.column == "ror" for problem in problems):
        problems.append(Problem(file, number, "ror", f"{row['ror']!r}: The check digits do not fit."))
    return problems, data


def _repeated(
    file: str, number: int, cells: list[str], seen: dict[tuple[str, str], int]
) -> Iterator[Problem]:
    for column, cell in zip(COLUMNS, cells, strict=True):
        if column not in UNIQUE or not cell.strip():
            continue
        first = seen.setdefault((column, cell.strip()), number)
        if first != number:
            yield Problem(file, number, column, f"{cell.strip()!r} is in row {first} already")


def command(data: dict[str, Any], now: datetime) -> CloudEvent:
    """The wish to admit the school. The same row is the same command for ever, so that seeding twice changes nothing;
    a row that says something else is another one, which the directory refuses if it knows the school."""
    id_ = str(uuid5(_SEEDS, json.dumps(data, sort_keys=True, ensure_ascii=False)))
    return CloudEvent(
        id=id_,
        source="/center/directory",
        type=ADMIT,
        subject=f"school:{data['school']}",
        time=now,
        data=catalogue.write(ADMIT, data),
        correlationid=id_,
    )


def publish(commands: Iterable[CloudEvent], bus: MessageSink) -> int:
    """Hand the commands over, one message each because each has its own stream; return how many.

    Raises Unavailable when the broker did not take all of them: ask again, unchanged.
    """
    messages = [
        Outgoing(
            exchange="commands",
            routing_key=catalogue.command_key("center", wish.type),
            body=batch_to_json([wish]),
            content_type=BATCH,
            message_id=wish.id,
            headers={"stream": wish.subject},
        )
        for wish in commands
    ]
    bus.publish(messages)
    return len(messages)
