"""Who registers: staff of real schools with a card, signed in, each with a session of their own."""

from __future__ import annotations

import asyncio
import json
import re
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import AsyncMongoClient

from bench.load import Answer, drive, request
from bench.running import Running
from gongxue_contracts import moment

AT_ONCE = 32
_HOST = "center-1"
_COOKIE = re.compile(rb"^set-cookie: (session=[^;]+)", re.IGNORECASE | re.MULTILINE)
_CARDS_SECONDS = 60.0
_SEATS = 1_000_000

Client = AsyncMongoClient[dict[str, Any]]


class Unexpected(Exception):
    """An answer that the preparation cannot go on from."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person with the cookie that says so."""

    id: str
    name: str
    language: str
    cookie: str


async def sign_in_everybody(copy: Running, count: int, name: str = "bench") -> list[Visitor]:
    """Make `count` people known, called `name` and a number, and sign them in.

    Returns when notification knows how to reach them all.
    """
    cards = await _cards(copy, count, name)
    async with Client(copy.mongo_uri("gateway")) as client:
        await client.get_default_database()["people"].insert_many(cards)
    bodies = [json.dumps({"person": card["_id"]}).encode() for card in cards]
    asked = [request("POST", "/api/v1/session", copy.host, body=body) for body in bodies]
    run = await drive(copy.host, asked, AT_ONCE)
    cookies = [_cookie(answer) for answer in run.answers]
    await _heard_of(copy, [card["_id"] for card in cards])
    return [
        Visitor(card["_id"], card["name"], card["language"], cookie)
        for card, cookie in zip(cards, cookies, strict=True)
    ]


async def open_activity(copy: Running, seats: int = _SEATS) -> str:
    """Publish an activity, with seats for everybody unless fewer are named; its id."""
    host = request("POST", "/api/v1/session", copy.host, body=json.dumps({"person": _HOST}).encode())
    cookie = _cookie((await drive(copy.host, [host], 1)).answers[0])
    activity = f"bench-{uuid.uuid4().hex[:8]}"
    starts_at = datetime.now(UTC) + timedelta(days=30)
    details = {
        "id": activity,
        "kind": "workshop",
        "host": "nchu",
        "title": {"zh": "開放報名", "en": "Opening rush"},
        "summary": {"zh": "量測用的活動。", "en": "An activity to measure with."},
        "venue": {"zh": "圖書館七樓", "en": "Library, 7th floor"},
        "theme": "environment",
        "starts_at": moment.write(starts_at),
        "ends_at": moment.write(starts_at + timedelta(hours=3)),
        "pools": {"onsite": seats},
        "waiting_limit": 0,
    }
    for path, body in (("", details), (f"/{activity}/publish", {})):
        headers = {"Cookie": cookie, "Idempotency-Key": uuid.uuid4().hex}
        content = json.dumps(body).encode()
        asked = request("POST", f"/api/v1/activities{path}", copy.host, headers, content)
        answer = (await drive(copy.host, [asked], 1)).answers[0]
        if answer.status not in (200, 201):
            raise Unexpected(answer.body.decode())
    return activity


async def _cards(copy: Running, count: int, name: str) -> list[dict[str, Any]]:
    """People of all schools in turn, as the gateway keeps them."""
    listed = (await drive(copy.host, [request("GET", "/api/v1/schools", copy.host)], 1)).answers[0]
    schools = [school["id"] for school in json.loads(listed.body)["items"]]
    return [
        {
            "_id": f"{name}-{number:06}",
            "name": f"量測員 {number}" if number % 2 else f"Bench Person {number}",
            "email": f"{name}-{number:06}@{schools[number % len(schools)]}.example",
            "language": "zh-Hant" if number % 2 else "en",
            "school": schools[number % len(schools)],
            "roles": ["staff"],
            "version": 1,
            "untold": True,
        }
        for number in range(count)
    ]


async def _heard_of(copy: Running, people: list[str]) -> None:
    """Wait until notification knows them all."""
    async with Client(copy.mongo_uri("notification")) as client:
        contacts = client.get_default_database()["contacts"]
        end = time.monotonic() + _CARDS_SECONDS
        missing = set(people)
        while missing:
            if time.monotonic() > end:
                raise Unexpected(f"notification has not heard of {len(missing)} people")
            await asyncio.sleep(0.2)
            missing -= {card["_id"] for card in await contacts.find({}, {"_id": 1}).to_list()}


def _cookie(answer: Answer) -> str:
    found = _COOKIE.search(answer.head)
    if answer.status != 200 or found is None:
        raise Unexpected(f"{answer.status} {answer.body.decode()}")
    return found[1].decode()
