"""`make secrets`: the secret files that docker-compose.yml mounts. Any Python 3.9 or later runs it, nothing to install.

What exists is kept, so that a newer version only adds what it needs. A password is made anew when its file is deleted;
addresses, which hold passwords, are written from them each time.
"""

from __future__ import annotations

import base64
import os
import secrets
import sys
from pathlib import Path

SERVICES = ("gateway", "registration", "directory", "notification")
OPERATOR = "operator"
BUS = "rabbitmq:5672/gongxue"
STORE = "mongo:27017"
REPLICA_SET = "gongxue"

_CONTENT = 0o444
"""Compose mounts the file itself, owner and mode included, and each image has its own user; so all may read it.
Nobody on the host can, because the folder lets in its owner alone."""
_FOLDER = 0o700


def write(folder: Path) -> list[str]:
    """Bring the folder to what docker-compose.yml mounts; the names of what was written."""
    folder.mkdir(mode=_FOLDER, exist_ok=True)
    folder.chmod(_FOLDER)
    written = []
    for name, make in _made_up().items():
        if not (folder / name).exists():
            _keep(folder / name, make())
            written.append(name)
    for name, content in _derived(folder).items():
        file = folder / name
        if not file.exists() or file.read_text() != content:
            _keep(file, content)
            written.append(name)
    return written


def _made_up():  # type: ignore[no-untyped-def]
    """Name -> what makes its content."""
    users = (OPERATOR, *SERVICES)
    return {
        **{f"bus-{user}-password": _password for user in users},
        **{f"store-{user}-password": _password for user in users},
        "store-keyfile": lambda: base64.b64encode(secrets.token_bytes(96)).decode(),
        "gateway-secret": lambda: secrets.token_urlsafe(48),
        "smtp-password": lambda: "",
    }
