"""Of schemathesis: each wish is a wish of its own. It would use one idempotency key for many, which is a refusal.

Signing out is asked by a page of ours, in a session of its own each time: it ends nobody else's.
"""

from __future__ import annotations

import os
import re
import uuid
from typing import Any

import httpx
import schemathesis

URL = os.environ["FUZZ_URL"]
_is_key = re.compile(r"[!-~]{1,200}").fullmatch


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """A key that is good becomes a new one; one that is not stays what it is."""
    headers = case.headers
    if case.operation.definition.raw["operationId"] == "sign_out":
        headers["Origin"] = URL
        case.cookies["session"] = _session()
    key = headers.get("Idempotency-Key")
    if isinstance(key, str) and _is_key(key):
        headers["Idempotency-Key"] = uuid.uuid4().hex


def _session() -> str:
    """The cookie of a new session of the person whose the token is."""
    made = httpx.post(f"{URL}/api/v1/session", json={"person": os.environ["FUZZ_PERSON"]}).raise_for_status()
    return made.cookies["session"]
