"""`python -m gateway rebuild`: ask for a new read model, and say how far it is until it is there."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator

from pymongo.database import Database

from gateway.read_model.generations import Rebuild, read_pointer
from gateway.read_model.rebuilding import SERVICES, ask
from gateway.storage import Document, open_for_worker
from gongxue_chassis.errors import Unavailable
from gongxue_chassis.log.mongo import reachable
from gongxue_chassis.settings import Env, load_or_refuse

_LOOK_SECONDS = 0.5
_WORDS = {
    "asked": "waits for the worker",
    "feeding": "a second read model is fed with what happens from now on",
    "replaying": "the services replay their logs",
    "switched": "the new read model is shown",
    "retiring": "the old read model is put away",
    "done": "done",
}


def main(arguments: list[str]) -> int:
    """The exit status: 0 when it is done (or asked for, with --no-wait), 1 when the store does not answer."""
    parser = argparse.ArgumentParser(prog="python -m gateway rebuild", description=__doc__)
    parser.add_argument("--afresh", action="store_true", help="begin again, also if one is going on")
    parser.add_argument("--no-wait", action="store_true", help="ask for it and leave")
    chosen = parser.parse_args(arguments)
    database = open_for_worker(load_or_refuse(_store))
    try:
        if not ask(database, afresh=chosen.afresh):
            _say("a rebuild is going on already; this is how far it is")
        if chosen.no_wait:
            return 0
        for line in _watch(database):
            _say(line)
    except Unavailable as error:
        sys.stderr.write(f"the store cannot be reached: {error}\n")
        return 1
    finally:
        database.client.close()
    return 0


def _watch(database: Database[Document]) -> Iterator[str]:
    """A line for each thing that is new, until it is done. Raises Unavailable."""
    said = ""
    while True:
        with reachable():
            rebuild = read_pointer(database).rebuild
        if rebuild is None:
            return
        if (line := _line(rebuild)) != said:
            yield line
            said = line
        if not rebuild.running:
            return
        time.sleep(_LOOK_SECONDS)


def _line(rebuild: Rebuild) -> str:
    parts = [f"{rebuild.id}: {_WORDS[rebuild.phase]}"]
    if rebuild.applied:
        parts.append(f"{rebuild.applied:,} facts applied")
    for service in SERVICES:
        if told := rebuild.done.get(service):
            lost = f", {told['unreadable']} commits unreadable" if told["unreadable"] else ""
            parts.append(f"{service} has replayed {told['facts']:,}{lost}")
    return "; ".join(parts)


def _store() -> str:
    env = Env()
    uri = env.str("MONGO_URI")
    env.seal()
    return str(uri)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
