"""Programs for tests that npm has: installed as their lock file says, once."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest


def node(folder: Path) -> str:
    """Node, with everything that the lock file of this folder names. The test is skipped where there is no Node."""
    found, npm = shutil.which("node"), shutil.which("npm")
    if found is None or npm is None:
        if os.environ.get("CI"):
            raise FileNotFoundError("node and npm")
        pytest.skip("no Node on this machine: apt-get install nodejs npm")
    lock, mark = folder / "package-lock.json", folder / "node_modules" / ".package-lock.json"
    if not mark.exists() or mark.stat().st_mtime < lock.stat().st_mtime:
        subprocess.run(
            [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    return found
