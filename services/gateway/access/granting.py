"""`python -m gateway grant`: let somebody hold a role, as the operator of this machine.

The first operator of a network is made like this, and one who has locked everybody out is replaced. Everybody else
grants roles on the pages or through the API.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime

from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import PyMongoError

from gateway.access.roles import OF_NETWORK, scope_of
from gateway.actions import BusUnavailable
from gateway.commanding.bus import Answer, CommandBus
from gateway.people import SOURCE
from gateway.read_model.own_writes import OwnWrites
from gateway.read_model.queries import Queries
from gateway.storage import PEOPLE, Document, open_for_web
from gongxue_chassis import logs
from gongxue_chassis.settings import Env, Plumbing, load_or_refuse
from gongxue_contracts import catalogue
from gongxue_contracts.directory import ROLES
from gongxue_contracts.envelope import CloudEvent

GRANT = "directory.GrantRole.v1"
ANSWER_SECONDS = 30.0


class Nobody(LookupError):
    """There is not exactly one person like that; the message says so."""


def main(arguments: Sequence[str]) -> int:
    """The exit status: 0 when the role is held, 1 when that was refused, one of sysexits.h when nothing was asked."""
    chosen = _parser().parse_args(arguments)
    plumbing = load_or_refuse(_plumbing)
    logs.configure("gateway grant", plumbing.log_level, plumbing.log_format)
    try:
        answer = asyncio.run(_grant(plumbing, chosen))
    except Nobody as error:
        return _say(os.EX_NOUSER, str(error))
    except BusUnavailable as error:
        return _say(os.EX_UNAVAILABLE, str(error))
    except PyMongoError as error:
        return _say(os.EX_UNAVAILABLE, f"the store is not available: {error}")
    if answer is None:
        return _say(os.EX_TEMPFAIL, "asked for; the directory has not answered yet")
    if answer.outcome != "accepted":
        return _say(1, f"{answer.outcome}: {answer.code}")
    sys.stdout.write(f"{chosen.person} is {chosen.role}\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m gateway grant", description=__doc__)
    parser.add_argument(
        "--person", required=True, help="id or mail address of somebody who has signed in before"
    )
    parser.add_argument("--role", required=True, choices=ROLES)
    parser.add_argument(
        "--until", type=date.fromisoformat, metavar="2026-12-31", help="the last day; for good"
    )
    return parser


async def _grant(plumbing: Plumbing, chosen: argparse.Namespace) -> Answer | None:
    """What became of it. Raises Nobody, BusUnavailable, PyMongoError."""
    database = open_for_web(plumbing.mongo_uri)
    queries = Queries(database)
    bus = CommandBus(
        plumbing.amqp_uri, uuid.uuid4().hex[:12], OwnWrites(database, queries).apply, _not_waited_for
    )
    try:
        person = await _somebody(database, chosen.person)
        await bus.open()
        return await bus.send(_wish(person, chosen.role, chosen.until), ANSWER_SECONDS)
    finally:
        await bus.close()
        await database.client.close()


async def _somebody(database: AsyncDatabase[Document], named: str) -> Document:
    """The person of this id, or of this address if there is one. Raises Nobody."""
    found = await database[PEOPLE].find({"email" if "@" in named else "_id": named}).to_list()
    if len(found) == 1:
        return found[0]
    if not found:
        raise Nobody(f"nobody has signed in as {named}")
    listed = ", ".join(sorted(f"{one['_id']} of {one['school']}" for one in found))
    raise Nobody(f"{named} is the address of several people: {listed}")


def _wish(person: Document, role: str, until: date | None) -> CloudEvent:
    scope = scope_of(role, person["school"])
    # The directory lets operators grant the roles of the network, and the Center those of schools.
    acts_as = "operator" if role in OF_NETWORK else "center"
    data = {
        "by": {"person": "operator", "school": "center", "role": acts_as},
        "scope": scope,
        "person": person["_id"],
        "role": role,
        "starts_on": None,
        "ends_on": until,
    }
    id = str(uuid.uuid4())
    return CloudEvent(
        id=id,
        source=SOURCE,
        type=GRANT,
        subject=f"roles:{scope}",
        time=datetime.now(UTC),
        data=catalogue.write(GRANT, data),
        correlationid=id,
    )


async def _not_waited_for(answer: Answer) -> None:
    """The log has it."""


def _plumbing() -> Plumbing:
    env = Env()
    plumbing = Plumbing.read(env)
    env.seal()
    return plumbing


def _say(status: int, words: str) -> int:
    sys.stderr.write(f"{words}\n")
    return status
