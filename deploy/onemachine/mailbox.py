"""Mails as they came, kept in memory up to a limit, and read only when somebody looks at one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from typing import Any

MOST_BYTES = 128 * 1024 * 1024
MOST_MAILS = 50_000

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail: whom the envelope named, and the bytes that came."""

    id: str
    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    received: datetime

    def summary(self) -> Json:
        """Who, what and when, as Mailpit lists it."""
        headers = BytesHeaderParser(policy=policy.default).parsebytes(self.raw)
        return {
            "ID": self.id,
            "MessageID": "".join(_texts(headers, "Message-ID")[:1]).strip("<>"),
            "From": next(iter(_people(_texts(headers, "From"))), {"Name": "", "Address": self.sender}),
            "To": _people(_texts(headers, "To")) or [{"Name": "", "Address": r} for r in self.recipients],
            "Subject": "".join(_texts(headers, "Subject")[:1]),
            "Created": self.received.isoformat(),
            "Size": len(self.raw),
        }

    def detail(self) -> Json:
        """The whole mail, as Mailpit shows it."""
        message = self._message()
        parts = list(self._parts(message))
        return self.summary() | {
            "Text": _body(message, "plain"),
            "HTML": _body(message, "html"),
            "Attachments": [
                {
                    "PartID": str(number),
                    "FileName": part.get_filename() or "",
                    "ContentType": part.get_content_type(),
                    "Size": len(_content(part)),
                }
                for number, part in parts
            ],
        }

    def part(self, number: str) -> tuple[str, str, bytes] | None:
        """(file name, content type, content) of an attachment."""
        for found, part in self._parts(self._message()):
            if str(found) == number:
                return part.get_filename() or "attachment", part.get_content_type(), _content(part)
        return None

    def _message(self) -> EmailMessage:
        message = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(message, EmailMessage)  # noqa: S101 - the policy makes it one
        return message

    def _parts(self, message: EmailMessage) -> Iterator[tuple[int, EmailMessage]]:
        """All that is neither the text nor its HTML form: calendar entries too, as mail programs see them."""
        bodies = {id(message.get_body((kind,))) for kind in ("plain", "html")}
        for number, part in enumerate(message.walk()):
            if isinstance(part, EmailMessage) and not part.is_multipart() and id(part) not in bodies:
                yield number, part


@dataclass
class Mailbox:
    """The newest mails, as many as the limits allow."""

    most_mails: int = MOST_MAILS
    most_bytes: int = MOST_BYTES
    received: int = 0
    _bytes: int = 0
    _mails: OrderedDict[str, Mail] = field(default_factory=OrderedDict)

    def __len__(self) -> int:
        return len(self._mails)

    def add(self, sender: str, recipients: Sequence[str], raw: bytes) -> str:
        """Keep a mail and return its id; the oldest make room for it."""
        self.received += 1
        mail = Mail(str(self.received), sender, tuple(recipients), raw, datetime.now(UTC))
        self._mails[mail.id] = mail
        self._bytes += len(raw)
        while len(self._mails) > self.most_mails or (self._bytes > self.most_bytes and len(self._mails) > 1):
            _, dropped = self._mails.popitem(last=False)
            self._bytes -= len(dropped.raw)
        return mail.id

    def get(self, id: str) -> Mail | None:
        """The mail of this id, if it is still here."""
        return self._mails.get(id)

    def newest(self, to: str | None = None) -> Iterator[Mail]:
        """Newest first; only those sent to this address, if one is given."""
        wanted = to.lower() if to else None
        for mail in reversed(self._mails.values()):
            if wanted is None or wanted in (recipient.lower() for recipient in mail.recipients):
                yield mail

    def clear(self) -> None:
        """Forget them all."""
        self._mails.clear()
        self._bytes = 0


def _texts(headers: Message, name: str) -> list[str]:
    """What the headers of this name say; nothing if the standard library cannot read them, which raises all sorts."""
    try:
        return [str(value) for value in headers.get_all(name, [])]
    except Exception:
        return []


def _people(headers: Sequence[str]) -> list[Json]:
    pairs = getaddresses(headers)
    return [{"Name": name, "Address": address} for name, address in pairs if address]


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _content(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
