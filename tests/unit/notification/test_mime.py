"""Nothing that people write gets out of the header or the part in which it stands."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from notification import mime
from notification.domain.activity import Text
from notification.letters import Letters

from .desk import letter
from .reading import read
from .scene import CARD, LIN, NOW, SENDER, VENUE, confirmed, published

LETTERS = Letters(SENDER)
HEADERS = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Content-Language",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "MIME-Version",
    "Content-Type",
}
ANYTHING = st.characters(exclude_categories=["Cs"])
anything = st.text(ANYTHING, max_size=300)


@settings(max_examples=200, deadline=None)
@given(title=anything, name=anything)
@example(title="課程\r\nBcc: all@example.org\r\n\r\n<p>", name="林\r\nBcc: all@example.org")
@example(title="a\nEND:VEVENT\nBEGIN:VEVENT", name='x";CN="y\r\nATTENDEE:mailto:z@z')
@example(title="=?utf-8?b?QmNjOg==?=", name="=?utf-8?q?Bcc=3A?= <x@y>")
@example(title="👩‍👩‍👧‍👦" * 80, name="林" * 200)
@example(title="word " * 60, name='"Doe, J" <j@d>, "X" <x@y>')
@example(title="", name="")
@example(title="C:\\New\\next", name="\\N")
@example(title="a\u2028b\u202ec\x00d\x85e", name="\u2066\x7f")
def test_whatever_a_title_or_a_name_holds_the_mail_keeps_its_shape(title: str, name: str) -> None:
    written = letter([published()], confirmed("lin", 4), replace(LIN, name=name))
    card = replace(CARD, title=Text(title, ""), venue=Text(title, ""))
    got = read(LETTERS.write(replace(written, card=card), NOW))
    assert set(got.message.keys()) == HEADERS
    assert got.types == ["text/plain", "text/html", "text/calendar", "application/ics"]
    (recipient,) = got.message["To"].addresses
    assert recipient.addr_spec == "lin@nchu.example"
    # Within a name the library's parser keeps the white space between two encoded words, against RFC 2047.
    assert recipient.display_name.replace(" ", "") == mime.line(name, mime.NAME_AT_MOST).replace(" ", "")
    shown = mime.line(title)
    assert got.subject == mime.line(f"報名成功：{shown}" if shown else "報名成功", mime.SUBJECT_AT_MOST)
    assert str(got.event.get("SUMMARY", "")) == shown.replace("\\", "\uff3c")
    assert str(got.event["ATTENDEE"]) == "mailto:lin@nchu.example"
    assert len(got.calendar.walk("VEVENT")) == 1


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "lin",
        "@nchu.example",
        "lin@",
        "lin@nchu.example\r\nRCPT TO:<x@y>",
        "lin@nchu.example, x@y",
        "lin <x@y>",
        "lin@nchu..example",
        "lin@-nchu.example",
        "林@nchu.example",
        '"a b"@nchu.example',
        "a@b@nchu.example",
        "lin@" + "a" * 260,
        "lin@" + "學" * 70 + ".example",
    ],
)
def test_what_is_no_plain_address_is_refused(bad: str) -> None:
    with pytest.raises(mime.BadAddress):
        mime.address(bad)


def test_an_address_in_a_domain_of_other_letters_is_written_in_ascii() -> None:
    assert mime.address("lin@大學.台灣") == "lin@xn--pssu7c.xn--kpry57d"
    assert mime.address("first.last+usr@nchu.edu.tw") == "first.last+usr@nchu.edu.tw"


def test_a_line_is_cut_where_it_is_too_long() -> None:
    assert mime.line("一二三四五", 4) == "一二三…"
    assert mime.line("一二三四", 4) == "一二三四"


@settings(max_examples=100, deadline=None)
@given(st.text(ANYTHING.filter(lambda character: character != "\r")))
@example("--=_0\n.\n..\nFrom x\n" + "長" * 2000)
def test_a_body_comes_back_as_it_was_in_short_lines_of_ascii(text: str) -> None:
    part = mime.part("text/plain; charset=utf-8", text)
    assert part.isascii()
    assert max(len(one) for one in part.split(b"\r\n")) <= 78
    assert b"--=_" not in part
    head, _, _ = part.partition(b"\r\n\r\n")
    got = read(
        mime.multipart("alternative", "0", [part, mime.part("text/html; charset=utf-8", "x")]),
    )
    assert got.text.removesuffix("\n") == text.removesuffix("\n")
    assert b"Content-Transfer-Encoding" in head


def test_the_venue_is_where_the_calendar_expects_it() -> None:
    got = read(LETTERS.write(letter([published()], confirmed("lin", 4)), NOW))
    assert str(got.event["LOCATION"]) == VENUE["zh"]
