from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from onemachine.logs import Log
from onemachine.processes import Process, Program
from onemachine.supervisor import EX_CONFIG, Comeback


def ended(folder: Path, status: int) -> Process:
    process = Process(
        Program("toy", [sys.executable, "-c", f"exit({status})"], {}, ready=lambda: True), folder
    )
    process.start()
    assert process.wait_ended(20)
    return process


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path, io.StringIO())


def pauses(process: Process, log: Log, count: int) -> list[float]:
    """How long each of these many ends is followed by nothing; the clock runs in tenths of seconds."""
    comeback, now, found = Comeback(process), process.started, []
    for _ in range(count):
        ended_at, before = now, process.started
        while process.started == before:
            now += 0.1
            comeback.look(now, log)
        found.append(round(now - ended_at, 1))
        assert process.wait_ended(20)
        process.started = now  # on the test's clock
    return found


def test_pauses_grow_to_half_a_minute(tmp_path: Path, log: Log) -> None:
    waited = pauses(ended(tmp_path, 1), log, 7)
    assert [round(pause) for pause in waited] == [1, 2, 4, 8, 16, 30, 30]


def test_what_ran_well_for_a_minute_comes_back_soon(tmp_path: Path, log: Log) -> None:
    process = ended(tmp_path, 1)
    comeback = Comeback(process)
    comeback.look(process.started + 1, log)
    comeback.look(process.started + 3, log)
    assert process.wait_ended(20)
    begun = process.started
    comeback.look(begun + 61, log)
    comeback.look(begun + 62.1, log)
    assert process.started > begun
    assert process.wait_ended(20)


def test_wrong_settings_are_not_tried_again(tmp_path: Path, log: Log) -> None:
    process = ended(tmp_path, EX_CONFIG)
    with pytest.raises(SystemExit, match="toy refuses its settings"):
        Comeback(process).look(process.started, log)


def test_what_runs_is_left_alone(tmp_path: Path, log: Log) -> None:
    process = Process(
        Program("toy", [sys.executable, "-c", "import time; time.sleep(60)"], {}, ready=lambda: True),
        tmp_path,
    )
    process.start()
    pid = process.pid
    Comeback(process).look(process.started + 100, log)
    assert process.pid == pid
    process.kill9()
