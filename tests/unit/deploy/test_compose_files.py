"""docker-compose.yml and its demo override: every container confined, no secret in sight, everything named as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.config import DEVELOPMENT
from installation import secret_files
from installation.replica_set import ReplicaSet

ROOT = Path(__file__).parents[3]


class Loader(yaml.SafeLoader):
    """Knows compose's own tags, which take a value away or replace it."""


Loader.add_constructor("!reset", lambda loader, node: None)
Loader.add_constructor("!override", lambda loader, node: loader.construct_mapping(node, deep=True))


def read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load((ROOT / name).read_text(), Loader)
    return found


COMPOSE = read("docker-compose.yml")
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name for name, service in SERVICES.items() if "build" in service}
LASTING = {name for name, service in SERVICES.items() if service["restart"] != "no"}


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_can_write_to_its_own_volume_alone_and_gain_nothing(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"]
    assert service["logging"]["options"]["max-size"]
    assert name in OURS or service["user"].split(":")[0] != "0"
    assert not {"privileged", "cap_add", "pid", "network_mode", "devices"} & set(service)
    mounted = [volume.split(":") for volume in service.get("volumes", [])]
    assert all(source in COMPOSE["volumes"] or mode == ["ro"] for source, _, *mode in mounted)


@pytest.mark.parametrize("name", sorted(LASTING))
def test_what_lasts_is_watched_restarted_and_given_time_to_end(name: str) -> None:
    service = SERVICES[name]
    assert service["restart"] == "unless-stopped"
    assert service["healthcheck"]["test"][0] == "CMD"
    assert int(service["stop_grace_period"].removesuffix("s")) >= 10


def test_nobody_outside_reaches_anything_but_the_gateway_and_that_from_this_host_alone() -> None:
    assert {name: service["ports"] for name, service in SERVICES.items() if "ports" in service} == {
        "gateway": ["127.0.0.1:${GONGXUE_PORT:-8080}:8080"]
    }
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    apart = {name for name, service in SERVICES.items() if service["networks"] == ["inside"]}
    assert apart >= {"rabbitmq", "mongo", "setup", "registration", "directory", "gateway-worker"}


def test_the_secret_files_are_those_that_make_secrets_writes(tmp_path: Path) -> None:
    secret_files.write(tmp_path)
    declared = {name: secret["file"] for name, secret in COMPOSE["secrets"].items()}
    assert declared == {file.name: f"./secrets/{file.name}" for file in tmp_path.iterdir()}
    mounted = {
        secret if isinstance(secret, str) else secret["source"]
        for service in SERVICES.values()
        for secret in service.get("secrets", [])
    }
    assert mounted == set(declared)


def test_a_setting_that_holds_a_secret_comes_from_a_file_that_is_mounted() -> None:
    for name, service in SERVICES.items():
        for setting, value in service.get("environment", {}).items():
            if any(
                word in setting for word in ("PASSWORD", "SECRET", "AMQP_URI", "MONGO_URI", "OPERATOR_URI")
            ):
                assert setting.endswith("_FILE"), f"{name}: {setting}"
                assert value.removeprefix("/run/secrets/") in service["secrets"], f"{name}: {setting}"


def test_one_replica_set_and_one_store_under_the_same_names_everywhere() -> None:
    wanted = ReplicaSet(secret_files.REPLICA_SET, secret_files.STORE)
    assert ReplicaSet.parse(SERVICES["setup"]["environment"]["STORE_REPLICA_SET"]) == wanted
    assert f"--replSet {wanted.name} " in SERVICES["mongo"]["command"][-1]
    assert SERVICES["mongo"]["hostname"] == wanted.member.split(":")[0]


def test_only_the_demo_lets_anyone_be_anyone_and_only_on_this_machine() -> None:
    assert DEVELOPMENT not in (ROOT / "docker-compose.yml").read_text()
    gateway = read("docker-compose.demo.yml")["services"]["gateway"]
    assert gateway["environment"]["GATEWAY_DEVELOPMENT_SIGN_IN"] == DEVELOPMENT
    assert gateway["environment"]["GATEWAY_PUBLIC_URL"].startswith("http://127.0.0.1:")
    published = [
        port for one in read("docker-compose.demo.yml")["services"].values() for port in one.get("ports", [])
    ]
    assert all(port.startswith("127.0.0.1:") for port in published)
