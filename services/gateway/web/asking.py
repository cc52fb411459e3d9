"""What a page needs to know of its request, and how it answers."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import parse_qsl, quote, urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.actions import Actions, Person
from gateway.personal.desk import Desk
from gateway.problems import Problem
from gateway.read_model.queries import Queries
from gateway.serving.packing import Packed
from gateway.web import toasts
from gateway.web.dates import moment
from gateway.web.rendering import Frame, pages
from gateway.web.speech import Speech

_MOST_FIELDS = 20


class SignInFirst(Exception):
    """The page is for somebody who is signed in; afterwards one comes back to `address`."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


def queries(request: Request) -> Queries:
    """The read model."""
    return cast(Queries, request.app.state.queries)


def actions(request: Request) -> Actions:
    """What may be asked of the network."""
    return cast(Actions, request.app.state.gateway)


def personal(request: Request) -> Desk:
    """What serves people with their own data."""
    return cast(Desk, request.app.state.personal)


def speech(request: Request) -> Speech:
    """The language of the answer."""
    return pages().speech(request.state.language)


def visitor(request: Request) -> Person | None:
    """Who is signed in. None also where a request was answered before that was found out."""
    return cast("Person | None", getattr(request.state, "person", None))


def signed_in(request: Request, comes_back_to: str | None = None) -> Person:
    """Who is signed in. Raises SignInFirst."""
    person = visitor(request)
    if person is None:
        raise SignInFirst(comes_back_to or address_of(request))
    return person


async def fields(request: Request, most: int = _MOST_FIELDS) -> FormData:
    """The fields of a sent form, of which there may be `most`.

    Raises Problem unsupported_media_type, HTTPException 400 if they cannot be read.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        # No form of ours has files, and a multipart body could bring a character set of its own.
        raise Problem("unsupported_media_type")
    return await request.form(max_files=0, max_fields=most)


def address_of(request: Request) -> str:
    """Path and query, without a language that only this address asked for."""
    path = quote(request.url.path)
    if not request.url.query:
        return path
    rest = [(name, value) for name, value in parse_qsl(request.url.query) if name != "lang"]
    return f"{path}?{urlencode(rest)}" if rest else path


def within(address: object) -> str:
    """The address if it is a path of this site, else the front page: nobody is sent to another site."""
    if not isinstance(address, str) or not address.isprintable() or "\\" in address:
        return "/"
    return address if address.startswith("/") and not address.startswith("//") else "/"


def frame(request: Request, section: str, address: str | None = None) -> Frame:
    """What stands around the page; `address` for a page that is not found again under its own."""
    person = visitor(request)
    state = request.app.state
    toast = toasts.told(request)
    news = queries(request).tidings
    return Frame(
        person=speech(request).written(person.name) if person else None,
        section=section,
        address=address or address_of(request),
        demonstration=state.settings.development_sign_in,
        read_only=not actions(request).available,
        in_office=person is not None and person.roles > {"staff"},
        toast=speech(request).say(toast) if toast else None,
        as_of=moment(news.as_of, request.state.language) if news.as_of else None,
        later=news.later,
    )


def page(request: Request, template: str, around: Frame, /, **view: Any) -> Response:
    """A page in the language of the request."""
    language = request.state.language
    return answer(request, pages().render(template, language, around, **view).encode())


def answer(request: Request, body: bytes | Packed) -> Response:
    """A page that is rendered already."""
    headers = {"content-language": request.state.language, "vary": "cookie, accept-language, accept-encoding"}
    if isinstance(body, Packed):
        body, encoding = body.accepted(request.headers.get("accept-encoding", ""))
        if encoding:
            headers["content-encoding"] = encoding
    response = Response(body, headers=headers, media_type="text/html")
    toasts.forget(request, response)
    return response


def go(address: str) -> Response:
    """After something was done: to the page that shows it, which may be loaded again without doing it again."""
    return RedirectResponse(address, status_code=303)


async def to_sign_in(request: Request, error: Exception) -> Response:
    """Handler of SignInFirst."""
    address = error.address if isinstance(error, SignInFirst) else "/"
    return go(f"/sign-in?{urlencode({'return': address})}")
