"""A certified provider (oidc-provider) in a process of its own."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toys.node import node

PROVIDER = Path(__file__).parent / "provider"


@dataclass
class RealProvider:
    """The process; `issuer` is its address."""

    issuer: str
    process: subprocess.Popen[str]


@contextmanager
def real_provider(*clients: dict[str, Any]) -> Iterator[RealProvider]:
    """It runs, and knows these clients. The test is skipped where there is no Node."""
    process = subprocess.Popen(
        [node(PROVIDER), "server.mjs", json.dumps({"port": 0, "clients": clients})],
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
