"""R12: whatever is sent to the API, or put on the bus, is answered as described, or parked, and breaks nothing.

schemathesis makes requests of the description of the API, good and bad ones, and holds every answer against it with
all its checks; see `fuzzing/schemathesis.toml` for the little that it is told. hypothesis makes messages.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from bench.bars import Bar, Form
from chaos.fuzzing.messages import damaged
from chaos.mixtures import PEOPLE, card, good_command, good_fact, preparation
from chaos.network import FACTS_AND_DELAYS, Network
from toys.residents import settle
from toys.visitors import Visitor
from toys.waiting import eventually

from gateway.api import OPERATIONS
from onemachine.services import Settings
from onemachine.stack import Stack

BAR = "R12"
FOLDER = Path(__file__).parent / "fuzzing"
GOAL = "0 answers of 5xx, 0 that are not as described, 0 crashes"
CASES = {"short": 500, "long": 20_000}
EACH = {"short": 13, "long": 640}
"""Of each operation at most; of some there are fewer ways to ask."""
PHASES = {"short": "examples,fuzzing", "long": "examples,coverage,fuzzing,stateful"}
MESSAGES = {"short": 150, "long": 5_000}
_PROGRAM = "from schemathesis.cli import schemathesis; schemathesis()"
SCOPES = ["read", "register", "host", "window", "center", "operator"]
RETRY_DELAYS = {"5s": 0.2, "1m": 0.4, "10m": 0.8}
SETTINGS = {"GATEWAY_STREAM_SECONDS": "0.2", "GATEWAY_STREAMS_OF_ONE": "1000"}


@pytest.fixture(scope="module")
def fuzzed_stack(new_stack: Callable[..., Stack]) -> Iterator[Stack]:
    """A stack whose streams of events end soon. What is left in it is of no use to anybody."""
    stack = new_stack(Settings(retry_delays=RETRY_DELAYS, more={"gateway": SETTINGS}))
    settle(stack, {"p-fuzz": ("nchu", ["host", "window", "center"])})
    yield stack
    stack.kill9()


@pytest.fixture
def fuzzed(fuzzed_stack: Stack) -> Iterator[Network]:
    with closing(Network(fuzzed_stack)) as network:
        yield network


def test_the_api_answers_as_described(
    fuzzed: Network, tmp_path: Path, form: Form, seed: int, show: list[Bar]
) -> None:
    with Visitor(fuzzed.stack.url, "p-fuzz") as person:
        token = person.want("POST", "/me/tokens", {"name": "fuzz", "scopes": SCOPES}, 201)["secret"]
    said, report = _schemathesis(fuzzed.stack.url, token, tmp_path, form, seed)
    cases = report["test_cases"]
    wrong = cases["with_failures"] + cases["errored"] + len(report["errors"])
    bar = Bar(
        id=BAR,
        form=form,
        value=wrong,
        unit="wrong answers",
        goal=GOAL,
        holds=not wrong
        and report["complete"]
        and report["operations"]["tested"] == len(OPERATIONS)
        and cases["generated"] >= CASES[form]
        and fuzzed.all_running(),
        detail={
            "seed": seed,
            "cases": cases["generated"],
            "operations": report["operations"]["tested"],
            "failures": {one["title"]: one["operations"] for one in report["failures"]},
            "seconds": round(report["running_time"], 1),
        },
    )
    show.append(bar)
    assert bar.holds, said


def _schemathesis(url: str, token: str, folder: Path, form: Form, seed: int) -> tuple[str, dict[str, Any]]:
    """What it says, and its report."""
    command = [sys.executable, "-c", _PROGRAM, "--config-file", str(FOLDER / "schemathesis.toml")]
    command += ["run", f"{url}/openapi.json", "--checks", "all", "--continue-on-failure", "--seed", str(seed)]
    command += ["--phases", PHASES[form], "--max-examples", str(EACH[form])]
    command += ["--report", "json", "--report-json-path", str(folder / "report.json")]
    settings = {"FUZZ_TOKEN": token, "FUZZ_URL": url, "FUZZ_PERSON": "p-fuzz"}
    settings |= {"SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(FOLDER)}
    done = subprocess.run(
        command, env=os.environ | settings, cwd=folder, capture_output=True, text=True, check=False
    )
    return done.stdout[-20_000:], json.loads((folder / "report.json").read_text())


def test_messages_break_nothing(fuzzed: Network, form: Form, seed: int) -> None:
    """Damaged facts and commands end in the parking, or change what they may; good ones have their effect after."""
    chance = random.Random(seed)
    for message in preparation():
        fuzzed.send([message])
    good = [make(number).message for make in (good_fact, good_command) for number in range(20)]
    sent = [
        damaged(one, chance.getrandbits(32)) for one in good for _ in range(1 + MESSAGES[form] // len(good))
    ]
    fuzzed.send(chance.sample(sent, len(sent)))
    with suppress(AssertionError):  # what follows says what is wrong
        eventually(lambda: not fuzzed.waiting(*FACTS_AND_DELAYS), 60 + len(sent) / 10)
    fuzzed.clear_parking()
    after = good_fact(90_000 + chance.randrange(1_000))
    fuzzed.send([card(person) for person in PEOPLE] + [after.message])
    registration = json.loads(after.message.body)["data"]["registration"]
    shown = fuzzed.database("gateway")["registrations"]
    eventually(lambda: shown.find_one({"_id": registration, "status": "confirmed"}), 30)
    assert fuzzed.all_running()
    with Visitor(fuzzed.stack.url, "p-fuzz") as person:
        for path in ("/activities", "/schools", "/me/registrations"):
            person.get(path)
        assert person.ask("GET", f"/activities/a{uuid.uuid4().hex[:8]}").status_code == 404
