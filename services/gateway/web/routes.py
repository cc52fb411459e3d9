"""The addresses of the pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.routing import BaseRoute, Route

from gateway.web import (
    activities,
    agenda,
    calendar_feeds,
    files,
    for_robots,
    home,
    my_data,
    my_pages,
    my_tokens,
    problems,
    registering,
    schools,
    sig_act_table,
    sig_acts,
    sig_forms,
    signing_in,
    sigs,
    waiting,
)
from gateway.web.asking import SignInFirst, to_sign_in
from gateway.web.console.routes import ROUTES as CONSOLES
from gateway.web.sign_in_routes import ROUTES as SIGN_IN

ROUTES: list[BaseRoute] = [
    Route("/", home.show, methods=["GET"]),
    Route("/activities", activities.list_activities, methods=["GET"]),
    Route("/activities/calendar", agenda.calendar, methods=["GET"]),
    Route("/activities/map", agenda.county_map, methods=["GET"]),
    Route("/activities/{activity}.ics", calendar_feeds.of_activity, methods=["GET"]),
    Route("/calendars/people/{secret}.ics", calendar_feeds.of_person, methods=["GET"]),
    Route("/calendars/schools/{school}.ics", calendar_feeds.of_school, methods=["GET"]),
    Route("/calendars/kinds/{kind}.ics", calendar_feeds.of_kind, methods=["GET"]),
    Route("/calendars/sigs/{sig}.ics", sigs.calendar, methods=["GET"]),
    Route("/activities/{activity}", activities.show_activity, methods=["GET"]),
    Route("/activities/{activity}/register", registering.back_to_activity, methods=["GET"]),
    Route("/activities/{activity}/register", registering.register, methods=["POST"]),
    Route("/activities/{activity}/waiting-room", waiting.waiting_room, methods=["GET"]),
    Route("/registrations/{registration}", registering.show_registration, methods=["GET"]),
    Route("/registrations/{registration}/cancel", registering.ask_to_cancel, methods=["GET"]),
    Route("/registrations/{registration}/cancel", registering.cancel, methods=["POST"]),
    Route("/me", registering.mine, methods=["GET"]),
    Route("/me/calendar", my_pages.calendar, methods=["GET"]),
    Route("/me/calendar", my_pages.change_calendar, methods=["POST"]),
    Route("/me/notices", my_pages.notices, methods=["GET"]),
    Route("/me/notices", my_pages.change_notices, methods=["POST"]),
    Route("/me/tokens", my_tokens.show, methods=["GET"]),
    Route("/me/tokens", my_tokens.make, methods=["POST"]),
    Route("/me/tokens/{token}/revoke", my_tokens.revoke, methods=["POST"]),
    Route("/me/data", my_data.show, methods=["GET"]),
    Route("/me/data/export", my_data.ask_for_export, methods=["POST"]),
    Route("/me/data/export/{export}.json", my_data.fetch_export, methods=["GET"]),
    Route("/me/data/erase", my_data.ask_to_erase, methods=["GET"]),
    Route("/me/data/erase", my_data.erase, methods=["POST"]),
    Route("/erasures/{secret}", my_data.status, methods=["GET"]),
    Route("/console/erasures", my_data.all_erasures, methods=["GET"]),
    Route("/schemas/personal-data.v1.json", my_data.describe_export, methods=["GET"]),
    Route("/sigs", sigs.list_sigs, methods=["GET"]),
    Route("/sigs/new", sig_forms.show_new, methods=["GET"]),
    Route("/sigs/new", sig_forms.propose, methods=["POST"]),
    Route("/sigs/{sig}", sigs.show_sig, methods=["GET"]),
    Route("/sigs/{sig}/revise", sig_forms.edit, methods=["GET"]),
    Route("/sigs/{sig}/revise", sig_forms.revise, methods=["POST"]),
    *(
        route
        for act in sig_act_table.ACTS
        for route in (
            Route(f"/sigs/{{sig}}/{act}", sig_acts.ask, methods=["GET"]),
            Route(f"/sigs/{{sig}}/{act}", sig_acts.do, methods=["POST"]),
        )
    ),
    Route("/schools", schools.list_schools, methods=["GET"]),
    Route("/schools/{school}", schools.show_school, methods=["GET"]),
    *SIGN_IN,
    Route("/language", signing_in.choose_language, methods=["POST"]),
    *CONSOLES,
    Route("/problems/{code}", problems.explain, methods=["GET"]),
    Route("/.well-known/security.txt", for_robots.security_txt, methods=["GET"]),
    Route("/robots.txt", for_robots.robots_txt, methods=["GET"]),
    Route("/static/{name}", files.static, methods=["GET"]),
]

HANDLERS: Mapping[Any, Any] = {SignInFirst: to_sign_in}
"""Exceptions that only pages raise, and their handlers."""
