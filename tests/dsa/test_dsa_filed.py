"""What `ombud transparency dsa` does beside a writer, and without one."""

from __future__ import annotations

from pathlib import Path

import pytest

from dsa.filed_community import held, standing
from flow.small_community import rows
from ombud import session
from ombud.dsa import filed
from ombud.dsa.statements import Progress
from ombud.errors import BadData


def _files(folder: Path, **asked: object) -> dict[str, object]:
    wanted = filed.Wanted(**asked)  # type: ignore[arg-type]
    return filed.files(folder, wanted, lambda _: None, lambda _: None)


def test_it_is_done_beside_a_running_engine(tmp_path: Path) -> None:
    """Whoever holds the lock gives the ids: nothing waits for it to end."""
    held(tmp_path / "data", 4)
    with session.engine(tmp_path / "data", activate=False):
        found = _files(tmp_path / "data", out=tmp_path / "out")
    assert found["new"] == 4
    assert standing(tmp_path / "data") == {"written": 4}


def test_the_bar_counts_what_there_is(tmp_path: Path) -> None:
    """It goes through the log, line by line, to its end."""
    held(tmp_path / "data", 4)
    totals: list[int] = []
    seen: list[int] = []

    def begin(total: int) -> Progress:
        totals.append(total)
        return seen.append

    filed.files(tmp_path / "data", filed.Wanted(tmp_path / "out"), begin, lambda _: None)
    last = rows(tmp_path / "data", "SELECT max(leaf) FROM filing")[0][0]
    assert seen == sorted(seen)
    assert totals == [seen[-1]]
    assert totals[0] > last


def test_where_no_community_is_nothing_is_made(tmp_path: Path) -> None:
    """Not even the folder."""
    with pytest.raises(BadData):
        _files(tmp_path / "none", out=tmp_path / "out")
    assert list(tmp_path.iterdir()) == []
