"""The processes of a running copy: who they are, the processor time they took, the memory they hold."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from onemachine.processes import MARK

_TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")
_NAMES = (
    ("gateway web", r"-m gateway web"),
    ("gateway worker", r"-m gateway worker"),
    ("registration", r"-m registration"),
    ("directory", r"-m directory"),
    ("notification", r"-m notification"),
    ("mail catcher", r"-m onemachine\.mailcatcher"),
    ("store", r"secantusd"),
    ("broker", r"beam|epmd|erl_child_setup|inet_gethost|rabbitmq"),
    ("supervisor", r"-m onemachine "),
)
PARTS = tuple(name for name, _ in _NAMES)
"""In the order of the table; the broker and the store have several processes."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Processor milliseconds by part, and what the whole machine was busy for, since some moment in the past."""

    parts: Mapping[str, float]
    machine: float

    def since(self, before: Spent) -> Spent:
        """What was spent in between."""
        parts = {name: value - before.parts.get(name, 0.0) for name, value in self.parts.items()}
        return Spent(parts, self.machine - before.machine)

    @property
    def others(self) -> float:
        """What was spent by processes that are none of ours."""
        return self.machine - sum(self.parts.values())


class Copy:
    """The processes that carry a data folder's mark, and the one that supervises them."""

    def __init__(self, folder: Path, supervisor: int) -> None:
        self._mark = f"{MARK}={folder}".encode()
        self._supervisor = supervisor

    def pids(self) -> dict[str, list[int]]:
        """Process ids by part."""
        found: dict[str, list[int]] = defaultdict(list)
        for entry in self._entries():
            line = _read(entry / "cmdline").replace(b"\0", b" ").decode(errors="replace")
            name = next((name for name, pattern in _NAMES if re.search(pattern, line)), "other")
            found[name].append(int(entry.name))
        return found

    def spent(self) -> Spent:
        """By the parts until now, the load generator (this very process) included."""
        parts = {name: sum(map(_cpu_ms, pids)) for name, pids in self.pids().items()}
        return Spent(parts | {"load generator": _cpu_ms(os.getpid())}, _machine_ms())

    def memory(self) -> dict[str, float]:
        """MiB by part: shared pages are shared out among those who share them (PSS)."""
        return {name: sum(map(_pss_mib, pids)) for name, pids in self.pids().items()}

    def _entries(self) -> Iterator[Path]:
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and (
                int(entry.name) == self._supervisor or self._mark in _read(entry / "environ").split(b"\0")
            ):
                yield entry


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # it ended, or is somebody else's
        return b""


def _cpu_ms(pid: int) -> float:
    fields = _read(Path(f"/proc/{pid}/stat")).rpartition(b")")[2].split()
    return (int(fields[11]) + int(fields[12])) * _TICK_MS if fields else 0.0


def _pss_mib(pid: int) -> float:
    found = re.search(rb"^Pss:\s+(\d+) kB", _read(Path(f"/proc/{pid}/smaps_rollup")), re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def _machine_ms() -> float:
    user, nice, system, _idle, _wait, interrupts, soft, steal = map(
        int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    )
    return (user + nice + system + interrupts + soft + steal) * _TICK_MS
