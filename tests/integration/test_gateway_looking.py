"""What only pages showed, for programs; drafts that are not one's own; and who asked, in the log."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from pymongo import MongoClient
from toys.residents import settle
from toys.visitors import Visitor
from toys.workshops import drafted, published, workshop

from onemachine.stack import Stack

RUN = uuid.uuid4().hex[:6]
HOST, GUEST = f"shown-{RUN}", f"seen-{RUN}"
PEOPLE = {
    "organiser": (HOST, ["host"]),
    "colleague-0": (HOST, []),
    "stranger": (GUEST, []),
    "center": ("center", ["center"]),
    "operator": ("center", ["operator"]),
}

Enter = Callable[[str], Visitor]


@pytest.fixture(scope="module")
def enter(stack: Stack) -> Iterator[Enter]:
    """A person, signed in."""
    settle(stack, {f"{name}-{RUN}": held for name, held in PEOPLE.items()})
    with ExitStack() as open_ones:
        known: dict[str, Visitor] = {}

        def one(name: str) -> Visitor:
            if name not in known:
                known[name] = open_ones.enter_context(Visitor(stack.url, f"{name}-{RUN}"))
            return known[name]

        yield one


def test_a_draft_is_unknown_to_others_and_has_a_school_for_a_host(enter: Enter) -> None:
    organiser, center, wish = enter("organiser"), enter("center"), {"pool": "onsite"}
    path = drafted(organiser, HOST)
    assert enter("stranger").refused("POST", f"{path}/registrations", wish) == (404, "unknown_activity")
    assert enter("stranger").refused("GET", f"{path}/colleagues") == (404, "unknown_activity")
    assert organiser.refused("POST", f"{path}/registrations", wish) == (409, "not_published")
    refused = center.ask("POST", "/activities", workshop("atlantis")).json()
    assert (refused["code"], refused["details"]) == ("unknown_school", {"field": "host"})
    assert refused["errors"] == [{"pointer": "/host", "detail": "There is no such school."}]


def test_who_registered_others_is_in_the_log(enter: Enter, stack: Stack) -> None:
    organiser = enter("organiser")
    path = published(organiser, HOST, pools={"onsite": 2})
    wish = {"items": [{"person": f"{name}-{RUN}", "pool": "onsite"} for name in ("colleague-0", "organiser")]}
    organiser.want("POST", f"{path}/registrations/batch", wish)
    with MongoClient[dict[str, Any]](stack.store.uri_for("admin")) as client:
        commits = client["registration"]["commits"].find({"stream": f"activity:{path.rpartition('/')[2]}"})
        facts = [fact for one in commits for fact in one["facts"] if fact["type"] == "SeatConfirmed"]
    asked = {"person": f"organiser-{RUN}", "school": HOST, "role": "host"}
    assert {one["data"]["person"]: one["data"]["by"] for one in facts} == {
        f"colleague-0-{RUN}": asked,
        f"organiser-{RUN}": None,
    }


def test_what_only_pages_showed_is_there_for_programs(enter: Enter) -> None:
    organiser, guest, center, operator = map(enter, ("organiser", "stranger", "center", "operator"))
    path = published(organiser, HOST, pools={"onsite": 2})
    guest.want("POST", f"{path}/registrations", {"pool": "onsite"}, 201)
    assert guest.get(f"{path}/colleagues") == {"school": GUEST, "going": 1}
    organiser.get(f"{path}/registrations")
    activity = path.rpartition("/")[2]
    (look,) = (one for one in guest.get("/me/roster-views")["items"] if one["activity"] == activity)
    assert look["role"] == "host"
    listed = center.get(f"/roster-views?activity={activity}&limit=1")
    assert [(one["person"], one["how"], one["school"]) for one in listed["items"]] == [
        (f"organiser-{RUN}", "api", None)
    ]
    assert center.refused("GET", "/roster-views?cursor=bGlzdF9yb3N0ZXJfdmlld3N-eA") == (400, "bad_cursor")
    assert guest.want("PATCH", "/me", {"language": "zh-Hant"})["language"] == "zh-Hant"
    health = operator.get("/health")
    assert {one["name"]: one["answers"] for one in health["parts"]}["broker"] is True
    assert operator.ask("GET", "/erasures").status_code == 200
    for address in ("/roster-views", "/health", "/erasures"):
        assert organiser.refused("GET", address) == (403, "forbidden")


def test_an_operators_token_reads_how_it_is_and_no_other_does(enter: Enter, stack: Stack) -> None:
    def program(person: str, *scopes: str) -> httpx.Client:
        wish = {"name": "watching", "scopes": ["read", *scopes], "days": 1}
        secret = enter(person).want("POST", "/me/tokens", wish, 201)["secret"]
        bearer = {"authorization": f"Bearer {secret}", "idempotency-key": "watching"}
        return httpx.Client(base_url=f"{stack.url}/api/v1", headers=bearer, timeout=20)

    with program("operator", "operator") as watching:
        assert watching.get("/health").status_code == 200
        named = watching.put(f"/roles/center/organiser-{RUN}/operator", json={})
        assert (named.status_code, named.json()["code"]) == (403, "insufficient_scope")
    for person, *scopes in (("operator",), ("organiser", "operator")):
        with program(person, *scopes) as other:
            assert other.get("/health").status_code == 403


def test_the_window_reads_what_its_people_have_registered_for(enter: Enter) -> None:
    path = published(enter("organiser"), HOST)
    made = enter("stranger").want("POST", f"{path}/registrations", {"pool": "onsite"}, 201)
    schools = enter("center").want(
        "POST",
        "/schools",
        {
            "id": GUEST,
            "name": {"zh": "大學", "en": ""},
            "county": "yilan",
            "ror": None,
            "moe_code": None,
            "website": None,
        },
        201,
    )
    assert schools["id"] == GUEST
    found = enter("center").get(f"/schools/{GUEST}/registrations?status=confirmed&limit=1")
    assert [one["registration"] for one in found["items"]] == [made["id"]]
    look = enter("center").get(f"/roster-views?school={GUEST}")["items"][0]
    assert (look["school"], look["activity"], look["how"]) == (GUEST, None, "api")
    assert enter("organiser").refused("GET", f"/schools/{GUEST}/registrations") == (403, "forbidden")
