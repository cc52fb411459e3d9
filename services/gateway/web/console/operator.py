"""The console of operators: who answers, what waits, what is parked, how old the pages are, and the rebuild."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from gateway.read_model.freshness import Freshness
from gateway.web import dates
from gateway.web.asking import actions, frame, page, queries, speech
from gateway.web.console.answers import acting
from gateway.web.speech import Speech, mark

_SERVICES = (
    ("registration", mark("Activities and seats")),
    ("directory", mark("Schools and roles")),
    ("notification", mark("Mails")),
)
_PHASES = {
    "asked": mark("It waits for the worker."),
    "feeding": mark("A second read model is fed with what happens from now on."),
    "replaying": mark("The services replay their logs."),
    "switched": mark("The new read model is shown."),
    "retiring": mark("The old read model is put away."),
    "done": mark("Done."),
}


@dataclass(frozen=True, slots=True)
class Part:
    """Something that runs. `waiting` and `parked` are numbers of messages, None where there are none of its own."""

    name: str
    words: str
    good: bool
    state: str
    waiting: int | None = None
    parked: int | None = None


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
        parts=_parts(found, say, broker=actions(request).available),
        unroutable=found.parked().get("unroutable", 0),
        lag=None if found.lag is None else round(found.lag, 1),
        old=found.old,
        as_of=dates.moment(found.as_of, say.language) if found.as_of else None,
        rebuild=_rebuild(found, say),
    )


def _parts(found: Freshness, speech: Speech, *, broker: bool) -> list[Part]:
    parked = found.parked()
    services = [
        _part(
            name, speech.say(words), found.answering(name), speech, found.waiting(name), parked.get(name, 0)
        )
        for name, words in _SERVICES
    ]
    worker = _part(
        "gateway worker",
        speech.gettext("The read model"),
        found.worker,
        speech,
        found.waiting("gateway"),
        parked.get("gateway", 0),
    )
    return [
        *services,
        worker,
        _part("broker", speech.gettext("The message broker"), broker, speech),
        _part("store", speech.gettext("The database of this gateway"), found.store, speech),
    ]


def _part(
    name: str, words: str, good: bool, speech: Speech, waiting: int | None = None, parked: int | None = None
) -> Part:
    state = speech.gettext("Running") if good else speech.gettext("Does not answer")
    return Part(name, words, good, state, waiting, parked)


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
