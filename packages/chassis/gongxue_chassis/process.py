"""A nameko service as a process: green sockets before anything else, logs, health, and an end with grace."""

from __future__ import annotations

import os
import warnings

# Names of hosts are asked for when a connection is made, of the machine's own resolver. A green one would hold 8 MiB
# more in every process (dnspython, and cryptography with it).
os.environ["EVENTLET_NO_GREENDNS"] = "yes"

# nameko needs eventlet, and eventlet advises against itself at every import (ADR 0003 says why we keep both thin).
warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

import eventlet  # noqa: E402

eventlet.monkey_patch()

import logging  # noqa: E402
import signal  # noqa: E402
from typing import Any  # noqa: E402

from nameko.runners import ServiceRunner  # noqa: E402

from gongxue_chassis import health, logs  # noqa: E402
from gongxue_chassis.inbox import BrokerInbox  # noqa: E402
from gongxue_chassis.settings import Plumbing  # noqa: E402

_log = logging.getLogger(__name__)


def serve(service: Any, plumbing: Plumbing, settings: Any = None) -> None:
    """Run a nameko service until SIGTERM or SIGINT, then finish what is in hand; after `graceful_seconds` end anyway.

    Its methods and extensions find `plumbing` and the service's own `settings` in the container's config.
    """
    logs.configure(service.name, plumbing.log_level, plumbing.log_format)
    config: dict[str, Any] = {"plumbing": plumbing, "settings": settings, "inboxes": []}
    runner = ServiceRunner(config)
    runner.add_service(service)
    stopping = eventlet.event.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None if stopping.ready() else stopping.send(None))
    runner.start()
    if plumbing.health_port:
        inboxes: list[BrokerInbox] = config["inboxes"]
        checks = {"broker": lambda: all(inbox.connected for inbox in inboxes)}
        health.serve(plumbing.health_host, plumbing.health_port, checks)
    _log.info("ready")
    ended = eventlet.spawn(_wait_or_stop, runner, stopping)
    stopping.wait()
    _log.info("stopping: what is in hand is finished first")
    with eventlet.Timeout(plumbing.graceful_seconds, False):
        runner.stop()
        ended.wait()
        _log.info("stopped")
        return
    _log.warning("not finished after %g s; what was not acknowledged comes again", plumbing.graceful_seconds)
    os._exit(0)


def _wait_or_stop(runner: ServiceRunner, stopping: Any) -> None:
    """A container that dies takes the process with it, so that whoever supervises it starts it anew."""
    try:
        runner.wait()
    except Exception:
        _log.exception("the service died")
        os._exit(1)
    if not stopping.ready():
        stopping.send(None)
