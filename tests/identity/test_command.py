"""The operator of the machine sets up the first school."""

from __future__ import annotations

from typing import Any

import pytest
from pymongo.database import Database

from gateway.identity.command import main


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, amqp_uri: str, mongo_uri: str) -> None:
    settings = {
        "AMQP_URI": amqp_uri,
        "MONGO_URI": mongo_uri,
        "GATEWAY_PORT": "8000",
        "GATEWAY_PUBLIC_URL": "http://localhost:8000",
        "GATEWAY_SECRET": "s" * 32,
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)


def test_a_school_whose_people_get_mailed_links(
    database: Database[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--school", "center", "--mail-domain", "center.edu.tw", "--mail-domain", "usr.edu.tw"]) == 0
    kept = database["providers"].find_one({"_id": "center"})
    assert kept is not None
    assert (kept["issuer"], kept["mail_domains"]) == (None, ["center.edu.tw", "usr.edu.tw"])
    assert capsys.readouterr().out == "center: http://localhost:8000/sign-in/center\n"


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (["--school", "nchu"], "mail_domains"),
        (["--school", "nchu", "--issuer", "http://10.0.0.1", "--client-id", "x"], "issuer"),
        (["--school", "nchu", "--issuer", "https://login.nchu.edu.tw"], "client_id"),
    ],
)
def test_what_cannot_be_is_said(
    database: Database[dict[str, Any]],
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    field: str,
) -> None:
    assert main(arguments) == 1
    assert capsys.readouterr().err.startswith(f"{field}: ")
    assert database["providers"].count_documents({}) == 0
