"""What a provider, or somebody between, must not get away with: every part of what is signed is looked at."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from identity.malicious import (
    Claims,
    Malicious,
    Sign,
    by_another_key,
    by_own_key_in_header,
    by_public_key,
    by_unknown_key,
    changed_afterwards,
    malicious,
    unsigned,
)
from identity.site import PAGE, Person, Site, hidden, person, problem, query, site
from pymongo.database import Database
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse

Story = Callable[[Site, Malicious, Person], Awaitable[None]]


@pytest.fixture
def play(
    amqp_uri: str, mongo_uri: str, database: Database[dict[str, Any]], site_port: int
) -> Callable[[Story], None]:
    """Run a story at a site where a school has the malicious provider."""

    def run(story: Story) -> None:
        async def played() -> None:
            async with malicious() as provider, site(amqp_uri, mongo_uri, site_port) as found:
                await found.school(provider.issuer)
                async with person(found) as lin:
                    await story(found, provider, lin)

        asyncio.run(played())

    return run


async def back(lin: Person, provider: Malicious) -> str:
    """Where the provider sends one back to after one has set out."""
    answer = await lin.client.get("/sign-in/nchu", headers=PAGE)
    asked = query(answer.headers["location"])
    provider.nonce = asked["nonce"]
    return f"/sign-in/nchu/back?code=c&state={asked['state']}&iss={provider.issuer}"


async def sign_in(lin: Person, provider: Malicious) -> None:
    page = await lin.get(await back(lin, provider))
    if page.url.path == "/welcome":
        await lin.post("/welcome", {"attempt": hidden(page, "attempt"), "name": "Lin", "language": "en"})
    assert await lin.me() is not None


def test_the_honest_token_of_the_same_provider_is_believed(play: Any) -> None:
    async def story(site: Site, provider: Malicious, lin: Person) -> None:
        await sign_in(lin, provider)

    play(story)


def without(name: str) -> Callable[[Claims], Claims]:
    return lambda claims: {key: value for key, value in claims.items() if key != name}


def with_(**more: Any) -> Callable[[Claims], Claims]:
    return lambda claims: {**claims, **more}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (with_(nonce="another"), "wrong_nonce"),
        (without("nonce"), "wrong_nonce"),
        (with_(aud="another-client"), "wrong_audience"),
        (with_(aud=["gongxue-nchu", "another-client"]), "wrong_audience"),
        (with_(aud=["gongxue-nchu", "another-client"], azp="gongxue-nchu"), "wrong_audience"),
        (with_(azp="another-client"), "wrong_audience"),
        (without("aud"), "wrong_audience"),
        (with_(iss="https://accounts.example"), "wrong_issuer"),
        (lambda claims: {**claims, "iss": claims["iss"] + "/"}, "wrong_issuer"),
        (without("iss"), "wrong_issuer"),
        (with_(exp=int(time.time()) - 120), "expired_token"),
        (without("exp"), "expired_token"),
        (with_(iat=int(time.time()) - 3600), "expired_token"),
        (with_(iat=int(time.time()) + 3600), "expired_token"),
        (with_(nbf=int(time.time()) + 3600), "expired_token"),
        (without("sub"), "malformed_token"),
        (with_(sub=""), "wrong_subject"),
        (with_(sub="x" * 256), "wrong_subject"),
        (with_(sub=7), "malformed_token"),
        (with_(at_hash="AAAA"), "malformed_token"),
        (with_(email="lin@evil.example"), ""),
    ],
)
def test_a_claim_that_is_not_as_it_must_be(play: Any, change: Any, code: str) -> None:
    """The last one is refused by nobody: without a list of domains every address is the school's."""

    async def story(site: Site, provider: Malicious, lin: Person) -> None:
        provider.change = change
        address = await back(lin, provider)
        if code:
            assert await problem(lin.client.get(address)) == (403, code)
            assert await lin.me() is None
        else:
            assert (await lin.get(address)).url.path == "/welcome"

    play(story)


@pytest.mark.parametrize(
    ("sign", "code"),
    [
        (unsigned, "wrong_algorithm"),
        (by_public_key, "wrong_algorithm"),
        (by_another_key, "wrong_signature"),
        (by_own_key_in_header, "malformed_token"),
        (by_unknown_key, "wrong_signature"),
        (changed_afterwards, "wrong_signature"),
        (lambda provider, claims: "x.y.z", "malformed_token"),
        (lambda provider, claims: provider.signed(claims) + ".x.y", "malformed_token"),
        (lambda provider, claims: "", "malformed_token"),
    ],
)
def test_a_signature_that_is_not_as_it_must_be(play: Any, sign: Sign, code: str) -> None:
    async def story(site: Site, provider: Malicious, lin: Person) -> None:
        provider.sign = sign
        assert await problem(lin.client.get(await back(lin, provider))) == (403, code)
        assert await lin.me() is None

    play(story)


