"""`python -m onemachine run | infra | stop | status | reset`: Gongxue on this machine, in one data folder."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from pathlib import Path

from onemachine import machine, supervisor
from onemachine.folder import PREFERRED, Folder, NotOurs
from onemachine.processes import left_over, sweep
from onemachine.services import ROOT, Settings

_STOP_SECONDS = 60.0


def main() -> int:
    """The exit status."""
    parser = argparse.ArgumentParser(prog="python -m onemachine", description=__doc__)
    parser.add_argument("act", choices=("run", "infra", "stop", "status", "reset", "ready-to-test"))
    parser.add_argument("--name", default="run", help="which data folder (default: run)")
    parser.add_argument(
        "--data", type=Path, default=ROOT / ".data", help="where data folders are (default: .data)"
    )
    arguments = parser.parse_args()
    os.umask(0o077)
    path = arguments.data / arguments.name
    try:
        if arguments.act == "ready-to-test":
            machine.prepare_to_test()
            return 0
        if arguments.act in ("run", "infra"):
            machine.prepare()
            folder = Folder(path, PREFERRED)
            return supervisor.run(folder, Settings() if arguments.act == "run" else Settings(services=()))
        return {"stop": stop, "status": status, "reset": reset}[arguments.act](path)
    except (machine.Unfit, NotOurs) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1


def stop(path: Path) -> int:
    """End what runs in this folder, in order, and whatever a crash left."""
    if not path.exists():
        print("Gongxue is not running")
        return 0
    folder = Folder(path)
    if folder.locked():
        pid = folder.about().get("pid")
        if not isinstance(pid, int):
            print("something uses the data folder without saying who it is: try again")
            return 1
        os.kill(pid, signal.SIGTERM)
        end = time.monotonic() + _STOP_SECONDS
        while folder.locked():
            if time.monotonic() >= end:
                print(f"process {pid} does not end")
                return 1
            time.sleep(0.1)
    elif not sweep(folder.path):
        print("Gongxue is not running")
        return 0
    print("Gongxue is stopped; its data are kept")
    return 0


def status(path: Path) -> int:
    """Say what runs. 0 if Gongxue does, 3 if not."""
    if not path.exists():
        print("Gongxue has not run here yet")
        return 3
    folder = Folder(path)
    if not folder.locked():
        left = left_over(folder.path)
        print(f"Gongxue is not running; {len(left)} processes are left of a crash" if left else "not running")
        return 3
    about = folder.about()
    for name, value in about.items():
        print(f"{name:<10} {value}")
    for pid in left_over(folder.path):
        entry = Path("/proc") / str(pid)
        print(f"{pid:<10} {(entry / 'cmdline').read_bytes().replace(bytes(1), b' ').decode()[:100]}")
    return 0


def reset(path: Path) -> int:
    """Stop, and forget everything."""
    if path.exists():
        if stop(path):
            return 1
        Folder(path).remove()
    print("Gongxue starts from nothing next time")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
