"""A clock that is confirmed is a control: by whom, and how far ahead it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.small_community import NOW, check, prepare, rows
from ombud import staffing
from ombud.app import Engine
from ombud.controls import confirming
from ombud.errors import BadUse


def test_only_who_may_confirms_and_no_name_is_kept(tmp_path: Path) -> None:
    """Whoever may not is refused alone: nothing is journalled, and what comes next is taken."""
    with Engine(prepare(tmp_path), now=lambda: NOW) as engine:
        staffing.change(engine, "added", "Mia", "admin", roles=["admin"])
        staffing.change(engine, "added", "Bo", "admin", roles=["reviewer"])
        with pytest.raises(BadUse, match="U201"):
            engine.control(confirming.asked("Bo", 5))
        engine.control(confirming.asked("Mia", 7))
    query = "SELECT payload FROM journal WHERE type = '!clock'"
    ((payload,),) = rows(tmp_path, query)
    assert payload.startswith('{"ahead":7,"by":')
    assert "Mia" not in payload
    assert check(tmp_path).different == 0