def test_a_new_key_of_the_provider_is_fetched(play: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.identity.providers.KEYS_AGAIN_SECONDS", 0.0)

    async def story(site: Site, provider: Malicious, lin: Person) -> None:
        await sign_in(lin, provider)
        provider.key = type(provider.key).generate_key(2048, {"kid": "k3", "use": "sig"})
        provider.sign = lambda own, claims: own.signed(claims, kid="k3")
        await sign_in(lin, provider)

    play(story)


def test_the_user_info_of_somebody_else(play: Any) -> None:
    async def story(site: Site, provider: Malicious, lin: Person) -> None:
        provider.change = without("email")
        provider.user_info = {"sub": "emp-2", "email": "boss@nchu.edu.tw"}
        assert await problem(lin.client.get(await back(lin, provider))) == (403, "wrong_subject")

    play(story)


@pytest.mark.parametrize(
    ("token", "answer"),
    [
        (lambda: JSONResponse({"error": "invalid_grant"}, 400), (403, "provider_refused")),
        (lambda: PlainTextResponse("oops", 500), (424, "provider_away")),
        (lambda: PlainTextResponse("<html>"), (424, "provider_away")),
        (lambda: JSONResponse(["no", "object"]), (424, "provider_away")),
        (lambda: PlainTextResponse("x" * 1_000_000), (424, "provider_away")),
        (lambda: RedirectResponse("/elsewhere"), (424, "provider_away")),
        (lambda: JSONResponse({"access_token": "a", "token_type": "Bearer"}), (403, "malformed_token")),
    ],
)
def test_a_token_endpoint_that_answers_nonsense(play: Any, token: Any, answer: tuple[int, str]) -> None:
    async def story(site: Site, provider: Malicious, lin: Person) -> None:
        provider.token = token
        assert await problem(lin.client.get(await back(lin, provider))) == answer
        assert "/elsewhere" not in provider.asked

    play(story)


def test_an_address_that_is_not_of_the_schools_domains(play: Any) -> None:
    async def story(site: Site, provider: Malicious, lin: Person) -> None:
        await site.school(provider.issuer, mail_domains=("nchu.edu.tw",))
        provider.change = with_(email="lin@nchu.edu.tw.evil.example")
        assert await problem(lin.client.get(await back(lin, provider))) == (403, "mail_not_of_school")

    play(story)


async def logout(site: Site, token: str) -> httpx.Response:
    """As a provider sends it: no cookie, no origin."""
    async with httpx.AsyncClient(base_url=site.url) as client:
        return await client.post("/sign-in/nchu/back-channel-logout", data={"logout_token": token})


def test_an_honest_logout_token_ends_the_sessions(play: Any) -> None:
    async def story(site: Site, provider: Malicious, lin: Person) -> None:
        await sign_in(lin, provider)
        answer = await logout(site, provider.signed(provider.logout_claims(), typ="logout+jwt"))
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        assert await lin.me() is None

    play(story)


@pytest.mark.parametrize(
    "forge",
    [
        lambda p: p.signed(p.claims()),
        lambda p: p.signed({**p.logout_claims(), "nonce": "n"}),
        lambda p: p.signed({**p.logout_claims(), "aud": "another-client"}),
        lambda p: p.signed({**p.logout_claims(), "iss": "https://accounts.example"}),
        lambda p: p.signed({**p.logout_claims(), "iat": 1, "exp": 2}),
        lambda p: p.signed({**p.logout_claims(), "exp": int(time.time()) - 120}),
        lambda p: p.signed({**p.logout_claims(), "events": {}}),
        lambda p: p.signed(without("sub")(p.logout_claims())),
        lambda p: p.signed(without("jti")(p.logout_claims())),
        lambda p: p.signed(p.logout_claims(), typ="at+jwt"),
        lambda p: unsigned(p, p.logout_claims()),
        lambda p: by_public_key(p, p.logout_claims()),
        lambda p: by_another_key(p, p.logout_claims()),
        lambda p: by_unknown_key(p, p.logout_claims()),
        lambda p: "",
    ],
)
def test_a_forged_logout_token_ends_nothing(play: Any, forge: Any) -> None:
    async def story(site: Site, provider: Malicious, lin: Person) -> None:
        await sign_in(lin, provider)
        answer = await logout(site, forge(provider))
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_logout_token")
        assert await lin.me() is not None

    play(story)
