"""Who convenes a SIG. There always is somebody, unless the Center has let the last one go."""

from __future__ import annotations

from datetime import date

from registration.domain.sig import bounds
from registration.domain.sig.commands import Convening, EndConvenor, HandOver, NameConvenor
from registration.domain.sig.facts import Fact, SigConvenorEnded, SigConvenorNamed
from registration.domain.sig.founding import LONGEST
from registration.domain.sig.parts import Charter, Convenor
from registration.domain.sig.refusal import Refused
from registration.domain.sig.state import Sig, convenes


def convene(sig: Sig, charter: Charter, command: Convening, today: date) -> list[Fact] | Refused:
    """What follows for who convenes."""
    acts = convenes(sig, command.by.person, today)
    if isinstance(command, HandOver):
        return _hand_over(sig, charter, command, today) if acts else Refused("not_a_convenor")
    if not acts and command.by.role != "center":
        return Refused("not_a_convenor")
    if isinstance(command, NameConvenor):
        return _name(sig, charter, command, today)
    return _end(sig, command)


def _name(sig: Sig, charter: Charter, command: NameConvenor, today: date) -> list[Fact] | Refused:
    if command.person not in sig.members:
        return Refused("not_a_member")
    named = Convenor(command.person, command.starts_on, command.ends_on)
    if refused := _wrong_term(named, today):
        return refused
    if named in sig.convenors:
        return Refused("nothing_to_change")
    others = _others(sig, command.person)
    if full := bounds.too_many_convenors(len(others) + 1):
        return full
    return [SigConvenorNamed(command.sig, charter.title, command.person, (*others, named))]


def _end(sig: Sig, command: EndConvenor) -> list[Fact] | Refused:
    rest = _others(sig, command.person)
    if rest == sig.convenors:
        return Refused("not_a_convenor")
    return [SigConvenorEnded(command.sig, command.person, rest)] if rest else Refused("last_convenor")


def _hand_over(sig: Sig, charter: Charter, command: HandOver, today: date) -> list[Fact] | Refused:
    giver = command.by.person
    if command.to == giver:
        return Refused("hand_over_to_oneself")
    if command.to not in sig.members:
        return Refused("not_a_member")
    named = Convenor(command.to, today, command.ends_on)
    if refused := _wrong_term(named, today):
        return refused
    both = (*_others(sig, command.to), named)
    return [
        SigConvenorNamed(command.sig, charter.title, command.to, both),
        SigConvenorEnded(command.sig, giver, tuple(one for one in both if one.person != giver)),
    ]


def _others(sig: Sig, person: str) -> tuple[Convenor, ...]:
    return tuple(one for one in sig.convenors if one.person != person)


def _wrong_term(term: Convenor, today: date) -> Refused | None:
    if term.ends_on < term.starts_on:
        return Refused("ends_before_it_starts")
    if term.ends_on < today:
        return Refused("over_already")
    return Refused("term_too_long") if term.ends_on - max(term.starts_on, today) > LONGEST else None
