"""Between wire and domain: every command of the contracts is understood, every fact keeps its contract and its form."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gongxue_chassis.log.codec import FactCodec
from gongxue_contracts import catalogue, envelope, samples, sig, sig_facts
from registration.domain.sig.commands import JoinSig
from registration.domain.sig.facts import FACTS, SigMembershipEnded
from registration.sig_schemas import COMMANDS, SIG, contract

from .tale import NAME, STRANGER

STORED = Path(__file__).parent / "stored"
BY_NAME = {fact.__name__: fact for fact in FACTS}


@pytest.mark.parametrize("type", sig.COMMANDS)
def test_a_command_is_understood_as_it_was_published(type: str) -> None:
    event = envelope.from_json(samples.sample(type))
    command = COMMANDS[type](catalogue.read(type, event.data))
    assert type == f"registration.{command.__class__.__name__}.v1"
    assert f"sig:{SIG.id_of(command)}" == event.subject
    assert SIG.person(command) == event.data["by"]["person"]


@pytest.mark.parametrize("name", BY_NAME)
def test_a_fact_is_published_as_it_was(name: str) -> None:
    """What is stored of a fact, and what is published of it: the samples of both tell of the same one."""
    fact = FactCodec(FACTS).restore(json.loads((STORED / f"{name}.json").read_text(encoding="utf-8")))
    type, data = contract(fact)
    assert catalogue.write(type, data) == envelope.from_json(samples.sample(type)).data


@pytest.mark.parametrize("name", BY_NAME)
def test_what_was_stored_once_can_be_read_for_ever(name: str) -> None:
    """The samples are what logs hold: a sample is never edited, and a fact whose form changes gets a new class."""
    sample = json.loads((STORED / f"{name}.json").read_text(encoding="utf-8"))
    codec = FactCodec(FACTS)
    restored = codec.restore(sample)
    assert isinstance(restored, BY_NAME[name])
    assert codec.store(restored) == sample


def test_every_command_and_fact_of_the_contracts_is_the_aggregates() -> None:
    assert COMMANDS.keys() == sig.COMMANDS.keys()
    published = set()
    for name in BY_NAME:
        fact = FactCodec(FACTS).restore(json.loads((STORED / f"{name}.json").read_text(encoding="utf-8")))
        published.add(contract(fact)[0])
    assert published == sig_facts.FACTS.keys()


def test_facts_about_sigs_are_the_centers() -> None:
    assert SIG.tenant(SIG.initial()) == "center"
    assert SIG.id_of(JoinSig(STRANGER, "satoyama")) == "satoyama"


@pytest.mark.parametrize(("kept", "told"), [("erased", "erased"), ("left", "left"), ("words about her", "")])
def test_why_somebody_left_is_published_as_a_code_and_never_in_words(kept: str, told: str) -> None:
    ended = SigMembershipEnded("satoyama", NAME, "lee", "nchu", "member", "convenor", kept, 3)
    type, data = contract(ended)
    assert catalogue.write(type, data)["reason"] == told
