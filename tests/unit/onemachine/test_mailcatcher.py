"""The mail catcher as a process: mails in by SMTP, out by page and JSON."""

from __future__ import annotations

import smtplib
import socket
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest

from onemachine.folder import Folder
from onemachine.processes import Process, Program
from onemachine.services import answers

PORTS = ("mails", "smtp")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    found = Folder(tmp_path_factory.mktemp("mails") / "data")
    found.choose_ports(PORTS)
    return found


@pytest.fixture(scope="module")
def api(folder: Folder) -> Iterator[httpx.Client]:
    url = f"http://127.0.0.1:{folder.port('mails')}"
    settings = {"MAILS_PORT": str(folder.port("mails")), "MAILS_SMTP_PORT": str(folder.port("smtp"))}
    program = Program(
        "mails",
        [sys.executable, "-m", "onemachine.mailcatcher"],
        settings,
        ready=answers(f"{url}/api/v1/info"),
    )
    process = Process(program, folder.path)
    process.start()
    process.wait_ready(30)
    with httpx.Client(base_url=url) as client:
        yield client
    assert process.stop()


@pytest.fixture
def smtp(folder: Folder, api: httpx.Client) -> Iterator[smtplib.SMTP]:
    api.delete("/api/v1/messages")
    with smtplib.SMTP("127.0.0.1", folder.port("smtp"), timeout=10) as client:
        yield client


