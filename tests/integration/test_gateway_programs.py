"""The API as programs use it: tokens, pages of lists, fields, entity tags, many at once, streams of events."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import httpx
import pytest
from pymongo import MongoClient
from toys.residents import settle
from toys.streams import Listener
from toys.visitors import Visitor
from toys.waiting import eventually
from toys.workshops import SOON, published

from onemachine.services import Settings
from onemachine.stack import Stack

RUN = uuid.uuid4().hex[:6]
HOST, GUEST = f"host-{RUN}", f"guest-{RUN}"
PEOPLE = {
    "organiser": (HOST, ["host"]),
    **{f"colleague-{number}": (HOST, []) for number in range(3)},
    "stranger": (GUEST, []),
    "center": ("center", ["center"]),
}
FRIEND = "https://usr.example.edu"
SETTINGS = {
    "GATEWAY_CORS_ORIGINS": FRIEND,
    "GATEWAY_STREAMS_OF_ONE": "2",
    "GATEWAY_RATE_LIMIT_ADDRESS": "1000000 per second",
    "GATEWAY_RATE_LIMIT_PERSON": "1000000 per second",
}

Enter = Callable[[str], Visitor]


@pytest.fixture(scope="module")
def own_stack(new_stack: Callable[..., Stack]) -> Stack:
    """A stack with settings of its own, with people in it."""
    stack = new_stack(Settings(more={"gateway": SETTINGS}))
    settle(stack, {f"{name}-{RUN}": held for name, held in PEOPLE.items()})
    return stack


@pytest.fixture(scope="module")
def enter(own_stack: Stack) -> Iterator[Enter]:
    """A person, signed in."""
    with ExitStack() as open_ones:
        known: dict[str, Visitor] = {}

        def one(name: str) -> Visitor:
            if name not in known:
                known[name] = open_ones.enter_context(Visitor(own_stack.url, f"{name}-{RUN}"))
            return known[name]

        yield one


@pytest.fixture
def program(own_stack: Stack, enter: Enter) -> Iterator[Callable[..., Visitor]]:
    """A program with a token of somebody, with these scopes."""
    with ExitStack() as open_ones:

        def one(person: str, *scopes: str) -> Visitor:
            made = enter(person).want(
                "POST", "/me/tokens", {"name": "a program", "scopes": list(scopes)}, 201
            )
            visitor = open_ones.enter_context(Visitor(own_stack.url))
            visitor.http.headers["authorization"] = f"Bearer {made['secret']}"
            visitor.token = made["id"]
            return visitor

        yield one


def an_activity(organiser: Visitor, **changed: Any) -> str:
    """The address of a new activity, published."""
    return published(organiser, HOST, **{"pools": {"onsite": 2}, "waiting_limit": 1, **changed})


def test_a_program_acts_as_its_person(program: Callable[..., Visitor], enter: Enter) -> None:
    path = an_activity(program("organiser", "read", "host"))
    guest = program("stranger", "read", "register")
    made = guest.want("POST", f"{path}/registrations", {"pool": "onsite"}, 201)
    assert made["person"] == f"stranger-{RUN}"
    assert guest.get("/me")["id"] == f"stranger-{RUN}"
    assert guest.get("/me/registrations")["items"][0]["id"] == made["id"]
    assert guest.want("DELETE", f"/registrations/{made['id']}")["status"] == "cancelled"
    assert [one["name"] for one in enter("stranger").get("/me/tokens")["items"]] == ["a program"]


def test_a_program_may_do_no_more_than_its_scopes(program: Callable[..., Visitor]) -> None:
    path = an_activity(program("organiser", "host"))
    reader, guest = program("organiser", "read"), program("stranger", "register")
    refused = reader.ask("PATCH", path, {"waiting_limit": 5})
    assert (refused.status_code, refused.json()["code"]) == (403, "insufficient_scope")
    assert 'scope="host window center"' in refused.headers["www-authenticate"]
    assert reader.refused("POST", f"{path}/registrations", {"pool": "onsite"}) == (403, "insufficient_scope")
    assert guest.refused("GET", "/me") == (403, "insufficient_scope")
    assert guest.refused("GET", "/me/tokens") == (403, "not_by_token")
    assert guest.refused("POST", "/me/tokens", {"name": "x", "scopes": ["read"]}) == (403, "not_by_token")
    assert program("center", "host").refused("POST", "/schools/x-y/reinstate") == (403, "insufficient_scope")
    assert guest.get(path)["id"] == path.rpartition("/")[2]


def test_a_token_that_is_none_is_refused_although_a_session_is_there(enter: Enter) -> None:
    signed_in = enter("stranger")
    for secret in ("gx_" + "x" * 43, "nonsense", "gx_"):
        answer = signed_in.ask("GET", "/me", authorization=f"Bearer {secret}")
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")
        assert 'error="invalid_token"' in answer.headers["www-authenticate"]


def test_a_revoked_token_is_refused(program: Callable[..., Visitor], enter: Enter) -> None:
    one = program("stranger", "read")
    assert one.get("/me")
    assert enter("organiser").refused("DELETE", f"/me/tokens/{one.token}") == (404, "unknown_token")
    assert enter("stranger").ask("DELETE", f"/me/tokens/{one.token}").status_code == 204
    assert one.refused("GET", "/me") == (401, "invalid_token")


def test_the_secret_is_told_once_and_again_to_whoever_did_not_hear_it(enter: Enter) -> None:
    wish, lin = {"name": "a program", "scopes": ["read"]}, enter("colleague-2")
    first, again = (lin.ask("POST", "/me/tokens", wish, key="same") for _ in range(2))
    assert (again.status_code, again.json()) == (201, first.json())
    assert first.headers["cache-control"] == "private, no-store"
    assert len(lin.get("/me/tokens")["items"]) == 1
    other = lin.refused("POST", "/me/tokens", {**wish, "scopes": ["host", "nonsense"]})
    assert other == (422, "invalid_request")


def test_tokens_of_a_school_are_made_by_those_who_speak_for_it(enter: Enter) -> None:
    assert enter("organiser").refused("GET", f"/schools/{HOST}/tokens") == (403, "forbidden")
    assert enter("center").refused("GET", "/schools/nowhere/tokens") == (404, "unknown_school")


def test_a_page_of_another_site_uses_a_token_and_never_the_session(
    program: Callable[..., Visitor], enter: Enter
) -> None:
    elsewhere = {"origin": FRIEND, "sec-fetch-site": "cross-site"}
    guest, path = program("stranger", "register"), an_activity(enter("organiser"))
    made = guest.ask("POST", f"{path}/registrations", {"pool": "onsite"}, **elsewhere)
    assert (made.status_code, made.headers["access-control-allow-origin"]) == (201, FRIEND)
    forged = enter("stranger").ask("POST", f"{path}/registrations", {"pool": "onsite"}, **elsewhere)
    assert (forged.status_code, forged.json()["code"]) == (403, "cross_site")
    assert "access-control-allow-credentials" not in made.headers


def test_lists_go_on_with_links(enter: Enter) -> None:
    organiser = enter("organiser")
    for number in range(3):
        path = an_activity(organiser, kind="forum", ends_at=(SOON + timedelta(days=1 + number)).isoformat())
        enter("colleague-0").want("POST", f"{path}/registrations", {"pool": "onsite"}, 201)
    for first in (
        f"/activities?school={HOST}&kind=forum&limit=2",
        "/me/registrations?limit=2&status=confirmed",
    ):
        seen, address = [], f"/api/v1{first}"
        while address:
            answer = enter("colleague-0").http.get(address)
            seen += [one["id"] for one in answer.json()["items"]]
            address = str(answer.links.get("next", {}).get("url", ""))
        assert len(seen) == len(set(seen)) == 3


def test_a_cursor_of_another_list_is_refused(enter: Enter) -> None:
    lin = enter("colleague-0")
    for cursor in ("AAAA", "not-one", "bXlfdG9rZW5zfg"):
        assert lin.refused("GET", f"/me/registrations?cursor={cursor}") == (400, "bad_cursor")
        assert lin.refused("GET", f"/schools?cursor={cursor}") == (400, "bad_cursor")
    assert lin.refused("GET", "/schools?limit=0") == (422, "invalid_request")


def test_activities_are_filtered(enter: Enter) -> None:
    organiser = enter("organiser")
    wanted = {"kind": "expo", "county": "tainan", "sdgs": [4], "theme": "environment"}
    path = an_activity(organiser, **wanted, pools={"online": 5}, title={"zh": "永續博覽", "en": "Fair"})
    found = (
        "kind=expo,forum&county=tainan&sdg=4,11&theme=environment&online=true&seats_left=true&when=upcoming"
    )
    days = f"from={SOON:%Y-%m-%d}&to={SOON + timedelta(days=1):%Y-%m-%d}"
    page = organiser.get(f"/activities?school={HOST}&q=博覽&{found}&{days}")
    assert ([one["id"] for one in page["items"]], page["total"]) == ([path.rpartition("/")[2]], 1)
    for other in ("sdg=5", "county=taipei", "q=nowhere", "kind=forum&sdg=4", "to=2020-01-01"):
        assert organiser.get(f"/activities?school={HOST}&{other}")["items"] == []
    for wrong in (
        "sdg=18",
        "sdg=4,,5",
        "online=yes",
        "from=2026-02-30",
        "kind=party",
        "fields=secret",
        "x=1",
    ):
        assert organiser.refused("GET", f"/activities?{wrong}") == (422, "invalid_request")


def test_only_the_fields_that_are_asked_for(enter: Enter) -> None:
    path = an_activity(enter("organiser"))
    assert enter("organiser").get(f"{path}?fields=id,status") == {
        "id": path.rpartition("/")[2],
        "status": "published",
    }
    listed = enter("organiser").get(f"/activities?school={HOST}&fields=title&limit=1")["items"]
    assert [one.keys() for one in listed] == [{"title"}]
    assert enter("colleague-0").get("/me/registrations?fields=id,about&limit=1")["items"][0].keys() == {
        "id",
        "about",
    }


def test_what_has_not_changed_is_not_sent_again(enter: Enter) -> None:
    organiser = enter("organiser")
    path = an_activity(organiser)
    for address in (path, "/activities?limit=1", "/schools", "/me", "/me/registrations"):
        first = organiser.ask("GET", address)
        again = organiser.ask("GET", address, **{"if-none-match": f'"other", W/{first.headers["etag"]}'})
        assert (again.status_code, again.headers["etag"]) == (304, first.headers["etag"])
    organiser.want("PATCH", path, {"waiting_limit": 9})
    changed = organiser.ask("GET", path, **{"if-none-match": first.headers["etag"]})
    assert changed.status_code == 200


def test_what_matches_is_decided_again_by_its_service(enter: Enter) -> None:
    organiser = enter("organiser")
    path = an_activity(organiser)
    enter("stranger").want("POST", f"{path}/registrations", {"pool": "onsite"}, 201)
    seen = {"if-match": organiser.ask("GET", path).headers["etag"]}
    fewer = organiser.ask("PATCH", path, {"pools": {"onsite": 0}}, **seen)
    assert (fewer.status_code, fewer.json()["code"]) == (409, "limit_below_taken")
    weak = {"if-match": f"W/{seen['if-match']}"}
    assert organiser.ask("PATCH", path, {"waiting_limit": 7}, **weak).status_code == 412


def test_what_somebody_else_has_changed_is_not_overwritten(enter: Enter) -> None:
    organiser = enter("organiser")
    path = an_activity(organiser)
    seen = organiser.ask("GET", path).headers["etag"]
    enter("stranger").want("POST", f"{path}/registrations", {"pool": "onsite"}, 201)
    changed = organiser.ask("PATCH", path, {"waiting_limit": 7}, **{"if-match": seen})
    assert changed.status_code == 200  # a seat more is taken, which is nothing that a host would overwrite
    late = organiser.ask("PATCH", path, {"waiting_limit": 8}, **{"if-match": seen})
    assert (late.status_code, late.json()["code"]) == (412, "precondition_failed")
    now = changed.headers["etag"]
    assert (
        organiser.ask("PATCH", path, {"waiting_limit": 8}, **{"if-match": f'"x", {now}'}).status_code == 200
    )
    assert organiser.ask("PATCH", path, {"waiting_limit": 9}, **{"if-match": "*"}).status_code == 200


def test_many_are_registered_at_once_each_with_an_answer(enter: Enter) -> None:
    organiser = enter("organiser")
    path = an_activity(organiser)
    people = ["colleague-0", "colleague-1", "colleague-2", "stranger", "nobody", "colleague-0"]
    wish = {"items": [{"person": f"{name}-{RUN}", "pool": "onsite"} for name in people]}
    answer = organiser.ask("POST", f"{path}/registrations/batch", wish, key="batch")
    items = answer.json()["items"]
    assert [one["person"] for one in items] == [f"{name}-{RUN}" for name in people]
    assert [one["status"] for one in items] == [201, 201, 201, 404, 404, 409]
    assert [one["registration"]["status"] for one in items[:3]] == ["confirmed", "confirmed", "waiting"]
    assert [one["problem"]["code"] for one in items[3:]] == [
        "unknown_colleague",
        "unknown_colleague",
        "already_registered",
    ]
    assert organiser.ask("POST", f"{path}/registrations/batch", wish, key="batch").json()["items"] == items
    assert (
        enter("colleague-1").get("/me/registrations?limit=1")["items"][0]["id"]
        == items[1]["registration"]["id"]
    )
    assert enter("stranger").refused("POST", f"{path}/registrations/batch", wish) == (403, "forbidden")
    assert organiser.refused("POST", f"{path}/registrations/batch", {"items": []}) == (422, "invalid_request")


def test_a_host_reads_the_roster_and_that_is_written_down(enter: Enter, own_stack: Stack) -> None:
    organiser = enter("organiser")
    path = an_activity(organiser, pools={"onsite": 1, "online": 5})
    for name, pool in (("stranger", "onsite"), ("colleague-0", "onsite"), ("colleague-1", "online")):
        enter(name).want("POST", f"{path}/registrations", {"pool": pool}, 201)
    first = organiser.get(f"{path}/registrations?limit=2")
    rest = organiser.get(f"{path}/registrations?limit=2&cursor={first['next']}")
    assert [one["person"] for one in first["items"] + rest["items"]] == [
        f"{name}-{RUN}" for name in ("stranger", "colleague-0", "colleague-1")
    ]
    assert [one["place"] for one in first["items"]] == [None, 1]
    waiting = organiser.get(f"{path}/registrations?status=waiting&school={HOST}")["items"]
    assert [one["person"] for one in waiting] == [f"colleague-0-{RUN}"]
    assert enter("stranger").refused("GET", f"{path}/registrations") == (403, "forbidden")
    with MongoClient[dict[str, Any]](own_stack.store.mongo_uri) as client:
        views = client["gateway"]["roster_views"].find({"activity": path.rpartition("/")[2]}).to_list()
    assert [(one["who"], one["how"]) for one in views] == [(f"organiser-{RUN}", "api")] * 3


def test_every_answer_says_how_often_one_may_ask(program: Callable[..., Visitor], own_stack: Stack) -> None:
    assert program("stranger", "read").ask("GET", "/me").headers["ratelimit"].startswith('"token";r=')
    with Visitor(own_stack.url) as anybody:
        assert anybody.ask("GET", "/schools").headers["ratelimit"].startswith('"address";r=')
        assert "ratelimit" not in anybody.http.get("/").headers


def test_who_listens_hears_of_seats_and_comes_back_where_they_were(enter: Enter, own_stack: Stack) -> None:
    path = an_activity(enter("organiser"))
    with Visitor(own_stack.url) as anybody, Listener(anybody, f"{path}/events") as stream:
        assert stream.answer.headers["content-type"].startswith("text/event-stream")
        first = stream.next()
        assert (first["event"], first["data"]["seats"]["onsite"]["taken"]) == ("seats", 0)
        enter("stranger").want("POST", f"{path}/registrations", {"pool": "onsite"}, 201)
        second = stream.next()
        assert second["data"]["seats"]["onsite"]["taken"] == 1
    with (
        Visitor(own_stack.url) as anybody,
        Listener(anybody, f"{path}/events", **{"last-event-id": second["id"]}) as stream,
    ):
        enter("colleague-0").want("POST", f"{path}/registrations", {"pool": "onsite"}, 201)
        assert stream.next()["data"]["seats"]["onsite"]["taken"] == 2


def test_who_listens_hears_of_their_own_registrations(program: Callable[..., Visitor], enter: Enter) -> None:
    path = an_activity(enter("organiser"), pools={"onsite": 1})
    first = enter("colleague-0").want("POST", f"{path}/registrations", {"pool": "onsite"}, 201)
    listening = program("colleague-1", "read")
    with Listener(listening, "/me/events") as stream:
        waits = enter("colleague-1").want("POST", f"{path}/registrations", {"pool": "onsite"}, 201)
        while (heard := stream.next()).get("data", {}).get("id") != waits["id"]:
            pass
        assert (heard["event"], heard["data"]["status"], heard["data"]["place"]) == (
            "registration",
            "waiting",
            1,
        )
        enter("colleague-0").want("DELETE", f"/registrations/{first['id']}")
        while (heard := stream.next())["data"]["status"] != "confirmed" or heard["data"]["id"] != waits["id"]:
            pass
        enter("colleague-1").ask("DELETE", f"/me/tokens/{listening.token}")
        stream.rest()


def test_only_so_many_streams_at_a_time(enter: Enter) -> None:
    lin = enter("colleague-2")
    with Listener(lin, "/me/events"), Listener(lin, "/me/events"), Listener(lin, "/me/events") as third:
        assert (third.answer.status_code, third.answer.headers["retry-after"]) == (429, "30")

    def free() -> bool:
        with Listener(lin, "/me/events") as again:
            return again.answer.status_code == 200

    eventually(free)


def test_a_draft_is_streamed_to_its_host_only(enter: Enter, own_stack: Stack) -> None:
    with Visitor(own_stack.url) as anybody, Listener(anybody, "/activities/nowhere/events") as stream:
        assert stream.answer.status_code == 404
    with Visitor(own_stack.url) as anybody, Listener(anybody, "/me/events") as stream:
        assert stream.answer.status_code == 401


def test_streams_end_when_the_process_is_asked_to(own_stack: Stack, enter: Enter) -> None:
    """The last test: it takes the gateway away."""
    path = an_activity(enter("organiser"))
    with (
        httpx.Client(base_url=own_stack.url, timeout=30) as http,
        http.stream("GET", f"/api/v1{path}/events") as one,
    ):
        lines = one.iter_lines()
        while not next(lines).startswith("id:"):
            pass
        began = time.monotonic()
        own_stack.process("gateway").stop()
        assert list(lines)[-1:] in ([], [""])
        assert time.monotonic() - began < 4
