"""Proposing a SIG, and revising its charter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema
from starlette.requests import Request
from starlette.responses import Response

from gateway.access.permissions import require
from gateway.api import sig_schemas
from gateway.api.sigs import new_id
from gateway.commanding.sigs import owner
from gateway.read_model.sigs import Sig
from gateway.web import toasts
from gateway.web.asking import actions, frame, go, page, signed_in, speech
from gateway.web.console.answers import settled, wrong
from gateway.web.console.form import Form, blank, checked, in_order, key_of, sent, typed
from gateway.web.finder import Choice
from gateway.web.sig_words import JOINING
from gateway.web.sigs import known
from gateway.web.words import THEMES

LINES = ("title_zh", "title_en", "theme", "joining")
PROSE = ("goals_zh", "goals_en", "scope_zh", "scope_en")
FIELDS = ("title_zh", "title_en", "theme", *PROSE, "joining")
NEEDED = ("title_zh", "theme", "goals_zh", "scope_zh", "joining")
_NAMES = {
    f"{text}{end}": f"{text}_{end.removeprefix('.') or 'zh'}"
    for text in ("title", "goals", "scope")
    for end in ("", ".zh", ".en")
}


async def show_new(request: Request) -> Response:
    """GET /sigs/new"""
    require(signed_in(request), "propose_sig")
    return _page(request, blank({**dict.fromkeys(FIELDS, ""), "joining": "open"}), None)


async def propose(request: Request) -> Response:
    """POST /sigs/new"""
    person = signed_in(request)
    form, charter = await _sent(request, sig_schemas.NEW_SIG)

    async def again(shown: Form) -> Response:
        return _page(request, shown, None)

    if form.errors:
        return await wrong(form, again)
    id = new_id(person.id, form.key)
    wish = actions(request).ask_of_sig("propose_sig", person, id, {"charter": charter}, key=form.key)
    return await settled(request, form, wish, again, to=f"/sigs/{id}", toast="sig_proposed")


async def edit(request: Request) -> Response:
    """GET /sigs/{sig}/revise"""
    sig = await known(request)
    person = signed_in(request)
    require(person, "revise_sig", owner=owner(person, sig))
    values: dict[str, Any] = {"theme": sig["theme"], "joining": sig["joining"]}
    for name in ("title", "goals", "scope"):
        text = sig[name]
        values |= {f"{name}_zh": text["zh"], f"{name}_en": text["en"]}
    return _page(request, blank(values), sig)


async def revise(request: Request) -> Response:
    """POST /sigs/{sig}/revise"""
    sig = await known(request)
    person = signed_in(request)
    require(person, "revise_sig", owner=owner(person, sig))
    form, charter = await _sent(request, sig_schemas.SIG_CHANGES)

    async def again(shown: Form) -> Response:
        return _page(request, shown, sig)

    if form.errors:
        return await wrong(form, again)
    before: Mapping[str, Any] = sig
    changes = {name: value for name, value in charter.items() if before[name] != value}
    address = f"/sigs/{sig['id']}"
    if not changes and sig["status"] != "sent_back":
        return toasts.tell(request, go(address), "saved")
    wish = actions(request).ask_of_sig(
        "revise_sig", person, sig["id"], {"changes": changes or charter}, key=form.key
    )
    return await settled(request, form, wish, again, to=address)


async def _sent(request: Request, schema: Schema) -> tuple[Form, dict[str, Any]]:
    fields, say = await sent(request), speech(request)
    values = typed(fields, LINES) | typed(fields, PROSE, PROSE)
    body = {
        "theme": values["theme"],
        "joining": values["joining"],
        **{
            name: {"zh": values[f"{name}_zh"], "en": values[f"{name}_en"]}
            for name in ("title", "goals", "scope")
        },
    }
    charter, errors = checked(schema, body, _NAMES, say)
    missing = {name: say.gettext("Please fill this in.") for name in NEEDED if not values[name]}
    return Form(key_of(fields), values, in_order(errors | missing, FIELDS)), charter


def _page(request: Request, form: Form, sig: Sig | None) -> Response:
    say = speech(request)
    address = f"/sigs/{sig['id']}" if sig else "/sigs"
    return page(
        request,
        "sig_form.html",
        frame(request, "sigs"),
        form=form,
        sig=say.phrase(sig["title"]) if sig else None,
        reason=say.written(sig["reason"]) if sig and sig["status"] == "sent_back" and sig["reason"] else None,
        address=f"{address}/{'revise' if sig else 'new'}",
        back=address,
        themes=tuple(Choice(id, say.say(words), id == form.values["theme"]) for id, words in THEMES.items()),
        joinings=tuple(
            Choice(id, say.say(words), id == form.values["joining"]) for id, words in JOINING.items()
        ),
    )
