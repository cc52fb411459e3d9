"""What `make run` does: start everything, show one log, bring back what crashes, and end all in order when told."""

from __future__ import annotations

import signal
import time
from types import FrameType

from installation.management import BusAway, BusRefused
from installation.stores import StoreAway, StoreRefused
from onemachine import demo
from onemachine.folder import Folder, InUse
from onemachine.logs import Log
from onemachine.processes import NotReady, Process
from onemachine.services import Settings
from onemachine.stack import Stack
from onemachine.store import Outdated

EX_CONFIG = 78
_LOOK_SECONDS = 0.2
_LONGEST_PAUSE = 30.0
_SETTLED_SECONDS = 60.0


class Stopped(BaseException):
    """Someone asked us to end. Not an Exception: nothing on the way may take it for an error."""


class Comeback:
    """When a process that ended is started again: after 1, 2, 4 … 30 seconds; at once after a quiet minute."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self._pause = 0.0
        self._due: float | None = None

    def look(self, now: float, log: Log) -> None:
        """Start the process if it is time to. Raises SystemExit if its settings are wrong: that mends itself never."""
        if self.process.running:
            return
        if self._due is None:
            if self.process.exit_code == EX_CONFIG:
                raise SystemExit(f"{self.process.name} refuses its settings")
            settled = now - self.process.started > _SETTLED_SECONDS
            self._pause = 1.0 if settled else min(self._pause * 2 or 1.0, _LONGEST_PAUSE)
            self._due = now + self._pause
            log.say(
                f"{self.process.name} ended with {self.process.exit_code}; again in {self._pause:g} s",
                "WARNING",
            )
        elif now >= self._due:
            self._due = None
            self.process.start()


def run(folder: Folder, settings: Settings) -> int:
    """Run in the foreground until Ctrl-C, SIGTERM or SIGHUP. The exit status."""
    log = Log(folder.sub("log"))
    log.start()
    try:
        with folder.lock():
            return _run(Stack(folder, settings, output=log.pipe, say=log.say), log)
    except InUse as error:
        log.say(already(error))
        return 0
    finally:
        log.close()


def _run(stack: Stack, log: Log) -> int:
    _listen()
    status = 0
    begun = time.monotonic()
    try:
        stack.start()
        _present(stack, log, time.monotonic() - begun)
        _watch(stack, log)
    except Stopped:
        pass
    except (NotReady, Outdated, BusAway, BusRefused, StoreAway, StoreRefused, SystemExit) as error:
        log.say(str(error), "ERROR")
        status = 1
    finally:
        _end(stack, log)
    return status


def already(error: InUse) -> str:
    """One line about the copy that runs."""
    where = error.about.get("gateway")
    state = f"already running at {where}" if where else "already starting"
    return f"Gongxue is {state} (process {error.about.get('pid', '?')}); stop it with «make stop»"


def _present(stack: Stack, log: Log, seconds: float) -> None:
    if stack.services:
        stack.folder.say({"gateway": stack.url, "mails": stack.mails_url})
        demo.load_once(stack)
        log.say(
            f"Gongxue is ready after {seconds:.1f} s: {stack.url}  mails: {stack.mails_url}  (Ctrl-C ends it)"
        )
    else:
        stack.folder.say({"gateway": None})
        log.say(f"AMQP_URI={stack.broker.amqp_uri}")
        log.say(f"MONGO_URI={stack.store.mongo_uri}")


def _watch(stack: Stack, log: Log) -> None:
    comebacks = [Comeback(process) for process in stack.processes]
    while True:
        for comeback in comebacks:
            comeback.look(time.monotonic(), log)
        time.sleep(_LOOK_SECONDS)


def _end(stack: Stack, log: Log) -> None:
    """In order, at most as long as the graces of services and broker; asked a second time, at once."""
    try:
        log.say("stopping")
        stack.stop()
    except Stopped:
        _ignore()
        log.say("stopping at once", "WARNING")
        stack.kill9()
    log.say("stopped; what was acknowledged is kept")


def _listen() -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


def _ignore() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
