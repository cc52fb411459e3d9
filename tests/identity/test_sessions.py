"""How long one is signed in, and what everybody hears of when it ends."""

from __future__ import annotations

import asyncio
import json
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from identity.malicious import Malicious, malicious
from identity.site import Person, Site, hidden, person, query, site
from itsdangerous import TimestampSigner
from pymongo.database import Database

from gateway.access import roles
from gateway.identity import middleware

Story = Callable[[Site, Person], Awaitable[None]]


@pytest.fixture
def play(
    amqp_uri: str, mongo_uri: str, database: Database[dict[str, Any]], site_port: int
) -> Callable[..., None]:
    """Run a story of somebody who is signed in."""

    def run(story: Story, **settings: Any) -> None:
        async def played() -> None:
            async with malicious() as provider, site(amqp_uri, mongo_uri, site_port, **settings) as found:
                await found.school(provider.issuer)
                async with person(found) as lin:
                    await sign_in(lin, provider)
                    await story(found, lin)

        asyncio.run(played())

    return run


async def sign_in(lin: Person, provider: Malicious) -> None:
    asked = query((await lin.client.get("/sign-in/nchu")).headers["location"])
    provider.nonce = asked["nonce"]
    page = await lin.get(f"/sign-in/nchu/back?code=c&state={asked['state']}&iss={provider.issuer}")
    await lin.post("/welcome", {"attempt": hidden(page, "attempt"), "name": "Lin", "language": "en"})


def test_a_request_looks_nothing_up(play: Any, database: Database[dict[str, Any]]) -> None:
    """As long as no notice says otherwise: what is written past us is seen five minutes later."""

    async def story(site: Site, lin: Person) -> None:
        database["sessions"].delete_many({})
        assert await lin.me() is not None

    play(story)


def test_after_five_minutes_one_is_looked_up(
    play: Any, database: Database[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(site: Site, lin: Person) -> None:
        database["sessions"].delete_many({})
        monkeypatch.setattr(middleware, "LOOKED_UP_SECONDS", -10)
        assert await lin.me() is None

    play(story)


@pytest.mark.parametrize(("days", "role"), [(0, "host"), (1, "staff")])
def test_a_role_that_ended_at_midnight_is_not_held_after_it(
    play: Any, database: Database[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, days: int, role: str
) -> None:
    """Whoever was looked up yesterday, be it a second ago, is looked up; whoever was so today is not."""

    async def story(site: Site, lin: Person) -> None:
        monkeypatch.setattr(middleware, "LOOKED_UP_SECONDS", 10 * 86_400)
        me = await lin.me() or {}
        yesterday = datetime.now(roles.TAIPEI).date() - timedelta(days=1)
        held = {"scope": "nchu", "person": me["id"], "role": "host", "starts_on": None, "revoked": False}
        database["roles"].insert_one({**held, "ends_on": yesterday.isoformat()})
        _looked_up(site, lin, days, ["staff", "host"])
        assert role in (await lin.me() or {})["roles"]
        assert ("host" in (await lin.me() or {})["roles"]) == (role == "host")

    play(story)


def test_using_a_session_makes_it_last_but_not_for_ever(
    play: Any, database: Database[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(site: Site, lin: Person) -> None:
        monkeypatch.setattr(middleware, "LOOKED_UP_SECONDS", -10)
        before = _session(database)
        assert await lin.me() is not None
        after = _session(database)
        assert before["seen"] < after["seen"]
        assert after["expires"] - after["seen"] == timedelta(hours=1)
        begun = after["begun"] - timedelta(hours=23, minutes=30)
        database["sessions"].update_one({}, {"$set": {"begun": begun}})
        assert await lin.me() is not None
        last = _session(database)
        assert last["expires"] == begun + timedelta(hours=24)
        database["sessions"].update_one({}, {"$set": {"expires": begun}})
        assert await lin.me() is None

    play(story, session_idle=3600.0, session_longest=86400.0)


def test_what_changes_about_a_person_is_seen_at_once_with_a_notice(
    play: Any, database: Database[dict[str, Any]]
) -> None:
    async def story(site: Site, lin: Person) -> None:
        me = await lin.me() or {}
        database["people"].update_one({"_id": me["id"]}, {"$set": {"name": "Another"}})
        assert (await lin.me() or {})["name"] == "Lin"
        await site.door.notices.mark_stale(person=me["id"])
        assert (await lin.me() or {})["name"] == "Another"

    play(story)


def test_one_ends_ones_own_sessions_and_nobody_elses(play: Any) -> None:
    async def story(site: Site, lin: Person) -> None:
        (own,) = (await lin.client.get("/api/v1/me/sessions")).json()["items"]
        assert own["here"] is True
        headers = {"idempotency-key": "k"}
        other = await lin.client.delete(f"/api/v1/me/sessions/{'0' * 64}", headers=headers)
        assert (other.status_code, other.json()["code"]) == (404, "not_found")
        (way,) = (await lin.client.get("/api/v1/me/ways-to-sign-in")).json()["items"]
        last = await lin.client.delete(f"/api/v1/me/ways-to-sign-in/{way['id']}", headers=headers)
        assert (last.status_code, last.json()["code"]) == (409, "last_way")
        assert (await lin.client.delete("/api/v1/me/sessions", headers=headers)).status_code == 204
        assert await lin.me() is not None
        gone = await lin.client.delete(f"/api/v1/me/sessions/{own['id']}", headers=headers)
        assert gone.status_code == 204
        assert await lin.me() is None

    play(story)


def _session(database: Database[dict[str, Any]]) -> dict[str, Any]:
    found = database["sessions"].find_one({})
    assert found is not None
    return found


def _looked_up(site: Site, lin: Person, days: int, held: list[str]) -> None:
    """Let the cookie say that they were looked up so many days ago, and held these roles then."""
    signer = TimestampSigner(site.app.state.settings.secret)
    said = json.loads(b64decode(signer.unsign(lin.client.cookies["session"])))
    said["at"] -= days * 86_400
    said["person"]["roles"] = held
    cookie = signer.sign(b64encode(json.dumps(said).encode())).decode()
    lin.client.cookies.set("session", cookie, domain="localhost.local")
