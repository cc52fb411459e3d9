"""The installation refuses wrong settings, each by its name."""

from __future__ import annotations

from typing import Any

import pytest
from environs import EnvValidationError

from installation.replica_set import ReplicaSet
from installation.settings import Settings


@pytest.mark.parametrize(
    "text", ["gongxue", "gongxue/", "/mongo:27017", "gongxue/mongo", "gongxue/mongo:x", "a/:1"]
)
def test_a_wrong_name_of_a_set_is_refused_by_the_name_of_the_setting(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORE_REPLICA_SET", text)
    with pytest.raises(EnvValidationError) as refused:
        Settings.from_env()
    errors: Any = refused.value.error_messages
    assert errors["STORE_REPLICA_SET"] == ["must be like name/host:port"]


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("BUS_MANAGEMENT_URL", "amqp://rabbitmq", "must begin with http:// or https://"),
        ("STORE_OPERATOR_URI", "http://mongo", "must begin with mongodb:// or mongodb+srv://"),
        ("REGISTRATION_PARTITIONS", "0", "must be above 0"),
    ],
)
def test_any_other_wrong_setting_is_named_too(
    name: str, value: str, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(EnvValidationError) as refused:
        Settings.from_env()
    errors: Any = refused.value.error_messages
    assert errors[name] == [problem]


def test_a_set_is_named_with_its_member() -> None:
    assert ReplicaSet.parse("gongxue/mongo:27017") == ReplicaSet("gongxue", "mongo:27017")
