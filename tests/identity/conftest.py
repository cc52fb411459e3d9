"""A real provider (oidc-provider, in a process of its own) and Gongxue's web side, both on real ports."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from identity.site import CLIENT, OTHER_CLIENT
from pymongo import MongoClient
from pymongo.database import Database

PROVIDER = Path(__file__).parent / "provider"


@dataclass
class RealProvider:
    """The process; `issuer` is its address."""

    issuer: str
    process: subprocess.Popen[str]


@pytest.fixture(scope="session")
def site_port() -> int:
    """Where the web side is found: providers are told before it runs."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def provider(site_port: int) -> Iterator[RealProvider]:
    """A certified provider that knows us as two clients: of two schools. Skipped where there is no Node."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        if os.environ.get("CI"):
            raise FileNotFoundError("node and npm")
        pytest.skip("no Node on this machine: apt-get install nodejs npm")
    _install(npm)
    started = json.dumps({"port": 0, "clients": [_client(site_port, *one) for one in (CLIENT, OTHER_CLIENT)]})
    process = subprocess.Popen(
        [node, "server.mjs", started],
        cwd=PROVIDER,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield RealProvider(json.loads(process.stdout.readline())["issuer"], process)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()  # type: ignore[union-attr]


@pytest.fixture
def database(mongo_uri: str) -> Iterator[Database[dict[str, Any]]]:
    """Two schools that take part, one that rests."""
    with MongoClient[dict[str, Any]](mongo_uri, tz_aware=True) as client:
        found = client.get_default_database()
        found["schools"].insert_many(
            [
                _school("nchu", "國立中興大學", "National Chung Hsing University"),
                _school("ncue", "國立彰化師範大學", "National Changhua University of Education"),
                {**_school("rest", "休息大學", ""), "status": "suspended", "reason": "休息"},
            ]
        )
        yield found


def _school(id: str, zh: str, en: str) -> dict[str, Any]:
    return {
        "_id": id,
        "name": {"zh": zh, "en": en},
        "summary": {"zh": "", "en": ""},
        "county": "TXG",
        "ror": None,
        "moe_code": None,
        "website": None,
        "status": "admitted",
        "reason": None,
        "merged_into": None,
        "v": {"name": 1, "profile": 1, "status": 1},
    }


def _client(port: int, school: str, id: str, secret: str) -> dict[str, Any]:
    base = f"http://localhost:{port}"
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
