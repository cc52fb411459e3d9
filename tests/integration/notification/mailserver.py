"""A mail server for tests: real SMTP on the loopback, that refuses, delays and drops on demand."""

from __future__ import annotations

import socket
from collections import defaultdict
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from unit.notification.reading import Read, read

from notification.smtp import Server

DROP = "drop"
DROP_AFTERWARDS = "drop afterwards"


@dataclass
class Received:
    """One mail that was taken in."""

    sender: str
    recipient: str
    mail: Read


@dataclass
class MailServer:
    """Within `with` it listens on a free port.

    `answers` are what the next mails to an address get instead of being taken in: a status, or `DROP` for the end of
    the connection while the mail is under way (`DROP_AFTERWARDS`: after it was taken in). `at_rcpt` are statuses given
    to the address before. `mails_a_connection`: how many are taken in before it is ended.
    """

    answers: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    at_rcpt: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    received: list[Received] = field(default_factory=list)
    connections: int = 0
    mails_a_connection: int = 0
    port: int = 0
    _taken: int = 0

    def __enter__(self) -> MailServer:
        self.listen()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self.leave()

    def listen(self) -> None:
        """Begin to listen, on the same port as before if there was one."""
        if not self.port:
            with socket.create_server(("127.0.0.1", 0)) as free:
                self.port = free.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def leave(self) -> None:
        """Listen no more."""
        self._controller.stop()

    @property
    def server(self) -> Server:
        """How to reach it."""
        return Server("127.0.0.1", self.port, "none", "", "", "gongxue.example")

    @property
    def told(self) -> list[tuple[str, str]]:
        """To whom and under which subject mails came, in their order."""
        return [(one.recipient, one.mail.subject) for one in self.received]

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        self._taken = 0
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.at_rcpt[address]:
            return self.at_rcpt[address].pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        (recipient,) = envelope.rcpt_tos
        answer = self.answers[recipient].pop(0) if self.answers[recipient] else ""
        if answer == DROP:
            _hang_up(server)
            return "421 never heard"
        if answer and answer != DROP_AFTERWARDS:
            return answer
        content: Any = envelope.original_content
        self.received.append(Received(str(envelope.mail_from), recipient, read(content)))
        self._taken += 1
        if answer == DROP_AFTERWARDS:
            _hang_up(server)
        if self._taken == self.mails_a_connection:
            server.loop.call_soon(_hang_up, server)
        return "250 OK"


def _hang_up(server: SMTP) -> None:
    transport: Any = server.transport
    transport.abort()
