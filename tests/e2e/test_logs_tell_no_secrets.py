"""Logs are read by operators: what people send, who they are and what proves who they are is not in them."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import httpx
from pymongo import MongoClient
from toys.waiting import eventually

from onemachine.stack import Stack

RUN = uuid.uuid4().hex
PERSON, SCHOOL = f"canary-{RUN[:6]}", f"canaries-{RUN[:6]}"
NAME = f"金絲雀{RUN[:8]}"
MAIL = f"{RUN[8:16]}@canary.example"
KEY, SECRET, WORDS = f"key-{RUN}", f"gx_{RUN}", f"words-{RUN}"


def written(stack: Stack) -> str:
    """All that all processes have logged."""
    folder = Path(stack.folder.path)
    logs = [path for path in folder.rglob("*.log*") if path.is_file() and "rabbit" not in str(path)]
    assert any(path.name.startswith("gateway") for path in logs)
    return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in logs)


def ask_for_everything_in_every_wrong_way(stack: Stack, http: httpx.Client) -> list[str]:
    """What people send by mistake and by intent; the secrets that they were given."""
    signed_in = http.post("/api/v1/session", json={"person": PERSON})
    assert signed_in.status_code == 200
    cookie = signed_in.headers["set-cookie"].partition(";")[0].partition("=")[2]
    key = {"idempotency-key": KEY}
    bodies: list[Any] = [
        {"pool": "onsite", "name": NAME},
        {"pool": "onsite", "name": NAME * 40},
        {"pool": WORDS},
        {WORDS: NAME},
    ]
    for body in bodies:
        http.post(f"/api/v1/activities/none-{RUN[:6]}/registrations", json=body, headers=key)
    http.post(
        "/api/v1/activities", content=f'{{"{WORDS}'.encode(), headers={"content-type": "application/json"}
    )
    http.get("/api/v1/me", headers={"authorization": f"Bearer {SECRET}"})
    http.get(f"/nowhere/{WORDS}?mail={MAIL}", headers={"referer": f"{stack.url}/?{SECRET}"})
    http.get(f"/calendars/people/{SECRET}.ics")
    http.get("/me", headers={"accept": "text/html"})
    page = {"origin": stack.url, "accept": "text/html"}
    http.post("/sign-in", data={"person": WORDS, "return": f"/{SECRET}"}, headers=page)
    http.post(f"/sign-in/{SCHOOL}", data={"mail": MAIL, "email": MAIL}, headers=page)
    http.get(f"/sign-in/{SCHOOL}/back?code={SECRET}&state={SECRET}")
    http.get(f"/sign-in/{SCHOOL}/link?secret={SECRET}")
    http.get("/api/v1/activities?cursor=" + SECRET, headers={"cookie": f"session={SECRET}"})
    return [cookie]


def test_no_log_has_what_people_send_or_who_they_are(stack: Stack) -> None:
    person = {
        "_id": PERSON,
        "name": NAME,
        "email": MAIL,
        "language": "en",
        "school": SCHOOL,
        "roles": ["staff"],
        "version": 1,
        "untold": True,
    }
    with MongoClient[dict[str, Any]](stack.store.mongo_uri) as client:
        client["gateway"]["people"].insert_one(person)
        with httpx.Client(base_url=stack.url, timeout=20) as http:
            given = ask_for_everything_in_every_wrong_way(stack, http)
        contacts = client["notification"]["contacts"]
        eventually(lambda: contacts.find_one({"_id": PERSON}), 30)
    logged = written(stack)
    for secret in (NAME, MAIL, KEY, SECRET, WORDS, *given):
        assert secret not in logged
