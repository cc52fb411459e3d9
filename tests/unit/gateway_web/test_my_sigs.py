"""My page lists my SIGs: what I am to each, and when it meets next."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gateway.web.my_sigs import next_meeting

LIN = "lin-mei-hui"
MEETING = "co-training-2026-winter"


def a_sig(status: str = "active", *, convenors: tuple[str, ...] = (), proposer: str = "wu") -> Any:
    return {
        "id": "soil",
        "title": {"zh": "里山根經濟", "en": "Satoyama economies"},
        "status": status,
        "proposer": {"person": proposer},
        "convenors": [
            {"person": one, "starts_on": "2020-01-01", "ends_on": "2999-12-31"} for one in convenors
        ],
        "meetings": [{"activity": MEETING}, {"activity": "unheard-of"}],
    }


@pytest.mark.parametrize(
    ("sig", "standing", "role"),
    [
        (a_sig(), "member", "Member"),
        (a_sig(convenors=(LIN,)), "member", "You convene it"),
        (a_sig(), "requested", "You asked to join"),
        (a_sig(), "invited", "You are invited"),
        (a_sig("closed", convenors=(LIN,)), "member", "Member"),
        (a_sig("sent_back", proposer=LIN), None, "You proposed it"),
    ],
)
def test_a_sig_is_listed_with_what_one_is_to_it_and_its_next_meeting(
    site: Any, network: Any, sig: Any, standing: str | None, role: str
) -> None:
    network.sigs.stored.append(sig)
    if standing:
        network.sigs.standings.append({"sig": "soil", "person": LIN, "status": standing})

    page = site.sign_in().get("/me", "en").text

    assert '<a class="row-title" href="/sigs/soil">Satoyama economies</a>' in page
    assert f'<p class="help">{role} · Next meeting: <a href="/activities/{MEETING}">' in page


@pytest.mark.parametrize(
    ("sig", "standing"), [(a_sig(), None), (a_sig(), "ended"), (a_sig("declined", proposer=LIN), None)]
)
def test_where_there_is_none_it_says_so_and_leads_to_all(
    site: Any, network: Any, sig: Any, standing: str | None
) -> None:
    network.sigs.stored.append(sig)
    if standing:
        network.sigs.standings.append({"sig": "soil", "person": LIN, "status": standing})

    page = site.sign_in().get("/me").text

    assert "您還沒有加入任何議題社群" in page
    assert 'href="/sigs">所有議題社群</a>' in page
    assert "/sigs/soil" not in page


def test_the_next_meeting_is_the_earliest_that_takes_place(activity: Any, now: Any) -> None:
    def on(day: int, status: str = "published") -> Any:
        at = now + timedelta(days=day)
        return activity(id=f"day-{day}", starts_at=at, ends_at=at + timedelta(hours=1), status=status)

    meetings = [on(9), on(-1), on(2, "cancelled"), on(1, "draft"), on(5, "closed")]

    found = next_meeting(meetings, now)
    assert found
    assert found["id"] == "day-5"
    assert next_meeting([on(-1)], now) is None
