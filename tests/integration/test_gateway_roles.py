"""Roles in a running network: granted, used, seen by whom they concern, revoked, and gone within two seconds."""

from __future__ import annotations

import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from toys.residents import settle
from toys.visitors import Visitor
from toys.waiting import eventually

from gateway.access.roles import TAIPEI
from onemachine.processes import environment
from onemachine.services import ROOT
from onemachine.stack import Stack

RUN = uuid.uuid4().hex[:6]
OURS, THEIRS = f"ours-{RUN}", f"theirs-{RUN}"
PEOPLE = {
    "center": ("center", ["center"]),
    "operator": ("center", ["operator"]),
    "window": (OURS, []),
    "lin": (OURS, []),
    "wu": (THEIRS, []),
    "boss": ("center", []),
}
TODAY = datetime.now(UTC).astimezone(TAIPEI).date()

Enter = Callable[[str], Visitor]


@pytest.fixture(scope="module")
def enter(stack: Stack) -> Iterator[Enter]:
    """Somebody who signs in anew, by the first part of their name."""
    settle(stack, {f"{name}-{RUN}": held for name, held in PEOPLE.items()})
    with ExitStack() as opened:

        def visit(name: str) -> Visitor:
            return opened.enter_context(Visitor(stack.url, f"{name}-{RUN}"))

        center = visit("center")
        profile = {"county": "yilan", "ror": None, "moe_code": None, "website": None}
        for school in (OURS, THEIRS):
            name = {"zh": f"大學 {school}", "en": ""}
            center.want("POST", "/schools", {"id": school, "name": name, **profile}, 201)
        center.want("PUT", f"/roles/{OURS}/window-{RUN}/window", {})
        yield visit


def of_lin(role: str = "host") -> str:
    return f"/roles/{OURS}/lin-{RUN}/{role}"


def test_a_role_is_granted_listed_and_revoked_with_its_history(enter: Enter) -> None:
    window = enter("window")
    until = (TODAY + timedelta(days=90)).isoformat()
    granted = window.want("PUT", of_lin(), {"ends_on": until})
    assert (granted["valid"], granted["starts_on"], granted["ends_on"]) == (True, None, until)
    assert enter("lin").get("/me")["roles"] == ["host", "staff"]
    listed = window.get(f"/roles/{OURS}?person=lin-{RUN}&valid=true")["items"]
    assert listed == [granted]
    assert (granted["name"], granted["history"][0]["by_name"]) == (
        enter("lin").get("/me")["name"],
        window.get("/me")["name"],
    )
    revoked = window.want("POST", f"{of_lin()}/revoke", {"reason": "轉任他校"})
    assert (revoked["valid"], revoked["revoked"]) == (False, True)
    acts = [(act["act"], act["by"]["person"], act["by"]["role"], act["reason"]) for act in revoked["history"]]
    assert acts == [
        ("granted", f"window-{RUN}", "window", None),
        ("revoked", f"window-{RUN}", "window", "轉任他校"),
    ]
    assert enter("lin").get("/me")["roles"] == ["staff"]
    assert window.refused("POST", f"{of_lin()}/revoke", {"reason": "again"}) == (409, "role_not_held")


def test_who_is_signed_in_has_a_role_and_loses_it_within_two_seconds(enter: Enter) -> None:
    window, lin = enter("window"), enter("lin")
    window.want("PUT", of_lin(), {})
    eventually(lambda: "host" in lin.get("/me")["roles"], 2)
    window.want("POST", f"{of_lin()}/revoke", {"reason": "done"})
    eventually(lambda: lin.get("/me")["roles"] == ["staff"], 2)


def test_a_role_that_begins_later_is_not_held_yet(enter: Enter) -> None:
    center, tomorrow = enter("center"), (TODAY + timedelta(days=1)).isoformat()
    granted = center.want("PUT", of_lin("window"), {"starts_on": tomorrow})
    assert granted["valid"] is False
    assert enter("lin").get("/me")["roles"] == ["staff"]
    center.want("POST", f"{of_lin('window')}/revoke", {"reason": "a mistake"})


def test_nobody_grants_what_is_not_theirs_to_grant(enter: Enter) -> None:
    window, center, operator = enter("window"), enter("center"), enter("operator")
    boss = f"/roles/center/boss-{RUN}"
    assert window.refused("PUT", of_lin("window"), {}) == (403, "forbidden")
    assert window.refused("PUT", f"/roles/{THEIRS}/wu-{RUN}/host", {}) == (403, "forbidden")
    assert window.refused("GET", f"/roles/{THEIRS}") == (403, "forbidden")
    assert window.refused("PUT", f"{boss}/center", {}) == (403, "forbidden")
    assert center.refused("PUT", f"{boss}/operator", {}) == (403, "forbidden")
    assert operator.refused("PUT", of_lin(), {}) == (403, "forbidden")
    assert enter("lin").refused("PUT", of_lin(), {}) == (403, "forbidden")
    assert operator.want("PUT", f"{boss}/operator", {})["valid"]
    assert center.want("PUT", f"{boss}/center", {})["valid"]


def test_bad_wishes(enter: Enter) -> None:
    center = enter("center")
    assert center.refused("PUT", f"/roles/{OURS}/wu-{RUN}/host", {}) == (404, "unknown_grantee")
    assert center.refused("PUT", f"/roles/{OURS}/nobody-{RUN}/host", {}) == (404, "unknown_grantee")
    assert center.refused("PUT", f"/roles/nowhere/lin-{RUN}/host", {}) == (404, "unknown_school")
    assert center.refused("GET", "/roles/nowhere") == (404, "unknown_school")
    assert center.refused("PUT", f"/roles/{OURS}/lin-{RUN}/king", {}) == (404, "not_found")
    assert center.refused("PUT", f"/roles/{OURS}/lin-{RUN}/center", {}) == (422, "wrong_scope")
    assert center.refused("PUT", of_lin(), {"ends_on": "2026-13-01"}) == (422, "invalid_request")
    past, later = "2020-01-01", (TODAY + timedelta(days=9)).isoformat()
    assert center.refused("PUT", of_lin(), {"ends_on": past}) == (422, "over_already")
    backwards = {"starts_on": later, "ends_on": TODAY.isoformat()}
    assert center.refused("PUT", of_lin(), backwards) == (422, "ends_before_it_starts")
    assert center.refused("POST", f"{of_lin()}/revoke", {}) == (422, "invalid_request")


def test_the_operator_of_the_machine_makes_the_first_operator(stack: Stack, enter: Enter) -> None:
    enter("center")
    settings = dict(stack.process("gateway").program.settings)
    settings |= {"AMQP_URI_FILE": str(stack.folder.hand("grant-amqp-uri", stack.broker.amqp_uri))}

    def grant(person: str, role: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "gateway", "grant", "--person", person, "--role", role],
            env=environment(stack.folder.path) | settings,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    made = grant(f"wu-{RUN}@school.example", "operator")
    assert (made.returncode, made.stdout) == (0, f"wu-{RUN}@school.example is operator\n"), made.stderr
    assert enter("wu").get("/me")["roles"] == ["operator", "staff"]
    again = grant(f"wu-{RUN}", "operator")
    assert (again.returncode, again.stderr) == (1, "refused: role_held\n")
    unknown = grant(f"nobody-{RUN}", "operator")
    assert (unknown.returncode, unknown.stderr) == (67, f"nobody has signed in as nobody-{RUN}\n")
