"""Mails as bytes on the wire: headers that cannot be broken out of, and bodies whose encoding cannot hold a boundary.

The standard library's message objects take 3 ms for such a mail, most of it in folding headers; this takes a
twentieth. What it writes is read back by the standard library's parser in the tests.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256

CRLF = b"\r\n"
SUBJECT_AT_MOST = 150
NAME_AT_MOST = 60

# Control characters end a header or a line of a calendar; the others reorder or hide what stands around them.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_DOMAIN = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
)


class BadAddress(ValueError):
    """Not an address that mail can be sent to without extensions that few servers know."""


def line(text: str, at_most: int = 0) -> str:
    """Text as one line without control characters, cut to a length if one is given."""
    clean = " ".join(_UNSEEN.sub(" ", text).split())
    return f"{clean[: at_most - 1]}…" if at_most and len(clean) > at_most else clean


def address(text: str) -> str:
    """The address in ASCII, its domain in IDNA if need be. Raises BadAddress."""
    local, _, domain = text.rpartition("@")
    try:
        domain = domain if domain.isascii() else domain.encode("idna").decode()
    except UnicodeError as error:
        raise BadAddress from error
    if len(text) > 254 or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise BadAddress
    return f"{local}@{domain}"


@lru_cache(maxsize=1024)
def text_header(name: str, text: str, at_most: int = SUBJECT_AT_MOST) -> bytes:
    """A header whose value is text for people."""
    return _header(name, line(text, at_most), "")


def mailbox_header(name: str, display: str, email: str) -> bytes:
    """A header whose value is one mailbox. `email` comes from `address`."""
    shown = line(display, NAME_AT_MOST)
    if shown and shown.isascii() and "=?" not in shown:
        escaped = shown.replace("\\", "\\\\").replace('"', '\\"')
        return f'{name}: "{escaped}"\r\n <{email}>\r\n'.encode("ascii")
    return _header(name, shown, f"\r\n <{email}>" if shown else f"<{email}>")


def date_header(at: datetime) -> bytes:
    """When the mail was written."""
    return f"Date: {format_datetime(at)}\r\n".encode("ascii")


def name(seed: str) -> str:
    """The same letters and digits for the same seed: for message ids and boundaries."""
    return sha256(seed.encode()).hexdigest()[:32]


def part(content_type: str, text: str, *more: bytes) -> bytes:
    """A body with its headers, in whichever encoding is shorter. Neither can hold a boundary of `multipart`."""
    body = text.replace("\r\n", "\n").replace("\n", "\r\n").encode()
    quoted = binascii.b2a_qp(body, istext=True)
    if len(quoted) * 3 <= len(body) * 4:
        return _part(content_type, b"quoted-printable", quoted, more)
    return _part(content_type, b"base64", _base64(body), more)


def attachment(content_type: str, file_name: str, content: bytes) -> bytes:
    """A file, with its headers. `file_name` is ours: ASCII without quotes."""
    disposition = f'Content-Disposition: attachment; filename="{file_name}"\r\n'.encode("ascii")
    return _part(f'{content_type}; name="{file_name}"', b"base64", _base64(content), (disposition,))


def multipart(kind: str, boundary: str, parts: Iterable[bytes]) -> bytes:
    """Parts one after the other, with the header that says so."""
    mark = f"=_{boundary}".encode("ascii")
    start = b"--" + mark + CRLF
    body = b"".join(start + content for content in parts)
    head = f'Content-Type: multipart/{kind};\r\n boundary="=_{boundary}"\r\n\r\n'.encode("ascii")
    return head + body + b"--" + mark + b"--" + CRLF


def _header(name: str, text: str, tail: str) -> bytes:
    charset = "us-ascii" if text.isascii() and "=?" not in text else "utf-8"
    value = Header(text, charset, maxlinelen=76, header_name=name).encode(linesep="\r\n")
    return f"{name}: {value}{tail}\r\n".encode("ascii")


def _part(content_type: str, encoding: bytes, body: bytes, more: Iterable[bytes]) -> bytes:
    head = f"Content-Type: {content_type}\r\n".encode("ascii") + b"".join(more)
    return head + b"Content-Transfer-Encoding: " + encoding + CRLF + CRLF + body + CRLF


def _base64(content: bytes) -> bytes:
    step = 57
    lines = (
        binascii.b2a_base64(content[at : at + step], newline=False) for at in range(0, len(content), step)
    )
    return CRLF.join(lines) + CRLF
