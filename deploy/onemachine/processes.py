"""Processes of one data folder: started, watched, ended, and found again after a crash. Linux only (/proc).

Every process that is started here carries the folder's path in its environment, and so do its children. Whatever
carries it is ours, whoever started it and however that one ended; nothing else is ever signalled.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

MARK = "GONGXUE_FOLDER"
_KEPT_LOG_BYTES = 10_000_000
_LOOK_SECONDS = 0.05

Ready = Callable[[], bool]
Output = Callable[[str], int]
"""Name of a process -> the file descriptor that it writes to. The caller keeps it open."""


class NotReady(Exception):
    """A process did not become ready in time, or ended instead. `exit_code` is None while it runs."""

    def __init__(self, name: str, seconds: float, exit_code: int | None, said: str) -> None:
        state = f"ended with {exit_code}" if exit_code is not None else f"is not ready after {seconds:g} s"
        super().__init__(f"{name} {state}" + (f"; its last words:\n{said}" if said else ""))
        self.name = name
        self.exit_code = exit_code


@dataclass(frozen=True)
class Program:
    """What to run. `settings` is its environment, besides what every program gets; `grace`: seconds to end in.

    `nice` as for nice(1): the higher, the more it leaves the processor to the others.
    """

    name: str
    command: Sequence[str]
    settings: Mapping[str, str]
    ready: Ready
    grace: float = 10.0
    cwd: Path | None = None
    nice: int = 0


@dataclass
class Process:
    """One program of a folder, which may be started again and again."""

    program: Program
    folder: Path
    output: Output | None = None
    started: float = field(default=0.0, init=False)
    _child: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def name(self) -> str:
        """The program's name."""
        return self.program.name

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._child.pid if self._child and self.exit_code is None else None

    @property
    def exit_code(self) -> int | None:
        """How it ended: None while it runs and before it was started."""
        return self._child.poll() if self._child else None

    @property
    def running(self) -> bool:
        """Whether it runs now."""
        return self.pid is not None

    @property
    def log(self) -> Path:
        """Where it writes if nobody took its output."""
        return self.folder / "log" / f"{self.name}.log"

    def start(self) -> None:
        """Start it, if it does not run."""
        if self.running:
            return
        with self._output() as output:
            self._child = subprocess.Popen(
                self.program.command,
                env=environment(self.folder) | dict(self.program.settings),
                cwd=self.program.cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # a Ctrl-C in the terminal is for the one who supervises
                umask=0o077,
            )
        _be_nice(self._child.pid, self.program.nice)
        self.started = time.monotonic()

    def is_ready(self) -> bool:
        """Whether it does its work now."""
        return self.running and self.program.ready()

    def wait_ready(self, seconds: float = 60.0) -> None:
        """Return as soon as it does its work. Raises NotReady."""
        end = time.monotonic() + seconds
        while not self.is_ready():
            if not self.running or time.monotonic() >= end:
                raise NotReady(self.name, seconds, self.exit_code, self.last_words())
            time.sleep(_LOOK_SECONDS)

    def terminate(self) -> None:
        """Ask it to end."""
        if self._child and self.running:
            self._child.terminate()

    def kill9(self) -> None:
        """End it as a power cut would, and wait until it is gone."""
        if self._child:
            self._child.kill()
            self._child.wait()

    def stop(self) -> bool:
        """Ask it to end, wait for its grace, then end it. Whether it ended by itself."""
        self.terminate()
        return self.wait_ended(self.program.grace)

    def wait_ended(self, seconds: float) -> bool:
        """Wait until it has ended; after `seconds` end it. Whether it ended by itself."""
        if self._child is None:
            return True
        try:
            self._child.wait(max(seconds, 0))
        except subprocess.TimeoutExpired:
            self.kill9()
            return False
        return True

    def last_words(self, size: int = 4_000) -> str:
        """The end of its log, if it writes one."""
        if self.output is not None or not self.log.exists():
            return ""
        with self.log.open("rb") as file:
            file.seek(max(0, self.log.stat().st_size - size))
            return file.read().decode(errors="replace").rstrip()

    @contextmanager
    def _output(self) -> Iterator[int]:
        if self.output is not None:
            yield self.output(self.name)
            return
        self.log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > _KEPT_LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as file:
            yield file.fileno()


def _be_nice(pid: int, nice: int) -> None:
    """Give way to others. Linux weighs sessions against each other, and each of our processes has one of its own."""
    if nice:
        with suppress(OSError):  # not every kernel groups by session
            Path(f"/proc/{pid}/autogroup").write_text(str(nice))
        with suppress(ProcessLookupError):
            os.setpriority(os.PRIO_PROCESS, pid, min(os.getpriority(os.PRIO_PROCESS, pid) + nice, 19))


def environment(folder: Path) -> dict[str, str]:
    """What every process gets. Settings of Gongxue in the caller's own environment do not leak into it."""
    inherited = {name: os.environ[name] for name in ("PATH", "TMPDIR", "TZ") if name in os.environ}
    return inherited | {"LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1", MARK: str(folder)}


def left_over(folder: Path) -> list[int]:
    """Ids of the living processes that carry the folder's mark, without those that such a process started."""
    mark = f"{MARK}={folder}".encode()
    ours = {
        int(entry.name): _parent(entry)
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and int(entry.name) != os.getpid() and _carries(entry, mark)
    }
    return [pid for pid, parent in ours.items() if parent not in ours]


def sweep(folder: Path, grace: float = 10.0) -> list[str]:
    """End all that is left of this folder, first by asking. Returns the names of what there was."""
    names = _signal_all(folder, signal.SIGTERM, grace)
    while _signal_all(folder, signal.SIGKILL, 10.0):  # what they started comes to light when they are gone
        pass
    return names


def _signal_all(folder: Path, number: signal.Signals, seconds: float) -> list[str]:
    """Signal what carries the mark and wait until it is gone, at most for `seconds`."""
    mark = f"{MARK}={folder}".encode()
    handles: list[int] = []
    names: list[str] = []
    try:
        for pid in left_over(folder):
            with suppress(OSError):
                # The handle stays with this very process, so that an id used anew in between harms nobody.
                handles.append(os.pidfd_open(pid))
                entry = Path("/proc") / str(pid)
                if _carries(entry, mark):
                    names.append((entry / "comm").read_text().strip())
                    signal.pidfd_send_signal(handles[-1], number)
        _wait_gone(handles, seconds)
    finally:
        for handle in handles:
            os.close(handle)
    return names


def _wait_gone(handles: list[int], seconds: float) -> None:
    end = time.monotonic() + seconds
    poll = select.poll()
    for handle in handles:
        poll.register(handle, select.POLLIN)
    waiting = len(handles)
    while waiting and (left := end - time.monotonic()) > 0:
        for handle, _ in poll.poll(left * 1000):
            poll.unregister(handle)
            waiting -= 1


def _parent(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def _carries(entry: Path, mark: bytes) -> bool:
    try:
        return mark in (entry / "environ").read_bytes().split(b"\0")
    except OSError:
        return False
