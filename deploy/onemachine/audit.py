"""`python deploy/onemachine/audit.py`: are advisories known for what the lock files name? Part of `make check`.

The source of advisories is on the network. When it cannot be reached, that is said, and no verdict is given.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements-dev.txt", "deploy/onemachine/store-requirements.txt")
_AWAY = (
    "ConnectionError",
    "ConnectTimeout",
    "ReadTimeout",
    "Max retries",
    "ServiceError",
    "HTTPError",
    "SSLError",
)


def main() -> int:
    """The exit status: 1 when an advisory is known, or the audit itself is broken."""
    return max(audit(ROOT / lock) for lock in LOCKS)


def audit(lock: Path) -> int:
    """Say what is known of one lock file; 1 if that is bad."""
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "--progress-spinner=off",
        "--disable-pip",
        "--require-hashes",
    ]
    done = subprocess.run(
        [*command, "--format=json", "-r", str(lock)], capture_output=True, text=True, check=False
    )
    name = lock.relative_to(ROOT)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except ValueError:
        away = any(word in done.stderr for word in _AWAY)
        print(f"{name}: {'not audited, no source of advisories can be reached' if away else done.stderr}")
        return 0 if away else 1
    for package in packages:
        for advisory in package.get("vulns", []):
            mended = ", ".join(advisory["fix_versions"]) or "not yet"
            print(f"{name}: {package['name']} {package['version']}: {advisory['id']}, mended in {mended}")
    asked = [package for package in packages if "vulns" in package]
    if not asked:
        print(f"{name}: not audited, the source of advisories knows none of its packages")
        return 0
    bad = sum(bool(package["vulns"]) for package in asked)
    print(f"{name}: {len(asked)} of {len(packages)} packages audited, {bad} with advisories")
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
