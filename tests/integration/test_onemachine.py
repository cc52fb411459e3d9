"""`make run` from outside: what a person at a terminal sees, does and survives."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar
from uuid import uuid4

import httpx
import pytest
from toys.waiting import eventually

from onemachine.folder import Folder
from onemachine.processes import left_over, sweep
from onemachine.stack import Stack

ADDRESS = re.compile(r"Gongxue is ready after [\d.]+ s: (http://\S+)  mails: (http://\S+)")
ENDED = "stopped; what was acknowledged is kept"


class Terminal:
    """`python -m onemachine ACT` and what it printed."""

    opened: ClassVar[list[Terminal]] = []

    def __init__(self, data: Path, act: str = "run") -> None:
        self._path = data / f"{act}-{len(list(data.glob('*.out')))}.out"
        with self._path.open("wb") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "onemachine", act, "--data", str(data)],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )

        self.opened.append(self)

    @property
    def shown(self) -> str:
        return self._path.read_text()

    @property
    def pid(self) -> int:
        return self._process.pid

    def shows(self, words: str, seconds: float = 90) -> str:
        """All that is shown, as soon as it has these words."""
        return eventually(lambda: shown if words in (shown := self.shown) else self._alive(), seconds)

    def address(self) -> str:
        found = ADDRESS.search(self.shows("Gongxue is ready"))
        assert found
        return found[1]

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def ends(self, seconds: float = 60) -> int:
        return self._process.wait(seconds)

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def _alive(self) -> str:
        assert self._process.poll() is None, self.shown
        return ""


@pytest.fixture
def data(test_data: Path, infrastructure: Stack) -> Iterator[Path]:
    """Where the data folders of these runs are; `infrastructure` says whether there is a RabbitMQ at all."""
    path = test_data / f"terminals-{uuid4().hex[:6]}"
    path.mkdir(mode=0o700)
    yield path
    for terminal in Terminal.opened:
        terminal.close()
    sweep(path / "run", grace=0)


def schools(address: str) -> list[str]:
    return [school["id"] for school in httpx.get(f"{address}/api/v1/schools", timeout=20).json()["items"]]


def test_a_life_with_crashes(data: Path) -> None:
    terminal = Terminal(data)
    address = terminal.address()
    folder = Folder(data / "run")
    assert "demo data" in terminal.shown
    there = eventually(lambda: found if len(found := schools(address)) > 60 else None)

    # Someone starts it once more, and asks how it is.
    second = Terminal(data)
    assert second.ends() == 0
    assert f"already running at {address} (process {terminal.pid})" in second.shown
    status = Terminal(data, "status")
    assert status.ends() == 0
    assert address in status.shown

    # A service dies.
    killed = next(pid for pid in left_over(folder.path) if "-m registration" in command(pid))
    os.kill(killed, signal.SIGKILL)
    terminal.shows("registration ended with -9; again in 1 s")
    eventually(lambda: any("-m registration" in command(pid) for pid in left_over(folder.path)))

    # The supervisor dies, and leaves all others behind.
    terminal.signal(signal.SIGKILL)
    terminal.ends()
    assert len(left_over(folder.path)) > 5
    status = Terminal(data, "status")
    assert status.ends() == 3

    # The next start clears up, and nothing is lost.
    terminal = Terminal(data)
    assert terminal.address() == address
    assert "ended what was left of an earlier run: " in terminal.shown
    assert "demo data" not in terminal.shown
    assert schools(address) == there

    # Ctrl-C ends it all.
    terminal.signal(signal.SIGINT)
    assert terminal.ends() == 0
    assert terminal.shown.endswith(f"{ENDED}\n")
    assert left_over(folder.path) == []

    # And so it may be forgotten.
    reset = Terminal(data, "reset")
    assert reset.ends() == 0
    assert not folder.path.exists()


def test_stopping_from_elsewhere_and_clearing_up_after_a_crash(data: Path) -> None:
    terminal = Terminal(data, "infra")
    terminal.shows("MONGO_URI=")
    stop = Terminal(data, "stop")
    assert stop.ends() == 0
    assert "Gongxue is stopped" in stop.shown
    assert terminal.ends() == 0
    assert ENDED in terminal.shown

    terminal = Terminal(data, "infra")
    terminal.shows("MONGO_URI=")
    terminal.signal(signal.SIGKILL)
    terminal.ends()
    stop = Terminal(data, "stop")
    assert stop.ends() == 0
    assert left_over(data / "run") == []
    again = Terminal(data, "stop")
    assert again.ends() == 0
    assert "Gongxue is not running" in again.shown


def test_a_second_interrupt_ends_it_at_once(data: Path) -> None:
    terminal = Terminal(data, "infra")
    terminal.shows("MONGO_URI=")
    terminal.signal(signal.SIGINT)
    terminal.shows("stopping")
    terminal.signal(signal.SIGINT)
    assert terminal.ends() == 0
    assert "stopping at once" in terminal.shown
    assert left_over(data / "run") == []


def test_a_folder_of_someone_else_is_left_alone(data: Path) -> None:
    (data / "run").mkdir()
    (data / "run" / "thesis.tex").touch()
    for act in ("run", "stop", "reset"):
        refused = Terminal(data, act)
        assert refused.ends() == 1
        assert "is not a data folder of Gongxue" in refused.shown
    assert (data / "run" / "thesis.tex").exists()


def command(pid: int) -> str:
    try:
        return (Path("/proc") / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""
