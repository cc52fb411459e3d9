"""How the installation is, as the API tells its operators."""

from __future__ import annotations

from typing import get_args

from marshmallow import RAISE
from marshmallow import fields as plain

from gateway.api.query_schemas import Paged
from gateway.personal.erasures import STATES
from gateway.read_model.generations import Phase
from gongxue_contracts import fields
from gongxue_contracts.contract import Contract, Part

SECONDS = {"type": "number", "minimum": 0}


class RunningPart(Contract):
    """Something that runs. `waiting` and `parked` are messages of its own, null for what has none."""

    name = fields.Line(60)
    answers = fields.Flag()
    waiting = fields.Count(allow_none=True)
    parked = fields.Count(allow_none=True)


class ReplayedService(Contract):
    """How many of its facts a service has replayed, and how many commits could not be read."""

    service = fields.Line(60)
    facts = fields.Count()
    unreadable = fields.Count()


class RebuildOfPages(Contract):
    """The last time that the read model was made anew. `applied`: facts, some of them twice."""

    phase = fields.Choice(*get_args(Phase))
    running = fields.Flag()
    asked_at = fields.Time()
    applied = fields.Count()
    replayed = plain.List(Part(ReplayedService), required=True)


class Health(Contract):
    """`lag`: seconds by which what is shown is behind, null if that is not known; `old`: so far that people are told.

    `as_of`: all that happened until then is shown. `unroutable`: messages that found no queue.
    """

    lag = plain.Float(required=True, allow_none=True, metadata=SECONDS)
    old = fields.Flag()
    as_of = fields.Time(allow_none=True)
    parts = plain.List(Part(RunningPart), required=True)
    unroutable = fields.Count()
    rebuild = Part(RebuildOfPages, allow_none=True)


class AnsweredErasure(Contract):
    """When a service had done its part."""

    service = fields.Line(60)
    at = fields.Time()


class ErasureUnderWay(Contract):
    """An erasure, of whom nobody is told. `why`: asked for, or not used for years; `given_back` seats or places."""

    id = fields.Matching(r"^[0-9a-f]{32}$")
    state = fields.Choice(*STATES)
    why = fields.Choice("asked", "unused")
    asked_at = fields.Time()
    done_at = fields.Time(allow_none=True)
    given_back = fields.Count()
    answered = plain.List(Part(AnsweredErasure), required=True)


class ErasurePage(Contract):
    """`next` is the cursor of the next page."""

    items = plain.List(Part(ErasureUnderWay), required=True)
    next = fields.Line(300, allow_none=True)


HEALTH = Health()
LIST_ERASURES = Paged(unknown=RAISE)
ERASURE_PAGE = ErasurePage()
