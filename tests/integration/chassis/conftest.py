"""Services as processes of their own, on the real broker and store."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from toys.waiting import eventually

from gongxue_chassis.log.mongo import connect
from gongxue_chassis.parking import ParkingLot
from gongxue_chassis.publisher import Publisher

TESTS = Path(__file__).parents[2]


class Running:
    """A service process and what it said."""

    def __init__(self, module: str, log: Path, **environment: str) -> None:
        self.log = log
        roots = os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module],
                env={**os.environ, "PYTHONPATH": roots, **environment},
                stdout=out,
                stderr=out,
            )

    def wait_ready(self) -> None:
        eventually(lambda: self._process.poll() is None and '"message": "ready"' in self.log.read_text())

    def wait(self, seconds: float = 20) -> int:
        """Its exit status; negative: the signal that ended it."""
        return self._process.wait(seconds)

    def stop(self) -> int:
        """Ask it to end; its exit status."""
        self._process.terminate()
        return self.wait()

    def kill(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()


@pytest.fixture
def start(amqp_uri: str, mongo_uri: str, tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """`start("registration", CRASH_AT="decided")`: a process of that module, with an own log."""
    started: list[Running] = []

    def start_one(module: str, **environment: str) -> Running:
        log = tmp_path / f"{len(started)}-{module}.log"
        started.append(Running(module, log, **{"AMQP_URI": amqp_uri, "MONGO_URI": mongo_uri, **environment}))
        return started[-1]

    yield start_one
    for running in started:
        running.kill()


@pytest.fixture
def database(mongo_uri: str) -> Iterator[Any]:
    """The test's own, as services see theirs."""
    database = connect(mongo_uri)
    yield database
    database.client.close()


@pytest.fixture
def publisher(amqp_uri: str) -> Iterator[Publisher]:
    """To the test's own bus, as the operator."""
    publisher = Publisher(amqp_uri, "test")
    yield publisher
    publisher.close()


@pytest.fixture
def parked(amqp_uri: str) -> ParkingLot:
    """What notification could not handle."""
    return ParkingLot(amqp_uri, "notification", "test")
