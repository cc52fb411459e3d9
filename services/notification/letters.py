"""Letters as mails: text and HTML in the reader's language, the calendar entry, and headers that mail programs trust.

A calendar entry comes twice, as Google and Microsoft send theirs: as an alternative of the text, which Gmail and
Outlook show as an entry, and as the file `invite.ics`, which Apple Mail and everybody else can open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from gongxue_chassis.i18n import LANGUAGES, Texts
from notification import invite, mime, words
from notification.domain.letter import Letter

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom mails come from, as `mime.address` gives the address, and the public address of the pages."""

    name: str
    email: str
    public_url: str

    @property
    def domain(self) -> str:
        """What makes the ids of mails the world's only ones."""
        return self.email.rpartition("@")[2]

    @property
    def host(self) -> str:
        """What makes the ids of calendar entries so: the calendars on the pages give them the same ones."""
        return urlsplit(self.public_url).hostname or self.domain


@dataclass(frozen=True, slots=True)
class Mail:
    """What is handed to the mail server."""

    sender: str
    recipient: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Link:
    """A link for signing in: `address`, to be mailed to `email`. `fact` is the id of the fact that tells of it."""

    fact: str
    email: str
    language: str
    address: str
    expires_at: datetime
    browser: str


class Letters:
    """Writes letters. Templates and catalogues are read once, here."""

    def __init__(self, sender: Sender) -> None:
        texts = Texts(HERE / "locale")
        self._sender = sender
        self._texts = {language: texts.language(language) for language in LANGUAGES}
        self._pages = {language: _environment(texts, language) for language in LANGUAGES}

    def write(self, letter: Letter, now: datetime) -> Mail:
        """The mail for a letter, dated now. Raises mime.BadAddress."""
        language = letter.to.language if letter.to.language in self._texts else LANGUAGES[0]
        recipient = mime.address(letter.to.email)
        said = words.put(letter, language, self._texts[language])
        body = self._body(letter, said, language, recipient)
        head = self._head(letter.delivery.id, letter.to.name, said.subject, language, recipient, now)
        return Mail(self._sender.email, recipient, head + body)

    def write_link(self, link: Link, now: datetime) -> Mail:
        """The mail with a link for signing in, dated now. Raises mime.BadAddress."""
        language = link.language if link.language in self._texts else LANGUAGES[0]
        recipient = mime.address(link.email)
        said = words.put_link(link.browser, link.expires_at, language, self._texts[language])
        head = self._head(link.fact, "", said.subject, language, recipient, now)
        page = {
            "language": language,
            "subject": said.subject,
            "paragraphs": said.paragraphs[:-1],
            "warning": said.paragraphs[-1],
            "address": link.address,
        }
        parts = [
            mime.part(f'text/{kind}; charset="utf-8"', self._pages[language].get_template(name).render(page))
            for kind, name in (("plain", "link.txt"), ("html", "link.html"))
        ]
        return Mail(
            self._sender.email, recipient, head + mime.multipart("alternative", mime.name(link.fact), parts)
        )

    def _head(self, id: str, name: str, subject: str, language: str, recipient: str, now: datetime) -> bytes:
        message_id = f"<{mime.name(id)}@{self._sender.domain}>"
        return b"".join(
            (
                mime.mailbox_header("From", self._sender.name, self._sender.email),
                mime.mailbox_header("To", name, recipient),
                mime.text_header("Subject", subject),
                mime.date_header(now),
                f"Message-ID: {message_id}\r\nContent-Language: {language}\r\n".encode("ascii"),
                # RFC 3834 for everybody's auto-replies, the second for Outlook's, which do not read the first.
                b"Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\nMIME-Version: 1.0\r\n",
            )
        )

    def _body(self, letter: Letter, said: words.Words, language: str, recipient: str) -> bytes:
        boundary = mime.name(f"{letter.delivery.id} body")
        parts = [
            mime.part('text/plain; charset="utf-8"', self._page("letter.txt", letter, said, language)),
            mime.part('text/html; charset="utf-8"', self._page("letter.html", letter, said, language)),
        ]
        if letter.entry is None:
            return mime.multipart("alternative", boundary, parts)
        entry = self._calendar(letter, language, recipient)
        kind = f'text/calendar; charset="utf-8"; method={letter.entry.method}'
        parts.append(mime.part(kind, entry.decode()))
        alternatives = mime.multipart("alternative", f"{boundary}.a", parts)
        return mime.multipart(
            "mixed", boundary, (alternatives, mime.attachment("application/ics", "invite.ics", entry))
        )

    def _calendar(self, letter: Letter, language: str, recipient: str) -> bytes:
        if letter.entry is None or letter.card is None:
            raise ValueError(f"{letter.delivery.id} has no calendar entry")
        occasion = invite.Occasion(
            card=letter.card,
            location=words.location(letter.card, letter.pool, language, self._texts[language]),
            url=self._activity_url(letter),
            organizer=self._sender.name,
            sender=self._sender.email,
            language=language,
        )
        return invite.calendar(letter.entry, occasion, letter.to.name, recipient, self._sender.host)

    def _page(self, template: str, letter: Letter, said: words.Words, language: str) -> str:
        greeting = self._texts[language].gettext("Dear %(name)s,") % {"name": mime.line(letter.to.name)}
        page = self._pages[language].get_template(template)
        return page.render(
            words=said,
            greeting=greeting,
            language=language,
            activity_url=self._activity_url(letter),
            of_sig=bool(letter.delivery.sig),
            mine_url=f"{self._sender.public_url}/me",
        )

    def _activity_url(self, letter: Letter) -> str:
        if letter.delivery.sig:
            return f"{self._sender.public_url}/sigs/{letter.delivery.sig}"
        return f"{self._sender.public_url}/activities/{letter.delivery.activity}"


def _environment(texts: Texts, language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(("html",), default_for_string=True, default=False),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.install_gettext_translations(texts.language(language), newstyle=True)  # type: ignore[attr-defined]
    return environment
