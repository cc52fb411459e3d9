"""Settings: with what the service starts, and what keeps it from starting."""

from __future__ import annotations

import pytest
from environs import EnvValidationError

from registration.config import plumbing

GOOD = {
    "AMQP_URI": "amqp://registration:pw@broker/gongxue",
    "MONGO_URI": "mongodb://registration:pw@store/registration",
}


@pytest.fixture(autouse=True)
def _good_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COMMAND_PARTITIONS", raising=False)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)


def test_given_the_two_addresses_when_read_then_all_four_partitions_are_served() -> None:
    settings = plumbing()
    assert (settings.amqp_uri, settings.mongo_uri) == tuple(GOOD.values())
    assert settings.command_partitions == 4


def test_given_no_address_when_read_then_every_missing_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in GOOD:
        monkeypatch.delenv(name)
    with pytest.raises(EnvValidationError) as refused:
        plumbing()
    assert sorted(refused.value.error_messages) == sorted(GOOD)
