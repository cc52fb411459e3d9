"""What this machine must have besides Python: RabbitMQ from its package, installed without starting its own node."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from onemachine import rabbitmq

_POLICY = Path("/usr/sbin/policy-rc.d")


class Unfit(Exception):
    """This machine cannot run Gongxue as it is; the message is one line that says what to do."""


def prepare() -> None:
    """Make sure of RabbitMQ. Raises Unfit."""
    if sys.platform != "linux":
        raise Unfit("Without containers Gongxue runs on Linux only: here, use «docker compose up».")
    try:
        rabbitmq.find()
    except rabbitmq.Missing:
        _install()


_NODE = {"nodejs": "node", "npm": "npm"}
"""Packages, and the program of each."""


def prepare_to_test() -> None:
    """What all tests together want: RabbitMQ, a browser, Chinese letters, Node for the OpenID Connect provider.

    Without root it says what is skipped.
    """
    prepare()
    wanted = [] if browser() else ["chromium"]
    wanted += [package for package, program in _NODE.items() if not shutil.which(program)]
    if not _speaks_chinese():
        wanted += ["fontconfig", "fonts-noto-cjk"]
    if not wanted:
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {' '.join(wanted)} from this system's packages …", flush=True)
        apt(*wanted)
    else:
        print(f"Some tests are skipped without: sudo apt-get install {' '.join(wanted)}", flush=True)


def browser() -> str | None:
    """The system's Chromium, if there is one."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def _speaks_chinese() -> bool:
    fonts = shutil.which("fc-list")
    return bool(
        fonts and subprocess.run([fonts, ":lang=zh-tw"], capture_output=True, check=False).stdout.strip()
    )


def _install() -> None:
    if not shutil.which("apt-get"):
        raise Unfit("RabbitMQ is missing: install it with its plugins, or use «docker compose up».")
    if os.geteuid() != 0:
        raise Unfit(
            "RabbitMQ is missing: «sudo apt-get install rabbitmq-server && "
            "sudo systemctl disable --now rabbitmq-server» (we start a node of our own)."
        )
    print("Installing RabbitMQ from this system's packages …", flush=True)
    apt("rabbitmq-server")
    try:
        rabbitmq.find()
    except rabbitmq.Missing as error:
        raise Unfit("RabbitMQ could not be installed: see above.") from error


def apt(*packages: str) -> bool:
    """Install these packages as root, starting no service of theirs, now or at the next boot. Whether it worked."""
    install = ("install", "-y", "-q", "--no-install-recommends", *packages)
    with _services_stay_off():
        done = _apt_get(*install) or (_apt_get("update", "-q") and _apt_get(*install))
    if done and "rabbitmq-server" in packages and shutil.which("systemctl"):
        subprocess.run(["systemctl", "disable", "rabbitmq-server"], check=False, capture_output=True)
    return done


def _apt_get(*arguments: str) -> bool:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(["apt-get", *arguments], env=environment, stdout=sys.stderr, check=False)
    return done.returncode == 0


@contextmanager
def _services_stay_off() -> Iterator[None]:
    """Debian asks this script before a package starts its service; 101 means no."""
    kept = _POLICY.with_name("policy-rc.d.gongxue-kept")
    if _POLICY.exists() and not kept.exists():  # it is there if we were killed in here before
        _POLICY.rename(kept)
    _POLICY.write_text("#!/bin/sh\nexit 101\n")
    _POLICY.chmod(0o755)
    try:
        yield
    finally:
        _POLICY.unlink()
        if kept.exists():
            kept.rename(_POLICY)
