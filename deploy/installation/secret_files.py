"""`make secrets`: the secret files that docker-compose.yml mounts. Any Python from 3.9 on runs it as it is.

What exists is kept, so that a newer version only adds what it needs. A password whose file is deleted is made anew;
addresses, which hold passwords, follow from them each time.
"""

from __future__ import annotations

import base64
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

OPERATOR = "operator"
SERVICES = ("gateway", "registration", "directory", "notification")
USERS = (OPERATOR, *SERVICES)
BUS = "rabbitmq:5672"
VHOST = "gongxue"
STORE = "mongo:27017"
REPLICA_SET = "gongxue"

FOLDER_MODE = 0o700
FILE_MODE = 0o644
"""Compose mounts a file as it is, owner and mode included, and each image has a user of its own: so all may read it.
On the host nobody can, because the folder lets in its owner alone."""


def write(folder: Path) -> list[str]:
    """Bring the folder to what docker-compose.yml mounts; the names of the files written."""
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    folder.chmod(FOLDER_MODE)
    written = []
    for name, make in _made_up().items():
        if not (folder / name).exists():
            _keep(folder / name, make())
            written.append(name)
    for name, content in _following(folder).items():
        file = folder / name
        if not file.exists() or file.read_text() != content:
            _keep(file, content)
            written.append(name)
    for file in folder.iterdir():
        file.chmod(FILE_MODE)
    return written


def _made_up() -> dict[str, Callable[[], str]]:
    """What is nowhere else, and how to make it."""
    return {
        **{f"bus-{user}-password": _password for user in USERS},
        **{f"store-{user}-password": _password for user in USERS},
        "store-keyfile": lambda: base64.b64encode(secrets.token_bytes(96)).decode(),
        "gateway-secret": lambda: secrets.token_urlsafe(48),
        "smtp-password": lambda: "",  # the mail server's owner knows it
    }


def _following(folder: Path) -> dict[str, str]:
    """What follows from the passwords."""
    bus = {user: (folder / f"bus-{user}-password").read_text().strip() for user in USERS}
    store = {user: (folder / f"store-{user}-password").read_text().strip() for user in USERS}
    options = f"replicaSet={REPLICA_SET}&w=majority&journal=true"
    return {
        # The official images take no file for the password of their first user, but read all of conf.d.
        "bus-operator.conf": f"default_user = {OPERATOR}\ndefault_pass = {bus[OPERATOR]}\n",
        **{f"{user}-amqp-uri": f"amqp://{user}:{bus[user]}@{BUS}/{VHOST}" for user in USERS},
        **{
            f"{user}-mongo-uri": f"mongodb://{user}:{store[user]}@{STORE}/{user}?{options}&authSource={user}"
            for user in SERVICES
        },
        # Straight to the one member, which the installation has yet to make a replica set.
        f"{OPERATOR}-mongo-uri": f"mongodb://{OPERATOR}:{store[OPERATOR]}@{STORE}/"
        "?directConnection=true&w=majority&journal=true&authSource=admin",
    }


def _password() -> str:
    return secrets.token_urlsafe(32)


def _keep(file: Path, content: str) -> None:
    draft = file.with_name(f"{file.name}.new")
    draft.write_text(content)
    draft.replace(file)


def main() -> None:
    """Write them below the folder given, or ./secrets."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "secrets")
    written = write(folder)
    print(f"{folder}: {len(written)} files written" if written else f"{folder}: all is there")


if __name__ == "__main__":
    main()
