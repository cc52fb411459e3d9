"""What becomes of SIGs whose member, convenor or proposer is erased, on the real store."""

from __future__ import annotations

from datetime import datetime, timedelta

from toys.personal_world import DAY, NOW, World, forgotten

BY_CENTER = {"person": "gateway", "school": "center", "role": "center"}


def belong(world: World, sig: str, status: str, at: datetime = NOW) -> None:
    """As the read model has it."""
    held = {"sig": sig, "person": "lin", "school": "nchu", "status": status, "changed_at": at}
    world.database["sig_members"].replace_one({"_id": f"{sig}/lin"}, held, upsert=True)


def convene(world: World, sig: str, *people: str) -> None:
    """Let these convene a SIG that is active."""
    convenors = [{"person": one, "starts_on": "2026-01-01", "ends_on": "2026-12-31"} for one in people]
    document = {"status": "active", "convenors": convenors}
    world.database["sigs"].replace_one({"_id": sig}, document, upsert=True)


def propose(world: World, sig: str, status: str, by: str = "lin") -> None:
    """What is left of a proposal by somebody."""
    proposer = {"person": by, "school": "nchu", "role": "staff"}
    world.database["sigs"].insert_one({"_id": sig, "status": status, "proposer": proposer})


def test_what_somebody_is_to_sigs_ends_as_if_they_left(lin: World) -> None:
    for sig, status in (
        ("satoyama", "member"),
        ("rural", "invited"),
        ("soil", "requested"),
        ("past", "ended"),
    ):
        belong(lin, sig, status)
    convene(lin, "satoyama", "lin", "wu")
    lin.run(lin.erasures.begin("lin"))

    lin.erasing.go_on(NOW)

    wishes = sorted((one.subject, one.data["by"]["person"], one.data["reason"]) for one in lin.sink.events())
    assert wishes == [(f"sig:{sig}", "lin", "") for sig in ("rural", "satoyama", "soil")]
    assert (lin.erasure()["state"], lin.erasure()["sigs_left"]) == ("giving_back", 3)


def test_the_last_convenor_who_is_erased_is_let_go_by_the_center(lin: World) -> None:
    belong(lin, "satoyama", "member")
    convene(lin, "satoyama", "lin")
    lin.run(lin.erasures.begin("lin"))

    lin.erasing.go_on(NOW)

    [wish] = lin.sink.events()
    assert (wish.data["by"], wish.data["person"]) == (BY_CENTER, "lin")


def test_a_convenor_who_has_become_the_last_one_is_asked_for_anew(lin: World) -> None:
    belong(lin, "satoyama", "member")
    convene(lin, "satoyama", "lin", "wu")
    lin.run(lin.erasures.begin("lin"))
    lin.erasing.go_on(NOW)
    [refused] = lin.sink.events()

    convene(lin, "satoyama", "lin")
    lin.erasing.go_on(NOW + timedelta(minutes=2))

    [wish] = lin.sink.events()
    assert wish.data["by"] == BY_CENTER
    assert wish.id != refused.id


def test_proposals_of_sigs_that_are_open_are_withdrawn(lin: World) -> None:
    for status in ("proposed", "sent_back", "declined", "active"):
        propose(lin, f"of-lin-{status.replace('_', '-')}", status)
    propose(lin, "of-wu", "proposed", by="wu")
    lin.run(lin.erasures.begin("lin"))

    lin.erasing.go_on(NOW)

    wishes = sorted(lin.sink.events(), key=lambda one: one.subject)
    assert [(one.type, one.subject) for one in wishes] == [
        ("registration.DeclineSig.v1", "sig:of-lin-proposed"),
        ("registration.DeclineSig.v1", "sig:of-lin-sent-back"),
    ]
    assert [one.data["by"] for one in wishes] == [BY_CENTER, BY_CENTER]
    assert {one.data["reason"] for one in wishes} == {"提案已撤回。The proposal was withdrawn."}
    assert (lin.erasure()["state"], lin.erasure()["proposals_withdrawn"]) == ("giving_back", 2)
    assert "registration" not in lin.erasure()["answered"]


def test_what_comes_in_late_is_given_back_each_time_it_comes(lin: World) -> None:
    belong(lin, "satoyama", "member", NOW - DAY)
    lin.run(lin.erasures.begin("lin"))
    lin.erasing.go_on(NOW)
    [first] = lin.sink.events()
    belong(lin, "satoyama", "ended")
    lin.erasing.go_on(NOW)
    lin.erasing.hear([forgotten()])
    lin.erasing.go_on(NOW)
    assert lin.erasure()["state"] == "done"
    lin.sink.events()

    belong(lin, "satoyama", "requested", NOW + DAY)
    propose(lin, "late", "proposed")
    held = {"scope": "nchu", "person": "lin", "role": "host", "revoked": False, "ends_on": None}
    lin.database["roles"].insert_one(held)
    lin.erasing.look_after(NOW + timedelta(hours=1))
    wishes = lin.sink.events()
    lin.erasing.look_after(NOW + timedelta(hours=2))

    assert [one.type.split(".")[1] for one in wishes] == ["EndMembership", "DeclineSig", "RevokeRole"]
    assert wishes[0].id != first.id
    assert [one.id for one in lin.sink.events()] == [one.id for one in wishes]
