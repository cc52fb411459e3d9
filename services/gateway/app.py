"""The web side, assembled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from pymongo.asynchronous.database import AsyncDatabase
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.types import Lifespan

from gateway import api, storage
from gateway.access.bearing import Bearing
from gateway.access.rosters import Rosters
from gateway.access.tokens import LookUp, Tokens
from gateway.actions import Person
from gateway.api.outcomes import Undecided, on_undecided
from gateway.commanding.bus import CommandBus
from gateway.commanding.command_status import CommandStatuses
from gateway.commanding.dispatch import Gateway
from gateway.config import Settings
from gateway.identity import door, sessions
from gateway.identity.looking_up import as_of_now
from gateway.identity.middleware import Identity
from gateway.identity.notices import Notices
from gateway.people import People
from gateway.personal import desk
from gateway.read_model.following import Following
from gateway.read_model.own_writes import OwnWrites
from gateway.read_model.queries import Queries
from gateway.rush.waiting_room import WaitingRoom
from gateway.serving import health
from gateway.serving.answering import HANDLERS
from gateway.serving.cors import Cors
from gateway.serving.front import Front
from gateway.serving.limits import RateLimited
from gateway.serving.live import Streams
from gateway.web.problems import render_problem
from gateway.web.rendering import pages
from gateway.web.routes import HANDLERS as PAGE_HANDLERS
from gateway.web.routes import ROUTES


def create(settings: Settings) -> Starlette:
    """The application; it connects to broker and store when it is started.

    Its `state` has settings, queries, gateway (the actions), people, door, rosters, personal, tokens, streams and
    problem_page.
    """
    pages()  # compiled before anybody waits for one
    database = storage.open_for_web(settings.plumbing.mongo_uri)
    reading = Following(database)
    queries = Queries(database, reading)
    statuses = CommandStatuses(database)
    bus = CommandBus(
        settings.plumbing.amqp_uri,
        settings.instance,
        OwnWrites(database, queries, reading).apply,
        statuses.note,
        partial(storage.look, database),
        settings.plumbing.bus_operator,
    )
    identity = door.assemble(settings, database, bus.tell)
    people = People(database, bus.tell, identity.notices.outdate)
    app = Starlette(
        routes=[*api.routes(settings.public_url), *health.routes(bus, database), *ROUTES],
        middleware=_middleware(settings),
        exception_handlers={**HANDLERS, **PAGE_HANDLERS, Undecided: on_undecided},
        lifespan=_lifespan(bus, database, reading, identity.notices),
    )
    app.state.settings = settings
    app.state.queries = queries
    app.state.people = people
    app.state.door = identity
    app.state.rosters = Rosters(database, reading)
    app.state.personal = desk.assemble(database, bus.tell, queries, settings.secret)
    room = WaitingRoom(settings.admissions_per_second, settings.secret)
    app.state.gateway = Gateway(bus, statuses, people, queries, room, settings.command_wait)
    app.state.tokens = Tokens(database, settings.secret, _looking_up(app), identity.notices)
    app.state.streams = Streams(settings.api)
    app.state.problem_page = render_problem
    return app


def _looking_up(app: Starlette) -> LookUp:
    async def look_up(person: str) -> Person | None:
        card = await as_of_now(app.state, person)
        return card.person if card else None

    return look_up


def _middleware(settings: Settings) -> list[Middleware]:
    return [
        Middleware(Front, settings=settings),
        Middleware(Cors, settings=settings.api),
        Middleware(
            SessionMiddleware,
            secret_key=settings.secret,
            session_cookie=sessions.cookie_name(settings.secure),
            max_age=int(settings.session_idle),
            https_only=settings.secure,
            same_site="lax",
        ),
        Middleware(Identity),
        Middleware(Bearing),
        Middleware(RateLimited, settings=settings.api),
    ]


def _lifespan(
    bus: CommandBus,
    database: AsyncDatabase[storage.Document],
    reading: Following,
    notices: Notices,
) -> Lifespan[Starlette]:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await reading.open()
        await bus.open()
        following = asyncio.create_task(notices.follow())
        try:
            yield
        finally:
            following.cancel()
            await bus.close()
            await reading.close()
            await database.client.close()

    return lifespan
