"""`ombud ledger`: the head as it stands, and checks that need the public files alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cli.command_line import error_of, harmless, printed, run
from flow.small_community import NOW, event, line, prepare, rows
from ombud.app import Engine
from outsider.witnesses_run import vkey_of


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
    names = {"origin", "size", "root", "published", "key", "witnesses", "refused"}
    assert set(found) == names
    assert found["refused"] is None
    assert found["size"] == found["published"] == 6
    assert found["key"].startswith(found["origin"] + "+")
    shown = run("ledger", "head", "--data", folder)
    assert shown.exit_code == 0
    said = dict(each.split(maxsplit=1) for each in shown.stdout.splitlines())
    assert said == {name: str(value) for name, value in found.items()} | {"refused": "no"}


def test_an_honest_log_verifies(folder: Path, public: Path) -> None:
    """The public files alone give size and root of the head; the answer is yes and the code 0."""
    head = printed("ledger", "head", "--data", folder)
    shown = run("ledger", "verify", public, "--key", head["key"])
    assert shown.exit_code == 0
    assert shown.stdout.splitlines() == [
        "ok      yes",
        f"origin  {head['origin']}",
        "size    6",
        f"root    {head['root']}",
        "witnesses: none: self-attested",
    ]
    found = printed("ledger", "verify", public)
    names = {"ok", "origin", "size", "root", "witnesses", "handovers", "problems", "counts", "days"}
    assert set(found) == names
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
    assert shown.stdout.startswith("ok      no\n")
    assert harmless(shown)


def test_a_folder_without_a_log_is_an_error(tmp_path: Path) -> None:
    """Where there is no checkpoint nothing was checked: exit 1, never a yes."""
    shown = run("ledger", "verify", tmp_path)
    assert shown.exit_code == 1
    assert error_of(shown)[0].startswith("L081")
    assert printed("ledger", "verify", tmp_path)["code"] == "L081"


def test_a_place_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    """A folder that does not exist is a mistake of the caller: exit 2."""
    shown = run("ledger", "verify", tmp_path / "none")
    assert shown.exit_code == 2
    assert error_of(shown)[0].startswith("U363")


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


def test_a_receipt_is_kept_and_checked_alone(folder: Path, tmp_path: Path) -> None:
    """Written to a file, printed as it is, and checked without the folder: exit 0; with a changed
    letter exit 1.
    """
    decision = rows(folder, "SELECT id FROM decision ORDER BY leaf LIMIT 1")[0][0]
    key = printed("ledger", "head", "--data", folder)["key"]
    shown = run("ledger", "receipt", decision, "--data", folder)
    assert shown.stdout.startswith("c2sp.org/tlog-proof@v1\nextra ")
    file = tmp_path / "one.tlog-proof"
    told = run("ledger", "receipt", decision, "--out", file, "--data", folder)
    assert file.read_text() == shown.stdout
    assert told.stdout == f"ombud ledger verify {file} --key {key}\n"
    found = printed("ledger", "receipt", decision, "--data", folder)
    assert found == {"decision": decision, "receipt": shown.stdout, "key": key}
    shown = run("ledger", "verify", file, "--key", key)
    assert shown.exit_code == 0
    assert "line: type decision" in shown.stdout.splitlines()
    assert "witnesses: none: self-attested" in shown.stdout.splitlines()
    assert run("ledger", "verify", file).exit_code == 1  # a receipt does not bring its own key
    file.write_bytes(file.read_bytes().replace(b"\nindex 1", b"\nindex 2"))
    shown = run("ledger", "verify", file, "--key", key)
    assert shown.exit_code == 1
    assert error_of(shown)[0].startswith("L006")
    shown = run("ledger", "receipt", "dec_none", "--data", folder)
    assert (shown.exit_code, error_of(shown)[0][:4]) == (2, "U010")


def test_the_counts_are_shown_in_words(folder: Path, public: Path) -> None:
    """By type, clause, action and rule, and whether a rule acted without a person; without the
    published file that is a problem.
    """
    shown = run("ledger", "verify", public, "--counts")
    assert shown.exit_code == 1
    assert any("L087" in line for line in shown.stdout.splitlines())
    rule = rows(folder, "SELECT rule FROM decision LIMIT 1")[0][0]
    (line,) = (each for each in shown.stdout.splitlines() if rule in each)
    assert line.split()[0] == "5"
    assert line.endswith("(automated)")
    assert "decision" in line


def test_the_log_is_handed_over_by_command(tmp_path: Path) -> None:
    """`rotate` and `succeed`: a new key, a new log; the first key still leads to it."""
    folder = prepare(tmp_path / "data")
    with Engine(folder, now=lambda: NOW):
        pass
    key = printed("ledger", "head", "--data", folder)["key"]
    shown = run("ledger", "rotate", "--data", folder)
    assert shown.exit_code == 0
    assert "Publish the new key" in shown.stdout
    assert run("ledger", "succeed", "log.example/second", "--data", folder).exit_code == 0
    shown = run("ledger", "verify", folder, "--key", key)
    assert shown.exit_code == 0
    lines = shown.stdout.splitlines()
    assert "origin  log.example/second" in lines
    assert [line.split(":")[0] for line in lines[-2:]] == ["rotation", "succession"]
    shown = run("ledger", "succeed", "two words", "--data", folder)
    assert (shown.exit_code, error_of(shown)[0][:4]) == (2, "U361")


def test_a_log_that_is_not_signed_says_why(tmp_path: Path) -> None:
    """After an older store was put back, `head` says so, and `publish` ends with 1."""
    folder = prepare(tmp_path / "data")
    with Engine(folder, now=lambda: NOW) as engine:
        engine.submit([line(event(1, 1, text="cheap bags"))])
    backup = {each: each.read_bytes() for each in folder.glob("ombud.db*")}
    with Engine(folder, now=lambda: NOW) as engine:
        engine.submit([line(event(2, 2, text="cheap bags"))])
    for each in folder.glob("ombud.db*"):
        each.unlink()
    for each, content in backup.items():
        each.write_bytes(content)
    shown = run("ledger", "publish", "--data", folder)
    assert (shown.exit_code, error_of(shown)[0][:4]) == (1, "L080")
    assert printed("ledger", "head", "--data", folder)["refused"]["code"] == "L080"
    assert "refused    L080" in run("ledger", "head", "--data", folder).stdout


def test_witnesses_are_listed(tmp_path: Path) -> None:
    """Who was asked and did not answer stands there with why."""
    folder = prepare(tmp_path / "data")
    with Engine(folder, now=lambda: NOW):
        pass
    witness = f"witness w1 {vkey_of('w1')} http://127.0.0.1:9/w\n"
    (folder / "witnesses.policy").write_text(witness + "quorum w1\n")
    head = printed("ledger", "publish", "--data", folder)
    assert head["witnesses"] == "none: self-attested"
    (found,) = printed("ledger", "witnesses", "--data", folder)["items"]
    assert (found["name"], found["state"], found["size"]) == ("w1", "unreachable", 0)
    shown = run("ledger", "witnesses", "--data", folder).stdout.splitlines()
    assert shown[0] == "witnesses: none: self-attested"
    assert shown[1].split()[:2] == ["w1", "unreachable"]
