"""What became of a wish to register, in words: the seat, the place in line, the refusal, or not decided yet."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from gateway.read_model.documents import Registration
from gateway.web.speech import Speech
from gateway.web.views import RegistrationView


@dataclass(frozen=True, slots=True)
class Outcome:
    """`state` is confirmed, waiting, cancelled, refused or pending.

    `address` shows it again; a page that looks again by itself stops that at `stop_address`.
    """

    state: str
    title: str
    lines: tuple[str, ...]
    address: str
    reason: str | Markup | None = None
    stop_address: str | None = None


def standing(registration: Registration, view: RegistrationView, speech: Speech) -> Outcome:
    """A registration as it stands, and why."""
    if view.status == "confirmed":
        return Outcome(
            "confirmed",
            speech.gettext("You have a seat"),
            (speech.gettext("A mail with the calendar entry is on its way to you."),),
            view.address,
            _why_confirmed(registration, speech),
        )
    if view.status == "waiting":
        return Outcome(
            "waiting",
            speech.gettext("You are on the waiting list: place %(place)s") % {"place": view.place},
            (
                speech.gettext(
                    "As soon as you have a seat, you get a mail. Until then, please do not travel."
                ),
            ),
            view.address,
            speech.gettext("All seats of this kind are taken. Whoever registered first gets the next one."),
        )
    return _void(view, speech)


def pending(address: str, stop_address: str | None, speech: Speech) -> Outcome:
    """Taken, and not decided yet."""
    return Outcome(
        "pending",
        speech.gettext("Received, not decided yet"),
        (
            speech.gettext("It takes longer than usual. What you sent is kept safely and keeps its turn."),
            speech.gettext("You may close this page: a mail tells you what came of it."),
        ),
        address,
        stop_address=stop_address,
    )


def parked(address: str, speech: Speech) -> Outcome:
    """Taken, but the service could not decide it."""
    return Outcome(
        "pending",
        speech.gettext("Received, and somebody will look at it"),
        (
            speech.gettext(
                "Something went wrong on our side. What you sent is kept safely; an operator looks at it."
            ),
            speech.gettext("You need not do anything. A mail tells you what came of it."),
        ),
        address,
    )


def refused(why: str, address: str, speech: Speech) -> Outcome:
    """Decided against, and `why` in words."""
    return Outcome("refused", speech.gettext("You are not registered"), (), address, why)


def _why_confirmed(registration: Registration, speech: Speech) -> str:
    if registration["changed_at"] > registration["registered_at"]:
        return speech.gettext("Somebody gave a seat back, and you were the first in line.")
    return speech.gettext("There was a seat left when you registered. First come, first served.")


def _void(view: RegistrationView, speech: Speech) -> Outcome:
    if view.activity.status == "cancelled":
        return Outcome(
            "cancelled",
            speech.gettext("The activity has been cancelled"),
            (speech.gettext("All registrations for it have ended. You need not do anything."),),
            view.address,
            view.activity.reason,
        )
    return Outcome(
        "cancelled",
        speech.gettext("The registration is cancelled"),
        (
            speech.gettext(
                "You have no seat and no place in line. You can register again as long as it is open."
            ),
        ),
        view.address,
    )
