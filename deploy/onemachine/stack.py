"""All of Gongxue in one data folder: broker, store, services. `make run` supervises one, tests own theirs.

with Stack(Folder(path), Settings(retry_delays={"5s": 0.2, "1m": 0.4, "10m": 0.8})) as stack:
    httpx.get(f"{stack.url}/api/v1/activities")
    stack.process("registration").kill9()
    stack.process("registration").start()
    stack.wait_ready()
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import Self

from onemachine import broker, services, store
from onemachine.broker import Broker
from onemachine.folder import Folder
from onemachine.processes import Output, Process, sweep
from onemachine.services import Settings
from onemachine.store import Store

PORTS = (*broker.PORTS, *store.PORTS, *services.PORTS)
Say = Callable[[str], None]


class Stack:
    """Broker and store with everything installed, and the services that the settings ask for.

    Whoever calls `start` holds the folder's lock; `with` takes it. `output` is where services write; broker and store
    keep logs of their own in the folder.
    """

    broker: Broker
    store: Store

    def __init__(
        self,
        folder: Folder,
        settings: Settings | None = None,
        *,
        output: Output | None = None,
        say: Say = lambda _: None,
    ) -> None:
        self.folder = folder
        self.settings = settings or Settings()
        self.output = output
        self.say = say
        self.infrastructure: list[Process] = []
        self.services: list[Process] = []
        self._held = ExitStack()

    def __enter__(self) -> Self:
        self._held.enter_context(self.folder.lock())
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        try:
            self.stop()
        finally:
            self._held.close()

    @property
    def processes(self) -> list[Process]:
        """All of them, in the order in which they are started."""
        return [*self.infrastructure, *self.services]

    @property
    def url(self) -> str:
        """Where people and programs come in."""
        return services.gateway_url(self.folder)

    @property
    def mails_url(self) -> str:
        """Where the mails that were sent can be read."""
        return services.mails_url(self.folder)

    def process(self, name: str) -> Process:
        """The process of this name, see `services.SERVICES`; also `broker` and `store`."""
        return next(process for process in self.processes if process.name == name)

    def start(self) -> None:
        """Start everything and wait until it is ready. Raises NotReady, Outdated."""
        self.start_infrastructure()
        self.start_services()
        self.wait_ready()

    def start_infrastructure(self) -> None:
        """Clear up what a crash left, start broker and store, install. Raises NotReady, Outdated."""
        if names := sweep(self.folder.path):
            self.say(f"ended what was left of an earlier run: {', '.join(sorted(names))}")
        self.folder.choose_ports(PORTS)
        self.broker = Broker(self.folder)
        self.store = Store(self.folder)
        self.infrastructure = [self.broker.mapper, self.broker.process, self.store.process]
        self.broker.start()  # takes longest: all else happens meanwhile
        self.store.start()
        self.store.wait_ready()
        installed = self.store.install(services.passwords(self.folder, "store"))
        self.say(f"store: {len(installed)} databases with their users and indexes")
        self.broker.wait_ready()
        self.say(self.broker.install(services.topology(self.folder, self.settings)))

    def start_services(self) -> None:
        """Start the services without waiting until they are ready."""
        wanted = services.programs(self.folder, self.settings, self.broker, self.store)
        self.services = [Process(program, self.folder.path, self.output) for program in wanted]
        for process in self.services:
            process.start()

    def wait_ready(self, seconds: float = 60.0) -> None:
        """Return as soon as everything that should run does its work. Raises NotReady."""
        end = time.monotonic() + seconds
        for process in self.processes:
            process.wait_ready(max(end - time.monotonic(), 0.1))

    def stop(self) -> None:
        """End the services, then broker and store, all in order; what was acknowledged stays."""
        stop_together(self.services)
        stop_together(process for process in self.infrastructure if process.name != "broker-names")
        self.kill9()

    def kill9(self) -> None:
        """End everything at once, as a power cut would."""
        for process in reversed(self.processes):
            process.kill9()
        sweep(self.folder.path, grace=0)


def stop_together(processes: Iterable[Process]) -> None:
    """Ask all to end, then wait for each; one that does not end within its grace is ended."""
    asked = list(processes)
    begun = time.monotonic()
    for process in asked:
        process.terminate()
    for process in asked:
        process.wait_ended(begun + process.program.grace - time.monotonic())
