"""The embedded store: a small server of its own that speaks MongoDB's wire protocol. Production uses MongoDB itself.

It is GPL, so it lives in a virtual environment of its own and is a separate process; nothing here imports it.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote

from pymongo import MongoClient

from installation import stores
from onemachine.broker import listening
from onemachine.folder import Folder
from onemachine.processes import Process, Program

PORTS = ("store",)
OPERATOR = "operator"
ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = Path(__file__).with_name("store-requirements.txt")
_SERVER = ROOT / ".store-venv" / "bin" / "secantusd-py"
# It looks through the last 10,000 retryable writes at each new one. We can do without: every write of ours may be
# repeated, and is, by whoever asked for it.
_OPTIONS = "?replicaSet=secantus&w=majority&journal=true&retryWrites=false&authSource="


class Outdated(Exception):
    """The data were written by another version of the store, which does not promise to read them."""


class Store:
    """The store in this folder, whose ports must have been chosen. Within `with` it runs."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.data = folder.sub("store")
        self.process = Process(self._program("--auth"), folder.path)

    def __enter__(self) -> Store:
        self.start()
        self.wait_ready()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self.stop()

    @property
    def mongo_uri(self) -> str:
        """The operator's address, without a database."""
        return self._uri(OPERATOR, self.folder.secret("store-operator"), "", "admin")

    def uri_of(self, user: str, password: str, database: str) -> str:
        """The address of this database for the user who belongs to it."""
        return self._uri(user, password, database, database)

    def uri_for(self, database: str) -> str:
        """The operator's address of a database, for tests that need one of their own."""
        return self._uri(OPERATOR, self.folder.secret("store-operator"), database, "admin")

    def install(self, passwords: Mapping[str, str]) -> list[str]:
        """Create users and indexes; what was done, a line for each database."""
        with MongoClient[dict[str, Any]](self.mongo_uri) as client:
            return list(stores.apply(client, passwords))

    def start(self) -> None:
        """Start it without waiting until it is ready. The very first time that takes seconds. Raises Outdated."""
        made_by = self.data / "made-by"
        if not made_by.exists():
            self._found()
            self.folder.keep(made_by, version())
        elif made_by.read_text() != version():
            raise Outdated(f"{self.data} was written by {made_by.read_text()}, this is {version()}")
        self.process.start()

    def wait_ready(self, seconds: float = 30.0) -> None:
        """Return as soon as it takes connections. Raises NotReady."""
        self.process.wait_ready(seconds)

    def kill(self) -> None:
        """`kill -9`. What it had acknowledged is on its disk; `start` brings it back."""
        self.process.kill9()

    def stop(self) -> bool:
        """End it in order. Whether it ended by itself."""
        return self.process.stop()

    def _found(self) -> None:
        """Make it anew with its operator. It has no first user to sign in as: once, it runs open, on the loopback."""
        shutil.rmtree(self.data / "data", ignore_errors=True)  # left by a crash in here, and empty
        opening = Process(self._program(), self.folder.path)
        opening.start()
        try:
            opening.wait_ready(30)
            password = self.folder.secret("store-operator")
            with MongoClient[dict[str, Any]](f"mongodb://127.0.0.1:{self.folder.port('store')}/") as client:
                roles = [{"role": "root", "db": "admin"}]
                client["admin"].command("createUser", OPERATOR, pwd=password, roles=roles)
        finally:
            opening.stop()

    def _program(self, *more: str) -> Program:
        port = self.folder.port("store")
        options = {
            "--host": "127.0.0.1",
            "--port": str(port),
            "--storage-path": str(self.data / "data"),
            "--cache-size": "256M",
            "--oplog-retention-seconds": "86400",
            "--log-level": "WARNING",
        }
        flat = [part for option in options.items() for part in option]
        return Program(
            "store",
            # Without --sync-on-commit it loses acknowledged writes when it is killed.
            [str(_SERVER), *flat, "--sync-on-commit", *more],
            {"HOME": str(self.data)},
            ready=listening(port),
            grace=30.0,
            cwd=self.data,
        )

    def _uri(self, user: str, password: str, database: str, source: str) -> str:
        address = f"127.0.0.1:{self.folder.port('store')}"
        return f"mongodb://{user}:{quote(password)}@{address}/{database}{_OPTIONS}{source}"


def version() -> str:
    """The store that the lock file names, like `secantusdb==1.2`."""
    pinned = re.search(r"^secantusdb==[\w.]+", REQUIREMENTS.read_text(), re.MULTILINE)
    if pinned is None:
        raise LookupError(f"{REQUIREMENTS} does not pin secantusdb")
    return pinned[0]
