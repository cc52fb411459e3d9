"""Logs: one JSON object a line with the ids that tie a person's wish to all that followed from it.

What others have written may be in them: nothing of it ends a line, moves a cursor or turns what stands beside it.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

_OBEYED = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_ids: ContextVar[dict[str, str] | None] = ContextVar("ids", default=None)


def visible(text: str) -> str:
    """The text in one line, with an escape for each character that a terminal would obey instead of showing it."""
    return _OBEYED.sub(lambda found: ascii(found[0])[1:-1], text)


@contextmanager
def ids(**values: str | None) -> Iterator[None]:
    """Put these ids (correlationid, traceparent, stream …) on every record logged inside the block."""
    token = _ids.set({**(_ids.get() or {}), **{name: value for name, value in values.items() if value}})
    try:
        yield
    finally:
        _ids.reset(token)


class _Ids(logging.Filter):
    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def filter(self, record: logging.LogRecord) -> bool:
        record.service = self._service
        for name, value in (_ids.get() or {}).items():
            setattr(record, name, value)
        return True


class _Json(JsonFormatter):
    def format(self, record: logging.LogRecord) -> str:
        return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", super().format(record))


class _Text(logging.Formatter):
    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own
        return visible(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's own
        return "\n".join(f"    {visible(line)}" for line in super().formatException(ei).splitlines())


def configure(service: str, level: str = "INFO", form: str = "json") -> None:
    """Send all logging of this process to standard error, in the form `json` or `text`."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_Ids(service))
    if form == "json":
        handler.setFormatter(
            _Json(
                "%(levelname)s %(name)s %(message)s",
                rename_fields={"levelname": "level", "name": "logger"},
                timestamp="time",
                json_ensure_ascii=False,
                # uvicorn says everything a second time, for a terminal
                reserved_attrs=[*RESERVED_ATTRS, "color_message"],
            )
        )
    else:
        handler.setFormatter(_Text("%(asctime)s %(levelname)-7s %(service)s %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("nameko").setLevel(logging.ERROR)  # it warns, with a traceback, of what we expect
    for noisy in ("amqp", "kombu", "pymongo", "aio_pika", "aiormq"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(level)))
