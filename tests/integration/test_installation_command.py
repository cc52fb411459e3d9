"""`python -m installation`, as an operator or a container starts it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from pymongo import MongoClient

from installation.__main__ import EX_CONFIG, EX_UNAVAILABLE
from installation.bus import USERS, exchanges
from installation.stores import DATABASES
from onemachine.stack import Stack

NEEDED = (
    *(f"BUS_{user.upper()}_PASSWORD" for user in USERS),
    *(f"STORE_{name.upper()}_PASSWORD" for name in DATABASES),
    "BUS_MANAGEMENT_URL",
    "BUS_OPERATOR_PASSWORD",
    "STORE_OPERATOR_URI",
)


def run(settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "installation"],
        env={"PATH": "/usr/bin:/bin"} | settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def settings(infrastructure: Stack) -> dict[str, str]:
    """Those of the tests' own broker and store, but for another virtual host."""
    folder = infrastructure.folder
    return {
        **{f"BUS_{user.upper()}_PASSWORD": folder.secret(f"bus-{user}") for user in USERS},
        **{f"STORE_{name.upper()}_PASSWORD": folder.secret(f"store-{name}") for name in DATABASES},
        "BUS_MANAGEMENT_URL": infrastructure.broker.management.url,
        "BUS_OPERATOR_PASSWORD": infrastructure.broker.password,
        "BUS_VHOST": "by-command",
        "STORE_OPERATOR_URI": infrastructure.store.mongo_uri,
        "INSTALLATION_WAIT_SECONDS": "5",
    }


def test_it_says_what_is_in_place_a_line_each_every_time(settings: dict[str, str]) -> None:
    for _ in range(2):
        done = run(settings)
        assert (done.returncode, done.stderr) == (0, "")
        bus, *stores = done.stdout.splitlines()
        assert re.fullmatch(rf"bus: {len(exchanges())} exchanges, .* in vhost by-command", bus)
        assert [line.split()[2] for line in stores] == list(DATABASES)


def test_secrets_may_come_in_files(settings: dict[str, str], tmp_path: Path) -> None:
    for name in [name for name in settings if name.endswith(("PASSWORD", "URI"))]:
        (tmp_path / name).write_text(settings.pop(name) + "\n")
        settings[f"{name}_FILE"] = str(tmp_path / name)
    assert run(settings).returncode == 0


def test_every_missing_setting_is_named() -> None:
    done = run({})
    assert done.returncode == EX_CONFIG
    named = {line.split(": ")[1] for line in done.stderr.splitlines()}
    assert named == set(NEEDED)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BUS_MANAGEMENT_URL", "rabbitmq:15672"),
        ("STORE_OPERATOR_URI", "http://store"),
        ("REGISTRATION_PARTITIONS", "0"),
        ("DIRECTORY_PARTITIONS", "many"),
        ("RETRY_5S_SECONDS", "-1"),
    ],
)
def test_a_wrong_setting_is_named(settings: dict[str, str], name: str, value: str) -> None:
    done = run(settings | {name: value})
    assert done.returncode == EX_CONFIG
    assert done.stderr.startswith(f"refusing to start: {name}: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("name", ["BUS_MANAGEMENT_URL", "STORE_OPERATOR_URI"])
def test_what_stays_away_is_said(settings: dict[str, str], name: str) -> None:
    away = settings[name].partition("://")[0] + "://127.0.0.1:9/"
    done = run(settings | {name: away, "INSTALLATION_WAIT_SECONDS": "0.5"})
    assert done.returncode == EX_UNAVAILABLE
    assert done.stderr.startswith("not installed: ")
    assert "127.0.0.1:9" in done.stderr


def test_a_password_that_does_not_fit_is_said_at_once(settings: dict[str, str]) -> None:
    done = run(settings | {"BUS_OPERATOR_PASSWORD": "wrong", "INSTALLATION_WAIT_SECONDS": "600"})
    assert done.returncode == EX_UNAVAILABLE
    assert "401" in done.stderr


def test_a_store_password_that_does_not_fit_is_said_at_once(
    settings: dict[str, str], infrastructure: Stack
) -> None:
    password = infrastructure.folder.secret("store-operator")
    uri = settings["STORE_OPERATOR_URI"].replace(password, "wrong")
    done = run(settings | {"STORE_OPERATOR_URI": uri, "INSTALLATION_WAIT_SECONDS": "600"})
    assert done.returncode == EX_UNAVAILABLE
    assert done.stderr.startswith("not installed: database gateway: ")
    with MongoClient[dict[str, object]](infrastructure.store.mongo_uri) as client:
        assert client.admin.command("ping")["ok"] == 1
