"""`ombud replies`: what is offered, and which files are none."""

from __future__ import annotations

from pathlib import Path

from cli.command_line import printed, run
from flow.small_community import prepare
from ombud.app import Engine


def test_replies_are_listed_and_bad_files_named(tmp_path: Path) -> None:
    """With the exit code of something wrong."""
    with Engine(prepare(tmp_path)):
        pass
    told = run("replies", "--data", tmp_path)
    assert told.exit_code == 0
    assert "it-stands  en: The decision stands; vi: Quyết định giữ nguyên" in told.stdout
    (tmp_path / "replies" / "odd.en.md").write_text("no title")
    told = run("replies", "--data", tmp_path)
    assert told.exit_code == 1
    assert "U333" in told.stderr
    found = printed("replies", "--data", tmp_path)
    assert [each["code"] for each in found["refused"]] == ["U333"]
    assert len(found["replies"]) == 5
