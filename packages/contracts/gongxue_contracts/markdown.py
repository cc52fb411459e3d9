"""The catalogue as a page for readers: every type, what it says, where it travels, and its golden sample."""

import json
from collections.abc import Iterator

from gongxue_contracts import catalogue, json_schema, samples
from gongxue_contracts.catalogue import Entry

_TITLES = {"command": "Commands", "fact": "Facts", "private": "Between our own services"}
_ABOUT = {
    "command": "Wishes, on the exchange `commands`; a service may refuse them.",
    "fact": "What happened, on the exchange `events`, for everybody who is let in.",
    "private": "On the exchange `private` or in answers; partners cannot hear them.",
}


def page() -> str:
    """The whole page in Markdown."""
    lines = [
        "# Events catalogue",
        "",
        "Made by `python -m gongxue_contracts page`; do not edit. Every message is a CloudEvents 1.0 document; facts",
        "come at least once, in order within a stream (`subject`), numbered by `sequence`.",
    ]
    for kind, title in _TITLES.items():
        lines += ["", f"## {title}", "", _ABOUT[kind]]
        for entry in catalogue.entries():
            if entry.kind == kind:
                lines += _entry(entry)
    return "\n".join(lines) + "\n"


def _entry(entry: Entry) -> Iterator[str]:
    yield from ("", f"### `{entry.type}`", "")
    if entry.kind == "fact":
        yield from (f"Routing key `<tenant>.{entry.type}`.", "")
    if entry.kind == "command":
        yield from (f"Routing key `{catalogue.command_key('<provider>', entry.type)}`.", "")
    described = json_schema.contract(entry.schema())
    if about := described.get("description"):
        yield from (str(about), "")
    sample = json.loads(samples.sample(entry.type))
    yield from ("```json", json.dumps(sample["data"], ensure_ascii=False, indent=2), "```")
