"""`python -m gongxue_chassis.probe URL`: status 0 if URL answers 200, for a container's health check.

On its own and of the standard library alone: it is started every few seconds beside each service, and what the rest of
the chassis imports costs five times as much as the question.
"""

from __future__ import annotations

import sys
from urllib.request import ProxyHandler, build_opener

TIMEOUT_SECONDS = 3


def probe(url: str) -> int:
    """The exit status."""
    straight = build_opener(ProxyHandler({}))  # whatever proxy the engine gives its containers
    try:
        with straight.open(url, timeout=TIMEOUT_SECONDS) as answer:
            return 0 if answer.status == 200 else 1
    except OSError as error:
        sys.stderr.write(f"{url}: {error}\n")
        return 1


if __name__ == "__main__":
    raise SystemExit(probe(sys.argv[1]))
