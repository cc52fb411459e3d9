"""SIGs over the API of a whole network: from the proposal to the archive, and who may see and do what."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from toys.residents import settle
from toys.visitors import Visitor

from onemachine.stack import Stack

RUN = uuid.uuid4().hex[:6]
SCHOOLS = [f"sig-{letter}-{RUN}" for letter in "abc"]
TODAY = datetime.now(UTC).date()
UNTIL = (TODAY + timedelta(days=300)).isoformat()
CHARTER: dict[str, Any] = {
    "title": {"zh": "里山根經濟", "en": "Satoyama economies"},
    "theme": "environment",
    "goals": {"zh": "彼此觀摩", "en": ""},
    "scope": {"zh": "淺山地區", "en": ""},
    "joining": "request",
}
Who = Callable[[str], Visitor]


@pytest.fixture(scope="module")
def who(stack: Stack) -> Iterator[Who]:
    """Of the three schools `a`, `b` and `c` each a window and somebody of the staff; of `a` a host; and the Center."""
    people = {f"sig-center-{RUN}": ("center", ["center"])}
    for school in SCHOOLS:
        people[f"{school}-window"] = (school, ["window"])
        people[f"{school}-staff"] = (school, [])
        people[f"{school}-host"] = (school, ["host"])
    settle(stack, people)
    visitors: dict[str, Visitor] = {}

    def who(name: str) -> Visitor:
        id = f"sig-center-{RUN}" if name == "center" else f"sig-{name.replace(' ', f'-{RUN}-')}"
        if id not in visitors:
            visitors[id] = Visitor(stack.url, id)
        return visitors[id]

    for school in SCHOOLS:
        profile = {"county": "yilan", "ror": None, "moe_code": None, "website": None}
        who("center").want(
            "POST", "/schools", {"id": school, "name": {"zh": school, "en": ""}, **profile}, 201
        )
    yield who
    for visitor in visitors.values():
        visitor.http.close()


def proposed(who: Who, **changes: Any) -> str:
    sig = who("a staff").want("POST", "/sigs", {**CHARTER, **changes}, 201)
    assert (sig["status"], sig["stands"]) == ("proposed", False)
    return str(sig["id"])


def chartered(who: Who, **changes: Any) -> str:
    sig = proposed(who, **changes)
    for letter, school in zip("abc", SCHOOLS, strict=True):
        who(f"{letter} window").want("POST", f"/sigs/{sig}/supporters/{school}")
    who("center").want("POST", f"/sigs/{sig}/charter", {"until": UNTIL})
    return sig


def test_from_the_proposal_to_the_archive(who: Who) -> None:
    sig = proposed(who)
    assert who("center").refused("POST", f"/sigs/{sig}/charter", {"until": UNTIL}) == (
        409,
        "too_few_supporters",
    )
    for letter, school in zip("abc", SCHOOLS, strict=True):
        told = who(f"{letter} window").want("POST", f"/sigs/{sig}/supporters/{school}")
    assert (told["supporters"], told["stands"]) == (SCHOOLS, True)
    told = who("center").want("POST", f"/sigs/{sig}/charter", {"until": UNTIL})
    assert (told["status"], told["until"], told["members"]) == ("active", UNTIL, 1)
    assert [one["person"] for one in told["convenors"]] == [f"{SCHOOLS[0]}-staff"]

    assert who("b staff").want("POST", f"/sigs/{sig}/join")["members"] == 1
    asking = who("a staff").get(f"/sigs/{sig}/members?status=requested")["items"]
    assert [one["person"] for one in asking] == [f"{SCHOOLS[1]}-staff"]
    assert who("a staff").want("POST", f"/sigs/{sig}/members/{SCHOOLS[1]}-staff/admit")["members"] == 2
    assert {one["status"] for one in who("b staff").get(f"/sigs/{sig}/members")["items"]} == {"member"}

    who("a staff").want("POST", f"/sigs/{sig}/renewal", {"statement": {"zh": "繼續", "en": ""}})
    pending = who("center").get(f"/sigs/{sig}")["submitted"]
    assert (pending["dossier"]["members"], pending["dossier"]["meetings"]) == (2, 0)
    told = who("center").want("POST", f"/sigs/{sig}/renewal/renew", {"until": UNTIL})
    assert told["submitted"] is None
    told = who("a staff").want("POST", f"/sigs/{sig}/close", {"reason": "完成"})
    assert (told["status"], told["reason"]) == ("closed", "完成")
    assert who("c staff").refused("POST", f"/sigs/{sig}/join") == (409, "sig_closed")
    assert [one["act"] for one in told["history"]] == [
        "proposed", "supported", "supported", "supported", "chartered", "submitted", "renewed", "closed",
    ]  # fmt: skip
    assert who("center").want("POST", f"/sigs/{sig}/reopen", {"until": UNTIL})["status"] == "active"


def test_who_merely_proposes_learns_of_nobody_whether_they_have_signed_in(who: Who) -> None:
    sig = proposed(who)
    for person in (f"{SCHOOLS[1]}-staff", "nobody-at-all"):
        refused = who("a staff").refused("POST", f"/sigs/{sig}/members/{person}/invite")
        assert refused == (409, "not_chartered")


def test_a_meeting_with_minutes_is_counted_by_whom_it_seated(who: Who) -> None:
    sig = chartered(who)
    starts_at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)
    meeting = {
        "kind": "sig_meeting",
        "host": SCHOOLS[0],
        "title": {"zh": "聚會", "en": ""},
        "summary": {"zh": "", "en": ""} | {"zh": "說明"},
        "venue": None,
        "theme": None,
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=2)).isoformat(),
        "pools": {"online": 5},
        "waiting_limit": 0,
    }
    activity = who("a host").want("POST", "/activities", meeting, 201)["id"]
    assert who("a staff").refused("POST", f"/sigs/{sig}/meetings/{activity}") == (404, "unknown_activity")
    who("a host").want("POST", f"/activities/{activity}/publish")
    for letter in "bc":
        who(f"{letter} staff").want("POST", f"/activities/{activity}/registrations", {"pool": "online"}, 201)
    told = who("a staff").want("POST", f"/sigs/{sig}/meetings/{activity}")
    assert [one["activity"] for one in told["meetings"]] == [activity]
    minutes = {
        "kind": "minutes",
        "title": {"zh": "紀錄", "en": ""},
        "held_on": TODAY.isoformat(),
        "activity": activity,
        "text": {"zh": "談了很多", "en": ""},
    }
    told = who("a staff").want("POST", f"/sigs/{sig}/records", minutes)
    (record,) = told["records"]
    assert (record["attended"], record["schools"]) == (2, SCHOOLS[1:])
    assert who("b staff").refused("POST", f"/sigs/{sig}/records/{record['record']}/remove")[0] == 403
    assert who("a staff").want("POST", f"/sigs/{sig}/records/{record['record']}/remove")["records"] == []
    assert who("a staff").want("POST", f"/sigs/{sig}/meetings/{activity}/unlink")["meetings"] == []


def test_whoever_convenes_hands_over(who: Who) -> None:
    sig, colleague = chartered(who, joining="open"), f"{SCHOOLS[1]}-staff"
    assert who("b staff").want("POST", f"/sigs/{sig}/join")["members"] == 2
    assert who("a staff").refused("POST", f"/sigs/{sig}/leave") == (409, "last_convenor")
    who("a staff").want("POST", f"/sigs/{sig}/hand-over", {"to": colleague, "ends_on": UNTIL})
    assert who("a staff").refused("PATCH", f"/sigs/{sig}", {"joining": "request"}) == (403, "forbidden")
    assert who("b staff").want("PATCH", f"/sigs/{sig}", {"joining": "request"})["joining"] == "request"
    assert who("a staff").want("POST", f"/sigs/{sig}/leave")["members"] == 1


def test_a_handover_asked_for_again_is_answered_as_the_first_time(who: Who) -> None:
    sig, key = chartered(who, joining="open"), uuid.uuid4().hex
    who("b staff").want("POST", f"/sigs/{sig}/join")
    over = {"to": f"{SCHOOLS[1]}-staff", "ends_on": UNTIL}
    answers = [who("a staff").ask("POST", f"/sigs/{sig}/hand-over", over, key=key) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 200]
    assert [[each["person"] for each in one.json()["convenors"]] for one in answers] == [[over["to"]]] * 2
    assert who("a staff").refused("POST", f"/sigs/{sig}/hand-over", over) == (403, "not_a_convenor")


def test_who_has_five_open_proposals_cannot_make_a_sixth_but_ask_for_the_fifth_again(who: Who) -> None:
    keys = [uuid.uuid4().hex for _ in range(5)]
    made = [who("c host").ask("POST", "/sigs", CHARTER, key=key).status_code for key in (*keys, keys[-1])]
    assert made == [201] * 6
    assert who("c host").refused("POST", "/sigs", CHARTER) == (409, "too_many_proposals")


def test_whoever_leaves_comes_back_and_leaves_again_has_left(who: Who) -> None:
    sig = chartered(who, joining="open")
    for _ in range(2):
        assert who("b staff").want("POST", f"/sigs/{sig}/join")["members"] == 2
        assert who("b staff").want("POST", f"/sigs/{sig}/leave")["members"] == 1
    who("b staff").want("POST", f"/sigs/{sig}/join")
    assert who("a staff").want("POST", f"/sigs/{sig}/members/{SCHOOLS[1]}-staff/end")["members"] == 1


def test_people_of_a_school_that_joined_need_not_ask(who: Who) -> None:
    sig = chartered(who)
    assert who("b window").refused("POST", f"/sigs/{sig}/schools/{SCHOOLS[2]}") == (403, "forbidden")
    told = who("b window").want("POST", f"/sigs/{sig}/schools/{SCHOOLS[1]}")
    assert told["schools"] == [SCHOOLS[1]]
    assert who("b staff").want("POST", f"/sigs/{sig}/join")["members"] == 2
    assert who("b window").want("POST", f"/sigs/{sig}/schools/{SCHOOLS[1]}/withdraw")["schools"] == []


def test_an_invitation_is_for_whom_it_is_for(who: Who) -> None:
    sig = chartered(who, joining="invitation")
    assert who("c staff").refused("POST", f"/sigs/{sig}/join") == (409, "by_invitation")
    assert who("a staff").refused("POST", f"/sigs/{sig}/members/nobody/invite") == (404, "unknown_invitee")
    who("a staff").want("POST", f"/sigs/{sig}/members/{SCHOOLS[2]}-staff/invite")
    assert who("c staff").want("POST", f"/sigs/{sig}/join")["members"] == 2


def test_names_are_for_members_and_lists_are_for_everybody(who: Who, stack: Stack) -> None:
    sig = chartered(who)
    assert who("c staff").refused("GET", f"/sigs/{sig}/members") == (403, "forbidden")
    assert who("center").get(f"/sigs/{sig}/members")["items"][0]["name"] == "Lin"
    with Visitor(stack.url) as nobody:
        assert nobody.get(f"/sigs/{sig}")["id"] == sig
        found = nobody.get(f"/sigs?status=active&school={SCHOOLS[0]}&limit=100")["items"]
        assert sig in {one["id"] for one in found}
        assert {one["status"] for one in found} == {"active"}
        first = nobody.get(f"/sigs?school={SCHOOLS[0]}&limit=1")
        second = nobody.get(f"/sigs?school={SCHOOLS[0]}&limit=1&cursor={first['next']}")
        assert first["items"][0]["id"] < second["items"][0]["id"]
        assert nobody.refused("POST", f"/sigs/{sig}/join") == (401, "not_signed_in")


def test_looks_at_members_by_whoever_decides_are_told_to_them_and_to_the_center(who: Who) -> None:
    sig = chartered(who, joining="open")
    member, convenor, center = who("b staff"), who("a staff"), who("center")
    member.want("POST", f"/sigs/{sig}/join")
    for visitor, convenes in ((member, False), (convenor, True)):
        own = {one["sig"]: one for one in visitor.get("/me/sigs")["items"]}
        assert (own[sig]["status"], own[sig]["convenes"]) == ("member", convenes)

    for path in (f"/sigs/{sig}", f"/console/sigs/{sig}", f"/api/v1/sigs/{sig}/members"):
        assert convenor.http.get(f"{path}").status_code == 200
    assert center.http.get(f"/console/sigs/{sig}").status_code == 200
    member.get(f"/sigs/{sig}/members")

    seen = [one for one in member.get("/me/roster-views")["items"] if one["sig"] == sig]
    assert [(one["activity"], one["role"]) for one in seen] == [(None, "center"), *[(None, "staff")] * 3]
    logged = center.get(f"/roster-views?sig={sig}")["items"]
    assert [(one["person"], one["how"]) for one in logged] == [
        (f"sig-center-{RUN}", "page"),
        *[(f"{SCHOOLS[0]}-staff", how) for how in ("api", "page", "page")],
    ]
    assert "Convenor" in member.http.get("/me/data").text
    assert f"/sigs/{sig}" in center.http.get("/console/roster-views").text


def test_a_charter_is_not_overwritten_unseen(who: Who) -> None:
    sig = proposed(who)
    seen = who("a staff").ask("GET", f"/sigs/{sig}").headers["etag"]
    who("b window").want("POST", f"/sigs/{sig}/supporters/{SCHOOLS[1]}")
    first = who("a staff").ask("PATCH", f"/sigs/{sig}", {"joining": "open"}, **{"if-match": seen})
    assert first.status_code == 200, first.text
    second = who("a staff").ask("PATCH", f"/sigs/{sig}", {"joining": "invitation"}, **{"if-match": seen})
    assert second.status_code == 412


def test_what_is_sent_back_is_revised_and_what_is_declined_stays(who: Who) -> None:
    sig = proposed(who)
    told = who("center").want("POST", f"/sigs/{sig}/send-back", {"reason": "請補充"})
    assert (told["status"], told["reason"]) == ("sent_back", "請補充")
    assert who("a staff").want("PATCH", f"/sigs/{sig}", {"joining": "open"})["status"] == "proposed"
    assert who("center").want("POST", f"/sigs/{sig}/decline", {"reason": "已有"})["status"] == "declined"
    assert who("a staff").refused("PATCH", f"/sigs/{sig}", {"joining": "request"}) == (409, "sig_declined")


def test_the_same_wish_twice_is_one_proposal(who: Who) -> None:
    key = uuid.uuid4().hex
    first = who("a staff").ask("POST", "/sigs", CHARTER, key=key).json()
    assert who("a staff").ask("POST", "/sigs", CHARTER, key=key).json()["id"] == first["id"]
