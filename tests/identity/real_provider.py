"""A certified provider (oidc-provider) in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PROVIDER = Path(__file__).parent / "provider"


@dataclass
class RealProvider:
    """The process; `issuer` is its address."""

    issuer: str
    process: subprocess.Popen[str]


@contextmanager
def real_provider(*clients: dict[str, Any]) -> Iterator[RealProvider]:
    """It runs, and knows these clients. The test is skipped where there is no Node."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        if os.environ.get("CI"):
            raise FileNotFoundError("node and npm")
        pytest.skip("no Node on this machine: apt-get install nodejs npm")
    _install(npm)
    process = subprocess.Popen(
        [node, "server.mjs", json.dumps({"port": 0, "clients": clients})],
        cwd=PROVIDER,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield RealProvider(json.loads(process.stdout.readline())["issuer"], process)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def client(base: str, school: str, id: str, secret: str) -> dict[str, Any]:
    """We, as a school's provider is told of us."""
    return {
        "client_id": id,
        "client_secret": secret,
        "redirect_uris": [f"{base}/sign-in/{school}/back"],
        "post_logout_redirect_uris": [f"{base}/signed-out"],
        "backchannel_logout_uri": f"{base}/sign-in/{school}/back-channel-logout",
        "backchannel_logout_session_required": True,
    }


def _install(npm: str) -> None:
    """What the lock file says, once."""
    lock, mark = PROVIDER / "package-lock.json", PROVIDER / "node_modules" / ".package-lock.json"
    if mark.exists() and mark.stat().st_mtime >= lock.stat().st_mtime:
        return
    subprocess.run(
        [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
        cwd=PROVIDER,
        check=True,
        stdout=subprocess.DEVNULL,
    )
