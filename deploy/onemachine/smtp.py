"""The receiving side of SMTP, as much as a mail catcher needs: every recipient is known, every mail is taken.

A library would read a mail line by line; a benchmark sends thousands a minute on the cores that it measures.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from typing import cast

HOSTNAME = "mails.gongxue.test"
LARGEST_MAIL = 20 * 1024 * 1024
_LONGEST_LINE = 4_096
_END = b"\r\n.\r\n"
_ADDRESS = re.compile(rb"\s*(?:FROM|TO):\s*<([^>]*)>", re.IGNORECASE)

Taken = Callable[[str, Sequence[str], bytes], str]
"""(sender, recipients, mail) -> the id under which it is kept."""


class Inlet(asyncio.Protocol):
    """One connection. Commands may come in one go (PIPELINING)."""

    transport: asyncio.WriteTransport
    _sender: str | None

    def __init__(self, take: Taken) -> None:
        self._take = take
        self._buffer = bytearray()
        self._in_data = False
        self._searched = 0
        self._reset()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        self.transport = cast(asyncio.WriteTransport, transport)
        self._say(f"220 {HOSTNAME} takes mail and delivers none")

    def data_received(self, data: bytes) -> None:
        """Take commands and mails out of what has come so far."""
        self._buffer += data
        while self._mail() if self._in_data else self._command():
            pass
        if len(self._buffer) > (LARGEST_MAIL if self._in_data else _LONGEST_LINE):
            self._say("552 too much")
            self.transport.close()

    def _command(self) -> bool:
        """Obey one command, if a whole line is there."""
        end = self._buffer.find(b"\n")
        if end < 0:
            return False
        line = bytes(self._buffer[:end]).rstrip(b"\r")
        del self._buffer[: end + 1]
        verb, rest = line[:4].upper(), line[4:]
        if verb == b"EHLO":
            self._say(
                f"250-{HOSTNAME}",
                f"250-SIZE {LARGEST_MAIL}",
                "250-PIPELINING",
                "250-8BITMIME",
                "250 SMTPUTF8",
            )
        elif verb == b"MAIL":
            self._reset()
            self._sender = self._address(rest)
            self._say("250 OK" if self._sender is not None else "501 MAIL FROM:<address>")
        elif verb == b"RCPT":
            self._recipient(self._address(rest))
        elif verb == b"DATA":
            self._in_data = bool(self._recipients)
            self._say("354 end with a dot" if self._in_data else "503 to whom?")
        elif verb == b"QUIT":
            self._say("221 bye")
            self.transport.close()
        elif verb in (b"HELO", b"NOOP", b"RSET"):
            if verb == b"RSET":
                self._reset()
            self._say("250 OK")
        else:
            self._say("502 not known here")
        return True

    def _recipient(self, address: str | None) -> None:
        if self._sender is None:
            self._say("503 from whom?")
        elif not address:
            self._say("501 RCPT TO:<address>")
        else:
            self._recipients.append(address)
            self._say("250 OK")

    def _mail(self) -> bool:
        """Take the mail, if its end has come. Only what is new is searched for it."""
        if self._buffer.startswith(_END[2:]):
            end, after = 0, len(_END) - 2
        else:
            end = self._buffer.find(_END, max(self._searched - len(_END), 0))
            after = end + len(_END)
            if end < 0:
                self._searched = len(self._buffer)
                return False
        raw = bytes(self._buffer[: end + 2] if end else b"")
        del self._buffer[:after]
        raw = (raw[1:] if raw.startswith(b"..") else raw).replace(b"\r\n..", b"\r\n.")
        kept = self._take(self._sender or "", self._recipients, raw)
        self._reset()
        self._say(f"250 OK: kept as {kept}")
        return True

    def _reset(self) -> None:
        self._sender = None
        self._recipients: list[str] = []
        self._in_data = False
        self._searched = 0

    @staticmethod
    def _address(rest: bytes) -> str | None:
        found = _ADDRESS.match(rest)
        return found[1].decode(errors="replace") if found else None

    def _say(self, *lines: str) -> None:
        self.transport.write("".join(f"{line}\r\n" for line in lines).encode())
