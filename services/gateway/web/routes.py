"""The addresses of the pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.routing import BaseRoute, Route

from gateway.web import (
    activities,
    agenda,
    files,
    for_robots,
    home,
    problems,
    registering,
    schools,
    signing_in,
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
    Route("/activities/{activity}", activities.show_activity, methods=["GET"]),
    Route("/activities/{activity}/register", registering.back_to_activity, methods=["GET"]),
    Route("/activities/{activity}/register", registering.register, methods=["POST"]),
    Route("/activities/{activity}/waiting-room", waiting.waiting_room, methods=["GET"]),
    Route("/registrations/{registration}", registering.show_registration, methods=["GET"]),
    Route("/registrations/{registration}/cancel", registering.ask_to_cancel, methods=["GET"]),
    Route("/registrations/{registration}/cancel", registering.cancel, methods=["POST"]),
    Route("/me", registering.mine, methods=["GET"]),
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
