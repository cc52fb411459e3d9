"""The API with everything behind it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta

import httpx
import pytest
from toys.residents import settle
from toys.visitors import Visitor
from toys.workshops import SOON, drafted, published, workshop

from onemachine.stack import Stack

RUN = uuid.uuid4().hex[:6]
HOST, GUEST = f"host-{RUN}", f"guest-{RUN}"
PEOPLE = {
    "center": ("center", ["center"]),
    "organiser": (HOST, ["host"]),
    **{f"guest-{number}": (GUEST, []) for number in range(6)},
}

SignIn = Callable[[str], Visitor]
Visit = Callable[..., Visitor]


@pytest.fixture(scope="module")
def visit(stack: Stack) -> Iterator[Visit]:
    """A new visitor: nobody, or a person who signs in."""
    with ExitStack() as open_ones:
        yield lambda person=None: open_ones.enter_context(Visitor(stack.url, person))


@pytest.fixture(scope="module")
def signed_in(stack: Stack, visit: Visit) -> SignIn:
    """A visitor by the first part of the person's name."""
    settle(stack, {f"{name}-{RUN}": held for name, held in PEOPLE.items()})
    known: dict[str, Visitor] = {}

    def sign_in(name: str) -> Visitor:
        return known[name] if name in known else known.setdefault(name, visit(f"{name}-{RUN}"))

    return sign_in


@pytest.fixture
def organiser(signed_in: SignIn) -> Visitor:
    return signed_in("organiser")


def test_a_seat(signed_in: SignIn, organiser: Visitor) -> None:
    path, guest = published(organiser, HOST), signed_in("guest-0")
    response = guest.ask("POST", f"{path}/registrations", {"pool": "onsite", "name": "Lin", "language": "en"})
    made = response.json()
    assert (response.status_code, made["status"], made["place"]) == (201, "confirmed", None)
    assert (made["person"], made["school"]) == (f"guest-0-{RUN}", GUEST)
    assert response.headers["location"] == f"/api/v1/registrations/{made['id']}"
    assert guest.get(f"/registrations/{made['id']}") == made
    assert guest.get(path)["seats"] == {"onsite": {"limit": 1, "taken": 1, "waiting": 0}}
    own = guest.get("/me/registrations")["items"][0]
    assert (own["id"], own["about"]["title"]["en"]) == (made["id"], "Telling stories")


def test_the_same_wish_gets_the_first_answer_again(signed_in: SignIn, organiser: Visitor) -> None:
    path, guest = published(organiser, HOST), signed_in("guest-0")
    first, again = (
        guest.ask("POST", f"{path}/registrations", {"pool": "onsite"}, key="same") for _ in range(2)
    )
    assert (again.status_code, again.json()) == (201, first.json())
    assert guest.get(path)["seats"]["onsite"]["taken"] == 1
    other = guest.ask("POST", f"{path}/registrations", {"pool": "onsite", "waiting_list": False}, key="same")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    elsewhere = guest.ask(
        "POST", f"{published(organiser, HOST)}/registrations", {"pool": "onsite"}, key="same"
    )
    assert elsewhere.status_code == 201
    assert elsewhere.json()["id"] != first.json()["id"]


def test_the_waiting_list_moves_up(signed_in: SignIn, organiser: Visitor) -> None:
    path = published(organiser, HOST)
    guests = [signed_in(f"guest-{number}") for number in range(4)]
    made = [guest.want("POST", f"{path}/registrations", {"pool": "onsite"}, 201) for guest in guests[:3]]
    assert [(one["status"], one["place"]) for one in made] == [
        ("confirmed", None),
        ("waiting", 1),
        ("waiting", 2),
    ]
    assert guests[3].refused("POST", f"{path}/registrations", {"pool": "onsite"}) == (
        409,
        "waiting_list_full",
    )
    gone = guests[0].want("DELETE", f"/registrations/{made[0]['id']}")
    assert (gone["status"], gone["registered_at"]) == ("cancelled", made[0]["registered_at"])
    assert guests[1].get(f"/registrations/{made[1]['id']}")["status"] == "confirmed"
    third = guests[2].get(f"/registrations/{made[2]['id']}")
    assert (third["status"], third["place"]) == ("waiting", 1)
    assert guests[2].get(path)["seats"]["onsite"] == {"limit": 1, "taken": 1, "waiting": 1}
    raised = organiser.want("PATCH", path, {"pools": {"onsite": 3}})
    assert raised["seats"]["onsite"] == {"limit": 3, "taken": 2, "waiting": 0}
    assert guests[2].get(f"/registrations/{made[2]['id']}")["status"] == "confirmed"


