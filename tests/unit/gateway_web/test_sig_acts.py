"""What the forms of SIGs say of themselves."""

from __future__ import annotations

import pytest

from gateway.web.sig_act_table import ACTS


@pytest.mark.parametrize("name", [name for name, act in ACTS.items() if "reason" in act.fields])
def test_whoever_gives_a_reason_is_told_who_can_read_it(name: str) -> None:
    assert ACTS[name].readers.startswith("Everybody")
