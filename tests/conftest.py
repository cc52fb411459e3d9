"""A broker, a store and all services of the tests' own, started when a test first asks for them.

They live in `build/test-data` on ports of their own: tests run beside a running Gongxue, and beside other tests.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import amqp
import pytest
from pymongo import MongoClient
from toys.service_logs import warnings_since

from installation import stores
from installation.bus import Bus, definitions
from onemachine import demo, machine
from onemachine.broker import OPERATOR
from onemachine.folder import Folder, InUse
from onemachine.processes import sweep
from onemachine.services import Settings, topology
from onemachine.stack import Stack

TESTS = Path(__file__).resolve().parent
TEST_DATA = TESTS.parent / "build" / "test-data"
RETRY_DELAYS = {"5s": 0.2, "1m": 0.4, "10m": 0.8}
SETTINGS = Settings(retry_delays=RETRY_DELAYS)
ORDER = ("architecture", "unit", "contracts", "", "integration", "e2e", "chaos", "browser")
"""Folders of tests; "" stands for any other."""
VHOST = "tests"
"""Where tests have the topology to themselves; the services of `stack` live in the usual one."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is quick to fail comes first. The browser comes last: its driver occupies the event loop to the end."""
    items.sort(key=lambda item: ORDER.index(_kind(item.path)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    call: pytest.CallInfo[None],
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With a test that fails comes what the services complained of meanwhile: they write it to files of their own."""
    report = yield
    if report.failed:
        report.sections += [
            (f"warnings of {log}", said) for log, said in warnings_since(call.start, TEST_DATA)
        ]
    return report


@pytest.fixture(scope="session")
def test_data() -> Iterator[Path]:
    """A folder that no other test run uses, with nothing in it."""
    with ExitStack() as held:
        yield _claim(held)


@pytest.fixture(scope="session")
def infrastructure(test_data: Path) -> Iterator[Stack]:
    """Broker and store with everything installed, and short retry delays. Skipped where RabbitMQ is missing."""
    try:
        machine.prepare()
    except machine.Unfit as unfit:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(unfit))
    stack = Stack(Folder(test_data / "main"), SETTINGS)
    with stack.folder.lock():
        try:
            stack.start_infrastructure()
            yield stack
        finally:
            stack.kill9()


@pytest.fixture(scope="session")
def stack(infrastructure: Stack) -> Stack:
    """All services, without demo data. They are everybody's: whoever stops one of them starts it again."""
    infrastructure.start_services()
    infrastructure.wait_ready()
    return infrastructure


@pytest.fixture(scope="session")
def new_stack(test_data: Path) -> Iterator[Callable[..., Stack]]:
    """`new_stack(Settings(...))`: a whole Gongxue of one's own, started; give none for the usual settings."""
    with ExitStack() as running:

        def start(settings: Settings = SETTINGS) -> Stack:
            found = Stack(Folder(test_data / f"more-{uuid4().hex[:6]}"), settings)
            running.callback(found.kill9)
            found.start()
            return found

        yield start


@pytest.fixture(scope="session")
def demo_stack(new_stack: Callable[..., Stack], infrastructure: Stack) -> Stack:
    """What `make run` shows at its first start: all services, with the demo data."""
    found = new_stack()
    demo.load(found)
    return found


@pytest.fixture(scope="session")
def tests_bus(infrastructure: Stack) -> Bus:
    """The topology in a virtual host that no service uses."""
    bus = replace(topology(infrastructure.folder, SETTINGS), vhost=VHOST)
    infrastructure.broker.install(bus)
    return bus


@pytest.fixture
def amqp_uri(infrastructure: Stack, tests_bus: Bus) -> str:
    """The operator's address of a bus whose queues are empty and that no service listens to."""
    broker = infrastructure.broker
    with amqp.Connection(
        f"127.0.0.1:{infrastructure.folder.port('amqp')}", OPERATOR, broker.password, virtual_host=VHOST
    ) as connection:
        channel = connection.channel()
        for queue in definitions(tests_bus)["queues"]:
            channel.queue_purge(queue["name"])
    return broker.uri_of(OPERATOR, broker.password, VHOST)


@pytest.fixture
def amqp_uri_of(infrastructure: Stack, tests_bus: Bus, amqp_uri: str) -> Callable[[str], str]:
    """`amqp_uri_of("registration")`: the address of the same bus for a service, which may do there what it may."""
    return lambda user: infrastructure.broker.uri_of(user, tests_bus.passwords[user], VHOST)


@pytest.fixture
def mongo_uri(infrastructure: Stack) -> Iterator[str]:
    """The operator's address of an empty database that has the indexes of every service."""
    name = f"t{uuid4().hex[:10]}"
    with MongoClient[dict[str, Any]](infrastructure.store.mongo_uri) as client:
        for database in stores.DATABASES:
            stores.create_indexes(client[name], database)
        yield infrastructure.store.uri_for(name)
        client.drop_database(name)


def _kind(path: Path) -> str:
    folder = path.relative_to(TESTS).parts[0] if path.is_relative_to(TESTS) else ""
    return folder if folder in ORDER else ""


def _claim(held: ExitStack) -> Path:
    """The first numbered folder that no other run holds, cleared of what an earlier run left."""
    for number in range(100):
        root = Folder(TEST_DATA / str(number))
        try:
            held.enter_context(root.lock())
        except InUse:
            continue
        for folder in root.path.iterdir():
            if folder.is_dir():
                sweep(folder, grace=0)
                shutil.rmtree(folder)
        return root.path
    raise AssertionError(f"a hundred test runs at once? See {TEST_DATA}")