def letter(**headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = headers.get("sender", "n@gongxue.test")
    message["To"] = headers.get("to", "wang@nchu.test")
    message["Subject"] = headers.get("subject", "座位 <script>alert(1)</script>")
    message.set_content("Hello\n.\n..two dots\n")
    message.add_alternative("<script>alert(2)</script>", subtype="html")
    message.add_attachment(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar", filename="活動.ics")
    return message


def test_a_mail_arrives_as_it_was_sent(smtp: smtplib.SMTP, api: httpx.Client) -> None:
    assert smtp.send_message(letter()) == {}
    listed = api.get("/api/v1/messages").json()
    assert (listed["total"], listed["messages_count"], listed["count"]) == (1, 1, 1)
    (one,) = listed["messages"]
    detail = api.get(f"/api/v1/message/{one['ID']}").json()
    assert detail["Text"] == "Hello\r\n.\r\n..two dots\r\n"
    (attachment,) = detail["Attachments"]
    assert attachment["FileName"] == "活動.ics"
    part = api.get(f"/api/v1/message/{one['ID']}/part/{attachment['PartID']}")
    assert part.content == b"BEGIN:VCALENDAR"
    raw = api.get(f"/api/v1/message/{one['ID']}/raw").content
    assert b"\r\n..\r\n" not in raw
    assert raw.endswith(b"--\r\n")


def test_many_mails_go_through_one_connection_to_many_people(smtp: smtplib.SMTP, api: httpx.Client) -> None:
    for number in range(120):
        smtp.sendmail("n@gongxue.test", [f"p{number}@a.test", "all@a.test"], letter().as_bytes())
    found = api.get("/api/v1/search", params={"query": "to:p7@a.test"}).json()
    assert (found["total"], found["messages_count"]) == (120, 1)
    page = api.get("/api/v1/messages", params={"start": 100, "limit": 50}).json()
    assert (page["start"], page["count"]) == (100, 20)


def test_what_a_mail_says_does_nothing_on_our_pages(smtp: smtplib.SMTP, api: httpx.Client) -> None:
    smtp.send_message(letter())
    id = api.get("/api/v1/messages").json()["messages"][0]["ID"]
    for page in ("/", f"/mails/{id}"):
        answer = api.get(page)
        assert answer.status_code == 200
        assert "<script>" not in answer.text
        assert "&lt;script&gt;" in answer.text
    assert api.get(f"/mails/{id}/html").headers["content-security-policy"].startswith("sandbox;")


def test_unknown_mails_and_searches_are_refused(api: httpx.Client) -> None:
    for path in ("/mails/x", "/mails/x/html", "/api/v1/message/x", "/api/v1/message/x/part/1"):
        assert api.get(path).status_code == 404
    assert api.get("/api/v1/search", params={"query": "seats"}).status_code == 400


def test_a_mail_with_headers_that_nobody_can_read_is_listed(smtp: smtplib.SMTP, api: httpx.Client) -> None:
    smtp.sendmail("n@gongxue.test", ["wang@nchu.test"], b"Message-ID: <a@[\r\nSubject: odd\r\n\r\nHello\r\n")
    assert [mail["Subject"] for mail in api.get("/api/v1/messages").json()["messages"]] == ["odd"]
    assert api.get("/").status_code == 200


def test_another_site_neither_reads_nor_forgets_mails(smtp: smtplib.SMTP, api: httpx.Client) -> None:
    smtp.send_message(letter())
    assert api.get("/api/v1/messages", headers={"Host": "evil.example"}).status_code == 400
    assert api.post("/clear", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert api.get("/api/v1/info").json()["Messages"] == 1


def test_a_number_without_end_is_none(api: httpx.Client) -> None:
    assert api.get("/api/v1/messages", params={"start": "9" * 5_000}).status_code == 200


def test_forgetting_all(smtp: smtplib.SMTP, api: httpx.Client) -> None:
    smtp.send_message(letter())
    assert api.post("/clear").status_code == 303
    assert api.get("/api/v1/messages").json()["total"] == 0


def test_commands_out_of_order_are_refused_and_the_rest_goes_on(smtp: smtplib.SMTP) -> None:
    smtp.ehlo()
    assert smtp.docmd("DATA")[0] == 503
    assert smtp.docmd("RCPT", "TO:<a@b.test>")[0] == 503
    assert smtp.docmd("MAIL", "from nobody")[0] == 501
    assert smtp.mail("a@b.test")[0] == 250
    assert smtp.docmd("RCPT", "TO:<>")[0] == 501
    assert smtp.docmd("WHAT")[0] == 502
    assert smtp.rcpt("c@d.test")[0] == 250
    assert smtp.rset()[0] == 250
    assert smtp.docmd("DATA")[0] == 503
    assert smtp.noop()[0] == 250


def test_a_mail_that_comes_in_small_pieces_or_all_at_once(folder: Folder, api: httpx.Client) -> None:
    api.delete("/api/v1/messages")
    wire = (
        b"EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<a@b.test>\r\nDATA\r\nSubject: one\r\n\r\n..dot\r\n.\r\n"
        b"MAIL FROM:<>\r\nRCPT TO:<a@b.test>\r\nDATA\r\n.\r\nQUIT\r\n"
    )
    for size in (1, 7, len(wire)):
        with socket.create_connection(("127.0.0.1", folder.port("smtp")), timeout=10) as wireway:
            wireway.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for start in range(0, len(wire), size):
                wireway.sendall(wire[start : start + size])
            answered = b""
            while chunk := wireway.recv(4096):
                answered += chunk
        assert answered.count(b"250 OK: kept as") == 2
    mails = api.get("/api/v1/messages").json()["messages"]
    raws = [api.get(f"/api/v1/message/{mail['ID']}/raw").content for mail in mails]
    assert raws == [b"", b"Subject: one\r\n\r\n.dot\r\n"] * 3


def test_an_endless_line_ends_the_connection(folder: Folder, api: httpx.Client) -> None:
    with socket.create_connection(("127.0.0.1", folder.port("smtp")), timeout=10) as wireway:
        wireway.sendall(b"x" * 5_000)
        answered = b""
        while chunk := wireway.recv(4096):
            answered += chunk
    assert answered.endswith(b"552 too much\r\n")


def test_wrong_settings_are_named(tmp_path: Path) -> None:
    program = Program(
        "mails", [sys.executable, "-m", "onemachine.mailcatcher"], {"MAILS_PORT": "x"}, ready=lambda: False
    )
    process = Process(program, tmp_path)
    process.start()
    process.wait_ended(30)
    assert process.exit_code == 1
    assert "MAILS_PORT" in process.last_words()