def test_a_registration_is_refused(signed_in: SignIn, organiser: Visitor) -> None:
    guest, other = signed_in("guest-0"), signed_in("guest-1")
    wish = {"pool": "onsite", "waiting_list": False}
    assert guest.refused("POST", "/activities/nowhere/registrations", wish) == (404, "unknown_activity")
    assert guest.refused("POST", "/activities/-!/registrations", wish) == (404, "unknown_activity")
    draft = drafted(organiser, HOST)
    assert guest.refused("POST", f"{draft}/registrations", wish) == (404, "unknown_activity")
    path = published(organiser, HOST)
    assert guest.refused("POST", f"{path}/registrations", {"pool": "online"}) == (409, "no_such_pool")
    guest.want("POST", f"{path}/registrations", wish, 201)
    assert guest.refused("POST", f"{path}/registrations", wish) == (409, "already_registered")
    assert other.refused("POST", f"{path}/registrations", wish) == (409, "pool_full")
    organiser.want("POST", f"{path}/close")
    assert other.refused("POST", f"{path}/registrations", wish) == (409, "closed")
    organiser.want("POST", f"{path}/cancel", {"reason": "颱風"})
    assert other.refused("POST", f"{path}/registrations", wish) == (409, "activity_cancelled")
    past = published(
        organiser,
        HOST,
        starts_at=(SOON - timedelta(days=90)).isoformat(),
        ends_at=(SOON - timedelta(days=89)).isoformat(),
    )
    assert guest.refused("POST", f"{past}/registrations", wish) == (409, "activity_over")


def test_a_cancellation_is_refused(signed_in: SignIn, organiser: Visitor) -> None:
    guest, other = signed_in("guest-0"), signed_in("guest-1")
    path = published(organiser, HOST)
    made = guest.want("POST", f"{path}/registrations", {"pool": "onsite"}, 201)["id"]
    assert other.refused("DELETE", f"/registrations/{made}") == (404, "unknown_registration")
    assert other.refused("GET", f"/registrations/{made}") == (404, "unknown_registration")
    assert guest.refused("DELETE", f"/registrations/{uuid.uuid4()}") == (404, "unknown_registration")
    assert organiser.get(f"/registrations/{made}")["person"] == f"guest-0-{RUN}"
    guest.want("DELETE", f"/registrations/{made}")
    assert guest.refused("DELETE", f"/registrations/{made}") == (409, "already_cancelled")


def test_a_cancelled_activity_voids_its_registrations(signed_in: SignIn, organiser: Visitor) -> None:
    guest, path = signed_in("guest-0"), published(organiser, HOST)
    made = guest.want("POST", f"{path}/registrations", {"pool": "onsite"}, 201)["id"]
    assert organiser.want("POST", f"{path}/cancel", {"reason": "颱風"})["reason"] == "颱風"
    assert guest.get(f"/registrations/{made}")["status"] == "cancelled"


def test_an_activity_is_its_hosts(signed_in: SignIn, organiser: Visitor) -> None:
    guest, draft = signed_in("guest-0"), drafted(organiser, HOST)
    assert organiser.get(draft)["status"] == "draft"
    assert guest.refused("GET", draft) == (404, "unknown_activity")
    assert guest.refused("POST", f"{draft}/publish") == (403, "forbidden")
    assert guest.refused("POST", "/activities", workshop(HOST)) == (403, "forbidden")
    assert signed_in("center").want("POST", f"{draft}/publish")["status"] == "published"


