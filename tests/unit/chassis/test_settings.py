"""Settings missing or wrong: the process refuses to start and names them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SOUND = {"AMQP_URI": "amqp://u:p@127.0.0.1/v", "MONGO_URI": "mongodb://127.0.0.1/db"}
READ = (
    "from gongxue_chassis.settings import *\n"
    "def read():\n"
    "    env = Env(); found = Plumbing.read(env); env.seal(); return found\n"
    "print(load_or_refuse(read).amqp_uri)"
)


def run(settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "PYTHONPATH"}}
    return subprocess.run(
        [sys.executable, "-c", READ], env={**kept, **settings}, capture_output=True, text=True, check=False
    )


def test_sound_settings_are_taken() -> None:
    assert run(SOUND).stdout.strip() == SOUND["AMQP_URI"]


def test_a_setting_may_be_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "uri").write_text("amqp://from:file@127.0.0.1/v")
    done = run({"AMQP_URI_FILE": str(tmp_path / "uri"), "MONGO_URI": SOUND["MONGO_URI"]})
    assert done.stdout.strip() == "amqp://from:file@127.0.0.1/v"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"AMQP_URI": ""}, "AMQP_URI"),
        ({"AMQP_URI": "http://127.0.0.1"}, "AMQP_URI"),
        ({"MONGO_URI": "127.0.0.1"}, "MONGO_URI"),
        ({"HEALTH_PORT": "many"}, "HEALTH_PORT"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT"),
        ({"COMMAND_PARTITIONS": "0"}, "COMMAND_PARTITIONS"),
    ],
)
def test_a_wrong_setting_is_named(change: dict[str, str], named: str) -> None:
    done = run({**SOUND, **change})
    assert done.returncode == 78
    assert f"refusing to start: {named}: " in done.stderr
    assert "Traceback" not in done.stderr


def test_all_complaints_come_at_once() -> None:
    done = run({"LOG_LEVEL": "LOUD"})
    assert [line.split(": ")[1] for line in done.stderr.splitlines()] == [
        "AMQP_URI",
        "MONGO_URI",
        "LOG_LEVEL",
    ]
