"""The small parts: browsers' names, mail addresses, seals, cookies, and the words of what is wrong."""

from __future__ import annotations

import pytest

from gateway.field_words import WORDS
from gateway.identity import agents, attempts, discovery, notices, sessions, settings_form
from gateway.identity.linking import name, new_person
from gateway.identity.mail_links import normalised
from gateway.identity.sealing import Seal
from gateway.problems import KINDS, Problem
from gateway.web.problems import BEGIN_AGAIN


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox · Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari · iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile "
            "Safari/537.36 Line/15.0",
            "LINE · Android",
        ),
        ("curl/8.0", ""),
    ],
)
def test_a_browser_is_called_as_people_know_it(agent: str, words: str) -> None:
    assert agents.named(agent) == words


@pytest.mark.parametrize(
    ("written", "address"),
    [
        (" Lin.YT@NCHU.edu.tw ", "lin.yt@nchu.edu.tw"),
        ("lin@中興.tw", "lin@xn--fiq177j.tw"),
        ("lin@nchu", None),
        ("lin nchu.edu.tw", None),
        ("lin@nchu.edu.tw\n", "lin@nchu.edu.tw"),
        ("lin@nchu.edu.tw\nbcc: x@y.tw", None),
        ("a@b@nchu.edu.tw", None),
        ("林@nchu.edu.tw", None),
        (None, None),
    ],
)
def test_addresses_are_compared_in_one_form(written: object, address: str | None) -> None:
    assert normalised(written) == address


def test_what_is_sealed_is_read_with_the_same_secret_alone() -> None:
    sealed = Seal("s" * 32).close("a client secret")
    assert "client" not in sealed
    assert Seal("s" * 32).open(sealed) == "a client secret"
    assert Seal("t" * 32).open(sealed) is None


def test_under_tls_cookies_are_of_this_host_alone() -> None:
    assert (sessions.cookie_name(True), attempts.cookie_name(True)) == ("__Host-session", "__Host-sign-in")
    assert (sessions.cookie_name(False), attempts.cookie_name(False)) == ("session", "sign-in")


def test_two_issuers_and_subjects_are_never_one() -> None:
    assert name("https://a.example", "1") != name("https://b.example", "1")
    assert len({new_person() for _ in range(100)}) == 100


def test_the_words_for_what_is_wrong_with_a_provider_are_in_the_catalogue() -> None:
    ours = (settings_form.NOT_A_DOMAIN, settings_form.TOO_MANY_DOMAINS, settings_form.NOT_PLAIN)
    assert {*discovery.REASONS, *ours} <= {*WORDS}


def test_every_failed_sign_in_has_a_kind_of_its_own_and_none_is_our_fault() -> None:
    assert {*KINDS} >= BEGIN_AGAIN
    assert [code for code in BEGIN_AGAIN if not 400 <= KINDS[code].status < 500] == []


@pytest.mark.parametrize(
    ("sent", "pointers"),
    [
        ({"issuer": "https://a.example"}, ["/client_id"]),
        ({"issuer": "x" * 301, "client_id": "c d"}, ["/issuer", "/client_id"]),
        ({"mail_domains": "nchu"}, ["/mail_domains"]),
        ({"mail_domains": "https://nchu.edu.tw"}, ["/mail_domains"]),
        ({"mail_domains": " ".join(f"a{n}.tw" for n in range(21))}, ["/mail_domains"]),
    ],
)
def test_settings_that_cannot_be_are_refused_field_by_field(
    sent: dict[str, object], pointers: list[str]
) -> None:
    with pytest.raises(Problem) as refused:
        settings_form.wanted(sent)
    assert [pointer for pointer, _ in refused.value.errors] == pointers


def test_settings_are_read_as_people_write_them() -> None:
    read = settings_form.wanted({"mail_domains": "@NCHU.edu.tw,\nalumni.nchu.edu.tw nchu.edu.tw"})
    assert read.mail_domains == ("nchu.edu.tw", "alumni.nchu.edu.tw")
    assert (read.issuer, read.name_claim, read.email_claim, read.mail_links) == (None, "name", "email", False)


@pytest.mark.parametrize(("took", "pause"), [(0.0, 1.0), (0.7, 0.3), (1.0, 0.0), (4.0, 0.0)])
def test_notices_are_read_once_a_second_however_long_it_takes(took: float, pause: float) -> None:
    assert notices.pause(took) == pytest.approx(pause)
