"""Signing in by a mailed link: once, for a while, in the browser that asked, and nobody learns who is here."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any
from urllib.parse import urlsplit

import amqp
import pytest
from identity.site import Person, Site, hidden, person, problem, query, site
from pymongo.database import Database

from gateway.identity.mail_links import PER_ADDRESS
from gateway.identity.providers import Wanted
from installation.bus import definitions

Story = Callable[[Site, "Mailbox"], Awaitable[None]]
QUEUE = "notification.sign_in"


class Mailbox:
    """What notification is told to mail."""

    def __init__(self, amqp_uri: str) -> None:
        parts = urlsplit(amqp_uri)
        self._connection = amqp.Connection(
            f"{parts.hostname}:{parts.port}", parts.username, parts.password, virtual_host=parts.path[1:]
        )
        self._connection.connect()
        self._channel = self._connection.channel()

    def links(self) -> list[dict[str, Any]]:
        """All that are there."""
        found = []
        while message := self._channel.basic_get(QUEUE, no_ack=True):
            found.append(json.loads(message.body)["data"])
        return found

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def play(
    amqp_uri: str, mongo_uri: str, database: Database[dict[str, Any]], site_port: int, tests_bus: Any
) -> Callable[[Story], None]:
    """Run a story at a site where a school has no provider, but a domain of mail addresses."""
    assert QUEUE in {queue["name"] for queue in definitions(tests_bus)["queues"]}

    def run(story: Story) -> None:
        async def played() -> None:
            mailbox = Mailbox(amqp_uri)
            try:
                async with site(amqp_uri, mongo_uri, site_port) as found:
                    wanted = Wanted(mail_domains=("nchu.edu.tw",))
                    await found.door.providers.keep("nchu", wanted, "operator")
                    await story(found, mailbox)
            finally:
                mailbox.close()

        asyncio.run(played())

    return run


async def ask(somebody: Person, email: str = "lin@nchu.edu.tw") -> Any:
    return await somebody.post("/sign-in/nchu", {"email": email, "return": "/schools"})


async def sign_in(somebody: Person, mailbox: Mailbox, email: str = "lin@nchu.edu.tw") -> None:
    await ask(somebody, email)
    (link,) = mailbox.links()
    page = await somebody.post("/sign-in/nchu/link", query(link["address"]))
    if page.url.path == "/welcome":
        fields = {"attempt": hidden(page, "attempt"), "name": "Lin", "language": "en"}
        page = await somebody.post("/welcome", fields)
    assert page.url.path == "/schools"


def test_the_link_shows_a_button_and_the_button_signs_in(play: Any) -> None:
    async def story(site: Site, mailbox: Mailbox) -> None:
        async with person(site) as lin:
            form = await lin.get("/sign-in/nchu")
            assert "@nchu.edu.tw" in form.text
            assert (await ask(lin, " LIN@nchu.edu.tw")).url.path == "/sign-in/nchu/sent"
            (link,) = mailbox.links()
            assert (link["email"], link["language"], link["browser"]) == (
                "lin@nchu.edu.tw",
                "en",
                "Firefox · Windows",
            )
            for _ in range(3):  # as programs do that look at mails
                page = await lin.get(link["address"])
                assert page.status_code == 200
                assert await lin.me() is None
            page = await lin.post("/sign-in/nchu/link", {"secret": hidden(page, "secret")})
            fields = {"attempt": hidden(page, "attempt"), "name": "Lin", "language": "en"}
            assert (await lin.post("/welcome", fields)).url.path == "/schools"
            me = await lin.me() or {}
            assert (me["email"], me["school"]) == ("lin@nchu.edu.tw", "nchu")
            await lin.post("/sign-out", {})
            await sign_in(lin, mailbox)
            assert (await lin.me() or {})["id"] == me["id"]

    play(story)


def test_a_link_works_once(play: Any) -> None:
    async def story(site: Site, mailbox: Mailbox) -> None:
        async with person(site) as lin:
            await ask(lin)
            (link,) = mailbox.links()
            await lin.post("/sign-in/nchu/link", query(link["address"]))
            assert await problem(lin.client.get(link["address"])) == (409, "link_used")
            assert (await lin.post("/sign-in/nchu/link", query(link["address"]))).status_code == 409

    play(story)


def test_a_stolen_link_is_of_no_use_in_another_browser_and_stays_good_in_the_own_one(play: Any) -> None:
    async def story(site: Site, mailbox: Mailbox) -> None:
        async with person(site) as lin, person(site) as thief:
            await ask(lin)
            (link,) = mailbox.links()
            assert await problem(thief.client.get(link["address"])) == (403, "sign_in_other_browser")
            assert (await thief.post("/sign-in/nchu/link", query(link["address"]))).status_code == 403
            await ask(thief, "mallory@nchu.edu.tw")
            assert (await thief.post("/sign-in/nchu/link", query(link["address"]))).status_code == 403
            assert await thief.me() is None
            page = await lin.post("/sign-in/nchu/link", query(link["address"]))
            assert page.url.path == "/welcome"

    play(story)


def test_an_expired_or_an_invented_link(play: Any, database: Database[dict[str, Any]]) -> None:
    async def story(site: Site, mailbox: Mailbox) -> None:
        async with person(site) as lin:
            await ask(lin)
            (link,) = mailbox.links()
            elsewhere = link["address"].replace("/nchu/", "/ncue/")
            assert await problem(lin.client.get(elsewhere)) == (410, "link_expired")
            database["mail_links"].update_many({}, [{"$set": {"until": "$at"}}])
            assert await problem(lin.client.get(link["address"])) == (410, "link_expired")
            assert await problem(lin.client.get("/sign-in/nchu/link?secret=x")) == (410, "link_expired")
            assert await problem(lin.client.get("/sign-in/nchu/link")) == (410, "link_expired")

    play(story)


def test_known_and_unknown_addresses_are_answered_alike(play: Any) -> None:
    async def story(site: Site, mailbox: Mailbox) -> None:
        async with person(site) as lin, person(site) as one, person(site) as other:
            await sign_in(lin, mailbox)
            known, unknown = await ask(one), await ask(other, "nobody@nchu.edu.tw")
            assert (known.status_code, known.url, known.text) == (
                unknown.status_code,
                unknown.url,
                unknown.text,
            )
            assert len(mailbox.links()) == 2

    play(story)


@pytest.mark.parametrize(
    "email",
    [
        "",
        "lin",
        "lin@nchu.edu.tw.evil.example",
        "lin@evil.example",
        "lin@sub.nchu.edu.tw",
        "lin@nchu.edu.tw\r\nbcc: all@nchu.edu.tw",
        "lin@nchu.edu.tw,mallory@nchu.edu.tw",
        "x" * 300 + "@nchu.edu.tw",
    ],
)
def test_an_address_that_is_not_the_schools_is_told_beside_the_field(play: Any, email: str) -> None:
    async def story(site: Site, mailbox: Mailbox) -> None:
        async with person(site) as lin:
            answer = await ask(lin, email)
            assert (answer.status_code, answer.text.count('id="email-error"')) == (422, 1)
            assert mailbox.links() == []

    play(story)


def test_nobody_is_flooded_with_links(play: Any) -> None:
    async def story(site: Site, mailbox: Mailbox) -> None:
        async with person(site) as lin, person(site) as other:
            for _ in range(PER_ADDRESS.most):
                assert (await ask(lin)).status_code == 200
            refused = await ask(other)
            assert (refused.status_code, refused.headers["retry-after"]) == (429, "3600")
            assert (await ask(other, "chen@nchu.edu.tw")).status_code == 200
            assert len(mailbox.links()) == PER_ADDRESS.most + 1

    play(story)


def test_nobody_is_flooded_by_many_who_ask_at_the_same_moment(play: Any) -> None:
    async def story(site: Site, mailbox: Mailbox) -> None:
        async with AsyncExitStack() as open_ones:
            crowd = [await open_ones.enter_async_context(person(site)) for _ in range(PER_ADDRESS.most * 4)]
            answers = await asyncio.gather(*(ask(one) for one in crowd))
            assert {answer.status_code for answer in answers} <= {200, 429}
            assert len(mailbox.links()) <= PER_ADDRESS.most

    play(story)


def test_two_accounts_become_one_by_consent_of_both(play: Any, database: Database[dict[str, Any]]) -> None:
    async def story(site: Site, mailbox: Mailbox) -> None:
        async with person(site) as lin, person(site) as other:
            await sign_in(lin, mailbox)
            await sign_in(other, mailbox, "lin2@nchu.edu.tw")
            mine = (await lin.me() or {})["id"]
            await lin.post("/sign-in/nchu", {"email": "lin2@nchu.edu.tw", "link": "1"})
            (link,) = mailbox.links()
            page = await lin.post("/sign-in/nchu/link", query(link["address"]))
            assert page.url.path == "/me/sign-in/link"
            assert (await other.me() or {})["id"] != mine
            attempt = {"attempt": hidden(page, "attempt")}
            # Neither in the other browser nor without the session in which it was asked for.
            assert (await other.post("/me/sign-in/link", attempt)).status_code == 403
            assert (await lin.post("/me/sign-in/link", attempt)).url.path == "/me/sign-in"
            assert await other.me() is None
            await sign_in(other, mailbox, "lin2@nchu.edu.tw")
            assert (await other.me() or {})["id"] == mine
            ways = (await lin.client.get("/api/v1/me/ways-to-sign-in")).json()["items"]
            assert len(ways) == 2

    play(story)


def test_an_account_with_a_seat_is_not_swallowed(play: Any, database: Database[dict[str, Any]]) -> None:
    async def story(site: Site, mailbox: Mailbox) -> None:
        async with person(site) as lin, person(site) as other:
            await sign_in(lin, mailbox)
            await sign_in(other, mailbox, "lin2@nchu.edu.tw")
            _seat(database, (await other.me() or {})["id"])
            await lin.post("/sign-in/nchu", {"email": "lin2@nchu.edu.tw", "link": "1"})
            (link,) = mailbox.links()
            page = await lin.post("/sign-in/nchu/link", query(link["address"]))
            assert page.status_code == 409
            assert "in use" in page.text

    play(story)


def _seat(database: Database[dict[str, Any]], person: str) -> None:
    from datetime import UTC, datetime

    soon = datetime(2100, 1, 1, tzinfo=UTC)
    details = {
        "kind": "workshop",
        "host": "nchu",
        "title": {"zh": "工", "en": ""},
        "venue": None,
        "theme": None,
    }
    database["activities"].insert_one(
        {
            "_id": "talk",
            **details,
            "summary": {"zh": "說", "en": ""},
            "starts_at": soon,
            "ends_at": soon,
            "waiting_limit": 0,
            "status": "published",
            "listed": True,
            "reason": None,
            "seats": {"onsite": {"limit": 1, "taken": 1, "waiting": 0}},
            "sort": "2100~talk",
            "v": {},
        }
    )
    database["registrations"].insert_one(
        {
            "_id": "9f0c1b6f-3c1e-4d0f-9f1a-7a54d6b2c9e8",
            "activity": "talk",
            "person": person,
            "school": "nchu",
            "pool": "onsite",
            "status": "confirmed",
            "registered_at": soon,
            "changed_at": soon,
            "v": {},
        }
    )
