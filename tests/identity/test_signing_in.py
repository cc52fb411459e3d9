"""Signing in at a real provider: coming in, being told apart, and everything that must not work."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any
from urllib.parse import quote

import pytest
from identity.ports import held_port
from identity.real_provider import RealProvider
from identity.site import CLIENT, OTHER_CLIENT, PAGE, Person, Site, hidden, person, problem, query, site
from pymongo.database import Database

Story = Callable[[Site], Awaitable[None]]
PATIENCE_SECONDS = 30.0


@pytest.fixture
def play(
    amqp_uri: str, mongo_uri: str, database: Database[dict[str, Any]], site_port: int, provider: RealProvider
) -> Callable[..., None]:
    """Run a story at a site where two schools have the provider."""

    def run(story: Story, **settings: Any) -> None:
        async def played() -> None:
            async with site(amqp_uri, mongo_uri, site_port, **settings) as found:
                await found.school(provider.issuer)
                await found.school(provider.issuer, OTHER_CLIENT)
                await story(found)

        asyncio.run(played())

    return run


def test_the_first_sign_in_makes_a_person_of_the_school(
    play: Any, database: Database[dict[str, Any]]
) -> None:
    async def story(site: Site) -> None:
        async with person(site) as lin:
            page = await lin.get(await lin.at_provider("lin", site, query="?return=/schools"))
            assert page.url.path == "/welcome"
            assert "lin@nchu.edu.tw" in page.text
            assert 'value="lin 老師"' in page.text
            wrong = await lin.post("/welcome", {"attempt": hidden(page, "attempt"), "name": " "})
            assert (wrong.status_code, wrong.text.count('class="error"')) == (422, 2)
            longest = "林" * 100  # what may be told to every service
            fields = {"attempt": hidden(page, "attempt"), "name": longest, "language": "zh-Hant"}
            assert (await lin.post("/welcome", fields)).url.path == "/schools"
            me = await lin.me()
            assert me is not None
            assert {**me, "id": ""} == {
                "id": "",
                "name": longest,
                "email": "lin@nchu.edu.tw",
                "language": "zh-Hant",
                "school": "nchu",
                "roles": ["staff"],
            }
            assert len(me["id"]) == 21
        async with person(site) as again:
            assert (await again.sign_in("lin", site)).url.path == "/"
            assert (await again.me() or {})["id"] == me["id"]

    play(story)
    assert database["identities"].count_documents({}) == 1
    assert database["people"].count_documents({}) == 1


def test_a_person_is_issuer_and_subject_and_never_the_mail(play: Any) -> None:
    async def story(site: Site) -> None:
        async with person(site) as one, person(site) as other:
            await one.sign_in("lin", site)
            await other.sign_in("lin.2", site)
            first, second = await one.me(), await other.me()
            assert first is not None
            assert second is not None
            assert first["email"] == second["email"]
            assert first["id"] != second["id"]

    play(story)


def test_what_is_sent_to_the_provider(play: Any) -> None:
    async def story(site: Site) -> None:
        async with person(site) as lin:
            answer = await lin.client.get("/sign-in/nchu", headers=PAGE)
            asked = query(answer.headers["location"])
            assert answer.status_code == 303
            assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
            assert asked["redirect_uri"] == f"{site.url}/sign-in/nchu/back"
            assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
            cookie = answer.headers["set-cookie"].lower()
            assert "httponly" in cookie
            assert "samesite=lax" in cookie

    play(story)


def test_a_code_works_once(play: Any) -> None:
    async def story(site: Site) -> None:
        async with person(site) as lin:
            back = await lin.at_provider("lin", site)
            assert (await lin.get(back)).url.path == "/welcome"
            assert await problem(lin.client.get(back)) == (409, "sign_in_used")

    play(story)


def test_an_address_that_was_stolen_is_of_no_use_in_another_browser(play: Any) -> None:
    async def story(site: Site) -> None:
        async with person(site) as lin, person(site) as thief:
            back = await lin.at_provider("lin", site)
            assert await problem(thief.client.get(back)) == (403, "sign_in_other_browser")
            await thief.client.get("/sign-in/nchu")
            assert await problem(thief.client.get(back)) == (403, "sign_in_other_browser")
            assert await thief.me() is None
            assert (await lin.get(back)).url.path == "/welcome"

    play(story)


def test_nobody_can_be_signed_in_as_somebody_else_by_a_page_that_they_open(play: Any) -> None:
    """The answer of the attacker's own sign-in, opened by the victim's browser."""

    async def story(site: Site) -> None:
        async with person(site) as attacker, person(site) as victim:
            await victim.sign_in("lin", site)
            back = await attacker.at_provider("mallory", site)
            assert await problem(victim.client.get(back)) == (403, "sign_in_other_browser")
            assert (await victim.me() or {})["email"] == "lin@nchu.edu.tw"

    play(story)


def test_a_state_that_was_never_given_or_is_too_old(play: Any, database: Database[dict[str, Any]]) -> None:
    async def story(site: Site) -> None:
        async with person(site) as lin:
            back = await lin.at_provider("lin", site)
            assert await problem(lin.client.get("/sign-in/nchu/back?code=x&state=y")) == (
                410,
                "sign_in_expired",
            )
            assert await problem(lin.client.get(f"{back}&state=y")) == (410, "sign_in_expired")
            database["sign_in_attempts"].update_many({}, [{"$set": {"expires": "$at"}}])
            assert await problem(lin.client.get(back)) == (410, "sign_in_expired")

    play(story)


def test_an_answer_of_another_school_or_another_issuer(play: Any) -> None:
    async def story(site: Site) -> None:
        async with person(site) as lin:
            back = await lin.at_provider("lin", site)
            elsewhere = back.replace("/nchu/", "/ncue/")
            assert await problem(lin.client.get(elsewhere)) == (410, "sign_in_expired")
            told = query(back)
            forged = f"/sign-in/nchu/back?code={told['code']}&state={told['state']}&iss=https://evil.example"
            assert await problem(lin.client.get(forged)) == (403, "wrong_issuer")
            nobody = await lin.at_provider("lin", site)
            told = query(nobody)
            unsigned = f"/sign-in/nchu/back?code={told['code']}&state={told['state']}"
            assert await problem(lin.client.get(unsigned)) == (403, "wrong_issuer")

    play(story)


def test_a_code_of_somebody_elses_attempt_fails_at_the_provider(play: Any) -> None:
    async def story(site: Site) -> None:
        async with person(site) as lin, person(site) as mallory:
            stolen = query(await lin.at_provider("lin", site))
            own = query(await mallory.at_provider("mallory", site))
            mixed = f"/sign-in/nchu/back?code={stolen['code']}&state={own['state']}&iss={own['iss']}"
            assert await problem(mallory.client.get(mixed)) == (403, "provider_refused")
            assert await mallory.me() is None

    play(story)


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\thttps://evil.example", "javascript:x"],
)
def test_nobody_is_sent_to_another_site(play: Any, target: str) -> None:
    async def story(site: Site) -> None:
        async with person(site) as lin:
            await lin.sign_in("lin", site)
            await lin.post("/sign-out", {})
            address = await lin.at_provider("lin", site, query=f"?return={quote(target)}")
            page = await lin.client.get(address, headers=PAGE)
            assert (page.status_code, page.headers["location"]) == (303, "/")

    play(story)


def test_who_gives_up_at_the_provider(play: Any) -> None:
    async def story(site: Site) -> None:
        async with person(site) as lin:
            asked = query((await lin.client.get("/sign-in/nchu", headers=PAGE)).headers["location"])
            issuer = (await site.door.providers.of("nchu")).issuer  # type: ignore[union-attr]
            given_up = f"/sign-in/nchu/back?error=access_denied&state={asked['state']}&iss={issuer}"
            page = await lin.get(given_up)
            assert page.status_code == 403
            assert 'href="/sign-in"' in page.text

    play(story)


def test_a_session_that_was_planted_before_signing_in_is_worth_nothing_after(play: Any) -> None:
    async def story(site: Site) -> None:
        async with person(site) as attacker, person(site) as victim:
            await attacker.sign_in("mallory", site)
            planted = attacker.client.cookies["session"]
            victim.client.cookies.set("session", planted, domain="localhost.local")
            await victim.sign_in("lin", site)
            assert victim.client.cookies["session"] != planted
            assert (await victim.me() or {})["email"] == "lin@nchu.edu.tw"
            assert (await attacker.me() or {"email": ""})["email"] != "lin@nchu.edu.tw"

    play(story)


def test_every_sign_in_begins_a_session_of_its_own_and_ends_the_one_before(play: Any) -> None:
    async def story(site: Site) -> None:
        async with person(site) as lin, person(site) as copy:
            await lin.sign_in("lin", site)
            before = lin.client.cookies["session"]
            await lin.get(await lin.at_provider("lin", site))
            assert lin.client.cookies["session"] != before
            copy.client.cookies.set("session", before, domain="localhost.local")
            assert await copy.me() is None
            assert await lin.me() is not None

    play(story)


def test_signing_out_ends_the_session_also_for_who_has_copied_the_cookie(play: Any) -> None:
    async def story(site: Site) -> None:
        async with person(site) as lin, person(site) as copy:
            await lin.sign_in("lin", site)
            copy.client.cookies.set("session", lin.client.cookies["session"], domain="localhost.local")
            page = await lin.post("/sign-out", {})
            assert page.url.path == "/signed-out"
            assert 'href="/sign-out/nchu"' in page.text
            assert await copy.me() is None
            there = await lin.get("/sign-out/nchu")
            assert "/session/end" in str(there.url)
            assert there.status_code == 200

    play(story)


@pytest.fixture
def other_process(amqp_uri: str, mongo_uri: str) -> Callable[[], AbstractAsyncContextManager[Site]]:
    """Another web side of the same installation."""

    @asynccontextmanager
    async def running() -> AsyncIterator[Site]:
        with held_port() as port:
            async with site(amqp_uri, mongo_uri, port) as found:
                yield found

    return running


def test_a_revoked_session_ends_in_every_process(play: Any, other_process: Any) -> None:
    async def story(first: Site) -> None:
        async with other_process() as second, person(first) as lin, person(second) as there:
            await lin.sign_in("lin", first)
            there.client.cookies.set("session", lin.client.cookies["session"], domain="localhost.local")
            me = await there.me()
            assert me is not None
            (session,) = await first.door.sessions.sessions_of(me["id"])
            assert (session.agent, session.way.provider) == ("Firefox · Windows", "nchu")
            assert await first.door.sessions.revoke(me["id"], session.id)
            assert await lin.me() is None
            await _gone(there)

    play(story)


def test_a_revoked_session_ends_in_another_process_with_its_next_look_at_the_notices(
    play: Any, other_process: Any
) -> None:
    """Which it takes once a second: that makes two seconds at most."""

    async def story(first: Site) -> None:
        async with other_process() as second, person(first) as lin, person(second) as there:
            await lin.sign_in("lin", first)
            there.client.cookies.set("session", lin.client.cookies["session"], domain="localhost.local")
            me = await there.me() or {}
            await first.door.sessions.revoke_all(me["id"])
            await second.door.notices.read()
            assert await there.me() is None

    play(story)


def test_the_provider_signs_somebody_out_of_here_as_well(play: Any, provider: RealProvider) -> None:
    async def story(site: Site) -> None:
        async with person(site) as lin, person(site) as other:
            await lin.sign_in("lin", site)
            await other.sign_in("chen", site)
            page = await lin.client.get(f"{provider.issuer}/session/end", headers=PAGE)
            fields = {"xsrf": hidden(page, "xsrf"), "logout": "yes"}
            done = await lin.client.post(f"{provider.issuer}/session/end/confirm", data=fields, headers=PAGE)
            assert done.status_code < 400
            await _gone(lin)
            assert await other.me() is not None

    play(story)


def test_unknown_and_resting_schools_have_their_own_answers(play: Any) -> None:
    async def story(site: Site) -> None:
        async with person(site) as lin:
            assert await problem(lin.client.get("/sign-in/nowhere")) == (404, "unknown_school")
            assert await problem(lin.client.get("/sign-in/rest")) == (403, "school_not_open")
            assert await problem(lin.client.get("/sign-in/center")) == (409, "no_way_in")
            assert CLIENT[0] in (await lin.get("/sign-in")).text

    play(story)


def test_the_provider_does_not_answer(play: Any, provider: RealProvider) -> None:
    """The last one here: from now on there is none."""

    async def story(site: Site) -> None:
        async with person(site) as lin:
            back = await lin.at_provider("lin", site)
            provider.process.kill()
            provider.process.wait()
            page = await lin.client.get(back, headers=PAGE)
            assert page.status_code == 424
            assert "does not answer" in page.text

    play(story)


async def _gone(somebody: Person) -> None:
    """Return when they are nobody, however slow the machine is just now."""
    begun = time.monotonic()
    while await somebody.me() is not None:
        assert time.monotonic() - begun < PATIENCE_SECONDS
        await asyncio.sleep(0.05)
