"""My page, besides the registrations: the calendar's address and what one agrees to."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from gateway.people import People
from gateway.personal.purposes import NECESSARY, OPTIONAL, Purpose
from gateway.read_model.documents import Text
from gateway.web import dates, toasts
from gateway.web.asking import fields, frame, go, page, personal, signed_in, speech
from gateway.web.speech import Speech
from gongxue_chassis.i18n import LANGUAGES


@dataclass(frozen=True, slots=True)
class PurposeView:
    """What data are used for; `since` says when it was agreed to or taken back, None if nobody was ever asked."""

    id: str
    title: Markup
    words: Markup
    given: bool = False
    since: str | None = None


async def calendar(request: Request) -> Response:
    """GET /me/calendar"""
    person = signed_in(request)
    secret = await personal(request).addresses.secret_of(person.id)
    site = request.app.state.settings.public_url
    language = "?lang=en" if request.state.language == "en" else ""
    address = f"{site}/calendars/people/{secret}.ics{language}" if secret else None
    subscribe = address and f"webcal://{address.partition('://')[2]}"
    return page(request, "my_calendar.html", frame(request, "me"), address=address, subscribe=subscribe)


async def change_calendar(request: Request) -> Response:
    """POST /me/calendar: another address, or none."""
    person = signed_in(request, "/me/calendar")
    addresses = personal(request).addresses
    if (await fields(request)).get("do") == "revoke":
        await addresses.revoke(person.id)
        return toasts.tell(request, go("/me/calendar"), "calendar_gone")
    await addresses.renew(person.id)
    return toasts.tell(request, go("/me/calendar"), "calendar_made")


async def notices(request: Request) -> Response:
    """GET /me/notices"""
    person, say = signed_in(request), speech(request)
    said = await personal(request).consents.of(person.id)
    optional = []
    for purpose in OPTIONAL:
        consent = said.get(purpose.id)
        since = dates.moment(consent.at, say.language) if consent else None
        optional.append(_purpose(purpose, say, given=bool(consent and consent.given), since=since))
    return page(
        request,
        "my_notices.html",
        frame(request, "me"),
        email=person.email,
        chosen=person.language,
        necessary=[_purpose(purpose, say) for purpose in NECESSARY],
        optional=optional,
    )


async def change_notices(request: Request) -> Response:
    """POST /me/notices: the language of notices, and what one agrees to."""
    person = signed_in(request, "/me/notices")
    sent = await fields(request)
    people: People = request.app.state.people
    language = sent.get("language")
    await personal(request).consents.say(person.id, {one.id: one.id in sent for one in OPTIONAL})
    if isinstance(language, str) and language in LANGUAGES and language != person.language:
        await people.keep_words(person, None, language)
    return toasts.tell(request, go("/me/notices"), "saved")


def _purpose(purpose: Purpose, say: Speech, *, given: bool = False, since: str | None = None) -> PurposeView:
    title: Text = purpose.title
    return PurposeView(purpose.id, say.phrase(title), say.phrase(purpose.words), given, since)