def test_a_change_is_refused(organiser: Visitor, signed_in: SignIn) -> None:
    path = published(organiser, HOST)
    signed_in("guest-0").want("POST", f"{path}/registrations", {"pool": "onsite"}, 201)
    below = organiser.ask("PATCH", path, {"pools": {"onsite": 0}}).json()
    assert (below["code"], below["details"]) == ("limit_below_taken", {"pool": "onsite", "taken": 1})
    assert organiser.refused("PATCH", path, {"waiting_limit": 2}) == (409, "nothing_to_change")
    turned = {"starts_at": SOON.isoformat(), "ends_at": SOON.isoformat()}
    assert organiser.refused("PATCH", path, turned) == (422, "invalid_details")
    assert organiser.refused("PATCH", path, {"host": GUEST}) == (422, "invalid_request")


def test_a_list_is_read_page_by_page(organiser: Visitor, visit: Visit) -> None:
    made = {
        published(organiser, HOST, kind="forum", ends_at=(SOON + timedelta(days=n)).isoformat())
        for n in (1, 2, 3, 3)
    }
    anybody, seen, cursor = visit(), [], ""
    while True:
        page = anybody.get(f"/activities?school={HOST}&kind=forum&limit=2{cursor}")
        seen += [one["id"] for one in page["items"]]
        if not page["next"]:
            break
        cursor = f"&cursor={page['next']}"
    assert sorted(seen) == sorted(path.rpartition("/")[2] for path in made)
    upcoming = anybody.get(f"/activities?school={HOST}&kind=forum&when=upcoming")["items"]
    assert [one["id"] for one in upcoming] == seen[::-1]
    assert anybody.get(f"/activities?school={HOST}&kind=forum&when=past")["items"] == []
    assert anybody.refused("GET", "/activities?cursor=nonsense") == (400, "bad_cursor")
    assert anybody.refused("GET", "/activities?limit=0") == (422, "invalid_request")


def test_a_school_goes_its_way(signed_in: SignIn, visit: Visit) -> None:
    center, guest, school = signed_in("center"), signed_in("guest-0"), f"uni-{RUN}"
    profile = {
        "name": {"zh": "某大學", "en": "Some University"},
        "county": "taichung",
        "ror": None,
        "moe_code": None,
        "website": None,
    }
    assert guest.refused("POST", "/schools", {"id": school, **profile}) == (403, "forbidden")
    admitted = center.want("POST", "/schools", {"id": school, **profile}, 201)
    assert (admitted["status"], admitted["former_names"]) == ("admitted", [])
    assert center.refused("POST", "/schools", {"id": school, **profile}) == (409, "school_exists")
    path = f"/schools/{school}"
    assert center.want("PATCH", path, {"county": "nantou"})["county"] == "nantou"
    renamed = center.want("POST", f"{path}/rename", {"name": {"zh": "新大學", "en": ""}})
    assert [one["name"]["zh"] for one in renamed["former_names"]] == ["某大學"]
    suspended = center.want("POST", f"{path}/suspend", {"reason": "整併"})
    assert (suspended["status"], suspended["reason"]) == ("suspended", "整併")
    assert center.want("POST", f"{path}/reinstate")["status"] == "admitted"
    assert visit().get(path)["name"]["zh"] == "新大學"
    assert school in [one["id"] for one in guest.get("/schools")["items"]]
    assert guest.refused("GET", "/schools/nowhere") == (404, "unknown_school")


def test_a_session(stack: Stack, visit: Visit, signed_in: SignIn) -> None:
    visitor = visit()
    assert visitor.refused("GET", "/me") == (401, "not_signed_in")
    assert visitor.get("/session") == {"person": None}
    assert visitor.refused("POST", "/session", {"person": "nobody-at-all"}) == (401, "unknown_person")
    response = visitor.ask("POST", "/session", {"person": f"guest-0-{RUN}"})
    assert "httponly; samesite=lax" in response.headers["set-cookie"]
    me = visitor.get("/me")
    assert me == visitor.get("/session")["person"]
    assert me in visitor.get("/people")["items"]
    kept = visitor.http.cookies["session"]
    assert visitor.ask("DELETE", "/session").status_code == 204
    assert visitor.refused("GET", "/me") == (401, "not_signed_in")
    for forged in (kept[:-1] + ("A" if kept[-1] != "A" else "B"), "e30=.x.y", "", "null"):
        response = httpx.get(f"{stack.url}/api/v1/me", cookies={"session": forged})
        assert response.status_code == 401


