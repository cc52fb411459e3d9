"""`python -m gateway demo`: fill a running network with people, their roles and activities to try it with.

The schools come first, with `python -m directory seed`. Loading it again changes nothing, whatever people have done
since.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import uuid
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from pymongo.errors import PyMongoError

from gateway.actions import BusUnavailable, Person
from gateway.commanding.bus import Answer, CommandBus
from gateway.demo.activities import Wishes
from gateway.people import People
from gateway.personal.tombstones import PersonErased
from gateway.read_model.own_writes import OwnWrites
from gateway.read_model.queries import Queries
from gateway.storage import open_for_web
from gongxue_chassis import logs
from gongxue_chassis.settings import Env, Plumbing, load_or_refuse

ANSWER_SECONDS = 30.0

_FILE = Path(__file__).parent / "people.json"


def people() -> list[Person]:
    """The demo's people, all invented; their addresses lead nowhere."""
    return [
        Person(**{**person, "roles": frozenset(person["roles"])})
        for person in json.loads(_FILE.read_text(encoding="utf-8"))
    ]


async def load(plumbing: Plumbing) -> Counter[str]:
    """Keep the people, give the commands; how many had which outcome, `refused: <code>` among them.

    Those that were not answered in time are `pending`: they wait in their queue. Raises BusUnavailable, PyMongoError.
    """
    database = open_for_web(plumbing.mongo_uri)
    apply = OwnWrites(database, Queries(database)).apply  # so that whoever signs in next has their roles
    bus = CommandBus(plumbing.amqp_uri, uuid.uuid4().hex[:12], apply, _not_waited_for)
    await bus.open()
    try:
        everyone = people()
        await _introduce(everyone, People(database, bus.tell))
        # Begun in this order, and the bus keeps the order of what is asked of one stream.
        wishes = [wish for bundle in Wishes(everyone, datetime.now(UTC)).bundles() for wish in bundle]
        answers = await asyncio.gather(*(bus.send(wish, ANSWER_SECONDS) for wish in wishes))
    finally:
        await bus.close()
        await database.client.close()
    return Counter(map(_outcome, answers))


async def _introduce(everyone: list[Person], known: People) -> None:
    """Whoever is there already stays as they are: they may have changed their name since, or had themselves erased."""
    for person in everyone:
        with suppress(PersonErased):
            await known.tell(await known.card(person.id) or await known.keep(person))


async def _not_waited_for(answer: Answer) -> None:
    """The log has it."""


def _outcome(answer: Answer | None) -> str:
    if answer is None:
        return "pending"
    return f"{answer.outcome}: {answer.code}" if answer.code else answer.outcome


def main() -> None:
    """Load the demo into the network that the environment names, and say what became of it."""
    plumbing = load_or_refuse(_plumbing)
    logs.configure("gateway demo", plumbing.log_level, plumbing.log_format)
    try:
        outcomes = asyncio.run(load(plumbing))
    except BusUnavailable as error:
        _end(str(error))
    except PyMongoError as error:
        _end(f"the store is not available: {error}")
    for outcome, number in sorted(outcomes.items()):
        sys.stdout.write(f"{number} {outcome}\n")


def _plumbing() -> Plumbing:
    env = Env()
    plumbing = Plumbing.read(env)
    env.seal()
    return plumbing


def _end(message: str) -> NoReturn:
    sys.stderr.write(f"{message}\n")
    raise SystemExit(os.EX_UNAVAILABLE)
