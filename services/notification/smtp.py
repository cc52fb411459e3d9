"""Handing mails to the mail server: one connection for many, and a plain word for each on what became of it."""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from dataclasses import dataclass
from typing import Literal

from notification.letters import Mail

TIMEOUT = 20.0
"""Seconds without an answer after which a connection counts as dropped."""

_PASSING = {421, 530, 535, 538}
"""5xx and 4xx that speak of the connection or of our credentials, not of the mail: it is tried again."""

_ENHANCED = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}\b")


@dataclass(frozen=True, slots=True)
class Server:
    """Where mails go; `tls` is "none", "starttls" or "tls". Without `user` there is no login.

    `hello` is the name that we introduce ourselves by.
    """

    host: str
    port: int
    tls: str
    user: str
    password: str
    hello: str


class ServerAway(Exception):
    """No connection can be had: not reachable, no encryption, no login. No mail was tried. `reason` says which."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a mail: "sent", "again" (it may be tried again) or "never" (it is refused for good).

    `reason` is the status the server gave, without its words: they often repeat the address.
    """

    verdict: Literal["sent", "again", "never"]
    reason: str = ""


class Post:
    """One connection to the mail server, opened when there is something to send. Not for two threads at once."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._connection: smtplib.SMTP | None = None

    def send(self, mail: Mail) -> Answer:
        """Hand over one mail. Raises ServerAway.

        A server may end a connection after some mails or some time: if that happens to one that has worked, the mail
        is tried once more over a new one.
        """
        worked_before = self._connection is not None
        answer = self._send(mail)
        if answer.reason == "dropped" and worked_before:
            answer = self._send(mail)
        return answer

    def close(self) -> None:
        """Say goodbye, if there is anybody to say it to."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                connection.quit()

    def _send(self, mail: Mail) -> Answer:
        connection = self._connection or self._connect()
        self._connection = connection
        try:
            connection.sendmail(mail.sender, [mail.recipient], mail.content)
        except smtplib.SMTPRecipientsRefused as error:
            code, words = error.recipients[mail.recipient]
            return self._refused(code, words)
        except smtplib.SMTPResponseException as error:
            return self._refused(error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException):
            self._drop()
            return Answer("again", "dropped")
        return Answer("sent")

    def _refused(self, code: int, words: bytes | str) -> Answer:
        reason = _status(code, words)
        if code in _PASSING:
            self._drop()
            return Answer("again", reason)
        return Answer("never" if 500 <= code < 600 else "again", reason)

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        connection: smtplib.SMTP | None = None
        try:
            if server.tls == "tls":
                context = ssl.create_default_context()
                connection = smtplib.SMTP_SSL(
                    server.host, server.port, server.hello, timeout=TIMEOUT, context=context
                )
            else:
                connection = smtplib.SMTP(server.host, server.port, server.hello, timeout=TIMEOUT)
            if server.tls == "starttls":
                connection.starttls(context=ssl.create_default_context())
            if server.user:
                connection.login(server.user, server.password)
        except (OSError, smtplib.SMTPException) as error:
            if connection is not None:
                connection.close()
            raise ServerAway(_why_away(error)) from error
        return connection


def _why_away(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _status(error.smtp_code, error.smtp_error)
    return f"server away: {type(error).__name__}"


def _status(code: int, words: bytes | str) -> str:
    text = words.encode("ascii", "replace") if isinstance(words, str) else words
    enhanced = _ENHANCED.match(text)
    return f"smtp {code} {enhanced.group().decode()}" if enhanced else f"smtp {code}"
