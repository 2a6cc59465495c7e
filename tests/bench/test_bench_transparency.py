"""The bench of the DSA's files measures the whole of what somebody waits for."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench.measure import Row

from bench import path, transparency
from flow.small_community import rows
from ombud import session
from ombud.dsa import filed


def test_what_is_put_in_is_filed(tmp_path: Path) -> None:
    """Every decision of the bench is one to the program, with its record, action and seal."""
    (tmp_path / "data").mkdir()
    folder = path.prepared(tmp_path / "data")
    with session.engine(folder) as engine:
        transparency.fill(folder, 1000, engine.now())
        wanted = filed.Wanted(tmp_path / "out")
        found = filed.files(folder, wanted, lambda _: None, lambda _: None)
    assert found["new"] == found["written"]["statements"] == 1000
    assert rows(folder, "SELECT DISTINCT length(sealed) FROM decision") == [
        (transparency.SEALED_BYTES,)
    ]


def test_the_rows_are_held_against_what_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the number of decisions."""
    monkeypatch.setattr(transparency, "COUNT", 100)
    found = transparency.rows(quick=False)
    assert [row.name for row in found] == [
        f"{told}, 100 decisions{part}"
        for told in ("statements of reasons", "the yearly report")
        for part in ("", ", both processes")
    ]
    assert all(row.peer == transparency.ALLOWED_SECONDS for row in found)
    assert all(0 < row.ours < 30 and row.unit.endswith("seconds") for row in found)
    slow = Row("x", 31.0, 30.0, 1.033, 1, "seconds", "x")
    assert not transparency.judged(slow)["met"]
    assert transparency.judged(found[0])["met"]
