"""`python -m installation`: wait for the broker and the store, bring both to what the services need, say so, end."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from typing import TypeVar

from environs import EnvValidationError
from pymongo import MongoClient
from pymongo.errors import ConnectionFailure

from installation import replica_set, stores
from installation.management import BusAway, BusRefused
from installation.settings import Settings

EX_CONFIG = 78
EX_UNAVAILABLE = 69
_PAUSE_SECONDS = 0.5

Done = TypeVar("Done")


def install(settings: Settings) -> None:
    """Apply everything. Raises BusAway or StoreAway when one of them stays away for `settings.wait` seconds."""
    print(_patiently(settings.wait, lambda: settings.management.apply(settings.bus)), flush=True)
    for line in _patiently(settings.wait, lambda: _stores(settings)):
        print(line, flush=True)


def main() -> int:
    """The exit status: 0 when all is in place, 78 for wrong settings, 69 when something stayed away or refused."""
    try:
        install(Settings.from_env())
    except EnvValidationError as error:
        for problem in _problems(error):
            sys.stderr.write(f"refusing to start: {problem}\n")
        return EX_CONFIG
    except (BusAway, BusRefused, stores.StoreAway, stores.StoreRefused) as error:
        sys.stderr.write(f"not installed: {error}\n")
        return EX_UNAVAILABLE
    return 0


def _problems(error: EnvValidationError) -> list[str]:
    found = error.error_messages
    if isinstance(found, Mapping):
        return [f"{name}: {' '.join(messages)}" for name, messages in found.items()]
    return list(found)


def _stores(settings: Settings) -> list[str]:
    try:
        with MongoClient[dict[str, object]](settings.store_uri, serverSelectionTimeoutMS=2_000) as client:
            begun = [replica_set.initiate(client, settings.replica_set)] if settings.replica_set else []
            return begun + list(stores.apply(client, settings.store_passwords))
    except ConnectionFailure as error:
        raise stores.StoreAway(str(error)) from error


def _patiently(seconds: float, act: Callable[[], Done]) -> Done:
    """What `act` returns, as soon as the other side is there."""
    end = time.monotonic() + seconds
    while True:
        try:
            return act()
        except (BusAway, stores.StoreAway):
            if time.monotonic() >= end:
                raise
            time.sleep(_PAUSE_SECONDS)


if __name__ == "__main__":
    raise SystemExit(main())
