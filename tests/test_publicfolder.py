"""The folder that is published: the log as it is, counts that anybody can count again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from cli.command_line import printed, run
from flow.small_community import NOW, prepare, tallies
from ombud import auditing, publicfolder
from ombud.app import Engine
from ombud.auditing import Trust
from ombud.errors import BadLedger, BadUse
from outsider.witnesses_run import policy_of_names
from witnessed_community import decide


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A community with some decisions."""
    folder = prepare(tmp_path / "data")
    decide(folder, 0, 20)
    return folder


def test_all_of_it_can_be_checked(folder: Path, tmp_path: Path) -> None:
    """The files of the log, and counts equal to what the entries give; nothing else is there."""
    out = tmp_path / "out"
    found = publicfolder.write_out(folder, out)
    names = {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()}
    log = {
        str(path.relative_to(folder)) for path in (folder / "ledger").rglob("*") if path.is_file()
    }
    assert names == log | {"counts.json"}
    report = auditing.check(str(out), Trust(), counts=True)
    assert report["ok"], report["problems"]
    told = json.loads((out / "counts.json").read_text())
    assert (told["origin"], told["size"]) == (found["origin"], found["size"])
    assert sum(each["count"] for each in told["counts"]) == sum(tallies(folder).values())


def test_a_second_time_only_what_is_new_is_written(folder: Path, tmp_path: Path) -> None:
    """Nothing where nothing has happened; then what has come, and the counts anew."""
    out, looked = tmp_path / "out", list[int]()
    first = publicfolder.write_out(folder, out, looked.append)
    assert sum(looked) == first["written"] - 2  # all but head and counts
    assert publicfolder.write_out(folder, out)["written"] == 0
    decide(folder, 100, 3)
    second = publicfolder.write_out(folder, out)
    assert second["size"] == first["size"] + 3
    assert 0 < second["written"] < 8
    assert auditing.check(str(out), Trust(), counts=True)["ok"]


def test_nothing_is_counted_of_a_log_that_does_not_hold(folder: Path, tmp_path: Path) -> None:
    """A changed entry: an error, and no counts."""
    (bundle,) = (folder / "ledger" / "tile" / "entries" / "000.p").iterdir()
    bundle.write_bytes(bundle.read_bytes().replace(b'"hold"', b'"warn"'))
    with pytest.raises(BadLedger, match="L088"):
        publicfolder.write_out(folder, tmp_path / "out")
    assert not (tmp_path / "out" / "counts.json").exists()


def test_what_was_spoilt_where_it_is_published_is_mended(folder: Path, tmp_path: Path) -> None:
    """A tile of the same length, a policy that is none any more: as the log has it."""
    out = tmp_path / "out"
    (folder / "witnesses.policy").write_bytes(policy_of_names("w1", least=1))
    decide(folder, 50, 1)
    publicfolder.write_out(folder, out)
    assert (out / "ledger" / "witnesses.policy").exists()
    (folder / "witnesses.policy").unlink()
    decide(folder, 60, 1)
    for tile in (out / "ledger" / "tile").rglob("*"):
        if tile.is_file():
            tile.write_bytes(bytes(len(tile.read_bytes())))
    publicfolder.write_out(folder, out)
    assert auditing.check(str(out), Trust(), counts=True)["ok"]
    assert not (out / "ledger" / "witnesses.policy").exists()


def test_a_head_that_was_published_is_not_taken_back(folder: Path, tmp_path: Path) -> None:
    """Store and keys put back together go unnoticed here; what is outside shows it, and stays."""
    out, older = tmp_path / "out", tmp_path / "older"
    shutil.copytree(folder, older)
    decide(folder, 100, 3)
    publicfolder.write_out(folder, out)
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    for more in (0, 1, 9):  # shorter, and then a fork of the same length, and longer
        decide(older, 200 + more, more)
        with pytest.raises(BadUse, match="U451"):
            publicfolder.write_out(older, out)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


def test_what_was_published_is_not_mixed_with_another_log(folder: Path, tmp_path: Path) -> None:
    """After a succession another folder is needed."""
    publicfolder.write_out(folder, tmp_path / "out")
    with Engine(folder, now=lambda: NOW) as engine:
        engine.hand_over("log.example/second", "admin")
    with pytest.raises(BadUse, match="U366"):
        publicfolder.write_out(folder, tmp_path / "out")
    publicfolder.write_out(folder, tmp_path / "second")
    assert auditing.check(str(tmp_path / "out"), Trust(), counts=True)["ok"]
    assert auditing.check(str(tmp_path / "second"), Trust(), counts=True)["ok"]


def test_the_data_folder_is_no_place_for_it(folder: Path, tmp_path: Path) -> None:
    """Whoever puts that on a web server would put the store there; and nothing is nothing."""
    for out in (folder, folder / "public", tmp_path / "data" / ".." / "data" / "x"):
        with pytest.raises(BadUse, match="U365"):
            publicfolder.write_out(folder, out)
    with pytest.raises(BadLedger, match="L081"):
        publicfolder.write_out(tmp_path / "none", tmp_path / "out")


def test_the_command_says_what_it_wrote(folder: Path, tmp_path: Path) -> None:
    """In words and as JSON."""
    found = printed("transparency", "public", "--out", tmp_path / "out", "--data", folder)
    assert found["witnesses"] == "none: self-attested"
    shown = run("transparency", "public", "--out", tmp_path / "out", "--data", folder)
    assert "written    0" in shown.stdout.splitlines()
    shutil.rmtree(folder / "ledger")
    assert run("transparency", "public", "--out", tmp_path / "o", "--data", folder).exit_code == 1
