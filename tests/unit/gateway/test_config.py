"""Settings: what is missing or wrong is named, and the development sign-in cannot be left on by accident."""

from __future__ import annotations

import pytest
from environs import EnvValidationError

from gateway.config import DEVELOPMENT, Settings, is_loopback

GOOD = {
    "AMQP_URI": "amqp://gateway:pw@broker/gongxue",
    "MONGO_URI": "mongodb://gateway:pw@store/gateway",
    "GATEWAY_PORT": "8000",
    "GATEWAY_PUBLIC_URL": "https://gongxue.example.org",
    "GATEWAY_SECRET": "s" * 32,
}


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*GOOD, "GATEWAY_DEVELOPMENT_SIGN_IN", "GATEWAY_COMMAND_WAIT", "GATEWAY_INSTANCE"):
        monkeypatch.delenv(name, raising=False)


def read(monkeypatch: pytest.MonkeyPatch, **changed: str | None) -> Settings:
    for name, value in {**GOOD, **changed}.items():
        if value is not None:
            monkeypatch.setenv(name, value)
    return Settings.from_env()


def test_good_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch)
    assert (settings.authority, settings.secure, settings.host) == ("gongxue.example.org", True, "127.0.0.1")
    assert not settings.development_sign_in
    assert settings.command_wait == 5.0
    assert settings.instance != read(monkeypatch).instance


@pytest.mark.parametrize("missing", sorted(GOOD))
def test_a_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    with pytest.raises(EnvValidationError) as refused:
        read(monkeypatch, **{missing: None})
    assert list(refused.value.error_messages) == [missing]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GATEWAY_SECRET", "s" * 31),
        ("GATEWAY_PORT", "0"),
        ("GATEWAY_PORT", "http"),
        ("GATEWAY_PUBLIC_URL", "gongxue.example.org"),
        ("GATEWAY_PUBLIC_URL", "https://gongxue.example.org/path"),
        ("GATEWAY_COMMAND_WAIT", "0"),
        ("GATEWAY_ADMISSIONS_PER_SECOND", "0"),
        ("GATEWAY_SECURITY_CONTACT", "security@gongxue.example.org"),
        ("GATEWAY_DEVELOPMENT_SIGN_IN", "yes"),
        ("GATEWAY_DEVELOPMENT_SIGN_IN", DEVELOPMENT),
        ("GATEWAY_CORS_ORIGINS", "https://usr.example.edu,usr.example.edu"),
        ("GATEWAY_CORS_ORIGINS", "*"),
        ("GATEWAY_TRUSTED_PROXIES", "10.0.0.0/8,proxy"),
        ("GATEWAY_RATE_LIMIT_PERSON", "often"),
        ("GATEWAY_STREAMS", "0"),
        ("AMQP_URI", "http://broker"),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    with pytest.raises(EnvValidationError) as refused:
        read(monkeypatch, **{name: value})
    assert list(refused.value.error_messages) == [name]


@pytest.mark.parametrize(
    "url", ["http://localhost:8000", "http://127.0.0.1:8000", "http://[::1]:8000", "http://127.1.2.3"]
)
def test_development_sign_in_on_this_machine(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    settings = read(monkeypatch, GATEWAY_PUBLIC_URL=url, GATEWAY_DEVELOPMENT_SIGN_IN=DEVELOPMENT)
    assert settings.development_sign_in


@pytest.mark.parametrize(
    "url",
    [
        "https://localhost:8000",
        "http://localhost.example.org",
        "http://10.0.0.1:8000",
        "http://0.0.0.0:8000",
        "http://127.0.0.1.example.org",
        "http://gongxue.example.org",
    ],
)
def test_not_on_this_machine(url: str) -> None:
    assert not is_loopback(url)


def test_settings_of_the_api(monkeypatch: pytest.MonkeyPatch) -> None:
    api = read(
        monkeypatch,
        GATEWAY_CORS_ORIGINS="https://usr.example.edu, http://localhost:3000",
        GATEWAY_TRUSTED_PROXIES="10.0.0.0/8,2001:db8::1",
        GATEWAY_RATE_LIMIT_PERSON="10 per second",
    ).api
    assert api.origins == ("https://usr.example.edu", "http://localhost:3000")
    assert [str(proxy) for proxy in api.proxies] == ["10.0.0.0/8", "2001:db8::1/128"]
    assert (api.per_person.amount, api.per_person.get_expiry()) == (10, 1)
    assert api.per_address.amount == 6_000
