"""The virtual environments of this clone, made by a bare Python: `python3 deploy/onemachine/environments.py run|dev`.

`.venv` holds exactly what a hash-locked file names, and finds our own packages in the clone; `.store-venv` holds the
embedded store, which is under another licence and kept apart. A stamp is written last: without it, or when it names
another lock file, Python or place, the environment is made anew.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
IMPORT_ROOTS = ("packages/contracts", "packages/chassis", "services", "deploy")
SUPPORTED = ((3, 11), (3, 12))


class CannotMake(Exception):
    """An environment cannot be made; the message is for the person at the terminal."""


@dataclass(frozen=True)
class Environment:
    """A folder, the lock file whose packages it holds, and what it is called when something is said of it."""

    folder: Path
    lock: Path
    title: str
    import_roots: tuple[str, ...] = ()

    @property
    def stamp(self) -> Path:
        """Written when all is in place."""
        return self.folder / "made-from.json"

    def is_made(self) -> bool:
        """Whether it holds what the lock file names."""
        return self._made_from() == self._state()

    def make(self, *, keep: bool = False) -> None:
        """Make it anew, or add to what is there. Raises CannotMake."""
        print(f"Installing {self.title} …", flush=True)
        self.stamp.unlink(missing_ok=True)
        if not keep:
            _venv(self.folder)
        python = str(self.folder / "bin" / "python")
        pip = [python, "-m", "pip", "--disable-pip-version-check", "install", "-qq", "--no-input"]
        # Wheels alone: what is built here would fetch its build tools past the hashes.
        asked = [*pip, "--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", str(self.lock)]
        if subprocess.run(asked, check=False).returncode:
            raise CannotMake(f"could not install {self.title} from {self.lock.relative_to(ROOT)}: see above")
        if self.import_roots:
            site = next((self.folder / "lib").glob("python3.*/site-packages"))
            roots = "".join(f"{ROOT / root}\n" for root in self.import_roots)
            (site / "gongxue.pth").write_text(roots)
        self.stamp.write_text(json.dumps(self._state()))

    def _state(self) -> dict[str, str]:
        return {
            "lock": hashlib.sha256(self.lock.read_bytes()).hexdigest(),
            "python": sys.version.split()[0],
            "root": str(ROOT),
        }

    def _made_from(self) -> dict[str, str]:
        try:
            found: dict[str, str] = json.loads(self.stamp.read_text())
        except (OSError, ValueError):
            return {}
        return found


RUN = Environment(ROOT / ".venv", ROOT / "requirements.txt", "the services' packages", IMPORT_ROOTS)
DEV = Environment(
    ROOT / ".venv", ROOT / "requirements-dev.txt", "the packages to test and check", IMPORT_ROOTS
)
STORE = Environment(
    ROOT / ".store-venv", ROOT / "deploy" / "onemachine" / "store-requirements.txt", "the embedded store"
)


def prepare(what: str) -> None:
    """Bring the environments to what `run` or `dev` needs. Raises CannotMake."""
    if sys.version_info[:2] not in SUPPORTED:
        raise CannotMake(f"Gongxue needs Python 3.11 or 3.12, this is {sys.version.split()[0]}")
    (ROOT / "build").mkdir(exist_ok=True)
    with (ROOT / "build" / "environments.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # `make run` and `make test` may start at once
        if not STORE.is_made():
            STORE.make()
        if DEV.is_made():  # it holds all that RUN does
            return
        if what == "dev":
            DEV.make(keep=RUN.is_made())
        elif not RUN.is_made():
            RUN.make()


def _venv(folder: Path) -> None:
    command = [sys.executable, "-m", "venv", "--clear", str(folder)]
    if subprocess.run(command, check=False, capture_output=True).returncode == 0:
        return
    package = f"python3.{sys.version_info.minor}-venv"
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "install", "-y", "-q", package], check=False, stdout=sys.stderr)
    if subprocess.run(command, check=False).returncode:
        raise CannotMake(f"{sys.executable} cannot make virtual environments: apt-get install {package}")


if __name__ == "__main__":
    try:
        prepare(sys.argv[1] if len(sys.argv) > 1 else "run")
    except CannotMake as problem:
        raise SystemExit(str(problem)) from problem
