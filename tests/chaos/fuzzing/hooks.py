"""Of schemathesis: each wish is a wish of its own. It would use one idempotency key for many, which is a refusal."""

from __future__ import annotations

import re
import uuid
from typing import Any

import schemathesis

_is_key = re.compile(r"[!-~]{1,200}").fullmatch


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """A key that is good becomes a new one; one that is not stays what it is."""
    headers = case.headers or {}
    key = headers.get("Idempotency-Key")
    if isinstance(key, str) and _is_key(key):
        headers["Idempotency-Key"] = uuid.uuid4().hex
