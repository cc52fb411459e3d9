"""What is done to a machine that lacks something. Its package manager is a script that notes how it was called."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from onemachine import machine, rabbitmq

INSTALL = "install -y -q --no-install-recommends"


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without RabbitMQ, whose `apt-get install` brings it."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "sbin").mkdir()
    server, log, policy = tmp_path / "rabbitmq-server", tmp_path / "log", tmp_path / "sbin" / "policy-rc.d"
    program(tmp_path, "epmd", "exit 0")
    program(
        tmp_path,
        "apt-get",
        f'echo "$@" >> {log}; sh {policy}; echo "services may start: $?" >> {log}; touch {server}',
    )
    program(tmp_path, "systemctl", f'echo "systemctl $@" >> {log}')
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setattr(rabbitmq, "_PACKAGED", server)
    monkeypatch.setattr(machine, "_POLICY", policy)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return tmp_path


def program(host: Path, name: str, script: str) -> None:
    path = host / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def log(host: Path) -> list[str]:
    path = host / "log"
    return path.read_text().splitlines() if path.exists() else []


def test_root_gets_rabbitmq_and_its_own_node_starts_neither_now_nor_later(host: Path) -> None:
    machine.prepare()
    assert log(host) == [
        f"{INSTALL} rabbitmq-server",
        "services may start: 101",
        "systemctl disable rabbitmq-server",
    ]
    assert list((host / "sbin").iterdir()) == []


def test_a_policy_of_the_machine_comes_back_unharmed(host: Path) -> None:
    policy = host / "sbin" / "policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 42\n")
    machine.prepare()
    assert "services may start: 101" in log(host)
    assert policy.read_text() == "#!/bin/sh\nexit 42\n"


def test_a_policy_put_aside_by_a_killed_run_comes_back(host: Path) -> None:
    policy = host / "sbin" / "policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.with_name("policy-rc.d.gongxue-kept").write_text("#!/bin/sh\nexit 42\n")
    machine.prepare()
    assert policy.read_text() == "#!/bin/sh\nexit 42\n"
    assert [path.name for path in policy.parent.iterdir()] == ["policy-rc.d"]


def test_what_is_there_is_not_installed_again(host: Path) -> None:
    (host / "rabbitmq-server").touch()
    machine.prepare()
    assert log(host) == []


def test_package_lists_are_fetched_when_they_are_old(host: Path) -> None:
    program(
        host,
        "apt-get",
        f'echo "$@" >> {host / "log"}; [ "$1" = update ] || [ "$(wc -l < {host / "log"})" -gt 1 ] || exit 100; '
        f"touch {host / 'rabbitmq-server'}",
    )
    machine.prepare()
    assert log(host)[:3] == [f"{INSTALL} rabbitmq-server", "update -q", f"{INSTALL} rabbitmq-server"]


def test_a_failed_installation_is_said(host: Path) -> None:
    program(host, "apt-get", "exit 100")
    with pytest.raises(machine.Unfit, match=r"RabbitMQ could not be installed: see above\."):
        machine.prepare()


def test_others_than_root_are_told_in_one_line_what_to_install(
    host: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(machine.Unfit) as told:
        machine.prepare()
    assert "sudo apt-get install rabbitmq-server" in str(told.value)
    assert "\n" not in str(told.value)
    assert log(host) == []


def test_other_systems_are_pointed_to_containers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    with pytest.raises(machine.Unfit, match="docker compose up"):
        machine.prepare()
