"""Setting a provider up: it is asked at once, and what cannot work is refused with the reason."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from identity.malicious import Malicious, malicious
from identity.site import CLIENT, Site, person, problem, site
from joserfc.jwk import RSAKey
from pymongo.database import Database

from gateway.identity import discovery
from gateway.identity.providers import Wanted
from gateway.problems import Problem

Story = Callable[[Site, Malicious], Awaitable[None]]


@pytest.fixture
def play(
    amqp_uri: str, mongo_uri: str, database: Database[dict[str, Any]], site_port: int
) -> Callable[[Story], None]:
    """Run a story at a site, with a provider that can be unwell."""

    def run(story: Story) -> None:
        async def played() -> None:
            async with malicious() as provider, site(amqp_uri, mongo_uri, site_port) as found:
                await story(found, provider)

        asyncio.run(played())

    return run


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"issuer": "https://accounts.example"}, discovery.OTHER_ISSUER),
        ({"authorization_endpoint": None}, discovery.NO_ENDPOINT),
        ({"token_endpoint": "http://10.0.0.1/token"}, discovery.NO_ENDPOINT),
        ({"jwks_uri": "file:///etc/passwd"}, discovery.NO_ENDPOINT),
        ({"userinfo_endpoint": "http://169.254.169.254/"}, discovery.NO_ENDPOINT),
        ({"response_types_supported": ["id_token"]}, discovery.NO_CODE_FLOW),
        ({"code_challenge_methods_supported": ["plain"]}, discovery.NO_CODE_FLOW),
        ({"id_token_signing_alg_values_supported": ["HS256", "none"]}, discovery.NO_ALGORITHM),
        ({"token_endpoint_auth_methods_supported": ["private_key_jwt"]}, discovery.NO_CLIENT_METHOD),
    ],
)
def test_a_provider_that_cannot_do_what_we_need(play: Any, said: dict[str, Any], reason: str) -> None:
    async def story(site: Site, provider: Malicious) -> None:
        provider.said = said
        with pytest.raises(Problem) as refused:
            await site.school(provider.issuer)
        assert (refused.value.code, refused.value.errors) == ("provider_unusable", (("/issuer", reason),))
        assert await site.door.providers.of("nchu") is None

    play(story)


def test_a_provider_with_a_key_that_is_too_short(play: Any) -> None:
    async def story(site: Site, provider: Malicious) -> None:
        with pytest.warns(UserWarning, match="2048"):
            provider.key = RSAKey.generate_key(1024, {"kid": "k1"})
        with pytest.raises(Problem) as refused:
            await site.school(provider.issuer)
        assert refused.value.errors == (("/issuer", discovery.NO_KEYS),)

    play(story)


def test_redirects_are_not_followed(play: Any) -> None:
    async def story(site: Site, provider: Malicious) -> None:
        provider.said = {"jwks_uri": f"{provider.issuer}/elsewhere"}
        with pytest.raises(Problem):
            await site.school(provider.issuer)
        assert provider.asked == ["/.well-known/openid-configuration", "/elsewhere"]

    play(story)


def test_the_secret_is_sealed_in_the_store_and_never_shown(
    play: Any, database: Database[dict[str, Any]]
) -> None:
    async def story(site: Site, provider: Malicious) -> None:
        await site.school(provider.issuer)
        kept = database["providers"].find_one({"_id": "nchu"})
        assert kept is not None
        assert CLIENT[2] not in str(kept)
        found = await site.door.providers.of("nchu")
        assert found is not None
        assert found.client_secret == CLIENT[2]
        await site.door.providers.keep("nchu", Wanted(issuer=provider.issuer, client_id="other"), "w")
        again = await site.door.providers.of("nchu")
        assert again is not None
        assert (again.client_id, again.client_secret) == ("other", CLIENT[2])

    play(story)


def test_only_the_schools_window_and_the_operator_set_it(play: Any) -> None:
    async def story(site: Site, provider: Malicious) -> None:
        async with person(site) as nobody:
            assert await problem(nobody.client.get("/api/v1/schools/nchu/sign-in")) == (401, "not_signed_in")

    play(story)
