"""Everything a page can do, a program can do: no page without the operations that do the same."""

from __future__ import annotations

from starlette.routing import Route
from toys.page_routes import PAGES

from gateway.access.permissions import TABLE
from gateway.api import OPERATIONS
from gateway.web.routes import ROUTES

ACTIONS = {one.action for one in OPERATIONS}
PARTS = {"read_draft", "grant_host", "grant_window", "grant_center", "grant_operator"}
"""Actions that are a part of several operations."""


def declared() -> set[tuple[str, str]]:
    routes = [route for route in ROUTES if isinstance(route, Route)]
    assert routes == ROUTES
    return {(method, route.path) for route in routes for method in (route.methods or set()) - {"HEAD"}}


def test_every_page_is_listed_with_what_a_program_does_instead() -> None:
    assert declared() == PAGES.keys()


def test_what_does_the_same_is_an_operation_of_the_api() -> None:
    named = {operation for page in PAGES.values() for operation in page.operations}
    assert named <= ACTIONS


def test_a_page_has_operations_or_says_why_not() -> None:
    for address, page in PAGES.items():
        assert bool(page.operations) is not bool(page.why), address


def test_a_page_with_operations_has_a_gate_in_the_table() -> None:
    for address, page in PAGES.items():
        assert {*page.gates} <= TABLE.keys(), address
        assert bool(page.gates) is bool(page.operations), address


def test_nothing_in_the_table_is_for_pages_alone() -> None:
    assert TABLE.keys() - ACTIONS == PARTS
