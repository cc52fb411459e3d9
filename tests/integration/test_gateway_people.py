"""One's own data over the API, with all services behind it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from icalendar import Calendar
from pymongo import MongoClient
from toys.waiting import eventually

from gateway.actions import Person
from gateway.people import Card, document_of
from gateway.personal.erasures import SERVICES
from onemachine.stack import Stack

SCHEMA = Path(__file__).parents[2] / "services/gateway/personal/personal-data.v1.schema.json"


@pytest.fixture
def newcomers(stack: Stack) -> Iterator[list[httpx.Client]]:
    """Two people, signed in; notification has their contact cards."""
    found = []
    for _ in range(2):
        tail = secrets.token_hex(10)
        person = Person(f"p{tail}", "林", f"{tail}@x.example", "en", "nchu", frozenset({"staff"}))
        with MongoClient[dict[str, Any]](stack.store.uri_for("gateway")) as client:
            client["gateway"]["people"].insert_one(document_of(Card(person, 1, untold=True)))
        with MongoClient[dict[str, Any]](stack.store.uri_for("notification")) as client:
            contacts = client["notification"]["contacts"]
            eventually(lambda contacts=contacts, person=person: contacts.find_one({"_id": person.id}))
        browser = httpx.Client(base_url=f"{stack.url}/api/v1", timeout=20)
        assert browser.post("/session", json={"person": person.id}).status_code == 200
        browser.headers["x-person"] = person.id
        found.append(browser)
    yield found
    for browser in found:
        browser.close()


def key() -> dict[str, str]:
    return {"idempotency-key": secrets.token_hex(8)}


def test_consents_are_said_and_taken_back(newcomers: list[httpx.Client]) -> None:
    lin, _ = newcomers
    asked = {one["purpose"]: one["at"] for one in lin.get("/me/consents").json()["items"]}
    assert asked == {"photos": None, "newsletter": None}

    said = lin.put("/me/consents", json={"photos": True, "newsletter": False}).json()["items"]
    assert [(one["purpose"], one["given"]) for one in said] == [("photos", True), ("newsletter", False)]
    assert lin.put("/me/consents", json={"photos": "yes"}).status_code == 422


def test_the_calendar_is_read_by_whoever_has_its_address(newcomers: list[httpx.Client]) -> None:
    lin, _ = newcomers
    assert lin.get("/me/calendar").json() == {"address": None}
    address = lin.put("/me/calendar", json={}).json()["address"]
    assert lin.get("/me/calendar").json() == {"address": address}

    found = httpx.get(address)
    assert Calendar.from_ical(found.text).walk("VEVENT") == []
    again = httpx.get(address, headers={"if-none-match": found.headers["etag"]})
    assert again.status_code == 304

    assert lin.delete("/me/calendar", headers=key()).status_code == 204
    assert httpx.get(address).status_code == 404


def test_an_export_comes_from_all_services_and_to_nobody_else(newcomers: list[httpx.Client]) -> None:
    lin, wu = newcomers
    asked = lin.post("/me/exports", json={}, headers=key())
    assert asked.status_code == 202
    address = asked.headers["location"].removeprefix("/api/v1")

    export = eventually(lambda: (found := lin.get(address).json())["complete"] and found)

    jsonschema.validate(export["data"], json.loads(SCHEMA.read_text("utf-8")))
    assert (
        export["data"]["notification"]["contact"]["email"] == export["data"]["gateway"]["people"][0]["email"]
    )
    assert wu.get(address).json()["code"] == "unknown_export"


def test_an_erasure_is_followed_by_whoever_has_its_name(newcomers: list[httpx.Client], stack: Stack) -> None:
    lin, wu = newcomers
    person = lin.headers["x-person"]
    assert wu.post("/me/erasure", json={"person": person}, headers=key()).json()["code"] == "not_yours"

    begun = lin.post("/me/erasure", json={"person": person}, headers=key())

    assert begun.status_code == 202
    name = begun.json()["erasure"]
    done = eventually(lambda: (found := wu.get(f"/erasures/{name}").json())["state"] == "done" and found, 60)
    assert done["given_back"] == 0
    assert [one["service"] for one in done["services"]] == [*SERVICES]
    assert all(one["answered_at"] for one in done["services"])
    assert done["partners_told_at"]
    eventually(lambda: lin.get("/me/consents").status_code == 401)
    assert wu.get("/me/consents").status_code == 200
    assert wu.get(f"/erasures/{name[::-1]}").json()["code"] == "unknown_erasure"
