from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from onemachine.rabbitmq import PLUGINS, lay_out

NEEDS = {
    "rabbit": ["kernel", "ra", "rabbit_common"],
    "rabbitmq_prelaunch": ["rabbit_common"],
    "rabbit_common": ["stdlib", "jsx"],
    "ra": ["aten"],
    "aten": [],
    "jsx": [],
    PLUGINS[0]: ["rabbit"],
    PLUGINS[1]: ["cowboy"],
    "cowboy": [],
    "rabbitmq_stomp": ["rabbit"],
}


def package(folder: Path, needs: dict[str, list[str]]) -> Path:
    """A RabbitMQ as the distribution lays it out, with a start script that shows how it was called."""
    home = folder / "lib" / "rabbitmq_server-9"
    for name, others in needs.items():
        ebin = home / "plugins" / f"{name}-9" / "ebin"
        ebin.mkdir(parents=True)
        names = ",\n  ".join(others)
        (ebin / f"{name}.app").write_text(f"{{application, {name}, [{{applications, [{names}]}}]}}.")
    (home / "escript").mkdir()
    (home / "sbin").mkdir()
    script = home / "sbin" / "rabbitmq-server"
    script.write_text('#!/bin/sh\necho "$0 $@"\n')
    script.chmod(0o755)
    (folder / "bin").mkdir()
    (folder / "bin" / "rabbitmq-server").symlink_to(script)
    return folder / "bin" / "rabbitmq-server"


def plugins(laid: Path) -> set[str]:
    return {path.name.removesuffix("-9") for path in (laid / "plugins").iterdir()}


def started(laid: Path) -> str:
    done = subprocess.run(["sh", laid / "start", "-x"], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_only_what_we_need_is_laid_out(tmp_path: Path) -> None:
    laid = tmp_path / "laid"
    lay_out(package(tmp_path / "usr", NEEDS), laid)
    assert plugins(laid) == set(NEEDS) - {"rabbitmq_stomp"}
    assert started(laid) == f"{laid}/sbin/rabbitmq-server -x"


def test_laying_out_again_follows_an_upgrade(tmp_path: Path) -> None:
    laid = tmp_path / "laid"
    lay_out(package(tmp_path / "usr", NEEDS), laid)
    lay_out(package(tmp_path / "usr2", NEEDS | {"ra": ["aten", "gen"], "gen": []}), laid)
    assert "gen" in plugins(laid)


@pytest.mark.parametrize("name", ["laid", "with space"])
def test_an_unfamiliar_package_or_a_path_with_a_space_is_used_whole(tmp_path: Path, name: str) -> None:
    needs = dict(NEEDS) if " " in name else {k: v for k, v in NEEDS.items() if k != PLUGINS[0]}
    server = package(tmp_path / "usr", needs)
    lay_out(server, tmp_path / name)
    assert plugins(tmp_path / name) == set(needs)
    assert started(tmp_path / name) == f"{server} -x"
