"""Chaos on one machine: the real broker, store, services and mail catcher, started once for all tests of this folder.

`CHAOS_FORM=long` makes every test as large as the bar asks for. `CHAOS_SEED=<number>` repeats a run as far as chance
was the tests'; without it a new seed is drawn and told at the end.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator

import pytest
from bench import bars
from bench.bars import Bar
from chaos.network import Network
from toys.waiting import eventually

from onemachine.services import Settings
from onemachine.stack import Stack

SEED = int(os.environ.get("CHAOS_SEED") or random.SystemRandom().randrange(10**6))
FORM: bars.Form = "long" if os.environ.get("CHAOS_FORM") == "long" else "short"
RETRY_DELAYS = {"5s": 0.5, "1m": 1.0, "10m": 2.0}

_results = pytest.StashKey[list[Bar]]()


@pytest.fixture
def form() -> bars.Form:
    """How large: short for CI, long for `make chaos`."""
    return FORM


@pytest.fixture
def seed() -> int:
    """What all chance of a test comes from."""
    return SEED


@pytest.fixture
def show(request: pytest.FixtureRequest) -> Iterator[list[Bar]]:
    """Bars put into this list are written and printed. The module's `BAR` that did not get so far falls short."""
    shown: list[Bar] = []
    yield shown
    if not shown:
        shown.append(Bar(request.module.BAR, FORM, 0, "results", "an end", False, {"seed": SEED}))
    for bar in shown:
        bars.write(bar)
    request.config.stash.setdefault(_results, []).extend(shown)


@pytest.fixture(scope="session")
def chaos_stack(new_stack: Callable[..., Stack]) -> Stack:
    """Everything, started once and for these tests alone: what they kill is nobody else's."""
    return new_stack(Settings(retry_delays=RETRY_DELAYS))


@pytest.fixture
def network(chaos_stack: Stack) -> Iterator[Network]:
    """All of it ready, nothing on its way, nothing parked."""
    chaos_stack.wait_ready()
    network = Network(chaos_stack)
    eventually(network.is_quiet, 120)
    network.clear_parking()
    yield network
    network.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    shown = config.stash.get(_results, [])
    if shown:
        terminalreporter.section(f"bars (repeat with CHAOS_SEED={SEED})")
        terminalreporter.write_line(bars.table(shown))
