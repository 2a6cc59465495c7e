"""`ombud backup` and `ombud restore`."""

from __future__ import annotations

import shutil
from pathlib import Path

from cli.command_line import printed, run
from flow.small_community import NOW, RULES, crowd, line, prepare
from ombud.app import KEY_FILE, Engine


def test_a_community_is_backed_up_and_comes_back(tmp_path: Path) -> None:
    """Both say as of what; the keys are asked for; what is in the way is said."""
    folder = prepare(tmp_path / "data", RULES)
    with Engine(folder, now=lambda: NOW) as engine:
        engine.keys.file.connection.wal_checkpoint()
        shutil.copy(folder / KEY_FILE, tmp_path / "old")
        engine.ingest([b"".join(map(line, crowd(7, 40)))])
    made = printed("backup", tmp_path / "out", "--data", folder)
    assert made["seq"] == 41
    again = run("backup", tmp_path / "out", "--data", folder)
    assert (again.exit_code, "U400" in again.output) == (2, True)
    asked = run("restore", tmp_path / "out", "--data", tmp_path / "new")
    assert (asked.exit_code, "U404" in asked.output) == (2, True)
    keys = ("--keys", folder / KEY_FILE)
    old = run("restore", tmp_path / "out", "--keys", tmp_path / "old", "--data", tmp_path / "late")
    assert (
        "U496  The key file is older than this store: it lacks the keys of the last 40"
        in old.stderr
    )
    done = printed("restore", tmp_path / "out", *keys, "--check", "--data", tmp_path / "new")
    assert (done["seq"], done["keys"], done["different"]) == (41, True, 0)
    told = run("restore", tmp_path / "out", *keys, "--check", "--data", tmp_path / "newer")
    assert "as of record 41" in told.output
    assert "different: 0" in told.output
    lost = run(
        "restore", tmp_path / "out", "--keys", tmp_path / "no", "--data", tmp_path / "newest"
    )
    assert "D009" in lost.output
    read = printed("restore", tmp_path / "out", "--without-keys", "--data", tmp_path / "newest")
    assert (read["keys"], read["different"]) == (False, None)
    told = run("backup", tmp_path / "out2", "--data", folder)
    assert "Keep ombud.keys elsewhere" in told.output
