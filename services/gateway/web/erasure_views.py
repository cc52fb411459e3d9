"""How far an erasure has got, in words: what each service and the partners were asked, and what they answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gateway.personal.erasures import SERVICES, Erasure
from gateway.web import dates
from gateway.web.speech import Speech, mark

STATES: Mapping[str, str] = {
    "asked": mark("Asked for"),
    "giving_back": mark("Seats are being given back"),
    "forgetting": mark("Other services are forgetting"),
    "done": mark("Done"),
}
NAMES: Mapping[str, str] = {
    "gateway": mark("Pages and accounts"),
    "registration": mark("Registrations"),
    "directory": mark("Schools and roles"),
    "notification": mark("Notices"),
}
"""Our services, in the words of people."""
_BEFORE: Mapping[str, str] = {
    "gateway": mark("Your data here are being deleted"),
    "registration": mark("Registrations that stand are being cancelled, and SIGs left"),
    "directory": mark("Roles that you hold are being ended"),
    "notification": mark("The notices and your address are being deleted"),
}
_AFTER: Mapping[str, str] = {
    "gateway": mark("Your data here were deleted, and nobody can sign in as you"),
    "directory": mark("You hold no role any more"),
    "notification": mark("The notices and your address were deleted"),
}


@dataclass(frozen=True, slots=True)
class StepView:
    """What one of them does, and when it was done; None: not yet. `who` is empty for the end of all."""

    who: str
    words: str
    done: str | None


@dataclass(frozen=True, slots=True)
class ErasureView:
    """How far it has got. `waits_for` names services that have not answered, `done` says when it ended."""

    id: str
    state: str
    state_words: str
    why: str
    asked: str
    steps: tuple[StepView, ...]
    waits_for: str
    done: str | None


def view(erasure: Erasure, say: Speech) -> ErasureView:
    """The same in the language of who reads it."""
    waits = [] if erasure.state == "done" else [one for one in SERVICES if one not in erasure.answered]
    why = say.gettext("asked for") if erasure.why == "asked" else say.gettext("not used for three years")
    return ErasureView(
        erasure.id,
        erasure.state,
        say.say(STATES[erasure.state]),
        why,
        dates.moment(erasure.asked_at, say.language),
        _steps(erasure, say),
        " · ".join(say.say(NAMES[one]) for one in waits),
        _when(erasure.done_at, say),
    )


def _steps(erasure: Erasure, say: Speech) -> tuple[StepView, ...]:
    partners = StepView(
        say.gettext("Partners"),
        say.gettext("Every partner was told to delete what it has of you")
        if erasure.told_at
        else say.gettext("Partners are told next"),
        _when(erasure.told_at, say),
    )
    *before, last = (_of_service(service, erasure, say) for service in SERVICES)
    return (*before, partners, last, StepView("", say.gettext("All is erased"), _when(erasure.done_at, say)))


def _of_service(service: str, erasure: Erasure, say: Speech) -> StepView:
    name, answered = say.say(NAMES[service]), erasure.answered.get(service)
    if answered:
        return StepView(name, _answer(service, erasure, say), _when(answered, say))
    if erasure.state == "done":
        return StepView(name, say.gettext("No answer came; it holds nothing but an opaque id"), None)
    return StepView(name, say.say(_BEFORE[service]), None)


def _answer(service: str, erasure: Erasure, say: Speech) -> str:
    if service != "registration":
        return say.say(_AFTER[service])
    ended = [
        say.ngettext(
            "%(num)s registration that stood was cancelled",
            "%(num)s registrations that stood were cancelled",
            erasure.given_back,
        )
        % {"num": erasure.given_back}
    ]
    if sigs := erasure.sigs_left:
        ended.append(say.ngettext("%(num)s SIG left", "%(num)s SIGs left", sigs) % {"num": sigs})
    if proposals := erasure.proposals_withdrawn:
        words = say.ngettext(
            "%(num)s proposal of a SIG withdrawn", "%(num)s proposals of SIGs withdrawn", proposals
        )
        ended.append(words % {"num": proposals})
    return " · ".join(ended)


def _when(at: datetime | None, say: Speech) -> str | None:
    return dates.moment(at, say.language) if at else None
