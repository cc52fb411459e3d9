from __future__ import annotations

import io
import json
import os
import re
from pathlib import Path

import pytest
from toys.waiting import eventually

from onemachine.logs import Log, rendered


@pytest.fixture(autouse=True)
def _taipei(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Taipei")
    __import__("time").tzset()


def line(**more: object) -> str:
    return json.dumps(
        {"time": "2026-11-23T15:30:50.665123+00:00", "level": "INFO", "message": "ready", **more}
    )


def test_a_line_shows_local_time_name_and_message() -> None:
    assert rendered("directory", line(service="directory", logger="x")) == "23:30:50.665 directory      ready"


def test_a_level_that_matters_is_shown() -> None:
    assert rendered("gateway", line(level="WARNING")) == "23:30:50.665 gateway        WARNING ready"


def test_ids_follow_the_message_and_a_trace_is_short() -> None:
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    shown = rendered("gateway", line(stream="activity:a1", traceparent=trace))
    assert shown == "23:30:50.665 gateway        ready stream=activity:a1 traceparent=4bf92f35"


def test_a_traceback_is_indented_below() -> None:
    shown = rendered("gateway", line(level="ERROR", exc_info="Traceback:\n  boom"))
    assert shown.splitlines()[1:] == ["             Traceback:", "               boom"]


@pytest.mark.parametrize("text", ["plain words", "[1, 2]", '"text"', "{broken"])
def test_what_is_no_json_object_is_shown_as_it_came(text: str) -> None:
    assert rendered("store", text).endswith(f" store          {text}")


EVIL = "\x1b[2Jgone\r\n00:00:00.000 store          all is well\x07\x9b31m\u202e"


@pytest.mark.parametrize("field", ["message", "level", "stream", EVIL])
@pytest.mark.parametrize("coloured", [True, False])
def test_what_a_terminal_would_obey_is_shown_instead(field: str, coloured: bool) -> None:
    shown = rendered("gateway", line(**{field: EVIL}), coloured=coloured)
    assert "\\x1b[2Jgone\\r\\n" in shown
    assert len(shown.splitlines()) == 1
    assert not set(re.sub(r"\x1b\[\d+m", "", shown)) & set("\x1b\r\n\x07\x9b\u202e")


def test_nor_does_it_obey_a_traceback_or_a_line_that_is_no_json() -> None:
    told = rendered("gateway", line(exc_info=f"Traceback:\n  {EVIL}")).splitlines()
    assert all(one.startswith(" " * 13) for one in told[1:])
    plain = rendered("store", EVIL.replace("\n", ""))
    assert not set("".join([*told, plain])) & set("\x1b\x07\x9b\u202e")


def test_a_line_without_a_time_gets_the_present() -> None:
    shown = rendered("store", json.dumps({"message": "hello"}))
    assert re.fullmatch(r"\d\d:\d\d:\d\d\.\d{3}", shown[:12])
    assert shown.endswith("store          hello")


def test_colours_only_where_asked_for() -> None:
    assert "\x1b[" not in rendered("gateway", line(level="ERROR", stream="s"))
    assert "\x1b[31m" in rendered("gateway", line(level="ERROR"), coloured=True)


def test_lines_of_many_processes_come_out_whole_and_are_kept_as_they_came(tmp_path: Path) -> None:
    shown = io.StringIO()
    log = Log(tmp_path / "log", shown)
    log.start()
    one, two = log.pipe("one"), log.pipe("two")
    os.write(one, b'{"message": "fi')
    os.write(two, b"second\n")
    eventually(lambda: "second" in shown.getvalue())
    os.write(one, b'rst"}\nrest without an end')
    eventually(lambda: "first" in shown.getvalue())
    assert log.pipe("one") == one
    log.close()
    assert [text[13:] for text in shown.getvalue().splitlines()] == [
        "two            second",
        "one            first",
    ]
    assert (tmp_path / "log" / "one.log").read_text() == '{"message": "first"}\nrest without an end'
    assert (tmp_path / "log" / "two.log").read_text() == "second\n"


def test_what_came_just_before_the_end_is_shown(tmp_path: Path) -> None:
    shown = io.StringIO()
    log = Log(tmp_path, shown)
    pipe = log.pipe("one")
    log.start()
    os.write(pipe, b"last words\n")
    log.close()
    assert shown.getvalue().endswith("last words\n")


def test_an_endless_line_is_cut(tmp_path: Path) -> None:
    shown = io.StringIO()
    log = Log(tmp_path, shown)
    pipe = log.pipe("one")
    log.start()
    for _ in range(2):
        os.write(pipe, b"x" * 60_000)
    eventually(lambda: len(shown.getvalue()) > 65_536)
    log.close()
