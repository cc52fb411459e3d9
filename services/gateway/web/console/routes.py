"""The addresses of the consoles."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from gateway.web.console import activities, home, operator, roles, rosters, school_people, schools, sigs

_ACTIVITY = "/console/activities/{activity}"
_SCHOOL = "/console/schools/{school}"

ROUTES: list[BaseRoute] = [
    Route("/console", home.show, methods=["GET"]),
    Route("/console/activities", activities.show_list, methods=["GET"]),
    Route("/console/activities/new", activities.show_new, methods=["GET"]),
    Route("/console/activities/new", activities.draft, methods=["POST"]),
    Route(_ACTIVITY, activities.show_one, methods=["GET"]),
    Route(f"{_ACTIVITY}/edit", activities.edit, methods=["GET"]),
    Route(f"{_ACTIVITY}/edit", activities.change, methods=["POST"]),
    Route(f"{_ACTIVITY}/roster", rosters.show, methods=["GET"]),
    Route(f"{_ACTIVITY}/roster.csv", rosters.download, methods=["GET"]),
    *(
        route
        for act in ("publish", "close", "cancel")
        for route in (
            Route(f"{_ACTIVITY}/{act}", activities.ask, methods=["GET"]),
            Route(f"{_ACTIVITY}/{act}", activities.act, methods=["POST"]),
        )
    ),
    Route("/console/school", school_people.own_school, methods=["GET"]),
    Route("/console/people", school_people.own_people, methods=["GET"]),
    Route("/console/schools", schools.show_list, methods=["GET"]),
    Route("/console/schools/new", schools.show_new, methods=["GET"]),
    Route("/console/schools/new", schools.admit, methods=["POST"]),
    Route(_SCHOOL, schools.edit, methods=["GET"]),
    Route(_SCHOOL, schools.describe, methods=["POST"]),
    Route(f"{_SCHOOL}/people", school_people.show, methods=["GET"]),
    *(
        route
        for act in schools.ACTS
        for route in (
            Route(f"{_SCHOOL}/{act}", schools.ask, methods=["GET"]),
            Route(f"{_SCHOOL}/{act}", schools.act, methods=["POST"]),
        )
    ),
    Route("/console/roles", roles.show, methods=["GET"]),
    Route("/console/roles/{scope}", roles.grant, methods=["POST"]),
    Route("/console/roles/{scope}/{person}/{role}/revoke", roles.ask_to_revoke, methods=["GET"]),
    Route("/console/roles/{scope}/{person}/{role}/revoke", roles.revoke, methods=["POST"]),
    Route("/console/roster-views", rosters.show_views, methods=["GET"]),
    Route("/console/sigs", sigs.show_desk, methods=["GET"]),
    Route("/console/sigs/{sig}", sigs.show_one, methods=["GET"]),
    Route("/console/operator", operator.show, methods=["GET"]),
]
