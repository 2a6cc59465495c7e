"""`ombud ledger`: the head as it stands, and checks that need the public files alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cli.command_line import error_of, harmless, printed, run
from flow.small_community import NOW, event, line, prepare
from ombud.app import Engine


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A community with some decisions and its public log."""
    folder = prepare(tmp_path_factory.mktemp("ledger"))
    with Engine(folder, now=lambda: NOW) as engine:
        engine.submit([line(event(each, each, text="cheap bags")) for each in range(5)])
    return folder


@pytest.fixture
def public(folder: Path, tmp_path: Path) -> Path:
    """A copy of the public files, and of nothing else."""
    shutil.copytree(folder / "ledger", tmp_path / "public")
    return tmp_path / "public"


def test_the_head_says_where_the_log_stands(folder: Path) -> None:
    """Origin, size, root, what is published and by which key, alike in both forms."""
    found = printed("ledger", "head", "--data", folder)
    assert set(found) == {"origin", "size", "root", "published", "key", "witnesses"}
    assert found["size"] == found["published"] == 6
    assert found["key"].startswith(found["origin"] + "+")
    shown = run("ledger", "head", "--data", folder)
    assert shown.exit_code == 0
    said = dict(each.split(maxsplit=1) for each in shown.stdout.splitlines())
    assert said == {name: str(value) for name, value in found.items()}


def test_an_honest_log_verifies(folder: Path, public: Path) -> None:
    """The public files alone give size and root of the head; the answer is yes and the code 0."""
    head = printed("ledger", "head", "--data", folder)
    shown = run("ledger", "verify", public, "--key", head["key"])
    assert shown.exit_code == 0
    assert shown.stdout.splitlines() == [
        "ok    yes",
        "size  6",
        f"root  {head['root']}",
        "witnesses: none; this log is self-attested",
    ]
    found = printed("ledger", "verify", public)
    assert set(found) == {"ok", "size", "root", "problems", "counts"}
    assert (found["ok"], found["size"], found["root"]) == (True, 6, head["root"])
    assert sum(each["count"] for each in found["counts"]) == found["size"]


FILES = ["checkpoint", "tile/0/000.p/6", "tile/entries/000.p/6", "vkey"]


def test_these_are_the_public_files(public: Path) -> None:
    """The files that the next tests spoil are all the files there are."""
    found = [path.relative_to(public) for path in public.rglob("*") if path.is_file()]
    assert sorted(map(str, found)) == FILES


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_one_flipped_byte_is_found(public: Path, folder: Path, name: str, part: float) -> None:
    """One changed byte: exit 1, and each problem says what is wrong, where, and what to do."""
    key = printed("ledger", "head", "--data", folder)["key"]
    path = public / name
    content = bytearray(path.read_bytes())
    content[int(len(content) * part)] ^= 0x01
    path.write_bytes(content)
    trusted = [] if name == "vkey" else ["--key", key]
    found = printed("ledger", "verify", public, *trusted)
    shown = run("ledger", "verify", public, *trusted)
    assert shown.exit_code == 1
    if "code" in found:  # the key itself cannot be read
        assert name == "vkey"
        assert error_of(shown)[0].startswith(found["code"])
        return
    assert found["ok"] is False
    for problem in found["problems"]:
        assert set(problem) == {"code", "message", "where", "hint"}
        assert all(problem.values()), problem
        told = f"  {problem['where']}: {problem['code']} {problem['message']}"
        assert told in shown.stdout.splitlines()
    assert shown.stdout.startswith("ok    no\n")
    assert harmless(shown)


def test_a_folder_without_a_log_is_an_error(tmp_path: Path) -> None:
    """Where there is no checkpoint nothing was checked: exit 1, never a yes."""
    shown = run("ledger", "verify", tmp_path)
    assert shown.exit_code == 1
    assert error_of(shown)[0].startswith("L081")
    assert printed("ledger", "verify", tmp_path)["code"] == "L081"


def test_a_place_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    """A folder that does not exist, or a file, is a mistake of the caller: exit 2."""
    (tmp_path / "file").touch()
    for name in ("none", "file"):
        assert run("ledger", "verify", tmp_path / name).exit_code == 2


def test_the_head_of_nothing_is_an_error(tmp_path: Path) -> None:
    """Without a community there is no head."""
    shown = run("ledger", "head", "--data", tmp_path)
    assert shown.exit_code == 1
    assert error_of(shown)[0].startswith("D004")


def test_a_key_of_somebody_else_does_not_vouch(folder: Path, public: Path) -> None:
    """With another log's key the same files are not ok."""
    own = printed("ledger", "head", "--data", folder)["key"]
    name = own.split("+")[0]
    other = prepare(public.parent / "other", {})
    with Engine(other, now=lambda: NOW):
        pass
    strange = printed("ledger", "head", "--data", other)["key"]
    assert strange.split("+")[0] != name
    found = printed("ledger", "verify", public, "--key", strange)
    assert found["ok"] is False
