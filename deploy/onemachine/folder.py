"""A data folder: everything that one running copy of Gongxue keeps, with its ports and secrets.

Ports are chosen once and remembered; secrets are made once and readable by nobody else; a lock says who uses it.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import socket
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PREFERRED = {"gateway": 8000, "mails": 8025}
"""Ports that people type; all others lie in a range from which the kernel does not pick ports for connections."""
_FIRST, _LAST = 20_000, 32_000
_MARK = "gongxue-data"


class InUse(Exception):
    """Another process uses this folder. `about` is what it says of itself: pid, addresses."""

    def __init__(self, path: Path, about: Mapping[str, Any]) -> None:
        super().__init__(f"{path} is in use by process {about.get('pid', '?')}")
        self.about = about


class NotOurs(Exception):
    """The folder holds something else; it is left alone."""


class Folder:
    """Made, if missing, for its owner alone."""

    def __init__(self, path: Path, preferred: Mapping[str, int] | None = None) -> None:
        self.path = path.absolute()
        self._preferred = preferred or {}
        self._ports: dict[str, int] = {}
        if self.path.exists() and any(self.path.iterdir()) and not (self.path / _MARK).exists():
            raise NotOurs(f"{self.path} is not a data folder of Gongxue")
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self.path / _MARK).touch(mode=0o600)

    def sub(self, name: str) -> Path:
        """A folder inside, made if missing."""
        found = self.path / name
        found.mkdir(mode=0o700, parents=True, exist_ok=True)
        return found

    def secret(self, name: str) -> str:
        """The secret of this name, made of 256 random bits when first asked for."""
        path = self.sub("secrets") / name
        if not path.exists():
            self.keep(path, secrets.token_urlsafe(32))
        return path.read_text()

    def hand(self, name: str, value: str) -> Path:
        """A file for one process that holds `value`, for settings called NAME_FILE."""
        path = self.sub("secrets") / name
        self.keep(path, value)
        return path

    def keep(self, path: Path, text: str) -> None:
        """Write a file that nobody else may read; a crash leaves the old one or the new one."""
        draft = path.with_name(path.name + ".new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
        draft.replace(path)

    def port(self, name: str) -> int:
        """The port of this name in this copy. See `choose_ports`."""
        if not self._ports:
            self._ports = self._remembered()
        return self._ports[name]

    def choose_ports(self, names: tuple[str, ...]) -> None:
        """The preferred ports where they are free, else the remembered ones, else others; remember them.

        Call it while nothing of this folder runs.
        """
        remembered = self._remembered()
        chosen: dict[str, int] = {}
        for name in names:
            known = (self._preferred.get(name), remembered.get(name))
            if port := next((p for p in known if p and p not in chosen.values() and free(p)), None):
                chosen[name] = port
        for name in [name for name in names if name not in chosen]:
            chosen[name] = next(p for p in self._range() if p not in chosen.values() and free(p))
        self._ports = chosen
        self.keep(self.path / "ports.json", json.dumps(chosen, indent=1))

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Held while this process uses the folder; the kernel lets go of it however the process ends. Raises InUse."""
        with (self.path / "lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise InUse(self.path, self.about()) from error
            self.say({})
            try:
                yield
            finally:
                (self.path / "running.json").unlink(missing_ok=True)

    def locked(self) -> bool:
        """Whether some process uses this folder now."""
        with (self.path / "lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def say(self, about: Mapping[str, Any]) -> None:
        """Tell others, who find the folder locked, about this process."""
        self.keep(self.path / "running.json", json.dumps({"pid": os.getpid(), **about}, indent=1))

    def about(self) -> dict[str, Any]:
        """What the process that uses this folder says of itself."""
        try:
            found: dict[str, Any] = json.loads((self.path / "running.json").read_text())
        except (OSError, ValueError):
            return {}
        return found

    def remove(self) -> None:
        """Delete all of it."""
        shutil.rmtree(self.path)

    def _remembered(self) -> dict[str, int]:
        try:
            found: dict[str, int] = json.loads((self.path / "ports.json").read_text())
        except (OSError, ValueError):
            return {}
        return found

    def _range(self) -> Iterator[int]:
        """All ports of the range, from a place that differs by folder: copies started together seldom meet."""
        size = _LAST - _FIRST
        start = zlib.crc32(str(self.path).encode()) % size
        return (_FIRST + (start + step) % size for step in range(size))


def free(port: int) -> bool:
    """Whether nobody listens on this port of the loopback address or of all addresses."""
    for address in ("127.0.0.1", "0.0.0.0"):  # noqa: S104 - looked at, not listened on
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, port))
            except OSError:
                return False
    return True
