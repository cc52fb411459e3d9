"""The console of operators: who answers, what waits, what is parked, how old the pages are, and the rebuild."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from gateway.read_model.freshness import WORKER, Freshness, Part, parts
from gateway.web import dates
from gateway.web.asking import actions, frame, page, queries, speech
from gateway.web.console.answers import acting
from gateway.web.speech import Speech, mark

_PARTS = {
    "registration": mark("Activities and seats"),
    "directory": mark("Schools and roles"),
    "notification": mark("Mails"),
    WORKER: mark("The read model"),
    "broker": mark("The message broker"),
    "store": mark("The database of this gateway"),
}
_PHASES = {
    "asked": mark("It waits for the worker."),
    "feeding": mark("A second read model is fed with what happens from now on."),
    "replaying": mark("The services replay their logs."),
    "switched": mark("The new read model is shown."),
    "retiring": mark("The old read model is put away."),
    "done": mark("Done."),
}


@dataclass(frozen=True, slots=True)
class PartView:
    """Something that runs, in words."""

    name: str
    words: str
    good: bool
    state: str
    waiting: int | None
    parked: int | None


@dataclass(frozen=True, slots=True)
class RebuildView:
    """The last rebuild of the read model."""

    words: str
    running: bool
    asked: str
    applied: int
    told: tuple[str, ...]


async def show(request: Request) -> Response:
    """GET /console/operator"""
    acting(request, "read_health")
    say, found = speech(request), queries(request).freshness()
    return page(
        request,
        "console/operator.html",
        frame(request, "console"),
        parts=[_part(one, say) for one in parts(found, broker=actions(request).available)],
        unroutable=found.parked().get("unroutable", 0),
        lag=None if found.lag is None else round(found.lag, 1),
        old=found.old,
        as_of=dates.moment(found.as_of, say.language) if found.as_of else None,
        rebuild=_rebuild(found, say),
    )


def _part(part: Part, speech: Speech) -> PartView:
    state = speech.gettext("Running") if part.good else speech.gettext("Does not answer")
    return PartView(part.name, speech.say(_PARTS[part.name]), part.good, state, part.waiting, part.parked)


def _rebuild(found: Freshness, speech: Speech) -> RebuildView | None:
    rebuild = found.rebuild
    if rebuild is None:
        return None
    told = []
    for service, count in rebuild.done.items():
        words = speech.gettext(
            "%(service)s has replayed %(facts)s facts, %(unreadable)s commits were unreadable."
        )
        told.append(words % {"service": service, **count})
    return RebuildView(
        words=speech.say(_PHASES[rebuild.phase]),
        running=rebuild.running,
        asked=dates.moment(rebuild.asked_at, speech.language),
        applied=rebuild.applied,
        told=tuple(told),
    )
