"""What a visitor may do with a SIG, as its page offers it: nothing that would be refused, and all that would not."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.access.permissions import allowed
from gateway.actions import Person
from gateway.commanding.sigs import owner
from gateway.read_model.sigs import Membership, Sig
from gateway.web.speech import Speech


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that the visitor may do with the SIG."""

    address: str
    words: str
    first: bool = False


def offers(sig: Sig, person: Person | None, mine: Membership | None, say: Speech) -> tuple[Offer, ...]:
    """What the visitor may do, the likeliest first. `mine` is what they are to the SIG, if anything."""
    if person is None:
        return ()
    if sig["status"] in ("proposed", "sent_back"):
        return tuple(_of_proposal(sig, person, say))
    found = []
    if sig["status"] == "active":
        found += [
            *_joining(sig, person, mine, say),
            *_of_school(sig, person, say),
            *_renewal(sig, person, say),
        ]
    elif sig["status"] == "closed" and allowed(person, "reopen_sig"):
        found.append(Offer(f"/sigs/{sig['id']}/reopen", say.gettext("Reopen it…")))
    return (*found, *_leaving(sig, mine, say))


def convenes_alone(sig: Sig, mine: Membership | None) -> bool:
    """Whether the visitor cannot leave, because nobody would be left to convene."""
    convenors = [one["person"] for one in sig["convenors"]]
    return mine is not None and sig["status"] == "active" and convenors == [mine["person"]]


def _of_proposal(sig: Sig, person: Person, say: Speech) -> list[Offer]:
    address, found = f"/sigs/{sig['id']}", []
    if allowed(person, "support_sig", school=person.school):
        if person.school in sig["supporters"]:
            found.append(Offer(f"{address}/withdraw-support", say.gettext("Withdraw support…")))
        else:
            found.append(Offer(f"{address}/support", say.gettext("Support it for my school…"), first=True))
    if allowed(person, "revise_sig", owner=owner(person, sig)):
        again = sig["status"] == "sent_back"
        found.append(Offer(f"{address}/revise", say.gettext("Revise the proposal"), first=again))
    if allowed(person, "charter_sig"):
        if sig["status"] == "proposed":
            if sig["stands"]:
                found.append(Offer(f"{address}/charter", say.gettext("Charter it…"), first=True))
            found.append(Offer(f"{address}/send-back", say.gettext("Send it back…")))
        found.append(Offer(f"{address}/decline", say.gettext("Decline it…")))
    return found


def _joining(sig: Sig, person: Person, mine: Membership | None, say: Speech) -> list[Offer]:
    """Whoever has asked need not wait any more where anybody may join by now."""
    standing = mine["status"] if mine else None
    if standing == "member":
        return []
    if standing == "invited":
        words = say.gettext("Accept the invitation")
    elif person.school in sig["schools"] or sig["joining"] == "open":
        words = say.gettext("Join")
    elif sig["joining"] == "request" and standing != "requested":
        words = say.gettext("Ask to join")
    else:
        return []
    return [Offer(f"/sigs/{sig['id']}/join", words, first=True)]


def _of_school(sig: Sig, person: Person, say: Speech) -> list[Offer]:
    """A school that is in may leave, however one joins by now."""
    if not allowed(person, "enrol_school", school=person.school):
        return []
    if person.school in sig["schools"]:
        return [Offer(f"/sigs/{sig['id']}/withdraw-school", say.gettext("Withdraw my school…"))]
    if sig["joining"] == "invitation":
        return []
    return [Offer(f"/sigs/{sig['id']}/enrol-school", say.gettext("Let my school join as a whole…"))]


def _renewal(sig: Sig, person: Person, say: Speech) -> list[Offer]:
    if not sig["submitted"] or not allowed(person, "renew_sig"):
        return []
    return [
        Offer(f"/sigs/{sig['id']}/renew", say.gettext("Renew it…"), first=True),
        Offer(f"/sigs/{sig['id']}/decline-renewal", say.gettext("Do not renew it…")),
    ]


def _leaving(sig: Sig, mine: Membership | None, say: Speech) -> list[Offer]:
    address = f"/sigs/{sig['id']}"
    if mine is None or mine["status"] == "ended":
        return []
    if convenes_alone(sig, mine):
        return [Offer(f"{address}/hand-over", say.gettext("Hand over…"))]
    words = {
        "member": say.gettext("Leave the SIG…"),
        "requested": say.gettext("Take my request back…"),
        "invited": say.gettext("Decline the invitation…"),
    }
    return [Offer(f"{address}/leave", words[mine["status"]])]
