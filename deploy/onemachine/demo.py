"""The demo data, loaded into a fresh installation: the one place that says how."""

from __future__ import annotations

import subprocess
import sys

from onemachine.processes import environment
from onemachine.services import ROOT
from onemachine.stack import Stack

_SCHOOLS = ROOT / "services" / "directory" / "seed" / "schools.csv"
_TIMEOUT_SECONDS = 120


class DemoFailed(Exception):
    """The demo data could not be loaded, or only some of them. Loading them again harms nothing."""


def load_once(stack: Stack) -> None:
    """Load it unless that was done before. What fails is said, and tried again at the next start."""
    done = stack.folder.path / "demo-loaded"
    if done.exists():
        return
    stack.say("loading demo data: schools, people, activities")
    try:
        load(stack)
        done.touch(mode=0o600)
    except DemoFailed as error:
        stack.say(str(error))


def load(stack: Stack) -> None:
    """Ask the services for what the demo shows. Raises DemoFailed."""
    for arguments in (("directory", "seed", str(_SCHOOLS)), ("gateway", "demo")):
        if failure := _run(stack, *arguments):
            raise DemoFailed(f"demo data: {' '.join(arguments[:2])} failed: {failure}")


def _run(stack: Stack, *arguments: str) -> str:
    """Run a module as the operator of the bus, with the gateway's other settings. What went wrong, or nothing."""
    settings = dict(stack.process("gateway").program.settings)
    settings |= {"AMQP_URI_FILE": str(stack.folder.hand("demo-amqp-uri", stack.broker.amqp_uri))}
    try:
        done = subprocess.run(
            [sys.executable, "-m", *arguments],
            env=environment(stack.folder.path) | settings,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"no end after {_TIMEOUT_SECONDS} s"
    if done.returncode == 0:
        return ""
    return (done.stderr.strip() or done.stdout.strip() or f"exit status {done.returncode}")[-1_000:]
