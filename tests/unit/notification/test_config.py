"""Settings: what is missing or wrong is named, all of it at once."""

from __future__ import annotations

import pytest
from environs import EnvValidationError

from notification.config import Settings
from notification.letters import Sender
from notification.smtp import Server

GOOD = {
    "AMQP_URI": "amqp://notification@127.0.0.1/gongxue",
    "MONGO_URI": "mongodb://127.0.0.1/notification",
    "NOTIFICATION_FROM": "共學 Gongxue <notice@gongxue.example>",
    "PUBLIC_URL": "https://gongxue.example/",
    "SMTP_HOST": "mail.gongxue.example",
}


def settings(monkeypatch: pytest.MonkeyPatch, **more: str) -> Settings:
    for name in ("SMTP_PORT", "SMTP_USER", "SMTP_PASSWORD", "SMTP_TLS", "SMTP_CONNECTIONS", *GOOD):
        monkeypatch.delenv(name, raising=False)
    for name, value in {**GOOD, **more}.items():
        monkeypatch.setenv(name, value)
    return Settings.from_env()


def wrong(monkeypatch: pytest.MonkeyPatch, **more: str) -> set[str]:
    with pytest.raises(EnvValidationError) as caught:
        settings(monkeypatch, **more)
    return set(caught.value.error_messages)


def test_what_has_to_be_set_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    got = settings(monkeypatch)
    assert got.sender == Sender("共學 Gongxue", "notice@gongxue.example", "https://gongxue.example")
    assert got.server == Server("mail.gongxue.example", 25, "none", "", "", "gongxue.example")


def test_a_server_that_asks_for_a_login(monkeypatch: pytest.MonkeyPatch) -> None:
    got = settings(monkeypatch, SMTP_PORT="587", SMTP_TLS="starttls", SMTP_USER="u", SMTP_PASSWORD="p")
    assert got.server == Server("mail.gongxue.example", 587, "starttls", "u", "p", "gongxue.example")


def test_everything_wrong_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert wrong(
        monkeypatch,
        NOTIFICATION_FROM="nobody",
        PUBLIC_URL="gongxue.example",
        SMTP_PORT="99999",
        SMTP_TLS="perhaps",
        SMTP_CONNECTIONS="0",
    ) == {"NOTIFICATION_FROM", "PUBLIC_URL", "SMTP_PORT", "SMTP_TLS", "SMTP_CONNECTIONS"}


def test_a_password_does_not_travel_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    assert wrong(monkeypatch, SMTP_USER="u", SMTP_PASSWORD="p", SMTP_TLS="none") == {"SMTP_TLS"}
    assert settings(monkeypatch, SMTP_USER="u", SMTP_PASSWORD="p").server.tls == "starttls"
    assert settings(monkeypatch, SMTP_USER="u", SMTP_PASSWORD="p", SMTP_HOST="127.0.0.1").server.user == "u"


def test_a_line_break_in_the_sender_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert wrong(monkeypatch, NOTIFICATION_FROM="x@gongxue.example\r\nBcc: a@b") == {"NOTIFICATION_FROM"}
