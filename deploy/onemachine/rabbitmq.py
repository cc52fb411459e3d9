"""Where RabbitMQ is on this machine, and the part of it that our node loads.

The package brings 70 applications, and Erlang looks for each of its thousand modules in the folder of each of them:
with the applications that we need alone a node boots in half the time.
"""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

PLUGINS = ("rabbitmq_consistent_hash_exchange", "rabbitmq_management")
_ROOTS = ("rabbit", "rabbitmq_prelaunch", *PLUGINS)
_PACKAGED = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
_NEEDS = re.compile(r"\{\s*(?:optional_|included_)?applications\s*,\s*\[(.*?)\]", re.DOTALL)


class Missing(Exception):
    """RabbitMQ is not on this machine."""


def find() -> Path:
    """The start script of the package; the wrapper on PATH insists on root or its own user. Raises Missing."""
    if not _PACKAGED.exists() or shutil.which("epmd") is None:
        raise Missing
    return _PACKAGED


def lay_out(server: Path, folder: Path) -> None:
    """Make `folder/start`, which becomes the node, and `folder/plugins`, while the node of this folder does not run.

    They are links into the package, made anew at each start since that may have been upgraded. All of the package is
    used when it looks unfamiliar, or when a space in the path would trip its scripts.
    """
    home = server.resolve().parent.parent
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    needed = _needed(home / "plugins")
    if needed is None or re.search(r"\s", str(folder)):
        (folder / "plugins").symlink_to(home / "plugins")
        start = server
    else:
        (folder / "plugins").mkdir()
        for name in ("sbin", "escript"):
            (folder / name).symlink_to(home / name)
        for application in needed:
            (folder / "plugins" / application.name).symlink_to(application)
        start = folder / "sbin" / "rabbitmq-server"  # its home is where it is called
    (folder / "start").write_text(f'exec {shlex.quote(str(start))} "$@"\n')


def _needed(plugins: Path) -> list[Path] | None:
    """The folders of our applications and all they need; None if one that we name is not there as a folder."""
    shipped = {description.stem: description for description in plugins.glob("*/ebin/*.app")}
    if any(name not in shipped for name in _ROOTS):
        return None
    found: dict[str, Path] = {}
    waiting = list(_ROOTS)
    while waiting:
        name = waiting.pop()
        if name in shipped and name not in found:  # the others come with Erlang
            found[name] = shipped[name].parent.parent
            for needs in _NEEDS.findall(shipped[name].read_text()):
                waiting += re.findall(r"\w+", needs)
    return list(found.values())
