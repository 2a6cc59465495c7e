"""`ombud digest`: two lines, in a language, and the same as JSON."""

from __future__ import annotations

from pathlib import Path

from cli.command_line import printed, run
from flow.small_community import prepare
from ombud.app import Engine


def test_two_lines(tmp_path: Path) -> None:
    """Nothing has happened yet, and the lines say so by their figures."""
    with Engine(prepare(tmp_path)):
        pass
    told = run("digest", "--data", tmp_path).stdout.splitlines()
    assert len(told) == 2
    assert "Waiting: 0 cases" in told[1]
    assert "Đang chờ: 0 vụ việc" in run("digest", "--lang", "vi", "--data", tmp_path).stdout
    assert printed("digest", "--data", tmp_path)["open"] == 0


def test_where_no_community_is_it_says_so(tmp_path: Path) -> None:
    """And nothing is begun."""
    assert printed("digest", "--data", tmp_path / "none")["code"] == "D004"
    assert not (tmp_path / "none").exists()
