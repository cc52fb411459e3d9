"""The health probe of containers, and how the command for parked messages finds the broker."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from gongxue_chassis.__main__ import cli
from gongxue_chassis.probe import probe


class Answers(BaseHTTPRequestHandler):
    """200 where all is well, 503 elsewhere."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/well" else 503)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""


@pytest.fixture
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_zero_only_when_the_answer_is_200(address: str) -> None:
    assert probe(f"{address}/well") == 0
    assert probe(f"{address}/unwell") == 1
    assert probe("http://127.0.0.1:1/") == 1


def test_no_proxy_stands_between_a_container_and_itself(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert probe(f"{address}/well") == 0


def test_without_an_address_the_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AMQP_URI", raising=False)
    ran = CliRunner().invoke(cli, ["parked", "--service", "directory", "list"])
    assert ran.exit_code == 78
    assert "AMQP_URI" in ran.output


def test_the_address_may_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "uri").write_text("amqp://operator:secret@127.0.0.1:1/gongxue")
    monkeypatch.setenv("AMQP_URI_FILE", str(tmp_path / "uri"))
    ran = CliRunner().invoke(cli, ["parked", "--service", "directory", "list"])
    assert type(ran.exception).__name__ == "Unavailable"
