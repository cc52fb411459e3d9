"""P6: what anybody may look at, by people who are not signed in."""

from __future__ import annotations

from bench.load import drive, request
from bench.running import Running

_LOOKS = {"Accept": "text/html", "Accept-Language": "zh-TW,zh;q=0.9,en;q=0.5"}


class NotShown(Exception):
    """An answer other than 200."""


async def measure(copy: Running, activity: str, at_once: int, many: int) -> dict[str, float]:
    """Requests a second for the front page, the list of activities and one of them, as pages and from the API."""
    addresses = {
        "home": "/",
        "list": "/activities",
        "activity": f"/activities/{activity}",
        "list (API)": "/api/v1/activities?when=upcoming",
        "activity (API)": f"/api/v1/activities/{activity}",
    }
    rates = {}
    for name, address in addresses.items():
        asked = request("GET", address, copy.host, _LOOKS)
        run = await drive(copy.host, [asked] * many, at_once)
        if any(answer.status != 200 for answer in run.answers):
            raise NotShown(address)
        rates[name] = run.rate
    return rates
