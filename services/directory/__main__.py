"""`python -m directory` serves the directory; `python -m directory seed FILE` asks it to admit a file's schools."""

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn


def main() -> None:
    """Do what the command line says. Ends with the status codes of sysexits.h when it cannot."""
    parser = argparse.ArgumentParser(prog="python -m directory", description=__doc__)
    what = parser.add_subparsers(dest="what")
    seed = what.add_parser("seed", help="ask the directory to admit the schools of a seed file")
    seed.add_argument("file", type=Path, help="CSV as seed/README.md says")
    arguments = parser.parse_args()
    if arguments.what == "seed":
        _seed(arguments.file)
    else:
        _serve()


def _serve() -> None:
    from gongxue_chassis import process  # makes sockets green: before anything that may open one

    # isort: split
    from directory import config
    from directory.service import DirectoryService
    from gongxue_chassis.settings import load_or_refuse

    process.serve(DirectoryService, load_or_refuse(config.plumbing))


def _seed(file: Path) -> None:
    from directory import config, seeding
    from gongxue_chassis.errors import Unavailable
    from gongxue_chassis.publisher import Publisher
    from gongxue_chassis.settings import load_or_refuse

    uri = load_or_refuse(config.bus)
    try:
        admissions = seeding.read(file)
    except OSError as error:
        _end(os.EX_NOINPUT, f"{file}: {error.strerror}")
    except seeding.BadSeed as error:
        _end(os.EX_DATAERR, str(error))
    bus = Publisher(uri, "directory seed")
    now = datetime.now(UTC)
    try:
        asked = seeding.publish((seeding.command(data, now) for data in admissions), bus)
    except Unavailable as error:
        _end(os.EX_UNAVAILABLE, f"the broker did not take it: {error}")
    finally:
        bus.close()
    sys.stdout.write(f"{asked} schools are to be admitted\n")


def _end(status: int, message: str) -> NoReturn:
    sys.stderr.write(f"{message}\n")
    raise SystemExit(status)


if __name__ == "__main__":
    main()
