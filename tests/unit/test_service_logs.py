"""What a failing test shows of the services' logs."""

from __future__ import annotations

import json
from pathlib import Path

from toys.service_logs import warnings_since

START = 1_790_000_000.0
BEFORE = "2026-01-01T00:00:00+00:00"
AFTER = "2030-01-01T00:00:00+00:00"


def said(level: str, message: str, time: str = AFTER) -> str:
    return json.dumps({"level": level, "message": message, "time": time})


def test_warnings_since_a_test_began_are_shown_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "main/log").mkdir(parents=True)
    lines = [
        said("WARNING", "long ago", BEFORE),
        said("INFO", "all is well"),
        said("ERROR", "it broke"),
        "Killed",
    ]
    (tmp_path / "main/log/gateway.log").write_text("\n".join(lines))
    (tmp_path / "main/log/mails.log").write_text(said("INFO", "a mail"))
    (tmp_path / "main/log/broker.log").write_text("starting")

    assert list(warnings_since(START, tmp_path)) == [
        ("main/log/gateway.log", "\n".join([lines[2], "Killed"]))
    ]


def test_what_was_written_before_is_not_even_read(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    log = tmp_path / "log/gateway.log"
    log.write_text("Killed")

    assert list(warnings_since(log.stat().st_mtime + 1, tmp_path)) == []
