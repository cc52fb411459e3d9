"""The catalogue on the command line: `list` the types, `export` JSON Schemas, a `page` to read, or `asyncapi`."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from gongxue_contracts import asyncapi, catalogue, json_schema, markdown


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0; 2 when the arguments make no sense (from argparse)."""
    parser = argparse.ArgumentParser(prog="python -m gongxue_contracts", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("list", help="every wire type with its kind and service")
    actions.add_parser("page", help="a page in Markdown")
    actions.add_parser("asyncapi", help="what partners hear and send, as AsyncAPI 3.1 in JSON")
    export = actions.add_parser("export", help="a JSON Schema file of the whole event for each type")
    export.add_argument("folder", type=Path, metavar="DIR", help="made if it is not there")
    chosen = parser.parse_args(arguments)
    if chosen.action == "list":
        for entry in catalogue.entries():
            sys.stdout.write(f"{entry.kind:8}{entry.service:14}{entry.type}\n")
    elif chosen.action == "page":
        sys.stdout.write(markdown.page())
    elif chosen.action == "asyncapi":
        sys.stdout.write(f"{_pretty(asyncapi.document())}\n")
    else:
        export_to(chosen.folder)
    return 0


def export_to(folder: Path) -> None:
    """Write `<type>.json` for every type into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for entry in catalogue.entries():
        (folder / f"{entry.type}.json").write_text(f"{_pretty(json_schema.event(entry))}\n", encoding="utf-8")


def _pretty(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2)


if __name__ == "__main__":
    sys.exit(main())
