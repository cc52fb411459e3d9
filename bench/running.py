"""A copy of Gongxue to measure: started as `make run` starts it, in a data folder of its own."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.processes import Copy
from onemachine.broker import Broker
from onemachine.folder import Folder
from onemachine.services import ROOT
from onemachine.store import Store

NAME = "bench"
_START_SECONDS = 120.0
_LOOK_SECONDS = 0.02


class DidNotStart(Exception):
    """What the copy said last."""


@dataclass(frozen=True)
class Running:
    """Addresses of the copy, and its processes. `seconds` is what the start took, demo data included."""

    folder: Folder
    processes: Copy
    seconds: float

    @property
    def host(self) -> str:
        """`address:port` of the gateway."""
        return f"127.0.0.1:{self.folder.port('gateway')}"

    @property
    def mails_host(self) -> str:
        """`address:port` of the mail catcher."""
        return f"127.0.0.1:{self.folder.port('mails')}"

    @property
    def amqp_uri(self) -> str:
        """The broker, for its operator."""
        return Broker(self.folder).amqp_uri

    def mongo_uri(self, database: str) -> str:
        """A database of the store, for its operator."""
        return Store(self.folder).uri_for(database)


def reset() -> None:
    """Forget the copy and its data."""
    _act("reset")


@contextmanager
def running() -> Iterator[Running]:
    """Start the copy, with the data it has; stop it at the end. Raises DidNotStart."""
    path = ROOT / ".data" / NAME
    log = ROOT / "build" / "bench.log"
    log.parent.mkdir(exist_ok=True)
    begun = time.monotonic()
    with log.open("wb") as output:
        supervisor = subprocess.Popen(
            [sys.executable, "-m", "onemachine", "run", "--name", NAME],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        try:
            _wait_ready(supervisor, log, begun + _START_SECONDS)
            taken = time.monotonic() - begun
            yield Running(Folder(path), Copy(path, supervisor.pid), taken)
        finally:
            supervisor.terminate()
            supervisor.wait()


def _wait_ready(supervisor: subprocess.Popen[bytes], log: Path, end: float) -> None:
    while b"Gongxue is ready" not in log.read_bytes():
        if supervisor.poll() is not None or time.monotonic() > end:
            raise DidNotStart(log.read_text()[-2_000:])
        time.sleep(_LOOK_SECONDS)


def _act(name: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "onemachine", name, "--name", NAME], cwd=ROOT, check=True, capture_output=True
    )
