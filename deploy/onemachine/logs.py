"""One tidy log of many processes: their JSON lines made readable, each with the name of the process that said it.

A terminal obeys what it is shown: what others have written is shown with escapes in the place of control characters.
"""

from __future__ import annotations

import json
import os
import selectors
import sys
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from gongxue_chassis.logs import visible

_WIDTH = 14
_KEPT_BYTES = 10_000_000
_LONGEST_LINE = 65_536
_PLAIN = frozenset(
    {"time", "level", "logger", "service", "message", "exc_info", "stack_info", "taskName", "color_message"}
)
_COLOURS = (36, 32, 35, 34, 33, 96, 92, 95, 94)
_LEVELS = {"WARNING": 33, "ERROR": 31, "CRITICAL": 31}
_RESET = "\x1b[0m"


class Log(threading.Thread):
    """Reads what processes write to its pipes, shows it, and keeps it as it came in a file for each process."""

    def __init__(self, kept: Path, shown: TextIO = sys.stdout) -> None:
        super().__init__(name="log", daemon=True)
        self._kept = kept
        self._shown = shown
        self._coloured = shown.isatty() and "NO_COLOR" not in os.environ
        self._pipes: dict[str, int] = {}
        self._selector = selectors.DefaultSelector()
        self._ending, self._end = os.pipe()
        self._selector.register(self._ending, selectors.EVENT_READ)
        self._lock = threading.Lock()

    def pipe(self, name: str) -> int:
        """Where the process of this name writes. Stays open, so that the process can be started again."""
        if name not in self._pipes:
            read, self._pipes[name] = os.pipe()
            os.set_blocking(read, False)
            self._selector.register(read, selectors.EVENT_READ, _Lines(name, self._kept / f"{name}.log"))
        return self._pipes[name]

    def say(self, message: str, level: str = "INFO") -> None:
        """A line of our own."""
        moment = datetime.now(UTC).isoformat()
        self._show("gongxue", json.dumps({"time": moment, "level": level, "message": message}))

    def run(self) -> None:
        """Until `close`."""
        while True:
            ready = self._selector.select()
            for key, _ in ready:
                if key.data is not None:
                    self._take(key.fd, key.data)
            if any(key.data is None for key, _ in ready):
                return

    def close(self) -> None:
        """Show what is left and end."""
        os.write(self._end, b".")
        self.join(5)
        for key in list(self._selector.get_map().values()):
            if key.data is not None:
                self._take(key.fd, key.data)
                key.data.close()

    def _take(self, pipe: int, lines: _Lines) -> None:
        try:
            chunk = os.read(pipe, 65_536)
        except BlockingIOError:
            return
        for line in lines.add(chunk):
            self._show(lines.name, line)

    def _show(self, name: str, line: str) -> None:
        with self._lock:
            try:
                self._shown.write(rendered(name, line, coloured=self._coloured) + "\n")
                self._shown.flush()
            except (OSError, ValueError):  # the terminal is gone; the files still have it
                return


class _Lines:
    """Cuts the output of one process into lines and keeps them in a file, of which the last two are kept."""

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self._path = path
        self._rest = b""
        self._file: BinaryIO = self._open()

    def add(self, chunk: bytes) -> list[str]:
        self._file.write(chunk)
        self._file.flush()
        if self._file.tell() > _KEPT_BYTES:
            self._file.close()
            self._path.replace(self._path.with_suffix(".log.1"))
            self._file = self._open()
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        if len(self._rest) > _LONGEST_LINE:
            lines, self._rest = [*lines, self._rest], b""
        return [line.decode(errors="replace") for line in lines if line.strip()]

    def close(self) -> None:
        self._file.close()

    def _open(self) -> BinaryIO:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self._path.open("ab")


def rendered(name: str, line: str, *, coloured: bool = False) -> str:
    """A line as people read it: time, name, level if it matters, message, then the ids that came with it."""
    try:
        record = json.loads(line)
    except ValueError:
        record = None
    if not isinstance(record, dict):
        return f"{_now()} {_name(name, coloured)} {visible(line.rstrip())}"
    level = visible(str(record.get("level", "")))
    marked = "" if level in ("", "INFO") else f"{level} "
    ids = "".join(f" {key}={_short(key, value)}" for key, value in record.items() if key not in _PLAIN)
    ids = visible(ids)
    text = f"{_clock(record)} {_name(name, coloured)} {marked}{visible(str(record.get('message', '')))}"
    if coloured:
        text = f"\x1b[{_LEVELS[level]}m{text}{_RESET}" if level in _LEVELS else text
        ids = f"\x1b[2m{ids}{_RESET}" if ids else ""
    trouble = str(record.get("exc_info") or "")
    return text + ids + "".join(f"\n{' ' * 13}{visible(one)}" for one in trouble.splitlines())


def _name(name: str, coloured: bool) -> str:
    padded = f"{name:<{_WIDTH}}"
    colour = _COLOURS[sum(name.encode()) % len(_COLOURS)]
    return f"\x1b[{colour}m{padded}{_RESET}" if coloured else padded


def _clock(record: Mapping[str, Any]) -> str:
    try:
        moment = datetime.fromisoformat(str(record["time"]))
    except (KeyError, ValueError):
        return _now()
    return moment.astimezone().strftime("%H:%M:%S.%f")[:12]


def _now() -> str:
    return datetime.now().astimezone().strftime("%H:%M:%S.%f")[:12]


def _short(key: str, value: Any) -> str:
    """Ids in the length that still tells them apart; a traceparent is shown by its trace id alone."""
    text = str(value)
    if key == "traceparent":
        text = text.split("-")[1] if text.count("-") == 3 else text
        return text[:8]
    return text if len(text) <= 80 else text[:79] + "…"
