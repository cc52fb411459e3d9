"""Every code has a status and words in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from gateway.field_words import WORDS
from gateway.problems import KINDS, LOCALES, OTHER, Problem, describe, texts
from registration.domain.refusal import Code
from registration.domain.sig.refusal import Plain, TooMany

ROOT = Path(__file__).parents[3]
SAID = {
    code
    for folder in ("services/directory", "services/registration", "packages/chassis")
    for path in (ROOT / folder).rglob("*.py")
    for code in re.findall(r'Refused\("(\w+)"', path.read_text(encoding="utf-8"))
}


def test_the_codes_are_found_in_the_sources() -> None:
    assert {"role_held", "pool_full"} <= SAID


@pytest.mark.parametrize("code", sorted(SAID | {*get_args(Code), *get_args(Plain), *get_args(TooMany)}))
def test_every_refusal_of_the_domains_is_known(code: str) -> None:
    assert code in KINDS


@pytest.mark.parametrize("code", [*KINDS, "a_code_of_tomorrow"])
def test_every_kind_speaks_both_languages(code: str) -> None:
    chinese, english = describe(Problem(code), "zh-Hant"), describe(Problem(code), "en")
    assert chinese.type == english.type == f"/problems/{code}"
    assert chinese.status == english.status
    assert re.search("[一-鿿]", chinese.title)
    assert re.search("[一-鿿]", chinese.detail)
    assert english.title.isascii()
    assert chinese.title != english.title


@pytest.mark.parametrize("language", ["zh-Hant", "en"])
@pytest.mark.parametrize("code", KINDS)
def test_a_kind_that_is_about_nothing_in_particular_leaves_no_gap(code: str, language: str) -> None:
    assert not re.search(r"–|%\(", describe(Problem(code), language).detail)


def test_no_words_without_a_kind() -> None:
    kinds = (OTHER, *KINDS.values())
    used = {words for kind in kinds for words in (kind.title, kind.detail, kind.general) if words} | {*WORDS}
    catalogue = (LOCALES / "zh_Hant" / "LC_MESSAGES" / "problems.po").read_text(encoding="utf-8")
    assert set(re.findall(r'^msgid "(.+)"$', catalogue, re.MULTILINE)) == used
    assert all(texts().language("zh-Hant").gettext(words) != words for words in used)


def test_what_a_refusal_tells_is_in_its_words_and_beside_them() -> None:
    problem = describe(Problem("limit_below_taken", {"pool": "onsite", "taken": 7}), "en").as_json()
    assert problem == {
        "type": "/problems/limit_below_taken",
        "title": "Fewer seats than taken",
        "status": 409,
        "detail": "7 seats are taken already: the limit cannot be lower.",
        "code": "limit_below_taken",
        "details": {"pool": "onsite", "taken": 7},
    }


def test_an_unknown_code_is_a_conflict_that_names_itself() -> None:
    problem = describe(Problem("a_code_of_tomorrow"), "en")
    assert (problem.status, problem.code) == (409, "a_code_of_tomorrow")


def test_a_refusal_that_tells_less_than_its_words_need() -> None:
    less = Problem("limit_below_taken", {"pool": "onsite"})
    assert describe(less, "en").detail.startswith("– seats")