def test_what_a_form_says_is_kept(visit: Visit, organiser: Visitor, signed_in: SignIn) -> None:
    guest = signed_in("guest-4")
    wish = {"pool": "onsite", "name": "林新名", "language": "zh-Hant"}
    guest.want("POST", f"{published(organiser, HOST)}/registrations", wish, 201)
    me = visit(f"guest-4-{RUN}").get("/me")
    assert (me["name"], me["language"]) == ("林新名", "zh-Hant")


@pytest.mark.parametrize(
    ("content", "headers", "refusal"),
    [
        (b'{"pool": ', {}, (400, "malformed_json")),
        (b"\xff", {}, (400, "malformed_json")),
        (b"[]", {}, (400, "malformed_json")),
        (b"NaN", {}, (400, "malformed_json")),
        (b"", {}, (400, "malformed_json")),
        (b"[" * 100_000, {}, (400, "malformed_json")),
        (b'{"pool": "onsite", "name": "\\ud800"}', {}, (422, "invalid_request")),
        (b'{"pool": "onsite", "name": {"a": 1e999}}', {}, (422, "invalid_request")),
        (b'{"pool": 5}', {}, (422, "invalid_request")),
        (b'{"pool": "onsite", "seat": 1}', {}, (422, "invalid_request")),
        (b'{"pool": "onsite"}', {"content-type": "text/plain"}, (415, "unsupported_media_type")),
        (b'{"pool": "onsite"}', {"idempotency-key": ""}, (400, "missing_idempotency_key")),
        (b'{"pool": "onsite"}', {"idempotency-key": "two words"}, (400, "missing_idempotency_key")),
        (b'{"pool": "onsite"}', {"idempotency-key": "k" * 201}, (400, "missing_idempotency_key")),
        (b" " * 300_000, {}, (413, "too_large")),
    ],
)
def test_bad_input(
    signed_in: SignIn, content: bytes, headers: dict[str, str], refusal: tuple[int, str]
) -> None:
    http = signed_in("guest-0").http
    origin = str(http.base_url).rstrip("/")
    asked = {"content-type": "application/json", "idempotency-key": "k", "origin": origin, **headers}
    for language, words in (("en", "ascii"), ("zh-Hant", "chinese")):
        response = http.post(
            "/api/v1/activities/a1/registrations",
            content=content,
            headers={
                **asked,
                "accept-language": language,
                "origin": str(signed_in("guest-0").http.base_url).rstrip("/"),
            },
        )
        problem = response.json()
        assert (response.status_code, problem["code"]) == refusal
        assert response.headers["content-type"] == "application/problem+json"
        assert problem["title"].isascii() == (words == "ascii")


def test_without_a_key(signed_in: SignIn) -> None:
    http = signed_in("guest-0").http
    response = http.post("/api/v1/activities/a1/registrations", json={"pool": "onsite"})
    assert (response.status_code, response.json()["code"]) == (400, "missing_idempotency_key")


def test_methods(visit: Visit, organiser: Visitor) -> None:
    path = published(organiser, HOST)
    anybody = visit().http
    head = anybody.head(f"/api/v1{path}")
    assert (head.status_code, head.content) == (200, b"")
    allowed = anybody.options(f"/api/v1{path}")
    assert (allowed.status_code, allowed.headers["allow"]) == (204, "GET, HEAD, OPTIONS, PATCH")
    wrong = anybody.put(f"/api/v1{path}", json={})
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET, HEAD, OPTIONS, PATCH")
    assert wrong.json()["code"] == "method_not_allowed"
    nowhere = anybody.get("/api/v1/nowhere")
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "not_found")


def test_the_description_is_served(stack: Stack, visit: Visit) -> None:
    described = visit().http.get("/openapi.json").json()
    assert described["servers"] == [{"url": f"{stack.url}/api/v1"}]
    assert "/activities/{activity}/registrations" in described["paths"]


def test_health(visit: Visit) -> None:
    http = visit().http
    assert http.get("/health/live").json() == {"status": "ok"}
    assert http.get("/health/ready").json() == {"status": "ok", "broker": True, "store": True}
