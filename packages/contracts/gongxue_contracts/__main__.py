"""The catalogue on the command line: `list` the types, `export` them as JSON Schema, or as a `page` to read."""

import argparse
import json
import sys
from pathlib import Path

from gongxue_contracts import catalogue, json_schema, markdown


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0; 2 when the arguments make no sense (from argparse)."""
    parser = argparse.ArgumentParser(prog="python -m gongxue_contracts", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("list", help="every wire type with its kind and service")
    actions.add_parser("page", help="a page in Markdown")
    export = actions.add_parser("export", help="a JSON Schema file of the whole event for each type")
    export.add_argument("folder", type=Path, metavar="DIR", help="made if it is not there")
    chosen = parser.parse_args(arguments)
    if chosen.action == "list":
        for entry in catalogue.entries():
            sys.stdout.write(f"{entry.kind:8}{entry.service:14}{entry.type}\n")
    elif chosen.action == "page":
        sys.stdout.write(markdown.page())
    else:
        export_to(chosen.folder)
    return 0


def export_to(folder: Path) -> None:
    """Write `<type>.json` for every type into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for entry in catalogue.entries():
        text = json.dumps(json_schema.event(entry), ensure_ascii=False, indent=2)
        (folder / f"{entry.type}.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
