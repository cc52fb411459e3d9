"""Where RabbitMQ is on this machine, and the part of it that our node loads.

The package brings 70 applications, and Erlang looks for each of its thousand modules in the folder of each of them:
with the applications that we need alone a node boots in half the time.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

PLUGINS = ("rabbitmq_consistent_hash_exchange", "rabbitmq_management")
_ROOTS = ("rabbit", "rabbitmq_prelaunch", *PLUGINS)
_PACKAGED = "/usr/lib/rabbitmq/bin/rabbitmq-server"
_NEEDS = re.compile(r"\{\s*(?:optional_|included_)?applications\s*,\s*\[(.*?)\]", re.DOTALL)


class Missing(Exception):
    """RabbitMQ is not on this machine."""


@dataclass(frozen=True)
class Installation:
    """The start script (the package's wrapper on PATH insists on root or the user rabbitmq), and Erlang's epmd."""

    server: Path
    epmd: Path

    @property
    def home(self) -> Path:
        """The folder that holds `sbin`, `plugins` and `escript`."""
        return self.server.resolve().parent.parent


def find() -> Installation:
    """The installed RabbitMQ. Raises Missing."""
    server = Path(_PACKAGED)
    epmd = shutil.which("epmd")
    if not server.exists() or epmd is None:
        raise Missing
    return Installation(server, Path(epmd))


def trimmed(installation: Installation, folder: Path) -> tuple[Path, Path]:
    """(start script, folder of plugins) of a tree of links in `folder` that holds only what our node loads.

    Made anew at each start, since the package may have been upgraded. The package's own tree is returned when it looks
    unfamiliar, or when a space in the path would trip its scripts.
    """
    whole = installation.server, installation.home / "plugins"
    needed = _needed(whole[1])
    if needed is None or re.search(r"\s", str(folder)):
        return whole
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "plugins").mkdir(parents=True)
    for name in ("sbin", "escript"):
        (folder / name).symlink_to(installation.home / name)
    for application in needed:
        (folder / "plugins" / application.name).symlink_to(application)
    return folder / "sbin" / "rabbitmq-server", folder / "plugins"


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
