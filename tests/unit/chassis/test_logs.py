"""What a process of ours writes to standard error."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

PROGRAM = """
import logging
from gongxue_chassis import logs

logs.configure("trial", form={form!r})
with logs.ids(correlationid="c-1", stream=None):
    logging.getLogger("a.part").info("學校 %s", 7, extra={{"color_message": "\\033[36m%s\\033[0m", "seat": 3}})
"""


def written(form: str) -> str:
    """The one line of a process that logs once."""
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(form=form)], capture_output=True, text=True, check=True
    )
    assert ended.stdout == ""
    return ended.stderr


def test_one_object_a_line_without_what_is_for_terminals() -> None:
    line = written("json")
    said = json.loads(line)
    assert said.pop("time")
    assert said == {
        "level": "INFO",
        "logger": "a.part",
        "message": "學校 7",
        "service": "trial",
        "correlationid": "c-1",
        "seat": 3,
    }
    assert "學校" in line


def test_text_for_people() -> None:
    assert written("text").endswith("INFO    trial 學校 7\n")


OBEYED = """
import logging
from gongxue_chassis import logs

logs.configure("trial", form={form!r})
evil = "\\x1b[2J\\r\\nINFO trial all is well\\x9b31m\\u202e\\ud800"
logging.info(evil)
try:
    raise ValueError(evil)
except ValueError:
    logging.exception("again")
"""


@pytest.mark.parametrize("form", ["json", "text"])
def test_nothing_in_a_line_is_obeyed_by_a_terminal(form: str) -> None:
    program = [sys.executable, "-c", OBEYED.format(form=form)]
    said = subprocess.run(program, capture_output=True, text=True, check=True, encoding="utf-8").stderr
    assert not set(said) & set("\x1b\r\x9b\u202e\x85\u2028")
    assert not [one for one in said.splitlines() if one.startswith("INFO trial")]
    if form == "json":
        first, second = map(json.loads, said.splitlines())
        assert first["message"].startswith("\x1b[2J\r\nINFO")
        assert "ValueError" in second["exc_info"]
