from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from toys.waiting import eventually

from onemachine.processes import MARK, NotReady, Process, Program, environment, left_over, sweep

SLEEPS = "import time; print('up', flush=True); time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SLEEPS!r}])"


def python(script: str, name: str = "toy", grace: float = 10.0) -> Callable[[Path], Process]:
    def in_folder(folder: Path) -> Process:
        log = folder / "log" / f"{name}.log"
        program = Program(
            name,
            [sys.executable, "-c", script],
            {"TOY": "1"},
            ready=lambda: log.exists() and "up" in log.read_text(),
            grace=grace,
        )
        return Process(program, folder)

    return in_folder


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    sweep(tmp_path, grace=0)


def test_it_is_ready_when_its_condition_says_so(folder: Path) -> None:
    process = python(SLEEPS)(folder)
    assert not process.running
    process.start()
    process.wait_ready(20)
    assert process.is_ready()
    assert process.stop()
    assert (process.running, process.exit_code) == (False, -signal.SIGTERM)


def test_starting_what_runs_does_nothing(folder: Path) -> None:
    process = python(SLEEPS)(folder)
    process.start()
    pid = process.pid
    process.start()
    assert process.pid == pid
    process.kill9()


def test_what_may_lag_gives_way_to_the_others(folder: Path) -> None:
    sleeper = python(SLEEPS)(folder)
    nicer = Process(replace(sleeper.program, nice=7), folder)
    nicer.start()
    assert nicer.pid is not None
    assert os.getpriority(os.PRIO_PROCESS, nicer.pid) == os.getpriority(os.PRIO_PROCESS, 0) + 7
    session = Path(f"/proc/{nicer.pid}/autogroup")
    assert not session.exists() or session.read_text().endswith(" nice 7\n")
    nicer.kill9()


def test_killed_it_can_be_started_again(folder: Path) -> None:
    process = python(SLEEPS)(folder)
    process.start()
    process.wait_ready(20)
    process.kill9()
    assert process.exit_code == -signal.SIGKILL
    process.start()
    assert process.running
    process.kill9()


def test_what_ends_instead_of_getting_ready_is_reported_with_its_last_words(folder: Path) -> None:
    process = python("import sys; sys.exit('no setting THIS')")(folder)
    process.start()
    with pytest.raises(NotReady, match=r"toy ended with 1; its last words:\nno setting THIS"):
        process.wait_ready(20)


def test_what_does_not_get_ready_in_time_is_reported(folder: Path) -> None:
    process = python("import time; time.sleep(60)")(folder)
    process.start()
    with pytest.raises(NotReady, match=r"toy is not ready after 0\.2 s") as report:
        process.wait_ready(0.2)
    assert report.value.exit_code is None
    process.kill9()


def test_what_does_not_end_within_its_grace_is_ended(folder: Path) -> None:
    process = python(STUBBORN, grace=0.2)(folder)
    process.start()
    process.wait_ready(20)
    assert process.stop() is False
    assert process.exit_code == -signal.SIGKILL


def test_a_terminal_interrupt_of_the_supervisor_does_not_reach_it(folder: Path) -> None:
    process = python(SLEEPS)(folder)
    process.start()
    assert process.pid is not None
    assert os.getsid(process.pid) == process.pid
    process.kill9()


def test_settings_of_the_caller_do_not_leak(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMQP_URI", "amqp://another")
    assert "AMQP_URI" not in environment(folder)
    assert environment(folder)[MARK] == str(folder)


def test_children_of_what_was_killed_are_found_and_ended(folder: Path) -> None:
    process = python(PARENT)(folder)
    process.start()
    process.wait_ready(20)
    assert left_over(folder) == [process.pid]
    process.kill9()
    orphans = left_over(folder)
    assert len(orphans) == 1
    assert len(sweep(folder)) == 1
    assert left_over(folder) == []


def test_a_stubborn_one_is_swept_too(folder: Path) -> None:
    process = python(STUBBORN)(folder)
    process.start()
    process.wait_ready(20)
    sweep(folder, grace=0.2)
    assert eventually(lambda: process.exit_code) == -signal.SIGKILL


def test_nothing_of_another_folder_is_touched(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("other")
    neighbour = python(SLEEPS)(elsewhere)
    neighbour.start()
    unmarked = subprocess.Popen([sys.executable, "-c", SLEEPS], stdout=subprocess.DEVNULL)
    try:
        assert sweep(folder) == []
        assert neighbour.running
        assert unmarked.poll() is None
    finally:
        unmarked.kill()
        unmarked.wait()
        neighbour.kill9()


def test_a_large_log_is_put_aside_at_the_next_start(folder: Path) -> None:
    process = python(SLEEPS)(folder)
    process.log.parent.mkdir()
    process.log.write_bytes(b"x" * 10_000_001)
    process.start()
    process.wait_ready(20)
    assert process.last_words() == "up"
    assert process.log.with_suffix(".log.1").stat().st_size == 10_000_001
    process.kill9()
