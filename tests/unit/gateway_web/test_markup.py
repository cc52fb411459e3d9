"""Every page is sound HTML: landmarks, one heading of the first rank, labels, languages, nothing inline."""

from __future__ import annotations

import itertools
from collections import Counter
from html.parser import HTMLParser
from typing import Any

import pytest

from gateway.actions import Pending, Refused

ACTIVITY = "/activities/co-training-2026-winter"
REGISTRATION = "0b6cbb1e-3a0e-4f8e-9d0c-6f6a3a5c2b11"
VOID = {"meta", "link", "input", "img", "br"}
ADDRESSES = (
    "/",
    "/activities",
    "/activities?when=past",
    "/activities?kind=expo&county=tainan&sdg=4&q=x",
    "/activities/calendar",
    "/activities/calendar?month=1999-01&kind=forum",
    "/activities/map",
    ACTIVITY,
    "/activities/cancelled",
    "/activities/none",
    f"/registrations/{REGISTRATION}",
    f"/registrations/{REGISTRATION}/cancel",
    "/registrations/pending",
    "/registrations/refused",
    "/me",
    "/schools",
    "/schools/nchu",
    "/sign-in",
    "/nowhere",
)


class Outline(HTMLParser):
    """The elements of a page with their attributes; unbalanced tags are errors."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note it."""
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID and not (self.get_starttag_text() or "").endswith("/>"):
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """It has no end of its own."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """It must be the one that was opened last."""
        assert self._open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of all elements of this name."""
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture
def full(network: Any, activity: Any) -> None:
    """Something of everything."""
    network.add(activity(id="cancelled", status="cancelled", reason="颱風", title={"zh": "論壇", "en": ""}))
    network.register_for()
    network.outcomes |= {"pending": Pending("pending"), "refused": Refused("refused", "closed")}


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("signed_in", [True, False], ids=["somebody", "nobody"])
@pytest.mark.parametrize("language", ["zh-Hant", "en"])
def test_the_pages_are_sound(site: Any, language: str, signed_in: bool) -> None:
    if signed_in:
        site.sign_in()
    for address in ADDRESSES:
        answer = site.get(address, language)
        if answer.status_code != 303:
            _check(Outline(answer.text), language)


@pytest.mark.parametrize("language", ["zh-Hant", "en"])
def test_the_page_of_a_wrong_form_is_sound(site: Any, language: str) -> None:
    answer = site.sign_in().send(f"{ACTIVITY}/register", {}, language)

    _check(Outline(answer.text), language)


def _check(page: Outline, language: str) -> None:
    assert page.all("html") == [{"lang": language}]
    assert len(page.all("h1")) == len(page.all("main")) == len(page.all("title")) == 1
    ranks = [int(tag[1]) for tag, _ in page.elements if tag in ("h1", "h2", "h3", "h4")]
    assert all(after <= before + 1 for before, after in itertools.pairwise(ranks))
    ids = Counter(attributes["id"] for _, attributes in page.elements if "id" in attributes)
    assert [name for name, times in ids.items() if times > 1] == []
    for _, attributes in page.elements:
        assert not [name for name in attributes if name == "style" or name.startswith("on")]
        for reference in ("aria-labelledby", "aria-describedby", "for"):
            assert attributes.get(reference) is None or attributes[reference] in ids
    assert page.all("style") == []
    assert all(script["src"] for script in page.all("script"))
    assert all("alt" in image for image in page.all("img"))
    _check_labels(page)


def _check_labels(page: Outline) -> None:
    """Fields for text have a label by name, choices stand within theirs."""
    labelled = {label.get("for") for label in page.all("label")}
    inside = [
        attributes
        for before, (tag, attributes) in zip(page.elements, page.elements[1:], strict=False)
        if tag == "input" and before[0] == "label"
    ]
    for field in page.all("input"):
        assert field.get("type") == "hidden" or field in inside or field.get("id") in labelled
